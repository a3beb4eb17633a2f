import NumericKernels

extension Distributions {
  /// The two-sided quantile of Student's t: the t > 0 with P(|T| >= t) = `probability`, about 1e-13 relative.
  ///
  /// Newton steps on the tail, kept inside a bracket. 0 for probability 1, infinity for 0, NaN outside [0, 1] or for
  /// degrees of freedom that are not positive.
  public static func studentTTwoSidedQuantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
    guard probability >= 0, probability <= 1, degreesOfFreedom > 0 else { return .nan }
    if probability == 1 { return 0 }
    if probability == 0 { return .infinity }
    if degreesOfFreedom > 1e8 { return -VectorMath.normalQuantile(0.5 * probability) }
    let half = 0.5 * degreesOfFreedom
    let logBeta = logGamma(half) + logGamma(0.5) - logGamma(half + 0.5)
    var low = 0.0
    var high = max(1, -VectorMath.normalQuantile(0.5 * probability))
    while studentTTwoSided(high, degreesOfFreedom: degreesOfFreedom) > probability {
      low = high
      high *= 2
      guard high.isFinite else { return .infinity }
    }
    var t = 0.5 * (low + high)
    for _ in 0..<200 {
      let excess = studentTTwoSided(t, degreesOfFreedom: degreesOfFreedom) - probability
      if excess > 0 { low = t } else { high = t }
      let logDensity =
        -(half + 0.5) * VectorMath.log(1 + t * t / degreesOfFreedom) - 0.5 * VectorMath.log(degreesOfFreedom) - logBeta
      var next = t + 0.5 * excess / VectorMath.exp(logDensity)
      if !(next > low && next < high) { next = 0.5 * (low + high) }
      let moved = abs(next - t)
      t = next
      if moved <= 2e-16 * t { break }
    }
    return t
  }

  /// P(F >= x) of Fisher's F.
  ///
  ///     I_y(d2 / 2, d1 / 2) with y = d2 / (d2 + d1 x)
  ///
  /// An infinite d2 gives the chi-squared tail of d1 x.
  public static func fisherUpperTail(_ x: Double, _ d1: Double, _ d2: Double) -> Double {
    guard d1 > 0, d2 > 0, !x.isNaN else { return .nan }
    guard x > 0 else { return 1 }
    guard d2 < 1e10 else { return chiSquaredUpperTail(d1 * x, degreesOfFreedom: d1) }
    return regularizedBeta(d2 / (d2 + d1 * x), 0.5 * d2, 0.5 * d1)
  }

  /// P(X >= x) of the chi-squared distribution.
  public static func chiSquaredUpperTail(_ x: Double, degreesOfFreedom: Double) -> Double {
    guard !x.isNaN else { return .nan }
    return x > 0 ? gammaTails(shape: 0.5 * degreesOfFreedom, 0.5 * x).upper : 1
  }
}
