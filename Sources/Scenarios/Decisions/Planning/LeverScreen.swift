import NumericKernels

/// Which levers move what is looked at, and which way helps.
struct LeverScreen {
  /// A lever counts if its whole way changes the score by more than this many standard errors.
  private static let clear = 3.0

  private(set) var levers: [PlannedLever] = []
  private(set) var leftOut: [GoalResult.LeftOut] = []

  /// - Parameter score: what is better, by draw; the same draws every time, so that differences are free of the noise
  ///   they share.
  init(
    _ plan: LeverPlan, _ model: CompiledModel, evaluator: PlanEvaluator, score: ([[Double]]) -> [Double]
  ) throws {
    let lastYear = evaluator.measures.map(\.lastYear).max() ?? 0
    let (candidates, byStructure) = plan.candidates(model, measures: evaluator.measures)
    leftOut = byStructure.map { .init(lever: $0, reason: .cannotMove) }
    evaluator.levers = []
    let before = score(try evaluator.draws([]))
    for lever in candidates {
      guard plan.isSearchable(lever, model, lastYear: lastYear) else {
        leftOut.append(.init(lever: lever.id, reason: .pathTouchesZero))
        continue
      }
      var best: (lever: PlannedLever, gain: Double)?
      for upward in [true, false] {
        guard let planned = plan.planned(lever, model, upward: upward, lastYear: lastYear) else { continue }
        evaluator.levers = [planned]
        let change = zip(score(try evaluator.draws([1])), before).map { $0 - $1 }
        let gain = Reductions.mean(change)
        let error = Reductions.standardDeviation(change) / Double(max(change.count, 1)).squareRoot()
        if gain > LeverScreen.clear * error, gain > best?.gain ?? 0 { best = (planned, gain) }
      }
      if let best {
        levers.append(best.lever)
      } else {
        leftOut.append(.init(lever: lever.id, reason: .cannotMove))
      }
    }
    evaluator.levers = []
  }
}
