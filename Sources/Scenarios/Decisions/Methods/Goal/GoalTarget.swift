import NumericKernels

/// A value that an outcome is to reach with a given probability.
public struct GoalTarget: Equatable, Sendable {
  public enum Direction: Equatable, Sendable {
    case atLeast
    case atMost
  }

  public let value: Double
  public let probability: Double
  public let direction: Direction

  public init(value: Double, probability: Double, direction: Direction = .atLeast) {
    self.value = value
    self.probability = probability
    self.direction = direction
  }

  /// The share of draws that reach the value.
  public func share(_ draws: [Double]) -> Double {
    let met = draws.count { direction == .atLeast ? $0 >= value : $0 <= value }
    return draws.isEmpty ? 0 : Double(met) / Double(draws.count)
  }

  /// How many of `count` draws must reach the value.
  func needed(of count: Int) -> Int { min(max(Int((probability * Double(count) - 1e-9).rounded(.up)), 1), count) }

  /// By how much the draw that decides is better than the value: the k-th best of n for k = ceil(p n). Negative where
  /// the value is not reached with the probability; minus infinity where a draw is not finite or there is none.
  func margin(_ draws: [Double]) -> Double {
    guard !draws.isEmpty, draws.allSatisfy(\.isFinite) else { return -.infinity }
    let needed = needed(of: draws.count)
    if direction == .atMost { return value - Quantiles.orderStatistics(of: draws, ranks: [needed - 1])[0] }
    return Quantiles.orderStatistics(of: draws, ranks: [draws.count - needed])[0] - value
  }

  func margin(_ outcomes: [[Double]], _ place: Int) -> Double {
    outcomes.indices.contains(place) ? margin(outcomes[place]) : -.infinity
  }

  /// The value that is reached with the probability.
  func valueReached(_ draws: [Double]) -> Double {
    direction == .atLeast ? value + margin(draws) : value - margin(draws)
  }
}
