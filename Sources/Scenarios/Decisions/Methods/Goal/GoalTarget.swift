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
}
