import Forecast
import NumericKernels
import ReferenceValues
import Testing

/// ETS against R's `ets` on competition series (Tests/Fixtures/ets.json).
@Suite struct ETSOracleTests {
  let series: [ReferenceTree.Node]

  init() throws { series = try ReferenceTree("ets").root["series"].list }

  private struct Case {
    let label: String
    let y: [Double]
    let period: Int
    let form: ETSForm
    let reference: ReferenceTree.Node

    var states: ETSStates {
      let initial = reference["initial"].numbers
      let first = form.hasTrend ? 2 : 1
      return ETSStates(
        level: initial.first ?? .nan, trend: form.hasTrend ? initial[1] : 0,
        season: form.isSeasonal ? initial[first...].reversed() : [])
    }

    var parameters: ETSParameters {
      ETSParameters(
        smoothingLevel: reference["alpha"].number ?? .nan, smoothingTrend: reference["beta"].number ?? 0,
        smoothingSeason: reference["gamma"].number ?? 0, damping: reference["phi"].number ?? 1)
    }
  }

  private func cases() throws -> [Case] {
    try series.flatMap { one in
      try one["fits"].list.map { fit in
        Case(
          label: "\(one["id"].text) \(fit["form"].text)", y: one["y"].numbers,
          period: Int(one["period"].number ?? 0), form: try #require(ETSForm(fit["form"].text)), reference: fit)
      }
    }
  }

  @Test func thereAreEnoughSeries() throws {
    #expect(series.count >= 30)
    #expect(try cases().count >= 250)
    #expect(Set(try cases().map(\.form)).count == 12)
  }

  /// R's parameters and initial states put in: the same likelihood, states and forecasts.
  @Test func theFilterIsRs() throws {
    for one in try cases() {
      let model = try ETS(
        fitting: one.y, seasonalPeriod: one.period, form: one.form, parameters: one.parameters,
        initialStates: one.states)
      let size = one.y.map(abs).max() ?? 0
      let likelihood = try #require(one.reference["loglik"].number)
      #expect(relativeDistance(model.logLikelihood, likelihood, floor: 1) < 1e-8, "\(one.label)")
      #expect(relativeDistance(model.aicc, one.reference["aicc"].number ?? .nan, floor: 1) < 1e-8, "\(one.label)")
      #expect(
        relativeDistance(model.innovationVariance, one.reference["sigma2"].number ?? .nan) < 1e-8, "\(one.label)")
      let last = one.reference["last"].numbers
      var ours = [model.states.level]
      if one.form.hasTrend { ours.append(model.states.trend) }
      ours += model.states.season.reversed()
      let floor = one.form.season == .multiplicative ? 1e-3 : 1e-3 * size
      #expect(largestDistance(ours, last, floor: floor) < 1e-8, "\(one.label)")

      // R leaves the damping out of the first step of ETS(M,Ad,M).
      guard one.form.shortName != "MAdM" else { continue }
      let forecast = try model.forecast(horizon: 8)
      #expect(largestDistance(forecast.mean, one.reference["mean"].numbers, floor: size) < 1e-8, "\(one.label)")
      // R puts the seasonal response of ETS(.,N,A) one step early, at the period instead of after it.
      let isShifted = one.form.season == .additive && !one.form.hasTrend
      let steps = isShifted ? min(8, one.period - 1) : 8
      for (name, z) in [("upper80", 1.2815515655446004), ("upper95", 1.959963984540054)] {
        let upper = one.reference[name].numbers
        for h in 0..<steps {
          let deviation = (upper[h] - one.reference["mean"].numbers[h]) / z
          #expect(
            relativeDistance(
              forecast.deviations[h] * forecast.deviations[h], deviation * deviation, floor: 1e-12 * size * size)
              < 1e-6,
            "\(one.label) step \(h + 1)")
        }
      }
    }
  }

  /// Our optimum is at least R's; a few likelihoods have several hills, of which either side may find the higher one.
  @Test func theOptimumIsAtLeastRs() throws {
    var (count, lower, gain) = (0, [String](), 0.0)
    for one in try cases() {
      let model = try ETS(fitting: one.y, seasonalPeriod: one.period, form: one.form)
      let difference = model.logLikelihood - (one.reference["loglik"].number ?? .nan)
      count += 1
      gain += difference
      if !(difference >= -1e-3) { lower.append("\(one.label) \(difference)") }
      let p = model.parameters
      #expect((0.0001...0.9999).contains(p.smoothingLevel), "\(one.label)")
      if one.form.hasTrend { #expect((0.0001...p.smoothingLevel + 1e-12).contains(p.smoothingTrend), "\(one.label)") }
      if one.form.isSeasonal {
        #expect(p.smoothingSeason >= 0.0001 && p.smoothingSeason <= 1 - p.smoothingLevel + 1e-12, "\(one.label)")
        let mean = model.initialStates.season.reduce(0, +) / Double(one.period)
        let neutral = one.form.season == .multiplicative ? 1.0 : 0
        let size = one.form.season == .multiplicative ? 1 : one.y.map(abs).max() ?? 1
        #expect(abs(mean - neutral) < 1e-9 * size, "\(one.label)")
      }
      if one.form.trend == .damped { #expect((0.8...0.98).contains(p.damping), "\(one.label)") }
    }
    #expect(Double(lower.count) <= 0.03 * Double(count), "lower than R's: \(lower)")
    #expect(gain > 0)
  }

  /// The selection's AICc is R's or better; where it is R's own optimum, so is the form.
  @Test func theSelectionIsRsOrBetter() throws {
    var (compared, agreeing, worse) = (0, 0, [String]())
    for one in series {
      guard let aicc = one["selected"]["aicc"].number else { continue }
      let model = try ETS.selected(
        fitting: one["y"].numbers, seasonalPeriod: Int(one["period"].number ?? 0), estimation: .maximumLikelihood)
      compared += 1
      if model.form.shortName == one["selected"]["form"].text { agreeing += 1 }
      if !(model.aicc <= aicc + 2e-3) { worse.append("\(one["id"].text) \(model.name) \(model.aicc - aicc)") }
    }
    #expect(compared >= 30)
    #expect(worse.count <= 1, "\(worse)")
    #expect(Double(agreeing) >= 0.4 * Double(compared), "\(agreeing) of \(compared)")
  }

  /// The restrained estimation reports an honest likelihood: never above the maximum (but for hills that its starts find alone).
  @Test func restraintsCostLikelihood() throws {
    var above = 0
    for one in series where one["period"].number == 4 {
      let y = one["y"].numbers
      for form in [ETSForm("AAA"), ETSForm("MNM")] {
        let form = try #require(form)
        let free = try ETS(fitting: y, seasonalPeriod: 4, form: form)
        let held = try ETS(fitting: y, seasonalPeriod: 4, form: form, estimation: .steady(seasonalPeriod: 4))
        #expect(held.parameters.smoothingTrend <= 0.05)
        if held.logLikelihood > free.logLikelihood + 1e-3 { above += 1 }
      }
    }
    #expect(above <= 1)
  }
}
