import Forecast
import NumericKernels
import ReferenceValues
import Testing

/// The choice of orders, and the tests behind it.
@Suite struct ARIMASelectionTests {
  let fixture: ARIMAFixture

  init() throws { fixture = try ARIMAFixture() }

  @Test func testStatisticsAreRs() throws {
    for one in fixture.series {
      let y = one["y"].numbers
      let m = Int(one["m"].number ?? 1)
      #expect(relativeDistance(try KPSSTest(y).statistic, one["kpss"].number ?? .nan) < 1e-12)
      #expect(relativeDistance(try KPSSTest(y, null: .trend).statistic, one["kpss_trend"].number ?? .nan) < 1e-11)
      #expect(
        relativeDistance(try AugmentedDickeyFullerTest(y).statistic, one["adf"].number ?? .nan, floor: 1) < 1e-11)
      if m > 1 {
        let strength = try SeasonalTrendLoess(y, period: m).seasonalStrength
        #expect(relativeDistance(strength, one["auto"]["strength"].number ?? .nan, floor: 0.1) < 1e-11)
      }
      let seasonal = Differencing.seasonalCount(y, period: m)
      #expect(seasonal == Int(one["auto"]["nsdiffs"].number ?? -1), "\(one["id"].text)")
      #expect(Differencing.count(y) == Int(one["auto"]["ndiffs"].number ?? -1), "\(one["id"].text)")
    }
  }

  @Test func stepwiseChoiceIsRs() throws {
    var same = 0
    for one in fixture.series {
      let auto = one["auto"]
      let model = try ARIMA.selected(
        fitting: one["y"].numbers, seasonalPeriod: Int(one["m"].number ?? 1), settings: .asR)
      let isSame =
        model.order == ARIMAFixture.order(auto["order"]) && model.seasonal == ARIMAFixture.order(auto["seasonal"])
        && model.includesConstant == ARIMAFixture.flag(auto["constant"])
      if isSame {
        same += 1
        let mean = auto["mean"].numbers
        let size = mean.map(abs).max() ?? 0
        #expect(
          largestDistance(try model.forecast(horizon: 8).mean, mean, floor: size) < 2e-3, "\(one["id"].text)")
        if let aicc = auto["aicc"].number { #expect(model.aicc < aicc + 0.01, "\(one["id"].text)") }
      }
    }
    // The others are models R refuses because its search met a non-stationary one on its way, or better optima.
    #expect(same >= 32, "\(same) of 36")
  }

  @Test func fullSearchIsRs() throws {
    var (same, count) = (0, 0)
    for one in fixture.series {
      guard ARIMAFixture.order(one["full"]["order"]).p >= 0 else { continue }
      var settings = ARIMASelectionSettings.asR
      settings.isStepwise = false
      let model = try ARIMA.selected(fitting: one["y"].numbers, settings: settings)
      count += 1
      if model.order == ARIMAFixture.order(one["full"]["order"])
        && model.includesConstant == ARIMAFixture.flag(one["full"]["constant"])
      {
        same += 1
      }
      // Never a worse criterion than what the steps find.
      let steps = try ARIMA.selected(fitting: one["y"].numbers, settings: .asR)
      #expect(model.aicc < steps.aicc + 1e-4, "\(one["id"].text)")
    }
    #expect(count == 12)
    #expect(same >= 6, "\(same) of 12")
  }

  @Test func choiceDoesNotDependOnTheUnit() throws {
    for one in fixture.series {
      let y = one["y"].numbers
      let m = Int(one["m"].number ?? 1)
      let model = try ARIMA.selected(fitting: y, seasonalPeriod: m)
      let mean = try model.forecast(horizon: 4).mean
      for unit in [1e6, 1e-6] {
        let scaled = try ARIMA.selected(fitting: y.map { $0 * unit }, seasonalPeriod: m)
        #expect(scaled.name == model.name, "\(one["id"].text)")
        #expect(largestDistance(try scaled.forecast(horizon: 4).mean, mean.map { $0 * unit }) < 1e-6)
      }
    }
  }

  @Test func approximationChoosesUsableModels() throws {
    var settings = ARIMASelectionSettings()
    settings.isApproximate = true
    for one in fixture.series.suffix(12) {
      let y = one["y"].numbers
      let exact = try ARIMA.selected(fitting: y, seasonalPeriod: 12)
      let quick = try ARIMA.selected(fitting: y, seasonalPeriod: 12, settings: settings)
      #expect(quick.order.d == exact.order.d && quick.seasonal.d == exact.seasonal.d)
      #expect(quick.aicc < exact.aicc + 15, "\(one["id"].text) \(quick.aicc - exact.aicc)")
    }
  }

  @Test func shortAndDegenerateSeries() throws {
    let growth = (1...12).map { Double($0 * $0 % 7) + Double($0) }
    for m in [1, 4, 12] {
      for n in 1...12 {
        let prediction = try ARIMA.selected(fitting: Array(growth.prefix(n)), seasonalPeriod: m).forecast(horizon: 5)
        #expect(prediction.isFinite, "n \(n) m \(m)")
      }
      let constant = try ARIMA.selected(fitting: Array(repeating: 7, count: 30), seasonalPeriod: m)
      #expect(try constant.forecast(horizon: 3) == Prediction(mean: [7, 7, 7], deviations: [0, 0, 0]))
      let line = try ARIMA.selected(fitting: (0..<30).map { 3 + 0.5 * Double($0) }, seasonalPeriod: m)
      #expect(largestDistance(try line.forecast(horizon: 2).mean, [18, 18.5]) < 1e-12)
      #expect(try line.forecast(horizon: 2).deviations == [0, 0])
      #expect(throws: ForecastError.self) { try ARIMA.selected(fitting: [], seasonalPeriod: m) }
      #expect(throws: ForecastError.self) { try ARIMA.selected(fitting: [.nan, .nan], seasonalPeriod: m) }
      #expect(throws: ForecastError.self) { try ARIMA.selected(fitting: [1, .infinity, 2], seasonalPeriod: m) }
      for series in [
        [0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0], [1e300, 2e300, 1e300, 3e300, 2e300], [1e-300, 2e-300, 1e-300, 3e-300],
        [.nan, 3, .nan, 4, 5, .nan], [-1, -5, -2, -4, -3, -3, -9], [0, 0, 0, 0],
      ] {
        #expect(try ARIMA.selected(fitting: series, seasonalPeriod: m).forecast(horizon: 4).isFinite, "\(series)")
      }
    }
  }
}
