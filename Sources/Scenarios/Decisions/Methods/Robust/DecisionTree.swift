/// A short classification tree of the futures of interest: few questions, each about one input.
///
/// Every split lowers Gini's impurity 2 p (1 - p), weighted by the futures on each side, as much as possible; the cut
/// lies half way between two observed values. With at most three questions it can be read out. Greedy: a split that
/// pays only together with the next one is not found. Source: Breiman, Friedman, Olshen and Stone, Classification and
/// Regression Trees (1984).
public struct DecisionTree: Sendable {
  public struct Leaf: Equatable, Sendable {
    /// The answers that lead here.
    public let box: ScenarioBox
    public let quality: BoxQuality
    /// Most futures here are cases of interest.
    public var isCase: Bool { quality.density > 0.5 }
  }

  public struct Split: Equatable, Sendable {
    /// The answers that lead to the question.
    public let box: ScenarioBox
    public let input: Int
    /// Left if at most this.
    public let cut: Double
    /// The fall of the impurity, as a share of that of all futures.
    public let gain: Double
  }

  /// From left to right.
  public let leaves: [Leaf]
  /// In the order in which they were made, depth first.
  public let splits: [Split]

  /// - Parameters:
  ///   - depth: questions in a row, 1 ... 3.
  ///   - minimumShare: a leaf keeps at least this share of all futures, and one future.
  /// - Throws: `tooFew` (2 futures), `lengths`, `nonFinite`, `outside`.
  public init(inputs: [[Double]], isCase: [Bool], depth: Int = 3, minimumShare: Double = 0.05) throws(DecisionError) {
    let name = "a decision tree"
    let rows = try DecisionError.requireColumns(inputs, "input", rows: 2, method: name)
    guard isCase.count == rows else {
      throw .lengths(method: name, what: "the cases", expected: rows, found: isCase.count)
    }
    guard (1...3).contains(depth) else { throw .outside(method: name, what: "the depth", expected: "1, 2 or 3") }
    guard minimumShare >= 0, minimumShare <= 0.5 else {
      throw .outside(method: name, what: "the smallest leaf", expected: "a share from 0 to 0.5")
    }
    let orders = inputs.map { input in input.indices.sorted { (input[$0], $0) < (input[$1], $1) } }
    var growth = Growth(
      inputs: inputs, isCase: isCase, cases: isCase.count { $0 },
      smallest: max(Int((minimumShare * Double(rows)).rounded(.up)), 1))
    growth.grow(orders, .everything, depth)
    leaves = growth.leaves
    splits = growth.splits
  }

  private struct Growth {
    let inputs: [[Double]]
    let isCase: [Bool]
    let cases: Int
    let smallest: Int
    var leaves: [Leaf] = []
    var splits: [Split] = []

    private static func impurity(_ cases: Int, _ count: Int) -> Double {
      count > 0 ? 2 * Double(cases) * Double(count - cases) / Double(count) : 0
    }

    mutating func grow(_ orders: [[Int]], _ box: ScenarioBox, _ depth: Int) {
      let count = orders[0].count
      let own = orders[0].count { isCase[$0] }
      guard depth > 0, let (input, cut, gain) = bestSplit(orders, count, own) else {
        leaves.append(
          Leaf(box: box, quality: BoxQuality(count: count, cases: own, of: isCase.count, cases: cases)))
        return
      }
      let all = Growth.impurity(cases, isCase.count)
      splits.append(Split(box: box, input: input, cut: cut, gain: gain / all))
      let values = inputs[input]
      let limits = box.limits(of: input)
      grow(
        orders.map { $0.filter { values[$0] <= cut } }, box.setting(lower: limits.lower, upper: cut, of: input),
        depth - 1)
      grow(
        orders.map { $0.filter { values[$0] > cut } }, box.setting(lower: cut, upper: limits.upper, of: input),
        depth - 1)
    }

    private func bestSplit(_ orders: [[Int]], _ count: Int, _ own: Int) -> (input: Int, cut: Double, gain: Double)? {
      let before = Growth.impurity(own, count)
      var best: (input: Int, cut: Double, gain: Double)?
      for (input, order) in orders.enumerated() {
        let values = inputs[input]
        var left = 0
        for position in 0..<max(count - 1, 0) {
          if isCase[order[position]] { left += 1 }
          let (here, next) = (values[order[position]], values[order[position + 1]])
          let size = position + 1
          guard here < next, size >= smallest, count - size >= smallest else { continue }
          let gain = before - Growth.impurity(left, size) - Growth.impurity(own - left, count - size)
          // Rounding alone is no gain.
          if gain > max(best?.gain ?? 0, 1e-12 * before) { best = (input, here + (next - here) / 2, gain) }
        }
      }
      return best
    }
  }
}
