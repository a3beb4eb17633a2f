import NumericKernels

/// A structural time series model: level, slope, season, cycle and regression, each with a variance of its own.
///
/// The variances maximise the exact diffuse likelihood (Durbin and Koopman 2012), computed by a square-root filter; trend, season
/// and coefficients start diffuse, a cycle in its stationary distribution. See ``StructuralForm`` for the equations.
///
/// Observations are values of periods or **sums of periods**, freely mixed: a quarter's total in place of its months, or what a
/// year has brought so far. A cumulator in the state carries each sum exactly, so the months that ``interpolated()`` gives add up
/// to the totals observed. Missing periods are NaN, or just not mentioned.
///
/// ```swift
/// let months = try StructuralModel(
///   fitting: [.value(0, 101), .value(1, 98), .sum(from: 2, through: 4, 310), .sum(from: 0, through: 8, 925)],
///   periodCount: 9, form: StructuralForm(trend: .localLevel))
/// let year = try months.sum(from: 0, through: 11)  // what is known of this year, and how well
/// ```
///
/// Regressors are the columns of a matrix with a row for each period and further rows for the future, as many as will be forecast.
/// Interventions are such columns: a 1 for a pulse, ones from a date on for a step.
///
/// Edge cases: needs one observation more than there are diffuse states. Series that a form without disturbances fits exactly
/// (constant ones, exact lines) have scale 0: forecasts continue them with deviation 0, and the likelihood is infinite.
/// Multiplying the series by a constant multiplies forecasts by it.
///
/// Source: Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter; Durbin and Koopman (2012), Time Series
/// Analysis by State Space Methods; for sums Harvey and Pierse, Journal of the American Statistical Association 79 (1984).
public struct StructuralModel: ForecastModel {
  public let form: StructuralForm
  /// The number of periods, observed or not; the next one is the first to be forecast.
  public let periodCount: Int
  /// Whether the search for the variances met its tolerance; true for given parameters.
  public let hasConverged: Bool
  /// Evaluations of the likelihood that the search took.
  public let evaluations: Int
  /// The number of observations, sums included.
  public var observationCount: Int { data.events.count }

  let data: StructuralData
  let regressors: Matrix?
  /// For normalised data, with variances relative to `scale`.
  let relative: StructuralParameters
  let scale: Double
  let layout: StructuralLayout
  let pass: KalmanPass
  let observations: [Observation]

  /// Fits a series.
  ///
  /// - Parameters:
  ///   - series: in time order, NaN where missing.
  ///   - regressors: at least as many rows as the series; further rows are for forecasts.
  /// - Throws: ``ForecastError/tooFewObservations(model:needed:found:)``, ``ForecastError/nonFinite(model:position:)``,
  ///   ``ForecastError/badDesign(model:reason:)``, or ``ForecastError/notIdentified(model:term:)`` if the observations leave
  ///   a component undetermined (months cannot be told apart by quarters' totals alone).
  public init(
    fitting series: [Double], form: StructuralForm, regressors: Matrix? = nil
  ) throws(ForecastError) {
    try self.init(
      fitting: Self.observations(of: series), periodCount: series.count, form: form, regressors: regressors)
  }

  /// Fits values and sums of periods.
  ///
  /// - Parameters:
  ///   - observations: in any order.
  ///   - periodCount: the number of periods, if there are more than the last observation says.
  /// - Throws: as for a series; `badDesign` also for observations that contradict each other.
  public init(
    fitting observations: [Observation], periodCount: Int? = nil, form: StructuralForm, regressors: Matrix? = nil
  ) throws(ForecastError) {
    let data = try Self.checked(observations, periodCount: periodCount, form: form, regressors: regressors)
    try self.init(observations, data, form, regressors)
  }

  /// The model with given parameters, nothing estimated.
  public init(
    fitting series: [Double], form: StructuralForm, parameters: StructuralParameters, regressors: Matrix? = nil
  ) throws(ForecastError) {
    try self.init(
      fitting: Self.observations(of: series), periodCount: series.count, form: form, parameters: parameters,
      regressors: regressors)
  }

  /// The model with given parameters, nothing estimated.
  ///
  /// - Throws: as when fitted; `badDesign` for parameters out of range.
  public init(
    fitting observations: [Observation], periodCount: Int? = nil, form: StructuralForm,
    parameters: StructuralParameters, regressors: Matrix? = nil
  ) throws(ForecastError) {
    let variances = [
      parameters.irregularVariance, parameters.levelVariance, parameters.slopeVariance, parameters.seasonalVariance,
      parameters.cycleVariance,
    ]
    guard variances.allSatisfy({ $0 >= 0 && $0.isFinite }), variances.contains(where: { $0 > 0 }),
      abs(parameters.damping) <= 1, parameters.cycleDamping >= 0, parameters.cycleDamping < 1,
      parameters.cycleFrequency.isFinite
    else {
      throw .badDesign(
        model: form.name,
        reason: "variances must be finite, not negative and not all zero, damping at most 1, the cycle's below 1")
    }
    let data = try Self.checked(observations, periodCount: periodCount, form: form, regressors: regressors)
    let unit = data.rescaled(1)
    var relative = parameters.scaled(1 / unit)
    relative = relative.scaled(1 / unit)
    try self.init(observations, data, form, regressors, relative: relative, scale: 1)
  }

  static func observations(of series: [Double]) -> [Observation] {
    series.enumerated().map { .value($0.offset, $0.element) }
  }

  static func checked(
    _ observations: [Observation], periodCount: Int?, form: StructuralForm, regressors: Matrix?
  ) throws(ForecastError) -> StructuralData {
    guard form.season.period >= 1 else {
      throw .badDesign(model: form.name, reason: "the seasonal period must be at least 1, not \(form.season.period)")
    }
    let last = min(observations.map(\.last).max() ?? -1, StructuralData.mostPeriods)
    return try StructuralData(
      observations, periodCount: periodCount ?? last + 1, regressors: regressors, model: form.name)
  }

  /// Fits checked data.
  init(
    _ observations: [Observation], _ data: StructuralData, _ form: StructuralForm, _ regressors: Matrix?
  ) throws(ForecastError) {
    let needed = form.diffuseCount + data.regressors.count + 1
    guard data.events.count >= needed else {
      throw .tooFewObservations(model: form.name, needed: needed, found: data.events.count)
    }
    guard !data.isConstant else {
      let some = StructuralParameters(
        irregularVariance: 1, levelVariance: 0.1, slopeVariance: 0.01, seasonalVariance: 0.01, cycleVariance: 0.1,
        damping: 0.9)
      try self.init(observations, data, form, regressors, relative: some, scale: 0)
      return
    }
    var search = StructuralSearch(form, data)
    let found = search.run()
    try self.init(
      observations, data, form, regressors, relative: found.parameters, scale: nil, evaluations: found.evaluations,
      hasConverged: found.hasConverged)
  }

  /// - Parameter scale: nil for the one of maximum likelihood.
  init(
    _ observations: [Observation], _ data: StructuralData, _ form: StructuralForm, _ regressors: Matrix?,
    relative: StructuralParameters, scale: Double?, evaluations: Int = 0, hasConverged: Bool = true
  ) throws(ForecastError) {
    var layout = StructuralLayout(form, data, periodCount: data.periodCount)
    layout.set(relative)
    let pass = KalmanPass(layout.system, detail: .gains)
    if let event = pass.contradiction {
      throw .badDesign(
        model: form.name, reason: "observation \(data.places[event] + 1) contradicts the others: it follows from them")
    }
    guard pass.openDirections == 0 else {
      throw .notIdentified(model: form.name, term: layout.term(open: pass.endDiffuse))
    }
    let best = pass.scale
    self.scale = scale ?? (best > StructuralSearch.exactScale ? best : 0)
    self.form = form
    self.data = data
    self.regressors = regressors
    self.relative = relative
    self.layout = layout
    self.pass = pass
    self.observations = observations
    self.evaluations = evaluations
    self.hasConverged = hasConverged
    periodCount = data.periodCount
  }

  public var name: String { form.name }

  /// The parameters in the unit of the series.
  public var parameters: StructuralParameters {
    relative.scaled(scale).scaled(data.rescaled(1)).scaled(data.rescaled(1))
  }

  /// The exact diffuse log-likelihood, with -1/2 log 2π for every observation and none of the unit for those that fix a diffuse
  /// state, as Durbin and Koopman (2012), section 7.2.2. Infinite for an exact fit.
  public var logLikelihood: Double {
    guard scale > 0 else { return .infinity }
    let n = Double(pass.ordinaryCount)
    let deviance =
      n * VectorMath.log(scale) + pass.squares / scale + pass.logVariances
      + Double(pass.ordinaryCount + pass.diffuseCount) * KalmanPass.logTwoPi
    let regressorUnits = data.regressorUnits.reduce(0) { $0 + VectorMath.log($1) }
    return -0.5 * deviance - n * data.logUnit - regressorUnits
  }

  public var residuals: [Double] { errors { data.rescaled($0.error) } }

  /// One-step errors over their standard deviations, NaN as in ``residuals``; zeros for an exact fit.
  public var standardizedResiduals: [Double] {
    errors { scale > 0 ? $0.error / ($0.variance * scale).squareRoot() : 0 }
  }

  /// One-step errors of values of periods; a sum has none here.
  private func errors(_ transform: ((error: Double, variance: Double)) -> Double) -> [Double] {
    var result = [Double](repeating: .nan, count: periodCount)
    for (e, event) in data.events.enumerated() where event.first == event.last && pass.kinds[e] == .ordinary {
      result[event.last] = transform((pass.errors[e], pass.variances[e]))
    }
    return result
  }

  /// Errors of all observations given the earlier ones (by last period), in the order they were given and the unit of the series;
  /// NaN for those that fix a diffuse state, or add nothing to the others.
  public var observationErrors: [(error: Double, standardized: Double)] {
    var result = observations.map { _ in (error: Double.nan, standardized: Double.nan) }
    for (e, place) in data.places.enumerated() where pass.kinds[e] == .ordinary {
      let standardized = scale > 0 ? pass.errors[e] / (pass.variances[e] * scale).squareRoot() : 0
      result[place] = (data.rescaled(pass.errors[e]), standardized)
    }
    return result
  }

  public func refitted(to series: [Double]) throws(ForecastError) -> StructuralModel {
    try refitted(to: Self.observations(of: series), periodCount: series.count)
  }

  /// The same parameters with other observations.
  public func refitted(to observations: [Observation], periodCount: Int? = nil) throws(ForecastError) -> StructuralModel
  {
    let other = try Self.checked(observations, periodCount: periodCount, form: form, regressors: regressors)
    let ratio = data.unitRatio(to: other)
    return try StructuralModel(
      observations, other, form, regressors, relative: relative, scale: scale * ratio * ratio)
  }
}

extension StructuralLayout {
  /// A name for the component that undetermined directions (columns of states) load most.
  func term(open: [Double]) -> String {
    let m = system.stateCount
    var (largest, state) = (-1.0, 0)
    for (k, value) in open.enumerated() where abs(value) > largest { (largest, state) = (abs(value), k % m) }
    if state >= coefficients { return "regressor \(state - coefficients + 1)" }
    if state >= season { return "the seasonal effects" }
    return state == slope && form.hasSlope ? "the slope" : "the level"
  }
}
