import Foundation
import Testing
import TextFiles

#if compiler(>=6.3)
  /// Sends a signal to this process (a thread of the test's pool may block signals, another one takes it) and waits a
  /// little.
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
      let folder = try TemporaryFolder()
      let path = folder.path
      await #expect(processExitsWith: .exitCode(130)) { [path = path as String] in
        Interruption.install()
        let output = try CheckedOutput(path: path + "/out.csv")
        try output.write("x")
        try output.flush()
        guard rmdir(path) != 0, errno == ENOTEMPTY else { exit(1) }
        send(SIGINT)
        guard rmdir(path) != 0, errno == ENOTEMPTY else { exit(2) }
        send(SIGINT)
        sleep(5)
        exit(4)
      }
      #expect(folder.names.isEmpty)
      #expect(rmdir(path) == 0)
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

    @Test func standardInputAndOutputAreDashes() async {
      await #expect(processExitsWith: .exitCode(9)) {
        ignoreClosedPipes()
        var input: [Int32] = [0, 0]
        var output: [Int32] = [0, 0]
        guard pipe(&input) == 0, pipe(&output) == 0 else { exit(1) }
        let text = Array("a,b\n1,x\"\n".utf8)
        guard write(input[1], text, text.count) == text.count else { exit(2) }
        dup2(input[0], STDIN_FILENO)
        close(input[1])
        do {
          _ = try CSVTable.read(path: "-")
          exit(3)
        } catch let error as DiagnosticList {
          guard error.description.hasPrefix("standard input:2:4: a quote inside an unquoted field") else { exit(4) }
        }
        dup2(output[1], STDOUT_FILENO)
        close(output[0])
        let target = try CheckedOutput(path: "-")
        try target.write("x")
        do { try target.commit() } catch is CheckedOutput.ClosedPipe { exit(9) }
        exit(5)
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
