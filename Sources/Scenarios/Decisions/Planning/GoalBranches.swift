/// Branch and bound over yes/no projects, with the cheapest mix of the other levers in every branch.
///
/// A branch starts with projects that may be done in part, which costs no more than doing them whole: a mix that is
/// dearer than the best whole one so far ends the branch. The mixes are found by a local search, so that what is
/// skipped is skipped by its word.
struct GoalBranches {
  let levers: [PlannedLever]
  let request: GoalRequest
  let targets: [GoalTarget]
  let seed: UInt64
  /// By target, the draws at a setting.
  let draws: ([Double]) -> [[Double]]
  private(set) var best: [Double]?
  private(set) var isComplete = true
  private var bestValue = Double.infinity
  private var nodes = 0
  private static let mostNodes = 32

  init(
    levers: [PlannedLever], request: GoalRequest, targets: [GoalTarget], seed: UInt64,
    draws: @escaping ([Double]) -> [[Double]]
  ) {
    self.levers = levers
    self.request = request
    self.targets = targets
    self.seed = seed
    self.draws = draws
  }

  mutating func run(
    start: [Double], yardstick: @escaping ([Double]) -> Double, cost: @escaping ([Double]) -> Double
  ) throws {
    try visit(
      levers.map { _ in 0 }, levers.map { _ in 1 }, start: start, yardstick: yardstick, cost: cost)
  }

  private mutating func visit(
    _ lower: [Double], _ upper: [Double], start: [Double], yardstick: @escaping ([Double]) -> Double,
    cost: @escaping ([Double]) -> Double
  ) throws {
    guard nodes < GoalBranches.mostNodes else {
      isComplete = false
      return
    }
    nodes += 1
    guard yardstick(lower) < bestValue else { return }
    let free = lower.indices.filter { lower[$0] < upper[$0] }
    func whole(_ part: [Double]) -> [Double] {
      var positions = lower
      for (place, lever) in free.enumerated() { positions[lever] = part[place] }
      return positions
    }
    guard !free.isEmpty else {
      let outcomes = draws(lower)
      if targets.indices.allSatisfy({ targets[$0].margin(outcomes, $0) >= 0 }) { keep(lower, yardstick(lower)) }
      return
    }
    var settings = LeverSearch.Settings()
    (settings.points, settings.starts, settings.evaluations) = (
      nodes == 1 ? 4 : 1, nodes == 1 ? 1 : 0, nodes == 1 ? 150 : 60
    )
    settings.searchesFromKnown = nodes > 1
    (settings.polishings, settings.finestStep) = (nodes == 1 ? 1 : 0, 5e-4)
    let draws = draws
    let found = try CheapestMix.find(
      targets: targets, lower: free.map { lower[$0] }, upper: free.map { upper[$0] }, settings: settings,
      known: [free.map { min(max(start[$0], lower[$0]), upper[$0]) }], seed: seed, id: "goal",
      cost: { yardstick(whole($0)) },
      further: request.budget.map { budget in [{ budget - cost(whole($0)) }] } ?? [],
      draws: { draws(whole($0)) })
    let positions = whole(found.optimum.levers)
    let value = yardstick(positions)
    guard found.optimum.isFeasible, value < bestValue else { return }
    let parts = free.filter { levers[$0].isWhole && positions[$0] > 1e-3 && positions[$0] < 1 - 1e-3 }
    guard let next = parts.max(by: { positions[$0] < positions[$1] }) else {
      keep(positions.indices.map { levers[$0].isWhole ? positions[$0].rounded() : positions[$0] }, value)
      return
    }
    var (with, without) = (lower, upper)
    with[next] = 1
    without[next] = 0
    try visit(with, upper, start: positions, yardstick: yardstick, cost: cost)
    try visit(lower, without, start: positions, yardstick: yardstick, cost: cost)
  }

  private mutating func keep(_ positions: [Double], _ value: Double) {
    guard value < bestValue else { return }
    (best, bestValue) = (positions, value)
  }
}
