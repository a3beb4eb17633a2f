import NumericKernels

/// The Poisson branch of ``FormulaFit``.
///
/// Beside fixed effects the intercept is one of them. Without effects the mean is found with the intercept projected off;
/// then one weighted least-squares step at the solution, whose coefficients, information and scores are those of the
/// likelihood, gives the intercept its estimate and standard error as well.
struct PoissonFormulaFit {
  let table: CoefficientTable
  let fitted: [Double]
  let aliased: [String]
  let observationCount: Int
  let rank: Int
  let logLikelihood: Double
  let deviance: Double

  init(_ design: DesignMatrix, _ kind: FormulaFit.StandardErrors) throws(ForecastError) {
    let model = "Poisson regression"
    guard design.weights == nil else {
      throw .badDesign(model: model, reason: "weights are not possible; leave them out or use the linear family")
    }
    guard design.hasIntercept || !design.effects.isEmpty else {
      throw .badDesign(model: model, reason: "an intercept or fixed effects are needed; leave '0 +' out")
    }
    if let row = design.outcome.firstIndex(where: { $0 < 0 }) {
      throw .badDesign(
        model: model,
        reason:
          "the outcome in row \((design.rows?[row] ?? row) + 1) is \(FormulaExpression.text(design.outcome[row])), "
          + "a number >= 0 is expected")
    }
    let sample = FormulaFit.sample(design, outcome: design.outcome, columns: design.columns)
    let fit = try PoissonPanelRegression(sample, effects: FormulaFit.effects(design))
    var mean = [Double](repeating: .nan, count: design.outcome.count)
    for (position, row) in fit.usedRows.enumerated() { mean[row] = fit.fitted[position] }
    fitted = mean
    observationCount = fit.observationCount
    rank = fit.rank
    logLikelihood = fit.logLikelihood
    deviance = fit.deviance
    aliased = fit.aliased
    guard design.hasIntercept else {
      table = try FormulaFit.table(design, kind, lags: nil) {
        estimator throws(ForecastError) in try fit.table(estimator)
      }
      return
    }
    var working = VectorMath.log(mean)
    for row in working.indices { working[row] += (design.outcome[row] - mean[row]) / mean[row] }
    let kept = Set(fit.names)
    let last = try LinearRegression(
      outcome: working, regressors: design.columns.filter { kept.contains($0.name) }, weights: mean)
    let found = try FormulaFit.table(design, kind, lags: nil) {
      estimator throws(ForecastError) in try last.table(estimator)
    }
    var covariance = found.covariance
    if kind == .classical {
      let variance = last.residualSumOfSquares / Double(last.degreesOfFreedom)
      for index in covariance.storage.indices { covariance.storage[index] /= variance }
    }
    table = CoefficientTable(
      names: found.names, estimates: found.estimates, covariance: covariance, aliased: fit.aliased, reference: .normal)
  }
}
