import NumericKernels

/// The level of a yearly count with a gamma law that forgets: Gamma-Poisson with power discounting.
///
///     N[t] | λ[t] ~ Poisson(λ[t]),   λ[t] | past ~ Gamma(shape δ a, rate δ b),   a <- δ a + N[t],   b <- δ b + 1
///
/// Discounting keeps the mean a / b and widens the law, so old years weigh δ^age. Counts are predicted negative
/// binomial. Source: Smith (1979), "A generalization of the Bayesian steady forecasting model"; West and Harrison,
/// "Bayesian Forecasting and Dynamic Models" (1997).
///
/// ```swift
/// var level = try GammaPoisson(discount: 0.8)
/// for count in [4, 7, nil, 3] { try level.observe(count) }
/// let mean = level.predictiveMean
/// ```
public struct GammaPoisson: Equatable, Sendable {
  /// δ in (0, 1]: 1 keeps every year at full weight; 1 / (1 - δ) years are remembered in the long run.
  public let discount: Double
  /// Shape and rate of the level's law after the last observation.
  public private(set) var shape: Double
  public private(set) var rate: Double
  /// The sum of the log predictive probabilities of the observed counts: compare discounts by it.
  public private(set) var logPredictive = 0.0

  /// - Parameters:
  ///   - priorShape: the default prior, Gamma(0.5, 0.05), is worth a twentieth of a year with mean 10; pass the mean of
  ///     a peer
  ///     group times `priorRate` to say more.
  /// - Throws: `badDesign` for parameters out of range.
  public init(discount: Double, priorShape: Double = 0.5, priorRate: Double = 0.05) throws(ForecastError) {
    guard discount > 0, discount <= 1 else {
      throw .badDesign(model: "GammaPoisson", reason: "the discount must lie in (0, 1], not \(discount)")
    }
    guard priorShape > 0, priorRate > 0, priorShape.isFinite, priorRate.isFinite else {
      throw .badDesign(model: "GammaPoisson", reason: "prior shape and rate must be positive and finite")
    }
    self.discount = discount
    shape = priorShape
    rate = priorRate
  }

  /// Moves on one year: discounts, then takes in the count; `nil` is a year without an observation.
  ///
  /// - Throws: `badDesign` for a negative count.
  public mutating func observe(_ count: Int?) throws(ForecastError) {
    if let count, count < 0 { throw .badDesign(model: "GammaPoisson", reason: "a count is \(count), below zero") }
    let discountedShape = shape * discount
    let discountedRate = rate * discount
    if let count {
      logPredictive += GammaPoisson.logProbability(Double(count), shape: discountedShape, rate: discountedRate)
      shape = discountedShape + Double(count)
      rate = discountedRate + 1
    } else {
      shape = discountedShape
      rate = discountedRate
    }
  }

  /// The level's law `steps` years ahead: the mean stays, shape and rate are discounted once per year.
  public func level(steps: Int = 1) -> (shape: Double, rate: Double) {
    var factor = 1.0
    for _ in 0..<max(0, steps) { factor *= discount }
    return (shape * factor, rate * factor)
  }

  /// The mean of next year's count.
  public var predictiveMean: Double { shape / rate }

  /// The variance of the count `steps` years ahead: mean (1 + 1 / rate), the Poisson part and the level's.
  public func predictiveVariance(steps: Int = 1) -> Double {
    let law = level(steps: steps)
    return law.shape / law.rate * (1 + 1 / law.rate)
  }

  /// The log probability of `count` under the negative binomial of a gamma level.
  public static func logProbability(_ count: Double, shape: Double, rate: Double) -> Double {
    let logTotal = VectorMath.log(rate + 1)
    return Distributions.logGamma(shape + count) - Distributions.logGamma(shape) - Distributions.logGamma(count + 1)
      + shape * (VectorMath.log(rate) - logTotal) - count * logTotal
  }

  /// A level `steps` years ahead by inversion: increasing in `uniform`, the same bits everywhere.
  public func drawLevel(steps: Int = 1, uniform: Double) -> Double {
    let law = level(steps: steps)
    return Distributions.gammaQuantile(shape: law.shape, uniform: uniform) / law.rate
  }
}
