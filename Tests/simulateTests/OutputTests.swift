import Foundation
import Testing

/// Where results go: whole files or none, and every failure to write is an error.
@Suite struct OutputTests {
  private static let quick = ["run", "--draws", "50", "--format", "csv"]

  @Test func aFileHoldsWhatStandardOutputShows() throws {
    let folder = try TemporaryFolder()
    let shown = try simulate(Self.quick)
    let written = try simulate(Self.quick + ["--output", folder.path + "/r.csv"])
    #expect(written.code == 0 && written.bytes.isEmpty)
    #expect(try folder.bytes("r.csv") == shown.bytes)
    #expect(folder.names == ["r.csv"])
  }

  @Test func aFolderThatDoesNotExistIsNamed() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/no/r.csv"
    let outcome = try simulate(Self.quick + ["--output", path])
    #expect(outcome.code == 73)
    #expect(
      outcome.errors == "simulate: \(path): cannot write (No such file or directory); create the folder first\n")
    #expect(folder.names.isEmpty)
  }

  @Test func aFolderAsTargetIsRefused() throws {
    let folder = try TemporaryFolder()
    let outcome = try simulate(Self.quick + ["-o", folder.path])
    #expect(outcome.code == 73)
    #expect(
      outcome.errors == "simulate: \(folder.path): cannot write, this is a directory; name a file in it\n")
    #expect(folder.names.isEmpty)
  }

  @Test func anUnwritableTargetIsFoundBeforeTheWork() throws {
    // A million draws would take long.
    let outcome = try Spawned(
      Spawned.binary, ["run", "--draws", "1000000", "--output", "/nonexistent/r.csv"],
      environment: Spawned.cleanEnvironment, directory: Spawned.package
    ).wait(timeout: 20)
    #expect(outcome.code == 73)
  }

  @Test(arguments: [
    ["run", "--draws", "50", "--format", "csv"], ["run", "--draws", "50", "--format", "json"],
    ["run", "--draws", "50"],
    ["compare", "notebooks-data/scenarios/both.yaml", "--draws", "50"], ["targets"], ["explain", "pci_score"],
    ["--help"], ["run", "--help"], ["--version"], ["--generate-completion-script", "bash"],
  ])
  func aFullDiskIsReported(_ arguments: [String]) throws {
    let outcome = try simulate(arguments, output: "/dev/full")
    #expect(outcome.code == 73)
    #expect(
      outcome.errors
        == "simulate: standard output: cannot write (No space left on device); free some space or choose another place with --output\n"
    )
  }

  @Test func aFullDiskUnderOutputIsReported() throws {
    let outcome = try simulate(Self.quick + ["--output", "/dev/full"])
    #expect(outcome.code == 73)
    #expect(
      outcome.errors
        == "simulate: /dev/full: cannot write (No space left on device); free some space or choose another place with --output\n"
    )
  }

  @Test(arguments: [
    "run --draws 50 --format csv", "run --draws 50 --format json", "run --draws 50", "targets", "explain pci_score",
    "--help", "--generate-completion-script bash",
  ])
  func aClosedPipeEndsQuietly(_ arguments: String) throws {
    let outcome = try shell("$simulate \(arguments) | head -n 1; echo ${PIPESTATUS[0]}")
    #expect(outcome.errors.isEmpty)
    let lines = outcome.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3 && lines[1] == "0", "\(lines)")
  }

  @Test func aPipeThatIsClosedFromTheStartEndsQuietly() throws {
    let outcome = try shell("($simulate run --draws 50 --format json; echo $? >&2) | true")
    #expect(outcome.errors == "0\n")
  }

  @Test func aClosedStandardOutputIsReported() throws {
    let outcome = try shell("$simulate targets >&-")
    #expect(outcome.code == 73, "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("simulate: standard output: cannot write"))
  }

  @Test func anEarlierFileSurvivesAFailedRun() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("r.csv", "earlier")
    try folder.file("s.yaml", "levers: {}\n")
    let outcome = try simulate(Self.quick + [folder.path + "/s.yaml", "--output", path])
    #expect(outcome.code == 65)
    #expect(try folder.text("r.csv") == "earlier")
    #expect(folder.names == ["r.csv", "s.yaml"])
  }

  @Test func quietSaysNothing() throws {
    let outcome = try simulate(Self.quick + ["--quiet"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    // Off a terminal there is no progress either.
    #expect(try simulate(Self.quick).errors.isEmpty)
  }

  @Test func pipedOutputHoldsNoEscapeCodes() throws {
    for arguments in [
      ["run", "notebooks-data/scenarios/both.yaml", "--by-lever", "--draws", "50"], ["targets"],
      ["explain", "pci_score"],
      ["--help"],
    ] {
      let outcome = try simulate(arguments, environment: ["TERM": "xterm-256color", "CLICOLOR_FORCE": "1"])
      #expect(outcome.code == 0)
      #expect(!outcome.bytes.contains(0x1B))
      #expect(!outcome.bytes.contains { $0 < 0x20 && $0 != 0x0A })
      #expect(outcome.bytes.last == 0x0A)
    }
  }
}
