import NumericKernels

extension StructuralModel {
  /// The trends among which to choose unless told otherwise: none, constant, fading.
  ///
  /// Slopes that wander for ever win too often on short series, where a level and a slope that both move can hardly be told apart:
  /// with them in the list, forecasts of the yearly and quarterly series of the M3 competition were 5 to 7% worse.
  public static let usualTrends: [StructuralForm.Trend] = [.localLevel, .fixedSlope, .damped]

  /// Fits forms with and without slope and season and keeps the one with the smallest AICc.
  ///
  /// Trends are tried with the season as dummies and without it, then trigonometric seasons with the best trend. A form is
  /// tried if it leaves more observations than parameters; with fewer than that for any, a random walk without noise is returned.
  ///
  /// - Parameters:
  ///   - seasonalPeriod: 1 for none.
  ///   - trends: to choose among.
  ///   - regressors: in every form.
  /// - Throws: as a fit; needs two observations.
  public static func selected(
    fitting series: [Double], seasonalPeriod: Int, trends: [StructuralForm.Trend] = usualTrends,
    regressors: Matrix? = nil
  ) throws(ForecastError) -> StructuralModel {
    try selected(
      fitting: observations(of: series), periodCount: series.count, seasonalPeriod: seasonalPeriod,
      trends: trends, regressors: regressors)
  }

  /// As for a series, from values and sums of periods.
  public static func selected(
    fitting observations: [Observation], periodCount: Int? = nil, seasonalPeriod: Int,
    trends: [StructuralForm.Trend] = usualTrends, regressors: Matrix? = nil
  ) throws(ForecastError) -> StructuralModel {
    let plain = StructuralForm(trend: .localLevel)
    let data = try checked(
      observations, periodCount: periodCount,
      form: StructuralForm(trend: .localLevel, season: .dummy(period: seasonalPeriod)), regressors: regressors)
    let n = data.events.count
    func fit(_ form: StructuralForm) -> (model: StructuralModel, criterion: Double)? {
      let parameters = form.parameterCount + form.diffuseCount + data.regressors.count
      guard n > parameters + 1, let model = try? StructuralModel(observations, data, form, regressors) else {
        return nil
      }
      return (model, model.correctedAkaikeCriterion)
    }
    guard !data.isConstant else { return try StructuralModel(observations, data, plain, regressors) }
    var best: (model: StructuralModel, criterion: Double)?
    func consider(_ form: StructuralForm) {
      guard let candidate = fit(form) else { return }
      if best.map({ candidate.criterion < $0.criterion - 1e-6 }) ?? true { best = candidate }
    }
    let seasons: [StructuralForm.Season] = seasonalPeriod > 1 ? [.none, .dummy(period: seasonalPeriod)] : [.none]
    for season in seasons { for trend in trends { consider(StructuralForm(trend: trend, season: season)) } }
    if let found = best, found.model.form.hasSeason, found.criterion.isFinite {
      consider(StructuralForm(trend: found.model.form.trend, season: .trigonometric(period: seasonalPeriod)))
    }
    if let best { return best.model }
    // Too short to choose: the last observation, with the changes seen.
    guard n >= 2 + data.regressors.count else {
      throw .tooFewObservations(model: plain.name, needed: 2 + data.regressors.count, found: n)
    }
    let walk = StructuralParameters(irregularVariance: 0, levelVariance: 1)
    return try StructuralModel(observations, data, plain, regressors, relative: walk, scale: nil)
  }

  /// AICc of the likelihood given the initial states, which count as parameters together with β.
  ///
  /// Diffuse likelihoods of forms with different diffuse states are not densities of the same thing. So the states at the start are set
  /// to their estimates given the whole series, and the scale again to its best: all observations of all forms then count
  /// alike, as with exponential smoothing. An observation that the start fixes (no irregular part) has no variance of its own and
  /// counts like the mean of the others: otherwise forms would differ in what they count, and the unit of the series would matter.
  /// -infinity for an exact fit.
  public var correctedAkaikeCriterion: Double {
    guard scale > 0 else { return -.infinity }
    let smoothed = KalmanSmoother(layout.system, KalmanPass(layout.system, detail: .states))
    var known = layout
    known.start(at: Array(smoothed.states[0..<layout.system.stateCount]))
    let pass = KalmanPass(known.system, detail: .likelihood)
    let n = Double(data.events.count)
    let parameters = Double(form.parameterCount + layout.system.diffuseVectors.count)
    guard n > parameters + 1, pass.ordinaryCount > 0 else { return .infinity }
    let logVariances = pass.logVariances * n / Double(pass.ordinaryCount)
    let deviance = n * (KalmanPass.logTwoPi + VectorMath.log(max(pass.squares / n, 1e-300)) + 1) + logVariances
    return deviance + 2 * n * data.logUnit + 2 * parameters * n / (n - parameters - 1)
  }
}
