import NumericKernels
import TextFiles

/// Compares options on the same draws.
///
/// Costs one evaluation of the model for each option, one more for each of the grades P and D that it rests on, and one for each pair of
/// an option and a named future; all else is linear in options and draws, but for the k (k - 1) / 2 pairs.
public struct OptionBenchmark {
  /// Options are compared at this level, for all pairs together.
  static let level = 0.95

  /// - Parameters:
  ///   - futures: scenarios with world assumptions only.
  ///   - fingerprint: of the run; its number of draws is set here when a precision asks for more.
  /// - Throws: ``ScenarioError``, `DiagnosticList` for a criterion or objective that the model does not have.
  public static func compare(
    _ model: CompiledModel, options: [ScenarioDefinition], futures: [ScenarioDefinition] = [],
    request: ComparisonRequest = .init(), settings: RunSettings, fingerprint: Fingerprint,
    isCancelled: @escaping @Sendable () -> Bool = { false }, progress: @escaping (String) -> Void = { _ in }
  ) throws -> Comparison {
    try check(request, model)
    var (settings, fingerprint) = (settings, fingerprint)
    while true {
      progress("baseline")
      let engine = try EngineRun(
        model, draws: settings.draws, seed: settings.seed, threads: settings.threads, isCancelled: isCancelled)
      let result = try compare(
        on: engine, options: options, futures: futures, request: request, settings: settings, fingerprint: fingerprint,
        progress: progress)
      guard let more = draws(for: result.monteCarlo) else { return result }
      settings.draws = more
      fingerprint.draws = more
    }
  }

  /// Compares options on an engine that has drawn its baseline already; a wanted precision adds no draws here.
  ///
  /// - Parameter settings: those of the engine.
  public static func compare(
    on engine: EngineRun, options: [ScenarioDefinition], futures: [ScenarioDefinition] = [],
    request: ComparisonRequest = .init(), settings: RunSettings, fingerprint: Fingerprint,
    progress: @escaping (String) -> Void = { _ in }
  ) throws -> Comparison {
    try check(request, engine.model)
    return try OptionBenchmark(engine, request, settings, fingerprint, progress).comparison(options, futures)
  }

  /// How many draws the precision needs; nil if these are enough, or no more are made.
  static func draws(for monteCarlo: Comparison.MonteCarlo) -> Int? {
    guard let wanted = monteCarlo.requested, !monteCarlo.isReached, monteCarlo.draws < ComparisonRequest.mostDraws
    else { return nil }
    let ratio = monteCarlo.largestError / wanted
    // A little more than the square root law says, because the error is itself estimated; in whole blocks.
    let needed = min(Double(monteCarlo.draws) * ratio * ratio * 1.05, Double(ComparisonRequest.mostDraws))
    let blocks = (Int(needed) + EngineRun.blockSize) / EngineRun.blockSize
    return min(max(blocks * EngineRun.blockSize, monteCarlo.draws + EngineRun.blockSize), ComparisonRequest.mostDraws)
  }

  private static func check(_ request: ComparisonRequest, _ model: CompiledModel) throws {
    var problems: [Diagnostic] = []
    let known = model.nodes.filter { $0.definition.good != .none }.map(\.id)
    func require(_ id: String, _ what: String, _ others: [String]) {
      guard !known.contains(id) else { return }
      let exists = model.nodeIndex(id) != nil
      problems.append(
        Diagnostic(
          .wrongUse, code: "unknown_id",
          exists ? "'\(id)' has no good direction, so it cannot be \(what)" : "the model has no indicator '\(id)'",
          hint: exists ? nil : Suggestion.hint(for: id, among: others + known)))
    }
    if case .indicator(let id) = request.objective { require(id, "ranked by", ["improvement", "targets"]) }
    for weight in request.weights where !["cost", "targets", "improvement"].contains(weight.criterion) {
      require(weight.criterion, "a criterion", ["cost", "targets", "improvement"])
    }
    guard problems.isEmpty else { throw DiagnosticList(problems) }
  }

  private let engine: EngineRun
  private let meter: OptionMeter
  private let evaluator: TargetEvaluator
  private let request: ComparisonRequest
  private let settings: RunSettings
  private let fingerprint: Fingerprint
  private let progress: (String) -> Void

  private init(
    _ engine: EngineRun, _ request: ComparisonRequest, _ settings: RunSettings, _ fingerprint: Fingerprint,
    _ progress: @escaping (String) -> Void
  ) throws {
    self.engine = engine
    self.request = request
    self.settings = settings
    self.fingerprint = fingerprint
    self.progress = progress
    evaluator = TargetEvaluator(engine.model)
    meter = try OptionMeter(engine, evaluator, request)
  }

  /// An option with everything that needs its draws.
  private struct Measured {
    let definition: ScenarioDefinition?
    let measure: OptionMeasure
    let withoutD: [Double]
    let improvementWithoutD: Double
    let support: Support
    let cost: OptionCost
    let reading: ScenarioReading?
    let assumesWorld: Bool
    let triggered: [Double]
    let targets: [TargetResult]
    let attribution: Attribution?

    var id: String { definition?.id ?? "baseline" }
  }

  private func comparison(
    _ options: [ScenarioDefinition], _ futures: [ScenarioDefinition]
  ) throws -> Comparison {
    let all = try [measureBaseline()] + options.map { try measure($0) }
    let ranking = try OptionComparison(all.map(\.measure.objective), level: OptionBenchmark.level)
    let rankingWithoutD = try OptionComparison(all.map(\.withoutD), level: OptionBenchmark.level)
    let regret = try RegretTable(all.map(\.measure.objective))
    let table = try futureTable(options, futures)
    let ids = all.map(\.id)
    let costs = all.map { $0.cost.isKnown ? total($0.cost) : nil }
    let efficient = Set(ParetoFront.efficient(costs: costs, gains: ranking.options.map(\.mean)))
    let order = ids.indices.sorted {
      (ranking.options[$0].rank, -ranking.options[$0].mean, $0) < (
        ranking.options[$1].rank, -ranking.options[$1].mean, $1
      )
    }
    let results = try order.map { position -> Comparison.Option in
      let (option, own) = (all[position], ranking.options[position])
      let aboveBudget = request.budget.map { option.cost.yearsAbove(budget: $0) } ?? []
      let fits: Bool? = request.budget == nil ? nil : !aboveBudget.isEmpty ? false : option.cost.isKnown ? true : nil
      return Comparison.Option(
        id: option.id, name: option.definition?.name ?? OptionBenchmark.noPolicy, isBaseline: option.definition == nil,
        rank: own.rank, tiedWith: own.tiedWith.map { ids[$0] },
        objective: Estimate(value: own.mean, error: own.meanError),
        probabilityBest: Estimate(value: own.probabilityBest, error: own.probabilityBestError),
        expectedRegret: regret.rows[position].expectedRegret, regret95: regret.rows[position].regret95,
        largestRegret: table.flatMap { OptionBenchmark.largest($0, position) },
        expectedTargetsMet: Reductions.mean(option.measure.targetsMet),
        improvement: Reductions.mean(option.measure.improvement.byDraw),
        rankWithoutD: rankingWithoutD.options[position].rank,
        tiedWithoutD: rankingWithoutD.options[position].tiedWith.map { ids[$0] },
        improvementWithoutD: option.improvementWithoutD, objectiveWithoutD: rankingWithoutD.options[position].mean,
        support: option.support, cost: option.cost,
        discountedCost: option.cost.isKnown ? request.discountRate.map { option.cost.discounted(rate: $0) } : nil,
        fitsBudget: fits, yearsAboveBudget: aboveBudget,
        dominatedBy: dominators(of: position, all, costs, ranking).map { ids[$0] },
        isEfficient: costs[position] == nil ? nil : efficient.contains(position), outcomes: option.measure.outcomes,
        costPerUnit: costsPerUnit(option), attribution: option.attribution,
        ambitions: try option.reading?.ambitions() ?? [], beyondValidity: option.reading?.beyondValidity ?? [],
        earlyStarts: option.reading?.earlyStarts ?? [], assumesWorld: option.assumesWorld,
        triggered: zip(option.definition?.rules ?? [], option.triggered).map { ($0, $1) })
    }
    let pairs = OptionBenchmark.pairs(ranking, ids, order)
    let errors =
      all.flatMap { $0.measure.outcomes.compactMap(\.probability?.error) } + results.map(\.probabilityBest.error)
      + pairs.map(\.probabilityFirstBetter.error)
    let weighted = try WeightedRanking(
      order.map { position in
        (
          ids[position],
          request.weights.map { weight in
            weight.criterion == "cost" ? costs[position].map { -$0 } : all[position].measure.criteria[weight.criterion]
          }
        )
      }, weights: request.weights)
    return Comparison(
      model: engine.model, settings: settings, request: request, fingerprint: fingerprint, options: results,
      pairs: pairs, items: meter.items, targets: all.flatMap(\.targets), futures: table, weighted: weighted,
      monteCarlo: .init(draws: engine.draws, largestError: errors.max() ?? 0, requested: request.precision))
  }

  static let noPolicy = LocalizedText(vi: "Không có chính sách mới", en: "No new policy")

  private func measureBaseline() throws -> Measured {
    let measure = try meter.baseline()
    let targets = try evaluator.evaluate(engine.baselineDraws, scenario: "baseline", on: engine)
    return Measured(
      definition: nil, measure: measure, withoutD: measure.objective, improvementWithoutD: 0,
      support: Support(weakest: nil, shareP: .nan, shareD: .nan), cost: .none(engine.model.grid), reading: nil,
      assumesWorld: false, triggered: [], targets: targets, attribution: nil)
  }

  private func measure(_ definition: ScenarioDefinition) throws -> Measured {
    progress(definition.id)
    let evaluated = try engine.evaluate(definition)
    let measure = try meter.measure(evaluated.draws)
    let targets = try evaluator.evaluate(evaluated.draws, scenario: definition.id, on: engine)
    // The next evaluations reuse the memory of the draws: nothing below may read them.
    let reading = ScenarioReading(definition, evaluated, engine.model)
    let full = measure.improvement
    var (withoutD, improvementWithoutD, changesWithoutD) = (
      measure.objective, Reductions.mean(full.byDraw), full.changes
    )
    if reading.effectGrades.contains(.d) {
      let needed = request.objective == .improvement ? meter.scale.needed : nil
      let draws = try engine.evaluate(definition, ScenarioParts(excluding: [.d], needed: needed)).draws
      let improvement = try meter.scale.improvement(draws)
      withoutD = request.objective == .improvement ? improvement.byDraw : try meter.objective(draws)
      (improvementWithoutD, changesWithoutD) = (Reductions.mean(improvement.byDraw), improvement.changes)
    }
    var changesWithoutP = full.changes
    if reading.effectGrades.contains(.p) {
      changesWithoutP = try meter.scale.improvement(
        engine.evaluate(definition, ScenarioParts(excluding: [.p], needed: meter.scale.needed)).draws
      ).changes
    }
    return Measured(
      definition: definition, measure: measure, withoutD: withoutD, improvementWithoutD: improvementWithoutD,
      support: Support(
        weakest: reading.weakestGrade, byIndicator: reading.gradeByIndicator,
        shareP: Support.share(full.changes, changesWithoutP),
        shareD: Support.share(full.changes, changesWithoutD)),
      cost: reading.cost, reading: reading, assumesWorld: evaluated.worldIsAssumed, triggered: evaluated.triggered,
      targets: targets,
      attribution: request.byLever
        ? try Attribution(definition, engine: engine, scale: meter.scale, progress: progress) : nil)
  }

  // MARK: cost

  private func total(_ cost: OptionCost) -> Double {
    request.discountRate.map { cost.discounted(rate: $0) } ?? cost.total
  }

  /// Only where the money and the gain are both there: a gain that the draws cannot tell from 0, or no extra cost, has no price.
  private func costsPerUnit(_ option: Measured) -> [Double?] {
    let cost = option.cost.isKnown ? total(option.cost) : 0
    return zip(meter.items, option.measure.outcomes).map { item, outcome in
      guard cost > 0, let change = outcome.change?.mean, change.isSeparated else { return nil }
      let gain = item.definition.good.sign * change.value
      return gain > 0 ? cost / gain : nil
    }
  }

  /// Options that cost no more, are no worse in the mean of any headline indicator, and are strictly better in one of both.
  private func dominators(
    of position: Int, _ all: [Measured], _ costs: [Double?], _ ranking: OptionComparison
  ) -> [Int] {
    guard let cost = costs[position], position > 0 else { return [] }
    let signs = meter.scale.nodes.map { engine.model.nodes[$0].definition.good.sign }
    let own = all[position].measure.improvement.moves
    return all.indices.filter { other in
      guard other != position, let otherCost = costs[other], otherCost <= cost else { return false }
      let changes = all[other].measure.improvement.moves
      guard signs.indices.allSatisfy({ signs[$0] * (changes[$0] - own[$0]) >= -1e-12 }) else { return false }
      if otherCost < cost * (1 - 1e-12) { return true }
      return ranking.pairs.contains { pair in
        pair.isSeparated
          && (pair.first == other && pair.second == position && pair.meanDifference > 0
            || pair.second == other && pair.first == position && pair.meanDifference < 0)
      }
    }
  }

  // MARK: pairs and futures

  private static func pairs(_ ranking: OptionComparison, _ ids: [String], _ order: [Int]) -> [Comparison.Pair] {
    var byPair: [Int: OptionComparison.Pair] = [:]
    for pair in ranking.pairs { byPair[pair.first * ids.count + pair.second] = pair }
    return order.indices.flatMap { i in
      order[(i + 1)...].compactMap { second -> Comparison.Pair? in
        let first = order[i]
        let isTurned = first > second
        guard let pair = byPair[min(first, second) * ids.count + max(first, second)] else { return nil }
        return Comparison.Pair(
          first: ids[first], second: ids[second],
          probabilityFirstBetter: Estimate(
            value: isTurned ? 1 - pair.probabilityFirstBetter : pair.probabilityFirstBetter,
            error: pair.probabilityError),
          meanDifference: Estimate(
            value: isTurned ? -pair.meanDifference : pair.meanDifference, error: pair.differenceError),
          isSeparated: pair.isSeparated, drawsToSeparate: pair.drawsToSeparate)
      }
    }
  }

  private func futureTable(
    _ options: [ScenarioDefinition], _ futures: [ScenarioDefinition]
  ) throws -> FutureTable? {
    guard !futures.isEmpty else { return nil }
    var objectives: [[Double]] = []
    var probabilities: [[[Double?]]] = []
    let nothing = ScenarioDefinition(
      id: "baseline", name: OptionBenchmark.noPolicy, description: nil, levers: [], world: [:], path: "")
    for option in [nothing] + options {
      var (means, chances) = ([Double](), [[Double?]]())
      for future in futures {
        progress("\(option.id) × \(future.id)")
        let draws = try engine.evaluate(option.under(future)).draws
        means.append(Reductions.mean(try meter.objective(draws)))
        chances.append(
          meter.items.map { item in
            guard item.hasProbability else { return nil }
            let values = item.values(draws)
            return Double(values.count { item.isMet($0) }) / Double(max(values.count, 1))
          })
      }
      objectives.append(means)
      probabilities.append(chances)
    }
    let regret = try RegretTable(objectives)
    let ids = ["baseline"] + options.map(\.id)
    return FutureTable(
      futures: futures.map { .init(id: $0.id, name: $0.name) }, options: ids, objectives: objectives,
      probabilities: probabilities, regrets: regret.regrets, minimaxRegret: ids[regret.minimaxRegret])
  }

  private static func largest(_ table: FutureTable, _ option: Int) -> Comparison.NamedRegret? {
    guard let worst = table.regrets[option].indices.max(by: { table.regrets[option][$0] < table.regrets[option][$1] })
    else { return nil }
    return .init(future: table.futures[worst].id, regret: table.regrets[option][worst])
  }
}

extension ScenarioDefinition {
  /// The same decisions in a named future: what the future assumes about the world replaces the option's own assumptions.
  func under(_ future: ScenarioDefinition) -> ScenarioDefinition {
    var result = self
    result.world.merge(future.world) { _, future in future }
    return result
  }
}
