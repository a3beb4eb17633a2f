/// What a planner does not know about a measure itself: how large it will be, and whether and when it comes (grade D).
public struct LeverDoubt: Equatable, Sendable {
  /// A value that is only known to lie in a range: a triangular law from `low` to `high` with its peak at `central`, one draw per
  /// future, the same in every option that names the lever. It never leaves the range, and its mean is (low + central + high) / 3.
  public struct Spread: Equatable, Sendable {
    public var low: Double
    public var central: Double
    public var high: Double

    public init(low: Double, central: Double, high: Double) {
      self.low = low
      self.central = central
      self.high = high
    }

    public var mean: Double { (low + central + high) / 3 }

    /// The value below which the share `u` (0...1) of the futures lies.
    public func value(atUniform u: Double) -> Double {
      let width = high - low
      guard width > 0 else { return central }
      if u * width < central - low { return low + (u * width * (central - low)).squareRoot() }
      return high - ((1 - u) * width * (high - central)).squareRoot()
    }
  }

  public var spread: Spread?
  /// Takes the place of what the model says about the lever's delivery.
  public var delivery: LeverDefinition.Delivery?
}
