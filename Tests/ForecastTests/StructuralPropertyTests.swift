import Forecast
import NumericKernels
import ReferenceValues
import Testing

/// What any structural model must do, whatever the numbers.
@Suite struct StructuralPropertyTests {
  private static let quarterly: [Double] = [
    30.1, 42.5, 51.2, 35.8, 31.9, 44.0, 54.1, 37.7, 35.2, 46.3, 55.9, 40.4, 36.8, 49.1, 60.2, 42.9, 38.4, 52.6, 61.7,
    45.0, 41.9, 53.3, 65.1, 48.8,
  ]
  private static let forms: [StructuralForm] = StructuralForm.Trend.allCases.flatMap { trend in
    [
      StructuralForm(trend: trend), StructuralForm(trend: trend, season: .dummy(period: 4)),
      StructuralForm(trend: trend, season: .trigonometric(period: 4)), StructuralForm(trend: trend, hasCycle: true),
    ]
  }

  @Test func unitAndOriginChangeNothing() throws {
    for form in Self.forms {
      let plain = try StructuralModel(fitting: Self.quarterly, form: form).forecast(horizon: 6)
      for factor in [1e6, 1e-6, 1e150] {
        let scaled = try StructuralModel(fitting: Self.quarterly.map { $0 * factor }, form: form).forecast(horizon: 6)
        #expect(largestDistance(scaled.mean.map { $0 / factor }, plain.mean) < 1e-6, "\(form.name) \(factor)")
        #expect(
          largestDistance(scaled.deviations.map { $0 / factor }, plain.deviations) < 1e-6, "\(form.name) \(factor)")
      }
      let shifted = try StructuralModel(fitting: Self.quarterly.map { $0 + 1000 }, form: form).forecast(horizon: 6)
      #expect(largestDistance(shifted.mean.map { $0 - 1000 }, plain.mean) < 1e-6, "\(form.name)")
    }
  }

  @Test func shortSeriesGiveAModelOrANumberNeeded() throws {
    for form in Self.forms {
      for n in 0...8 {
        let series = Array(Self.quarterly.prefix(n))
        do {
          let model = try StructuralModel(fitting: series, form: form)
          #expect(try model.forecast(horizon: 3).isFinite, "\(form.name) \(n)")
          #expect(n > form.season.period)
        } catch ForecastError.tooFewObservations(_, let needed, let found) {
          #expect(needed > n && found == n)
        }
        guard n >= 2 else { continue }
        #expect(try StructuralModel.selected(fitting: series, seasonalPeriod: 4).forecast(horizon: 3).isFinite)
      }
    }
    #expect(throws: ForecastError.self) { try StructuralModel.selected(fitting: [1], seasonalPeriod: 4) }
    #expect(throws: ForecastError.badHorizon(0)) {
      try StructuralModel(fitting: Self.quarterly, form: Self.forms[0]).forecast(horizon: 0)
    }
  }

  @Test func constantsZerosAndLinesAreContinued() throws {
    for form in Self.forms {
      for value in [0, 7.5, -1e200] {
        let model = try StructuralModel(fitting: Array(repeating: value, count: 20), form: form)
        let prediction = try model.forecast(horizon: 5)
        #expect(prediction.mean == Array(repeating: value, count: 5), "\(form.name)")
        #expect(prediction.deviations == Array(repeating: 0, count: 5), "\(form.name)")
      }
    }
    let line = (0..<20).map { 3 + 2 * Double($0) }
    let prediction = try StructuralModel.selected(fitting: line, seasonalPeriod: 4).forecast(horizon: 4)
    #expect(largestDistance(prediction.mean, [43, 45, 47, 49]) < 1e-9)
    #expect((prediction.deviations.max() ?? 1) < 1e-6)
  }

  @Test func badInputIsAnError() throws {
    let form = StructuralForm(trend: .localLevel)
    #expect(throws: ForecastError.nonFinite(model: form.name, position: 2)) {
      try StructuralModel(fitting: [1, .infinity, 3], form: form)
    }
    #expect(throws: ForecastError.self) { try StructuralModel(fitting: [.value(-1, 3), .value(0, 2)], form: form) }
    #expect(throws: ForecastError.self) {
      try StructuralModel(fitting: [.sum(from: 3, through: 1, 3), .value(0, 2)], form: form)
    }
    for last in [Int.max, 2_000_000] {
      #expect(throws: ForecastError.self) {
        try StructuralModel(fitting: [.value(0, 2), .sum(from: 1, through: last, 3)], form: form)
      }
      #expect(throws: ForecastError.self) {
        try StructuralModel(fitting: Self.quarterly, form: form).sum(from: 0, through: last)
      }
    }
    #expect(throws: ForecastError.self) {
      try StructuralModel(fitting: [.value(0, 2), .sum(from: Int.min, through: 1, 3)], form: form)
    }
    #expect(throws: ForecastError.self) {
      try StructuralModel(fitting: Self.quarterly, form: form).sum(from: 3, through: 1)
    }
    // A total that is not the sum of its months.
    #expect(throws: ForecastError.self) {
      try StructuralModel(
        fitting: [.value(0, 1), .value(1, 2), .value(2, 4), .sum(from: 0, through: 2, 9)], form: form)
    }
    // Quarters' totals say nothing of the months' season.
    let quarters = (0..<20).map { StructuralModel.Observation.sum(from: 3 * $0, through: 3 * $0 + 2, Double($0 * $0)) }
    #expect(throws: ForecastError.self) {
      try StructuralModel(fitting: quarters, form: StructuralForm(trend: .localLevel, season: .dummy(period: 12)))
    }
    let late = Matrix(columns: [(0..<30).map { $0 >= 25 ? 1.0 : 0 }])
    #expect(throws: ForecastError.notIdentified(model: form.name, term: "regressor 1")) {
      try StructuralModel(fitting: Self.quarterly, form: form, regressors: late)
    }
  }

  @Test func totalThatIsItsMonthsAddsNothing() throws {
    let form = StructuralForm(trend: .localLinear)
    let months = Self.quarterly.enumerated().map { StructuralModel.Observation.value($0.offset, $0.element) }
    let plain = try StructuralModel(fitting: months, form: form)
    let total = try StructuralModel(
      fitting: months + [.sum(from: 2, through: 5, Self.quarterly[2...5].reduce(0, +))], form: form)
    #expect(relativeDistance(plain.logLikelihood, total.logLikelihood) < 1e-8)
    #expect(
      largestDistance(try total.forecast(horizon: 4).mean, try plain.forecast(horizon: 4).mean) < 1e-5)
  }

  @Test func runningTotalsAreTheirMonths() throws {
    // A year's running totals fix the months exactly.
    let form = StructuralForm(trend: .localLevel)
    var observations: [StructuralModel.Observation] = []
    for year in 0..<2 {
      var total = 0.0
      for month in 0..<12 {
        total += Self.quarterly[12 * year + month]
        observations.append(.sum(from: 12 * year, through: 12 * year + month, total))
      }
    }
    let model = try StructuralModel(fitting: observations, form: form)
    let plain = try StructuralModel(fitting: Self.quarterly, form: form)
    #expect(largestDistance(model.interpolated().values, Self.quarterly) < 1e-10)
    #expect(abs(model.logLikelihood - plain.logLikelihood) < 1e-6)
  }

  @Test func nowcastOfAYearIsObservedPlusForecast() throws {
    let model = try StructuralModel(
      fitting: Self.quarterly, form: StructuralForm(trend: .localLinear, season: .dummy(period: 4)))
    let ahead = try model.forecast(horizon: 2)
    let sum = try model.sum(from: 22, through: 25)
    let known = Self.quarterly[22] + Self.quarterly[23]
    #expect(relativeDistance(sum.mean, known + ahead.mean[0] + ahead.mean[1]) < 1e-10)
    #expect(sum.deviation > ahead.deviations[0] && sum.deviation < ahead.deviations[0] + ahead.deviations[1])
    let single = try model.sums([24...24, 25...25, 0...3])
    #expect(relativeDistance(single[0].deviation, ahead.deviations[0]) < 1e-9)
    #expect(relativeDistance(single[1].deviation, ahead.deviations[1]) < 1e-9)
    #expect(relativeDistance(single[2].mean, Self.quarterly[0...3].reduce(0, +)) < 1e-12)
    #expect(single[2].deviation < 1e-6)
  }

  @Test func simulationHasTheForecastsMoments() throws {
    let stream = RandomStream(seed: 7, id: "structural", purpose: .innovation)
    for form in Self.forms where form.trend != .fixedLevel {
      let model = try StructuralModel(fitting: Self.quarterly, form: form)
      let prediction = try model.forecast(horizon: 5)
      let paths = try model.simulate(horizon: 5, paths: 4000, stream: stream)
      for h in 0..<5 {
        let step = Array(paths.step(h))
        let mean = step.reduce(0, +) / 4000
        let deviation = (step.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3999).squareRoot()
        #expect(abs(mean - prediction.mean[h]) < 5 * prediction.deviations[h] / 4000.0.squareRoot(), "\(form.name)")
        #expect(relativeDistance(deviation, prediction.deviations[h]) < 0.06, "\(form.name) \(h)")
      }
      #expect(try model.simulate(horizon: 5, paths: 4000, stream: stream) == paths)
    }
  }

  @Test func refittedToItsOwnSeriesIsTheModel() throws {
    for form in Self.forms {
      let model = try StructuralModel(fitting: Self.quarterly, form: form)
      let again = try model.refitted(to: Self.quarterly)
      #expect(largestDistance(try again.forecast(horizon: 4).mean, try model.forecast(horizon: 4).mean) < 1e-12)
      let shorter = try model.refitted(to: Array(Self.quarterly.dropLast(4)))
      let longer = try shorter.refitted(to: Self.quarterly)
      #expect(
        largestDistance(try longer.forecast(horizon: 4).deviations, try model.forecast(horizon: 4).deviations) < 1e-9)
    }
  }

  @Test func missingPeriodsAreInterpolated() throws {
    var series = Self.quarterly
    for t in [3, 10, 11] { series[t] = .nan }
    let model = try StructuralModel.selected(fitting: series, seasonalPeriod: 4)
    let filled = model.interpolated()
    for t in series.indices {
      if series[t].isNaN {
        #expect(abs(filled.values[t] - Self.quarterly[t]) < 4 * filled.deviations[t] && filled.deviations[t] > 0)
        #expect(model.residuals[t].isNaN)
      } else {
        #expect(filled.values[t] == series[t] && filled.deviations[t] == 0)
      }
    }
  }

  @Test func generalFilterIsTheStructuralOne() throws {
    let run = try SquareRootKalmanFilter(
      transition: Matrix(rows: [[1, 1], [0, 1]]), shockLoadings: .identity(2), shockVariances: [2, 0.3],
      observation: Matrix(rows: [[1, 0]]), observationVariance: 5, diffuse: .identity(2)
    ).run(Self.quarterly)
    let model = try StructuralModel(
      fitting: Self.quarterly, form: StructuralForm(trend: .localLinear),
      parameters: StructuralParameters(irregularVariance: 5, levelVariance: 2, slopeVariance: 0.3))
    #expect(relativeDistance(run.logLikelihood, model.logLikelihood) < 1e-12)
    let components = model.components()
    let smoothed = run.smoothed()
    #expect(largestDistance(smoothed.states.column(0), components.level.values) < 1e-10)
    #expect(
      largestDistance(smoothed.covariances.map { $0[1, 1].squareRoot() }, try #require(components.slope).deviations)
        < 1e-8)
    #expect(run.openDirections == 0)
    // A diffuse state that nothing observes stays open, and an observation of a known constant must agree with it.
    let blind = try SquareRootKalmanFilter(
      transition: .identity(2), shockLoadings: .identity(2), shockVariances: [1, 1],
      observation: Matrix(rows: [[1, 0]]), observationVariance: 1, diffuse: .identity(2)
    ).run([1, 2, 3])
    #expect(blind.openDirections == 1)
    let certain = try SquareRootKalmanFilter(
      transition: .identity(1), shockLoadings: .identity(1), shockVariances: [0],
      observation: Matrix(rows: [[1]]), observationVariance: 0, initialMean: [2])
    #expect(throws: ForecastError.self) { try certain.run([3]) }
    #expect(throws: ForecastError.self) {
      try SquareRootKalmanFilter(
        transition: .identity(2), shockLoadings: .identity(1), shockVariances: [1],
        observation: Matrix(rows: [[1, 0]]), observationVariance: 1)
    }
  }
}
