import NumericKernels

/// Finds the best packages of levers and projects for all budgets.
///
/// Projects alone: up to ten every combination is run through the model; up to 25 every combination is gone through
/// with the gains of single projects and pairs from the model (``ProjectFront``); beyond, branch and bound with the
/// gains of single projects (``KnapsackSearch``). Levers alone: ``LeverSearch`` for rising budgets, each starting
/// from the one before. Both: levers in every branch of the projects. Every package found is valued on all draws, and
/// what is dominated there leaves the front, so that a bigger budget is never worse.
public struct PackageOptimiser {
  private let model: CompiledModel
  private let request: OptimiseRequest
  private let run: DecisionRun
  private let search: PlanEvaluator
  private let full: PlanEvaluator
  private let score: PackageScore
  private let levers: [PlannedLever]
  private let leftOut: [GoalResult.LeftOut]

  static let mostForEveryCombination = 10

  /// - Throws: ``DiagnosticList``, ``ScenarioError``, ``DecisionError``.
  public static func solve(_ request: OptimiseRequest, model: CompiledModel, run: DecisionRun) throws -> OptimiseResult
  {
    try request.plan.check(model.catalog, until: model.grid.last ?? 0)
    return try PackageOptimiser(request, model, run).solve()
  }

  private init(_ request: OptimiseRequest, _ model: CompiledModel, _ run: DecisionRun) throws {
    self.request = request
    self.model = model
    self.run = run
    func evaluator(_ draws: Int) throws -> PlanEvaluator {
      try PlanEvaluator(
        model, measures: request.objective.measures, decided: request.plan.decided, draws: draws, seed: run.seed,
        threads: run.threads, isCancelled: run.isCancelled)
    }
    full = try evaluator(run.draws)
    search = run.draws <= request.searchDraws ? full : try evaluator(request.searchDraws)
    score = PackageScore(request.objective, baseline: try full.draws([]))
    let screen = try LeverScreen(request.plan, model, evaluator: search, score: score.direction)
    levers = screen.levers.filter { $0.price != nil }
    leftOut =
      screen.levers.filter { $0.price == nil }.map { .init(lever: $0.id, reason: .noCost) } + screen.leftOut
    search.levers = levers
    full.levers = levers
  }

  private func cost(_ positions: [Double]) -> Double {
    zip(levers, positions).reduce(0) { $0 + ($1.0.cost($1.1) ?? 0) }
  }
  private func value(_ positions: [Double]) -> Double { score.smooth(search.drawsOrNone(positions)) }

  private func solve() throws -> OptimiseResult {
    let nothing = levers.map { _ in 0.0 }
    let total = levers.reduce(0) { $0 + max($1.cost(1) ?? 0, 0) }
    var found: (packages: [[Double]], method: OptimiseResult.Method, price: Double?) = ([], .continuous, nil)
    if !levers.isEmpty {
      if levers.allSatisfy(\.isWhole), levers.allSatisfy({ $0.cost(1) ?? -1 >= 0 }) {
        found = try projects()
      } else {
        found = try mixed(total)
      }
      try search.rethrow()
    }
    return try result([nothing] + found.packages, found.method, found.price)
  }

  // MARK: projects alone

  private func projects() throws -> (packages: [[Double]], method: OptimiseResult.Method, price: Double?) {
    let costs = levers.map { $0.cost(1) ?? 0 }
    let count = levers.count
    func positions(_ projects: [Int]) -> [Double] { (0..<count).map { projects.contains($0) ? 1 : 0 } }
    let base = value(positions([]))
    if count <= PackageOptimiser.mostForEveryCombination {
      let front = try ProjectFront(costs: costs) { mask in
        value((0..<count).map { mask >> UInt32($0) & 1 == 1 ? 1 : 0 })
      }
      return (
        front.packages.map { positions($0.projects) }, .everyCombination,
        request.budget.flatMap { front.shadowPrice(budget: $0) }
      )
    }
    let gains = (0..<count).map { value(positions([$0])) - base }
    if count <= ProjectFront.mostForEnumeration {
      var interactions: [ProjectInteraction] = []
      for i in 0..<count {
        for j in 0..<i {
          interactions.append(
            ProjectInteraction(j, i, gain: value(positions([j, i])) - base - gains[i] - gains[j]))
        }
      }
      let front = try ProjectFront(costs: costs, gains: gains, interactions: interactions)
      return (
        front.packages.map { positions($0.projects) }, .pairs, request.budget.flatMap { front.shadowPrice(budget: $0) }
      )
    }
    let total = costs.reduce(0, +)
    let budgets = PackageOptimiser.budgets(total, request.budget)
    let packages = try budgets.map { try KnapsackSearch(costs: costs, gains: gains, budget: $0).package.projects }
    let price = try request.budget.map { try KnapsackSearch(costs: costs, gains: gains, budget: $0).shadowPrice }
    return (packages.map(positions), .branchAndBound, price)
  }

  /// Budgets at which packages are looked for: about the one wanted, else up to everything.
  static func budgets(_ total: Double, _ budget: Double?) -> [Double] {
    guard total > 0 else { return [] }
    guard let budget, budget > 0 else { return [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1].map { $0 * total } }
    let near = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3].map { $0 * budget }.filter { $0 < total }
    return near + (budget >= total || near.last.map { $0 < total } ?? true ? [total] : [])
  }

  // MARK: levers, with projects or without

  private func mixed(_ total: Double) throws -> (packages: [[Double]], method: OptimiseResult.Method, price: Double?) {
    let budgets = PackageOptimiser.budgets(total, request.budget)
    var packages: [[Double]] = []
    var known: [[Double]] = []
    var price: Double?
    func best(_ budget: Double) throws -> (positions: [Double], value: Double)? {
      var branches = PackageBranches(levers: levers, budget: budget, seed: run.seed, value: value, cost: cost)
      try branches.run(known: known)
      return branches.best
    }
    for budget in budgets {
      guard let found = try best(budget) else { continue }
      known = [found.positions]
      packages.append(found.positions)
      if let wanted = request.budget, budget == min(wanted, total) {
        let step = 0.05 * wanted
        if wanted >= total {
          price = 0
        } else if let more = try best(wanted + step) {
          packages.append(more.positions)
          price = max((more.value - found.value) / step, 0)
        }
      }
    }
    return (packages, levers.contains(where: \.isWhole) ? .mixed : .continuous, price)
  }

  // MARK: the result

  private func result(
    _ packages: [[Double]], _ method: OptimiseResult.Method, _ price: Double?
  ) throws -> OptimiseResult {
    var distinct: [[Double]] = []
    for package in packages where !distinct.contains(package) { distinct.append(package) }
    let byDraw = try distinct.map { score.byDraw(try full.draws($0)) }
    let base = byDraw[0]
    let means = byDraw.map { Reductions.mean($0) }
    let costs = distinct.map(cost)
    // A package that gains no more than the rounding of sums is no gain.
    let order = ParetoFront.efficient(costs: costs, gains: means).reduce(into: [Int]()) { kept, next in
      if let last = kept.last, means[next] <= means[last] + 1e-12 * max(abs(means[last]), 1e-300) { return }
      kept.append(next)
    }
    func difference(_ a: Int, _ b: [Double]) -> (mean: Double, error: Double) {
      let change = zip(byDraw[a], b).map { $0 - $1 }
      return (Reductions.mean(change), Reductions.standardDeviation(change) / Double(max(change.count, 1)).squareRoot())
    }
    let front = order.enumerated().map { place, index -> OptimiseResult.Package in
      let gain = difference(index, base)
      let step = place > 0 ? difference(index, byDraw[order[place - 1]]) : (1, 0)
      return OptimiseResult.Package(
        positions: distinct[index], cost: costs[index], value: means[index], gain: gain.mean, gainError: gain.error,
        isTiedWithCheaper: place > 0 && abs(step.0) < 2 * step.1)
    }
    let best = request.budget.flatMap { budget in front.last { $0.cost <= budget * (1 + 1e-9) + 1e-9 } }
    var parts: [OptimiseResult.Part] = []
    if let best {
      let own = score.byDraw(try full.draws(best.positions))
      for (index, lever) in levers.enumerated() where best.positions[index] > 1e-6 {
        var without = best.positions
        without[index] = 0
        let change = zip(own, score.byDraw(try full.draws(without))).map { $0 - $1 }
        parts.append(
          .init(
            lever: lever, position: best.positions[index], loss: Reductions.mean(change),
            lossError: Reductions.standardDeviation(change) / Double(max(change.count, 1)).squareRoot()))
      }
    }
    return OptimiseResult(
      objective: request.objective, levers: levers, front: front, best: best, parts: parts, budget: request.budget,
      shadowPrice: price, baseline: means[0],
      baselineError: Reductions.standardDeviation(base) / Double(max(base.count, 1)).squareRoot(), leftOut: leftOut,
      // Without a budget the front may hold every lever.
      weakestGrade: try full.weakestGrade(best?.positions ?? levers.map { _ in 1 }), method: method,
      evaluations: search === full ? full.evaluations : search.evaluations + full.evaluations,
      searchDraws: search.engine.draws, draws: run.draws)
  }
}
