import NumericKernels

/// How a run is made.
public struct RunSettings: Sendable, Equatable {
  public var draws = 10_000
  public var seed: UInt64 = 1
  public var until = 2030
  public var threads = 2
  public var asOf: CalendarDate?
  public var byLever = false

  public init() {}
}

/// How much of a scenario rests on which grade.
public struct Support: Sendable, Equatable {
  /// The weakest grade among the levers and effects that count; nil for the baseline.
  public var weakest: Grade?
  /// The share of the change of the headline indicators (last year, on their transformed scales) that goes when effects whose size
  /// has this grade are set to zero; NaN when nothing changes.
  public var shareP: Double
  public var shareD: Double
}

/// One scenario's outcome.
public struct ScenarioOutcome: Sendable {
  public let id: String
  public let name: LocalizedText
  public let description: LocalizedText?
  /// By node and grid year.
  public let statistics: [[NodeStatistics]]
  public let support: Support
  public let targets: [TargetResult]
  public let attribution: Attribution?
  /// What the scenario asks for in points of the score, for each package.
  public let ambitions: [AmbitionReport]
  /// Yearly cost in the last year, billion VND, and whether a lever without a known cost is part of it.
  public let cost: Double
  public let hasUnknownCost: Bool
  /// Levers that were left beyond what their evidence covers.
  public let beyondValidity: [String]
  /// Levers that start before the data end: part of their effect may be in the baseline already.
  public let earlyStarts: [String]
  public let events: [EventReport]
  /// Of the headline indicators that change: years until the change could be told from chance.
  public let detectability: [String: Double]
  let utilityByDraw: [Double]
  let metByDraw: [Double]
  let meanUtilityWithoutD: Double
  let targetsMetWithoutD: Double
}

/// An ambition in words: "x of n windows achieved this".
public struct AmbitionReport: Sendable, Equatable {
  public var lever: String
  public var package: [String]
  public var percentile: Double
  public var points: Double
  public var achieved: Int
  public var windows: Int
}

/// The probability that an event (such as a mega-project) has happened at least once by the end of each grid year.
public struct EventReport: Sendable, Equatable {
  public var indicator: String
  public var probabilityByYear: [Double]
}

/// The result of a run: everything that tables, files and pages are views of.
public struct RunResult: Sendable {
  public let model: CompiledModel
  public let settings: RunSettings
  public let fingerprint: Fingerprint
  public let baseline: ScenarioOutcome
  public let scenarios: [ScenarioOutcome]
  public let coverage: [String: Coverage]
}

/// Runs the baseline and scenarios of a model and reduces them.
public struct ScenarioRunner {
  private let engine: EngineRun
  private let evaluator: TargetEvaluator
  private let baselineStatistics: [[NodeStatistics]]
  private let headline: [Int]
  private let progress: (String) -> Void

  /// Runs everything.
  ///
  /// - Parameter progress: called with what is being worked on.
  /// - Throws: ``ScenarioError``.
  public static func run(
    _ model: CompiledModel, scenarios: [ScenarioDefinition], settings: RunSettings, fingerprint: Fingerprint,
    isCancelled: @escaping @Sendable () -> Bool = { false }, progress: @escaping (String) -> Void = { _ in }
  ) throws -> RunResult {
    progress("baseline")
    let engine = try EngineRun(
      model, draws: settings.draws, seed: settings.seed, threads: settings.threads, isCancelled: isCancelled)
    let runner = try ScenarioRunner(engine, progress: progress)
    let baseline = runner.baselineOutcome()
    let outcomes = try scenarios.map { try runner.outcome($0, byLever: settings.byLever) }
    return RunResult(
      model: model, settings: settings, fingerprint: fingerprint, baseline: baseline, scenarios: outcomes,
      coverage: try Coverage.all(model))
  }

  private init(_ engine: EngineRun, progress: @escaping (String) -> Void) throws {
    self.engine = engine
    self.progress = progress
    evaluator = TargetEvaluator(engine.model)
    baselineStatistics = try engine.statistics(engine.baselineDraws, baselineStatistics: nil)
    headline = engine.model.nodes.indices.filter { engine.model.nodes[$0].definition.headline }
  }

  private func baselineOutcome() -> ScenarioOutcome {
    let (targets, met) = evaluator.evaluate(engine.baselineDraws, scenario: "baseline")
    return ScenarioOutcome(
      id: "baseline", name: LocalizedText(vi: "Không có chính sách mới", en: "No new policy"), description: nil,
      statistics: baselineStatistics, support: Support(weakest: nil, shareP: .nan, shareD: .nan), targets: targets,
      attribution: nil, ambitions: [], cost: 0, hasUnknownCost: false, beyondValidity: [],
      earlyStarts: [], events: events(engine.baselineDraws),
      detectability: [:],
      utilityByDraw: [Double](repeating: 0, count: engine.draws), metByDraw: met, meanUtilityWithoutD: 0,
      targetsMetWithoutD: Reductions.mean(met))
  }

  private func outcome(_ definition: ScenarioDefinition, byLever: Bool) throws -> ScenarioOutcome {
    progress(definition.id)
    let scenario = try CompiledScenario(definition, model: engine.model)
    let table = try engine.evaluate(scenario)
    let statistics = try engine.statistics(table, baselineStatistics: baselineStatistics)
    let (targets, met) = evaluator.evaluate(table, scenario: definition.id)
    let utility = utilities(table, scenario)
    let full = (
      changes: headlineChanges(table, scenario), utility: Reductions.mean(utility), met: Reductions.mean(met)
    )
    let (events, detectability) = (events(table), detectability(table, scenario))
    // The next evaluations reuse the memory of `table`: nothing below may read it.
    let grades = effectGrades(scenario)
    let withoutD = grades.contains(.d) ? try partial(definition, excluding: [.d]) : full
    let withoutP = grades.contains(.p) ? try partial(definition, excluding: [.p]) : full
    let attribution = byLever ? try Attribution(definition, engine: engine, progress: progress) : nil
    return ScenarioOutcome(
      id: definition.id, name: definition.name, description: definition.description, statistics: statistics,
      support: Support(
        weakest: weakestGrade(definition, scenario), shareP: share(full.changes, withoutP.changes),
        shareD: share(full.changes, withoutD.changes)),
      targets: targets, attribution: attribution, ambitions: try ambitions(definition), cost: cost(definition).total,
      hasUnknownCost: cost(definition).unknown, beyondValidity: beyondValidity(definition, scenario),
      earlyStarts: earlyStarts(definition),
      events: events, detectability: detectability,
      utilityByDraw: utility, metByDraw: met, meanUtilityWithoutD: withoutD.utility,
      targetsMetWithoutD: withoutD.met)
  }

  // MARK: utility

  /// The scale on which headline indicators are compared: the indicator's own, with log(1 + x) for amounts that can be zero.
  private func scaled(_ node: Int, _ value: Double) -> Double {
    let transform = engine.model.nodes[node].transform
    return transform.range == .positive ? VectorMath.log(1 + value) : transform.forward(value)
  }

  /// Improvement of the headline indicators in the last year, each in standard deviations of its baseline, averaged.
  private func utilities(_ table: ScenarioDraws, _ scenario: CompiledScenario) -> [Double] {
    var result = [Double](repeating: 0, count: engine.draws)
    guard !headline.isEmpty, let last = engine.model.grid.indices.last else { return result }
    for node in headline where scenario.affected[node] {
      let (value, base) = (table.draws(node, last), engine.baseline.draws(node, last))
      let scale = base.map { scaled(node, $0) }
      let deviation = Reductions.standardDeviation(scale)
      guard deviation > 0 else { continue }
      let weight = engine.model.nodes[node].definition.good.sign / deviation / Double(headline.count)
      for d in result.indices { result[d] += weight * (scaled(node, value[d]) - scale[d]) }
    }
    return result
  }

  /// Mean change of each headline indicator in the last year, in standard deviations of its baseline.
  private func headlineChanges(_ table: ScenarioDraws, _ scenario: CompiledScenario) -> [Double] {
    guard let last = engine.model.grid.indices.last else { return [] }
    return headline.map { node in
      guard scenario.affected[node] else { return 0 }
      let (value, base) = (table.draws(node, last), engine.baseline.draws(node, last))
      let scale = base.map { scaled(node, $0) }
      let deviation = Reductions.standardDeviation(scale)
      return deviation > 0 ? Reductions.mean(value.indices.map { scaled(node, value[$0]) - scale[$0] }) / deviation : 0
    }
  }

  private func partial(
    _ definition: ScenarioDefinition, excluding grades: Set<Grade>
  ) throws -> (changes: [Double], utility: Double, met: Double) {
    let scenario = try CompiledScenario(definition, model: engine.model, excludedGrades: grades)
    let table = try engine.evaluate(scenario)
    let met = evaluator.evaluate(table, scenario: definition.id).metByDraw
    return (headlineChanges(table, scenario), Reductions.mean(utilities(table, scenario)), Reductions.mean(met))
  }

  private func share(_ full: [Double], _ rest: [Double]) -> Double {
    let total = full.reduce(0) { $0 + abs($1) }
    guard total > 1e-12 else { return .nan }
    let gone = zip(full, rest).reduce(0) { $0 + abs($1.0 - $1.1) }
    return min(gone / total, 1)
  }

  // MARK: events and detectability

  private func events(_ table: ScenarioDraws) -> [EventReport] {
    engine.model.processes.flatMap(\.eventIds).compactMap { id in
      guard let node = engine.model.nodeIndex(id) else { return nil }
      var happened = [Bool](repeating: false, count: engine.draws)
      let shares = engine.model.grid.indices.map { year -> Double in
        let draws = table.draws(node, year)
        for d in happened.indices where draws[d] > 0 { happened[d] = true }
        return Double(happened.count { $0 }) / Double(max(happened.count, 1))
      }
      return EventReport(indicator: id, probabilityByYear: shares)
    }
  }

  /// The yearly scatter is that of the baseline one year ahead, the effect the mean change in the last year.
  private func detectability(_ table: ScenarioDraws, _ scenario: CompiledScenario) -> [String: Double] {
    guard let last = engine.model.grid.indices.last else { return [:] }
    var result: [String: Double] = [:]
    for node in headline where scenario.affected[node] {
      let first = engine.model.grid.firstIndex { $0 > engine.model.nodes[node].observations.keys.max() ?? 0 } ?? 0
      let scatter = Reductions.standardDeviation(engine.baseline.draws(node, first).map { scaled(node, $0) })
      let (value, base) = (table.draws(node, last), engine.baseline.draws(node, last))
      let effect = Reductions.mean(value.indices.map { scaled(node, value[$0]) - scaled(node, base[$0]) })
      result[engine.model.nodes[node].id] = Detectability.years(effect: effect, deviation: scatter)
    }
    return result
  }

  // MARK: support

  /// The grades of the sizes of effects that the scenario sets in motion.
  private func effectGrades(_ scenario: CompiledScenario) -> Set<Grade> {
    let links = engine.model.links.filter { isMoved($0, scenario) }.map(\.definition.grade)
    let ambitions = scenario.ambitions.map { engine.model.catalog.levers[$0.lever].grade }
    return Set(links + ambitions)
  }

  private func isMoved(_ link: CompiledLink, _ scenario: CompiledScenario) -> Bool {
    switch link.cause {
    case .lever(let lever): return scenario.leverValues[lever] != scenario.leverBaselines[lever]
    case .node(let node): return scenario.affected[node]
    }
  }

  private func weakestGrade(_ definition: ScenarioDefinition, _ scenario: CompiledScenario) -> Grade? {
    let model = engine.model
    var grades: [Grade] = []
    for choice in definition.levers {
      guard let lever = model.catalog.lever(choice.lever) else { continue }
      grades.append(lever.grade)
      if lever.delivery != nil { grades.append(.d) }
    }
    for link in model.links where isMoved(link, scenario) {
      grades.append(link.definition.grade)
      if link.definition.conversion != nil { grades.append(.d) }
    }
    if !scenario.worldShocks.isEmpty { grades.append(.d) }
    return grades.max()
  }

  private func beyondValidity(_ definition: ScenarioDefinition, _ scenario: CompiledScenario) -> [String] {
    let model = engine.model
    var result: [String] = []
    for link in model.links {
      guard case .lever(let lever) = link.cause, let validity = link.definition.validity else { continue }
      let beyond = zip(scenario.leverValues[lever], scenario.leverBaselines[lever]).contains {
        CauseScale.saturated(validity, value: $0, base: $1) != $0
      }
      if beyond, !result.contains(link.definition.cause) { result.append(link.definition.cause) }
    }
    return result
  }

  private func earlyStarts(_ definition: ScenarioDefinition) -> [String] {
    let lastData = engine.model.nodes.compactMap { $0.observations.keys.max() }.max() ?? 0
    return definition.levers.filter { ($0.path.namedYears.min() ?? .max) <= lastData }.map(\.lever)
  }

  private func ambitions(_ definition: ScenarioDefinition) throws -> [AmbitionReport] {
    guard let race = engine.model.process(PCIRace.self), let last = engine.model.grid.last else { return [] }
    return try definition.levers.filter { !$0.on.isEmpty }.map { choice in
      let base = engine.model.catalog.lever(choice.lever)?.baselineValue ?? 0.5
      let percentile = choice.path.value(in: last, baseline: { _ in base })
      let windows = try race.windows(package: choice.on)
      let points = windows.gain(percentile: percentile)
      return AmbitionReport(
        lever: choice.lever, package: choice.on, percentile: percentile, points: points,
        achieved: windows.count(atLeast: points), windows: windows.gains.count)
    }
  }

  private func cost(_ definition: ScenarioDefinition) -> (total: Double, unknown: Bool) {
    guard let last = engine.model.grid.last else { return (0, false) }
    var (total, unknown) = (0.0, false)
    for choice in definition.levers {
      guard let lever = engine.model.catalog.lever(choice.lever) else { continue }
      let value = choice.path.value(in: last, baseline: { _ in lever.baselineValue })
      switch lever.cost {
      case .unknown: unknown = true
      case .own: total += value - lever.baselineValue
      case .perUnit(let price): total += price * (value - lever.baselineValue)
      }
    }
    return (total, unknown)
  }
}
