import NumericKernels

/// Exponential smoothing as a state-space model with one source of error.
///
///     q = l + phi b;   f = q, q + s or q s;   y = f + e  or  y = f (1 + e)
///     l' = q + alpha d / w;   b' = phi b + beta d / w;   s' = s + gamma d / v       with d = y - f
///
/// w = v = 1, or w = s and v = q for a multiplicative season; s is the seasonal state of one period ago. Parameters and initial
/// states (those of a season add up to 0, or average 1) maximise
///
///     logLikelihood = -n/2 log(sum of e^2) - (sum of log f, for multiplicative errors)
///
/// which leaves out the same constant as R's `ets`. The search is BFGS in boxes with exact derivatives. innovationVariance is
/// the sum of e^2 over n - k, k parameters and initial states; e is relative for multiplicative errors.
///
/// ```swift
/// let model = try ETS.selected(fitting: visitors, seasonalPeriod: 12)
/// let band = try model.forecast(horizon: 24).interval(level: 0.95)
/// ```
///
/// Forecast means are expectations. Variances are exact for additive forms and, given Gaussian errors, for all others; intervals
/// take them as Gaussian. ``simulate(horizon:paths:stream:)`` draws from the model itself.
///
/// Departures from R's `forecast` 8.20: its variances of ETS(A,N,A) and ETS(M,N,A) put the seasonal response one step early, and its
/// moments of ETS(M,Ad,M) leave out the damping of the first step; both are here as in the book.
///
/// Edge cases: a form with k parameters and initial states needs k + 2 observations (ETS(A,N,N) and ETS(M,N,N): 3), a season also
/// two periods of at most 24 steps, multiplicative components strictly positive values. A missing value (NaN) has no error, and
/// the states move on; the uncertainty it leaves in them is not tracked inside the series, but missing values at the end widen the
/// forecast. A constant series keeps its value with variance 0.
///
/// Source: Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing (2008), chapters 2, 5 and 6.
public struct ETS: ForecastModel {
  public let form: ETSForm
  /// 1 for forms without a season.
  public let seasonalPeriod: Int
  public let parameters: ETSParameters
  /// The states before the first usable observation.
  public let initialStates: ETSStates
  /// The states after the last usable observation.
  public let states: ETSStates
  /// y - f
  public let residuals: [Double]
  /// The variance of e: in squared units of the series for additive errors, relative for multiplicative ones.
  public let innovationVariance: Double
  /// Infinite for an exact fit.
  public let logLikelihood: Double
  /// Usable observations.
  public let observationCount: Int
  /// The states at every observation.
  public let components: ETSComponents
  /// Passes through the series that the search took.
  public let evaluations: Int

  let outlook: ETSOutlook

  public var name: String { form.description }

  /// Smoothing parameters and initial states; the variance counts as one more in the information criteria.
  public var parameterCount: Int { form.parameterCount(seasonalPeriod: seasonalPeriod) }

  public var aic: Double { -2 * logLikelihood + 2 * Double(parameterCount + 1) }

  public var bic: Double {
    -2 * logLikelihood + Double(parameterCount + 1) * VectorMath.log(Double(observationCount))
  }

  /// Infinite if fewer than parameterCount + 3 values were observed.
  public var aicc: Double {
    let k = Double(parameterCount + 1)
    let room = Double(observationCount) - k - 1
    return room > 0 ? aic + 2 * k * (k + 1) / room : .infinity
  }

  /// Fits one form.
  ///
  /// - Parameters:
  ///   - series: in time order, NaN where missing.
  ///   - seasonalPeriod: observations per period; ignored by forms without a season.
  /// - Throws: ``ForecastError`` with the number of observations needed, the position of an infinite value, or why the form does
  ///   not suit the data.
  public init(
    fitting series: [Double], seasonalPeriod: Int = 1, form: ETSForm, estimation: ETSEstimation = .maximumLikelihood
  ) throws(ForecastError) {
    let data = try ETSSeries(
      series, seasonalPeriod: seasonalPeriod, name: form.description, needed: Self.needed(form, seasonalPeriod))
    try Self.check(data, form: form, seasonalPeriod: seasonalPeriod)
    var fitter = ETSFitter(data, estimation: estimation)
    self.init(data, fitter.solution(form))
  }

  /// The model with given parameters and initial states; only the variance is estimated.
  ///
  /// - Throws: also ``ForecastError/badDesign(model:reason:)`` for parameters outside [0, 1] or not finite states, or seasonal states
  ///   that are not one per step of the period.
  public init(
    fitting series: [Double], seasonalPeriod: Int = 1, form: ETSForm, parameters: ETSParameters,
    initialStates: ETSStates
  ) throws(ForecastError) {
    let data = try ETSSeries(series, seasonalPeriod: seasonalPeriod, name: form.description, needed: 1)
    guard let view = data.view(of: form) else { throw Self.notPositive(form) }
    let p = parameters
    let isInRange = [p.smoothingLevel, p.smoothingTrend, p.smoothingSeason, p.damping].allSatisfy {
      (0...1).contains($0)
    }
    let isFinite = ([initialStates.level, initialStates.trend] + initialStates.season).allSatisfy(\.isFinite)
    guard isInRange, isFinite else {
      throw .badDesign(model: form.description, reason: "parameters must lie in [0, 1] and states must be finite")
    }
    let seasons = form.isSeasonal ? seasonalPeriod : 0
    guard initialStates.season.count == seasons else {
      throw .badDesign(
        model: form.description, reason: "needs \(seasons) seasonal states, found \(initialStates.season.count)")
    }
    let isMultiplicativeSeason = form.season == .multiplicative
    let solution = ETSSolution(
      form: form,
      parameters: ETSParameters(
        smoothingLevel: p.smoothingLevel, smoothingTrend: form.hasTrend ? p.smoothingTrend : 0,
        smoothingSeason: form.isSeasonal ? p.smoothingSeason : 0, damping: form.trend == .damped ? p.damping : 1),
      states: ETSStates(
        level: data.normalized(initialStates.level - data.origin(of: form), form: form),
        trend: form.hasTrend ? data.normalized(initialStates.trend, form: form) : 0,
        season: initialStates.season.map { isMultiplicativeSeason ? $0 : data.normalized($0, form: form) }),
      objective: 0)
    self.init(data, solution, view: view)
  }

  /// The same parameters and initial states run through another series that starts at the same time; states, residuals and the
  /// variance are those of the new series (R: `use.initial.values = TRUE`).
  public func refitted(to series: [Double]) throws(ForecastError) -> ETS {
    try ETS(
      fitting: series, seasonalPeriod: seasonalPeriod, form: form, parameters: parameters, initialStates: initialStates)
  }

  init(_ data: ETSSeries, _ solution: ETSSolution) {
    self.init(data, solution, view: data.view(of: solution.form) ?? data.additive)
  }

  private init(_ data: ETSSeries, _ solution: ETSSolution, view: ETSSeries.View) {
    let pass = ETSPass(solution, view: view, period: data.seasonalPeriod)
    let form = solution.form
    self.form = form
    seasonalPeriod = form.isSeasonal ? data.seasonalPeriod : 1
    parameters = solution.parameters
    evaluations = solution.evaluations
    observationCount = data.count
    let origin = data.origin(of: form)
    let keepsSeason = form.season != .additive
    func inUnit(_ states: ETSStates) -> ETSStates {
      ETSStates(
        level: origin + data.rescaled(states.level, form: form), trend: data.rescaled(states.trend, form: form),
        season: states.season.map { keepsSeason ? $0 : data.rescaled($0, form: form) })
    }
    initialStates = inUnit(solution.states)
    states = inUnit(pass.last)
    let first = data.observations.positions.first ?? 0
    let count = data.observations.count
    var residuals = [Double](repeating: .nan, count: count)
    for t in view.normalized.indices where !view.normalized[t].isNaN {
      residuals[first + t] = data.rescaled(pass.errors[t], form: form)
    }
    self.residuals = residuals
    let rest = max(data.count - form.parameterCount(seasonalPeriod: data.seasonalPeriod), 1)
    let variance = pass.sumOfSquares / Double(rest)
    let deviation = variance.squareRoot()
    let absolute = data.rescaled(deviation, form: form)
    innovationVariance = form.isAdditive ? absolute * absolute : variance
    logLikelihood =
      pass.sumOfSquares <= view.floor
      ? .infinity : -pass.objective - Double(data.count) * data.logUnit(of: form)
    components = ETSComponents(
      form: form, leading: first, count: count,
      levels: pass.levels.map { origin + data.rescaled($0, form: form) },
      trends: pass.trends.map { data.rescaled($0, form: form) },
      seasons: pass.seasons.map { keepsSeason ? $0 : data.rescaled($0, form: form) })
    outlook = ETSOutlook(
      form: form, period: seasonalPeriod, parameters: solution.parameters, states: pass.last,
      deviation: pass.sumOfSquares <= view.floor ? 0 : deviation, skipped: data.observations.trailingMissing,
      origin: origin, unit: data.rescaled(1, form: form))
  }

  static func needed(_ form: ETSForm, _ seasonalPeriod: Int) -> Int {
    if !form.isSeasonal && !form.hasTrend { return 3 }
    let period = max(seasonalPeriod, 1)
    return max(form.parameterCount(seasonalPeriod: period) + 2, form.isSeasonal ? 2 * period : 0)
  }

  private static func notPositive(_ form: ETSForm) -> ForecastError {
    .badDesign(model: form.description, reason: "multiplicative components need strictly positive values")
  }

  private static func check(_ data: ETSSeries, form: ETSForm, seasonalPeriod: Int) throws(ForecastError) {
    guard data.view(of: form) != nil else { throw notPositive(form) }
    guard !form.isSeasonal || (2...24).contains(seasonalPeriod) else {
      throw .badDesign(
        model: form.description, reason: "a season needs a period of 2 to 24 observations, not \(seasonalPeriod)")
    }
  }
}
