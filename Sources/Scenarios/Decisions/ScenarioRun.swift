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
  /// The weakest grade that the results on the headline indicators that change rest on, their baselines included; nil for the
  /// baseline.
  public var weakest: Grade?
  /// The same by indicator that changes.
  public var byIndicator: [String: Grade] = [:]
  /// The share of the change of the headline indicators (last year, on their transformed scales) that goes when effects whose size
  /// has this grade are set to zero; NaN when nothing changes.
  public var shareP: Double
  public var shareD: Double

  static func share(_ full: [Double], _ rest: [Double]) -> Double {
    let total = full.reduce(0) { $0 + abs($1) }
    guard total > 1e-12 else { return .nan }
    return min(zip(full, rest).reduce(0) { $0 + abs($1.0 - $1.1) } / total, 1)
  }
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
  /// Running cost, billion VND a year (``OptionCost/meanYearly``), and whether a lever without a known cost is part of it.
  public let cost: Double
  public let hasUnknownCost: Bool
  /// Levers that were left beyond what their evidence covers.
  public let beyondValidity: [String]
  /// Levers that start before the data end: part of their effect may be in the baseline already.
  public let earlyStarts: [String]
  public let events: [EventReport]
  /// Of the headline indicators that change: years until the change could be told from chance.
  public let detectability: [String: Double]
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
  private let supports: [String: Support]
  private let evaluator: TargetEvaluator
  private let baselineStatistics: [[NodeStatistics]]
  private let scale: HeadlineScale
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
    return try run(on: engine, scenarios: scenarios, settings: settings, fingerprint: fingerprint, progress: progress)
  }

  /// Runs scenarios on an engine that has drawn its baseline already.
  ///
  /// - Parameters:
  ///   - settings: those of the engine.
  ///   - supports: what is known of scenarios' supports already, for example from a comparison; the others are measured.
  public static func run(
    on engine: EngineRun, scenarios: [ScenarioDefinition], settings: RunSettings, fingerprint: Fingerprint,
    supports: [String: Support] = [:], progress: @escaping (String) -> Void = { _ in }
  ) throws -> RunResult {
    let runner = try ScenarioRunner(engine, supports, progress: progress)
    let baseline = try runner.baselineOutcome()
    let outcomes = try scenarios.map { try runner.outcome($0, byLever: settings.byLever) }
    return RunResult(
      model: engine.model, settings: settings, fingerprint: fingerprint, baseline: baseline, scenarios: outcomes,
      coverage: try Coverage.all(engine.model))
  }

  private init(_ engine: EngineRun, _ supports: [String: Support], progress: @escaping (String) -> Void) throws {
    self.engine = engine
    self.supports = supports
    self.progress = progress
    evaluator = TargetEvaluator(engine.model)
    baselineStatistics = try engine.statistics(engine.baselineDraws, baselineStatistics: nil)
    scale = try HeadlineScale(engine)
  }

  private func baselineOutcome() throws -> ScenarioOutcome {
    let targets = try evaluator.evaluate(engine.baselineDraws, scenario: "baseline", on: engine)
    return ScenarioOutcome(
      id: "baseline", name: LocalizedText(vi: "Không có chính sách mới", en: "No new policy"), description: nil,
      statistics: baselineStatistics, support: Support(weakest: nil, shareP: .nan, shareD: .nan), targets: targets,
      attribution: nil, ambitions: [], cost: 0, hasUnknownCost: false, beyondValidity: [],
      earlyStarts: [], events: events(engine.baselineDraws),
      detectability: [:])
  }

  private func outcome(_ definition: ScenarioDefinition, byLever: Bool) throws -> ScenarioOutcome {
    progress(definition.id)
    let evaluated = try engine.evaluate(definition)
    let table = evaluated.draws
    let statistics = try engine.statistics(table, baselineStatistics: baselineStatistics)
    let targets = try evaluator.evaluate(table, scenario: definition.id, on: engine)
    let changes = try scale.changes(table)
    let (events, detectability) = (events(table), try detectability(table))
    // The next evaluations reuse the memory of `table`: nothing below may read it.
    let reading = ScenarioReading(definition, evaluated, engine.model)
    let support =
      try supports[definition.id]
      ?? Support(
        weakest: reading.weakestGrade, byIndicator: reading.gradeByIndicator,
        shareP: share(.p, of: changes, definition, reading), shareD: share(.d, of: changes, definition, reading))
    let attribution = byLever ? try Attribution(definition, engine: engine, scale: scale, progress: progress) : nil
    let cost = reading.cost
    return ScenarioOutcome(
      id: definition.id, name: definition.name, description: definition.description, statistics: statistics,
      support: support, targets: targets, attribution: attribution, ambitions: try reading.ambitions(),
      cost: cost.meanYearly, hasUnknownCost: !cost.uncosted.isEmpty, beyondValidity: reading.beyondValidity,
      earlyStarts: reading.earlyStarts, events: events, detectability: detectability)
  }

  /// The share of the change that goes when effects of a grade are left out.
  private func share(
    _ grade: Grade, of changes: [Double], _ definition: ScenarioDefinition, _ reading: ScenarioReading
  ) throws -> Double {
    guard reading.effectGrades.contains(grade) else { return Support.share(changes, changes) }
    let rest = try scale.changes(
      engine.evaluate(definition, ScenarioParts(excluding: [grade], needed: scale.needed)).draws)
    return Support.share(changes, rest)
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

  private func detectability(_ table: ScenarioDraws) throws -> [String: Double] {
    var result: [String: Double] = [:]
    for (node, years) in zip(scale.nodes, try scale.detectableYears(table)) {
      if let years { result[engine.model.nodes[node].id] = years }
    }
    return result
  }
}
