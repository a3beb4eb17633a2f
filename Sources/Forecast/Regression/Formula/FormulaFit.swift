import NumericKernels

/// A regression fitted from a ``DesignMatrix``, with everything a table of results shows.
///
/// ```swift
/// let fit = try FormulaFit(design, standardErrors: .hc1)
/// for row in fit.coefficients { print(row.name, row.coefficient, row.standardError, row.pValue) }
/// ```
public struct FormulaFit: Sendable {
  public enum Family: String, CaseIterable, Sendable {
    case linear, poisson
  }

  /// The kinds of standard errors.
  public enum StandardErrors: String, CaseIterable, Sendable {
    case classical, hc0, hc1, hc2, hc3, hac
    /// By the design's clusters.
    case cluster
  }

  /// A column that could not be estimated, as a combination of others.
  public struct Aliased: Equatable, Sendable {
    public var name: String
    /// The other columns with their factors; empty if it belongs to the fixed effects, or is zero.
    public var combination: [(name: String, factor: Double)]

    public static func == (left: Aliased, right: Aliased) -> Bool {
      left.name == right.name && left.combination.elementsEqual(right.combination, by: ==)
    }
  }

  public let design: DesignMatrix
  public let family: Family
  public let standardErrors: StandardErrors
  public let table: CoefficientTable
  public let aliased: [Aliased]
  /// For each row of the design; NaN where there is none.
  public let fitted: [Double]
  public let residuals: [Double]
  public let observationCount: Int
  /// Parameters, all fixed effects counted.
  public let rank: Int
  public let residualSumOfSquares: Double?
  /// R² and, beside fixed effects, the share of what the effects leave that the columns explain.
  public let rSquared: Double?
  public let withinRSquared: Double?
  public let logLikelihood: Double
  /// Of a Poisson regression.
  public let deviance: Double?
  /// Rows that a Poisson regression leaves out because an effect's outcomes are all zero.
  public let uninformativeRowCount: Int

  /// - Throws: `badDesign` for a kind of standard error that is not available, or a design that cannot be fitted;
  ///   everything the estimators throw.
  public init(
    _ design: DesignMatrix, family: Family = .linear, standardErrors: StandardErrors = .classical, lags: Int? = nil
  ) throws(ForecastError) {
    self.design = design
    self.family = family
    self.standardErrors = standardErrors
    guard design.hasIntercept || !design.columns.isEmpty else {
      throw .badDesign(model: "regression", reason: "the formula has nothing to estimate; name a regressor")
    }
    guard design.effects.count <= 2 else {
      throw .badDesign(
        model: "regression", reason: "\(design.effects.count) fixed effects after '|', at most two are possible")
    }
    switch family {
    case .linear:
      let fit = try FormulaFit.leastSquares(design, outcome: design.outcome)
      table = try FormulaFit.table(design, standardErrors, lags: lags) {
        estimator throws(ForecastError) in try fit.table(estimator)
      }
      residuals = fit.residuals
      fitted = zip(design.outcome, fit.residuals).map { $0 - $1 }
      observationCount = fit.observationCount
      rank = fit.rank
      residualSumOfSquares = fit.residualSumOfSquares
      rSquared = fit.rSquared
      withinRSquared = try FormulaFit.within(design, fit)
      logLikelihood = fit.logLikelihood
      deviance = nil
      uninformativeRowCount = 0
      aliased = try FormulaFit.combinations(fit.aliased, design, estimated: fit.names)
    case .poisson:
      let result = try PoissonFormulaFit(design, standardErrors)
      table = result.table
      fitted = result.fitted
      residuals = zip(design.outcome, result.fitted).map { $0 - $1 }
      observationCount = result.observationCount
      rank = result.rank
      residualSumOfSquares = nil
      rSquared = nil
      withinRSquared = nil
      logLikelihood = result.logLikelihood
      deviance = result.deviance
      uninformativeRowCount = design.outcome.count - result.observationCount
      aliased = try FormulaFit.combinations(result.aliased, design, estimated: result.table.names)
    }
  }

  public var degreesOfFreedom: Int { observationCount - rank }

  /// sqrt(RSS / (N - K)); nil for Poisson, and when no degree of freedom is left.
  public var residualStandardDeviation: Double? {
    guard let residualSumOfSquares, degreesOfFreedom > 0 else { return nil }
    return (residualSumOfSquares / Double(degreesOfFreedom)).squareRoot()
  }

  /// 1 - (1 - R²) (N - 1) / (N - K), with N in place of N - 1 without intercept or effects.
  public var adjustedRSquared: Double? {
    guard let rSquared, degreesOfFreedom > 0 else { return nil }
    let isCentred = design.hasIntercept || !design.effects.isEmpty
    return 1 - (1 - rSquared) * Double(observationCount - (isCentred ? 1 : 0)) / Double(degreesOfFreedom)
  }

  /// Parameters of the likelihood: the residual variance is one too.
  private var parameterCount: Double { Double(rank + (family == .linear ? 1 : 0)) }

  public var aic: Double { 2 * parameterCount - 2 * logLikelihood }
  public var bic: Double { parameterCount * VectorMath.log(Double(observationCount)) - 2 * logLikelihood }

  /// Hurvich and Tsai's correction; nil when there are too few rows for it.
  public var aicc: Double? {
    let room = Double(observationCount) - parameterCount - 1
    return room > 0 ? aic + 2 * parameterCount * (parameterCount + 1) / room : nil
  }

  /// The joint test that all coefficients but the intercept are zero.
  public struct JointTest: Equatable, Sendable {
    public var statistic: Double
    public var numerator: Int
    /// Infinite where p is read from chi squared.
    public var denominator: Double
    public var pValue: Double
  }

  /// Wald's F under the chosen covariance (for classical errors the usual F); nil if there is nothing to test or the
  /// covariance is singular.
  public var jointTest: JointTest? {
    guard case .studentT(let degrees) = table.reference else { return nil }
    let tested = table.names.indices.filter { table.names[$0] != LinearRegression.interceptName }
    guard !tested.isEmpty else { return nil }
    let errors = table.standardErrors
    var scaled = Matrix(rowCount: tested.count, columnCount: tested.count)
    for (a, i) in tested.enumerated() {
      for (b, j) in tested.enumerated() { scaled[a, b] = table.covariance[i, j] / (errors[i] * errors[j]) }
    }
    let statistics = tested.map { table.estimates[$0] / errors[$0] }
    guard statistics.allSatisfy(\.isFinite), let factor = try? scaled.cholesky(),
      let solved = try? factor.solve(statistics)
    else { return nil }
    let count = Double(tested.count)
    let statistic = zip(statistics, solved).reduce(0) { $0 + $1.0 * $1.1 } / count
    guard statistic >= 0 else { return nil }
    let pValue = Distributions.regularizedBeta(degrees / (degrees + count * statistic), 0.5 * degrees, 0.5 * count)
    return JointTest(statistic: statistic, numerator: tested.count, denominator: degrees, pValue: pValue)
  }

  public var coefficients: [CoefficientEstimate] { table.names.compactMap { table[$0] } }
}

// MARK: - Parts of the fit

extension FormulaFit {
  /// The design's panel: effects as units and periods.
  static func sample(_ design: DesignMatrix, outcome: [Double], columns: [RegressionColumn]) -> PanelSample {
    let one = Factor(levels: [""], codes: [Int](repeating: 0, count: outcome.count))
    return PanelSample(
      outcome: outcome, regressors: columns, units: design.effects.first ?? one,
      periods: design.effects.count > 1 ? design.effects[1] : one,
      rows: design.rows ?? Array(outcome.indices), droppedRows: [])
  }

  static func effects(_ design: DesignMatrix) -> PanelEffects {
    switch design.effects.count {
    case 0: []
    case 1: .unit
    default: .twoWay
    }
  }

  /// Least squares of an outcome on the design's columns, or on some of them.
  static func leastSquares(
    _ design: DesignMatrix, outcome: [Double], columns: [RegressionColumn]? = nil
  ) throws(ForecastError) -> LinearRegression {
    let columns = columns ?? design.columns
    guard !design.effects.isEmpty else {
      return try LinearRegression(
        outcome: outcome, regressors: columns, weights: design.weights, intercept: design.hasIntercept)
    }
    return try LinearRegression(
      sample(design, outcome: outcome, columns: columns), effects: effects(design), weights: design.weights)
  }

  /// The coefficients under a kind of standard errors.
  ///
  /// `hac` takes the rows in their order; on a panel it needs a number of lags (see ``NeweyWestOptions``).
  static func table(
    _ design: DesignMatrix, _ kind: StandardErrors, lags: Int?,
    from make: (CovarianceEstimator) throws(ForecastError) -> CoefficientTable
  ) throws(ForecastError) -> CoefficientTable {
    switch kind {
    case .classical: return try make(.classical)
    case .hc0: return try make(.heteroskedastic(.hc0))
    case .hc1: return try make(.heteroskedastic(.hc1))
    case .hc2: return try make(.heteroskedastic(.hc2))
    case .hc3: return try make(.heteroskedastic(.hc3))
    case .hac:
      return try make(.neweyWest(NeweyWestOptions(bandwidth: lags.map { .lags($0) } ?? .automatic)))
    case .cluster:
      let clusters = design.clusters
      switch clusters.count {
      case 1: return try make(.clustered(by: clusters[0], correction: .groupsAndParameters))
      case 2: return try make(.twoWayClustered(by: clusters[0], and: clusters[1], correction: .groupsAndParameters))
      default:
        throw .badDesign(
          model: "standard errors", reason: "\(clusters.count) columns to cluster by, one or two are possible")
      }
    }
  }

  private static func within(_ design: DesignMatrix, _ fit: LinearRegression) throws(ForecastError) -> Double? {
    guard !design.effects.isEmpty else { return nil }
    let alone = try leastSquares(design, outcome: design.outcome, columns: [])
    return alone.residualSumOfSquares > 0 ? 1 - fit.residualSumOfSquares / alone.residualSumOfSquares : nil
  }

  /// Says for each aliased column which combination of the estimated ones it is: it is regressed on them.
  private static func combinations(
    _ names: [String], _ design: DesignMatrix, estimated: [String]
  ) throws(ForecastError) -> [Aliased] {
    let kept = Set(estimated)
    let columns = design.columns.filter { kept.contains($0.name) }
    var result: [Aliased] = []
    for (index, name) in names.enumerated() {
      var found = Aliased(name: name, combination: [])
      if index < 20, let column = design.columns.first(where: { $0.name == name }) {
        let fit = try leastSquares(design, outcome: column.values, columns: columns)
        let size = length(column.values)
        for (other, factor) in zip(fit.names, fit.coefficients) {
          let otherSize =
            design.columns.first { $0.name == other }.map { length($0.values) }
            ?? Double(column.values.count).squareRoot()
          if abs(factor) * otherSize > 1e-8 * size {
            let whole = factor.rounded()
            found.combination.append((other, abs(factor - whole) < 1e-9 * max(1, abs(whole)) ? whole : factor))
          }
        }
      }
      result.append(found)
    }
    return result
  }

  private static func length(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
