import NumericKernels

/// Which player brought how much: Shapley values of any function of a set of players, for many outputs at once.
///
/// A player's value is its mean marginal change over all orders in which the players can join. The values of every
/// order telescope, so they add up to v(all) - v(none) whatever the function does. Up to `mostForExact` players all
/// subsets are computed; beyond, orders are sampled by the seed, each followed by its reverse (antithetic), which is
/// exact for functions with pairwise interactions only. Sources: Shapley (1953); Castro, Gómez and Tejada, Computers
/// & OR 36 (2009).
public struct ShapleyValues: Sendable {
  public static let mostForExact = 12

  /// By player and output.
  public let values: [[Double]]
  /// Standard errors of sampled orders by player and output; zero when all subsets were computed.
  public let samplingErrors: [[Double]]
  /// v(all) - v(none), by output.
  public let total: [Double]
  /// What all bring together beyond the sum of what each brings alone, by output.
  public let interaction: [Double]
  /// What each brings alone, by player and output.
  public let alone: [[Double]]
  /// Orders that were sampled; 0 when all subsets were computed.
  public let orders: Int

  /// - Parameters:
  ///   - players: 0 ... 64.
  ///   - exactUpTo: the largest number of players for which all subsets are computed, at most 20.
  ///   - orderPairs: sampled orders, each with its reverse; at least 2.
  ///   - value: the outputs for a set of players given as bits; called once for each set that is needed, in a fixed
  ///     order.
  /// - Throws: `tooMany`, `lengths`, `outside`, `nonFinite`, and what `value` throws.
  public init(
    players: Int, exactUpTo: Int = ShapleyValues.mostForExact, orderPairs: Int = 50, seed: UInt64 = 0, id: String = "",
    value: (UInt64) throws -> [Double]
  ) throws {
    let name = "Shapley values"
    guard players >= 0, players <= 64 else {
      throw DecisionError.tooMany(method: name, what: "players", allowed: 64, found: players)
    }
    guard exactUpTo <= 20, orderPairs >= 2 else {
      throw DecisionError.outside(
        method: name, what: "the effort", expected: "all subsets up to 20 players, at least 2 pairs of orders")
    }
    var table = Table()
    let none = try table.value(0, value)
    let everyone: UInt64 = players == 64 ? .max : (1 << UInt64(players)) - 1
    let all = try table.value(everyone, value)
    total = zip(all, none).map { $0 - $1 }
    let alone = try (0..<players).map { player in zip(try table.value(1 << UInt64(player), value), none).map { $0 - $1 }
    }
    self.alone = alone
    let together = zip(all, none).map { $0 - $1 }
    interaction = together.indices.map { output in alone.reduce(together[output]) { $0 - $1[output] } }
    if players <= exactUpTo {
      values = try ShapleyValues.exact(players, &table, outputs: none.count, value)
      samplingErrors = values.map { $0.map { _ in 0 } }
      orders = 0
    } else {
      let stream = RandomStream(seed: seed, id: "shapley/" + id, purpose: .model)
      (values, samplingErrors) = try ShapleyValues.sampled(
        players, orderPairs, stream, &table, outputs: none.count, value)
      orders = 2 * orderPairs
    }
  }

  private struct Table {
    private var known: [UInt64: [Double]] = [:]
    private var outputs: Int?

    mutating func value(_ mask: UInt64, _ function: (UInt64) throws -> [Double]) throws -> [Double] {
      if let found = known[mask] { return found }
      let result = try function(mask)
      if let outputs, result.count != outputs {
        throw DecisionError.lengths(
          method: "Shapley values", what: "the outputs", expected: outputs, found: result.count)
      }
      try DecisionError.requireFinite(result, "the outputs", method: "Shapley values")
      outputs = result.count
      known[mask] = result
      return result
    }
  }

  /// sum over sets S without the player of |S|! (n - |S| - 1)! / n! (v(S + player) - v(S)).
  private static func exact(
    _ players: Int, _ table: inout Table, outputs: Int, _ value: (UInt64) throws -> [Double]
  ) throws -> [[Double]] {
    var result = [[Double]](repeating: [Double](repeating: 0, count: outputs), count: players)
    guard players > 0 else { return result }
    var weights = [1 / Double(players)]
    for size in 1..<max(players, 1) {
      weights.append(weights[size - 1] * Double(size) / Double(players - size))
    }
    for mask in 0..<(UInt64(1) << UInt64(players)) {
      let before = try table.value(mask, value)
      let weight = weights[min(mask.nonzeroBitCount, players - 1)]
      for player in 0..<players where mask >> UInt64(player) & 1 == 0 {
        let after = try table.value(mask | 1 << UInt64(player), value)
        for output in 0..<outputs { result[player][output] += weight * (after[output] - before[output]) }
      }
    }
    return result
  }

  private static func sampled(
    _ players: Int, _ pairs: Int, _ stream: RandomStream, _ table: inout Table, outputs: Int,
    _ value: (UInt64) throws -> [Double]
  ) throws -> (values: [[Double]], errors: [[Double]]) {
    var sums = [[Double]](repeating: [Double](repeating: 0, count: outputs), count: players)
    var squares = sums
    for pair in 0..<pairs {
      var order = Array(0..<players)
      for i in stride(from: players - 1, to: 0, by: -1) {
        order.swapAt(i, min(Int(stream.uniform(item: pair, substream: i, draw: 0) * Double(i + 1)), i))
      }
      var steps = [[Double]](repeating: [Double](repeating: 0, count: outputs), count: players)
      for path in [order, order.reversed()] {
        var mask: UInt64 = 0
        var before = try table.value(0, value)
        for player in path {
          mask |= 1 << UInt64(player)
          let after = try table.value(mask, value)
          for output in 0..<outputs { steps[player][output] += (after[output] - before[output]) / 2 }
          before = after
        }
      }
      for player in 0..<players {
        for output in 0..<outputs {
          sums[player][output] += steps[player][output]
          squares[player][output] += steps[player][output] * steps[player][output]
        }
      }
    }
    let n = Double(pairs)
    let errors = zip(sums, squares).map { sum, square in
      zip(sum, square).map { (max($1 - $0 * $0 / n, 0) / (n - 1) / n).squareRoot() }
    }
    return (sums.map { $0.map { $0 / n } }, errors)
  }
}
