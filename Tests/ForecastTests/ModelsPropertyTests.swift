import Forecast
import ReferenceValues
import Testing

/// What every model must do, whatever the series.
@Suite struct ModelsPropertyTests {
  static let models: [any LinearForecastModel.Type] = [
    RandomWalk.self, RandomWalkWithDrift.self, SimpleExponentialSmoothing.self, DampedTrend.self, Theta.self,
    Combination.self,
  ]

  static let needed: [String: Int] = [
    RandomWalk.name: 2, RandomWalkWithDrift.name: 3, SimpleExponentialSmoothing.name: 3, DampedTrend.name: 5,
    Theta.name: 3, Combination.name: 2,
  ]

  static let samples: [[Double]] = [
    [61.59, 60.33, 60.74, 58.54, 62.46, 62.46, 60.9, 63.21, 63.91, 63.67],
    [4400, 4400, 5400, 7300, 8100, 7900, 8600, 9100, 8800, 9900, 10700, 10100, 11500, 12100, 11800],
    [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2],
    [1, 2, 4, 8, 16, 32, 64, 128, 256],
  ]

  @Test(arguments: [1e6, 1e-6, 3.7e12, 1e-150, 1e150, -1])
  func rescalingTheSeriesRescalesTheForecast(factor: Double) throws {
    for model in Self.models {
      for sample in Self.samples {
        let plain = try model.init(fitting: sample).linearForecast(horizon: 8)
        let scaled = try model.init(fitting: sample.map { $0 * factor }).linearForecast(horizon: 8)
        let size = plain.mean.map(abs).max() ?? 0
        #expect(
          largestDistance(scaled.mean, plain.mean.map { $0 * factor }, floor: size * abs(factor)) < 1e-6,
          "\(model.name) \(factor)")
        #expect(
          largestDistance(
            scaled.standardDeviations, plain.standardDeviations.map { $0 * abs(factor) },
            floor: 1e-9 * size * abs(factor)) < 1e-6, "\(model.name) \(factor)")
      }
    }
  }

  @Test(arguments: [1000.0, -0.1, 1e5])
  func addingAConstantShiftsTheForecast(shift: Double) throws {
    for model in Self.models {
      for sample in Self.samples {
        let plain = try model.init(fitting: sample).linearForecast(horizon: 8)
        let moved = try model.init(fitting: sample.map { $0 + shift }).linearForecast(horizon: 8)
        let size = plain.mean.map(abs).max() ?? 0
        #expect(
          largestDistance(moved.mean.map { $0 - shift }, plain.mean, floor: size) < 1e-6, "\(model.name) \(shift)")
        #expect(
          largestDistance(moved.standardDeviations, plain.standardDeviations) < 1e-6, "\(model.name) \(shift)")
      }
    }
  }

  @Test func shortSeriesGiveAForecastOrSayHowManyTheyNeed() throws {
    for model in Self.models {
      let needed = try #require(Self.needed[model.name])
      for count in 0...8 {
        let series = Array(Self.samples[0].prefix(count))
        if count < needed {
          #expect(throws: ForecastError.tooFewObservations(model: model.name, needed: needed, found: count)) {
            try model.init(fitting: series)
          }
        } else {
          let fit = try model.init(fitting: series)
          let forecast = try fit.linearForecast(horizon: 5)
          #expect(forecast.isFinite, "\(model.name) \(count)")
          #expect(fit.residuals.count == count)
          #expect(fit.innovationVariance >= 0)
        }
      }
    }
  }

  @Test(arguments: [0.0, 42.5, -7, 1e300, .leastNonzeroMagnitude, 0.1])
  func aConstantStaysWithoutSpread(value: Double) throws {
    for model in Self.models {
      for count in 5...12 {
        let forecast = try model.init(fitting: Array(repeating: value, count: count)).linearForecast(horizon: 4)
        #expect(forecast.mean == Array(repeating: value, count: 4), "\(model.name)")
        #expect(forecast.standardDeviations == [0, 0, 0, 0], "\(model.name)")
      }
    }
  }

  @Test func missingValuesAreCarried() throws {
    let whole = Self.samples[1]
    for model in Self.models {
      var gappy = whole
      for t in [0, 3, 4, 9] { gappy[t] = .nan }
      let fit = try model.init(fitting: gappy)
      #expect(fit.residuals.count == whole.count)
      for t in [0, 3, 4, 9] { #expect(fit.residuals[t].isNaN, "\(model.name)") }
      #expect(fit.residuals[5].isFinite && fit.residuals[10].isFinite, "\(model.name)")
      #expect(try fit.linearForecast(horizon: 6).isFinite)
      // Missing values at the start are as if they were not there.
      let padded = try model.init(fitting: [.nan, .nan] + whole).linearForecast(horizon: 3)
      #expect(padded == (try model.init(fitting: whole).linearForecast(horizon: 3)), "\(model.name)")
    }
  }

  /// A series that ends in missing values is the forecast made earlier, two steps further on.
  @Test func missingValuesAtTheEndAreForecastOver() throws {
    for model in Self.models {
      let whole = Self.samples[1]
      let early = try model.init(fitting: whole).linearForecast(horizon: 6)
      let late = try model.init(fitting: whole + [.nan, .nan]).linearForecast(horizon: 4)
      #expect(largestDistance(late.mean, Array(early.mean[2...])) < 1e-9, "\(model.name)")
      // The combination adds its members' deviations one by one, so only its single models agree here.
      guard model.name != Combination.name else { continue }
      #expect(
        largestDistance(late.standardDeviations, Array(early.standardDeviations[2...])) < 1e-9, "\(model.name)")
    }
  }

  @Test func infiniteValuesAreRefusedByPosition() {
    for model in Self.models {
      for bad in [Double.infinity, -.infinity, 1e305] {
        var series = Self.samples[0]
        series[3] = bad
        #expect(throws: ForecastError.nonFinite(model: model.name, position: 4), "\(model.name)") {
          try model.init(fitting: series)
        }
      }
      #expect(throws: ForecastError.self) { try model.init(fitting: [.nan, .nan, .nan]) }
      #expect(throws: ForecastError.badHorizon(0)) {
        try model.init(fitting: Self.samples[0]).linearForecast(horizon: 0)
      }
    }
  }

  @Test func hugeAndTinyValuesMixed() throws {
    let series = [1e300, -1e300, 1e-300, 0, .leastNonzeroMagnitude, 1e299, 3, -1e-5, 1e300]
    for model in Self.models {
      let forecast = try model.init(fitting: series).linearForecast(horizon: 3)
      #expect(forecast.isFinite, "\(model.name)")
    }
  }

  @Test func refittingToTheSameSeriesChangesNothing() throws {
    for model in Self.models {
      for sample in Self.samples {
        let fit = try model.init(fitting: sample)
        let again = try fit.refitted(to: sample)
        let (a, b) = (try fit.linearForecast(horizon: 5), try again.linearForecast(horizon: 5))
        #expect(largestDistance(b.mean, a.mean) < 1e-12, "\(model.name)")
        #expect(largestDistance(b.standardDeviations, a.standardDeviations) < 1e-12, "\(model.name)")
      }
    }
  }

  @Test func refittingFollowsTheNewValues() throws {
    let sample = Self.samples[1]
    for model in Self.models {
      let fit = try model.init(fitting: sample)
      let longer = try fit.refitted(to: sample + [13_000, 13_500])
      #expect(longer.residuals.count == sample.count + 2)
      #expect(try longer.linearForecast(horizon: 1).mean[0] > fit.linearForecast(horizon: 1).mean[0], "\(model.name)")
    }
  }

  @Test func errorsAreSaidInWords() {
    #expect("\(ForecastError.tooFewObservations(model: Theta.name, needed: 3, found: 1))".contains("at least 3"))
    #expect("\(ForecastError.nonFinite(model: Theta.name, position: 4))".contains("observation 4"))
  }

  // Known answers.

  @Test func randomWalkOverGaps() throws {
    let model = try RandomWalk(fitting: [1, 3, .nan, .nan, 6, .nan])
    // Differences 2 over one step and 3 over three: (4 + 9 / 3) / 2.
    #expect(relativeDistance(model.innovationVariance, 3.5) < 1e-14)
    let forecast = try model.linearForecast(horizon: 2)
    #expect(forecast.mean == [6, 6])
    #expect(largestDistance(forecast.parameterDeviations, [(3.5).squareRoot(), (3.5).squareRoot()]) < 1e-14)
  }

  @Test func driftOverGaps() throws {
    let model = try RandomWalkWithDrift(fitting: [0, 1, .nan, 5, 8])
    #expect(model.drift == 2)
    // Differences less drift: -1, 0 over two steps, 1; squares 1 + 0 + 1 over 3 - 1.
    #expect(relativeDistance(model.innovationVariance, 1) < 1e-14)
    #expect(relativeDistance(model.driftStandardError, 0.5) < 1e-14)
    #expect(try model.linearForecast(horizon: 3).mean == [10, 12, 14])
    #expect(try model.linearForecast(horizon: 3).parameterDeviations == [0.5, 1, 1.5])
  }

  /// With alpha at 1 the level is a random walk, so the smoothing's filter must weigh gaps as the random walk does.
  @Test func smoothingOverGapsIsTheRandomWalk() throws {
    let model = try SimpleExponentialSmoothing(
      fitting: [1, 3, .nan, .nan, 6], smoothingLevel: 1, initialLevel: 1)
    #expect(model.residuals[0] == 0 && model.residuals[1] == 2)
    #expect(relativeDistance(model.residuals[4], 3 / (3.0).squareRoot()) < 1e-14)
    #expect(model.level == 6)
  }

  /// The likelihood of ETS(A,N,N) with a gap, worked out by hand: alpha 0.5, so that the error after one missing value has
  /// variance factor 1 + 0.25 and gain (0.25 + 0.5) / 1.25 = 0.6.
  @Test func gapByHand() throws {
    let model = try SimpleExponentialSmoothing(fitting: [2, .nan, 4, 5], smoothingLevel: 0.5, initialLevel: 2)
    #expect(relativeDistance(model.residuals[2], 2 / (1.25).squareRoot()) < 1e-14)
    // Level 2 + 0.6 * 2 = 3.2; covariance 0.25 + 0.25 - 1.25 * 0.36 = 0.05; next factor 1.05.
    #expect(relativeDistance(model.residuals[3], 1.8 / (1.05).squareRoot()) < 1e-13)
    #expect(relativeDistance(model.level, 3.2 + (0.05 + 0.5) / 1.05 * 1.8) < 1e-13)
  }

  @Test func responsesOfTheDampedTrend() throws {
    let model = try DampedTrend(
      fitting: Self.samples[1], parameters: .init(smoothingLevel: 0.5, smoothingTrend: 0.2, damping: 0.9),
      initialLevel: 4000, initialTrend: 500)
    let forecast = try model.linearForecast(horizon: 4)
    let sigma = forecast.shockResponses[0]
    let expected = [1, 0.5 + 0.2 * 0.9, 0.5 + 0.2 * (0.9 + 0.81), 0.5 + 0.2 * (0.9 + 0.81 + 0.729)].map { $0 * sigma }
    #expect(largestDistance(forecast.shockResponses, expected) < 1e-14)
    #expect(forecast.parameterDeviations == [0, 0, 0, 0])
    #expect(throws: ForecastError.self) {
      try DampedTrend(
        fitting: Self.samples[1], parameters: .init(smoothingLevel: 0.2, smoothingTrend: 0.5, damping: 0.9),
        initialLevel: 0, initialTrend: 0)
    }
  }

  @Test func anExactLineIsContinuedByTheDrift() throws {
    let line = (1...12).map { 10 + 3 * Double($0) }
    let forecast = try RandomWalkWithDrift(fitting: line).linearForecast(horizon: 3)
    #expect(largestDistance(forecast.mean, [49, 52, 55]) < 1e-14)
    #expect(forecast.standardDeviations.allSatisfy { $0 < 1e-12 })
  }
}
