import Scenarios
import Store

extension RunRecord {
  /// The name of the table of options of `compare`.
  public static let comparisonTable = "comparison"

  /// A result with the tables that the ledger keeps: the numbers, the indicators, the options, the targets, and of `compare` the
  /// ranking.
  ///
  /// - Throws: ``DiagnosticList`` if an input can no longer be read.
  public init(
    _ result: RunResult, command: String, indicators: [String], folder: DataFolder, scenarioPaths: [String],
    workingDirectory: String, comparison: Comparison? = nil
  ) throws {
    var tables: [(name: String, csv: [UInt8])] = [
      (RunRecord.resultTable, try CSVReport.bytes(result)),
      ("indicators", try ExportTables.indicators(result).csv()),
      ("scenarios", try ExportTables.scenarios(result).csv()),
      ("targets", try ExportTables.targets(result).csv()),
    ]
    if let comparison { tables.append((RunRecord.comparisonTable, try CompareReport.csv(comparison))) }
    self.init(
      command: command, fingerprint: result.fingerprint, byLever: result.settings.byLever, indicators: indicators,
      modelFolder: folder.path.hasPrefix("/") ? folder.path : workingDirectory + "/" + folder.path,
      inputs: try scenarioPaths.map { try InputFile.scenario($0, workingDirectory: workingDirectory) }
        + InputFile.all(of: folder), tables: tables)
  }
}
