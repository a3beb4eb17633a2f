/// A univariate model fitted to an equally spaced series.
///
/// The verbs mean the same on every model. Missing observations are NaN: a model carries its state across them and its
/// one-step errors there are NaN. Conforming types are values and never keep the series' scale as an assumption: multiplying
/// the series by a constant multiplies forecasts by it.
public protocol ForecastModel: Sendable {
  /// The field's name for the model, for example "ETS(A,Ad,N)".
  static var name: String { get }

  /// Fits the model.
  ///
  /// - Parameter series: observations in time order, NaN where missing.
  /// - Throws: ``ForecastError`` with the number of observations needed, or the position of an infinite value.
  init(fitting series: [Double]) throws(ForecastError)

  /// The same parameters, with states and residuals of another (usually longer) series.
  func refitted(to series: [Double]) throws(ForecastError) -> Self

  /// One-step-ahead errors, one per observation; NaN where the observation is missing or starts the model.
  var residuals: [Double] { get }

  /// The variance of one-step-ahead errors, corrected for the number of estimated parameters.
  var innovationVariance: Double { get }

  /// The predictive distribution of the next `horizon` steps.
  func forecast(horizon: Int) throws(ForecastError) -> LinearForecast
}
