import NumericKernels

/// How the covariance of coefficients is estimated.
public enum CovarianceEstimator: Equatable, Sendable {
  /// From the model's own variance: s² (X'WX)⁻¹ for least squares, (X'WX)⁻¹ for Poisson.
  case classical
  /// The cluster-robust sandwich A (sum over clusters of s_g s_g') A: rows of one cluster may be dependent in any way.
  /// The factor covers the rows the regression was given (for a panel, usually `sample.units`).
  case clustered(by: Factor, correction: ClusterCorrection)
}

/// The small-sample factor of the cluster-robust covariance; G clusters, N rows, K parameters, all fixed effects
/// counted.
public enum ClusterCorrection: Equatable, Sendable {
  /// No factor (CR0).
  case none
  /// G / (G - 1).
  case groups
  /// G / (G - 1) * (N - 1) / (N - K) (CR1, as Stata and fixest for least squares).
  case groupsAndParameters
}

/// The law that p values and intervals are read from.
public enum ReferenceDistribution: Equatable, Sendable {
  case normal
  case studentT(degreesOfFreedom: Double)

  /// P(|X| >= |x|).
  public func twoSided(_ x: Double) -> Double {
    switch self {
    case .normal: return Distributions.normalTwoSided(x)
    case .studentT(let degrees): return Distributions.studentTTwoSided(x, degreesOfFreedom: degrees)
    }
  }
}

/// Coefficients with their covariance under one estimator: what a table of results prints.
///
/// Aliased columns (combinations of earlier columns or of the fixed effects) are named in ``aliased`` and absent from
/// the rest.
public struct CoefficientTable: Sendable {
  public let names: [String]
  public let estimates: [Double]
  /// names x names
  public let covariance: Matrix
  public let aliased: [String]
  public let reference: ReferenceDistribution

  public var standardErrors: [Double] { names.indices.map { covariance[$0, $0].squareRoot() } }

  /// estimate / standard error
  public var statistics: [Double] { zip(estimates, standardErrors).map { $0 / $1 } }

  /// Two-sided p values of "the coefficient is zero".
  public var pValues: [Double] { statistics.map(reference.twoSided) }

  /// The estimate of one column; `nil` if there is none of that name or it is aliased.
  public subscript(name: String) -> CoefficientEstimate? {
    guard let index = names.firstIndex(of: name) else { return nil }
    let standardError = covariance[index, index].squareRoot()
    return CoefficientEstimate(
      name: name, coefficient: estimates[index], standardError: standardError,
      pValue: reference.twoSided(estimates[index] / standardError))
  }
}

/// One row of a coefficient table.
public struct CoefficientEstimate: Equatable, Sendable {
  public let name: String
  public let coefficient: Double
  public let standardError: Double
  public let pValue: Double

  /// coefficient / standardError
  public var statistic: Double { coefficient / standardError }
}

/// The sandwich of clustered scores, shared by the estimators.
enum ClusterSandwich {
  /// - Parameters:
  ///   - scores: rows x columns, each row's contribution to the estimating equations.
  ///   - bread: columns x columns, the inverse of their derivative.
  ///   - clusters: one code per row of `scores`.
  static func covariance(
    scores: Matrix, bread: Matrix, clusters: Factor, correction: ClusterCorrection, parameters: Int, model: String
  ) throws(ForecastError) -> Matrix {
    guard clusters.count == scores.rowCount else {
      throw .badDesign(
        model: model, reason: "the clusters have \(clusters.count) rows, the sample \(scores.rowCount)")
    }
    let groups = clusters.levels.count
    guard groups > 1 else {
      throw .badDesign(
        model: model, reason: "a cluster-robust covariance needs at least two clusters, found \(groups)")
    }
    var sums = Matrix(rowCount: groups, columnCount: scores.columnCount)
    for j in 0..<scores.columnCount {
      for (row, code) in clusters.codes.enumerated() { sums[code, j] += scores[row, j] }
    }
    let g = Double(groups)
    let n = Double(scores.rowCount)
    var scale = 1.0
    if correction != .none { scale *= g / (g - 1) }
    if correction == .groupsAndParameters {
      guard n > Double(parameters) else {
        throw .tooFewObservations(model: model, needed: parameters + 1, found: scores.rowCount)
      }
      scale *= (n - 1) / (n - Double(parameters))
    }
    do {
      var result = try bread.multiplied(by: sums.gram).multiplied(by: bread)
      for index in result.storage.indices { result.storage[index] *= scale }
      return result
    } catch {
      throw .badDesign(model: model, reason: "\(error)")
    }
  }
}
