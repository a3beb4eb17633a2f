import NumericKernels

/// A level, a persistent shock that fades, and noise.
///
///     y[t] = μ + s[t] + e[t],   s[t] = φ s[t-1] + η[t],   η ~ N(0, q), e ~ N(0, r),   s[1] ~ N(0, q / (1 - φ²))
///
/// The level μ is N(m, τ²) and is filtered along with s as a second, constant state; with τ = 0 it is known. So one
/// filter serves a single series and the members of a panel, with μ integrated out exactly. Missing observations are
/// NaN: time moves on, nothing is learnt. Source: the Kalman filter, Harvey (1989), "Forecasting, Structural Time
/// Series Models and the Kalman Filter".
///
/// Both variances may be scaled by a factor of each period (``filtered(_:scales:)``): q c[t] and r c[t]. In the first
/// period the factor scales the shock's stationary variance too. See ``CommonVolatility`` for where factors come from.
///
/// ```swift
/// let model = try AR1PlusNoise(mean: 0, persistence: 0.7, innovationVariance: 1, noiseVariance: 0.5)
/// let end = try model.filtered([1.25, 0.5, .nan, -0.75])
/// let next = end.predictions(steps: 3)
/// ```
public struct AR1PlusNoise: Equatable, Sendable {
  /// m, the mean of the level.
  public let mean: Double
  /// τ², the variance of the level before the series is seen; 0 for a known level.
  public let levelVariance: Double
  /// φ, between -1 and 1.
  public let persistence: Double
  /// q
  public let innovationVariance: Double
  /// r
  public let noiseVariance: Double

  /// - Throws: `badDesign` unless |φ| < 1, the variances are finite and >= 0, and q + r > 0.
  public init(
    mean: Double, levelVariance: Double = 0, persistence: Double, innovationVariance: Double, noiseVariance: Double
  ) throws(ForecastError) {
    guard mean.isFinite, abs(persistence) < 1 else {
      throw .badDesign(model: "AR1PlusNoise", reason: "the mean must be finite and the persistence inside (-1, 1)")
    }
    let variances = [levelVariance, innovationVariance, noiseVariance]
    guard variances.allSatisfy({ $0 >= 0 && $0.isFinite }), innovationVariance + noiseVariance > 0 else {
      throw .badDesign(
        model: "AR1PlusNoise",
        reason: "variances must be finite and not negative, and those of innovation and noise not both zero")
    }
    self.init(
      unchecked: mean, levelVariance: levelVariance, persistence: persistence, innovationVariance: innovationVariance,
      noiseVariance: noiseVariance)
  }

  private init(
    unchecked mean: Double, levelVariance: Double, persistence: Double, innovationVariance: Double,
    noiseVariance: Double
  ) {
    self.mean = mean
    self.levelVariance = levelVariance
    self.persistence = persistence
    self.innovationVariance = innovationVariance
    self.noiseVariance = noiseVariance
  }

  /// The model at a point of a search: half the logit of φ / 0.995 (so that one step suits all), then the log standard
  /// deviations of innovation, noise and level in units of `scale`, those kept between exp(-13.8) and exp(10).
  init(point: SIMD4<Double>, scale: Double, mean: Double) {
    func variance(_ logDeviation: Double) -> Double {
      let deviation = scale * VectorMath.exp(min(10, max(-13.8, logDeviation)))
      return deviation * deviation
    }
    let persistence = 0.995 / (1 + VectorMath.exp(-2 * min(15, max(-15, point[0]))))
    self.init(
      unchecked: mean, levelVariance: variance(point[3]), persistence: persistence,
      innovationVariance: variance(point[1]), noiseVariance: variance(point[2]))
  }

  /// The posterior of (μ, s[t]) given observations up to t, and the log-likelihood so far.
  public struct State: Equatable, Sendable {
    public let model: AR1PlusNoise
    public fileprivate(set) var levelMean: Double
    public fileprivate(set) var shockMean: Double
    public fileprivate(set) var levelVariance: Double
    public fileprivate(set) var shockVariance: Double
    /// Cov(μ, s[t])
    public fileprivate(set) var covariance: Double
    /// Exact log-likelihood of the observations taken in so far, constants included; missing ones add nothing.
    public fileprivate(set) var logLikelihood = 0.0
    /// Periods passed, with and without observation.
    public fileprivate(set) var periodCount = 0
    public fileprivate(set) var observationCount = 0

    fileprivate init(start model: AR1PlusNoise) {
      self.model = model
      levelMean = model.mean
      shockMean = 0
      levelVariance = model.levelVariance
      shockVariance = model.innovationVariance / (1 - model.persistence * model.persistence)
      covariance = 0
    }

    /// E and Var of μ + s[t]: the signal without noise.
    public var signalMean: Double { levelMean + shockMean }
    public var signalVariance: Double { max(0, levelVariance + 2 * covariance + shockVariance) }

    /// Moves on one period, whose variances are multiplied by `scale`, and takes in its observation (NaN: missing).
    /// Infinite values are not accepted here: see `filtered`.
    fileprivate mutating func advance(_ observation: Double, scale: Double) {
      if periodCount > 0 {
        let phi = model.persistence
        shockMean *= phi
        covariance *= phi
        shockVariance = phi * phi * shockVariance + model.innovationVariance * scale
      } else {
        shockVariance *= scale
      }
      periodCount += 1
      guard !observation.isNaN else { return }
      observationCount += 1
      let noise = model.noiseVariance * scale
      // Covariance of the signal with level and shock, and the variance of the one-step error.
      let levelSignal = levelVariance + covariance
      let shockSignal = shockVariance + covariance
      let variance = levelSignal + shockSignal + noise
      let error = observation - levelMean - shockMean
      let logTwoPi = 1.837877066409345484
      logLikelihood -= 0.5 * (logTwoPi + VectorMath.log(variance) + error * error / variance)
      levelMean += levelSignal / variance * error
      shockMean += shockSignal / variance * error
      if levelVariance == 0 {
        // Exact in the scalar case, also without noise.
        shockVariance = shockVariance * noise / variance
      } else {
        levelVariance = max(0, levelVariance - levelSignal * levelSignal / variance)
        shockVariance = max(0, shockVariance - shockSignal * shockSignal / variance)
        covariance -= levelSignal * shockSignal / variance
      }
    }

    /// The state after further observations (NaN: missing).
    ///
    /// - Parameter scales: by what the variances of innovation and noise are multiplied in each of these periods;
    ///   1 beyond the end of the list.
    /// - Throws: `nonFinite` for an infinite observation, or when model and data leave a one-step error without
    ///   variance; `badDesign` for a scale that is negative or not finite.
    public func continued(with observations: [Double], scales: [Double] = []) throws(ForecastError) -> State {
      guard scales.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
        throw .badDesign(model: "AR1PlusNoise", reason: "scales of variances must be finite and not negative")
      }
      var result = self
      for (position, observation) in observations.enumerated() {
        guard !observation.isInfinite else { throw .nonFinite(model: "AR1PlusNoise", position: position) }
        result.advance(observation, scale: position < scales.count ? scales[position] : 1)
      }
      guard result.logLikelihood.isFinite else {
        throw .badDesign(
          model: "AR1PlusNoise", reason: "an observation is certain under the model; give it noise or innovation")
      }
      return result
    }

    /// Moments of the signal μ + s and of the observation, 1 ... `steps` periods ahead.
    public func predictions(steps: Int) -> [Prediction] {
      var shock = shockMean
      var cross = covariance
      var variance = shockVariance
      let phi = model.persistence
      return (0..<max(0, steps)).map { _ in
        shock *= phi
        cross *= phi
        variance = phi * phi * variance + model.innovationVariance
        let signal = max(0, levelVariance + 2 * cross + variance)
        return Prediction(
          mean: levelMean + shock, signalVariance: signal, observationVariance: signal + model.noiseVariance)
      }
    }
  }

  /// What the model says of one future period.
  public struct Prediction: Equatable, Sendable {
    public let mean: Double
    /// Variance of μ + s.
    public let signalVariance: Double
    /// Variance of an observation: the signal's and the noise's.
    public let observationVariance: Double
  }

  /// The state before any observation.
  public var start: State { State(start: self) }

  /// The state at the end of a series.
  ///
  /// - Parameter scales: as in ``State/continued(with:scales:)``.
  /// - Throws: as ``State/continued(with:scales:)``.
  public func filtered(_ series: [Double], scales: [Double] = []) throws(ForecastError) -> State {
    try start.continued(with: series, scales: scales)
  }

  /// The exact log-likelihood of a series; 0 if all is missing.
  public func logLikelihood(_ series: [Double]) throws(ForecastError) -> Double { try filtered(series).logLikelihood }

  /// One model for many series, each with a level of its own.
  public struct PanelFit: Sendable {
    /// The estimated parameters; `levelVariance` is τ² of the levels between series.
    public let model: AR1PlusNoise
    /// The summed log-likelihood at the estimates.
    public let logLikelihood: Double
    /// For each series, the posterior of its level and shock at its end.
    public let states: [State]
    /// Evaluations of the summed likelihood that the search took.
    public let evaluations: Int
  }

  /// The root mean square of a panel's deviations from `mean`, once it is known that something can be fitted to it.
  ///
  /// - Throws: as ``fitPanel(series:mean:)``, convergence apart.
  static func panelScale(_ series: [[Double]], mean: Double) throws(ForecastError) -> Double {
    let name = "AR1PlusNoise"
    for values in series {
      if let position = values.firstIndex(where: \.isInfinite) { throw .nonFinite(model: name, position: position) }
    }
    let observed = series.map { values in values.filter { !$0.isNaN } }
    let total = observed.reduce(0) { $0 + $1.count }
    let longest = observed.map(\.count).max() ?? 0
    guard total >= 6 else { throw .tooFewObservations(model: name, needed: 6, found: total) }
    guard longest >= 3 else { throw .tooFewObservations(model: "\(name), longest series", needed: 3, found: longest) }
    let squares = observed.flatMap { $0.map { ($0 - mean) * ($0 - mean) } }
    let scale = (Reductions.sum(squares) / Double(total)).squareRoot()
    let spread = Reductions.standardDeviation(observed.flatMap { $0 })
    guard scale > 0, scale.isFinite, spread > 1e-12 * scale else {
      throw .badDesign(model: name, reason: "the series do not vary; nothing can be estimated")
    }
    return scale
  }

  /// Maximises the summed likelihood of series that share φ in (0, 0.995), q, r and τ, with μ[i] ~ N(`mean`, τ²)
  /// integrated out.
  ///
  /// Nelder-Mead on (logit(φ / 0.995), log sd of innovation, noise, and level), from three fixed starts, so the same
  /// data give the same estimates. Standard deviations that the data push to zero stop at 1e-6 of the data's. Series
  /// that are entirely missing keep the prior. Series, not necessarily of one length, share no period effects: centre
  /// each period beforehand.
  ///
  /// - Throws: `nonFinite`, `tooFewObservations` (at least six observed values and one series with three), `badDesign`
  ///   for constant data, `noConvergence`.
  public static func fitPanel(series: [[Double]], mean: Double = 0) throws(ForecastError) -> PanelFit {
    let name = "AR1PlusNoise"
    let scale = try panelScale(series, mean: mean)

    func model(_ point: SIMD4<Double>) -> AR1PlusNoise { AR1PlusNoise(point: point, scale: scale, mean: mean) }
    let likelihood = PanelLikelihood(series)
    var evaluations = 0
    func objective(_ point: SIMD4<Double>) -> Double {
      evaluations += 1
      let value = -likelihood.logLikelihood(model(point))
      return value.isNaN ? .infinity : value
    }
    func search(from start: SIMD4<Double>, step: Double) -> (point: SIMD4<Double>, value: Double) {
      NelderMead.minimize(
        objective, from: start, dimensions: 4, step: step, pointTolerance: 1e-4, valueTolerance: 1e-10,
        evaluations: 1500)
    }
    let starts: [SIMD4<Double>] = [[0, -0.7, -1, -0.4], [1, -1.2, -1.2, -1], [-1, -1, -0.7, -0.2]]
    var best: (point: SIMD4<Double>, value: Double) = ([0, 0, 0, 0], .infinity)
    for start in starts {
      var found = search(from: start, step: 0.4)
      // A fresh simplex at the best point, until that gains nothing: a collapsed simplex is no minimum.
      for _ in 0..<5 {
        let again = search(from: found.point, step: 0.12)
        let gain = found.value - again.value
        found = again
        if !(gain > 1e-9 * max(1, abs(found.value))) { break }
      }
      if found.value < best.value { best = found }
    }
    guard best.value.isFinite else { throw .noConvergence(model: name, iterations: evaluations) }
    let fitted = model(best.point)
    var states: [State] = []
    for values in series { states.append(try fitted.filtered(values)) }
    return PanelFit(model: fitted, logLikelihood: -best.value, states: states, evaluations: evaluations)
  }
}
