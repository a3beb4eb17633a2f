import NumericKernels

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
  /// Whether the covariance had negative eigenvalues that were set to zero (two-way clusters only).
  public internal(set) var isRepaired = false

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
