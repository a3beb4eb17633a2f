/// The Minnesota prior of a ``BayesianVAR`` in its natural-conjugate form.
///
/// With σ[i] the standard deviation of the residuals of an AR(1) of variable i, and Σ inverse Wishart of mean diag(σ²),
///
///     E(A[l][i, j]) = ownLagMean for i = j and l = 1, else 0
///     sd(A[l][i, j] | Σ) = tightness / l^decay * sqrt(Σ[i, i]) / σ[j]
///     sd(c[i] | Σ) = constantTightness * sqrt(Σ[i, i]), around the variable's mean
///
/// Being conjugate it treats all regressors of all equations alike: lags of other variables are shrunk as hard as own lags
/// (Litterman's further tightness of cross lags would need another posterior for every equation and has no place here).
///
/// Source: Litterman, Journal of Business and Economic Statistics 4 (1986); Kadiyala and Karlsson, Journal of Applied Econometrics
/// 12 (1997); Bańbura, Giannone and Reichlin, Journal of Applied Econometrics 25 (2010).
public struct MinnesotaPrior: Equatable, Sendable {
  /// λ; nil to choose it by the marginal likelihood (Giannone, Lenza and Primiceri 2015) among ``grid``.
  public var tightness: Double?
  /// How fast the prior tightens with the lag.
  public var decay: Double
  /// 1 for levels (random walks), 0 for growth rates.
  public var ownLagMean: Double
  /// In units of the residuals; large for a constant that the data determine.
  public var constantTightness: Double
  /// The tightness of the prior that own lags sum to ``ownLagMean`` where others sum to 0 (Doan, Litterman and Sims 1984); nil for
  /// none. Small values keep forecasts of levels from returning to a mean.
  public var sumOfCoefficientsTightness: Double?

  public init(
    tightness: Double? = nil, decay: Double = 1, ownLagMean: Double = 1, constantTightness: Double = 1000,
    sumOfCoefficientsTightness: Double? = nil
  ) {
    self.tightness = tightness
    self.decay = decay
    self.ownLagMean = ownLagMean
    self.constantTightness = constantTightness
    self.sumOfCoefficientsTightness = sumOfCoefficientsTightness
  }

  /// The values among which a tightness is chosen.
  public static let grid: [Double] = [
    0.025, 0.05, 0.075, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.5, 2, 3,
  ]

  func check(_ model: String) throws(ForecastError) {
    let positive = [tightness ?? 1, constantTightness, sumOfCoefficientsTightness ?? 1]
    guard positive.allSatisfy({ $0 > 0 && $0.isFinite }), decay.isFinite, decay >= 0, ownLagMean.isFinite else {
      throw .badDesign(
        model: model,
        reason: "tightnesses must be positive and finite, the decay not negative, the own lag's mean finite")
    }
  }
}
