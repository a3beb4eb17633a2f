/// Branch and bound over yes/no projects under a budget, with the best setting of the other levers in every branch.
///
/// A branch starts with projects that may be done in part; where even that gains no more than the best whole package
/// so far, it ends. The settings are found by a local search, so that what is skipped is skipped by its word.
struct PackageBranches {
  let levers: [PlannedLever]
  let budget: Double
  let seed: UInt64
  let value: ([Double]) -> Double
  let cost: ([Double]) -> Double
  private(set) var best: (positions: [Double], value: Double)?
  private var nodes = 0
  private static let mostNodes = 24

  init(
    levers: [PlannedLever], budget: Double, seed: UInt64, value: @escaping ([Double]) -> Double,
    cost: @escaping ([Double]) -> Double
  ) {
    self.levers = levers
    self.budget = budget
    self.seed = seed
    self.value = value
    self.cost = cost
  }

  /// - Parameter known: packages to start from; those within the budget are beaten or kept.
  mutating func run(known: [[Double]]) throws(DecisionError) {
    for positions in known where cost(positions) <= budget { keep(positions, value(positions)) }
    try visit(levers.map { _ in 0 }, levers.map { _ in 1 }, start: known)
  }

  private mutating func visit(_ lower: [Double], _ upper: [Double], start: [[Double]]) throws(DecisionError) {
    guard nodes < PackageBranches.mostNodes, cost(lower) <= budget * (1 + 1e-12) else { return }
    nodes += 1
    let free = lower.indices.filter { lower[$0] < upper[$0] }
    func whole(_ part: [Double]) -> [Double] {
      var positions = lower
      for (place, lever) in free.enumerated() { positions[lever] = part[place] }
      return positions
    }
    guard !free.isEmpty else { return keep(lower, value(lower)) }
    let (value, cost) = (value, cost)
    let problem = try LeverProblem(
      lower: free.map { lower[$0] }, upper: free.map { upper[$0] }, budget: budget, cost: { cost(whole($0)) },
      objective: { value(whole($0)) })
    var settings = LeverSearch.Settings()
    (settings.points, settings.starts, settings.evaluations) = (
      nodes == 1 ? 8 : 1, nodes == 1 ? 1 : 0, nodes == 1 ? 120 : 60
    )
    (settings.polishings, settings.finestStep) = (nodes == 1 ? 1 : 0, 2e-4)
    let found = try LeverSearch.maximize(
      problem, settings: settings,
      known: start.map { point in free.map { min(max(point[$0], lower[$0]), upper[$0]) } }, seed: seed, id: "optimise")
    let positions = whole(found.levers)
    guard found.isFeasible, found.objective > best?.value ?? -.infinity else { return }
    let parts = free.filter { levers[$0].isWhole && positions[$0] > 1e-3 && positions[$0] < 1 - 1e-3 }
    guard let next = parts.max(by: { positions[$0] < positions[$1] }) else {
      let rounded = positions.indices.map { levers[$0].isWhole ? positions[$0].rounded() : positions[$0] }
      return keep(rounded, value(rounded))
    }
    var (with, without) = (lower, upper)
    with[next] = 1
    without[next] = 0
    try visit(with, upper, start: [positions])
    try visit(lower, without, start: [positions])
  }

  private mutating func keep(_ positions: [Double], _ value: Double) {
    guard cost(positions) <= budget * (1 + 1e-9), value > best?.value ?? -.infinity else { return }
    best = (positions, value)
  }
}
