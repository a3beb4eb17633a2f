/// A number held as the unevaluated sum of two doubles: about 106 bits of precision, 31 decimal digits.
///
///     value = high + low,  |low| <= ulp(high) / 2
///
/// Sums and products of two doubles are split without error (Knuth's two-sum; the product's rounding error by one fused
/// multiply-add); the operations of the type then have these relative errors, u = 2⁻⁵³ (Joldes, Muller and Popescu, Tight
/// and rigorous error bounds for basic building blocks of double-word arithmetic, ACM TOMS 44, 2017):
///
/// | operation | error at most |
/// |---|---|
/// | + and - | 3u² + 13u³ |
/// | * | 5u² |
/// | / | 15u² |
/// | square root | 16u² |
///
/// ```swift
/// let third = DoubleDouble(1) / 3
/// print(third.high, third.low)  // 0.3333333333333333 1.850371707708594e-17
/// ```
///
/// Edge cases: the exponent range is that of a double, so the low part is lost to underflow below about 1e-290; an infinity
/// or NaN comes out as NaN. Left out on purpose: rounding modes, elementary functions, text.
public struct DoubleDouble: Equatable, Sendable {
  /// The nearest double.
  public let high: Double
  /// What `high` leaves out.
  public let low: Double

  public static let zero = DoubleDouble(0)

  @inlinable
  public init(_ value: Double) {
    high = value
    low = 0
  }

  /// high + low, brought to normal form; any two doubles will do.
  @inlinable
  public init(high: Double, low: Double) {
    let sum = high + low
    let part = sum - high
    self.high = sum
    self.low = (high - (sum - part)) + (low - part)
  }

  /// Two parts that are in normal form already.
  @inlinable
  init(normal high: Double, _ low: Double) {
    self.high = high
    self.low = low
  }

  /// |high| >= |low|: one operation less than two-sum needs.
  @inlinable
  static func quickSum(_ high: Double, _ low: Double) -> DoubleDouble {
    let sum = high + low
    return DoubleDouble(normal: sum, low - (sum - high))
  }

  /// a + b without error.
  @inlinable
  public static func sum(_ a: Double, _ b: Double) -> DoubleDouble { DoubleDouble(high: a, low: b) }

  /// a b without error, short of underflow.
  @inlinable
  public static func product(_ a: Double, _ b: Double) -> DoubleDouble {
    let product = a * b
    return DoubleDouble(normal: product, (-product).addingProduct(a, b))
  }

  /// The nearest double.
  @inlinable public var value: Double { high }
  @inlinable public var magnitude: DoubleDouble { high < 0 ? -self : self }
  @inlinable public var isFinite: Bool { high.isFinite && low.isFinite }

  @inlinable
  public static prefix func - (x: DoubleDouble) -> DoubleDouble { DoubleDouble(normal: -x.high, -x.low) }

  @inlinable
  public static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let high = sum(a.high, b.high)
    let low = sum(a.low, b.low)
    let first = quickSum(high.high, high.low + low.high)
    return quickSum(first.high, first.low + low.low)
  }

  @inlinable
  public static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + -b }

  @inlinable
  public static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let head = product(a.high, b.high)
    return quickSum(head.high, head.low + (a.high * b.low + a.low * b.high))
  }

  @inlinable
  public static func * (a: DoubleDouble, b: Double) -> DoubleDouble {
    let head = product(a.high, b)
    return quickSum(head.high, head.low.addingProduct(a.low, b))
  }

  /// Long division with three quotient digits.
  @inlinable
  public static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let first = a.high / b.high
    var remainder = a - b * first
    let second = remainder.high / b.high
    remainder = remainder - b * second
    let third = remainder.high / b.high
    return quickSum(first, second) + DoubleDouble(third)
  }

  /// The square root: one Newton step from the double's (Karp and Markstein, 1997); NaN for negative numbers.
  @inlinable
  public func squareRoot() -> DoubleDouble {
    guard high > 0 else { return DoubleDouble(high == 0 ? 0 : .nan) }
    let root = high.squareRoot()
    let remainder = self - DoubleDouble.product(root, root)
    return DoubleDouble.quickSum(root, remainder.high / (2 * root))
  }

  @inlinable
  public static func += (a: inout DoubleDouble, b: DoubleDouble) { a = a + b }

  @inlinable
  public static func -= (a: inout DoubleDouble, b: DoubleDouble) { a = a - b }

  /// x y of two lists of doubles, each product and sum carried in twice the working precision.
  ///
  /// The error is at most about n u² of the sum of |x y| (Ogita, Rump and Oishi, Accurate sum and dot product, 2005). The
  /// lists must be of equal length; the longer one's rest is left out.
  public static func dot(_ x: [Double], _ y: [Double]) -> DoubleDouble {
    var total = DoubleDouble.zero
    for index in 0..<min(x.count, y.count) { total += product(x[index], y[index]) }
    return total
  }

  /// The sum of doubles in twice the working precision.
  public static func sum(_ values: [Double]) -> DoubleDouble {
    var total = DoubleDouble.zero
    for value in values { total += DoubleDouble(value) }
    return total
  }
}

extension DoubleDouble: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  @inlinable public init(floatLiteral value: Double) { self.init(value) }
  @inlinable public init(integerLiteral value: Int) {
    let high = Double(value)
    // Within a rounding of the integer; 2⁶³ itself does not fit an Int.
    self.init(high: high, low: Double(Int(exactly: high).map { value &- $0 } ?? value &- Int.max &- 1))
  }
}

extension DoubleDouble: Comparable {
  @inlinable
  public static func < (a: DoubleDouble, b: DoubleDouble) -> Bool {
    a.high < b.high || (a.high == b.high && a.low < b.low)
  }
}
