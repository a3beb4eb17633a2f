import NumericKernels

/// Generalised least squares with first-order autoregressive errors, e[t] = ρ e[t-1] + u[t] (Prais and Winsten, 1954).
///
/// Each run of consecutive periods is transformed, its first row to sqrt(1 - ρ²) of itself and later ones to
/// x[t] - ρ x[t-1], and least squares repeated; ρ is the regression of the untransformed residuals on those before,
/// started from least squares and iterated until it moves by less than 1e-12. In a panel ρ is common to all units, and
/// no product reaches across units or over a missing period.
///
/// ```swift
/// let fit = try PraisWinstenRegression(outcome: y, regressors: [x])
/// print(fit.autocorrelation, fit.durbinWatsonBefore, fit.durbinWatsonAfter)
/// let table = try fit.regression.table()
/// ```
///
/// Edge cases: an exact fit has ρ = 0; one row per unit leaves nothing to estimate ρ from, which is ρ = 0 as well.
public struct PraisWinstenRegression: Sendable {
  /// ρ.
  public let autocorrelation: Double
  public let iterations: Int
  /// Least squares on the transformed rows: coefficients, covariances and tests given ρ. Its residuals are u, its R² is
  /// about zero and of the transformed outcome.
  public let regression: LinearRegression
  /// y - x'b, before the transformation.
  public let residuals: [Double]
  /// Of the least-squares residuals, and of u.
  public let durbinWatsonBefore: Double
  public let durbinWatsonAfter: Double

  /// Rows of one series in the order of time, without gaps.
  ///
  /// - Throws: what ``LinearRegression`` throws; `noConvergence`; `badDesign` when ρ reaches 1 (take differences).
  public init(
    outcome: [Double], regressors: [RegressionColumn], intercept: Bool = true, maximumIterations: Int = 500
  ) throws(ForecastError) {
    var columns = regressors
    if intercept {
      columns.insert(
        RegressionColumn(name: LinearRegression.interceptName, values: outcome.map { _ in 1 }), at: 0)
    }
    try self.init(
      outcome: outcome, columns: columns, runs: [Array(outcome.indices)], maximumIterations: maximumIterations)
  }

  /// A panel with one ρ.
  ///
  /// - Parameter unitIntercepts: one intercept per unit (columns named `unit:level`) instead of a common one.
  /// - Throws: as the other initialiser, and `badDesign` for two rows of one unit and period.
  public init(
    _ sample: PanelSample, unitIntercepts: Bool = false, maximumIterations: Int = 500
  ) throws(ForecastError) {
    var columns: [RegressionColumn] = []
    if unitIntercepts {
      for (unit, level) in sample.units.levels.enumerated() {
        columns.append(RegressionColumn(name: "unit:\(level)", values: sample.units.codes.map { $0 == unit ? 1 : 0 }))
      }
    } else {
      columns.append(RegressionColumn(name: LinearRegression.interceptName, values: sample.outcome.map { _ in 1 }))
    }
    try self.init(
      outcome: sample.outcome, columns: columns + sample.regressors, runs: sample.runs(model: "Prais-Winsten"),
      maximumIterations: maximumIterations)
  }

  private init(
    outcome: [Double], columns: [RegressionColumn], runs: [[Int]], maximumIterations: Int
  ) throws(ForecastError) {
    let model = "Prais-Winsten"
    let start = try LinearRegression(outcome: outcome, regressors: columns, intercept: false)
    durbinWatsonBefore = SerialCorrelation.durbinWatson(start.residuals, runs: runs)
    var current = start
    var left = start.residuals
    var rho = 0.0
    var count = 0
    let size = WeightedLeastSquares.length(outcome)
    while true {
      // A fit that is exact up to rounding has no errors to correlate.
      let next =
        WeightedLeastSquares.length(left) > 1e-13 * size ? SerialCorrelation.autoregression(left, runs: runs) : 0
      guard abs(next) < 1 else {
        throw .badDesign(
          model: model, reason: "the autocorrelation of the errors reached \(next); take differences of the columns")
      }
      let settled = count > 0 && abs(next - rho) < 1e-12
      if settled { break }
      guard count < maximumIterations else { throw .noConvergence(model: model, iterations: count) }
      count += 1
      rho = next
      let transformed = columns.map { column in
        RegressionColumn(
          name: column.name, values: PraisWinstenRegression.transformed(column.values, rho: rho, runs: runs))
      }
      current = try LinearRegression(
        outcome: PraisWinstenRegression.transformed(outcome, rho: rho, runs: runs), regressors: transformed,
        intercept: false)
      left = outcome
      for (name, coefficient) in zip(current.names, current.coefficients) {
        guard let column = columns.first(where: { $0.name == name }) else { continue }
        for row in left.indices { left[row] -= coefficient * column.values[row] }
      }
    }
    autocorrelation = rho
    iterations = count
    regression = current
    residuals = left
    durbinWatsonAfter = SerialCorrelation.durbinWatson(current.residuals, runs: runs)
  }

  private static func transformed(_ values: [Double], rho: Double, runs: [[Int]]) -> [Double] {
    var result = values
    let first = ((1 - rho) * (1 + rho)).squareRoot()
    for run in runs {
      for (place, row) in run.enumerated() {
        result[row] = place == 0 ? first * values[row] : values[row] - rho * values[run[place - 1]]
      }
    }
    return result
  }
}
