import Foundation
import Testing

/// The help of the command, and completion for shells.
///
/// After a change on purpose: `UPDATE_GOLDEN=1 swift test --filter HelpTests`, then look at the difference.
@Suite struct HelpTests {
  @Test(arguments: [
    [], ["run"], ["compare"], ["robust"], ["growth"], ["explain"], ["targets"], ["fit"], ["forecast"], ["backtest"],
    ["goal"], ["optimise"], ["sensitivity"], ["report"], ["export"], ["runs"], ["runs", "diff"],
    ["runs", "rerun"], ["runs", "prune"],
  ])
  func theHelpIsAsReviewed(_ subcommand: [String]) throws {
    let outcome = try simulate(subcommand + ["--help"], environment: ["COLUMNS": "100"])
    #expect(outcome.code == 0)
    #expect(outcome.errors.isEmpty)
    let path = Spawned.package + "/Tests/simulateTests/Golden/\((["simulate"] + subcommand).joined(separator: "-")).txt"
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try Data(outcome.bytes).write(to: URL(fileURLWithPath: path))
    }
    let golden = try String(contentsOfFile: path, encoding: .utf8)
    #expect(outcome.text == golden, "see the comment of this suite")
    #expect(outcome.lines.allSatisfy { $0.count <= 120 })
  }

  @Test func helpIsAlsoASubcommand() throws {
    #expect(try simulate(["help", "run"]).bytes == (try simulate(["run", "--help"]).bytes))
  }

  /// Every command that the help shows as an example works as it stands in the package's folder.
  @Test func theExamplesWork() throws {
    var examples: Set<String> = []
    var preparations: Set<String> = []
    for subcommand in [
      [], ["run"], ["compare"], ["robust"], ["growth"], ["explain"], ["targets"], ["fit"], ["forecast"], ["backtest"],
      ["goal"], ["optimise"], ["sensitivity"],
    ] {
      for line in try simulate(subcommand + ["--help"], environment: ["COLUMNS": "200"]).lines {
        let line = line.trimmingCharacters(in: .whitespaces)
        if line.hasPrefix("simulate ") && !line.contains("<") && !line.contains("[") { examples.insert(line) }
        if line.hasPrefix("grep ") { preparations.insert(line) }
      }
    }
    #expect(examples.count >= 8)
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/notebooks-data", withDestinationPath: Spawned.modelFolder)
    for example in preparations.sorted() + examples.sorted() {
      let outcome = try shell("simulate() { \"$simulate\" \"$@\"; }; \(example)", in: folder.path)
      #expect(outcome.code == 0, "\(example): \(outcome.errors)")
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionIsGenerated(_ name: String) throws {
    let outcome = try simulate(["--generate-completion-script", name])
    #expect(outcome.code == 0)
    #expect(outcome.text.contains("simulate"))
    for word in ["run", "compare", "robust", "growth", "explain", "targets", "forecast", "backtest", "draws", "as-of"] {
      #expect(outcome.text.contains(word), "\(word)")
    }
    let folder = try TemporaryFolder()
    let path = try folder.file("script", bytes: outcome.bytes)
    if name == "bash" { #expect(try shell("bash -n '\(path)'").code == 0) }
  }

  @Test func anUnknownShellIsRefused() throws {
    #expect(try simulate(["--generate-completion-script", "tcsh"]).code == 64)
  }
}
