import NumericKernels
import Scenarios
import Testing

/// A scenario is computed only in the years in which it can change something: everywhere else it is the baseline to the last bit,
/// and nowhere is a change left out.
@Suite struct ScenarioReachTests {
  private func folder(carryOver: String = "none", lag: String = "[0.5, 0.5]") throws -> ModelFolder {
    let link =
      "  - { cause: budget, effect: sales, form: elasticity, scope: total, prior: { low: 0.3, central: 0.3, high: 0.3 }, "
      + "lag: \(lag), carry_over: \(carryOver), grade: B, evidence: none }\n"
    return try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales", headline: true) + SmallModel.series("visits")
        + "  both: { name: both, unit: units, range: positive, identity: { sum: [sales, visits] } }\n"
        + "  growth_of_sales: { name: growth, unit: percent, range: real, identity: { growth: sales } }\n"
        + "levers:\n" + SmallModel.lever("budget") + "links:\n" + link,
      observations: SmallModel.sales + SmallModel.visits)
  }

  /// By node and calendar year: the ratio of the scenario's draws to the baseline's; nil where they are equal to the last bit.
  private func ratios(_ folder: ModelFolder, _ scenario: String) throws -> [String: [Int: [Double]?]] {
    let model = try folder.compile()
    let engine = try EngineRun(model, draws: 600, seed: 1, threads: 2)
    let (base, changed) = (engine.baselineDraws, try engine.evaluate(folder.scenario(scenario)).draws)
    var result: [String: [Int: [Double]?]] = [:]
    for (node, content) in model.nodes.enumerated() {
      for (position, year) in model.grid.enumerated() {
        let (a, b) = (Array(base.draws(node, position)), Array(changed.draws(node, position)))
        let isSame = a.map(\.bitPattern) == b.map(\.bitPattern)
        result[content.id, default: [:]][year] = .some(isSame ? nil : zip(a, b).map { $1 / $0 })
      }
    }
    return result
  }

  private func years(_ ratios: [String: [Int: [Double]?]], _ id: String) -> [Int] {
    (ratios[id] ?? [:]).filter { $0.value != nil }.keys.sorted()
  }

  @Test func aPulseEndsWithItsLags() throws {
    let found = try ratios(folder(), "levers: { budget: { pulse: { years: [2027], value: 20 } } }")
    #expect(years(found, "sales") == [2027, 2028] && years(found, "both") == [2027, 2028])
    #expect(years(found, "growth_of_sales") == [2027, 2028, 2029] && years(found, "visits").isEmpty)
    for year in [2027, 2028] {
      let ratio = try #require(found["sales"]?[year] ?? nil)
      // Doubled with an elasticity of 0.3, half of it each year.
      #expect(ratio.allSatisfy { abs($0 - VectorMath.exp(0.15 * VectorMath.log(2))) < 1e-12 })
    }
  }

  /// What can be changed in no year is not affected, though a lever on the way to it is moved.
  @Test func whatChangesInNoYearIsNotAffected() throws {
    let folder = try folder(lag: "[1]")
    let engine = try EngineRun(folder.compile(), draws: 50, seed: 1, threads: 1)
    func affected(_ scenario: String) throws -> [String] {
      let result = try engine.evaluate(folder.scenario(scenario)).affected
      return engine.model.nodes.indices.filter { result[$0] }.map { engine.model.nodes[$0].id }
    }
    // The sales of 2025 are observed.
    #expect(try affected("levers: { budget: { pulse: { years: [2025], value: 20 } } }") == [])
    #expect(
      try affected("levers: { budget: { pulse: { years: [2025, 2026], value: 20 } } }") == [
        "sales", "both", "growth_of_sales",
      ])
  }

  @Test func whatStaysIsComputedToTheEnd() throws {
    let found = try ratios(folder(carryOver: "stays"), "levers: { budget: { pulse: { years: [2027], value: 20 } } }")
    #expect(years(found, "sales") == [2027, 2028, 2029, 2030])
    let last = try #require(found["sales"]?[2030] ?? nil)
    #expect(last.allSatisfy { abs($0 - VectorMath.exp(0.3 * VectorMath.log(2))) < 1e-12 })
  }

  /// What was observed is a fact, whatever a scenario says of that year; its lag reaches the first free one.
  @Test func observedYearsStay() throws {
    let found = try ratios(folder(), "levers: { budget: { step: { from: 2025, value: 20 } } }")
    #expect(years(found, "sales") == [2026, 2027, 2028, 2029, 2030])
  }

  @Test func statisticsOfUntouchedYearsAreTheBaselines() throws {
    let run = try folder().run([("option", "levers: { budget: { pulse: { years: [2028], value: 20 } } }")])
    let node = try #require(run.model.nodeIndex("sales"))
    for (position, year) in run.model.grid.enumerated() {
      let (base, own) = (run.baseline.statistics[node][position], run.scenarios[0].statistics[node][position])
      let isTouched = year == 2028 || year == 2029
      #expect((own.quantiles == base.quantiles) == !isTouched && (own.mean == base.mean) == !isTouched)
      #expect((own.change == 0) == !isTouched && (own.changeMean == 0) == !isTouched, "\(year)")
    }
  }
}
