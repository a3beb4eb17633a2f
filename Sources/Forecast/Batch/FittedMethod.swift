import NumericKernels

/// One series fitted by one method, or by the first simpler one that can be.
struct FittedMethod: Sendable {
  let model: any ForecastModel
  let prediction: Prediction
  let notes: [BilingualSentence]

  /// - Throws: only what no method could mend: an infinite value, no observation at all, a bad horizon.
  init(_ series: SeriesInput, method: BatchForecast.Method, seasonalPeriod: Int, horizon: Int) throws(ForecastError) {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    let bridge =
      method == .ces || method == .theta ? try BridgedSeries(series.values, seasonalPeriod: seasonalPeriod) : nil
    let values = bridge?.values ?? series.values
    let trailing = bridge?.trailing ?? 0
    var firstError: ForecastError?
    for candidate in [method] + Self.simpler(method) {
      do throws(ForecastError) {
        let input = SeriesInput(id: series.id, values: values, regressors: series.regressors)
        let (model, whole) = try Self.fit(candidate, input, seasonalPeriod, horizon: horizon + trailing)
        guard whole.mean.allSatisfy(\.isFinite) else { throw .noConvergence(model: model.name, iterations: 0) }
        self.model = model
        prediction = trailing > 0 ? whole.dropping(first: trailing) : whole
        var notes: [BilingualSentence] = []
        if let bridge, bridge.count > 0 { notes.append(BatchTexts.bridged(bridge.count)) }
        if let firstError { notes.append(BatchTexts.replaced(method, by: model.name, because: firstError)) }
        self.notes = notes
        return
      } catch {
        if case .nonFinite = error { throw error }
        firstError = firstError ?? error
      }
    }
    throw firstError ?? .tooFewObservations(model: method.rawValue, needed: 1, found: 0)
  }

  /// What takes the place of a method that cannot be fitted, best first.
  private static func simpler(_ method: BatchForecast.Method) -> [BatchForecast.Method] {
    switch method {
    case .naive: []
    case .arima, .structural, .ces: [.ets, .ses, .naive]
    case .ets, .theta: [.ses, .naive]
    default: [.naive]
    }
  }

  private static func fit(
    _ method: BatchForecast.Method, _ series: SeriesInput, _ period: Int, horizon: Int
  ) throws(ForecastError) -> (any ForecastModel, Prediction) {
    let values = series.values
    let model: any ForecastModel
    switch method {
    case .naive:
      // A single value is a forecast too, of unknown spread.
      if values.count(where: { !$0.isNaN }) == 1 {
        model = SingleValue(values)
      } else {
        model = try RandomWalk(fitting: values)
      }
    case .snaive: model = try SeasonalNaive(fitting: values, seasonalPeriod: period)
    case .drift: model = try RandomWalkWithDrift(fitting: values)
    case .mean: model = try MeanModel(fitting: values)
    case .ses: model = try SimpleExponentialSmoothing(fitting: values)
    case .ets: model = try ETS.selected(fitting: values, seasonalPeriod: period)
    case .theta: model = try ThetaModel(fitting: values, seasonalPeriod: period)
    case .ces: model = try ComplexExponentialSmoothing(fitting: values, seasonalPeriod: period)
    case .arima:
      let arima = try ARIMA.selected(
        fitting: values, seasonalPeriod: period, regressors: series.regressors(0..<values.count))
      return (
        arima,
        try arima.forecast(
          horizon: horizon, regressors: series.regressors(values.count..<values.count + horizon))
      )
    case .structural:
      model = try StructuralModel.selected(
        fitting: values, seasonalPeriod: period, regressors: series.regressors(0..<values.count + horizon))
    case .combination: throw .badDesign(model: method.rawValue, reason: "is not a single model")
    }
    return (model, try model.forecast(horizon: horizon))
  }

  /// What sample and forecast are made of, of models that have parts.
  func components(horizon: Int) -> [SeriesForecast.Component] {
    if let model = model as? ETS {
      let future = prediction.mean
      var parts = [SeriesForecast.Component(name: "level", sample: model.components.levels, forecast: future)]
      if !model.components.seasons.isEmpty {
        // The forecast's season repeats the last one.
        let m = model.seasonalPeriod
        let season = model.components.seasons
        let ahead = (0..<horizon).map { season[max(season.count - m + $0 % m, 0)] }
        let isFactor = model.form.season == .multiplicative
        parts[0].forecast = zip(future, ahead).map { isFactor ? $0 / $1 : $0 - $1 }
        parts.append(SeriesForecast.Component(name: "season", sample: season, forecast: ahead))
      }
      return parts
    }
    if let model = model as? StructuralModel {
      let parts = model.components()
      let named = [
        ("level", parts.level), ("season", parts.season), ("cycle", parts.cycle), ("regression", parts.regression),
      ]
      return named.compactMap { name, part in
        part.map { SeriesForecast.Component(name: name, sample: $0.values, forecast: []) }
      }
    }
    return []
  }
}

extension SeriesInput {
  /// The regressors' values at some times, a row each; nil without regressors.
  func regressors(_ times: Range<Int>) -> Matrix? {
    guard !regressors.isEmpty else { return nil }
    return Matrix(columns: regressors.map { Array($0.values[times]) })
  }
}
