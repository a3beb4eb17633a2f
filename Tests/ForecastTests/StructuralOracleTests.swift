import Forecast
import NumericKernels
import ReferenceValues
import Testing

/// Against statsmodels' UnobservedComponents on 36 series of the M3 competition, and dense Gaussian conditioning for sums:
/// `Tests/Fixtures/structural.json`, made by `origin/structural.py`.
@Suite struct StructuralOracleTests {
  let tree: ReferenceTree.Node

  init() throws { tree = try ReferenceTree("structural").root }

  private func form(_ one: ReferenceTree.Node) throws -> StructuralForm {
    let period = Int(try #require(one["period"].number))
    let season: StructuralForm.Season =
      switch one["season"].text {
      case "dummy": .dummy(period: period)
      case "trigonometric": .trigonometric(period: period)
      default: .none
      }
    var hasCycle = false
    if case .flag(let flag) = one["cycle"] { hasCycle = flag }
    return StructuralForm(
      trend: try #require(StructuralForm.Trend(rawValue: one["trend"].text)), season: season, hasCycle: hasCycle)
  }

  private func parameters(_ one: ReferenceTree.Node, _ key: String) -> StructuralParameters {
    var result = StructuralParameters(irregularVariance: 0)
    for (name, value) in zip(one["parameter_names"].list.map(\.text), one[key].numbers) {
      switch name {
      case "sigma2.irregular": result.irregularVariance = value
      case "sigma2.level": result.levelVariance = value
      case "sigma2.trend": result.slopeVariance = value
      case "sigma2.cycle": result.cycleVariance = value
      case "frequency.cycle": result.cycleFrequency = value
      case "damping.cycle": result.cycleDamping = value
      default: if name.hasPrefix("sigma2") { result.seasonalVariance = value }
      }
    }
    return result
  }

  private func regressors(_ one: ReferenceTree.Node) -> Matrix? {
    let rows = one["regressors"].list.map(\.numbers)
    return rows.isEmpty ? nil : Matrix(rows: rows)
  }

  @Test func likelihoodComponentsAndForecastsAtGivenParameters() throws {
    var (withCycle, withRegressors, withGaps) = (0, 0, 0)
    for one in tree["series"].list {
      let id = one["id"].text
      let y = one["y"].numbers
      let form = try form(one)
      let model = try StructuralModel(
        fitting: y, form: form, parameters: parameters(one, "given"), regressors: regressors(one))
      #expect(relativeDistance(model.logLikelihood, try #require(one["log_likelihood"].number)) < 1e-9, "\(id)")
      let prediction = try model.forecast(horizon: one["mean"].list.count)
      #expect(largestDistance(prediction.mean, one["mean"].numbers) < 1e-7, "\(id) mean")
      #expect(largestDistance(prediction.deviations, one["deviations"].numbers) < 1e-6, "\(id) deviations")

      let components = model.components()
      let size = y.filter { !$0.isNaN }.map(abs).max() ?? 1
      let picked = one["picked"].numbers.map { Int($0) }
      func compare(_ estimate: StructuralModel.Estimate?, _ values: String, _ variances: String) throws {
        let estimate = try #require(estimate)
        #expect(
          largestDistance(picked.map { estimate.values[$0] }, one[values].numbers, floor: size) < 1e-7,
          "\(id) \(values)")
        guard !variances.isEmpty else { return }
        #expect(
          largestDistance(picked.map { estimate.deviations[$0] }, one[variances].numbers.map { $0.squareRoot() })
            < 1e-5,
          "\(id) \(variances)")
      }
      try compare(components.level, "level", "level_variance")
      if form.hasSeasonForTests { try compare(components.season, "seasonal", "seasonal_variance") }
      if form.hasCycle {
        try compare(components.cycle, "cycle_values", "")
        withCycle += 1
      }
      if regressors(one) != nil {
        let coefficients = try #require(components.coefficients)
        #expect(largestDistance(coefficients.values, one["coefficients"].numbers) < 1e-6, "\(id)")
        let deviations = one["coefficient_variances"].numbers.map { $0.squareRoot() }
        #expect(largestDistance(coefficients.deviations, deviations) < 1e-6, "\(id)")
        withRegressors += 1
      }
      let from = Int(try #require(one["errors_from"].number))
      for (t, error) in one["errors"].numbers.enumerated() where !y[from + t].isNaN {
        #expect(relativeDistance(model.residuals[from + t], error, floor: size) < 1e-8, "\(id) error \(from + t)")
      }
      if y.contains(where: \.isNaN) { withGaps += 1 }
    }
    #expect(tree["series"].list.count == 36)
    #expect(withCycle >= 6 && withRegressors >= 6 && withGaps >= 9)
  }

  @Test func maximumIsNotBelowTheirs() throws {
    for one in tree["series"].list {
      let model = try StructuralModel(
        fitting: one["y"].numbers, form: try form(one), regressors: regressors(one))
      let theirs = try #require(one["fitted_log_likelihood"].number)
      #expect(model.logLikelihood > theirs - 1e-3, "\(one["id"].text) \(model.logLikelihood) \(theirs)")
      #expect(model.hasConverged, "\(one["id"].text)")
    }
  }

  @Test func sumsOfPeriodsAreDenseConditioning() throws {
    for (index, one) in tree["sums"].list.enumerated() {
      let variances = one["variances"].numbers
      let observations = one["observations"].list.map { item -> StructuralModel.Observation in
        let numbers = item.numbers
        return numbers[0] == numbers[1]
          ? .value(Int(numbers[0]), numbers[2])
          : .sum(from: Int(numbers[0]), through: Int(numbers[1]), numbers[2])
      }
      let periods = Int(try #require(one["periods"].number))
      let model = try StructuralModel(
        fitting: observations, periodCount: periods,
        form: StructuralForm(trend: try #require(StructuralForm.Trend(rawValue: one["trend"].text))),
        parameters: StructuralParameters(
          irregularVariance: variances[0], levelVariance: variances[1], slopeVariance: variances[2]))
      let values = model.interpolated()
      #expect(largestDistance(values.values, one["values"].numbers) < 1e-9, "\(index)")
      let deviations = one["value_variances"].numbers.map { max(0, $0).squareRoot() }
      #expect(largestDistance(values.deviations, deviations, floor: 1) < 1e-6, "\(index)")
      for observation in observations {
        guard case .sum(let from, let through, let total) = observation else { continue }
        #expect(abs(values.values[from...through].reduce(0, +) - total) < 1e-8 * abs(total), "\(index)")
      }
      for (key, span) in [("total", 0...periods - 1), ("half", 4...9)] {
        let sum = try model.sum(from: span.lowerBound, through: span.upperBound)
        #expect(relativeDistance(sum.mean, one[key].numbers[0]) < 1e-9, "\(index) \(key)")
        #expect(relativeDistance(sum.deviation, one[key].numbers[1].squareRoot()) < 1e-6, "\(index) \(key)")
      }
    }
    #expect(tree["sums"].list.count == 4)
  }
}

extension StructuralForm {
  fileprivate var hasSeasonForTests: Bool { season.period > 1 }
}
