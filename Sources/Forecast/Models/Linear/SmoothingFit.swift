import NumericKernels

/// A filter run over a series, in the series' own unit.
struct SmoothingFit {
  let initialLevel: Double
  let initialTrend: Double
  let level: Double
  let trend: Double
  let covariance: SmoothingFilter.Covariance
  let residuals: [Double]
  let logLikelihood: Double
  /// The sum of squared errors, without the series' unit.
  private let squares: Double
  private let data: Observations

  /// - Parameter initial: states before the first usable observation, in the series' unit; nil to solve them by least squares.
  init(_ data: Observations, filter: SmoothingFilter, initial: (level: Double, trend: Double)?) {
    let start: (level: Double, trend: Double)
    if let initial {
      start = ((initial.level - data.origin) / data.rescaled(1), initial.trend / data.rescaled(1))
    } else {
      var scratch = [SIMD4<Double>](repeating: .zero, count: data.normalized.count)
      let solution = filter.solved(data.normalized, scratch: &scratch)
      start = (solution.level, solution.trend)
    }
    let pass = filter.pass(data.normalized, level: start.level, trend: start.trend)
    self.data = data
    initialLevel = data.origin + data.rescaled(start.level)
    initialTrend = data.rescaled(start.trend)
    level = data.origin + data.rescaled(pass.level)
    trend = data.rescaled(pass.trend)
    covariance = pass.covariance
    residuals = data.placed(pass.errors.map(data.rescaled))
    squares = pass.errors.reduce(0) { $0 + $1 * $1 }
    let count = Double(pass.errors.count)
    logLikelihood = -0.5 * (count * (VectorMath.log(squares) + 2 * data.logUnit) + pass.logVariances)
  }

  /// sqrt(sum of squares / max(n - parameters, 1)), in the series' unit.
  func deviation(parameters: Int) -> Double {
    data.rescaled((squares / Double(max(data.positions.count - parameters, 1))).squareRoot())
  }
}
