import Scenarios
import TextFiles

/// One option as a row for machines: the same fields, in the same order, in JSON and in CSV.
struct CompareRow {
  enum Cell {
    case number(Double?)
    case count(Int)
    case text(String?)
    case flag(Bool?)
  }

  let cells: [(name: String, cell: Cell)]

  init(_ option: Comparison.Option, _ comparison: Comparison) {
    let cost = option.cost
    cells = [
      ("rank", .count(option.rank)), ("scenario", .text(option.id)),
      ("is_tied", .flag(!option.tiedWith.isEmpty)),
      ("expected_targets_met", .number(option.expectedTargetsMet)), ("improvement", .number(option.improvement)),
      ("objective", .number(option.objective.value)), ("objective_error", .number(option.objective.error)),
      ("probability_best", .number(option.probabilityBest.value)),
      ("probability_best_error", .number(option.probabilityBest.error)),
      ("is_opinion", .flag(comparison.isOpinion)),
      ("expected_regret", .number(option.expectedRegret)), ("regret_95", .number(option.regret95)),
      ("largest_regret", .number(option.largestRegret?.regret)), ("worst_future", .text(option.largestRegret?.future)),
      ("rank_without_d", .count(option.rankWithoutD)), ("improvement_without_d", .number(option.improvementWithoutD)),
      ("objective_without_d", .number(option.objectiveWithoutD)),
      ("weakest_grade", .text(option.support.weakest?.rawValue)),
      ("share_p", .number(option.support.shareP)),
      ("share_d", .number(option.support.shareD)),
      ("cost_billion_vnd_per_year", .number(cost.yearly.last ?? 0)), ("has_unknown_cost", .flag(!cost.isKnown)),
      ("cost_capital_billion_vnd", .number(cost.totalCapital)), ("cost_total_billion_vnd", .number(cost.total)),
      ("cost_discounted_billion_vnd", .number(option.discountedCost)),
      ("cost_highest_year_billion_vnd", .number(cost.largestYear)), ("fits_budget", .flag(option.fitsBudget)),
      ("is_dominated", .flag(!option.dominatedBy.isEmpty)), ("is_efficient", .flag(option.isEfficient)),
    ]
  }

  func write(to json: inout JSONWriter) throws {
    for (name, cell) in cells {
      switch cell {
      case .number(let value): try json.member(name, value)
      case .count(let value): try json.member(name, value)
      case .text(let value): try json.member(name, value)
      case .flag(let value?): try json.member(name, value)
      case .flag(nil): try json.member(name, String?.none)
      }
    }
  }

  func write(to csv: inout CSVWriter) throws {
    for (_, cell) in cells { csv.cell(cell) }
    try csv.endRecord()
  }
}

extension CSVWriter {
  mutating func cell(_ cell: CompareRow.Cell) {
    switch cell {
    case .number(let value): field(value)
    case .count(let value): field(value)
    case .text(let value): field(value)
    case .flag(let value): field(value.map { $0 ? "yes" : "no" })
    }
  }

  mutating func numbers(_ values: [Double?]) {
    for value in values { field(value) }
  }
}
