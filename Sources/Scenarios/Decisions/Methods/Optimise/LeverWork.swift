import Forecast

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

  mutating func descend(_ start: [Double], _ settings: LeverSearch.Settings) {
    var point = start
    var multipliers = slackScales.map { _ in 0.0 }
    var penalty = 10.0
    var lastViolation = Double.infinity
    for _ in 0..<settings.rounds {
      let round = minimized(point, multipliers, penalty, settings)
      point = round.point
      evaluations += round.evaluations
      let slacks = problem.slacks(problem.levers(point))
      var worst = 0.0
      for k in slacks.indices {
        let scaled = slacks[k] / slackScales[k]
        guard scaled.isFinite else { return }
        worst = max(worst, abs(min(scaled, multipliers[k] / penalty)))
        multipliers[k] = max(multipliers[k] - penalty * scaled, 0)
      }
      if worst < 1e-8 { break }
      if worst > 0.25 * lastViolation { penalty *= 10 }
      lastViolation = worst
    }
    drawBack(point)
  }

  private func minimized(
    _ start: [Double], _ multipliers: [Double], _ penalty: Double, _ settings: LeverSearch.Settings
  ) -> (point: [Double], evaluations: Int) {
    let count = start.count
    var asked = 0
    func merit(_ unit: [Double]) -> Double {
      asked += 1
      let levers = problem.levers(unit)
      var sum = -problem.objective(levers) / objectiveScale
      for (k, slack) in problem.slacks(levers).enumerated() {
        let shortfall = max(multipliers[k] - penalty * slack / slackScales[k], 0)
        sum += (shortfall * shortfall - multipliers[k] * multipliers[k]) / (2 * penalty)
      }
      return sum
    }
    var inner = QuasiNewton.Settings()
    inner.evaluations = settings.stepsPerRound
    inner.gradientTolerance = 1e-9
    inner.valueTolerance = 1e-13
    let found = QuasiNewton.minimize(
      from: start, lower: [Double](repeating: 0, count: count), upper: [Double](repeating: 1, count: count),
      settings: inner
    ) { position, gradient in
      var unit = Array(UnsafeBufferPointer(start: position, count: count))
      let value = merit(unit)
      for i in 0..<count {
        // Inside the range: one-sided at its ends.
        let here = unit[i]
        let (left, right) = (max(here - settings.difference, 0), min(here + settings.difference, 1))
        unit[i] = right
        let above = merit(unit)
        unit[i] = left
        gradient[i] = (above - merit(unit)) / (right - left)
        unit[i] = here
      }
      return value
    }
    return (found.point, asked)
  }

  /// Offers a point, or the nearest to it on the line from the best point that meets all limits.
  private mutating func drawBack(_ point: [Double]) {
    let value = evaluate(point)
    if LeverWork.isBetter(value, bestValue) { (best, bestValue) = (point, value) }
    guard value.violation > 0, bestValue.violation == 0 else { return }
    let anchor = best
    func between(_ share: Double) -> [Double] { anchor.indices.map { anchor[$0] + share * (point[$0] - anchor[$0]) } }
    var (inside, outside) = (0.0, 1.0)
    for _ in 0..<50 {
      let middle = (inside + outside) / 2
      if evaluate(between(middle)).violation == 0 { inside = middle } else { outside = middle }
    }
    offer(between(inside))
  }

  /// Steps along levers and exchanges, halved when none helps and doubled when one does.
  mutating func polish(_ finest: Double, firstStep: Double = 0.25) {
    var step = firstStep
    var sweeps = 0
    while step > finest, sweeps < 400 {
      sweeps += 1
      var isMoved = false
      for direction in directions() {
        var length = step
        while offer(moved(direction, length)) {
          isMoved = true
          length *= 2
        }
      }
      step *= isMoved ? 1 : 0.5
    }
  }

  private func moved(_ direction: [(lever: Int, step: Double)], _ length: Double) -> [Double] {
    var point = best
    for (lever, step) in direction { point[lever] = min(max(point[lever] + length * step, 0), 1) }
    return point
  }

  /// Every lever up and down, and every pair so that the tightest limit stays as it is to first order.
  private func directions() -> [[(lever: Int, step: Double)]] {
    let count = best.count
    var result: [[(lever: Int, step: Double)]] = []
    for i in 0..<count { result += [[(i, 1)], [(i, -1)]] }
    let slopes = slackScales.indices.map { k in limitSlopes(k) }
    for slope in slopes {
      for i in 0..<count where abs(slope[i]) > 0 {
        for j in 0..<i where abs(slope[j]) > 0 {
          let largest = max(abs(slope[i]), abs(slope[j]))
          let (a, b) = (slope[j] / largest, -slope[i] / largest)
          result += [[(i, a), (j, b)], [(i, -a), (j, -b)]]
        }
      }
    }
    return result
  }

  private func limitSlopes(_ limit: Int) -> [Double] {
    let change = 1e-4
    return best.indices.map { i in
      var (low, high) = (best, best)
      low[i] = max(best[i] - change, 0)
      high[i] = min(best[i] + change, 1)
      let difference = problem.slacks(problem.levers(high))[limit] - problem.slacks(problem.levers(low))[limit]
      let slope = difference / (high[i] - low[i]) / slackScales[limit]
      return slope.isFinite ? slope : 0
    }
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
