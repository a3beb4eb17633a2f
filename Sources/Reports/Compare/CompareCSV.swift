import Scenarios
import TextFiles

/// A comparison's tables as CSV, one at a time.
public enum CompareCSV {
  public enum Part: String, CaseIterable, Sendable {
    /// One row for each option, best first.
    case options
    /// One for each option and target or headline indicator.
    case outcomes
    case pairs
    /// One for each option and named future.
    case futures
  }

  public static func write(_ comparison: Comparison, part: Part, to sink: any TextSink) throws {
    var writer = CSVWriter(to: sink)
    switch part {
    case .options: try options(comparison, &writer)
    case .outcomes: try outcomes(comparison, &writer)
    case .pairs: try pairs(comparison, &writer)
    case .futures: try futures(comparison, &writer)
    }
    try writer.finish()
  }

  private static func options(_ comparison: Comparison, _ writer: inout CSVWriter) throws {
    let rows = comparison.options.map { CompareRow($0, comparison) }
    try writer.record(rows.first?.cells.map(\.name) ?? [])
    for row in rows { try row.write(to: &writer) }
  }

  private static func outcomes(_ comparison: Comparison, _ writer: inout CSVWriter) throws {
    try writer.record([
      "scenario", "indicator", "period", "aggregate", "comparison", "target", "upper", "median", "p10", "p90", "change",
      "change_p10", "change_p90", "change_mean", "change_mean_error", "cumulated", "cumulated_p10", "cumulated_p90",
      "cumulated_mean", "cumulated_years", "probability", "probability_error", "probability_gain",
      "probability_gain_error", "shortfall", "first_met", "first_met_share", "cost_per_unit_billion_vnd",
      "years_to_detect",
    ])
    for option in comparison.options {
      for (position, item) in comparison.items.enumerated() {
        let outcome = option.outcomes[position]
        for text in [option.id, item.definition.id, item.period.description, item.aggregate.rawValue] {
          writer.field(text)
        }
        writer.cell(.text(item.target?.comparison.rawValue))
        writer.numbers([item.target?.value, item.target?.upper, outcome.median, outcome.low, outcome.high])
        writer.numbers([
          outcome.change?.median, outcome.change?.low, outcome.change?.high, outcome.change?.mean.value,
          outcome.change?.mean.error, outcome.cumulated?.median, outcome.cumulated?.low, outcome.cumulated?.high,
          outcome.cumulated?.mean.value,
        ])
        writer.field(item.cumulatedYears)
        writer.numbers([
          outcome.probability?.value, outcome.probability?.error, outcome.probabilityGain?.value,
          outcome.probabilityGain?.error, outcome.shortfall,
        ])
        writer.cell(.text(CompareJSON.firstMet(outcome.firstMet)))
        writer.numbers([
          outcome.firstMet?.share, option.costPerUnit[position], outcome.detectableYears,
        ])
        try writer.endRecord()
      }
    }
  }

  private static func pairs(_ comparison: Comparison, _ writer: inout CSVWriter) throws {
    try writer.record([
      "first", "second", "probability_first_better", "probability_error", "mean_difference", "difference_error",
      "is_separated", "draws_to_separate",
    ])
    for pair in comparison.pairs {
      writer.field(pair.first)
      writer.field(pair.second)
      writer.numbers([
        pair.probabilityFirstBetter.value, pair.probabilityFirstBetter.error, pair.meanDifference.value,
        pair.meanDifference.error,
      ])
      writer.cell(.flag(pair.isSeparated))
      writer.field(pair.drawsToSeparate)
      try writer.endRecord()
    }
  }

  private static func futures(_ comparison: Comparison, _ writer: inout CSVWriter) throws {
    try writer.record(["scenario", "future", "objective", "regret"])
    guard let table = comparison.futures else { return }
    for (row, option) in table.options.enumerated() {
      for (column, future) in table.futures.enumerated() {
        writer.field(option)
        writer.field(future.id)
        writer.numbers([table.objectives[row][column], table.regrets[row][column]])
        try writer.endRecord()
      }
    }
  }
}
