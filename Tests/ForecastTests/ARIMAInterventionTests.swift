import Forecast
import NumericKernels
import ReferenceValues
import Testing

/// Known events, and the search for unknown ones.
@Suite struct ARIMAInterventionTests {
  @Test func columns() {
    #expect(SeriesIntervention(.pulse, at: 2).values(0..<5) == [0, 0, 1, 0, 0])
    #expect(SeriesIntervention(.levelShift, at: 2).values(0..<5) == [0, 0, 1, 1, 1])
    #expect(SeriesIntervention(.ramp(length: 2), at: 2).values(0..<6) == [0, 0, 1, 2, 2, 2])
    #expect(SeriesIntervention(.ramp(length: nil), at: 3).values(2..<6) == [0, 1, 2, 3])
    #expect(SeriesIntervention(.temporaryChange(decay: 0.5), at: 1).values(0..<4) == [0, 1, 0.5, 0.25])
    #expect(SeriesIntervention(.temporaryChange(decay: 0.5), at: 1).values(2..<4) == [0.5, 0.25])
  }

  @Test func effectsOfKnownSizeAreFound() throws {
    let y = ARIMAPropertyTests.arma(120, id: "events")
    let events = [
      SeriesIntervention(.pulse, at: 30), SeriesIntervention(.levelShift, at: 60),
      SeriesIntervention(.temporaryChange(decay: 0.7), at: 90),
    ]
    let sizes = [8.0, 6, -7]
    var shaken = y
    for (event, size) in zip(events, sizes) {
      for t in y.indices { shaken[t] += size * event.value(at: t) }
    }
    let clean = try ARIMA(fitting: y, order: ARIMAOrder(1, 0, 1))
    let model = try RegressionWithARIMAErrors(
      fitting: shaken, interventions: events, order: ARIMAOrder(1, 0, 1))
    for (effect, size) in zip(model.effects, sizes) {
      #expect(abs(effect.estimate - size) < 3.5 * effect.standardError, "\(effect)")
      #expect(effect.standardError < 1.5)
    }
    // The shift carries on into the future.
    #expect(abs(try model.forecast(horizon: 20).mean[19] - clean.constant - 6) < 2)
    let found = try OutlierSearch().suggestions(
      for: shaken, model: try ARIMA(fitting: shaken, order: ARIMAOrder(1, 0, 1)))
    #expect(found.map(\.intervention) == events)
    for (one, size) in zip(found, sizes) { #expect(abs(one.effect - size) < 3.5 * one.standardError) }
    #expect(try OutlierSearch().suggestions(for: y, model: clean).isEmpty)
  }

  @Test func plantedOutliersInRealSeries() throws {
    var (hits, count) = (0, 0)
    for one in try ARIMAFixture().series {
      let y = one["y"].numbers
      let m = Int(one["m"].number ?? 1)
      guard y.count >= 60 else { continue }
      let order = ARIMAOrder(0, 1, 1)
      let seasonal = m > 1 ? ARIMAOrder(0, 1, 1) : .none
      let clean = try ARIMA(fitting: y, order: order, seasonal: seasonal, seasonalPeriod: m)
      var shaken = y
      shaken[40] += 12 * clean.innovationVariance.squareRoot()
      let found = try OutlierSearch().suggestions(for: shaken, model: clean)
      count += 1
      if found.contains(where: { $0.intervention == SeriesIntervention(.pulse, at: 40) }) { hits += 1 }
    }
    #expect(count >= 8)
    #expect(hits >= count - 1, "\(hits) of \(count)")
  }

  @Test func criticalValueGrowsWithLength() {
    #expect(OutlierSearch.criticalValue(count: 30) == 3)
    #expect(OutlierSearch.criticalValue(count: 250) == 3.5)
    #expect(OutlierSearch.criticalValue(count: 1000) == 4)
  }

  @Test func selectionWithInterventions() throws {
    let base = ARIMAPropertyTests.arma(80, id: "chosen")
    let shifted = base.indices.map { base[$0] + ($0 >= 50 ? 20 : 0) }
    let event = SeriesIntervention(.levelShift, at: 50, name: "airport")
    let model = try RegressionWithARIMAErrors(selecting: shifted, interventions: [event])
    #expect(model.effects[0].name == "airport")
    #expect(abs(model.effects[0].estimate - 20) < 3)
    #expect(model.model.order.d == 0)
    #expect(throws: ForecastError.self) {
      try RegressionWithARIMAErrors(
        selecting: shifted, interventions: [SeriesIntervention(.pulse, at: 80)])
    }
    #expect(throws: ForecastError.notIdentified(model: "ARIMA", term: "regressor 1")) {
      try RegressionWithARIMAErrors(
        fitting: shifted, interventions: [SeriesIntervention(.levelShift, at: 0)], order: ARIMAOrder(1, 0, 0))
    }
    let longer = try model.refitted(to: shifted + [30, 31])
    #expect(longer.residuals.count == 82)
  }
}
