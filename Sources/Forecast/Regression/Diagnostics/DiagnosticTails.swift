import NumericKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Tail probabilities and quantiles that the diagnostics need beside ``Distributions``.
enum DiagnosticTails {
  /// P(F > f): the incomplete beta function I_x(d2/2, d1/2) at x = d2 / (d2 + d1 f), without cancellation in the tail.
  static func fUpper(_ f: Double, _ d1: Double, _ d2: Double) -> Double {
    guard !f.isNaN, d1 > 0, d2 > 0 else { return .nan }
    if f <= 0 { return 1 }
    if f == .infinity { return 0 }
    return Distributions.regularizedBeta(d2 / (d2 + d1 * f), 0.5 * d2, 0.5 * d1)
  }

  /// P(chi² > x) = Q(degrees / 2, x / 2).
  static func chiSquaredUpper(_ x: Double, _ degrees: Double) -> Double {
    guard !x.isNaN, degrees > 0 else { return .nan }
    if x <= 0 { return 1 }
    return Distributions.gammaTails(shape: 0.5 * degrees, 0.5 * x).upper
  }

  /// The quantile of Student's t, by Newton steps on the tail kept inside a bracket; relative error about 1e-13.
  /// NaN outside (0, 1) or for degrees that are not positive.
  static func studentTQuantile(_ probability: Double, degreesOfFreedom nu: Double) -> Double {
    guard probability > 0, probability < 1, nu > 0 else { return .nan }
    if probability == 0.5 { return 0 }
    if nu > 1e8 { return VectorMath.normalQuantile(probability) }
    let tail = 2 * min(probability, 1 - probability)
    var low = 0.0
    var high = 1.0
    while Distributions.studentTTwoSided(high, degreesOfFreedom: nu) > tail, high < 1e300 {
      low = high
      high *= 2
    }
    var t = 0.5 * (low + high)
    let logConstant =
      Distributions.logGamma(0.5 * (nu + 1)) - Distributions.logGamma(0.5 * nu)
      - 0.5 * VectorMath.log(nu * Double.pi)
    for _ in 0..<200 {
      let gap = Distributions.studentTTwoSided(t, degreesOfFreedom: nu) - tail
      if gap > 0 { low = t } else { high = t }
      let density = VectorMath.exp(logConstant - 0.5 * (nu + 1) * log1p(t * t / nu))
      var next = t + gap / (2 * density)
      if !(next > low && next < high) { next = 0.5 * (low + high) }
      if abs(next - t) <= 1e-15 * t { break }
      t = next
    }
    return probability > 0.5 ? t : -t
  }

  /// P(sum of weights[i] z[i]² < 0) for independent standard normals z.
  ///
  /// Imhof's inversion (Biometrika 48, 1961): 1/2 - (1/π) ∫ sin θ(u) / (u ρ(u)) du with θ = Σ atan(w u) / 2 and ρ = Π (1
  /// + w² u²)^¼. In log u the integrand is analytic in a strip of half-width π/2 and falls off at both ends, so the
  /// trapezoidal rule with step 0.1 is exact to rounding. O(1000 n).
  static func negativeQuadraticForm(_ weights: [Double]) -> Double {
    let largest = weights.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return .nan }
    let scaled = weights.filter { abs($0) > 1e-15 * largest }.map { $0 / largest }
    if scaled.allSatisfy({ $0 > 0 }) { return 0 }
    if scaled.allSatisfy({ $0 < 0 }) { return 1 }
    let step = 0.1
    var terms: [Double] = []
    // The lower end falls as u, the upper end at least as u^(-1): two weights of opposite sign remain.
    for k in -420...420 {
      let u = VectorMath.exp(step * Double(k))
      var angle = 0.0
      var logRoot = 0.0
      for w in scaled {
        angle += atan(w * u)
        logRoot += log1p(w * u * (w * u))
      }
      terms.append(sin(0.5 * angle) * VectorMath.exp(-0.25 * logRoot))
    }
    return min(1, max(0, 0.5 - step * Reductions.sum(terms) / Double.pi))
  }
}
