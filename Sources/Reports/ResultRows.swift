import Scenarios

/// The rows of the tidy result table, in a fixed order: scenario, indicator, period, then statistic.
public struct ResultRow: Sendable, Equatable {
  public var scenario: String
  public var indicator: String
  public var period: String
  /// The lever of a contribution; nil otherwise.
  public var lever: String?
  public var statistic: String
  /// Nil where undefined.
  public var value: Double?
}

extension RunResult {
  /// Calls `body` with every row. Rows are made one after the other, so a long table needs no memory.
  ///
  /// - Parameter indicators: when given, only these.
  public func forEachRow(indicators: Set<String>? = nil, _ body: (ResultRow) throws -> Void) rethrows {
    for outcome in [baseline] + scenarios { try forEachRow(of: outcome, indicators: indicators, body) }
  }

  /// The rows of one outcome.
  func forEachRow(
    of outcome: ScenarioOutcome, indicators: Set<String>?, _ body: (ResultRow) throws -> Void
  ) rethrows {
    for (node, content) in model.nodes.enumerated() where indicators?.contains(content.id) ?? true {
      if outcome.id == baseline.id {
        for (year, value) in content.facts.sorted(by: { $0.key < $1.key }) {
          try body(row(outcome, content.id, year, "observed", value))
        }
      }
      for (index, year) in model.grid.enumerated() {
        let statistics = outcome.statistics[node][index]
        try body(row(outcome, content.id, year, "mean", statistics.mean))
        for (name, value) in zip(NodeStatistics.names, statistics.quantiles) {
          try body(row(outcome, content.id, year, name, value))
        }
        guard let change = statistics.change, let changeMean = statistics.changeMean else { continue }
        try body(row(outcome, content.id, year, "change", change))
        try body(row(outcome, content.id, year, "change_mean", changeMean))
        guard let attribution = outcome.attribution else { continue }
        for (position, lever) in attribution.levers.enumerated() {
          var effect = row(outcome, content.id, year, "effect", attribution.effects[position][node][index])
          effect.lever = lever
          try body(effect)
          effect.statistic = "effect_alone"
          effect.value = attribution.alone[position][node][index]
          try body(effect)
          if !attribution.isExact {
            effect.statistic = "effect_error"
            effect.value = attribution.samplingErrors[position][node][index]
            try body(effect)
          }
        }
        // What the package gives beyond its parts: with it, what each brings alone adds up to the mean change.
        var rest = row(outcome, content.id, year, "effect_alone", attribution.interaction[node][index])
        rest.lever = "interaction"
        try body(rest)
      }
    }
  }

  private func row(
    _ outcome: ScenarioOutcome, _ indicator: String, _ year: Int, _ statistic: String, _ value: Double
  ) -> ResultRow {
    ResultRow(
      scenario: outcome.id, indicator: indicator, period: String(year), lever: nil, statistic: statistic,
      value: value.isFinite ? value : nil)
  }
}
