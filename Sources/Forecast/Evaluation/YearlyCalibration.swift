/// How much wider than Gaussian the bands of a yearly forecast must be.
///
/// A model fitted to ten to thirty yearly values does not know what it does not know: its choice of form, its parameters, breaks
/// to come. Measured on yearly series, its standard normal z at step h must be stretched by a factor:
///
///     stretched(z, h) = z f(|z|, h)
///
/// with f the 80% factor up to |z| = 1.2816, from there straight to the 95% factor at |z| = 1.9600, and constant beyond. Factors
/// are given for steps 1 ... 4 and stay as at step 4 after it. The map is odd and increasing, so quantiles keep their order and
/// the median stays.
public struct YearlyCalibration: Equatable, Sendable {
  /// Factors of the 80% band at steps 1, 2, ...
  public let factors80: [Double]
  /// Factors of the 95% band at steps 1, 2, ...
  public let factors95: [Double]

  /// The standard normal quantiles of 0.9 and 0.975.
  static let inner = 1.2815515655446004
  static let outer = 1.959963984540054

  /// - Returns: nil unless there is a factor for at least one step and 0 < 80% factor <= 95% factor, finite, at every step.
  public init?(factors80: [Double], factors95: [Double]) {
    guard !factors80.isEmpty, factors80.count == factors95.count,
      zip(factors80, factors95).allSatisfy({ $0 > 0 && $0 <= $1 && $1.isFinite })
    else { return nil }
    self.factors80 = factors80
    self.factors95 = factors95
  }

  private init(measured80: [Double], measured95: [Double]) {
    factors80 = measured80
    factors95 = measured95
  }

  /// The factors in use.
  public static let standard = YearlyCalibration(
    measured80: [1.2, 1.28, 1.37, 1.45], measured95: [1.6, 1.68, 1.77, 1.85])

  /// No stretching.
  public static let none = YearlyCalibration(measured80: [1], measured95: [1])

  /// The stretched value of a standard normal `z` at step `step` (1, 2, ...; smaller ones count as 1).
  ///
  /// NaN stays NaN, infinities stay infinite.
  public func stretched(_ z: Double, step: Int) -> Double {
    let index = min(max(step, 1), factors80.count) - 1
    let (low, high) = (factors80[index], factors95[index])
    let position = min(max((abs(z) - Self.inner) / (Self.outer - Self.inner), 0), 1)
    return z * (low + (high - low) * position)
  }
}
