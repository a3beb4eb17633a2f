/// A region of the inputs described by limits: "growth below 5.1 and delay above 2".
public struct ScenarioBox: Equatable, Sendable {
  /// The limits of one input; a missing one does not restrict.
  public struct Limits: Equatable, Sendable {
    /// Position of the input.
    public let input: Int
    /// Inside means at least this.
    public let lower: Double?
    /// Inside means at most this.
    public let upper: Double?

    public init(input: Int, lower: Double?, upper: Double?) {
      self.input = input
      self.lower = lower
      self.upper = upper
    }
  }

  /// By input; inputs without a limit do not appear.
  public let limits: [Limits]

  /// Limits of one input that occurs twice are intersected.
  public init(_ limits: [Limits]) {
    var merged: [Int: Limits] = [:]
    for limit in limits where limit.lower != nil || limit.upper != nil {
      let old = merged[limit.input]
      let lower = [old?.lower, limit.lower].compactMap { $0 }.max()
      let upper = [old?.upper, limit.upper].compactMap { $0 }.min()
      merged[limit.input] = Limits(input: limit.input, lower: lower, upper: upper)
    }
    self.limits = merged.values.sorted { $0.input < $1.input }
  }

  /// The whole space.
  public static let everything = ScenarioBox([])

  /// Whether a point lies inside, limits included; an input the point lacks does not count.
  public func contains(_ point: [Double]) -> Bool {
    limits.allSatisfy { limit in
      guard point.indices.contains(limit.input) else { return true }
      return limit.holds(point[limit.input])
    }
  }

  func setting(lower: Double?, upper: Double?, of input: Int) -> ScenarioBox {
    ScenarioBox(limits.filter { $0.input != input } + [Limits(input: input, lower: lower, upper: upper)])
  }

  func limits(of input: Int) -> Limits {
    limits.first { $0.input == input } ?? Limits(input: input, lower: nil, upper: nil)
  }
}

extension ScenarioBox.Limits {
  public func holds(_ value: Double) -> Bool {
    if let lower, value < lower { return false }
    if let upper, value > upper { return false }
    return true
  }
}
