import NumericKernels

/// A univariate model fitted to an equally spaced series.
///
/// The verbs mean the same on every model; how a model is fitted is its initialiser's business (`init(fitting:...)`, with the
/// seasonal period or regressors where it knows them). Missing observations are NaN where a model allows them: it carries its
/// state across them and its one-step errors there are NaN. Conforming types are values and never keep the series' scale as an
/// assumption: multiplying the series by a constant multiplies forecasts by it.
public protocol ForecastModel: Sendable {
  /// The field's name for the fitted form, for example "ETS(M,Ad,N)" or "ARIMA(0,1,1)(0,1,1)[12]".
  var name: String { get }

  /// The same parameters, with states and residuals of another (usually longer) series.
  func refitted(to series: [Double]) throws(ForecastError) -> Self

  /// One-step-ahead errors in the unit of the series, one per observation; NaN where the observation is missing or starts the
  /// model. For a multiplicative error they are y - fitted value, not the relative error.
  var residuals: [Double] { get }

  /// The predictive distribution of the next `horizon` steps.
  ///
  /// - Throws: ``ForecastError/badHorizon(_:)`` for a horizon below 1.
  func forecast(horizon: Int) throws(ForecastError) -> Prediction

  /// Sample paths of the next `horizon` steps: shocks are drawn, fitted parameters are kept.
  ///
  /// - Parameters:
  ///   - paths: at least 1. Paths 2j and 2j + 1 share a block of random bits, nothing else depends on their number.
  ///   - stream: step h (1, 2, ...) takes the normals of item h.
  func simulate(horizon: Int, paths: Int, stream: RandomStream) throws(ForecastError) -> SimulatedPaths
}

/// A model whose predictive distribution is linear in Gaussian shocks.
///
/// The engine needs this form; it gives forecast and simulation for free.
public protocol LinearForecastModel: ForecastModel {
  /// The field's name for the model, for example "ETS(A,Ad,N)".
  static var name: String { get }

  /// Fits the model.
  ///
  /// - Parameter series: observations in time order, NaN where missing.
  /// - Throws: ``ForecastError`` with the number of observations needed, or the position of an infinite value.
  init(fitting series: [Double]) throws(ForecastError)

  /// The variance of one-step-ahead errors, corrected for the number of estimated parameters.
  var innovationVariance: Double { get }

  /// The predictive distribution of the next `horizon` steps, in the form a simulation needs.
  func linearForecast(horizon: Int) throws(ForecastError) -> LinearForecast
}

extension LinearForecastModel {
  public var name: String { Self.name }

  public func forecast(horizon: Int) throws(ForecastError) -> Prediction {
    let linear = try linearForecast(horizon: horizon)
    return Prediction(mean: linear.mean, deviations: linear.standardDeviations)
  }

  public func simulate(horizon: Int, paths: Int, stream: RandomStream) throws(ForecastError) -> SimulatedPaths {
    try linearForecast(horizon: horizon).simulated(paths: paths, stream: stream)
  }
}
