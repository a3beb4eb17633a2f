import NumericKernels

/// How likely a target is met under a scenario, and by how much it is missed.
public struct TargetResult: Sendable, Equatable {
  public var target: TargetDefinition
  public var scenario: String
  /// The period that was evaluated (an open-ended target is read at the last year of the projection).
  public var period: Period
  /// The share of the draws that meet it; NaN where the indicator rests on a planner's own path (MODEL 8: scenario-only).
  public var probability: Double
  /// The mean amount by which the target is missed, draws that meet it counting 0; in the indicator's unit.
  public var shortfall: Double
  /// Whether the indicator rests on a planner's own path: then a probability would only repeat what the planner thinks.
  public var isScenarioOnly: Bool
}

/// The targets that the projection can speak about: those of indicators in the model whose period is not over.
struct TargetEvaluator {
  struct Item {
    let target: TargetDefinition
    let node: Int
    let period: Period
    /// Grid years that count, and the sum of observed values of earlier years of the period.
    let years: [Int]
    let observed: Double
    let divisor: Double
    let isScenarioOnly: Bool
  }

  let items: [Item]

  init(_ model: CompiledModel) {
    items = model.catalog.targets.compactMap { TargetEvaluator.item($0, model) }
  }

  private static func item(_ target: TargetDefinition, _ model: CompiledModel) -> Item? {
    guard let node = model.nodeIndex(target.indicator), let last = model.grid.last else { return nil }
    let openEnded = target.period.lastYear >= 2100
    let period = openEnded ? Period.year(last) : target.period
    let lastObserved = model.nodes[node].observations.keys.max() ?? 0
    guard period.lastYear > lastObserved, period.lastYear <= last, period.kind == .year || period.kind == .years else {
      return nil
    }
    let calendar = Array(period.firstYear...period.lastYear)
    var (years, observed) = ([Int](), 0.0)
    for year in calendar {
      if let index = model.grid.firstIndex(of: year) {
        years.append(index)
      } else if let value = model.nodes[node].observations[year]?.value {
        observed += value
      } else {
        return nil
      }
    }
    let divisor = target.aggregate == .average ? Double(calendar.count) : 1
    return Item(
      target: target, node: node, period: period, years: years, observed: observed, divisor: divisor,
      isScenarioOnly: model.restsOnPlannersPath(target.indicator))
  }

  /// The value that a target looks at, in every draw.
  func values(_ item: Item, _ table: ScenarioDraws) -> [Double] {
    var result = [Double](repeating: item.observed, count: table.drawCount)
    for year in item.years {
      let draws = table.draws(item.node, year)
      for d in result.indices { result[d] += draws[d] }
    }
    if item.divisor != 1 { for d in result.indices { result[d] /= item.divisor } }
    return result
  }

  /// By how much a value misses the target; 0 or less when it is met.
  func shortfall(_ target: TargetDefinition, _ value: Double) -> Double {
    switch target.comparison {
    case .atLeast: return target.value - value
    case .atMost: return value - target.value
    case .within: return max(target.value - value, value - (target.upper ?? .infinity))
    }
  }

  /// - Returns: the results, and for every draw how many targets it meets (those that are scenario-only do not count).
  func evaluate(_ table: ScenarioDraws, scenario: String) -> (results: [TargetResult], metByDraw: [Double]) {
    var met = [Double](repeating: 0, count: table.drawCount)
    var results: [TargetResult] = []
    for item in items {
      let values = values(item, table)
      var shortfalls = [Double](repeating: 0, count: values.count)
      var hits = 0
      for d in values.indices {
        let missing = shortfall(item.target, values[d])
        if missing <= 0 {
          hits += 1
          if !item.isScenarioOnly { met[d] += 1 }
        } else {
          shortfalls[d] = missing
        }
      }
      results.append(
        TargetResult(
          target: item.target, scenario: scenario, period: item.period,
          probability: item.isScenarioOnly ? .nan : Double(hits) / Double(max(values.count, 1)),
          shortfall: Reductions.mean(shortfalls), isScenarioOnly: item.isScenarioOnly))
    }
    return (results, met)
  }
}
