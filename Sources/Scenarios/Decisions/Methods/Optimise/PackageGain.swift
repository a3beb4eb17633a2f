/// The gain of a package while one project after the other is flipped.
protocol PackageGain {
  mutating func start(_ mask: UInt32)
  mutating func flip(_ project: Int, isIn: Bool)
  func gain(_ mask: UInt32) -> Double?
}

/// Asks a function.
struct CalledGain: PackageGain {
  let objective: (UInt32) -> Double?

  mutating func start(_ mask: UInt32) {}
  mutating func flip(_ project: Int, isIn: Bool) {}
  func gain(_ mask: UInt32) -> Double? { objective(mask) }
}

/// Gains and pairwise interactions; a flip costs one pass over the projects.
struct PairwiseGain: PackageGain {
  private let gains: [Double]
  private let pairs: [[Double]]
  private var total = 0.0
  /// What each project would add now.
  private var marginal: [Double]

  init(costs: [Double], gains: [Double], interactions: [ProjectInteraction]) throws(DecisionError) {
    let name = "the choice of projects"
    guard gains.count == costs.count else {
      throw .lengths(method: name, what: "the gains", expected: costs.count, found: gains.count)
    }
    try DecisionError.requireFinite(gains + interactions.map(\.gain), "the gains and interactions", method: name)
    self.gains = gains
    marginal = gains
    var pairs = [[Double]](repeating: [Double](repeating: 0, count: gains.count), count: gains.count)
    for interaction in interactions {
      let (a, b) = (interaction.first, interaction.second)
      guard gains.indices.contains(a), gains.indices.contains(b), a != b else {
        throw .outside(method: name, what: "an interaction", expected: "of two different projects of the list")
      }
      pairs[a][b] += interaction.gain
      pairs[b][a] += interaction.gain
    }
    self.pairs = pairs
  }

  mutating func start(_ mask: UInt32) {
    total = 0
    marginal = gains
    for project in gains.indices where mask >> UInt32(project) & 1 == 1 { flip(project, isIn: true) }
  }

  mutating func flip(_ project: Int, isIn: Bool) {
    let sign = isIn ? 1.0 : -1.0
    total += sign * marginal[project]
    for other in marginal.indices { marginal[other] += sign * pairs[project][other] }
  }

  func gain(_ mask: UInt32) -> Double? { total }
}

/// The efficient packages among those offered so far, by rising cost and gain.
struct GrowingFront {
  private(set) var entries: [(mask: UInt32, cost: Double, gain: Double)] = []

  mutating func offer(_ mask: UInt32, cost: Double, gain: Double) {
    // The first entry that costs more.
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].cost <= cost { low = middle + 1 } else { high = middle }
    }
    if low > 0, entries[low - 1].gain >= gain { return }
    let first = low > 0 && entries[low - 1].cost == cost ? low - 1 : low
    var end = low
    while end < entries.count, entries[end].gain <= gain { end += 1 }
    entries.replaceSubrange(first..<end, with: [(mask: mask, cost: cost, gain: gain)])
  }
}
