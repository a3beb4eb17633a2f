import ArgumentParser
import NumericKernels
import Scenarios
import TextFiles

/// Starts the command, and turns every error into one message and the right exit code.
@main
enum Entry {
  static func main() {
    ignoreClosedPipes()
    Interruption.install()
    setBlasThreadCount(1)
    do {
      var command = try Simulate.parseAsRoot()
      try command.run()
    } catch let error as DiagnosticList {
      fail(error.diagnostics.map(\.description), code: error.exitCode)
    } catch let error as Diagnostic {
      fail([error.description], code: error.kind.rawValue)
    } catch is CheckedOutput.ClosedPipe {
      // The reader has all it wanted.
      finish(0)
    } catch ScenarioError.cancelled {
      finish(Interruption.exitCode ?? Diagnostic.Kind.internalError.rawValue)
    } catch is Interruption.Requested {
      finish(Interruption.exitCode ?? 130)
    } catch let error as ScenarioError {
      fail([error.description], code: Diagnostic.Kind.badData.rawValue)
    } catch {
      Simulate.exit(withError: error)
    }
  }

  private static func fail(_ lines: [String], code: Int32) -> Never {
    if let interrupted = Interruption.exitCode { finish(interrupted) }
    for line in lines { writeToStandardError("simulate: " + line + "\n") }
    finish(code)
  }

  private static func finish(_ code: Int32) -> Never {
    TemporaryFiles.removeAll()
    Simulate.exit(withError: ExitCode(code))
  }
}
