import Scenarios
import Store

extension RunRecord {
  /// A result with the tables that the ledger keeps: the numbers, the indicators, the options, the targets.
  ///
  /// - Throws: ``DiagnosticList`` if an input can no longer be read.
  public init(
    _ result: RunResult, command: String, indicators: [String], folder: DataFolder, scenarioPaths: [String],
    workingDirectory: String
  ) throws {
    let tables: [(name: String, csv: [UInt8])] = [
      (RunRecord.resultTable, try CSVReport.bytes(result)),
      ("indicators", try ExportTables.indicators(result).csv()),
      ("scenarios", try ExportTables.scenarios(result).csv()),
      ("targets", try ExportTables.targets(result).csv()),
    ]
    self.init(
      command: command, fingerprint: result.fingerprint, byLever: result.settings.byLever, indicators: indicators,
      modelFolder: folder.path.hasPrefix("/") ? folder.path : workingDirectory + "/" + folder.path,
      inputs: try scenarioPaths.map { try InputFile.scenario($0, workingDirectory: workingDirectory) }
        + InputFile.all(of: folder), tables: tables)
  }
}
