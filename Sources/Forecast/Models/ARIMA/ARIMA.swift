import NumericKernels

/// A seasonal autoregressive integrated moving average, ARIMA(p,d,q)(P,D,Q)[m], with regressors.
///
///     y[t] = constant + x[t]' beta + n[t]
///     (1 - ar_1 B - ...)(1 - sar_1 B^m - ...) (1 - B)^d (1 - B^m)^D n[t] = (1 + ma_1 B + ...)(1 + sma_1 B^m + ...) e[t]
///
/// The constant is a mean for d + D = 0, a drift per step (a regressor t = 1, 2, ... from the first usable observation) for
/// d + D = 1, and left out beyond. All coefficients maximise the exact Gaussian likelihood of the differenced series, from a
/// conditional-sum-of-squares start (R's "CSS-ML"); regression coefficients and the variance are concentrated out. The fit is
/// always stationary and invertible: partial autocorrelations are searched over, moving-average roots inside the unit circle are
/// turned over (which leaves the likelihood as it is).
///
/// ``innovationVariance`` is sum of squared standardised errors / (used observations - coefficients), as in R's `Arima`;
/// forecasts' variances use it and treat coefficients as known, as R's do.
///
/// Edge cases: missing observations (NaN) inside are exact, by integrating them out; leading ones are dropped and trailing ones
/// forecast over. A series that the differences and regressors reproduce up to rounding has zero ARMA coefficients, variance 0
/// and an infinite likelihood.
///
/// Source: Box and Jenkins, Time Series Analysis (1970); Monahan, Biometrika 71 (1984); Morf, Sidhu and Kailath, IEEE
/// Transactions on Automatic Control 19 (1974); Gomez, Maravall and Pena, Journal of Econometrics 88 (1999).
public struct ARIMA: ForecastModel {
  public let order: ARIMAOrder
  public let seasonal: ARIMAOrder
  public let seasonalPeriod: Int
  /// Whether there is a mean (d + D = 0) or a drift (d + D = 1).
  public let includesConstant: Bool
  public let ar: [Double]
  public let ma: [Double]
  public let seasonalAR: [Double]
  public let seasonalMA: [Double]
  /// The mean (d + D = 0) or the drift per step (d + D = 1); 0 without one.
  public let constant: Double
  /// One coefficient per regressor.
  public let regressorCoefficients: [Double]
  /// Exact log-likelihood of the observations after the first d + mD; infinite for an exact fit.
  public let logLikelihood: Double
  /// Observations that count in the likelihood: usable ones less d + mD.
  public let usedCount: Int
  /// Maximum-likelihood estimate of the innovations' variance (divisor ``usedCount``).
  public let maximumLikelihoodVariance: Double
  public let innovationVariance: Double
  /// Standardised one-step errors, e[t] / sqrt(F[t]): NaN for the first d + mD observations (R has numbers near 0 there) and for
  /// missing ones.
  public let residuals: [Double]

  let structure: ARMAStructure
  let sample: ARIMASample
  let state: ARIMAState

  /// Fits the coefficients.
  ///
  /// - Parameters:
  ///   - series: NaN where missing.
  ///   - seasonalPeriod: m, at least 2 if `seasonal` has any term.
  ///   - includesConstant: ignored for d + D > 1.
  ///   - regressors: one row per observation.
  /// - Throws: ``ForecastError/tooFewObservations(model:needed:found:)`` unless there are more observations after differencing
  ///   than coefficients and at least as many as the longest lag; `badDesign`, `notIdentified`, `nonFinite`.
  public init(
    fitting series: [Double], order: ARIMAOrder, seasonal: ARIMAOrder = .none, seasonalPeriod: Int = 1,
    includesConstant: Bool = true, regressors: Matrix? = nil
  ) throws(ForecastError) {
    let structure = try ARMAStructure(order, seasonal, period: seasonalPeriod)
    let sample = try ARIMASample(
      series, d: order.d, seasonalD: seasonal.d, period: structure.period, includesConstant: includesConstant,
      regressors: regressors, model: "ARIMA")
    let needed = structure.parameterCount + sample.levels.count + 1
    guard sample.count - sample.missingCount >= needed, sample.count >= structure.stateCount else {
      throw .tooFewObservations(
        model: "ARIMA", needed: max(needed, structure.stateCount) + sample.lostCount,
        found: sample.values.count - sample.missingCount)
    }
    let fit = ARMAFit(sample, structure, effort: .full)
    self.init(sample, structure, coefficients: fit.coefficients, seasonal: seasonal)
  }

  /// The model at given coefficients; regression coefficients and the variance are still estimated.
  ///
  /// - Parameter coefficients: ar, ma, seasonal ar, seasonal ma.
  /// - Throws: as the fit, and `badDesign` if the autoregression is not stationary or the number is wrong.
  public init(
    fitting series: [Double], order: ARIMAOrder, seasonal: ARIMAOrder = .none, seasonalPeriod: Int = 1,
    includesConstant: Bool = true, regressors: Matrix? = nil, coefficients: [Double]
  ) throws(ForecastError) {
    let structure = try ARMAStructure(order, seasonal, period: seasonalPeriod)
    guard coefficients.count == structure.parameterCount, coefficients.allSatisfy(\.isFinite) else {
      throw .badDesign(
        model: "ARIMA", reason: "needs \(structure.parameterCount) coefficients, found \(coefficients.count)")
    }
    guard structure.free(ofCoefficients: coefficients) != nil else {
      throw .badDesign(model: "ARIMA", reason: "the autoregressive coefficients are not stationary")
    }
    let sample = try ARIMASample(
      series, d: order.d, seasonalD: seasonal.d, period: structure.period, includesConstant: includesConstant,
      regressors: regressors, model: "ARIMA")
    guard sample.count - sample.missingCount > sample.levels.count else {
      throw .tooFewObservations(
        model: "ARIMA", needed: sample.levels.count + 1 + sample.lostCount,
        found: sample.values.count - sample.missingCount)
    }
    self.init(sample, structure, coefficients: coefficients, seasonal: seasonal)
  }

  init(_ sample: ARIMASample, _ structure: ARMAStructure, coefficients: [Double], seasonal: ARIMAOrder) {
    let coefficients = sample.isExact ? coefficients.map { _ in 0 } : structure.invertible(coefficients)
    let evaluation = ARMAFit.evaluate(sample, structure, coefficients)
    let (_, levels) = sample.levelCoefficients(evaluation.regressors)
    let parameters = structure.parameterCount + levels.count
    let used = sample.count - sample.missingCount
    let value = sample.isExact ? 0 : evaluation.value
    let variance = sample.isExact ? 0 : evaluation.sumOfSquares / Double(used)
    self.init(
      sample, structure, coefficients: coefficients, levels: levels, seasonalD: seasonal.d,
      logLikelihood: value > 0
        ? ARMAFit.logLikelihood(value: value, used: used) + sample.logScale(usedCount: used) : .infinity,
      varianceML: variance, variance: variance * Double(used) / Double(max(used - parameters, 1)))
  }

  /// - Parameters:
  ///   - levels: regression coefficients in the sample's unit.
  ///   - varianceML, variance: in the sample's unit, squared.
  init(
    _ sample: ARIMASample, _ structure: ARMAStructure, coefficients: [Double], levels: [Double], seasonalD: Int,
    logLikelihood: Double?, varianceML: Double, variance: Double
  ) {
    self.sample = sample
    self.structure = structure
    order = ARIMAOrder(structure.p, sample.d, structure.q)
    seasonal = ARIMAOrder(structure.seasonalP, seasonalD, structure.seasonalQ)
    seasonalPeriod = structure.period
    includesConstant = sample.includesConstant
    let (p, q, seasonalP) = (structure.p, structure.q, structure.seasonalP)
    ar = Array(coefficients[..<p])
    ma = Array(coefficients[p..<p + q])
    seasonalAR = Array(coefficients[(p + q)..<(p + q + seasonalP)])
    seasonalMA = Array(coefficients[(p + q + seasonalP)...])
    levelCoefficients = levels
    var values = sample.values
    for (coefficient, level) in zip(levels, sample.levels) {
      for t in values.indices { values[t] -= coefficient * level[t] }
    }
    let state = ARIMAState(
      values: values, missing: sample.missing, sample: sample, structure: structure, coefficients: coefficients)
    self.state = state
    let scaled = zip(levels, sample.sizes).map { $0 * (sample.unit / $1) }
    let offset = sample.includesConstant ? 1 : 0
    constant = offset == 0 ? 0 : scaled[0] + (sample.d + sample.seasonalD == 0 ? sample.origin : 0)
    regressorCoefficients = Array(scaled.dropFirst(offset))
    usedCount = sample.count - sample.missingCount
    maximumLikelihoodVariance = varianceML * sample.unit * sample.unit
    innovationVariance = variance * sample.unit * sample.unit
    deviation = variance.squareRoot()
    if let logLikelihood {
      self.logLikelihood = logLikelihood
    } else {
      // The density at the given variance.
      let n = Double(usedCount)
      self.logLikelihood =
        varianceML > 0
        ? -0.5
          * (n * (VectorMath.log(2 * .pi) + VectorMath.log(varianceML)) + state.logDeterminant
            + state.sumOfSquares / varianceML) - n * VectorMath.log(sample.unit)
        : .infinity
    }
    var residuals = [Double](repeating: .nan, count: sample.givenCount)
    for (t, error) in state.errors.enumerated() {
      residuals[sample.first + t] = sample.isExact && !error.isNaN ? 0 : error * sample.unit
    }
    self.residuals = residuals
  }

  /// Regression coefficients in the sample's unit.
  let levelCoefficients: [Double]
  /// The innovations' standard deviation in the sample's unit.
  let deviation: Double

  var coefficients: [Double] { ar + ma + seasonalAR + seasonalMA }

  /// Estimated coefficients, the variance not counted.
  public var coefficientCount: Int { structure.parameterCount + levelCoefficients.count }

  public var aic: Double { -2 * logLikelihood + 2 * Double(coefficientCount + 1) }

  /// Akaike's criterion corrected for small samples; infinite where the correction does not exist.
  public var aicc: Double {
    let (n, k) = (Double(usedCount), Double(coefficientCount + 1))
    return n - k - 1 > 0 ? aic + 2 * k * (k + 1) / (n - k - 1) : .infinity
  }

  public var bic: Double {
    -2 * logLikelihood + Double(coefficientCount + 1) * VectorMath.log(Double(usedCount))
  }

  public var name: String {
    var text = "ARIMA\(order)"
    if seasonalPeriod > 1 && seasonal != .none { text += "\(seasonal)[\(seasonalPeriod)]" }
    if !regressorCoefficients.isEmpty { return "Regression with \(text) errors" }
    guard order.d + seasonal.d <= 1 else { return text }
    if order.d + seasonal.d == 1 { return includesConstant ? text + " with drift" : text }
    return text + (includesConstant ? " with non-zero mean" : " with zero mean")
  }

  /// - Throws: `badDesign` for a model with regressors; see ``refitted(to:regressors:)``.
  public func refitted(to series: [Double]) throws(ForecastError) -> ARIMA {
    try refitted(to: series, regressors: nil)
  }

  /// The same coefficients and variance on another series; a drift counts its steps from that series' first usable observation,
  /// which changes nothing.
  public func refitted(to series: [Double], regressors: Matrix?) throws(ForecastError) -> ARIMA {
    guard (regressors?.columnCount ?? 0) == regressorCoefficients.count else {
      throw .badDesign(
        model: "ARIMA",
        reason: "the model has \(regressorCoefficients.count) regressors, not \(regressors?.columnCount ?? 0)")
    }
    let fresh = try ARIMASample(
      series, d: order.d, seasonalD: seasonal.d, period: seasonalPeriod, includesConstant: includesConstant,
      regressors: regressors, model: "ARIMA", checksDesign: false)
    var levels = zip(regressorCoefficients, fresh.sizes.dropFirst(includesConstant ? 1 : 0)).map {
      $0 * ($1 / fresh.unit)
    }
    if includesConstant {
      levels.insert((constant - (order.d + seasonal.d == 0 ? fresh.origin : 0)) / fresh.unit, at: 0)
    }
    let ratio = 1 / (fresh.unit * fresh.unit)
    return ARIMA(
      fresh, structure, coefficients: coefficients, levels: levels, seasonalD: seasonal.d, logLikelihood: nil,
      varianceML: maximumLikelihoodVariance * ratio, variance: innovationVariance * ratio)
  }
}

extension ARMAStructure {
  init(_ order: ARIMAOrder, _ seasonal: ARIMAOrder, period: Int) throws(ForecastError) {
    let all = [order.p, order.d, order.q, seasonal.p, seasonal.d, seasonal.q]
    guard all.allSatisfy({ $0 >= 0 && $0 <= 100 }) else {
      throw .badDesign(model: "ARIMA", reason: "orders must be between 0 and 100")
    }
    guard seasonal == .none || (period >= 2 && period <= 10_000) else {
      throw .badDesign(model: "ARIMA", reason: "a seasonal part needs a period between 2 and 10000, not \(period)")
    }
    self.init(
      p: order.p, q: order.q, seasonalP: seasonal.p, seasonalQ: seasonal.q, period: max(period, 1))
    guard stateCount <= Self.largestState else {
      throw .badDesign(model: "ARIMA", reason: "lags beyond \(Self.largestState) are not supported")
    }
  }

  /// The same process with moving-average roots outside of the unit circle or on it.
  func invertible(_ c: [Double]) -> [Double] {
    var result = c
    for (start, count) in [(p, q), (p + q + seasonalP, seasonalQ)] where count > 0 {
      result.replaceSubrange(
        start..<start + count, with: ARMAPolynomial.invertible(Array(c[start..<start + count])))
    }
    return result
  }
}
