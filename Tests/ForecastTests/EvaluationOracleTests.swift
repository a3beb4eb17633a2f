import Forecast
import ReferenceValues
import Testing

/// Against R's package forecast: `Tests/Fixtures/evaluation.json` says which calls.
@Suite struct EvaluationOracleTests {
  let series: [ReferenceTree.Node]

  init() throws {
    series = try ReferenceTree("evaluation").root["series"].list
    #expect(series.count == 30)
  }

  /// R's half widths, divided by the quantile they were made with.
  private func deviations(_ reference: ReferenceTree.Node, _ level: String, _ quantile: Double) -> [Double] {
    zip(reference["upper" + level].numbers, reference["lower" + level].numbers).map { ($0 - $1) / (2 * quantile) }
  }

  @Test func meanIsRsMeanf() throws {
    for one in series {
      let reference = one["meanf"]
      let horizon = reference["mean"].numbers.count
      let forecast = try MeanModel(fitting: one["y"].numbers).forecast(horizon: horizon)
      #expect(largestDistance(forecast.mean, reference["mean"].numbers) < 1e-12, "\(one["id"].text)")
      for level in ["80", "95"] {
        let theirs = deviations(reference, level, try #require(one["t" + level].number))
        #expect(largestDistance(forecast.deviations, theirs) < 1e-10, "\(one["id"].text) \(level)")
      }
    }
  }

  @Test func seasonalNaiveIsRsSnaive() throws {
    for one in series {
      let (reference, season) = (one["snaive"], Int(try #require(one["season"].number)))
      let horizon = reference["mean"].numbers.count
      let model = try SeasonalNaive(fitting: one["y"].numbers, seasonalPeriod: season)
      #expect(
        relativeDistance(model.innovationVariance.squareRoot(), try #require(one["snaive_sigma"].number)) < 1e-12)
      let forecast = try model.forecast(horizon: horizon)
      #expect(forecast.mean == reference["mean"].numbers, "\(one["id"].text)")
      let theirs = [("80", 1.2815515655446004), ("95", 1.959963984540054)].map { deviations(reference, $0.0, $0.1) }
      for bound in theirs { #expect(largestDistance(forecast.deviations, bound) < 1e-11, "\(one["id"].text)") }
    }
  }

  @Test func dieboldMarianoIsRsTest() throws {
    var (compared, negative) = (0, 0)
    for one in series {
      for test in one["dm"].list {
        let (first, second) = (test["first"].numbers, test["second"].numbers)
        let horizon = Int(try #require(test["h"].number))
        let loss = test["power"].number == 1 ? DieboldMariano.Loss.absolute : .squared
        let ours = try DieboldMariano(
          first, second, horizon: horizon, loss: loss, bartlett: test["estimator"].text == "bartlett")
        guard let statistic = test["statistic"].number else {
          // R falls back to one step ahead where the variance is negative; we take the weights that cannot be.
          #expect(test["error"].text == "negative variance" && ours.usedBartlett)
          #expect(ours == (try DieboldMariano(first, second, horizon: horizon, loss: loss, bartlett: true)))
          negative += 1
          continue
        }
        #expect(relativeDistance(ours.statistic, statistic) < 1e-9, "\(one["id"].text)")
        let p = [ours.pValue(), ours.pValue(.less), ours.pValue(.greater)]
        #expect(largestDistance(p, test["p"].numbers, floor: 1e-12) < 1e-9, "\(one["id"].text)")
        compared += 1
      }
    }
    #expect(compared == 238 && negative == 2)
  }

  @Test func dieboldMarianoAtItsEdges() throws {
    let (a, b) = ([1.0, -2, 0.5, 3, -1, 2.5], [0.5, 1, 2, -1, 0.1, 3])
    let test = try DieboldMariano(a, b)
    let turned = try DieboldMariano(b, a)
    #expect(test.statistic == -turned.statistic && relativeDistance(test.pValue(), turned.pValue()) < 1e-14)
    #expect(relativeDistance(test.pValue(.less) + test.pValue(.greater), 1) < 1e-14)
    for factor in [1e-200, 1e200, -3] {
      let scaled = try DieboldMariano(a.map { $0 * factor }, b.map { $0 * factor }, loss: .absolute)
      let plain = try DieboldMariano(a, b, loss: .absolute)
      #expect(relativeDistance(scaled.statistic, plain.statistic) < 1e-12)
    }
    #expect(try DieboldMariano(a + [.nan], b + [1]).statistic == test.statistic)
    #expect(try DieboldMariano(a, a).pValue() == 1)
    #expect(throws: ForecastError.badHorizon(0)) { try DieboldMariano(a, b, horizon: 0) }
    #expect(throws: ForecastError.tooFewObservations(model: "Diebold-Mariano test", needed: 8, found: 6)) {
      try DieboldMariano(a, b, horizon: 7)
    }
    #expect(throws: ForecastError.self) { try DieboldMariano(a, [1]) }
    #expect(throws: ForecastError.self) { try DieboldMariano([1, 1, 1, 1], [2, 2, 2, 2]) }
    #expect(throws: ForecastError.self) { try DieboldMariano([1, .infinity, 1], [2, 2, 3]) }
  }
}
