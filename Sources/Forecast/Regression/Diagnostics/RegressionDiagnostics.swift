import NumericKernels

/// What an ordinary least-squares fit shows about itself: fit, influence, collinearity and specification tests.
///
/// ```swift
/// let diagnostics = try RegressionDiagnostics(outcome: growth, regressors: columns)
/// for test in try diagnostics.tests() { print(test.sentence.vi) }
/// ```
///
/// Rows are taken in the order given, which matters to the tests over time only. Aliased columns are dropped as in
/// ``LinearRegression``. With as many columns as rows, statistics that need a degree of freedom are NaN or throw
/// `tooFewObservations`, as each says.
public struct RegressionDiagnostics: Sendable {
  public let fit: LinearRegression
  /// The diagonal of the hat matrix X (X'X)⁻¹ X', between 0 and 1; their sum is the rank.
  public let leverages: [Double]
  /// Belsley's condition number: the ratio of the largest to the smallest singular value of the columns, intercept
  /// included, each divided by its length and not centred. Above 30, some coefficients cannot be told apart well (Belsley,
  /// Kuh and Welsch, "Regression Diagnostics", 1980).
  public let conditionNumber: Double

  let design: LinearDesign
  let orthonormal: Matrix

  /// - Throws: as ``LinearRegression``; `badDesign` without any column.
  public init(outcome: [Double], regressors: [RegressionColumn], intercept: Bool = true) throws(ForecastError) {
    let design = try LinearDesign(
      outcome: outcome, regressors: regressors, intercept: intercept, model: "regression diagnostics")
    let svd = try design.decomposition()
    self.design = design
    fit = design.leastSquares
    orthonormal = svd.left
    conditionNumber = svd.condition
    leverages = (0..<design.rowCount).map { i in
      min(1, (0..<design.columnCount).reduce(0) { $0 + svd.left[i, $1] * svd.left[i, $1] })
    }
  }

  var n: Double { Double(design.rowCount) }
  /// Whether only rounding errors are left of the residuals.
  var isExact: Bool {
    LinearDesign.length(fit.residuals) <= 1e-13 * LinearDesign.length(design.outcome)
  }

  // MARK: Fit

  public var rSquared: Double { fit.rSquared }

  /// 1 - (1 - R²) (n - 1) / (n - p), with n in place of n - 1 without intercept, as R's `summary.lm`; NaN when n = p.
  public var adjustedRSquared: Double {
    guard fit.degreesOfFreedom > 0 else { return .nan }
    return 1 - (1 - rSquared) * (design.hasIntercept ? n - 1 : n) / Double(fit.degreesOfFreedom)
  }

  /// -2 log L + 2 k with k = p + 1: the error variance counts, and log L has its constants, as R's `AIC(lm)`.
  public var aic: Double { -2 * fit.logLikelihood + 2 * parameterCount }

  /// AIC + 2 k (k + 1) / (n - k - 1) (Hurvich and Tsai, Biometrika 76, 1989); infinite when n <= k + 1.
  public var aicc: Double {
    let left = n - parameterCount - 1
    return left > 0 ? aic + 2 * parameterCount * (parameterCount + 1) / left : .infinity
  }

  /// -2 log L + k log n, as R's `BIC(lm)`.
  public var bic: Double { -2 * fit.logLikelihood + parameterCount * VectorMath.log(n) }

  private var parameterCount: Double { Double(fit.rank) + 1 }

  /// The share of the variation left after the fixed effects alone that the regressors explain: 1 - RSS / RSS(effects).
  ///
  /// NaN when the effects alone explain the outcome.
  public static func withinRSquared(
    _ sample: PanelSample, effects: PanelEffects = .twoWay, weights: [Double]? = nil
  ) throws(ForecastError) -> Double {
    let full = try LinearRegression(sample, effects: effects, weights: weights)
    let bare = try PanelSample(
      outcome: sample.outcome, regressors: [], units: sample.units.codes, periods: sample.periods.codes)
    let alone = try LinearRegression(bare, effects: effects, weights: weights)
    let used = zip(sample.outcome, weights ?? [Double](repeating: 1, count: sample.count))
    let size = LinearDesign.length(used.map { $0 * $1.squareRoot() })
    guard alone.residualSumOfSquares.squareRoot() > 1e-12 * size else { return .nan }
    return 1 - full.residualSumOfSquares / alone.residualSumOfSquares
  }

  // MARK: Influence

  /// e / (s sqrt(1 - h)): R's `rstandard`. NaN for leverage 1 or without a degree of freedom.
  public var standardizedResiduals: [Double] {
    let s = fit.residualStandardDeviation
    return leverages.indices.map { i in
      leverages[i] < RegressionDiagnostics.full
        ? fit.residuals[i] / (s * (1 - leverages[i]).squareRoot()) : .nan
    }
  }

  /// e / (s(i) sqrt(1 - h)), with s(i) from the fit without row i: R's `rstudent`. Each has a t law with n - p - 1 degrees
  /// of freedom under normal errors. NaN for leverage 1 or n <= p + 1.
  public var studentizedResiduals: [Double] {
    let degrees = Double(fit.degreesOfFreedom) - 1
    return leverages.indices.map { i in
      guard leverages[i] < RegressionDiagnostics.full, degrees > 0 else { return .nan }
      let e = fit.residuals[i]
      let variance = (fit.residualSumOfSquares - e * e / (1 - leverages[i])) / degrees
      return e / (max(0, variance) * (1 - leverages[i])).squareRoot()
    }
  }

  /// How far all coefficients move without the row, in units of their covariance: (standardised residual)² h / (1 - h) / p
  /// (Cook, Technometrics 19, 1977). Above 1 the row deserves a look.
  public var cooksDistances: [Double] {
    let standardized = standardizedResiduals
    return leverages.indices.map { i in
      standardized[i] * standardized[i] * leverages[i] / (1 - leverages[i]) / Double(fit.rank)
    }
  }

  private static let full = 1 - 1e-10

  /// The factor by which collinearity swells the variance of each slope, 1 / (1 - R² of the column on the others): with an
  /// intercept, about means (`car::vif`); without, about zero. 1 is none; above 10 is strong. The intercept has none.
  public func varianceInflationFactors() throws(ForecastError) -> [(name: String, factor: Double)] {
    let inverse = try design.inverseGram()
    return design.names.indices.filter { !(design.hasIntercept && $0 == 0) }.map { j in
      let column = design.columns[j]
      let center = design.hasIntercept ? Reductions.mean(column) : 0
      let length = LinearDesign.length(column.map { $0 - center })
      return (design.names[j], inverse[j, j] * length * length)
    }
  }

  /// What the largest variance inflation factor means here: above 10, the column is named.
  public func collinearitySentence() throws(ForecastError) -> BilingualSentence {
    let worst = try varianceInflationFactors().max { $0.factor < $1.factor }
    if let worst, worst.factor > 10 {
      return BilingualSentence(
        vi: "Biến \(worst.name) gần như suy ra được từ các biến khác: hệ số riêng của nó không đáng tin.",
        en: "\(worst.name) is almost determined by the other variables: its own coefficient is not reliable.")
    }
    return BilingualSentence(
      vi: "Các biến giải thích đủ khác nhau để tách riêng tác động.",
      en: "The regressors differ enough to tell their effects apart.")
  }
}
