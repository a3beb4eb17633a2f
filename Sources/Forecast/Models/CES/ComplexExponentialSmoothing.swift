import NumericKernels

/// Complex exponential smoothing (CES): a complex level, with an optional season, smoothed by complex parameters.
///
/// With level l, its imaginary companion c ("potential"), alpha = a0 + i a1, and error e = y - forecast, the
/// non-seasonal form is
///
///     y[t] = l[t-1] + e[t]
///     l[t] = l[t-1] - (1 - a1) c[t-1] + (a0 - a1) e[t]
///     c[t] = l[t-1] + (1 - a0) c[t-1] + (a0 + a1) e[t]
///
/// The simple form takes the states of one season ago in place of the last; the partial one adds a season s[t] = s[t-m]
/// + b0 e[t]; the full one a complex season with a parameter beta = b0 + i b1 and the recursion of the level at lag m.
/// The level has a trend or none depending on a1: above 1 it grows exponentially, slowly for values near 1.
///
/// Parameters minimise the sum of squared errors as ``CESEstimation`` says, a1 in 0.01 ... 1.9, b0 and b1 in 0.01 ...
/// 1.5, from several starts. The states before the first observation are backcast: the filter runs forwards, backwards
/// and forwards again. Among forms the least AICc wins, where backcast states do not count as parameters (as in
/// statsforecast). The variance divides by n - k - 1.
///
/// The model is linear with additive errors: its predictive variance is sigma^2 (1 + c[1]^2 + ... + c[h-1]^2), c[j] the
/// response of the series j steps after a unit shock.
///
/// Edge cases: needs four usable observations, and two seasons for the seasonal forms; with less it is not seasonal.
/// Missing observations (NaN) carry the states. The model knows the origin of the series: adding a constant changes
/// forecasts.
///
/// Source: Svetunkov, Kourentzes and Ord, Naval Research Logistics 69 (2022).
public struct ComplexExponentialSmoothing: ForecastModel {
  static let label = "CES"

  public let form: CESForm
  public let seasonalPeriod: Int
  public let parameters: CESParameters
  public let residuals: [Double]
  public let innovationVariance: Double
  /// The sum of squared one-step errors.
  public let sumOfSquares: Double
  /// The corrected information criterion, n log(sum of squares) + 2 k + ...; comparable among forms for one series.
  /// Infinite with five observations or fewer.
  public let correctedAkaike: Double
  /// The square root of the variance, which may itself be too large or small for a number.
  private let deviation: Double
  private let state: CESState
  private let scale: Scale
  private let count: Int

  /// Fits the model.
  ///
  /// - Parameters:
  ///   - series: observations in time order, NaN where missing.
  ///   - seasonalPeriod: 1 for none.
  ///   - form: nil to choose by AICc.
  ///   - estimation: how the parameters are chosen.
  /// - Throws: ``ForecastError/badDesign(model:reason:)`` where gaps leave a phase of the season unobserved for a form asked for,
  ///   ``ForecastError/tooFewObservations(model:needed:found:)`` below four observations or two seasons of a seasonal form asked for,
  ///   ``ForecastError/nonFinite(model:position:)``.
  public init(
    fitting series: [Double], seasonalPeriod: Int, form: CESForm? = nil, estimation: CESEstimation = .shrunken
  )
    throws(ForecastError)
  {
    let scale = try Scale(series, needed: 4)
    let y = scale.normalized(series)
    let rounded = y.map { ($0 * 0x1p30).rounded() * 0x1p-30 }
    let isSeasonal = seasonalPeriod > 1 && y.count >= 2 * seasonalPeriod
    if let form, form != .nonseasonal, !isSeasonal {
      throw .tooFewObservations(model: "CES(\(form.rawValue))", needed: 2 * max(seasonalPeriod, 2), found: y.count)
    }
    let forms = form.map { [$0] } ?? (isSeasonal ? CESForm.allCases : [.nonseasonal])
    var best: CESFit?
    for form in forms {
      let period = form == .nonseasonal && !isSeasonal ? 1 : seasonalPeriod
      guard
        let fit = CESFit(form: form, series: y, rounded: rounded, seasonalPeriod: period, estimation: estimation)
      else { continue }
      guard let current = best else {
        best = fit
        continue
      }
      if fit.criterion + fit.penalty < current.criterion + current.penalty - 1e-7 { best = fit }
    }
    guard let best else {
      throw .badDesign(
        model: form.map { "CES(\($0.rawValue))" } ?? Self.label,
        reason: "the gaps leave a season never observed, or the errors grow beyond all bounds")
    }
    self.init(best, scale, seasonalPeriod: seasonalPeriod, deviation: nil, count: series.count)
  }

  /// The model with given parameters and backcast states.
  ///
  /// - Throws: also ``ForecastError/badDesign(model:reason:)`` where the errors grow beyond all bounds.
  public init(
    evaluating series: [Double], seasonalPeriod: Int, form: CESForm, parameters: CESParameters
  )
    throws(ForecastError)
  {
    try self.init(series, seasonalPeriod, form, parameters, deviation: nil)
  }

  private init(
    _ series: [Double], _ seasonalPeriod: Int, _ form: CESForm, _ parameters: CESParameters, deviation: Double?
  ) throws(ForecastError) {
    let scale = try Scale(series, needed: 1)
    guard seasonalPeriod >= 2 || form == .nonseasonal, parameters.isFinite else {
      throw .badDesign(
        model: Self.label, reason: "a seasonal form needs a period of at least 2, and parameters must be finite")
    }
    let y = scale.normalized(series)
    guard form == .nonseasonal || y.count >= 2 * seasonalPeriod else {
      throw .tooFewObservations(model: "CES(\(form.rawValue))", needed: 2 * seasonalPeriod, found: y.count)
    }
    guard
      let fit = CESFit(form: form, series: y, seasonalPeriod: max(seasonalPeriod, 1), parameters: parameters)
    else {
      throw .badDesign(model: Self.label, reason: "the one-step errors grow beyond all bounds with these parameters")
    }
    self.init(fit, scale, seasonalPeriod: seasonalPeriod, deviation: deviation, count: series.count)
  }

  private init(_ fit: CESFit, _ scale: Scale, seasonalPeriod: Int, deviation: Double?, count: Int) {
    form = fit.form
    self.seasonalPeriod = seasonalPeriod
    parameters = fit.parameters
    state = fit.state
    self.scale = scale
    self.count = count
    residuals = [Double](repeating: .nan, count: scale.first) + fit.errors.map(scale.rescaled)
    let root = scale.rescaled(fit.squares.squareRoot())
    sumOfSquares = root * root
    let left = max(fit.used - form.degreesOfFreedom - 1, 1)
    self.deviation = deviation ?? scale.rescaled((fit.squares / Double(left)).squareRoot())
    innovationVariance = self.deviation * self.deviation
    correctedAkaike = fit.criterion + 2 * Double(fit.used) * scale.logUnit + fit.penalty
  }

  public var name: String {
    form == .nonseasonal ? "CES(N)" : "CES(\(form.rawValue))[\(seasonalPeriod)]"
  }

  /// Keeps the parameters and the variance; states are backcast from the new series.
  public func refitted(to series: [Double]) throws(ForecastError) -> ComplexExponentialSmoothing {
    try ComplexExponentialSmoothing(
      series, seasonalPeriod, form, parameters, deviation: deviation)
  }

  /// The predictive distribution in the form a simulation needs.
  ///
  /// - Throws: also ``ForecastError/badDesign(model:reason:)`` where a forecast that grows exponentially leaves the range of numbers.
  public func linearForecast(horizon: Int) throws(ForecastError) -> LinearForecast {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    var (path, response) = (state, CESState(form: form, seasonalPeriod: state.real.count))
    var mean = [Double](repeating: 0, count: horizon)
    var responses = mean
    response.advance(1, parameters)
    for h in 0..<horizon {
      mean[h] = scale.rescaled(path.expected)
      path.advance(0, parameters)
      if h == 0 {
        responses[h] = deviation
      } else {
        responses[h] = deviation * response.expected
        response.advance(0, parameters)
      }
      guard mean[h].isFinite, responses[h].isFinite else {
        throw .badDesign(model: name, reason: "forecasts leave the range of numbers at step \(h + 1)")
      }
    }
    return LinearForecast(
      mean: mean, shockResponses: responses, parameterDeviations: [Double](repeating: 0, count: horizon))
  }

  public func forecast(horizon: Int) throws(ForecastError) -> Prediction {
    let linear = try linearForecast(horizon: horizon)
    return Prediction(mean: linear.mean, deviations: linear.standardDeviations)
  }

  public func simulate(horizon: Int, paths: Int, stream: RandomStream) throws(ForecastError) -> SimulatedPaths {
    guard paths >= 1 else { throw .badDesign(model: name, reason: "a simulation needs at least one path") }
    return try linearForecast(horizon: horizon).simulated(paths: paths, stream: stream)
  }
}
