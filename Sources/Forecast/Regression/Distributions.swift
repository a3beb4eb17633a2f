import NumericKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Distribution functions that tests and intervals of a regression need.
///
/// The normal and Student functions serve estimation and may differ in the last bit between C libraries. The gamma and
/// Poisson functions (`GammaDistribution.swift`) serve simulation and have the same bits everywhere.
public enum Distributions {
  /// The standard normal distribution function, erfc(-z / sqrt 2) / 2.
  ///
  /// Accurate to a few ulp times z² in the lower tail (0 below about -38.5); NaN stays NaN.
  public static func normalCDF(_ z: Double) -> Double { 0.5 * erfc(-z * 0.5.squareRoot()) }

  /// P(|Z| >= |z|) of a standard normal, without cancellation in the tails.
  public static func normalTwoSided(_ z: Double) -> Double { erfc(abs(z) * 0.5.squareRoot()) }

  /// The distribution function of Student's t.
  ///
  ///     P(T <= t) = 1 - I_x(ν/2, 1/2) / 2 for t >= 0, with x = ν / (ν + t²)
  ///
  /// - Parameter degreesOfFreedom: ν > 0, need not be whole; infinity gives the normal; NaN or ν <= 0 gives NaN.
  public static func studentTCDF(_ t: Double, degreesOfFreedom: Double) -> Double {
    let tail = 0.5 * studentTTwoSided(t, degreesOfFreedom: degreesOfFreedom)
    return t > 0 ? 1 - tail : tail
  }

  /// P(|T| >= |t|) of Student's t: the two-sided p value, without cancellation in the tails.
  ///
  /// Relative error about 1e-13 for ν up to 1e6. Beyond 1e8 the normal is used (they differ by less than 1e-8 relative
  /// in any region of interest).
  public static func studentTTwoSided(_ t: Double, degreesOfFreedom: Double) -> Double {
    guard !t.isNaN, degreesOfFreedom > 0 else { return .nan }
    if degreesOfFreedom > 1e8 { return normalTwoSided(t) }
    let square = t * t
    guard square.isFinite else { return 0 }
    let total = degreesOfFreedom + square
    let a = 0.5 * degreesOfFreedom
    // x and 1 - x are both formed without subtraction, and log x from the smaller of the two.
    let x = degreesOfFreedom / total
    let complement = square / total
    if complement == 0 { return 1 }
    let logX = -log1p(square / degreesOfFreedom)
    let logFront = a * logX + 0.5 * VectorMath.log(complement) - logBetaHalf(a)
    let front = VectorMath.exp(logFront)
    if x < (a + 1) / (a + 2.5) { return front * betaFraction(a, 0.5, x) / a }
    return 1 - front * betaFraction(0.5, a, complement) / 0.5
  }

  /// The regularised incomplete beta function I_x(a, b), by the continued fraction of Gauss evaluated with Lentz's
  /// method.
  ///
  /// - Returns: NaN unless a, b > 0 and 0 <= x <= 1.
  public static func regularizedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard a > 0, b > 0, x >= 0, x <= 1 else { return .nan }
    if x == 0 || x == 1 { return x }
    let logBeta = logGamma(a) + logGamma(b) - logGamma(a + b)
    let front = VectorMath.exp(a * VectorMath.log(x) + b * log1p(-x) - logBeta)
    if x < (a + 1) / (a + b + 2) { return front * betaFraction(a, b, x) / a }
    return 1 - front * betaFraction(b, a, 1 - x) / b
  }

  /// log B(a, 1/2). For large a the difference of two log-gammas would lose digits, so their Stirling forms are
  /// subtracted first.
  private static func logBetaHalf(_ a: Double) -> Double {
    let logRootPi = 0.572364942924700087
    guard a > 50 else { return logGamma(a) + logRootPi - logGamma(a + 0.5) }
    let gap =
      a * log1p(0.5 / a) + 0.5 * VectorMath.log(a) - 0.5 + stirlingCorrection(a + 0.5) - stirlingCorrection(a)
    return logRootPi - gap
  }

  private static func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    func guarded(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / guarded(1 - (a + b) * x / (a + 1))
    var result = d
    var m = 1.0
    while m < 100_000 {
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / guarded(1 + even * d)
      c = guarded(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / guarded(1 + odd * d)
      c = guarded(1 + odd / c)
      let factor = d * c
      result *= factor
      if abs(factor - 1) < 1e-16 { break }
      m += 1
    }
    return result
  }
}
