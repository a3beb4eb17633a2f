import Forecast
import Testing

@Suite struct BatchBacktestTests {
  private func settings(horizon: Int, origins: Int, window: Int? = nil) -> BatchBacktest.Settings {
    var settings = BatchBacktest.Settings(forecast: BatchForecast.Settings(horizon: horizon))
    settings.methods = [.drift, .naive, .drift]
    settings.origins = origins
    settings.window = window
    return settings
  }

  private let wave = (0..<20).map { Double(($0 * 7) % 11) + Double($0) }

  @Test func everyOriginHasAllItsActuals() throws {
    let short = SeriesInput(id: "short", values: [1, 2, 3])
    let middle = SeriesInput(id: "middle", values: Array(wave.prefix(9)))
    let test = try BatchBacktest.run(
      [SeriesInput(id: "long", values: wave), short, middle], settings: settings(horizon: 3, origins: 5))
    #expect(test.methods == [.naive, .drift])
    #expect(test.series.map(\.origins) == [5, 0, 3])
    #expect(test.series[0].results.map(\.accuracy.points) == [15, 15])
    #expect(test.series[1].results.isEmpty)
    #expect(test.overall.map(\.accuracy.points) == [24, 24])
    #expect(test.overall[0].pValue == nil)
    #expect(test.overall.allSatisfy { $0.crps > 0 && $0.accuracy.intervals.map(\.level) == [0.8, 0.95] })
  }

  @Test func aForecastSeesOnlyItsWindowAndNoFuture() throws {
    let settings = settings(horizon: 2, origins: 3, window: 6)
    let test = try BatchBacktest.run([SeriesInput(id: "a", values: wave)], settings: settings)
    // Before the first window and after the last actual value nothing counts.
    var other = wave
    for index in 0..<(20 - 2 - 2 - 6) { other[index] = 1e6 }
    #expect(try BatchBacktest.run([SeriesInput(id: "a", values: other)], settings: settings) == test)
    let last = try BatchBacktest.run(
      [SeriesInput(id: "a", values: wave)], settings: self.settings(horizon: 2, origins: 1, window: 6))
    var forecast = BatchForecast.Settings(horizon: 2)
    forecast.method = .drift
    let direct = try BatchForecast.run([SeriesInput(id: "a", values: Array(wave[12..<18]))], settings: forecast)
    let error = zip(direct[0].mean, wave[18...]).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
    let scale = zip(wave[12..<18], wave[13..<18]).reduce(0) { $0 + abs($1.0 - $1.1) } / 5
    #expect(abs(last.series[0].results[1].accuracy.mase - error / scale) < 1e-12)
  }

  @Test func rescalingChangesNothing() throws {
    let test = try BatchBacktest.run([SeriesInput(id: "a", values: wave)], settings: settings(horizon: 2, origins: 6))
    let scaled = try BatchBacktest.run(
      [SeriesInput(id: "a", values: wave.map { 1e6 * $0 })], settings: settings(horizon: 2, origins: 6))
    for (a, b) in zip(test.overall, scaled.overall) {
      #expect(abs(a.accuracy.mase / b.accuracy.mase - 1) < 1e-6 && abs(a.crps / b.crps - 1) < 1e-6)
    }
  }

  @Test func tooShortIsAnError() {
    #expect(throws: ForecastError.tooFewObservations(model: "a backtest of horizon 3", needed: 7, found: 6)) {
      try BatchBacktest.run(
        [SeriesInput(id: "a", values: Array(wave.prefix(6)))], settings: settings(horizon: 3, origins: 2))
    }
    #expect(throws: ForecastError.badHorizon(0)) {
      try BatchBacktest.run([SeriesInput(id: "a", values: wave)], settings: settings(horizon: 0, origins: 2))
    }
    #expect(throws: CancellationError.self) {
      try BatchBacktest.run(
        [SeriesInput(id: "a", values: wave)], settings: settings(horizon: 1, origins: 2), isCancelled: { true })
    }
  }

  @Test func theVerdictComparesWithNaive() throws {
    let test = try BatchBacktest.run([SeriesInput(id: "a", values: wave)], settings: settings(horizon: 1, origins: 8))
    let verdict = try #require(BatchBacktest.Verdict(test.overall, forecasts: 8))
    #expect(verdict.naive.method == .naive)
    let smallest = test.overall.map(\.accuracy.mase).min() ?? .nan
    #expect(verdict.best.accuracy.mase == smallest)
    #expect(verdict.best.method == .naive ? verdict.gain == 0 : verdict.gain > 0 && verdict.gain < 1)
    #expect(BatchBacktest.Verdict([], forecasts: 0) == nil)
  }
}
