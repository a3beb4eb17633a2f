import NumericKernels
import TextFiles

/// Options against drawn and named futures; see ``Robustness``.
///
/// Costs one evaluation for each pair of an option and a future, the drawn futures counting as one, and the discovery.
public struct RobustAnalysis {
  private let engine: EngineRun
  private let items: [OutcomeItem]
  private let options: [ScenarioDefinition]
  private let futures: [ScenarioDefinition]

  /// - Throws: ``ScenarioError``; `DiagnosticList` for a goal that the model cannot judge.
  public static func run(
    _ model: CompiledModel, options: [ScenarioDefinition], futures: [ScenarioDefinition] = [], request: RobustRequest,
    settings: RunSettings, fingerprint: Fingerprint, isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping (String) -> Void = { _ in }
  ) throws -> Robustness {
    let items = try RobustAnalysis.items(request, model)
    let known = ["baseline"] + options.map(\.id)
    let unknown = request.explain.filter { !known.contains($0) }.map { id in
      Diagnostic(
        .wrongUse, code: "unknown_id", "no option is called '\(id)'", hint: Suggestion.hint(for: id, among: known))
    }
    guard unknown.isEmpty else { throw DiagnosticList(unknown) }
    progress("baseline")
    let engine = try EngineRun(
      model, draws: settings.draws, seed: settings.seed, threads: settings.threads, isCancelled: isCancelled)
    let analysis = RobustAnalysis(engine: engine, items: items, options: options, futures: futures)
    return Robustness(
      model: model, settings: settings, fingerprint: fingerprint,
      futures: futures.map { .init(id: $0.id, name: $0.name) }, goals: try analysis.goals(request, progress))
  }

  // MARK: goals

  private static func items(_ request: RobustRequest, _ model: CompiledModel) throws -> [OutcomeItem] {
    let all = OutcomeItem.all(model, TargetEvaluator(model)).filter { $0.target != nil }
    guard let id = request.indicator else {
      let judged = all.filter(\.hasProbability)
      guard !judged.isEmpty else {
        throw problem(
          "no_target", "no official target can be judged by \(model.grid.last ?? 0)", "give --indicator and --reach")
      }
      return judged
    }
    guard let node = model.nodeIndex(id) else {
      throw problem(
        "unknown_id", "the model has no indicator '\(id)'",
        Suggestion.hint(for: id, among: model.nodes.map(\.id)))
    }
    if let reach = request.reach {
      let year = request.year ?? model.grid.last ?? 0
      guard let item = OutcomeItem(model, node, year: year, reach: reach, isAtMost: request.isAtMost) else {
        throw problem(
          "outside_horizon", "'\(id)' is not projected for \(year)",
          "choose a year after its last figure, up to \(model.grid.last ?? 0)")
      }
      return [item]
    }
    let own = all.filter { item in
      item.definition.id == id && (request.year.map { $0 == item.period.lastYear } ?? true)
    }
    guard !own.isEmpty else {
      throw problem(
        "no_target", "no official target of '\(id)'" + (request.year.map { " for \($0)" } ?? "") + " can be judged",
        "give the value with --reach")
    }
    return own
  }

  private static func problem(_ code: String, _ message: String, _ hint: String?) -> DiagnosticList {
    DiagnosticList([Diagnostic(.wrongUse, code: code, message, hint: hint)])
  }

  // MARK: evaluation

  /// An option in one set of futures, by goal.
  private struct Measured {
    /// Larger is better: the value in the good direction of the goal; for a range, how far it is missed.
    var outcomes: [[Double]]
    var isMet: [[Bool]]
    var means: [Estimate]
    var bad95: [Double]
  }

  private func goals(_ request: RobustRequest, _ progress: (String) -> Void) throws -> [Robustness.Goal] {
    let nothing = ScenarioDefinition(
      id: "baseline", name: OptionBenchmark.noPolicy, description: nil, levers: [], world: [:], path: "")
    let all = [nothing] + options
    var drawn: [Measured] = []
    var inputs: [[[UncertainInput]]] = []
    // By option and goal: the table is about one goal, and so is what it rests on.
    var grades: [[Grade?]] = []
    var triggered: [[Double]] = []
    for option in all {
      progress(option.id)
      let evaluated = try engine.evaluate(option)
      drawn.append(measure(evaluated.draws))
      inputs.append(items.map { engine.uncertainInputs(of: $0.node, through: $0.period.lastYear, evaluated) })
      let reading = ResultGrades(option.levers + option.rules.flatMap(\.levers), evaluated, engine.model)
      grades.append(items.map { reading.grade(of: $0.node) })
      triggered.append(evaluated.triggered)
    }
    let named: [[Measured]] = try all.map { option in
      try futures.map { future in
        progress("\(option.id) × \(future.id)")
        return measure(try engine.evaluate(option.under(future)).draws)
      }
    }
    return try items.indices.map { goal in
      progress(items[goal].definition.id)
      let regret = try RegretTable(drawn.map { $0.outcomes[goal] })
      let namedRegret =
        futures.isEmpty
        ? nil : try RegretTable(named.map { futures in futures.map { Reductions.mean($0.outcomes[goal]) } })
      let options = all.indices.map { position -> Robustness.Option in
        let own = drawn[position]
        return Robustness.Option(
          id: all[position].id, name: all[position].name, isBaseline: position == 0,
          weakestGrade: grades[position][goal],
          satisficing: Estimate(hits: own.isMet[goal].count { $0 }, of: engine.draws), mean: own.means[goal],
          bad95: own.bad95[goal], expectedRegret: regret.rows[position].expectedRegret,
          regret95: regret.rows[position].regret95,
          named: futures.indices.map { future in
            let result = named[position][future]
            return Robustness.Named(
              share: Estimate(hits: result.isMet[goal].count { $0 }, of: engine.draws),
              mean: result.means[goal].value, regret: namedRegret?.regrets[position][future] ?? 0)
          }, triggered: zip(all[position].rules, triggered[position]).map { ($0, $1) })
      }
      let order = options.indices.sorted {
        (-options[$0].satisficing.value, options[$0].expectedRegret, $0)
          < (-options[$1].satisficing.value, options[$1].expectedRegret, $1)
      }
      let least = options.indices.min { options[$0].expectedRegret < options[$1].expectedRegret } ?? 0
      let explained =
        request.explain.isEmpty
        ? [order.first { !options[$0].isBaseline } ?? order[0]]
        : all.indices.filter { request.explain.contains(all[$0].id) }
      return Robustness.Goal(
        item: items[goal], options: order.map { options[$0] },
        discoveries: try explained.map { position in
          try Discovery(
            all[position].id, isMet: drawn[position].isMet[goal], inputs: inputs[position][goal], seed: engine.seed,
            threads: engine.threads)
        },
        leastExpectedRegret: options[least].id, minimaxRegret: namedRegret.map { all[$0.minimaxRegret].id })
    }
  }

  private func measure(_ draws: ScenarioDraws) -> Measured {
    var result = Measured(outcomes: [], isMet: [], means: [], bad95: [])
    for item in items {
      let values = item.values(draws)
      result.means.append(Estimate(values))
      result.isMet.append(values.map { item.isMet($0) })
      switch item.target?.comparison {
      case .atMost?:
        result.outcomes.append(values.map { -$0 })
        result.bad95.append(Quantiles.of(values, [0.95])[0])
      case .within?:
        result.outcomes.append(values.map { -item.shortfall($0) })
        result.bad95.append(Quantiles.of(values, [0.05])[0])
      default:
        result.outcomes.append(values)
        result.bad95.append(Quantiles.of(values, [0.05])[0])
      }
    }
    return result
  }
}

extension OutcomeItem {
  /// A goal of the user's own: a value in one year of the projection; nil where the year is not projected.
  init?(_ model: CompiledModel, _ node: Int, year: Int, reach: Double, isAtMost: Bool?) {
    let definition = model.nodes[node].definition
    let observed = model.nodes[node].lastObservedYear ?? Int.min
    guard let index = model.grid.firstIndex(of: year), year > observed else { return nil }
    self.init(
      model, node,
      target: TargetDefinition(
        indicator: definition.id, period: .year(year), aggregate: .year,
        comparison: isAtMost ?? (definition.good == .down) ? .atMost : .atLeast, value: reach, upper: nil, document: "",
        note: ""),
      period: .year(year), aggregate: .year, years: [index], observed: 0, divisor: 1, before: (0, 0))
  }
}
