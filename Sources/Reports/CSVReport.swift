import NumericKernels
import Scenarios
import TextFiles

/// The tidy table as CSV: scenario,indicator,period,lever,statistic,value.
///
/// A scenario whose name a spreadsheet would run as a formula carries an apostrophe; see ``SpreadsheetText``.
public enum CSVReport {
  public static func write(_ result: RunResult, indicators: Set<String>?, to sink: any TextSink) throws {
    var writer = CSVWriter(to: sink)
    try writer.record(["scenario", "indicator", "period", "lever", "statistic", "value"])
    try writer.finish()
    // The rows of each scenario are put into words on a thread of their own; their order stays.
    let outcomes = [result.baseline] + result.scenarios
    let parts = try Parallel.map(Array(outcomes.indices), threads: result.settings.threads, atATime: 1) { position in
      try bytes(result, outcomes[position], indicators)
    }
    for part in parts { try sink.write(part) }
  }

  private static func bytes(
    _ result: RunResult, _ outcome: ScenarioOutcome, _ indicators: Set<String>?
  ) throws -> [UInt8] {
    let buffer = TextBuffer()
    var writer = CSVWriter(to: buffer)
    let scenario = SpreadsheetText.guarded(outcome.id)
    try result.forEachRow(of: outcome, indicators: indicators) { row in
      writer.field(scenario)
      writer.field(row.indicator)
      writer.field(row.period)
      writer.field(row.lever)
      writer.field(row.statistic)
      writer.field(row.value)
      try writer.endRecord()
    }
    try writer.finish()
    return buffer.bytes
  }

  /// The whole table in memory.
  public static func bytes(_ result: RunResult) throws -> [UInt8] {
    let buffer = TextBuffer()
    try write(result, indicators: nil, to: buffer)
    return buffer.bytes
  }
}
