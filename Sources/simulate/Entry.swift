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
      do {
        try checkSubcommand()
        var command = try Simulate.parseAsRoot()
        try command.run()
      } catch  where Simulate.exitCode(for: error) == .success {
        // Help, version and completion scripts are requests that the parser throws; they go through the one writer too.
        try OutputOptions.write(to: nil) { try $0.write(Simulate.fullMessage(for: error) + "\n") }
      }
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

  /// The parser calls a misspelt subcommand an unexpected argument; say what was meant.
  private static func checkSubcommand() throws {
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-") else { return }
    let known = Simulate.configuration.subcommands.map { $0.configuration.commandName ?? "\($0)".lowercased() }
    guard !known.contains(word), word != "help" else { return }
    throw Diagnostic(
      .wrongUse, code: "unknown_subcommand", "there is no subcommand '\(word)'",
      hint: Suggestion.hint(for: word, among: known))
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
