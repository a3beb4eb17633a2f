import NumericKernels

/// A series explained by interventions and regressors, with ARIMA errors: intervention analysis.
///
///     y[t] = constant + sum of effect[i] * intervention[i](t) + x[t]' beta + n[t],   n ~ ARIMA
///
/// ```swift
/// let model = try RegressionWithARIMAErrors(
///   selecting: visitors, interventions: [SeriesIntervention(.levelShift, at: 14, name: "airport")])
/// print(model.effects[0].estimate, model.effects[0].standardError)
/// ```
///
/// Forecasts carry the interventions on by themselves; other regressors need their future values.
///
/// Source: Box and Tiao, Journal of the American Statistical Association 70 (1975).
public struct RegressionWithARIMAErrors: ForecastModel {
  /// The fitted regression; its regressors are the interventions, then the others.
  public let model: ARIMA
  public let interventions: [SeriesIntervention]
  /// Estimates and standard errors of the interventions' effects, in the unit of the series.
  public let effects: [ARIMACoefficient]

  /// Fits with given orders.
  ///
  /// - Throws: as ``ARIMA``; `notIdentified` for an intervention that differencing and the constant absorb (a level shift at the
  ///   first observation), `badDesign` for one that starts after the sample.
  public init(
    fitting series: [Double], interventions: [SeriesIntervention], regressors: Matrix? = nil, order: ARIMAOrder,
    seasonal: ARIMAOrder = .none, seasonalPeriod: Int = 1, includesConstant: Bool = true
  ) throws(ForecastError) {
    let design = try Self.design(interventions, regressors, count: series.count)
    self.init(
      try ARIMA(
        fitting: series, order: order, seasonal: seasonal, seasonalPeriod: seasonalPeriod,
        includesConstant: includesConstant, regressors: design), interventions)
  }

  /// Chooses the orders by ``ARIMA/selected(fitting:seasonalPeriod:regressors:settings:)``.
  public init(
    selecting series: [Double], interventions: [SeriesIntervention], regressors: Matrix? = nil, seasonalPeriod: Int = 1,
    settings: ARIMASelectionSettings = ARIMASelectionSettings()
  ) throws(ForecastError) {
    let design = try Self.design(interventions, regressors, count: series.count)
    self.init(
      try ARIMA.selected(
        fitting: series, seasonalPeriod: seasonalPeriod, regressors: design, settings: settings), interventions)
  }

  private init(_ model: ARIMA, _ interventions: [SeriesIntervention]) {
    self.model = model
    self.interventions = interventions
    let table = model.coefficientTable().suffix(model.regressorCoefficients.count)
    effects = zip(interventions, table).map {
      ARIMACoefficient(name: $0.name, estimate: $1.estimate, standardError: $1.standardError)
    }
  }

  public var name: String { model.name }

  public var residuals: [Double] { model.residuals }

  public func refitted(to series: [Double]) throws(ForecastError) -> RegressionWithARIMAErrors {
    try refitted(to: series, regressors: nil)
  }

  public func refitted(to series: [Double], regressors: Matrix?) throws(ForecastError) -> RegressionWithARIMAErrors {
    let design = Self.columns(interventions, regressors, 0..<series.count)
    return RegressionWithARIMAErrors(try model.refitted(to: series, regressors: design), interventions)
  }

  public func forecast(horizon: Int) throws(ForecastError) -> Prediction {
    try forecast(horizon: horizon, regressors: nil)
  }

  /// - Parameter regressors: the future of the regressors that are no interventions, `horizon` rows.
  public func forecast(horizon: Int, regressors: Matrix?) throws(ForecastError) -> Prediction {
    try model.forecast(horizon: horizon, regressors: try future(horizon, regressors))
  }

  public func simulate(horizon: Int, paths: Int, stream: RandomStream) throws(ForecastError) -> SimulatedPaths {
    try simulate(horizon: horizon, regressors: nil, paths: paths, stream: stream)
  }

  public func simulate(
    horizon: Int, regressors: Matrix?, paths: Int, stream: RandomStream
  ) throws(ForecastError) -> SimulatedPaths {
    try model.simulate(
      horizon: horizon, regressors: try future(horizon, regressors), paths: paths, stream: stream)
  }

  private func future(_ horizon: Int, _ regressors: Matrix?) throws(ForecastError) -> Matrix? {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    let count = model.residuals.count
    return Self.columns(interventions, regressors, count..<count + horizon)
  }

  private static func design(
    _ interventions: [SeriesIntervention], _ regressors: Matrix?, count: Int
  ) throws(ForecastError) -> Matrix? {
    for one in interventions where one.position >= count {
      throw .badDesign(model: "ARIMA", reason: "\(one.name) starts after the last observation")
    }
    return columns(interventions, regressors, 0..<count)
  }

  /// Interventions first; nil without any column. Rows that do not match are left for the model to refuse.
  private static func columns(
    _ interventions: [SeriesIntervention], _ regressors: Matrix?, _ times: Range<Int>
  ) -> Matrix? {
    let extra = regressors?.columnCount ?? 0
    guard !interventions.isEmpty || extra > 0 else { return nil }
    guard let regressors, extra > 0 else { return Matrix(columns: interventions.map { $0.values(times) }) }
    var result = Matrix(rowCount: regressors.rowCount, columnCount: interventions.count + extra)
    for (j, one) in interventions.enumerated() {
      for (i, time) in times.prefix(regressors.rowCount).enumerated() { result[i, j] = one.value(at: time) }
    }
    for j in 0..<extra { for i in 0..<regressors.rowCount { result[i, interventions.count + j] = regressors[i, j] } }
    return result
  }
}
