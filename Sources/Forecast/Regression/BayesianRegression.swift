import NumericKernels

/// Bayesian linear regression with normal errors: the exact posterior under a conjugate or a shrinkage prior.
///
///     y | b, v ~ N(X b, v I)          posterior  b | v ~ N(m, v P⁻¹),  v ~ inverse gamma(shape, rate)
///
/// ```swift
/// let fit = try BayesianRegression(outcome: growth, regressors: columns, prior: .ridge(penalty: nil))
/// let bands = fit.intervals(level: 0.8)
/// let draws = fit.draws(count: 2000, stream: RandomStream(seed: 1, id: "growth", purpose: .effect))
/// ```
///
/// Edge cases: the conjugate and ridge priors need no more rows than they have (even n < p), as the prior identifies
/// every direction; the g prior needs independent columns and names the one that is not; both
/// shrinkage priors refuse a constant column by name. With shape and rate of the
/// prior 0, or a singular prior precision, the log marginal likelihood is NaN (the prior is improper). A constant
/// outcome with a shrinkage prior leaves the variance at 0.
///
/// Sources: Raiffa and Schlaifer, "Applied Statistical Decision Theory" (1961); Zellner (1986) and Liang, Paulo, Molina,
/// Clyde and Berger, JASA 103 (2008) for g priors; MacKay, Neural Computation 4 (1992) for the maximised evidence.
public struct BayesianRegression: Sendable {
  public enum Prior: Equatable, Sendable {
    /// b | v ~ N(mean, v precision⁻¹), v ~ inverse gamma(shape, rate). One mean per column, the intercept first where
    /// there is one.
    case conjugate(mean: [Double], precision: Matrix, shape: Double, rate: Double)
    /// A flat intercept and log v; slopes ~ N(0, g v (Xc'Xc)⁻¹) on centred columns. `nil` takes the g that maximises
    /// the marginal likelihood, max(0, F - 1).
    case zellner(g: Double?)
    /// A flat intercept and log v; slopes of the standardised columns (deviation 1, by 1/n) ~ N(0, v / penalty), so the
    /// posterior mean is ``RidgeRegression`` at this penalty. `nil` takes the penalty that maximises the marginal
    /// likelihood, between 1e-8 n and 1e8 n.
    case ridge(penalty: Double?)
  }

  public let names: [String]
  public let prior: Prior
  /// The posterior mean of the coefficients.
  public let mean: [Double]
  /// P⁻¹: the covariance of the coefficients in units of the error variance.
  public let unscaledCovariance: Matrix
  public let shape: Double
  public let rate: Double
  /// log p(y), with a flat intercept and p(v) = 1/v taken as they stand for the shrinkage priors: then differences between
  /// models of the same outcome are log Bayes factors.
  public let logMarginalLikelihood: Double
  /// The g or penalty used; NaN for the conjugate prior.
  public let shrinkage: Double

  /// R with R R' = ``unscaledCovariance``.
  private let root: Matrix

  /// - Throws: `badDesign` (lengths, names, shapes or values of the prior), `nonFinite`, `tooFewObservations`,
  ///   `notIdentified`.
  public init(
    outcome: [Double], regressors: [RegressionColumn], prior: Prior, intercept: Bool = true
  ) throws(ForecastError) {
    let model = "Bayesian regression"
    try checkColumns(regressors, count: outcome.count, model: model)
    if let position = outcome.firstIndex(where: { !$0.isFinite }) { throw .nonFinite(model: model, position: position) }
    for column in regressors {
      if let position = column.values.firstIndex(where: { !$0.isFinite }) {
        throw .nonFinite(model: "\(model), column \(column.name)", position: position)
      }
    }
    let posterior: Posterior
    switch prior {
    case .conjugate(let mean, let precision, let shape, let rate):
      posterior = try Posterior.conjugate(
        outcome: outcome, regressors: regressors, intercept: intercept, mean: mean, precision: precision, shape: shape,
        rate: rate, model: model)
    case .zellner(let g):
      guard intercept else { throw .badDesign(model: model, reason: "the g prior is defined with an intercept") }
      posterior = try Posterior.zellner(outcome: outcome, regressors: regressors, g: g, model: model)
    case .ridge(let penalty):
      guard intercept else { throw .badDesign(model: model, reason: "the ridge prior is defined with an intercept") }
      posterior = try Posterior.ridge(outcome: outcome, regressors: regressors, penalty: penalty, model: model)
    }
    names = posterior.names
    self.prior = prior
    mean = posterior.mean
    unscaledCovariance = posterior.covariance
    root = posterior.root
    shape = posterior.shape
    rate = posterior.rate
    logMarginalLikelihood = posterior.logMarginalLikelihood
    shrinkage = posterior.shrinkage
  }

  /// The posterior covariance of the coefficients, rate / (shape - 1) P⁻¹; NaN for shape <= 1.
  public var covariance: Matrix {
    var result = unscaledCovariance
    let variance = errorVarianceMean
    for index in result.storage.indices { result.storage[index] *= variance }
    return result
  }

  /// The posterior mean of the error variance, rate / (shape - 1); NaN for shape <= 1.
  public var errorVarianceMean: Double { shape > 1 ? rate / (shape - 1) : .nan }

  /// Central credible intervals of the coefficients: Student's t with 2 shape degrees of freedom about the mean, scaled
  /// by sqrt(rate / shape P⁻¹).
  ///
  /// - Parameter level: in (0, 1), else the bounds are NaN.
  public func intervals(level: Double) -> [(lower: Double, upper: Double)] {
    let quantile =
      level > 0 && level < 1
      ? DiagnosticTails.studentTQuantile(0.5 + 0.5 * level, degreesOfFreedom: 2 * shape) : Double.nan
    return mean.indices.map { j in
      let half = quantile * (rate / shape * unscaledCovariance[j, j]).squareRoot()
      return (mean[j] - half, mean[j] + half)
    }
  }

  /// One draw of the posterior.
  public struct Draw: Equatable, Sendable {
    public let coefficients: [Double]
    public let errorVariance: Double
  }

  /// Draws of the posterior: the same for the same stream, and draw i does not depend on how many are asked for.
  ///
  /// Item 0 of the stream is the error variance, by inversion of the gamma distribution; items 1, 2, ... are the standard
  /// normals of the coefficients, turned by a root of their covariance.
  public func draws(count: Int, stream: RandomStream) -> [Draw] {
    guard count > 0 else { return [] }
    let p = mean.count
    return (0..<count).map { draw in
      let gamma = Distributions.gammaQuantile(shape: shape, uniform: stream.uniform(item: 0, draw: draw))
      let variance = rate / gamma
      let deviation = variance.squareRoot()
      let normals = (0..<p).map { stream.normal(item: $0 + 1, draw: draw) }
      let coefficients = (0..<p).map { j in
        var sum = 0.0
        for k in 0..<p { sum += root[j, k] * normals[k] }
        return mean[j] + deviation * sum
      }
      return Draw(coefficients: coefficients, errorVariance: variance)
    }
  }
}
