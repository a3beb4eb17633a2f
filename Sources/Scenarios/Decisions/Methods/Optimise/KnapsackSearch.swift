/// The best package under one budget when gains add up, for any number of projects, by branch and bound.
///
/// Projects are taken in order of gain per cost; a branch is left when even a fraction of the next project could not
/// lift it above the best package so far. Exact; if the search is stopped at `maximumNodes`, `upperBound` says how
/// much better a package could be. Source: Horowitz and Sahni, Journal of the ACM 21 (1974); Martello and Toth,
/// Knapsack Problems (1990), chapter 2.
public struct KnapsackSearch: Sendable {
  public let package: ProjectPackage
  /// No package within the budget gains more than this; the package's gain if it is proven best.
  public let upperBound: Double
  public let isProven: Bool
  /// Gain per unit of cost of the first project that does not fit: the shadow price of the budget if projects could
  /// be done in part. 0 if everything worth having fits.
  public let shadowPrice: Double

  /// - Parameters:
  ///   - costs: not negative. A project with a gain of 0 or less is not chosen.
  ///   - budget: not negative.
  /// - Throws: `lengths`, `nonFinite`, `outside`.
  public init(costs: [Double], gains: [Double], budget: Double, maximumNodes: Int = 50_000_000) throws(DecisionError) {
    let name = "the knapsack"
    guard costs.count == gains.count else {
      throw .lengths(method: name, what: "the gains", expected: costs.count, found: gains.count)
    }
    try DecisionError.requireFinite(gains, "the gains", method: name)
    guard budget >= 0 else { throw .outside(method: name, what: "the budget", expected: "not negative") }
    let room = budget + (try ProjectFront.tolerance(costs))
    let order = costs.indices.filter { gains[$0] > 0 && costs[$0] <= room }
      .sorted { a, b in
        let (left, right) = (gains[a] * costs[b], gains[b] * costs[a])
        return left == right ? a < b : left > right
      }
    var search = Search(costs: order.map { costs[$0] }, gains: order.map { gains[$0] }, room: room)
    isProven = search.run(maximumNodes)
    let projects = order.indices.filter { search.best[$0] }.map { order[$0] }.sorted()
    package = ProjectPackage(
      projects: projects, cost: projects.reduce(0) { $0 + costs[$1] }, gain: projects.reduce(0) { $0 + gains[$1] })
    let (relaxed, price) = search.bound(from: 0, room: room)
    upperBound = isProven ? package.gain : relaxed
    shadowPrice = price
  }

  private struct Search {
    let costs: [Double]
    let gains: [Double]
    let room: Double
    private let costSums: [Double]
    private let gainSums: [Double]
    private(set) var best: [Bool]

    init(costs: [Double], gains: [Double], room: Double) {
      self.costs = costs
      self.gains = gains
      self.room = room
      var (costSums, gainSums) = ([0.0], [0.0])
      for (cost, gain) in zip(costs, gains) {
        costSums.append((costSums.last ?? 0) + cost)
        gainSums.append((gainSums.last ?? 0) + gain)
      }
      self.costSums = costSums
      self.gainSums = gainSums
      best = costs.map { _ in false }
    }

    /// The most that projects from `first` on could add if one could be done in part, and the gain per cost of that
    /// one.
    func bound(from first: Int, room: Double) -> (gain: Double, price: Double) {
      var (low, high) = (first, costs.count)
      while low < high {
        let middle = (low + high + 1) / 2
        if costSums[middle] - costSums[first] <= room { low = middle } else { high = middle - 1 }
      }
      let whole = gainSums[low] - gainSums[first]
      guard low < costs.count else { return (whole, 0) }
      let price = gains[low] / costs[low]
      return (whole + max(room - (costSums[low] - costSums[first]), 0) * price, price)
    }

    /// False if it was stopped.
    mutating func run(_ maximumNodes: Int) -> Bool {
      let count = costs.count
      var taken = best
      var stack: [Int] = []
      var (gain, left, next, nodes) = (0.0, room, 0, 0)
      var record = 0.0
      let slack = 1e-12 * (gainSums.last ?? 0)
      while true {
        nodes += 1
        if nodes > maximumNodes { return false }
        if next < count, gain + bound(from: next, room: left).gain > record + slack {
          // Take what fits, up to the first project that does not, which is left out.
          while next < count, costs[next] <= left {
            taken[next] = true
            stack.append(next)
            left -= costs[next]
            gain += gains[next]
            next += 1
          }
          if gain > record + slack || (record == 0 && gain > 0) {
            record = gain
            best = taken
          }
          if next < count {
            next += 1
            if next < count { continue }
          }
        }
        guard let last = stack.popLast() else { return true }
        taken[last] = false
        left += costs[last]
        gain -= gains[last]
        next = last + 1
      }
    }
  }
}
