import NumericKernels
import Scenarios
import Testing

@Suite struct ConditionalPathTests {
  /// total = out + other: given the total, a part moves by its covariance with it.
  private func model() throws -> CompiledModel {
    try PlanningModel.folder(
      levers: PlanningModel.lever("a", range: "[0, 10]", price: 1), links: PlanningModel.link("a", "out", 1),
      indicators:
        "  total: { name: total, unit: units, range: real, good: up, identity: { sum: [out, other] } }\n"
        + "  amount: { name: amount, unit: units, range: positive, good: up, identity: { sum: [out, other] } }\n"
    ).compile()
  }

  @Test func partsOfASum() throws {
    let model = try model()
    let (out, total) = (
      try PlanningModel.draws(model, "out", 2030, 8000), try PlanningModel.draws(model, "total", 2030, 8000)
    )
    let (middle, spread) = (mean(total), deviation(total))
    let covariance = zip(out, total).reduce(0) { $0 + ($1.0 - mean(out)) * ($1.1 - middle) } / 7999
    for steps in [-1.0, 0, 1.2] {
      let value = middle + steps * spread
      let path = try ConditionalPath(
        [(measure: try PlanningModel.measure(model, "total"), value: value)], model: model,
        run: PlanningModel.run(8000))
      #expect(path.isReachable && path.effectiveSampleSize > 100)
      #expect(abs(path.conditions[0].met - value) < 0.02 * spread)
      let share = Double(total.count { $0 >= value }) / 8000
      #expect(path.conditions[0].probabilityAtLeast == share)
      let row = try #require(path.rows.first { $0.indicator == "out" })
      let exact = covariance / (spread * spread) * (value - middle) / deviation(out)
      #expect(abs(row.shift - exact) < 5 * row.shiftError + 0.02, "\(steps): \(row.shift) \(exact)")
      #expect(row.conditional[0] < row.conditional[1] && row.conditional[1] < row.conditional[2])
    }
  }

  @Test func farValuesAreRefusedInWords() throws {
    let model = try model()
    let total = try PlanningModel.draws(model, "total", 2030, 2000)
    let path = try ConditionalPath(
      [(measure: try PlanningModel.measure(model, "total"), value: mean(total) + 12 * deviation(total))], model: model,
      run: PlanningModel.run(2000))
    #expect(!path.isReachable && path.rows.isEmpty && path.conditions[0].probabilityAtLeast == 0)
  }

  @Test func theGrowthThatItTakes() throws {
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales"), observations: SmallModel.sales)
    let model = try folder.compile()
    // From 171 in 2025 twice as much in 2030 takes the fifth root of two; five years before, 2020, it was 133.
    let path = try ConditionalPath(
      [(measure: try PlanningModel.measure(model, "sales"), value: 342)], model: model, run: PlanningModel.run(2000))
    let growth = try #require(path.conditions[0].growth)
    #expect(growth.from == 2025 && growth.fact == 171 && growth.years == 5)
    #expect(abs(growth.required - 14.8698355) < 1e-6)
    #expect(abs((growth.past ?? 0) - 100 * (VectorMath.exp(VectorMath.log(171 / 133.0) / 5) - 1)) < 1e-9)
  }

  @Test func theGrowthToAnAverage() throws {
    let model = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales"), observations: SmallModel.sales
    ).compile()
    // 2025 is a fact: (171 + 171 x + 171 x²) / 3 = 171 · 4 / 3 where x + x² = 3.
    let measure = try OutcomeMeasure("sales", firstYear: 2025, lastYear: 2027, in: model)
    let path = try ConditionalPath(
      [(measure: measure, value: 228)], model: model, run: PlanningModel.run(500))
    let growth = try #require(path.conditions[0].growth)
    #expect(growth.years == 2 && abs(growth.required - 100 * ((13.0.squareRoot() - 1) / 2 - 1)) < 1e-9)
  }

  @Test func aPlannersPathHasNoProbability() throws {
    let shipped = try ShippedModel.get()
    let measure = try OutcomeMeasure("grdp_growth", firstYear: 2030, lastYear: 2030, in: shipped.model)
    let path = try ConditionalPath([(measure: measure, value: 9)], model: shipped.model, run: PlanningModel.run(1000))
    #expect(path.conditions[0].probabilityAtLeast == nil && path.isReachable)
  }
}
