/// Something that options are judged by: an official target, or a headline indicator without one (its last year).
public struct OutcomeItem: Sendable {
  /// The indicator.
  public let definition: IndicatorDefinition
  public let target: TargetDefinition?
  /// The period that is evaluated.
  public let period: Period
  public let aggregate: TargetDefinition.Aggregate
  /// Whether the baseline is a planner's own path, or computed from one: then a target has no probability.
  public let restsOnPlannersPath: Bool
  /// Whether its model has too few observations for the rule of eight (a stated exception), or it is computed from such a one.
  public let restsOnFewObservations: Bool
  let node: Int
  /// Grid years that the value looks at, the sum of observed values of earlier years, and what the sum is divided by.
  let years: [Int]
  let observed: Double
  let divisor: Double
  /// Grid years that are projected: over them changes are cumulated.
  let projected: [Int]
  /// The latest published year and its value.
  let latest: (year: Int, value: Double)?
  /// Observed years of the target's period before the grid, for sums and averages on the way.
  let before: (sum: Double, count: Int)

  /// How many years changes are cumulated over.
  public var cumulatedYears: Int { projected.count }
  /// Whether the target can have a probability.
  public var hasProbability: Bool { target != nil && !restsOnPlannersPath }

  /// The targets that the projection can speak about, then headline indicators without one.
  static func all(_ model: CompiledModel, _ evaluator: TargetEvaluator) -> [OutcomeItem] {
    let targets = evaluator.items.map { item -> OutcomeItem in
      let grid = Set(item.years)
      let calendar = Array(item.period.firstYear...item.period.lastYear)
      return OutcomeItem(
        model, item.node, target: item.target, period: item.period, aggregate: item.target.aggregate,
        years: item.years, observed: item.observed, divisor: item.divisor,
        before: (item.observed, calendar.count - grid.count))
    }
    let covered = Set(targets.map(\.node))
    guard let last = model.grid.indices.last else { return targets }
    return targets
      + model.nodes.indices.filter { model.nodes[$0].definition.headline && !covered.contains($0) }.map {
        OutcomeItem(
          model, $0, target: nil, period: .year(model.grid[last]), aggregate: .year, years: [last], observed: 0,
          divisor: 1, before: (0, 0))
      }
  }

  init(
    _ model: CompiledModel, _ node: Int, target: TargetDefinition?, period: Period,
    aggregate: TargetDefinition.Aggregate, years: [Int], observed: Double, divisor: Double,
    before: (sum: Double, count: Int)
  ) {
    let content = model.nodes[node]
    definition = content.definition
    self.node = node
    self.target = target
    self.period = period
    self.aggregate = aggregate
    self.years = years
    self.observed = observed
    self.divisor = divisor
    self.before = before
    restsOnPlannersPath = model.restsOnPlannersPath(content.id)
    restsOnFewObservations = model.restsOnFewObservations(content.id)
    let lastObserved = content.lastObservedYear
    latest = lastObserved.flatMap { year in content.observations[year].map { (year, $0.value) } }
    projected = model.grid.indices.filter { model.grid[$0] > lastObserved ?? Int.min }
  }

  /// The value that is looked at, by draw.
  func values(_ table: ScenarioDraws) -> [Double] {
    var result = [Double](repeating: observed, count: table.drawCount)
    for year in years {
      let draws = table.draws(node, year)
      for d in result.indices { result[d] += draws[d] }
    }
    if divisor != 1 { for d in result.indices { result[d] /= divisor } }
    return result
  }

  /// The sum over the projected years, by draw.
  func cumulated(_ table: ScenarioDraws) -> [Double] {
    var result = [Double](repeating: 0, count: table.drawCount)
    for year in projected {
      let draws = table.draws(node, year)
      for d in result.indices { result[d] += draws[d] }
    }
    return result
  }

  func isMet(_ value: Double) -> Bool {
    guard let target else { return false }
    switch target.comparison {
    case .atLeast: return value >= target.value
    case .atMost: return value <= target.value
    case .within: return value >= target.value && value <= target.upper ?? .infinity
    }
  }

  /// By how much a value misses the target; 0 when it is met.
  func shortfall(_ value: Double) -> Double {
    guard let target else { return 0 }
    switch target.comparison {
    case .atLeast: return max(target.value - value, 0)
    case .atMost: return max(value - target.value, 0)
    case .within: return max(target.value - value, value - (target.upper ?? .infinity), 0)
    }
  }
}
