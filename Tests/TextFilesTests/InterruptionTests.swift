import Foundation
import Testing
import TextFiles

#if compiler(>=6.2)
  /// Sends a signal to this process (a thread of the test's pool may block signals, another one takes it) and waits a little.
  private func send(_ signal: Int32) {
    let before = Interruption.isRequested
    kill(getpid(), signal)
    for _ in 0..<500 where Interruption.isRequested == before { usleep(1000) }
  }

  /// Each test runs in a process of its own: signals belong to a process.
  @Suite struct InterruptionTests {
    @Test func theFirstSignalSetsTheFlag() async {
      await #expect(processExitsWith: .exitCode(7)) {
        Interruption.install()
        guard !Interruption.isRequested, Interruption.exitCode == nil else { exit(1) }
        send(SIGTERM)
        guard Interruption.isRequested, Interruption.signal == SIGTERM, Interruption.exitCode == 143 else { exit(2) }
        do { try Interruption.check() } catch let error as Interruption.Requested {
          exit(error.exitCode == 143 ? 7 : 3)
        }
      }
    }

    @Test func theSecondSignalRemovesTemporaryFilesAndLeaves() async throws {
      await #expect(processExitsWith: .exitCode(130)) {
        Interruption.install()
        let folder = NSTemporaryDirectory() + "textfiles-\(getpid())"
        guard mkdir(folder, 0o700) == 0 else { exit(1) }
        let output = try CheckedOutput(path: folder + "/out.csv")
        try output.write("x")
        try output.flush()
        guard rmdir(folder) != 0 else { exit(2) }
        TemporaryFiles.removeAll()
        // The folder can be removed only if the temporary file has gone.
        guard rmdir(folder) == 0 else { exit(3) }
        send(SIGINT)
        send(SIGINT)
        sleep(5)
        exit(4)
      }
    }

    @Test func anIgnoredSignalStaysIgnored() async {
      await #expect(processExitsWith: .success) {
        signal(SIGINT, SIG_IGN)
        Interruption.install()
        send(SIGINT)
        exit(Interruption.isRequested ? 1 : 0)
      }
    }

    @Test func aClosedPipeDoesNotKill() async {
      await #expect(processExitsWith: .exitCode(EPIPE)) {
        ignoreClosedPipes()
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { exit(1) }
        close(ends[0])
        exit(write(ends[1], "x", 1) < 0 ? errno : 2)
      }
    }

    @Test func misuseOfTheJSONWriterStops() async {
      await #expect(processExitsWith: .failure) {
        var json = JSONWriter(to: TextBuffer())
        try json.key("a")
      }
    }
  }
#endif
