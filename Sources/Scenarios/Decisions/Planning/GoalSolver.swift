import NumericKernels

/// Finds what it takes to reach values with some levers.
///
/// 1. Each lever is tried at both ends of its way; the end that brings the values nearer is kept, a lever that moves
///    nothing is left out.
/// 2. The smallest move along the straight line to all ends shows whether the values can be reached at all.
/// 3. From there the cheapest mix is searched for (``CheapestMix``) on few draws that are held fixed; yes/no projects
///    by branch and bound.
/// 4. The mix is moved along the line through it until it reaches the values on all draws, which also gives the error
///    of the draws.
public struct GoalSolver {
  private let model: CompiledModel
  private let request: GoalRequest
  private let run: DecisionRun
  private let search: PlanEvaluator
  private let full: PlanEvaluator
  /// As searched for: of whole numbers half a unit lower (or higher), see ``smooth(_:_:)``.
  private let targets: [GoalTarget]
  private let isWholeNumber: [Bool]
  /// Spread of each aim's draws without new measures, to compare margins in different units.
  private let scales: [Double]

  /// - Throws: ``DiagnosticList``, ``ScenarioError``, ``DecisionError``.
  public static func solve(_ request: GoalRequest, model: CompiledModel, run: DecisionRun) throws -> GoalResult {
    try request.plan.check(model.catalog, until: model.grid.last ?? 0)
    guard !request.aims.isEmpty else {
      throw DecisionError.tooFew(method: "the goal", what: "targets", needed: 1, found: 0)
    }
    return try GoalSolver(request, model, run).solve()
  }

  private init(_ request: GoalRequest, _ model: CompiledModel, _ run: DecisionRun) throws {
    self.request = request
    self.model = model
    self.run = run
    let measures = request.aims.map(\.measure)
    func evaluator(_ draws: Int) throws -> PlanEvaluator {
      try PlanEvaluator(
        model, measures: measures, decided: request.plan.decided, draws: draws, seed: run.seed, threads: run.threads,
        isCancelled: run.isCancelled)
    }
    full = try evaluator(run.draws)
    search = run.draws <= request.searchDraws ? full : try evaluator(request.searchDraws)
    let draws = try full.draws([])
    scales = draws.map { max(Reductions.standardDeviation($0), 1e-300) }
    let isWholeNumber = draws.map { $0.allSatisfy { $0 == $0.rounded() } }
    self.isWholeNumber = isWholeNumber
    targets = request.aims.indices.map { k in
      let target = request.aims[k].target
      guard isWholeNumber[k] else { return target }
      let isAtLeast = target.direction == .atLeast
      let value = isAtLeast ? target.value.rounded(.up) - 0.5 : target.value.rounded(.down) + 0.5
      return GoalTarget(value: value, probability: target.probability, direction: target.direction)
    }
  }

  /// Draws as the search looks at them. Whole numbers (counts, ranks) jump, and the k-th best of them with them: each
  /// gets a fixed part of a unit between -1/2 and 1/2, and the target half a unit, which leaves what is reached in
  /// which draw as it is.
  private func outcomes(_ evaluator: PlanEvaluator, _ positions: [Double]) throws -> [[Double]] {
    smooth(try evaluator.draws(positions))
  }

  private func smooth(_ draws: [[Double]]) -> [[Double]] {
    draws.indices.map { k in
      guard isWholeNumber.indices.contains(k), isWholeNumber[k] else { return draws[k] }
      let stream = RandomStream(seed: run.seed, id: "goal/" + request.aims[k].measure.indicator, purpose: .model)
      var parts = [Double](repeating: 0, count: draws[k].count)
      parts.withUnsafeMutableBufferPointer { stream.uniforms(item: 0, firstDraw: 0, into: $0) }
      return zip(draws[k], parts).map { $0 + $1 - 0.5 }
    }
  }

  /// The smallest margin in units of the spreads.
  private func margin(_ outcomes: [[Double]]) -> Double {
    targets.indices.reduce(.infinity) { min($0, targets[$1].margin(outcomes, $1) / scales[$1]) }
  }

  private func deciding(_ outcomes: [[Double]]) -> Int {
    targets.indices.min {
      targets[$0].margin(outcomes, $0) / scales[$0] < targets[$1].margin(outcomes, $1) / scales[$1]
    } ?? 0
  }

  private func solve() throws -> GoalResult {
    let screen = try LeverScreen(request.plan, model, evaluator: search, score: score)
    var levers = screen.levers
    var leftOut = screen.leftOut
    if request.yardstick == .cost || request.budget != nil {
      leftOut += levers.filter { $0.price == nil }.map { .init(lever: $0.id, reason: .noCost) }
      levers.removeAll { $0.price == nil }
    }
    search.levers = levers
    full.levers = levers
    let nothing = levers.map { _ in 0.0 }
    let baseline = try outcomes(full, nothing)
    var found = (positions: nothing, isComplete: true)
    var check: GoalSearch?
    var outcome = GoalResult.Outcome.alreadyMet
    if margin(baseline) < 0 {
      outcome = .cannotBeReached
      if !levers.isEmpty {
        found = try searched(levers)
        try search.rethrow()
        let line = try checked(matched(pruned(found.positions, levers), levers), levers)
        check = line.search
        found.positions = line.positions
        outcome = margin(try outcomes(full, found.positions)) >= 0 ? .reached : .cannotBeReached
      }
    }
    return try result(outcome, levers, found, check, try full.draws(nothing), leftOut)
  }

  /// The sum over the aims of what is better, in spreads.
  private func score(_ draws: [[Double]]) -> [Double] {
    var result = [Double](repeating: 0, count: draws.first?.count ?? 0)
    for k in targets.indices {
      let weight = (targets[k].direction == .atLeast ? 1 : -1) / scales[k]
      for d in result.indices { result[d] += weight * draws[k][d] }
    }
    return result
  }

  // MARK: the search

  private func yardstick(_ levers: [PlannedLever], _ positions: [Double]) -> Double {
    switch request.yardstick {
    case .cost: return zip(levers, positions).reduce(0) { $0 + ($1.0.cost($1.1) ?? 0) }
    case .effort:
      // A project's share is 0 or 1, so that it is its own square; the straight line between them bounds better.
      return zip(levers, positions).reduce(0) {
        let effort = $1.0.effort($1.1)
        return $0 + ($1.0.isWhole ? effort : effort * effort)
      }
    }
  }

  private func cost(_ levers: [PlannedLever], _ positions: [Double]) -> Double {
    zip(levers, positions).reduce(0) { $0 + ($1.0.cost($1.1) ?? 0) }
  }

  private func searched(_ levers: [PlannedLever]) throws -> (positions: [Double], isComplete: Bool) {
    let all = levers.map { _ in 1.0 }
    let isAffordable = cost(levers, all) <= request.budget ?? .infinity
    if isAffordable {
      // All levers at their ends do not reach it: that is how far one gets.
      guard margin(try outcomes(search, all)) >= 0 else { return (all, true) }
    } else {
      let nearest = try farthest(levers)
      guard margin(try outcomes(search, nearest)) >= 0 else { return (nearest, true) }
    }
    let start = try GoalSearch(targets: targets, mostScale: 1, grid: 4, tolerance: 1e-3) { scale in
      try outcomes(search, levers.map { _ in scale })
    }
    var branch = GoalBranches(levers: levers, request: request, targets: targets, seed: run.seed) { positions in
      smooth(search.drawsOrNone(positions))
    }
    try branch.run(
      start: levers.map { _ in start.scale }, yardstick: { yardstick(levers, $0) }, cost: { cost(levers, $0) })
    return (branch.best ?? all, branch.isComplete)
  }

  /// The setting within the budget whose smallest margin is largest.
  private func farthest(_ levers: [PlannedLever]) throws -> [Double] {
    let problem = try LeverProblem(
      lower: levers.map { _ in 0 }, upper: levers.map { _ in 1 }, budget: request.budget ?? .infinity,
      cost: { cost(levers, $0) }, objective: { margin(smooth(search.drawsOrNone($0))) })
    var settings = LeverSearch.Settings()
    (settings.points, settings.starts, settings.evaluations, settings.finestStep) = (8, 2, 150, 1e-4)
    var positions = try LeverSearch.maximize(problem, settings: settings, seed: run.seed, id: "goal").levers
    // A part of a project cannot be had.
    for (index, lever) in levers.enumerated() where lever.isWhole && positions[index] < 1 { positions[index] = 0 }
    return positions
  }

  /// Moves too small to speak of, under a fiftieth of the largest, are left out; the check makes up for them.
  private func pruned(_ positions: [Double], _ levers: [PlannedLever]) -> [Double] {
    let largest = zip(levers, positions).reduce(0) { max($0, $1.0.effort($1.1)) }
    return zip(levers, positions).map { $0.effort($1) < 0.02 * largest ? 0 : $1 }
  }

  // MARK: the check on all draws

  /// The targets with their values moved by what the few draws of the search and all draws differ in at a setting.
  private func movedTargets(_ positions: [Double]) throws -> [GoalTarget] {
    let (few, all) = (try outcomes(search, positions), try outcomes(full, positions))
    return targets.indices.map { k in
      let target = targets[k]
      let offset = target.margin(all, k) - target.margin(few, k)
      guard offset.isFinite else { return target }
      return GoalTarget(
        value: target.direction == .atLeast ? target.value - offset : target.value + offset,
        probability: target.probability, direction: target.direction)
    }
  }

  /// Searches again from a mix with the moved targets, projects as they are, so that several targets, and levers at
  /// their ends, fit all draws too.
  private func matched(_ mix: [Double], _ levers: [PlannedLever]) throws -> [Double] {
    guard search !== full else { return mix }
    let free = levers.indices.filter { !levers[$0].isWhole }
    guard !free.isEmpty, mix.contains(where: { $0 > 0 && $0 < 1 }) else { return mix }
    var positions = mix
    for _ in 0..<2 {
      func whole(_ part: [Double]) -> [Double] {
        var result = positions
        for (place, lever) in free.enumerated() { result[lever] = part[place] }
        return result
      }
      var settings = LeverSearch.Settings()
      (settings.points, settings.starts, settings.evaluations) = (1, 0, 50)
      (settings.polishings, settings.finestStep) = (0, 1e-4)
      let found = try CheapestMix.find(
        targets: movedTargets(positions), lower: free.map { _ in 0 }, upper: free.map { _ in 1 }, settings: settings,
        known: [free.map { positions[$0] }], seed: run.seed, id: "goal", cost: { yardstick(levers, whole($0)) },
        further: request.budget.map { budget in [{ budget - cost(levers, whole($0)) }] } ?? [],
        draws: { smooth(search.drawsOrNone(whole($0))) })
      try search.rethrow()
      guard found.optimum.isFeasible else { break }
      positions = pruned(whole(found.optimum.levers), levers)
    }
    return positions
  }

  /// Moves from nothing through the mix to all levers at their ends, or to the end of the budget, until all draws
  /// agree.
  private func checked(
    _ mix: [Double], _ levers: [PlannedLever]
  ) throws -> (positions: [Double], search: GoalSearch?) {
    func line(_ scale: Double) -> [Double] {
      zip(levers, mix).map { lever, position in
        if lever.isWhole { return position >= 0.5 ? 1 : 0 }
        return scale <= 1 ? scale * position : position + (scale - 1) * (1 - position)
      }
    }
    func isAffordable(_ scale: Double) -> Bool {
      cost(levers, line(scale)) <= (request.budget ?? .infinity) * (1 + 1e-9)
    }
    var most = 2.0
    if !isAffordable(most) {
      var (low, high) = (0.0, most)
      for _ in 0..<50 {
        let middle = (low + high) / 2
        if isAffordable(middle) { low = middle } else { high = middle }
      }
      most = low
    }
    guard most > 0, mix.contains(where: { $0 > 0 }) else { return (line(1), nil) }
    let found = try GoalSearch(targets: targets, mostScale: most, grid: 2, tolerance: 2e-4) { scale in
      try outcomes(full, line(scale))
    }
    // A project that alone reaches it leaves nothing to move.
    return (line(found.scale), found)
  }

  // MARK: the result

  private func result(
    _ outcome: GoalResult.Outcome, _ levers: [PlannedLever], _ found: (positions: [Double], isComplete: Bool),
    _ check: GoalSearch?, _ baseline: [[Double]], _ leftOut: [GoalResult.LeftOut]
  ) throws -> GoalResult {
    let reached = try full.draws(found.positions)
    let binding = deciding(smooth(reached))
    let wanted = request.aims.map(\.target)
    let aims = request.aims.indices.map { k -> GoalResult.Aim in
      let share = wanted[k].share(reached[k])
      return GoalResult.Aim(
        aim: request.aims[k], baselineProbability: wanted[k].share(baseline[k]),
        baselineValue: wanted[k].valueReached(baseline[k]), probability: share,
        value: wanted[k].valueReached(reached[k]),
        probabilityError: (share * (1 - share) / Double(max(run.draws, 1))).squareRoot(), isBinding: k == binding)
    }
    let here = try outcomes(search, found.positions)
    let sign = targets[binding].direction == .atLeast ? 1.0 : -1.0
    func gain(_ positions: [Double]) throws -> Double {
      sign
        * (targets[binding].margin(try outcomes(search, positions)[binding]) - targets[binding].margin(here[binding]))
    }
    var settings: [GoalResult.Setting] = []
    for (index, lever) in levers.enumerated() where found.positions[index] > 1e-6 {
      var wider: Double?
      if found.positions[index] >= 1 - 1e-6, lever.limit == .range, outcome != .alreadyMet {
        var beyond = found.positions
        beyond[index] = 1.1
        wider = try gain(beyond)
      }
      settings.append(.init(lever: lever, position: found.positions[index], gainOfWiderRange: wider))
    }
    let spent = cost(levers, found.positions)
    let isBudgetBinding =
      request.budget.map {
        outcome == .cannotBeReached && spent >= $0 * (1 - 1e-3) && spent < cost(levers, levers.map { _ in 1 })
      }
      ?? false
    var perBillion: Double?
    if isBudgetBinding, let budget = request.budget {
      let step = max(0.02 * budget, 1e-6)
      let room = cost(levers, levers.map { _ in 1 }) - spent
      let share = min(step / max(room, 1e-300), 1)
      let more = zip(levers, found.positions).map { $0.isWhole ? $1 : $1 + share * (1 - $1) }
      let paid = cost(levers, more) - spent
      if paid > 0 { perBillion = try gain(more) / paid }
    }
    let known = zip(levers, found.positions).allSatisfy { $1 == 0 || $0.price != nil }
    let moved = try movedTargets(found.positions)
    return GoalResult(
      outcome: outcome, yardstick: request.yardstick, aims: aims, settings: settings,
      unused: zip(levers, found.positions).filter { $1 <= 1e-6 }.map(\.0),
      alone: outcome == .alreadyMet ? [] : try levers.indices.map { try alone($0, levers, binding, moved) },
      leftOut: leftOut,
      cost: known ? spent : nil,
      effort: zip(levers, found.positions).reduce(0) { $0 + $1.0.effort($1.1) * $1.0.effort($1.1) }.squareRoot(),
      budget: request.budget, isBudgetBinding: isBudgetBinding, gainPerBillion: perBillion,
      lowerScale: scale(check, check?.lowerScale), upperScale: scale(check, check?.upperScale),
      weakestGrade: try full.weakestGrade(found.positions), isComplete: found.isComplete,
      evaluations: search === full ? full.evaluations : search.evaluations + full.evaluations,
      searchDraws: search.engine.draws, draws: run.draws)
  }

  private func scale(_ check: GoalSearch?, _ other: Double?) -> Double {
    guard let check, let other, check.scale > 0 else { return 1 }
    return other / check.scale
  }

  private func alone(
    _ index: Int, _ levers: [PlannedLever], _ binding: Int, _ targets: [GoalTarget]
  ) throws -> GoalResult.Alone {
    func only(_ position: Double) -> [Double] { levers.indices.map { $0 == index ? position : 0 } }
    var position: Double?
    var draws = try search.draws(only(1))
    let end = smooth(draws)
    if targets.indices.allSatisfy({ targets[$0].margin(end, $0) >= 0 }) {
      position = 1
      if !levers[index].isWhole {
        let found = try GoalSearch(targets: targets, mostScale: 1, grid: 4, tolerance: 1e-3) {
          try outcomes(search, only($0))
        }
        position = found.scale
        draws = try search.draws(only(found.scale))
      }
    }
    return GoalResult.Alone(
      lever: levers[index], position: position, value: request.aims[binding].target.valueReached(draws[binding]),
      probability: request.aims[binding].target.share(draws[binding]))
  }
}
