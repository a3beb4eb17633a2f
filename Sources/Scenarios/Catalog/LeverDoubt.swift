/// What a planner does not know about a measure itself: how large it will be, and whether and when it comes (grade D).
public struct LeverDoubt: Equatable, Sendable {
  /// A value that is only known to lie in a range: a triangular law from `low` to `high` with its peak at `central`, one draw per
  /// future, the same in every option that names the lever. It never leaves the range, and its mean is (low + central + high) / 3.
  public struct Spread: Equatable, Sendable {
    public var low: Double
    public var central: Double
    public var high: Double
    /// Whether the three are multiples of the lever's baseline path.
    public var isMultiple: Bool

    public init(low: Double, central: Double, high: Double, isMultiple: Bool = false) {
      self.low = low
      self.central = central
      self.high = high
      self.isMultiple = isMultiple
    }

    /// The lowest and the highest amount.
    var ends: [Amount] { [low, high].map { isMultiple ? .multiple($0) : .value($0) } }

    /// By how many units of the lever a year's value moves for each unit of this range.
    func scale(base: Double) -> Double { isMultiple ? base : 1 }

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
