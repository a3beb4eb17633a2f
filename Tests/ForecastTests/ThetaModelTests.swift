import Forecast
import NumericKernels
import ReferenceValues
import Testing

/// The theta family, the seasonality test, the classical decomposition and Naive2 against statsforecast, R and the scorer of the
/// M4 competition: `Tests/Fixtures/theta_ces.json`.
@Suite struct ThetaModelTests {
  /// Read once: the file is not small. Empty if it cannot be read.
  private static let reference = (try? ReferenceTree("theta_ces"))?.root["series"].list ?? []

  let series: [ReferenceTree.Node]

  init() throws {
    series = Self.reference
    #expect(series.count == 38)
  }

  private func integer(_ node: ReferenceTree.Node) -> Int { Int(node.number ?? 0) }

  /// The squares that count, from the variance.
  private func squares(_ model: ThetaModel, count: Int) -> Double {
    model.innovationVariance * Double(max(count - 3 - (model.variant.estimatesTheta ? 3 : 2), 1))
  }

  @Test func naive2IsTheScorers() throws {
    var seasonal = 0
    for one in series {
      let model = try SeasonallyAdjustedNaive(
        fitting: one["y"].numbers, seasonalPeriod: integer(one["period"]))
      let mean = try model.pointForecast(horizon: integer(one["horizon"]))
      #expect(largestDistance(mean, one["naive2"].numbers) < 1e-12, "\(one["id"].text)")
      if model.decomposition != nil { seasonal += 1 }
    }
    #expect(seasonal == 18)
  }

  @Test(arguments: ThetaVariant.allCases)
  func atStatsforecastsParametersForecastsAndSquaresAreIts(variant: ThetaVariant) throws {
    for one in series {
      let y = one["y"].numbers
      let reference = one["theta"][variant.abbreviation]
      let theta = try #require(reference["theta"].number)
      let model = try ThetaModel(
        evaluating: y, seasonalPeriod: integer(one["period"]), variant: variant,
        parameters: ThetaParameters(
          smoothingLevel: try #require(reference["alpha"].number), lineWeight: 1 - 1 / theta,
          initialLevel: try #require(reference["level"].number)))
      let mean = try model.pointForecast(horizon: integer(one["horizon"]))
      let size = mean.map(abs).max() ?? 0
      #expect(largestDistance(mean, reference["mean"].numbers, floor: size) < 1e-9, "\(one["id"].text)")
      let expected = try #require(reference["squares"].number)
      #expect(relativeDistance(squares(model, count: y.count), expected) < 1e-8, "\(one["id"].text)")
    }
  }

  @Test(arguments: ThetaVariant.allCases)
  func leastSquaresAreNotAboveStatsforecasts(variant: ThetaVariant) throws {
    var lower = 0
    for one in series {
      let y = one["y"].numbers
      let model = try ThetaModel(
        fitting: y, seasonalPeriod: integer(one["period"]), variant: variant, estimation: .leastSquares)
      let theirs = try #require(one["theta"][variant.abbreviation]["squares"].number)
      let ours = squares(model, count: y.count)
      #expect(ours <= theirs * (1 + 1e-7), "\(one["id"].text)")
      // Evaluated at the parameters it reports, the model is itself.
      let again = try ThetaModel(
        evaluating: y, seasonalPeriod: integer(one["period"]), variant: variant, parameters: model.parameters)
      #expect(relativeDistance(squares(again, count: y.count), ours) < 1e-6, "\(one["id"].text)")
      if ours < theirs * (1 - 1e-3) { lower += 1 }
    }
    // The simplex search of the other program often stops early.
    #expect(lower >= 5)
  }

  @Test func standardThetaAtRsAlphaIsRsThetaf() throws {
    for one in series {
      let y = one["y"].numbers
      let m = integer(one["period"])
      let reference = one["thetaf"]
      var alpha = try #require(reference["alpha"].number)
      alpha = min(max(alpha, 1e-4), 1)
      let probe = try ThetaModel(fitting: y, seasonalPeriod: m, variant: .standard)
      let adjusted = probe.decomposition?.adjusted(y) ?? y
      // The line at the first observation, half of which R's level contains.
      let n = Double(adjusted.count)
      let centre = 0.5 * (n + 1)
      let mean = adjusted.reduce(0, +) / n
      let cross = adjusted.enumerated().reduce(0) { $0 + (Double($1.offset + 1) - centre) * ($1.element - mean) }
      let slope = cross / (n * (n * n - 1) / 12)
      let level = try #require(reference["level"].number) - 0.5 * (mean + slope * (1 - centre))
      let model = try ThetaModel(
        evaluating: y, seasonalPeriod: m, variant: .standard,
        parameters: ThetaParameters(smoothingLevel: alpha, lineWeight: 0.5, initialLevel: level))
      let forecast = try model.pointForecast(horizon: integer(one["horizon"]))
      let size = forecast.map(abs).max() ?? 0
      #expect(largestDistance(forecast, reference["mean"].numbers, floor: size) < 1e-8, "\(one["id"].text)")
    }
  }

  @Test func shortWayIsTheModelWithoutSeason() throws {
    for one in series {
      let y = one["y"].numbers
      let model = try ThetaModel(fitting: y, seasonalPeriod: 1)
      #expect(try DynamicOptimizedTheta(fitting: y).pointForecast(horizon: 9) == model.pointForecast(horizon: 9))
    }
  }

  @Test func staticVarianceIsThatOfSmoothingWithDrift() throws {
    let model = try ThetaModel(fitting: series[5]["y"].numbers, seasonalPeriod: 1, variant: .optimized)
    let alpha = model.parameters.smoothingLevel
    let deviations = try model.forecast(horizon: 12).deviations
    for (h, deviation) in deviations.enumerated() {
      let expected = model.innovationVariance * (1 + Double(h) * alpha * alpha)
      #expect(relativeDistance(deviation * deviation, expected) < 1e-12)
    }
  }

  /// The response of a dynamic variant to one shock, by brute force: refit the states with the shocked value appended.
  @Test func dynamicVarianceFollowsFromAppendedObservations() throws {
    let y = series[5]["y"].numbers
    let model = try ThetaModel(fitting: y, seasonalPeriod: 1)
    let horizon = 4
    let mean = try model.pointForecast(horizon: horizon)
    var squares = [Double](repeating: 1, count: horizon)
    for j in 0..<(horizon - 1) {
      let plain = try model.refitted(to: y + mean[...j]).pointForecast(horizon: horizon - j - 1)
      let shock = y[0]
      let shocked = try model.refitted(to: y + mean[..<j] + [mean[j] + shock])
        .pointForecast(horizon: horizon - j - 1)
      for (k, (a, b)) in zip(plain, shocked).enumerated() {
        squares[j + 1 + k] += (b - a) / shock * ((b - a) / shock)
      }
    }
    let deviations = try model.forecast(horizon: horizon).deviations
    for (deviation, sum) in zip(deviations, squares) {
      #expect(relativeDistance(deviation * deviation, model.innovationVariance * sum) < 1e-9)
    }
  }

  @Test func simulationHasTheMomentsOfTheForecast() throws {
    let one = series[30]
    let model = try ThetaModel(fitting: one["y"].numbers, seasonalPeriod: 12)
    #expect(model.decomposition != nil)
    let forecast = try model.forecast(horizon: 6)
    let count = 40000
    let paths = try model.simulate(
      horizon: 6, paths: count, stream: RandomStream(seed: 7, id: "theta", purpose: .innovation))
    for h in 0..<6 {
      let mean = paths.step(h).reduce(0, +) / Double(count)
      let squares = paths.step(h).reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = forecast.deviations[h]
      #expect(abs(mean - forecast.mean[h]) < 0.025 * deviation)
      #expect(relativeDistance((squares / Double(count - 1)).squareRoot(), deviation) < 0.02)
    }
  }

  @Test(arguments: [1e6, 1e-6, 3.7e12, 1e-150, 1e150])
  func rescalingTheSeriesRescalesTheForecast(factor: Double) throws {
    for one in series {
      let y = one["y"].numbers
      for variant in ThetaVariant.allCases {
        for estimation in [ThetaEstimation.anchored, .leastSquares] {
          func forecast(_ y: [Double]) throws -> Prediction {
            try ThetaModel(
              fitting: y, seasonalPeriod: integer(one["period"]), variant: variant, estimation: estimation
            ).forecast(horizon: 8)
          }
          let plain = try forecast(y)
          let scaled = try forecast(y.map { $0 * factor })
          let size = (plain.mean.map(abs).max() ?? 0) * factor
          #expect(largestDistance(scaled.mean, plain.mean.map { $0 * factor }, floor: size) < 1e-6)
          #expect(
            largestDistance(scaled.deviations, plain.deviations.map { $0 * factor }, floor: size * 1e-6) < 1e-6)
        }
      }
    }
  }

  @Test func selectionTakesTheLeastSquares() throws {
    let one = series[30]
    let y = one["y"].numbers
    let selected = try ThetaModel(selecting: y, seasonalPeriod: 12)
    let sums = try ThetaVariant.allCases.map { variant in
      try ThetaModel(fitting: y, seasonalPeriod: 12, variant: variant).residuals.reduce(0) {
        $1.isNaN ? $0 : $0 + $1 * $1
      }
    }
    let own = selected.residuals.reduce(0) { $1.isNaN ? $0 : $0 + $1 * $1 }
    #expect(own <= (sums.min() ?? 0) * 1.2)
    #expect(selected.variant.estimatesTheta)
  }

  @Test func refittingToTheSameSeriesChangesNothing() throws {
    for one in series {
      let y = one["y"].numbers
      for variant in ThetaVariant.allCases {
        let model = try ThetaModel(fitting: y, seasonalPeriod: integer(one["period"]), variant: variant)
        let again = try model.refitted(to: y)
        let mean = try model.pointForecast(horizon: 5)
        #expect(largestDistance(try again.pointForecast(horizon: 5), mean) < 1e-12)
      }
    }
  }

  @Test func degenerateSeries() throws {
    for n in 0...3 {
      let y = (0..<n).map { Double($0 * $0) }
      #expect(throws: ForecastError.tooFewObservations(model: "DOTM", needed: 4, found: n)) {
        try ThetaModel(fitting: y, seasonalPeriod: 4)
      }
    }
    let hostile: [[Double]] = [
      [1, 5, 2, 8], [1, 5, 2, 8, 3], [3, 1, 4, 1, 5, 9], [3, 1, 4, 1, 5, 9, 2], [0, 0, 0, 0, 0],
      [-3, 5, -1, 2, -8, 4, 4, 1],
      (0..<40).map { $0 % 4 == 0 ? 0.0 : 5 }, (0..<40).map { $0 % 4 == 0 ? -9.0 : 5 },
      [.nan, 1, 5, .nan, .nan, 2, 8, 3, 1, 4, .nan], [1e299, -1e299, 1e299, 5e298, 1e299, 3e298],
      [5e-324, 1e-323, 0, 5e-324, 2e-323, 1e-322], (0..<3000).map { Double($0 % 7) }, [1, 1e15, 1, 1, 2, 1e15, 3],
    ]
    for y in hostile {
      for variant in ThetaVariant.allCases {
        for estimation in [ThetaEstimation.anchored, .leastSquares] {
          let model = try ThetaModel(fitting: y, seasonalPeriod: 4, variant: variant, estimation: estimation)
          let forecast = try model.forecast(horizon: 10)
          #expect(forecast.mean.allSatisfy { $0.isFinite }, "\(y.prefix(8)) \(variant)")
          #expect(forecast.deviations.allSatisfy { !$0.isNaN }, "\(y.prefix(8)) \(variant)")
        }
      }
    }
    let constant = try ThetaModel(fitting: [7, 7, 7, 7, 7, 7], seasonalPeriod: 1).forecast(horizon: 3)
    #expect(constant.mean == [7, 7, 7] && constant.deviations == [0, 0, 0])
    #expect(throws: ForecastError.badHorizon(0)) {
      try ThetaModel(fitting: [1, 2, 4, 3, 5], seasonalPeriod: 1).forecast(horizon: 0)
    }
    #expect(throws: ForecastError.nonFinite(model: "DOTM", position: 2)) {
      try ThetaModel(fitting: [1, .infinity, 2, 3, 4], seasonalPeriod: 1)
    }
  }
}
