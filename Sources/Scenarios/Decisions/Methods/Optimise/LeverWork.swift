/// The state of a lever search; positions are in the unit cube.
struct LeverWork {
  private let problem: LeverProblem
  private let points: [[Double]]
  /// Objective at the points looked at first, and what they violate in units of the limits' sizes.
  private var seen: [(objective: Double, violation: Double)] = []
  private let objectiveScale: Double
  private let slackScales: [Double]
  private var best: [Double]
  private var bestValue: (objective: Double, violation: Double)
  private var evaluations: Int

  init(_ problem: LeverProblem, points: [[Double]]) {
    self.problem = problem
    self.points = points
    let levers = points.map { problem.levers($0) }
    let objectives = levers.map { problem.objective($0) }
    let slacks = levers.map { problem.slacks($0) }
    evaluations = points.count
    let finite = objectives.filter(\.isFinite)
    let spread = (finite.max() ?? 0) - (finite.min() ?? 0)
    objectiveScale = spread > 0 ? spread : 1
    slackScales = (slacks.first ?? []).indices.map { k in
      let sizes = slacks.map { $0[k] }.filter(\.isFinite)
      let spread = (sizes.max() ?? 0) - (sizes.min() ?? 0)
      return spread > 0 ? spread : max(abs(sizes.first ?? 1), 1e-300)
    }
    best = points.first ?? []
    bestValue = (-.infinity, .infinity)
    seen = points.indices.map { (objectives[$0].isNaN ? -.infinity : objectives[$0], violation(slacks[$0])) }
    for point in points.indices where LeverWork.isBetter(seen[point], bestValue) {
      (best, bestValue) = (points[point], seen[point])
    }
  }

  /// The largest violation; a budget that only rounding overspends is kept, conditions are strict.
  private func violation(_ slacks: [Double]) -> Double {
    slacks.indices.reduce(0) { worst, k in
      let share = -slacks[k] / slackScales[k]
      let allowed = k == 0 && problem.budget.isFinite ? 1e-12 : 0
      return share > allowed ? max(worst, share) : worst
    }
  }

  private static func isBetter(
    _ a: (objective: Double, violation: Double), _ b: (objective: Double, violation: Double)
  ) -> Bool {
    a.violation == b.violation ? a.objective > b.objective : a.violation < b.violation
  }

  private mutating func evaluate(_ unit: [Double]) -> (objective: Double, violation: Double) {
    evaluations += 1
    let levers = problem.levers(unit)
    let objective = problem.objective(levers)
    return (objective.isNaN ? -.infinity : objective, violation(problem.slacks(levers)))
  }

  @discardableResult
  private mutating func offer(_ unit: [Double]) -> Bool {
    let value = evaluate(unit)
    guard LeverWork.isBetter(value, bestValue) else { return false }
    (best, bestValue) = (unit, value)
    return true
  }

  /// The points to start from: by objective less ten times the violation, which leaves the limits to the search.
  func bestPoints(_ count: Int) -> [[Double]] {
    let merit = seen.map { $0.objective / objectiveScale - 10 * $0.violation }
    let order = points.indices.sorted { (merit[$0], $1) > (merit[$1], $0) }
    return order.prefix(count).map { points[$0] }
  }

  /// A local search from `start`, and what it finds drawn back inside the limits.
  mutating func descend(_ start: [Double], firstStep: Double, _ settings: LeverSearch.Settings) {
    let counter = Counter()
    let (problem, objectiveScale, slackScales) = (problem, objectiveScale, slackScales)
    let solver = NonlinearSolver(
      objective: { unit in
        counter.evaluations += 1
        return problem.objective(problem.levers(unit)) / objectiveScale
      },
      conditions: { unit in zip(problem.slacks(problem.levers(unit)), slackScales).map { $0 / $1 } },
      conditionCount: slackScales.count, dimension: start.count)
    var limits = NonlinearSolver.Limits()
    (limits.firstStep, limits.finestStep) = (firstStep, settings.finestStep)
    limits.evaluations = settings.evaluations
    let found = solver.maximize(from: start, limits)
    evaluations += counter.evaluations
    drawBack(found)
  }

  /// Searches again from the best, in smaller and smaller surroundings, as long as that helps.
  mutating func polish(_ settings: LeverSearch.Settings, firstStep: Double = 0.05) {
    for _ in 0..<settings.polishings {
      let before = bestValue
      descend(best, firstStep: firstStep, settings)
      guard
        bestValue.violation < before.violation
          || bestValue.objective > before.objective + 1e-7 * objectiveScale
      else { return }
    }
  }

  private final class Counter { var evaluations = 0 }

  /// Offers a point, or the nearest to it on the line from the best point that meets all limits.
  private mutating func drawBack(_ point: [Double]) {
    let value = evaluate(point)
    if LeverWork.isBetter(value, bestValue) { (best, bestValue) = (point, value) }
    guard value.violation > 0, bestValue.violation == 0 else { return }
    // An inside point whose objective no point on the line exceeds is not worth the way.
    guard value.objective > bestValue.objective else { return }
    let anchor = best
    func between(_ share: Double) -> [Double] { anchor.indices.map { anchor[$0] + share * (point[$0] - anchor[$0]) } }
    // The margin along the line by the Illinois variant of regula falsi; the inside end is kept.
    var (inside, outside) = (0.0, 1.0)
    var (marginInside, marginOutside) = (margin(anchor), margin(point))
    var lastSide = 0
    for _ in 0..<40 where outside - inside > 1e-9 {
      var share = (inside + outside) / 2
      if marginInside.isFinite, marginOutside.isFinite, marginInside > marginOutside {
        let guess = inside + (outside - inside) * marginInside / (marginInside - marginOutside)
        // A little to the inside, so that the guess itself can be kept.
        share = min(max(guess - 1e-3 * (guess - inside), inside + 1e-10), outside - 1e-10)
      }
      let found = margin(between(share))
      if found >= 0 {
        (inside, marginInside) = (share, found)
        if lastSide == 1 { marginOutside /= 2 }
        lastSide = 1
        if found < 1e-10 { break }
      } else {
        (outside, marginOutside) = (share, found)
        if lastSide == -1 { marginInside /= 2 }
        lastSide = -1
      }
    }
    offer(between(inside))
  }

  /// The smallest slack in units of the limits' sizes.
  private mutating func margin(_ unit: [Double]) -> Double {
    evaluations += 1
    return zip(problem.slacks(problem.levers(unit)), slackScales).reduce(.infinity) { min($0, $1.0 / $1.1) }
  }

  func optimum() -> LeverOptimum {
    let levers = problem.levers(best)
    let cost = problem.cost(levers)
    let slacks = problem.slacks(levers)
    let first = problem.budget.isFinite ? 1 : 0
    return LeverOptimum(
      levers: levers, objective: problem.objective(levers), cost: cost, isFeasible: bestValue.violation == 0,
      atLower: levers.indices.filter { best[$0] <= 1e-6 && problem.lower[$0] < problem.upper[$0] },
      atUpper: levers.indices.filter { best[$0] >= 1 - 1e-6 && problem.lower[$0] < problem.upper[$0] },
      spendsBudget: problem.budget.isFinite && problem.budget - cost <= 1e-6 * max(abs(problem.budget), 1e-300),
      bindingConditions: (first..<max(slacks.count, first)).filter { abs(slacks[$0]) <= 1e-6 * slackScales[$0] }
        .map { $0 - first },
      evaluations: evaluations)
  }
}
