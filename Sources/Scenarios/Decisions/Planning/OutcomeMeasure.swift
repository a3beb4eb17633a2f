import TextFiles

/// One indicator in one year, or its average over several.
public struct OutcomeMeasure: Sendable, Equatable {
  public let indicator: String
  public let firstYear: Int
  public let lastYear: Int
  /// Years of the projection that count, by position.
  let years: [Int]
  /// The sum of the facts of earlier years of the period.
  let observed: Double

  public var period: String { firstYear == lastYear ? String(firstYear) : "\(firstYear)–\(lastYear)" }
  /// For files: `2030` or `2026/2030`.
  public var code: String { firstYear == lastYear ? String(firstYear) : "\(firstYear)/\(lastYear)" }

  /// - Throws: a ``Diagnostic`` for an unknown indicator, or a period outside the projection.
  public init(_ indicator: String, firstYear: Int, lastYear: Int, in model: CompiledModel) throws {
    self.indicator = indicator
    self.firstYear = firstYear
    self.lastYear = lastYear
    guard let node = model.nodeIndex(indicator) else {
      if let excluded = model.excluded.first(where: { $0.id == indicator }) {
        throw Diagnostic(
          .badData, code: "not_projected", "'\(indicator)' is not projected: \(excluded.reason)")
      }
      let known = model.nodes.map(\.id)
      throw Diagnostic(
        .wrongUse, code: "unknown_id", "the model has no indicator '\(indicator)'",
        hint: Suggestion.hint(for: indicator, among: known))
    }
    let (start, end) = (model.grid.first ?? 0, model.grid.last ?? 0)
    guard firstYear <= lastYear else {
      throw Diagnostic(
        .wrongUse, code: "outside_horizon",
        "the period of '\(indicator)' ends in \(lastYear) before it starts in \(firstYear)")
    }
    guard lastYear <= end else {
      throw Diagnostic(
        .wrongUse, code: "outside_horizon", "the year \(lastYear) is beyond the projection, which ends in \(end)",
        hint: "extend it with --until \(lastYear)")
    }
    let facts = model.nodes[node].facts
    let known = facts.keys.max() ?? start - 1
    guard lastYear > known, lastYear >= start else {
      let fact = facts[lastYear].map { ": \(NumberText.shortest($0)) \(model.nodes[node].definition.unit)" } ?? ""
      throw Diagnostic(
        .wrongUse, code: "outside_horizon", "'\(indicator)' of \(lastYear) is a fact already\(fact)",
        hint: "choose a year from \(max(known + 1, start)) to \(end)")
    }
    var (years, observed) = ([Int](), 0.0)
    for year in firstYear...lastYear {
      if let position = model.grid.firstIndex(of: year) {
        years.append(position)
      } else if let value = facts[year] {
        observed += value
      } else {
        throw Diagnostic(
          .wrongUse, code: "outside_horizon", "nothing is known of '\(indicator)' in \(year)",
          hint: "let the period start in \(start)")
      }
    }
    self.years = years
    self.observed = observed
  }

  /// The value in every draw.
  func draws(_ table: ScenarioDraws, _ model: CompiledModel) -> [Double] {
    guard let node = model.nodeIndex(indicator) else { return [] }
    if firstYear == lastYear, let year = years.first { return Array(table.draws(node, year)) }
    var result = [Double](repeating: observed, count: table.drawCount)
    for year in years {
      let draws = table.draws(node, year)
      for d in result.indices { result[d] += draws[d] }
    }
    let count = Double(lastYear - firstYear + 1)
    for d in result.indices { result[d] /= count }
    return result
  }
}
