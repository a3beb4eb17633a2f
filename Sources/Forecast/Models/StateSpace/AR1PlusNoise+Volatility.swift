import NumericKernels

extension AR1PlusNoise {
  /// One model for many series whose turbulence rises and falls together.
  public struct VolatilityPanelFit: Sendable {
    /// The estimated parameters, at a volatility of 1.
    public let model: AR1PlusNoise
    public let volatility: CommonVolatility
    /// For each series, the posterior of its level and shock at its end, given the volatility.
    public let states: [State]
    /// The summed log-likelihood at the estimates, without the penalty.
    public let logLikelihood: Double
    /// Evaluations of the summed likelihood that the search took.
    public let evaluations: Int
  }

  /// Maximises the penalised likelihood of series that share φ in (0, 0.995), q, r, τ and a factor exp(v[t]) of each
  /// period, by which the standard deviations of innovation and noise are multiplied.
  ///
  /// The penalty is the log density of v under the prior's process (``CommonVolatility``), with a standard normal for
  /// the first period, whose factor only says how far apart the series started. BFGS on (half the logit of φ / 0.995,
  /// log sd of innovation, noise and level, v) with central differences, from two fixed starts: the same data give the
  /// same estimates. Series begin in the same period (missing values are NaN) and share no period effects: centre each
  /// period beforehand.
  ///
  /// - Throws: as ``fitPanel(series:mean:)``, and `badDesign` for a prior that ``CommonVolatility`` does not accept.
  public static func fitPanelWithCommonVolatility(
    series: [[Double]], mean: Double = 0, prior: CommonVolatility.Prior = .init()
  ) throws(ForecastError) -> VolatilityPanelFit {
    let scale = try panelScale(series, mean: mean)
    let periods = series.map(\.count).max() ?? 0
    // Checks the prior before the search.
    _ = try CommonVolatility(path: [Double](repeating: 0, count: periods), prior: prior, observations: 1)
    let likelihood = PanelLikelihood(series)
    var evaluations = 0
    func objective(_ point: [Double]) -> Double {
      evaluations += 1
      let model = AR1PlusNoise(point: [point[0], point[1], point[2], point[3]], scale: scale, mean: mean)
      let scales = VectorMath.exp(point[4...].map { 2 * min(6, max(-6, $0)) })
      let value = penalty(Array(point[4...]), prior) - likelihood.logLikelihood(model, scales: scales)
      return value.isNaN ? .infinity : value
    }
    var settings = QuasiNewton.Settings()
    (settings.gradientTolerance, settings.valueTolerance, settings.evaluations) = (1e-4, 1e-9, 400)
    var best: (point: [Double], value: Double) = ([], .infinity)
    for start in [[0.6, -0.9, -1, -0.6], [1.2, -1.2, -1.2, -1]] {
      let found = QuasiNewton.minimize(
        from: start + [Double](repeating: 0, count: periods), settings: settings
      ) { pointer, gradient in
        var point = Array(UnsafeBufferPointer(start: pointer, count: periods + 4))
        let value = objective(point)
        for k in point.indices {
          let (middle, step) = (point[k], 1e-5)
          point[k] = middle + step
          let above = objective(point)
          point[k] = middle - step
          gradient[k] = (above - objective(point)) / (2 * step)
          point[k] = middle
        }
        return value
      }
      if found.value < best.value { best = (found.point, found.value) }
    }
    guard best.value.isFinite else { throw .noConvergence(model: "AR1PlusNoise", iterations: evaluations) }
    var path = Array(best.point[4...])
    let middle = path[1...].reduce(0, +) / Double(periods - 1)
    for t in path.indices { path[t] -= middle }
    let point = best.point
    let fitted = AR1PlusNoise(
      point: [point[0], point[1] + middle, point[2] + middle, point[3]], scale: scale, mean: mean)
    let volatility = try CommonVolatility(
      path: path, prior: prior, observations: series.count { $0.count == periods && $0.last?.isNaN == false })
    let scales = volatility.scales
    var states: [State] = []
    for values in series { states.append(try fitted.filtered(values, scales: scales)) }
    return VolatilityPanelFit(
      model: fitted, volatility: volatility, states: states,
      logLikelihood: states.reduce(0) { $0 + $1.logLikelihood }, evaluations: evaluations)
  }

  /// Minus the log density of log factors, constants left out. Their mean is pinned to 0, where q and r stand for a
  /// period of ordinary turbulence.
  private static func penalty(_ path: [Double], _ prior: CommonVolatility.Prior) -> Double {
    let rest = path[1...]
    let middle = rest.reduce(0, +) / Double(rest.count)
    let variance = prior.disturbance * prior.disturbance
    var squares = path[0] * path[0]
    squares += path[1] * path[1] * (1 - prior.persistence * prior.persistence) / variance
    for t in 2..<path.count {
      let disturbance = path[t] - prior.persistence * path[t - 1]
      squares += disturbance * disturbance / variance
    }
    return 0.5 * (squares + 100 * middle * middle)
  }
}
