/// How the parameters of ``ComplexExponentialSmoothing`` are chosen.
public enum CESEstimation: Equatable, Sendable {
  /// Least squares with a pull of the imaginary part a1 towards 1, where the level neither grows nor dies out: n log(sum of squares) is
  /// raised by 250 m (a1 - 1)^2, m the seasonal period, as by a normal prior of deviation 0.045 per step of a yearly series.
  ///
  /// Forecasts are clearly better than by `likelihood`, which takes a few steep years for exponential growth.
  case shrunken
  /// Least squares alone, the Gaussian likelihood: as statsforecast.
  case likelihood

  /// What (a1 - 1)^2 is multiplied by.
  func pull(seasonalPeriod: Int) -> Double { self == .shrunken ? 250 * Double(seasonalPeriod) : 0 }
}
