/// The standard normal law, from ``VectorMath`` alone: the same bits on every machine (which `erfc` of the C library does not
/// promise).
public enum StandardNormal {
  /// P(Z <= z). Relative error of the smaller tail under 1e-14 down to the smallest normal numbers; 0 below -38, 1
  /// above 8.3; NaN stays NaN.
  ///
  /// Rational Chebyshev approximations on three ranges by Cody, "Rational Chebyshev approximations for the error
  /// function", Mathematics of Computation 23 (1969), in the form for the normal law of his "Algorithm 715", ACM
  /// Transactions on Mathematical Software 19 (1993).
  public static func cumulative(_ z: Double) -> Double { VectorMath.normalCumulative(z) }
}
