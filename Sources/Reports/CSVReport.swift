import Scenarios
import TextFiles

/// The tidy table as CSV: scenario,indicator,period,lever,statistic,value.
///
/// A scenario whose name a spreadsheet would run as a formula carries an apostrophe; see ``SpreadsheetText``.
public enum CSVReport {
  public static func write(_ result: RunResult, indicators: Set<String>?, to sink: any TextSink) throws {
    var writer = CSVWriter(to: sink)
    try writer.record(["scenario", "indicator", "period", "lever", "statistic", "value"])
    try result.forEachRow(indicators: indicators) { row in
      writer.field(SpreadsheetText.guarded(row.scenario))
      writer.field(row.indicator)
      writer.field(row.period)
      writer.field(row.lever)
      writer.field(row.statistic)
      writer.field(row.value)
      try writer.endRecord()
    }
    try writer.finish()
  }
  /// The whole table in memory.
  public static func bytes(_ result: RunResult) throws -> [UInt8] {
    let buffer = TextBuffer()
    try write(result, indicators: nil, to: buffer)
    return buffer.bytes
  }
}
