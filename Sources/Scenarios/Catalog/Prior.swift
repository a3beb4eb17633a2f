import NumericKernels

/// What is believed about an effect before it is applied here.
///
/// `low` and `high` are read as the ends of a 50% interval; tails are those of Student's t with five degrees of freedom, and the
/// interval is widened by the transfer factor of the effect's grade (see ``GradeRules``). Where low, central and high have one sign,
/// the side towards zero is widened as a ratio, so that widening never turns an effect round.
public struct Prior: Equatable, Sendable {
  public var low: Double
  public var central: Double
  public var high: Double

  public init(low: Double, central: Double, high: Double) {
    self.low = low
    self.central = central
    self.high = high
  }

  /// The quartile of Student's t with five degrees of freedom.
  private static let quartile = 0.7266868438

  /// The value at a standard normal position: a two-piece Student t (5 degrees of freedom) about `central`.
  ///
  /// The t quantile comes from the normal one by the Cornish-Fisher expansion to 1/n² (Abramowitz and Stegun 26.7.5): only
  /// multiplications, so the same bits everywhere.
  public func value(atNormal z: Double, widening: Double) -> Double {
    let t = Prior.student(z)
    let steps = t * widening / Prior.quartile
    if low * high > 0, central > 0 ? t < 0 : t > 0 {
      return central * VectorMath.exp(logRatio * abs(steps))
    }
    return central + steps * (t < 0 ? central - low : high - central)
  }

  /// ``value(atNormal:widening:)`` of every element.
  func values(atNormals z: [Double], widening: Double) -> [Double] {
    guard low * high > 0 else { return z.map { value(atNormal: $0, widening: widening) } }
    let logRatio = logRatio
    let steps = z.map { Prior.student($0) * widening / Prior.quartile }
    let factors = VectorMath.exp(steps.map { logRatio * abs($0) })
    return z.indices.map { d in
      let t = Prior.student(z[d])
      if central > 0 ? t < 0 : t > 0 { return central * factors[d] }
      return central + steps[d] * (t < 0 ? central - low : high - central)
    }
  }

  @inline(__always)
  private static func student(_ z: Double) -> Double {
    let square = z * z
    let first = z * (square + 1) / 20
    let second = z * ((5 * square + 16) * square + 3) / 2400
    return z + first + second
  }

  /// The logarithm of the step towards zero, where low, central and high have one sign.
  private var logRatio: Double { VectorMath.log(central > 0 ? low / central : high / central) }
}

/// How much a grade widens the interval of an effect carried over to the province, and the default interval where the evidence
/// gives none. These are data of the model folder.
public struct GradeRules: Equatable, Sendable {
  public var transferFactors: [Grade: Double]
  /// Half-width of the 50% interval as a share of the central value, where a row has no low and high.
  public var defaultHalfWidth: Double

  public func widening(_ grade: Grade) -> Double { transferFactors[grade] ?? 1 }
}
