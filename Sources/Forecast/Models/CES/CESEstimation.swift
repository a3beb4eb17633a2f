/// How the parameters of ``ComplexExponentialSmoothing`` are chosen.
public enum CESEstimation: Equatable, Sendable {
  /// Least squares with a pull of the imaginary part a1 towards 1, where the level neither grows nor dies out: n
  /// log(sum of squares) is raised by 250 m (a1 - 1)^2, m the seasonal period, as by a normal prior of deviation 0.045
  /// per step of a yearly series. And a0 keeps to 1.1 ... 1.9, inside the interval 1 ... 2 where (for a1 = 1) the
  /// filter forgets its start; below it the minima are many and narrow.
  ///
  /// Forecasts are clearly better than by `likelihood`, which takes a few steep years for exponential growth.
  case shrunken
  /// Least squares alone, the Gaussian likelihood, a0 in 0.01 ... 1.8: as statsforecast.
  case likelihood

  /// What (a1 - 1)^2 is multiplied by.
  func pull(seasonalPeriod: Int) -> Double { self == .shrunken ? 250 * Double(seasonalPeriod) : 0 }

  /// Where a search may go.
  var lower: [Double] { [self == .shrunken ? 1.1 : 0.01, 0.01, 0.01, 0.01] }
  var upper: [Double] { [self == .shrunken ? 1.9 : 1.8, 1.9, 1.5, 1.5] }

  /// Where searches start.
  func starts(_ form: CESForm) -> [[Double]] {
    var result: [[Double]]
    switch form {
    case .nonseasonal, .simple: result = [[1.3, 1], [1.75, 1.02], [0.85, 1]]
    case .partial: result = [[1.3, 1, 0.1], [1.75, 1, 0.02], [0.92, 1, 0.04]]
    case .full: result = [[1.3, 1, 1.3, 1], [1.75, 1, 1, 1], [0.95, 1, 1.02, 1]]
    }
    if self == .shrunken { result.removeLast() }
    return result
  }
}
