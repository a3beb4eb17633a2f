/// The standard normal law, from arithmetic and ``VectorMath`` alone: the same bits on every machine.
public enum StandardNormal {
  /// P(Z <= z). Relative error of the smaller tail about 1e-13; 0 below -37.5, 1 above 8.3; NaN stays NaN.
  ///
  /// Rational approximation of Hart et al., "Computer Approximations" (1968), algorithm 5666, with a continued fraction in the
  /// tails, as given by West, "Better approximations to cumulative normal functions", Wilmott (2005).
  public static func cumulative(_ z: Double) -> Double {
    if z.isNaN { return .nan }
    let x = abs(z)
    guard x <= 38 else { return z < 0 ? 0 : 1 }
    let density = VectorMath.exp(-0.5 * x * x)
    var tail: Double
    if x < 7.07106781186547 {
      var above = 3.52624965998911e-02 * x + 0.700383064443688
      above = above * x + 6.37396220353165
      above = above * x + 33.912866078383
      above = above * x + 112.079291497871
      above = above * x + 221.213596169931
      above = above * x + 220.206867912376
      var below = 8.83883476483184e-02 * x + 1.75566716318264
      below = below * x + 16.064177579207
      below = below * x + 86.7807322029461
      below = below * x + 296.564248779674
      below = below * x + 637.333633378831
      below = below * x + 793.826512519948
      below = below * x + 440.413735824752
      tail = density * above / below
    } else {
      var fraction = x + 0.65
      fraction = x + 4 / fraction
      fraction = x + 3 / fraction
      fraction = x + 2 / fraction
      fraction = x + 1 / fraction
      tail = density / fraction / 2.506628274631
    }
    return z > 0 ? 1 - tail : tail
  }
}
