import ArgumentParser
import Foundation
import Reports
import Scenarios
import Store
import TextFiles

/// Whether a run is kept in the ledger.
struct LedgerOptions: ParsableArguments {
  @Flag(
    name: .long, help: "Do not keep this run in the ledger (see 'simulate runs'); SIMULATE_LEDGER=off does the same.")
  var noLedger = false

  /// Opens the output, makes a run, writes it, and keeps it. A ledger that cannot be written to costs one line on standard error and
  /// nothing else; a reader who has seen enough (a closed pipe) does not keep a finished run from being kept.
  ///
  /// - Parameter body: makes the run, and says how it is written.
  func keeping(
    _ command: String, _ scenarios: [String], _ model: ModelOptions, indicators: [String] = [], _ output: OutputOptions,
    _ body: (CheckedOutput) throws -> (result: RunResult, write: () throws -> Void)
  ) throws {
    var made: (result: RunResult, write: () throws -> Void)?
    func keep() {
      guard let made else { return }
      self.keep(made.result, command, scenarios, model, indicators)
    }
    do {
      try output.write { sink in
        made = try body(sink)
        try made?.write()
      }
    } catch let error as CheckedOutput.ClosedPipe {
      keep()
      throw error
    }
    keep()
  }

  /// Keeps a run.
  func keep(
    _ result: RunResult, _ command: String, _ scenarios: [String], _ model: ModelOptions,
    _ indicators: [String]
  ) {
    let environment = ProcessInfo.processInfo.environment
    guard !noLedger, !LedgerPlace.isSwitchedOff(environment) else { return }
    do {
      let record = try RunRecord(
        result, command: command, indicators: indicators, folder: model.folder(), scenarioPaths: scenarios,
        workingDirectory: FileManager.default.currentDirectoryPath)
      _ = try Ledger.forWriting(LedgerPlace.path(environment), patience: 3).record(record, at: Date())
    } catch {
      let reason = (error as? Diagnostic)?.description ?? "\(error)"
      let line = reason.split(separator: "\n").first.map(String.init) ?? reason
      writeToStandardError("simulate: warning: this run was not kept in the ledger: \(line)\n")
    }
  }
}

/// Which ledger the `runs` commands read.
func openLedger() throws -> Ledger? { try Ledger.forReading(LedgerPlace.path(ProcessInfo.processInfo.environment)) }

/// The ledger and the run that a person named.
func findRun(_ name: String) throws -> (ledger: Ledger, run: RunEntry) {
  guard let ledger = try openLedger() else {
    throw Diagnostic(
      .wrongUse, code: "unknown_run", "there is no run '\(name)': the ledger is empty",
      hint: "'simulate run' writes to it")
  }
  return (ledger, try ledger.entry(name))
}
