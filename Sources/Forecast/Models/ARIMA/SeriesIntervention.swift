/// A known event in a series: when it happened and how its effect evolves.
///
///     pulse: 1 at its time, 0 else            temporary change: decay^k, k steps after its time
///     level shift: 1 from its time on         ramp: 1, 2, 3, ... from its time on, constant after `length` steps
public struct SeriesIntervention: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case pulse
    case levelShift
    /// - Parameter length: steps until it stops rising; nil for never.
    case ramp(length: Int?)
    /// - Parameter decay: within 0 ..< 1; 0.7 is customary.
    case temporaryChange(decay: Double)
  }

  public var kind: Kind
  /// The index of the observation where it starts, from 0; it may lie beyond the sample.
  public var position: Int
  public var name: String

  public init(_ kind: Kind, at position: Int, name: String? = nil) {
    self.kind = kind
    self.position = position
    self.name = name ?? "\(kind) at \(position + 1)"
  }

  /// The value at one time.
  public func value(at time: Int) -> Double {
    let steps = time - position
    guard steps >= 0 else { return 0 }
    switch kind {
    case .pulse: return steps == 0 ? 1 : 0
    case .levelShift: return 1
    case .ramp(let length): return Double(min(steps + 1, max(length ?? .max, 1)))
    case .temporaryChange(let decay):
      var value = 1.0
      for _ in 0..<steps where value > 1e-300 { value *= decay }
      return value
    }
  }

  /// The values at `times`.
  public func values(_ times: Range<Int>) -> [Double] {
    guard case .temporaryChange(let decay) = kind else { return times.map(value(at:)) }
    var value = times.lowerBound > position ? self.value(at: times.lowerBound) : 1
    return times.map { time in
      guard time >= position else { return 0 }
      defer { value *= decay }
      return value
    }
  }
}
