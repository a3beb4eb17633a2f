import Forecast
import NumericKernels
import ReferenceValues
import Testing

/// Complex exponential smoothing against statsforecast: `Tests/Fixtures/theta_ces.json`.
@Suite struct ComplexExponentialSmoothingTests {
  /// Read once: the file is not small. Empty if it cannot be read.
  private static let reference = (try? ReferenceTree("theta_ces"))?.root["series"].list ?? []

  let series: [ReferenceTree.Node]

  init() throws {
    series = Self.reference
    #expect(series.count == 38)
  }

  private func integer(_ node: ReferenceTree.Node) -> Int { Int(node.number ?? 0) }

  private func forms(_ one: ReferenceTree.Node) -> [CESForm] {
    integer(one["period"]) > 1 ? CESForm.allCases : [.nonseasonal]
  }

  @Test func atStatsforecastsParametersEverythingIsIts() throws {
    var compared = 0
    for one in series {
      for form in forms(one) {
        let reference = one["ces"][form.rawValue]
        let p = reference["parameters"].numbers
        let model = try ComplexExponentialSmoothing(
          evaluating: one["y"].numbers, seasonalPeriod: integer(one["period"]), form: form,
          parameters: CESParameters(levelReal: p[0], levelImaginary: p[1], seasonReal: p[2], seasonImaginary: p[3]))
        let mean = try model.forecast(horizon: integer(one["horizon"])).mean
        let size = mean.map(abs).max() ?? 0
        #expect(largestDistance(mean, reference["mean"].numbers, floor: size) < 1e-7, "\(one["id"].text) \(form)")
        #expect(relativeDistance(model.sumOfSquares, try #require(reference["squares"].number)) < 1e-7)
        #expect(relativeDistance(model.innovationVariance, try #require(reference["sigma2"].number)) < 1e-7)
        #expect(relativeDistance(model.correctedAkaike, try #require(reference["aicc"].number)) < 1e-8)
        compared += 1
      }
    }
    #expect(compared == 14 + 24 * 4)
  }

  /// The other program's simplex may find another of the narrow minima that lie where the filter never forgets; there ours may be
  /// worse, but seldom.
  @Test func likelihoodIsNotBelowStatsforecasts() throws {
    var (worse, better, all) = (0, 0, 0)
    for one in series {
      for form in forms(one) {
        let model = try ComplexExponentialSmoothing(
          fitting: one["y"].numbers, seasonalPeriod: integer(one["period"]), form: form, estimation: .likelihood)
        let theirs = try #require(one["ces"][form.rawValue]["squares"].number)
        all += 1
        if model.sumOfSquares > theirs * (1 + 1e-6) { worse += 1 }
        if model.sumOfSquares < theirs * (1 - 1e-3) { better += 1 }
      }
    }
    #expect(all == 110)
    #expect(worse <= 5 && better >= worse)
  }

  @Test func choiceByCriterionIsTheBestOfTheForms() throws {
    for one in series where integer(one["period"]) > 1 {
      let y = one["y"].numbers
      let m = integer(one["period"])
      let chosen = try ComplexExponentialSmoothing(fitting: y, seasonalPeriod: m)
      let criteria = try CESForm.allCases.map {
        try ComplexExponentialSmoothing(fitting: y, seasonalPeriod: m, form: $0).correctedAkaike
      }
      #expect(chosen.correctedAkaike <= (criteria.min() ?? 0) + 1e-6)
    }
  }

  /// The estimate is where the penalised criterion has no slope, by differences.
  @Test(arguments: [CESEstimation.likelihood, .shrunken])
  func noNeighbourIsBetter(estimation: CESEstimation) throws {
    for one in series {
      let y = one["y"].numbers
      let m = integer(one["period"])
      for form in forms(one) {
        let model = try ComplexExponentialSmoothing(
          fitting: y, seasonalPeriod: m, form: form, estimation: estimation)
        func value(_ p: CESParameters) throws -> Double {
          let at = try ComplexExponentialSmoothing(evaluating: y, seasonalPeriod: m, form: form, parameters: p)
          let excess = p.levelImaginary - 1
          let pull = estimation == .shrunken ? 250 * Double(form == .nonseasonal && m < 2 ? 1 : m) : 0
          return at.correctedAkaike + pull * excess * excess
        }
        let here = try value(model.parameters)
        for step in [-1e-4, 1e-4] {
          for k in 0..<form.parameterCount {
            var p = model.parameters
            var bounds = (0.01, 1.9)
            switch k {
            case 0:
              p.levelReal += step
              bounds = estimation == .shrunken ? (1.1, 1.9) : (0.01, 1.8)
              if p.levelReal < bounds.0 || p.levelReal > bounds.1 { continue }
            case 1:
              p.levelImaginary += step
              if p.levelImaginary < bounds.0 || p.levelImaginary > bounds.1 { continue }
            case 2:
              p.seasonReal += step
              if p.seasonReal < 0.01 || p.seasonReal > 1.5 { continue }
            default:
              p.seasonImaginary += step
              if p.seasonImaginary < 0.01 || p.seasonImaginary > 1.5 { continue }
            }
            #expect(try value(p) > here - 1e-4, "\(one["id"].text) \(form) \(k)")
          }
        }
      }
    }
  }

  @Test func simulationHasTheMomentsOfTheForecast() throws {
    let model = try ComplexExponentialSmoothing(fitting: series[30]["y"].numbers, seasonalPeriod: 12, form: .partial)
    let forecast = try model.forecast(horizon: 14)
    #expect(relativeDistance(forecast.deviations[0], model.innovationVariance.squareRoot()) < 1e-15)
    let count = 40000
    let paths = try model.simulate(
      horizon: 14, paths: count, stream: RandomStream(seed: 3, id: "ces", purpose: .innovation))
    for h in [0, 5, 13] {
      let mean = paths.step(h).reduce(0, +) / Double(count)
      let squares = paths.step(h).reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      #expect(abs(mean - forecast.mean[h]) < 0.025 * forecast.deviations[h])
      #expect(relativeDistance((squares / Double(count - 1)).squareRoot(), forecast.deviations[h]) < 0.02)
    }
  }

  /// y[n + h] responds to a shock as the forecast responds to the last observation: e[n] changes, states follow.
  @Test func responsesAreDifferencesOfForecasts() throws {
    let p = CESParameters(levelReal: 1.4, levelImaginary: 1.01)
    let model = try ComplexExponentialSmoothing(
      evaluating: series[0]["y"].numbers, seasonalPeriod: 1, form: .nonseasonal, parameters: p)
    let linear = try model.linearForecast(horizon: 4)
    let sigma = model.innovationVariance.squareRoot()
    // By hand: after a unit shock the states are a0 - a1 and a0 + a1.
    var (l, c) = (1.4 - 1.01, 1.4 + 1.01)
    for h in 1..<4 {
      #expect(relativeDistance(linear.shockResponses[h], sigma * l, floor: 1e-9 * sigma) < 1e-12)
      (l, c) = (l - (1 - 1.01) * c, l + (1 - 1.4) * c)
    }
  }

  @Test(arguments: [1e6, 1e-6, 3.7e12, 1e-150, 1e150, -1])
  func rescalingTheSeriesRescalesTheForecast(factor: Double) throws {
    for one in series {
      let (y, m) = (one["y"].numbers, integer(one["period"]))
      let plain = try ComplexExponentialSmoothing(fitting: y, seasonalPeriod: m).forecast(horizon: 8)
      let scaled = try ComplexExponentialSmoothing(fitting: y.map { $0 * factor }, seasonalPeriod: m)
        .forecast(horizon: 8)
      let size = (plain.mean.map(abs).max() ?? 0) * abs(factor)
      #expect(largestDistance(scaled.mean, plain.mean.map { $0 * factor }, floor: size) < 1e-6)
      #expect(largestDistance(scaled.deviations, plain.deviations.map { $0 * abs(factor) }, floor: size * 1e-6) < 1e-6)
    }
  }

  @Test func refittingToTheSameSeriesChangesNothing() throws {
    for one in series {
      let (y, m) = (one["y"].numbers, integer(one["period"]))
      let model = try ComplexExponentialSmoothing(fitting: y, seasonalPeriod: m)
      let again = try model.refitted(to: y)
      #expect(try again.forecast(horizon: 5) == model.forecast(horizon: 5))
      #expect(model.residuals.count == y.count && model.residuals.allSatisfy { $0.isFinite })
    }
  }

  @Test func degenerateSeries() throws {
    for n in 0...3 {
      #expect(throws: ForecastError.tooFewObservations(model: "CES", needed: 4, found: n)) {
        try ComplexExponentialSmoothing(fitting: (0..<n).map { Double($0 * $0) }, seasonalPeriod: 4)
      }
    }
    let hostile: [[Double]] = [
      [1, 5, 2, 8], [1, 5, 2, 8, 3], [3, 1, 4, 1, 5, 9], [3, 1, 4, 1, 5, 9, 2], [3, 1, 4, 1, 5, 9, 2, 6],
      [0, 0, 0, 0, 0],
      [Double](repeating: 7, count: 20), (0..<40).map { $0 % 4 == 0 ? 0.0 : 5 }, [-3, 5, -1, 2, -8, 4, 4, 1],
      [.nan, 1, 5, .nan, .nan, 2, 8, 3, 1, 4, .nan], [1e299, -1e299, 1e299, 5e298, 1e299, 3e298],
      (0..<3000).map { Double($0 % 7) }, (0..<20).map { Double(1 << (3 * $0)) }, [1, 1e15, 1, 1, 2, 1e15, 3],
    ]
    for y in hostile {
      // With so many gaps there is no figure for some phase.
      let hasSeason = y.count >= 8 && !y.contains { $0.isNaN }
      for form in [nil, CESForm.nonseasonal, .simple, .partial, .full]
      where form == nil || form == .nonseasonal || hasSeason {
        for estimation in [CESEstimation.shrunken, .likelihood] {
          let model = try ComplexExponentialSmoothing(
            fitting: y, seasonalPeriod: 4, form: form, estimation: estimation)
          let forecast = try model.forecast(horizon: 10)
          #expect(forecast.mean.allSatisfy { $0.isFinite }, "\(y.prefix(8)) \(model.name)")
          #expect(forecast.deviations.allSatisfy { !$0.isNaN }, "\(y.prefix(8)) \(model.name)")
        }
      }
    }
    let zeros = try ComplexExponentialSmoothing(fitting: [0, 0, 0, 0, 0, 0], seasonalPeriod: 1).forecast(horizon: 3)
    #expect(zeros.mean == [0, 0, 0] && zeros.deviations == [0, 0, 0])
    #expect(throws: ForecastError.nonFinite(model: "CES", position: 2)) {
      try ComplexExponentialSmoothing(fitting: [1, .infinity, 2, 3, 4], seasonalPeriod: 1)
    }
    #expect(throws: ForecastError.tooFewObservations(model: "CES(F)", needed: 8, found: 5)) {
      try ComplexExponentialSmoothing(fitting: [1, 3, 2, 3, 4], seasonalPeriod: 4, form: .full)
    }
    #expect(throws: ForecastError.self) {
      try ComplexExponentialSmoothing(
        fitting: [.nan, 1, 5, .nan, .nan, 2, 8, 3, 1, 4, .nan], seasonalPeriod: 4, form: .partial)
    }
    // Growth beyond the range of numbers is an error, not an infinity.
    let growing = try ComplexExponentialSmoothing(
      evaluating: [1, 2, 4, 8, 16, 32], seasonalPeriod: 1, form: .nonseasonal,
      parameters: CESParameters(levelReal: 1.5, levelImaginary: 1.8))
    #expect(throws: ForecastError.self) { try growing.forecast(horizon: 10000) }
  }
}
