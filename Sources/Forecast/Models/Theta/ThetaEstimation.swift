/// How a theta model's parameters are chosen.
public enum ThetaEstimation: Equatable, Sendable {
  /// Least squares in alpha and theta, all errors but the first counting, with the initial level held at y[1] / theta,
  /// where the literature starts it. The weight of the line is drawn to the classical 1/2 as by one more observation of
  /// the size of the mean change.
  ///
  /// Forecasts are better than by `leastSquares`: a free level can serve a single early observation, and then alpha is
  /// wrong.
  case anchored
  /// Least squares in alpha, theta and the initial level, the first three errors left out: the estimator of the
  /// authors' package and of statsforecast.
  case leastSquares

  /// How many errors at the start do not count.
  var skipped: Int { self == .anchored ? 1 : 3 }

  /// The weight of the pull on the line's weight, in squares of the mean change.
  var pull: Double { self == .anchored ? 1 : 0 }

  /// How many parameters the squared errors have paid for.
  func parameters(_ variant: ThetaVariant) -> Int {
    1 + (variant.estimatesTheta ? 1 : 0) + (self == .leastSquares ? 1 : 0)
  }
}
