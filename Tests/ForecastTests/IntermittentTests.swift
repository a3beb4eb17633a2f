import Forecast
import NumericKernels
import ReferenceValues
import Testing

/// Against statsforecast: `Tests/Fixtures/intermittent.json` says which calls.
@Suite struct IntermittentTests {
  @Test func meansAreStatsforecasts() throws {
    let series = try ReferenceTree("intermittent").root["series"].list
    #expect(series.count == 35)
    for one in series {
      let y = one["y"].numbers
      let classic = try Croston(fitting: y, variant: .classic)
      #expect(relativeDistance(classic.mean, try #require(one["classic"].number)) < 1e-12, "\(one["id"].text)")
      let sba = try Croston(fitting: y)
      #expect(relativeDistance(sba.mean, try #require(one["syntetos_boylan"].number)) < 1e-12, "\(one["id"].text)")
      let tsb = try Croston(fitting: y, variant: .teunterSyntetosBabai, sizeSmoothing: 0.2, probabilitySmoothing: 0.15)
      #expect(
        relativeDistance(tsb.mean, try #require(one["teunter_syntetos_babai"].number)) < 1e-12, "\(one["id"].text)")
      // Fitted values after the first demand; before it the package says 0 and we nothing.
      let fitted = one["fitted"].numbers
      let first = try #require(y.firstIndex { $0 > 0 })
      #expect(classic.residuals[...first].allSatisfy { $0.isNaN })
      let ours = zip(y, classic.residuals).map { $0 - $1 }
      #expect(largestDistance(Array(ours[(first + 1)...]), Array(fitted[(first + 1)...]), floor: 1) < 1e-12)
    }
  }

  @Test func distribution() throws {
    let series: [Double] = [0, 0, 3, 0, 5, 0, 0, 0, 4, 0, 2, 0, 0, 7, 0]
    for variant in [Croston.Variant.classic, .syntetosBoylan, .teunterSyntetosBabai] {
      let model = try Croston(fitting: series, variant: variant)
      let forecast = try model.forecast(horizon: 3)
      #expect(forecast.mean == [model.mean, model.mean, model.mean] && forecast.paths?.count == 1000)
      let stream = RandomStream(seed: 9, id: "demand", purpose: .innovation)
      let paths = try model.simulate(horizon: 3, paths: 20_000, stream: stream)
      for h in 0..<3 {
        let values = Array(paths.step(h))
        #expect(relativeDistance(Reductions.mean(values), model.mean) < 0.04)
        #expect(relativeDistance(Reductions.standardDeviation(values), forecast.deviations[h]) < 0.04)
        let share = Double(values.count { $0 > 0 }) / 20_000
        #expect(abs(share - model.demandProbability) < 0.02)
      }
    }
  }

  @Test(arguments: [1e6, 1e-6, 1e-150, 1e150])
  func rescaling(factor: Double) throws {
    let series: [Double] = [0, 2, 0, 0, 5, 1, 0, 3]
    for variant in [Croston.Variant.classic, .syntetosBoylan, .teunterSyntetosBabai] {
      let a = try Croston(fitting: series, variant: variant).forecast(horizon: 2)
      let b = try Croston(fitting: series.map { $0 * factor }, variant: variant).forecast(horizon: 2)
      #expect(largestDistance(a.mean.map { $0 * factor }, b.mean) < 1e-12)
      #expect(largestDistance(a.deviations.map { $0 * factor }, b.deviations) < 1e-12)
      #expect(largestDistance(a.quantiles(0.95).map { $0 * factor }, b.quantiles(0.95)) < 1e-12)
    }
  }

  @Test func edges() throws {
    for variant in [Croston.Variant.classic, .syntetosBoylan, .teunterSyntetosBabai] {
      for count in 1...8 {
        let zeros = try Croston(fitting: [Double](repeating: 0, count: count), variant: variant)
        #expect(try zeros.mean == 0 && zeros.forecast(horizon: 2).deviations == [0, 0])
        let constant = try Croston(fitting: [Double](repeating: 4, count: count), variant: variant)
        #expect(try constant.forecast(horizon: 2).isFinite && constant.residuals.count == count)
        #expect(variant == .syntetosBoylan || relativeDistance(constant.mean, 4) < 1e-15)
      }
      let huge = try Croston(fitting: [1e300, 0, 1e-300, .leastNonzeroMagnitude, 0, 3], variant: variant)
      #expect(try huge.forecast(horizon: 2).isFinite)
      let gappy = try Croston(fitting: [.nan, 0, 3, .nan, 0, 2], variant: variant)
      #expect(gappy.residuals[0].isNaN && gappy.residuals[3].isNaN && gappy.residuals[5].isFinite)
      let refitted = try gappy.refitted(to: [0, 3, 0, 0, 2])
      #expect(refitted.mean == (try Croston(fitting: [0, 3, 0, 0, 2], variant: variant).mean))
    }
    // Missing values are time that passes: interval 0.1 * 3 + 0.9 * 3.
    let gappy = try Croston(fitting: [.nan, 0, 3, .nan, 0, 2], variant: .classic)
    #expect(relativeDistance(gappy.mean, (0.1 * 2 + 0.9 * 3) / 3) < 1e-15)
    #expect(throws: ForecastError.self) { try Croston(fitting: [1, -1]) }
    #expect(throws: ForecastError.self) { try Croston(fitting: [1, 2], sizeSmoothing: 0) }
    #expect(throws: ForecastError.nonFinite(model: "Croston", position: 2)) { try Croston(fitting: [1, .infinity]) }
    #expect(throws: ForecastError.tooFewObservations(model: "Croston", needed: 1, found: 0)) {
      try Croston(fitting: [])
    }
    #expect(throws: ForecastError.badHorizon(0)) { try Croston(fitting: [1, 0]).forecast(horizon: 0) }
  }
}
