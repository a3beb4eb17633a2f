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
    let lastObserved = model.nodes[node].lastObservedYear ?? 0
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

  /// What values of many draws miss the target by; 0 where they meet it.
  private func shortfalls(_ target: TargetDefinition, _ values: [Double]) -> [Double] {
    let (value, upper) = (target.value, target.upper ?? .infinity)
    func missing(_ shortfall: Double) -> Double { shortfall <= 0 ? 0 : shortfall }
    switch target.comparison {
    case .atLeast: return values.map { missing(value - $0) }
    case .atMost: return values.map { missing($0 - value) }
    case .within: return values.map { missing(max(value - $0, $0 - upper)) }
    }
  }

  /// How far the targets are reached, on the threads of the run.
  func evaluate(_ table: ScenarioDraws, scenario: String, on engine: EngineRun) throws -> [TargetResult] {
    let evaluator = self
    return try engine.map(items.count) { position in
      let item = evaluator.items[position]
      let shortfalls = evaluator.shortfalls(item.target, evaluator.values(item, table))
      let hits = shortfalls.count { $0 == 0 }
      return TargetResult(
        target: item.target, scenario: scenario, period: item.period,
        probability: item.isScenarioOnly ? .nan : Double(hits) / Double(max(shortfalls.count, 1)),
        shortfall: Reductions.mean(shortfalls), isScenarioOnly: item.isScenarioOnly)
    }
  }
}
