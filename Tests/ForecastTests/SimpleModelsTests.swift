import Forecast
import NumericKernels
import ReferenceValues
import Testing

/// The mean and the seasonal naive method beyond R's cases.
@Suite struct SimpleModelsTests {
  static let seasonal: [Double] = [5, 1, 3, 6, 2, 3, 8, 2, 5, 9, 1, 6, 7, 3, 4]

  @Test func withPeriodOneItIsTheRandomWalk() throws {
    for sample in ModelsPropertyTests.samples + [[1, 3, .nan, .nan, 6, .nan]] {
      let (a, b) = (try SeasonalNaive(fitting: sample, seasonalPeriod: 1), try RandomWalk(fitting: sample))
      let (ours, walk) = (try a.linearForecast(horizon: 5), try b.linearForecast(horizon: 5))
      #expect(ours.mean == walk.mean)
      #expect(largestDistance(ours.standardDeviations, walk.standardDeviations) < 1e-14)
      #expect(largestDistance(a.residuals.filter { !$0.isNaN }, b.residuals.filter { !$0.isNaN }) < 1e-14)
    }
  }

  @Test func gapsOfASeasonByHand() throws {
    let model = try SeasonalNaive(fitting: [1, 10, .nan, 12, 5, .nan, 9, .nan], seasonalPeriod: 2)
    // Season 1: 1, -, 5, 9 (4 over two, 4 over one); season 2: 10, 12, -, - (2 over one). (16 / 2 + 16 + 4) / 3.
    #expect(relativeDistance(model.innovationVariance, 28.0 / 3) < 1e-14)
    let forecast = try model.linearForecast(horizon: 4)
    #expect(forecast.mean == [9, 12, 9, 12])
    let sigma = (28.0 / 3).squareRoot()
    #expect(
      largestDistance(forecast.parameterDeviations, [0, sigma * 2.0.squareRoot(), 0, sigma * 2.0.squareRoot()]) < 1e-14)
    #expect(relativeDistance(model.residuals[4], 4 / (2.0).squareRoot()) < 1e-14 && model.residuals[3] == 2)
    let expected = [1, 3, 2, 4].map { Double($0).squareRoot() * sigma }
    #expect(largestDistance(forecast.standardDeviations, expected) < 1e-14)
  }

  @Test(arguments: [1e6, 1e-6, 1e-150, 1e150, -1])
  func rescaling(factor: Double) throws {
    let scaled = Self.seasonal.map { $0 * factor }
    let pairs: [(any ForecastModel, any ForecastModel)] = [
      (try MeanModel(fitting: Self.seasonal), try MeanModel(fitting: scaled)),
      (
        try SeasonalNaive(fitting: Self.seasonal, seasonalPeriod: 3),
        try SeasonalNaive(fitting: scaled, seasonalPeriod: 3)
      ),
    ]
    for (plain, other) in pairs {
      let (a, b) = (try plain.forecast(horizon: 7), try other.forecast(horizon: 7))
      #expect(largestDistance(a.mean.map { $0 * factor }, b.mean) < 1e-12)
      #expect(largestDistance(a.deviations.map { $0 * abs(factor) }, b.deviations) < 1e-12)
    }
  }

  @Test(arguments: [0.0, 42.5, -7, 1e300, .leastNonzeroMagnitude, 0.1])
  func aConstantStaysWithoutSpread(value: Double) throws {
    for count in 4...9 {
      let series = Array(repeating: value, count: count)
      for model: any ForecastModel in [
        try MeanModel(fitting: series), try SeasonalNaive(fitting: series, seasonalPeriod: 3),
      ] {
        let forecast = try model.forecast(horizon: 4)
        #expect(forecast.mean == [value, value, value, value] && forecast.deviations == [0, 0, 0, 0])
      }
    }
  }

  @Test func shortSeriesAndBadInput() throws {
    for count in 0...8 {
      let series = Array(Self.seasonal.prefix(count))
      if count < 5 {
        #expect(throws: ForecastError.tooFewObservations(model: "Seasonal naive[4]", needed: 5, found: count)) {
          try SeasonalNaive(fitting: series, seasonalPeriod: 4)
        }
      } else {
        #expect(try SeasonalNaive(fitting: series, seasonalPeriod: 4).forecast(horizon: 9).isFinite)
      }
      if count < 2 {
        #expect(throws: ForecastError.tooFewObservations(model: "Mean", needed: 2, found: count)) {
          try MeanModel(fitting: series)
        }
      } else {
        #expect(try MeanModel(fitting: series).forecast(horizon: 3).isFinite)
      }
    }
    #expect(throws: ForecastError.self) { try SeasonalNaive(fitting: Self.seasonal, seasonalPeriod: 0) }
    #expect(throws: ForecastError.self) { try SeasonalNaive(fitting: Self.seasonal, seasonalPeriod: .max) }
    #expect(throws: ForecastError.self) { try SeasonalNaive(fitting: [1, .nan, 2, .nan, 3, .nan], seasonalPeriod: 2) }
    #expect(throws: ForecastError.nonFinite(model: "Mean", position: 2)) { try MeanModel(fitting: [1, .infinity, 2]) }
    #expect(throws: ForecastError.badHorizon(0)) { try MeanModel(fitting: [1, 2]).forecast(horizon: 0) }
    #expect(throws: ForecastError.badHorizon(0)) {
      try SeasonalNaive(fitting: [1, 2, 3], seasonalPeriod: 2).forecast(horizon: 0)
    }
  }

  @Test func hugeAndTinyValuesMixed() throws {
    let series = [1e300, -1e300, 1e-300, 0, .leastNonzeroMagnitude, 1e299, 3, -1e-5, 1e300]
    #expect(try MeanModel(fitting: series).forecast(horizon: 3).isFinite)
    #expect(try SeasonalNaive(fitting: series, seasonalPeriod: 2).forecast(horizon: 3).isFinite)
  }

  @Test func refitting() throws {
    let mean = try MeanModel(fitting: Self.seasonal)
    let again = try mean.refitted(to: Self.seasonal)
    #expect(try again.forecast(horizon: 3) == mean.forecast(horizon: 3))
    #expect(largestDistance(again.residuals, mean.residuals, floor: 1) < 1e-14)
    #expect(try mean.refitted(to: [100, .nan]).residuals[0] == 100 - mean.mean)
    let naive = try SeasonalNaive(fitting: Self.seasonal, seasonalPeriod: 3)
    #expect(try naive.refitted(to: Self.seasonal).forecast(horizon: 3) == naive.forecast(horizon: 3))
    let longer = try naive.refitted(to: Self.seasonal + [11])
    #expect(try longer.forecast(horizon: 3).mean == [3, 4, 11] && longer.residuals[15] == 4)
    #expect(longer.innovationVariance == naive.innovationVariance)
  }

  @Test func simulatedPathsHaveTheForecastsMoments() throws {
    let stream = RandomStream(seed: 3, id: "simple", purpose: .innovation)
    for model: any ForecastModel in [
      try MeanModel(fitting: Self.seasonal), try SeasonalNaive(fitting: Self.seasonal, seasonalPeriod: 3),
    ] {
      let forecast = try model.forecast(horizon: 7)
      let paths = try model.simulate(horizon: 7, paths: 20_000, stream: stream)
      for h in 0..<7 {
        let values = Array(paths.step(h))
        #expect(abs(Reductions.mean(values) - forecast.mean[h]) < 0.03 * forecast.deviations[h])
        #expect(relativeDistance(Reductions.standardDeviation(values), forecast.deviations[h]) < 0.02)
      }
    }
  }
}
