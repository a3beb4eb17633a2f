import Forecast
import NumericKernels
import ReferenceValues
import Testing

/// What ETS must do whatever the series, and known answers.
@Suite struct ETSTests {
  static let visitors: [Double] = [
    30.1, 19.1, 25.3, 27.6, 32.1, 23.5, 28.5, 28.5, 34.8, 25.1, 30.7, 30.1, 46.1, 29.4, 32.1, 31.5, 39.6, 30.6, 32.6,
    32.6,
    42.6, 30.9, 35.0, 36.8,
  ]
  static let yearly: [Double] = [
    4400, 4400, 5400, 7300, 8100, 7900, 8600, 9100, 8800, 9900, 10700, 10100, 11500, 12100, 11800,
  ]

  private func form(_ name: String) throws -> ETSForm { try #require(ETSForm(name)) }

  @Test func thereAreFifteenForms() {
    #expect(
      ETSForm.all.map(\.shortName) == [
        "ANN", "MNN", "AAN", "MAN", "AAdN", "MAdN", "ANA", "MNA", "AAA", "MAA", "AAdA", "MAdA", "MNM", "MAM", "MAdM",
      ])
    #expect(ETSForm(.additive, .none, .multiplicative) == nil)
    #expect(ETSForm("ETS(M,Ad,M)")?.description == "ETS(M,Ad,M)")
    #expect(ETSForm("MMN") == nil && ETSForm("") == nil)
    // R counts alpha, beta, gamma, phi, l, b and m - 1 seasonal states.
    #expect(ETSForm.all.map { $0.parameterCount(seasonalPeriod: 4) } == [2, 2, 4, 4, 5, 5, 6, 6, 8, 8, 9, 9, 6, 8, 9])
  }

  @Test(arguments: ETSForm.all, [1e6, 1e-6, 3.7e12, 1e-150, 1e150])
  func rescalingTheSeriesRescalesTheForecast(form: ETSForm, factor: Double) throws {
    let plain = try ETS(fitting: Self.visitors, seasonalPeriod: 4, form: form)
    let scaled = try ETS(fitting: Self.visitors.map { $0 * factor }, seasonalPeriod: 4, form: form)
    let (a, b) = (try plain.forecast(horizon: 9), try scaled.forecast(horizon: 9))
    #expect(largestDistance(b.mean, a.mean.map { $0 * factor }) < 1e-6)
    #expect(largestDistance(b.deviations, a.deviations.map { $0 * factor }) < 1e-6)
    let shift = Double(Self.visitors.count) * VectorMath.log(factor)
    #expect(relativeDistance(scaled.logLikelihood, plain.logLikelihood - shift, floor: 1) < 1e-6)
  }

  @Test(arguments: ["ANN", "AAN", "AAdN", "ANA", "AAA", "AAdA"])
  func addingAConstantShiftsAdditiveForms(name: String) throws {
    let form = try form(name)
    let plain = try ETS(fitting: Self.visitors, seasonalPeriod: 4, form: form).forecast(horizon: 6)
    let moved = try ETS(fitting: Self.visitors.map { $0 - 1000 }, seasonalPeriod: 4, form: form).forecast(horizon: 6)
    #expect(largestDistance(moved.mean.map { $0 + 1000 }, plain.mean, floor: 30) < 1e-6)
    #expect(largestDistance(moved.deviations, plain.deviations) < 1e-6)
  }

  @Test func shortSeriesGiveAForecastOrSayHowManyTheyNeed() throws {
    for count in 0...12 {
      let y = Array(Self.yearly.prefix(count))
      for form in ETSForm.nonSeasonal {
        let needed = form.hasTrend ? form.parameterCount(seasonalPeriod: 1) + 2 : 3
        if count < needed {
          #expect(throws: ForecastError.tooFewObservations(model: form.description, needed: needed, found: count)) {
            try ETS(fitting: y, form: form)
          }
        } else {
          let fit = try ETS(fitting: y, form: form)
          #expect(try fit.forecast(horizon: 5).isFinite, "\(form) \(count)")
          #expect(fit.residuals.count == count && fit.innovationVariance >= 0)
        }
      }
      for period in [1, 4, 12, 52] {
        if count < 3 {
          #expect(throws: ForecastError.tooFewObservations(model: "ETS", needed: 3, found: count)) {
            try ETS.selected(fitting: y, seasonalPeriod: period)
          }
        } else {
          let fit = try ETS.selected(fitting: y, seasonalPeriod: period)
          #expect(try fit.forecast(horizon: 5).isFinite, "\(fit.name) \(count)")
          // A form is taken only if its AICc exists, but for the shortest series.
          #expect(fit.aicc.isFinite || fit.form.shortName == "ANN")
        }
      }
    }
    #expect(throws: ForecastError.tooFewObservations(model: "ETS(A,N,A)", needed: 24, found: 23)) {
      try ETS(fitting: Array(Self.visitors.prefix(23)), seasonalPeriod: 12, form: form("ANA"))
    }
  }

  @Test(arguments: [0.0, 42.5, -7, 1e300, .leastNonzeroMagnitude, 0.1])
  func aConstantStaysWithoutSpread(value: Double) throws {
    for count in 3...12 {
      let y = Array(repeating: value, count: count)
      let fit = try ETS.selected(fitting: y, seasonalPeriod: 4)
      #expect(fit.form == .simple)
      let forecast = try fit.forecast(horizon: 4)
      #expect(forecast.mean == Array(repeating: value, count: 4))
      #expect(forecast.deviations == [0, 0, 0, 0])
    }
    let y = Array(repeating: value, count: 24)
    for form in ETSForm.all where form.isAdditive || value > 0 {
      let forecast = try ETS(fitting: y, seasonalPeriod: 4, form: form).forecast(horizon: 4)
      #expect(largestDistance(forecast.mean, Array(repeating: value, count: 4)) < 1e-12, "\(form)")
      #expect(forecast.deviations.allSatisfy { $0 <= 1e-9 * abs(value) }, "\(form)")
    }
  }

  @Test func zerosAndNegativeValuesRuleOutMultiplicativeForms() throws {
    for low in [0.0, -5] {
      var y = Self.visitors
      y[7] = low
      for form in ETSForm.all where !form.isAdditive {
        #expect(throws: ForecastError.self) { try ETS(fitting: y, seasonalPeriod: 4, form: form) }
      }
      #expect(try ETS.selected(fitting: y, seasonalPeriod: 4).form.isAdditive)
    }
    let zeros: [Double] = [0, 0, 0, 3, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 5]
    #expect(try ETS.selected(fitting: zeros, seasonalPeriod: 4).forecast(horizon: 8).isFinite)
  }

  @Test func hugeTinyAndExactSeries() throws {
    let wild: [[Double]] = [
      [1e300, -1e300, 1e-300, 0, .leastNonzeroMagnitude, 1e299, 3, -1e-5, 1e300],
      [1, 1e12, 1, 1e-3, 5, 1e9, 2, 2, 8, 1e-12, 3], (1...12).map { 10 + 3 * Double($0) },
      (0..<16).map { Double([5, 9, 2, 4][$0 % 4]) }, (0..<12).map { $0 == 5 ? 2 : 1 },
      [1, 2, 4, 8, 16, 32, 64, 128, 256],
    ]
    for y in wild {
      for period in [1, 4] {
        let fit = try ETS.selected(fitting: y, seasonalPeriod: period)
        #expect(try fit.forecast(horizon: 6).mean.allSatisfy(\.isFinite), "\(fit.name)")
        #expect(try fit.forecast(horizon: 6).deviations.allSatisfy { !$0.isNaN }, "\(fit.name)")
      }
    }
    let line = try ETS.selected(fitting: wild[2])
    #expect(line.form.trend == .additive)
    #expect(largestDistance(try line.forecast(horizon: 3).mean, [49, 52, 55]) < 1e-6)
    let pattern = try ETS.selected(fitting: wild[3], seasonalPeriod: 4)
    #expect(largestDistance(try pattern.forecast(horizon: 4).mean, [5, 9, 2, 4]) < 1e-4)
  }

  @Test func infiniteValuesAndBadArgumentsAreRefused() throws {
    for bad in [Double.infinity, -.infinity, 1e305] {
      var y = Self.yearly
      y[3] = bad
      #expect(throws: ForecastError.nonFinite(model: "ETS", position: 4)) { try ETS.selected(fitting: y) }
    }
    #expect(throws: ForecastError.self) { try ETS.selected(fitting: Self.yearly, seasonalPeriod: 0) }
    #expect(throws: ForecastError.self) { try ETS(fitting: Self.visitors, seasonalPeriod: 1, form: form("ANA")) }
    let fit = try ETS.selected(fitting: Self.yearly)
    #expect(throws: ForecastError.badHorizon(0)) { try fit.forecast(horizon: 0) }
    #expect(throws: ForecastError.badHorizon(-1)) {
      try fit.simulate(horizon: -1, paths: 2, stream: RandomStream(seed: 1, id: "a", purpose: .innovation))
    }
    #expect(throws: ForecastError.self) {
      try ETS(
        fitting: Self.visitors, seasonalPeriod: 4, form: form("ANA"), parameters: ETSParameters(smoothingLevel: 0.5),
        initialStates: ETSStates(level: 3, season: [1, 2, 3]))
    }
  }

  @Test(arguments: ETSForm.all)
  func missingValuesAreCarried(form: ETSForm) throws {
    var y = Self.visitors
    for t in [0, 5, 6, 13] { y[t] = .nan }
    let fit = try ETS(fitting: y, seasonalPeriod: 4, form: form)
    #expect(fit.residuals.count == 24 && fit.observationCount == 20)
    for t in y.indices { #expect(fit.residuals[t].isNaN == y[t].isNaN) }
    #expect(try fit.forecast(horizon: 6).isFinite)
    // Missing values at the end are forecast over.
    let early = try ETS(fitting: Self.visitors, seasonalPeriod: 4, form: form).forecast(horizon: 7)
    let late = try ETS(fitting: Self.visitors + [.nan, .nan], seasonalPeriod: 4, form: form).forecast(horizon: 5)
    #expect(largestDistance(late.mean, Array(early.mean[2...])) < 1e-9)
    #expect(largestDistance(late.deviations, Array(early.deviations[2...])) < 1e-9)
  }

  @Test(arguments: ETSForm.all)
  func refittingKeepsParametersAndFollowsTheData(form: ETSForm) throws {
    let fit = try ETS(fitting: Self.visitors, seasonalPeriod: 4, form: form)
    let again = try fit.refitted(to: Self.visitors)
    #expect(largestDistance(try again.forecast(horizon: 6).mean, try fit.forecast(horizon: 6).mean) < 1e-9)
    #expect(relativeDistance(again.logLikelihood, fit.logLikelihood) < 1e-9)
    let longer = try fit.refitted(to: Self.visitors + [60, 50])
    #expect(longer.parameters == fit.parameters && longer.residuals.count == 26)
    #expect(try longer.forecast(horizon: 1).mean[0] > fit.forecast(horizon: 3).mean[2])
  }

  @Test(arguments: ETSForm.all)
  func componentsAddUpToFittedValues(form: ETSForm) throws {
    let fit = try ETS(fitting: Self.visitors, seasonalPeriod: 4, form: form)
    let c = fit.components
    #expect(c.levels.last == fit.states.level && c.levels.count == 24)
    for t in 5..<24 {
      let base = c.levels[t - 1] + (form.hasTrend ? fit.parameters.damping * c.trends[t - 1] : 0)
      var fitted = base
      if form.season == .additive { fitted += c.seasons[t - 4] }
      if form.season == .multiplicative { fitted *= c.seasons[t - 4] }
      #expect(relativeDistance(Self.visitors[t] - fitted, fit.residuals[t], floor: 1) < 1e-10)
    }
  }

  /// Means and deviations of 40,000 simulated paths against the closed forms; sigma is set large so that every term counts.
  @Test(arguments: ETSForm.all)
  func simulationAgreesWithTheMoments(form: ETSForm) throws {
    let season =
      form.season == .additive ? [6.0, -5, 1, -2] : form.season == .multiplicative ? [1.2, 0.8, 1.05, 0.95] : []
    let model = try ETS(
      fitting: Self.visitors, seasonalPeriod: 4, form: form,
      parameters: ETSParameters(smoothingLevel: 0.4, smoothingTrend: 0.2, smoothingSeason: 0.3, damping: 0.85),
      initialStates: ETSStates(level: 26, trend: 0.5, season: season))
    let exact = try model.forecast(horizon: 9)
    let count = 40_000
    let paths = try model.simulate(
      horizon: 9, paths: count, stream: RandomStream(seed: 7, id: form.shortName, purpose: .innovation))
    for h in 0..<9 {
      let values = Array(paths.step(h))
      let mean = values.reduce(0, +) / Double(count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
      #expect(abs(mean - exact.mean[h]) < 5 * exact.deviations[h] / Double(count).squareRoot(), "\(form) \(h)")
      #expect(relativeDistance(variance.squareRoot(), exact.deviations[h]) < 0.025, "\(form) \(h)")
    }
  }

  @Test func simulationIsAddressedByStep() throws {
    let model = try ETS.selected(fitting: Self.visitors, seasonalPeriod: 4)
    let stream = RandomStream(seed: 3, id: "x", purpose: .innovation)
    let few = try model.simulate(horizon: 4, paths: 10, stream: stream)
    let many = try model.simulate(horizon: 7, paths: 30, stream: stream)
    for h in 0..<4 { #expect(Array(few.step(h)) == Array(many.step(h).prefix(10))) }
  }

  /// The third step of ETS(A,N,N) by hand: variance sigma^2 (1 + 2 alpha^2).
  @Test func varianceByHand() throws {
    let model = try ETS(
      fitting: [2, 4, 5], form: .simple, parameters: ETSParameters(smoothingLevel: 0.5),
      initialStates: ETSStates(level: 2))
    // Errors 0, 2, 2; levels 2, 3, 4; n - 2 = 1.
    #expect(model.residuals == [0, 2, 2] && model.states.level == 4)
    #expect(relativeDistance(model.innovationVariance, 8) < 1e-14)
    #expect(relativeDistance(model.logLikelihood, -1.5 * VectorMath.log(8)) < 1e-14)
    #expect(relativeDistance(try model.forecast(horizon: 3).deviations[2], (8 * 1.5).squareRoot()) < 1e-14)
  }

  @Test func theSelectionTakesTheLowestCriterion() throws {
    let best = try ETS.selected(fitting: Self.visitors, seasonalPeriod: 4, estimation: .maximumLikelihood)
    #expect(best.form.isSeasonal)
    for form in ETSForm.all {
      let one = try ETS(fitting: Self.visitors, seasonalPeriod: 4, form: form)
      #expect(best.aicc <= one.aicc + 1e-3, "\(form)")
    }
    let plain = try ETS.selected(fitting: Self.visitors, seasonalPeriod: 4, allowing: ETSForm.nonSeasonal)
    #expect(!plain.form.isSeasonal && plain.seasonalPeriod == 1)
    let again = try ETS.selected(fitting: Self.visitors, seasonalPeriod: 4, estimation: .maximumLikelihood)
    #expect(try again.forecast(horizon: 4) == best.forecast(horizon: 4))
  }

  /// Verdicts of R's `forecast:::admissible` (forecast 8.20) inside the usual bounds: alpha, beta, gamma, phi, period.
  @Test func theAdmissibleRegionIsRs() throws {
    let verdicts: [(Double, Double, Double, Double, Int, Bool)] = [
      (0.842, 0.433, 0.084, 0.902, 12, false),
      (0.878, 0.575, 0.059, 1, 12, false),
      (0.46, 0.286, 0.21, 0.801, 12, false),
      (0.389, 0.29, 0.547, 1, 12, false),
      (0.819, 0.345, 0.032, 0.831, 12, false),
      (0.914, 0.206, 0.054, 0.812, 12, false),
      (0.805, 0.782, 0.067, 1, 12, false),
      (0.41, 0.142, 0.487, 0.924, 12, false),
      (0.709, 0.406, 0.267, 0.962, 12, false),
      (0.468, 0.269, 0.356, 1, 12, false),
    ]
    for (alpha, beta, gamma, phi, period, expected) in verdicts {
      let parameters = ETSParameters(
        smoothingLevel: alpha, smoothingTrend: beta, smoothingSeason: gamma, damping: phi)
      let form = try form(phi < 1 ? "AAdA" : "AAA")
      #expect(
        ETSAdmissibility.isAdmissible(parameters, form: form, period: period) == expected, "\(parameters) \(period)")
    }
    let seasonOnly = ETSParameters(smoothingLevel: 0.3, smoothingSeason: 0.6)
    #expect(ETSAdmissibility.isAdmissible(seasonOnly, form: try form("ANA"), period: 12))
  }

  @Test func theNonSeasonalForecastIsTheSelectionAmongSixForms() throws {
    let (mean, halfWidths, model) = try ETS.nonSeasonalForecast(fitting: Self.yearly, horizon: 4)
    #expect(!model.form.isSeasonal && model.parameters.smoothingTrend <= 0.1)
    let forecast = try model.forecast(horizon: 4)
    #expect(forecast.mean == mean)
    let upper = forecast.interval(level: 0.95).upper
    #expect(largestDistance(zip(upper, mean).map { $0 - $1 }, halfWidths, floor: 1) < 1e-9)
    #expect(try ETS.nonSeasonalForecast(fitting: Self.yearly.map { $0 - 8000 }, horizon: 4).model.form.isAdditive)
  }
}
