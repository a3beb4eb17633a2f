import NumericKernels

/// What a regression expects at one new row, and how far off it may be.
public struct RegressionPrediction: Equatable, Sendable {
  /// x'b
  public let mean: Double
  /// sqrt(x'Vx): the uncertainty of the coefficients, largest far from the data (the row's leverage times s²).
  public let standardError: Double
  /// For the expected outcome.
  public let meanInterval: CoefficientInterval
  /// For one new outcome: variance x'Vx + s² / w.
  public let interval: CoefficientInterval
}

extension LinearRegression {
  /// Predictions at new rows, with intervals that include the row's leverage.
  ///
  /// - Parameters:
  ///   - regressors: the columns of the regression (without the intercept), by name and in any order.
  ///   - weights: precision of the new outcomes on the scale of the regression's weights; 1 if not given.
  ///   - estimator: the covariance of the coefficients; the variance of new outcomes is s² in any case.
  /// - Throws: `badDesign` for a missing column, columns of different lengths, or a regression with fixed effects (give
  ///   them as columns instead); `nonFinite`; what ``table(_:)`` throws.
  public func predictions(
    at regressors: [RegressionColumn], weights: [Double]? = nil, level: Double = 0.95,
    estimator: CovarianceEstimator = .classical
  ) throws(ForecastError) -> [RegressionPrediction] {
    let model = "prediction"
    guard effectFactors == nil else {
      throw .badDesign(
        model: model, reason: "the regression has fixed effects projected off; give the effects as columns to predict")
    }
    let count = regressors.first?.values.count ?? weights?.count ?? 1
    let precision = weights ?? [Double](repeating: 1, count: count)
    guard precision.count == count, precision.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw .badDesign(model: model, reason: "give one positive weight for each of the \(count) rows")
    }
    try checkColumns(regressors, count: count, model: model)
    var columns: [[Double]] = []
    for name in names {
      if let column = regressors.first(where: { $0.name == name }) {
        if let position = column.values.firstIndex(where: { !$0.isFinite }) {
          throw .nonFinite(model: "\(model), column \(name)", position: position)
        }
        columns.append(column.values)
      } else if name == LinearRegression.interceptName {
        columns.append([Double](repeating: 1, count: count))
      } else {
        throw .badDesign(model: model, reason: "the column \(name) is missing")
      }
    }
    let table = try table(estimator)
    let reach = try table.reference.reach(level: level)
    let variance = residualStandardDeviation * residualStandardDeviation
    return (0..<count).map { row in
      let x = columns.map { $0[row] }
      var mean = 0.0
      var spread = 0.0
      for a in x.indices {
        mean += x[a] * coefficients[a]
        for b in x.indices { spread += x[a] * table.covariance[a, b] * x[b] }
      }
      let error = max(spread, 0).squareRoot()
      let total = (max(spread, 0) + variance / precision[row]).squareRoot()
      return RegressionPrediction(
        mean: mean, standardError: error,
        meanInterval: CoefficientInterval(lower: mean - reach * error, upper: mean + reach * error),
        interval: CoefficientInterval(lower: mean - reach * total, upper: mean + reach * total))
    }
  }
}
