import NumericKernels

/// All that a comparison keeps of one option's draws.
struct OptionMeasure: Sendable {
  /// What options are ranked by, by draw.
  var objective: [Double]
  var targetsMet: [Double]
  var improvement: HeadlineScale.Improvement
  var outcomes: [OutcomeResult]
  /// The mean of each criterion that a user has weighed, larger being better; cost is added later.
  var criteria: [String: Double]
}

/// Reduces draws to what a comparison needs; the baseline's part is kept, so that an option costs what it changes.
struct OptionMeter {
  let engine: EngineRun
  let scale: HeadlineScale
  let items: [OutcomeItem]
  private let request: ComparisonRequest
  /// By item.
  private let baseValues: [[Double]]
  private let baseSums: [[Double]]
  private let baseOutcomes: [OutcomeResult]
  private let baseMet: [[Bool]]

  init(_ engine: EngineRun, _ evaluator: TargetEvaluator, _ request: ComparisonRequest) throws {
    self.engine = engine
    self.request = request
    scale = try HeadlineScale(engine)
    let items = OutcomeItem.all(engine.model, evaluator)
    self.items = items
    let (base, grid) = (DrawHandle(engine.baselineDraws), engine.model.grid)
    baseValues = try engine.map(items.count) { items[$0].values(base.table) }
    baseSums = try engine.map(items.count) { items[$0].cumulated(base.table) }
    let values = baseValues
    baseMet = try engine.map(items.count) { position in values[position].map { items[position].isMet($0) } }
    baseOutcomes = try engine.map(items.count) { position in
      OptionMeter.outcome(items[position], values[position], base.table, grid)
    }
  }

  /// The baseline's own measure.
  func baseline() throws -> OptionMeasure { try measure(engine.baselineDraws, isBaseline: true) }

  func measure(_ table: ScenarioDraws) throws -> OptionMeasure { try measure(table, isBaseline: false) }

  private func measure(_ table: ScenarioDraws, isBaseline: Bool) throws -> OptionMeasure {
    let improvement = try scale.improvement(table)
    let handle = DrawHandle(table)
    let (items, grid) = (items, engine.model.grid)
    let (values, sums, outcomes, mets) = (baseValues, baseSums, baseOutcomes, baseMet)
    let results: [(outcome: OutcomeResult, met: [Bool])] = try engine.map(items.count) { position in
      let item = items[position]
      guard handle.table.affected[item.node] else {
        var outcome = outcomes[position]
        if !isBaseline {
          (outcome.change, outcome.cumulated) = (OutcomeResult.Change.none, OutcomeResult.Change.none)
          if item.hasProbability { outcome.probabilityGain = Estimate(value: 0, error: 0) }
        }
        return (outcome, mets[position])
      }
      var own = item.values(handle.table)
      var outcome = OptionMeter.outcome(item, own, handle.table, grid)
      let met = own.map { item.isMet($0) }
      if item.hasProbability {
        outcome.probabilityGain = Estimate(zip(met, mets[position]).map { ($0 ? 1 : 0) - ($1 ? 1 : 0) })
      }
      for d in own.indices { own[d] -= values[position][d] }
      outcome.change = OutcomeResult.Change(own)
      own = item.cumulated(handle.table)
      for d in own.indices { own[d] -= sums[position][d] }
      outcome.cumulated = OutcomeResult.Change(own)
      return (outcome, met)
    }
    var met = [Double](repeating: 0, count: engine.draws)
    for (item, result) in zip(items, results) where item.hasProbability {
      for d in met.indices where result.met[d] { met[d] += 1 }
    }
    var final = results.map(\.outcome)
    if !isBaseline {
      for (position, item) in items.enumerated() {
        final[position].detectableYears = scale.detectableYears(item.node, table)
      }
    }
    return OptionMeasure(
      objective: objective(table, improvement, met), targetsMet: met, improvement: improvement, outcomes: final,
      criteria: criteria(table, improvement, met))
  }

  /// Only what options are ranked by, for evaluations whose outcomes are not shown.
  func objective(_ table: ScenarioDraws) throws -> [Double] {
    switch request.objective {
    case .improvement: return try scale.improvement(table).byDraw
    case .indicator: return objective(table, HeadlineScale.Improvement(byDraw: [], changes: [], moves: []), [])
    case .targets:
      var met = [Double](repeating: 0, count: engine.draws)
      for (position, item) in items.enumerated() where item.hasProbability {
        if table.affected[item.node] {
          let values = item.values(table)
          for d in met.indices where item.isMet(values[d]) { met[d] += 1 }
        } else {
          for d in met.indices where baseMet[position][d] { met[d] += 1 }
        }
      }
      return met
    }
  }

  private func objective(
    _ table: ScenarioDraws, _ improvement: HeadlineScale.Improvement, _ met: [Double]
  ) -> [Double] {
    switch request.objective {
    case .improvement: return improvement.byDraw
    case .targets: return met
    case .indicator(let id):
      guard let node = engine.model.nodeIndex(id) else { return improvement.byDraw }
      let sign = engine.model.nodes[node].definition.good.sign
      return table.draws(node, scale.last).map { sign * $0 }
    }
  }

  private func criteria(
    _ table: ScenarioDraws, _ improvement: HeadlineScale.Improvement, _ met: [Double]
  ) -> [String: Double] {
    var result: [String: Double] = [:]
    for weight in request.weights {
      switch weight.criterion {
      case "cost": continue
      case "targets": result["targets"] = Reductions.mean(met)
      case "improvement": result["improvement"] = Reductions.mean(improvement.byDraw)
      default:
        guard let node = engine.model.nodeIndex(weight.criterion) else { continue }
        let sign = engine.model.nodes[node].definition.good.sign
        result[weight.criterion] = sign * Reductions.mean(UnsafeBufferPointer(table.draws(node, scale.last)))
      }
    }
    return result
  }

  private static func outcome(
    _ item: OutcomeItem, _ values: [Double], _ table: ScenarioDraws, _ grid: [Int]
  ) -> OutcomeResult {
    let quantiles = Quantiles.of(values, [0.1, 0.5, 0.9])
    var result = OutcomeResult(median: quantiles[1], low: quantiles[0], high: quantiles[2])
    guard item.hasProbability else { return result }
    result.probability = Estimate(hits: values.count { item.isMet($0) }, of: values.count)
    result.shortfall = Reductions.mean(values.map { item.shortfall($0) })
    result.firstMet = FirstMet(item, table, grid: grid)
    return result
  }
}
