import NumericKernels

/// Runs a compiled model: the baseline once, then any number of scenarios on the same draws.
///
/// ```swift
/// let engine = try EngineRun(model, draws: 10_000, seed: 1, threads: 2)
/// let changed = try engine.evaluate(scenario)
/// let reached = changed.draws(3, 5)
/// ```
///
/// Draws are cut into blocks of a fixed size, so the number of threads changes no byte.
public final class EngineRun {
  public let model: CompiledModel
  public let draws: Int
  public let seed: UInt64
  public let threads: Int
  private let dice: Dice
  let isCancelled: @Sendable () -> Bool
  package let baseline: DrawTable
  private let transformed: DrawTable
  private let scratch: DrawTable
  private let states: [any ProcessState]
  private let effects: EffectDraws

  package static let blockSize = 512
  private static func blocks(of draws: Int) -> Int { (draws + blockSize - 1) / blockSize }

  /// Draws the baseline.
  ///
  /// - Throws: ``ScenarioError/cancelled``, or the node, year and draw of a value that is not finite.
  public init(
    _ model: CompiledModel, draws: Int, seed: UInt64, threads: Int, plan: DrawPlan? = nil,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws {
    self.model = model
    self.draws = draws
    self.seed = seed
    dice = Dice(seed: seed, plan: plan)
    self.threads = threads
    self.isCancelled = isCancelled
    let (nodes, years) = (model.nodes.count, model.grid.count)
    baseline = DrawTable(nodes: nodes, years: years, draws: draws)
    transformed = DrawTable(rows: model.seriesRows, years: years, draws: draws)
    scratch = DrawTable(nodes: nodes, years: years, draws: draws)
    effects = EffectDraws(places: model.links.count + nodes, blocks: EngineRun.blocks(of: draws))
    states = model.processes.map { $0.makeState(draws: draws, model: model) }
    let scenario = try CompiledScenario(nil, model: model)
    try run(scenario, into: baseline) { try $0.runBaseline() }
  }

  /// The values under a scenario. Their memory is reused by the next evaluation: reduce them before.
  package func evaluate(_ scenario: CompiledScenario) throws -> ScenarioDraws {
    try run(scenario, into: scratch) { try $0.run() }
    return ScenarioDraws(
      own: scratch, baseline: baseline, affected: scenario.affected, years: scenario.affectedYears)
  }

  /// The baseline in the form of a scenario's values.
  package var baselineDraws: ScenarioDraws { ScenarioDraws(baseline: baseline) }

  private func run(
    _ scenario: CompiledScenario, into table: DrawTable, _ body: @escaping @Sendable (BlockRun) throws -> Void
  ) throws {
    let (model, seed, draws, baseline, transformed) = (model, dice, draws, baseline, transformed)
    let (states, effects) = (states, effects)
    try parallel(EngineRun.blocks(of: draws)) { block in
      let range = block * EngineRun.blockSize..<min((block + 1) * EngineRun.blockSize, draws)
      try body(
        BlockRun(
          model: model, scenario: scenario, seed: seed, block: block, range: range, values: table, baseline: baseline,
          transformed: transformed, states: states, effects: effects))
    }
  }

  /// Independent work on this run's threads.
  ///
  /// - Throws: ``ScenarioError/cancelled`` when the run was cancelled.
  func parallel(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
    try WorkerThreads.run(blocks: count, threads: threads, isCancelled: isCancelled, body)
    if isCancelled() { throw ScenarioError.cancelled }
  }
}
