/// An effect averaged over a list of specifications named in advance, then shrunk to zero.
///
///     average  m  = sum of w[i] b[i]
///     variance s² = sum of w[i] se[i]² + sum of w[i] (b[i] - m)²          (within + between)
///     posterior under N(0, τ²): mean m τ² / (τ² + s²), variance τ² s² / (τ² + s²)
///
/// The specifications look at the same data, so their errors do not average out: the variance is that of the mixture
/// "one of these is right, which is unknown", by the law of total variance, and never falls when specifications are
/// added that say the same. Averaging fixed beforehand with equal weights follows Bates and Granger (1969) in the
/// robust form; the within and between split is that of Bayesian model averaging (Leamer, 1978; Hoeting et al., 1999)
/// with weights not driven by fit. Shrinkage is the normal-normal rule: τ is the size of effect thought usual before
/// looking, and an estimate with s = τ is halved.
///
/// ```swift
/// let effect = try SpecificationAverage([.init(name: "poisson", coefficient: 0.24, standardError: 0.10)])
/// let posterior = effect.shrunk(priorStandardDeviation: 0.1)
/// ```
public struct SpecificationAverage: Equatable, Sendable {
  /// One specification's estimate; weights are relative.
  public struct Estimate: Equatable, Sendable {
    public var name: String
    public var coefficient: Double
    public var standardError: Double
    public var weight: Double

    public init(name: String, coefficient: Double, standardError: Double, weight: Double = 1) {
      self.name = name
      self.coefficient = coefficient
      self.standardError = standardError
      self.weight = weight
    }
  }

  public let estimates: [Estimate]
  /// The weighted mean of the coefficients.
  public let average: Double
  /// The weighted mean of the squared standard errors.
  public let withinVariance: Double
  /// The weighted mean squared deviation of the coefficients (divisor: the weights, not n - 1).
  public let betweenVariance: Double

  /// - Throws: `tooFewObservations` for an empty list, `badDesign` for a value that is not finite, a negative standard
  ///   error or weight, or weights that are all zero.
  public init(_ estimates: [Estimate]) throws(ForecastError) {
    let model = "specification average"
    guard !estimates.isEmpty else { throw .tooFewObservations(model: model, needed: 1, found: 0) }
    for estimate in estimates {
      guard estimate.coefficient.isFinite, estimate.standardError >= 0, estimate.standardError.isFinite,
        estimate.weight >= 0, estimate.weight.isFinite
      else {
        throw .badDesign(
          model: model, reason: "\(estimate.name) needs a finite coefficient and a standard error and weight >= 0")
      }
    }
    let total = estimates.reduce(0) { $0 + $1.weight }
    guard total > 0 else { throw .badDesign(model: model, reason: "every weight is zero") }
    let mean = estimates.reduce(0) { $0 + $1.weight * $1.coefficient } / total
    self.estimates = estimates
    average = mean
    withinVariance = estimates.reduce(0) { $0 + $1.weight * $1.standardError * $1.standardError } / total
    betweenVariance =
      estimates.reduce(0) { sum, estimate in
        sum + estimate.weight * (estimate.coefficient - mean) * (estimate.coefficient - mean)
      } / total
  }

  /// sqrt(within + between)
  public var standardDeviation: Double { (withinVariance + betweenVariance).squareRoot() }

  /// The posterior under a N(0, τ²) prior. τ = infinity leaves average and deviation as they are; τ <= 0 gives exactly
  /// zero.
  public func shrunk(priorStandardDeviation: Double) -> (mean: Double, standardDeviation: Double) {
    guard priorStandardDeviation > 0 else { return (0, 0) }
    let variance = withinVariance + betweenVariance
    if priorStandardDeviation == .infinity { return (average, variance.squareRoot()) }
    let prior = priorStandardDeviation * priorStandardDeviation
    let factor = prior / (prior + variance)
    return (average * factor, (variance * factor).squareRoot())
  }
}
