import NumericKernels

/// Outcomes of lever settings on draws that are held fixed, from the part of the model that matters for them.
final class PlanEvaluator {
  let engine: EngineRun
  let measures: [OutcomeMeasure]
  private let decided: ScenarioDefinition?
  private(set) var evaluations = 0
  /// The first error inside a search, which cannot throw itself.
  private(set) var failure: (any Error)?
  private var memory: [(positions: [Double], draws: [[Double]])] = []
  var levers: [PlannedLever] { didSet { memory = [] } }

  init(
    _ model: CompiledModel, measures: [OutcomeMeasure], levers: [PlannedLever] = [], decided: ScenarioDefinition?,
    draws: Int, seed: UInt64, threads: Int, isCancelled: @escaping @Sendable () -> Bool
  ) throws {
    self.measures = measures
    self.levers = levers
    self.decided = decided
    let part = model.restricted(to: measures.compactMap { model.nodeIndex($0.indicator) })
    engine = try EngineRun(part, draws: draws, seed: seed, threads: threads, isCancelled: isCancelled)
  }

  func scenario(_ positions: [Double]) -> ScenarioDefinition {
    ScenarioDefinition(
      id: "plan", name: LocalizedText(vi: "", en: ""), description: nil,
      levers: (decided?.levers ?? []) + zip(levers, positions).compactMap { $0.choice($1) },
      world: decided?.world ?? [:], path: "")
  }

  /// By measure: the value in every draw.
  func draws(_ positions: [Double]) throws -> [[Double]] {
    if let known = memory.last(where: { $0.positions == positions }) { return known.draws }
    let result = try draws(scenario(positions))
    if memory.count >= 8 { memory.removeFirst() }
    memory.append((positions, result))
    return result
  }

  func draws(_ scenario: ScenarioDefinition) throws -> [[Double]] {
    evaluations += 1
    let compiled = try CompiledScenario(scenario, model: engine.model)
    let table = try engine.evaluate(compiled)
    return measures.map { $0.draws(table, engine.model) }
  }

  /// The weakest grade that the measures rest on when the levers stand at some positions: that of a scenario's result, what is decided
  /// already included, and D where the planner entered the price of a lever that is moved. Nil where nothing moves the measures.
  /// Positions up to 1e-6 are none, as in the results of searches.
  ///
  /// - Throws: ``ScenarioError``.
  func weakestGrade(_ positions: [Double]) throws -> Grade? {
    let positions = positions.map { $0 > 1e-6 ? $0 : 0 }
    let (definition, model) = (scenario(positions), engine.model)
    let grades = ResultGrades(definition.levers, [try CompiledScenario(definition, model: model)], model)
    let found = measures.compactMap { model.nodeIndex($0.indicator).flatMap(grades.grade) }
    let isPriced = zip(levers, positions).contains { $0.isPriceEntered && $1 != 0 }
    return (found + (isPriced ? [.d] : [])).max()
  }

  /// With no policy at all, not even what is decided.
  func baselineDraws() -> [[Double]] { measures.map { $0.draws(engine.baselineDraws, engine.model) } }

  /// For searches: empty draws after an error, which is kept.
  func drawsOrNone(_ positions: [Double]) -> [[Double]] {
    guard failure == nil else { return [] }
    do { return try draws(positions) } catch {
      failure = error
      return []
    }
  }

  func rethrow() throws { if let failure { throw failure } }
}
