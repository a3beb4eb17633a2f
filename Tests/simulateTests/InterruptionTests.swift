import Foundation
import Testing

/// Ctrl-C and termination.
@Suite(.serialized) struct InterruptionTests {
  /// Starts a run that takes long, and waits until it catches signals.
  private func longRun(_ folder: TemporaryFolder) throws -> Spawned {
    let run = try Spawned(
      Spawned.binary,
      ["run", "--draws", "100000", "--by-lever"] + Sample.paths + [
        "--format", "csv", "--output", folder.path + "/r.csv", "--threads", "2",
      ],
      environment: Spawned.cleanEnvironment, directory: Spawned.package)
    try waitUntil { mask(run, "SigCgt") & (1 << UInt64(SIGINT - 1)) != 0 }
    return run
  }

  /// A line of the kernel's account of a process's signals.
  private func mask(_ run: Spawned, _ name: String) -> UInt64 {
    let text = (try? String(contentsOfFile: "/proc/\(run.process)/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    return line.flatMap { UInt64($0.split(separator: "\t").last ?? "", radix: 16) } ?? 0
  }

  private func waitUntil(_ condition: () -> Bool) throws {
    for _ in 0..<5000 {
      if condition() { return }
      usleep(2000)
    }
    Issue.record("waited too long")
  }

  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func aSignalStopsALongRun(_ signal: Int32, _ code: Int32) throws {
    let folder = try TemporaryFolder()
    let run = try longRun(folder)
    usleep(300_000)
    kill(run.process, signal)
    let outcome = try run.wait()
    #expect(outcome.code == code, "\(outcome)")
    #expect(outcome.errors.isEmpty)
    #expect(folder.names.isEmpty)
  }

  @Test func anEarlierFileSurvivesASignal() throws {
    let folder = try TemporaryFolder()
    try folder.file("r.csv", "earlier")
    let run = try longRun(folder)
    usleep(500_000)
    kill(run.process, SIGINT)
    #expect(try run.wait().code == 130)
    #expect(folder.names == ["r.csv"])
    #expect(try folder.text("r.csv") == "earlier")
  }

  @Test func aSecondSignalLeavesAtOnce() throws {
    // Opening a named pipe that nobody writes to blocks for ever: the first signal may be noticed or not.
    let folder = try TemporaryFolder()
    let model = try folder.copyOfModel()
    try FileManager.default.removeItem(atPath: model + "/observations/macro.csv")
    #expect(mkfifo(model + "/observations/macro.csv", 0o600) == 0)
    let run = try Spawned(
      Spawned.binary, ["explain", "pci_score", "--model", model], environment: Spawned.cleanEnvironment,
      directory: Spawned.package)
    try waitUntil { mask(run, "SigCgt") & (1 << UInt64(SIGINT - 1)) != 0 }
    usleep(300_000)
    kill(run.process, SIGINT)
    try waitUntil { mask(run, "ShdPnd") == 0 }
    usleep(100_000)
    kill(run.process, SIGINT)
    #expect(try run.wait(timeout: 20).code == 130)
  }

  @Test func aBlockedWriteIsInterrupted() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    let reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    #expect(reader >= 0)
    defer { close(reader) }
    let run = try Spawned(
      Spawned.binary, ["run", "--draws", "50", "--format", "json"], environment: Spawned.cleanEnvironment,
      directory: Spawned.package, output: path)
    // The pipe is full once nothing more arrives.
    var (last, calm) = (Int32(0), 0)
    try waitUntil {
      var count: Int32 = 0
      _ = ioctl(reader, UInt(FIONREAD), &count)
      calm = count > 0 && count == last ? calm + 1 : 0
      last = count
      return calm > 50
    }
    kill(run.process, SIGINT)
    let outcome = try run.wait(timeout: 20)
    #expect(outcome.code == 130)
    #expect(outcome.errors.isEmpty)
  }

  @Test func aSignalIgnoredByTheParentStaysIgnored() throws {
    let outcome = try shell("trap '' INT; $simulate run --draws 50 --format csv >/dev/null & kill -INT $!; wait $!")
    #expect(outcome.code == 0)
  }
}
