import NumericKernels

/// Runs designed experiments through the engine: blocks of draws in which inputs stand where the design wants them,
/// and everything else is the same chance from block to block.
struct SensitivityExperiment {
  /// One block of a design.
  struct Block {
    /// By input and number: uniforms by row; nil for the input's own.
    var columns: [[[Double]]?]
    /// Which sheet of chance numbers the block is written on.
    var sheet = 0
  }

  let model: CompiledModel
  let scenario: CompiledScenario
  let measure: OutcomeMeasure
  let inputs: [SensitivityInput]
  /// Whether the outcome is the change against the baseline of the same draw.
  let isChange: Bool
  let run: DecisionRun

  /// Draws of one run of the engine, so that memory stays small.
  private static let mostDraws = 8192

  /// By block: the outcome by row.
  func outcomes(_ blocks: [Block], rows: Int) throws -> [[Double]] {
    let perRun = max(1, SensitivityExperiment.mostDraws / rows)
    var result: [[Double]] = []
    for start in stride(from: 0, to: blocks.count, by: perRun) {
      result += try outcomes(of: Array(blocks[start..<min(start + perRun, blocks.count)]), rows: rows)
    }
    return result
  }

  private func outcomes(of blocks: [Block], rows: Int) throws -> [[Double]] {
    var plan = DrawPlan(draws: blocks.count * rows)
    plan.share(blocks.flatMap { block in (0..<rows).map { block.sheet * rows + $0 } })
    for (place, input) in inputs.enumerated() where blocks.contains(where: { $0.columns[place] != nil }) {
      for (item, number) in input.numbers.enumerated() {
        let stream = RandomStream(seed: run.seed, id: number.stream, purpose: number.purpose)
        var column: [Double] = []
        column.reserveCapacity(plan.draws)
        for block in blocks {
          if let chosen = block.columns[place] {
            column += chosen[item]
          } else {
            column += (0..<rows).map { stream.uniform(item: number.item, draw: block.sheet * rows + $0) }
          }
        }
        plan.replace(stream, item: number.item, with: column)
      }
    }
    let engine = try EngineRun(
      model, draws: plan.draws, seed: run.seed, threads: run.threads, plan: plan, isCancelled: run.isCancelled)
    var values = measure.draws(engine.baselineDraws, model)
    if scenario.affected.contains(true) {
      let base = values
      values = measure.draws(try engine.evaluate(scenario), model)
      if isChange { for d in values.indices { values[d] -= base[d] } }
    } else if isChange {
      values = values.map { _ in 0 }
    }
    return blocks.indices.map { Array(values[$0 * rows..<($0 + 1) * rows]) }
  }
}
