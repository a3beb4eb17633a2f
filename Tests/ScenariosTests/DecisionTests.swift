import Foundation
import Scenarios
import Testing

@Suite struct AttributionTests {
  private static let levers = ["a", "b", "c", "d", "e", "f", "g"]

  /// Two alike levers, one without a link, the others unequal; a product of two indicators makes them interact.
  private func folder() throws -> ModelFolder {
    try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales", headline: true) + SmallModel.series("visits")
        + "  turnover: { name: turnover, unit: units, range: positive, identity: { product: [sales, visits] } }\n"
        + SmallModel.world + "levers:\n" + AttributionTests.levers.map { SmallModel.lever($0) }.joined() + "links:\n"
        + SmallModel.link("a", "sales", size: 0.3, spread: 0.1) + SmallModel.link("b", "sales", size: 0.5)
        + SmallModel.link("c", "visits", size: 0.2) + SmallModel.link("e", "visits", size: 0.2)
        + SmallModel.link("f", "sales", size: -0.2) + SmallModel.link("g", "visits", size: 0.1),
      observations: SmallModel.sales + SmallModel.visits
        + SmallModel.growth)
  }

  private func text(_ levers: [String], world: Bool = false) -> String {
    "levers: { " + levers.map { "\($0): { step: { from: 2026, value: 30 } }" }.joined(separator: ", ") + " }"
      + (world ? "\nworld: { growth: { hold: 8 } }" : "")
  }

  private func check(_ result: RunResult) throws -> Attribution {
    let attribution = try #require(result.scenarios[0].attribution)
    for node in result.model.nodes.indices {
      for year in result.model.grid.indices {
        let sum = attribution.effects.reduce(0) { $0 + $1[node][year] }
        let change = result.scenarios[0].statistics[node][year].changeMean ?? 0
        #expect(abs(sum - change) <= 1e-9 * (abs(change) + 1e-6 * abs(result.baseline.statistics[node][year].mean)))
      }
    }
    return attribution
  }

  @Test func exactForFewLevers() throws {
    let folder = try folder()
    let result = try folder.run([("option", text(["a", "c", "d", "e"], world: true))], draws: 300, byLever: true)
    let attribution = try check(result)
    #expect(attribution.levers == ["a", "c", "d", "e", "world"])
    #expect(attribution.isExact)
    // Together with the interaction, what each brings alone adds up too.
    for node in result.model.nodes.indices {
      for year in result.model.grid.indices {
        let sum = attribution.alone.reduce(attribution.interaction[node][year]) { $0 + $1[node][year] }
        let change = result.scenarios[0].statistics[node][year].changeMean ?? 0
        #expect(abs(sum - change) <= 1e-9 * max(abs(change), 1))
      }
    }
    #expect(attribution.samplingErrors.allSatisfy { $0.allSatisfy { $0.allSatisfy { $0 == 0 } } })
    let turnover = try #require(result.model.nodeIndex("turnover"))
    for year in 1..<6 {
      let share = attribution.effects.map { $0[turnover][year] }
      #expect(share[2] == 0)
      #expect(abs(share[1] - share[3]) <= 1e-9 * share[1])
      #expect(share[0] > 0 && share[1] > 0)
      #expect(attribution.effects.allSatisfy { $0[turnover][0] == 0 })
    }
  }

  /// Of two levers, half of each order's step, from runs of the parts.
  @Test func shapleyValueOfTwo() throws {
    let folder = try folder()
    let result = try folder.run(
      [("both", text(["b", "c"])), ("b", text(["b"])), ("c", text(["c"]))], draws: 200, byLever: true)
    let attribution = try check(result)
    let node = try #require(result.model.nodeIndex("turnover"))
    func change(_ scenario: Int) -> Double { result.scenarios[scenario].statistics[node][3].changeMean ?? .nan }
    let expected = 0.5 * (change(1) + change(0) - change(2))
    #expect(abs(attribution.effects[0][node][3] - expected) < 1e-9 * abs(expected))
  }

  @Test func sampledOrdersTelescope() throws {
    let folder = try folder()
    let result = try folder.run([("option", text(AttributionTests.levers))], draws: 200, byLever: true)
    let attribution = try check(result)
    #expect(!attribution.isExact && attribution.orders == 12)
    let turnover = try #require(result.model.nodeIndex("turnover"))
    #expect(attribution.effects[3][turnover].allSatisfy { $0 == 0 })
    #expect(attribution.samplingErrors[3][turnover].allSatisfy { $0 == 0 })
    #expect(attribution.samplingErrors[0][turnover][3] > 0)
    // Alike levers are equal up to the sampling error.
    let (c, e) = (attribution.effects[2][turnover][3], attribution.effects[4][turnover][3])
    #expect(abs(c - e) < 6 * attribution.samplingErrors[2][turnover][3])
    #expect(attribution.effects[5][turnover][3] < 0)
  }
}

@Suite struct TargetTests {
  /// An indicator that never moves, and a lever that adds to it.
  private func run(_ targets: [String], _ options: [(name: String, text: String)] = []) throws -> RunResult {
    let link = SmallModel.link("budget", "flat", form: "level", size: 1)
    return try ModelFolder.small(
      "indicators:\n" + SmallModel.series("flat", headline: true) + "levers:\n"
        + SmallModel.lever("budget", baseline: 0)
        + "links:\n" + link, observations: observations("flat", from: 2014, [Double](repeating: 10, count: 12)),
      targets: targets
    ).run(options, draws: 100)
  }

  private func line(
    _ period: String, _ aggregate: String, _ comparison: String, _ value: String, low: String = "", high: String = ""
  ) -> String { "flat,\(period),\(aggregate),\(comparison),\(value),\(low),\(high),law,yes," }

  @Test func knownAnswers() throws {
    let targets: [(line: String, period: String, base: (Double, Double), option: (Double, Double))] = [
      (line("2027", "year", ">=", "12"), "2027", (0, 2), (1, 0)),
      (line("2027", "year", "<=", "12"), "2027", (1, 0), (0, 1)),
      (line("2026/2028", "sum", ">=", "33"), "2026/2028", (0, 3), (1, 0)),
      // Four years of which two are observed: 10, 10, 10 and 13.
      (line("2024/2027", "average", ">=", "11"), "2024/2027", (0, 1), (0, 0.25)),
      (line("2024/2027", "sum", "<=", "42"), "2024/2027", (1, 0), (0, 1)),
      (line("2030", "year", "range", "", low: "9", high: "11"), "2030", (1, 0), (0, 2)),
      (line("2030", "year", "range", "", low: "12", high: "14"), "2030", (0, 2), (1, 0)),
      (line("2015/", "year", ">=", "12.5"), "2030", (0, 2.5), (1, 0)),
    ]
    let result = try run(
      targets.map(\.line), [("more", "levers: { budget: { step: { from: 2027, value: 3 } } }")])
    #expect(result.baseline.targets.count == targets.count)
    for (position, expected) in targets.enumerated() {
      let (base, option) = (result.baseline.targets[position], result.scenarios[0].targets[position])
      #expect(base.period.description == expected.period)
      #expect(base.probability == expected.base.0, "\(expected.line)")
      #expect(abs(base.shortfall - expected.base.1) < 1e-9, "\(expected.line)")
      #expect(option.probability == expected.option.0, "\(expected.line)")
      #expect(abs(option.shortfall - expected.option.1) < 1e-9, "\(expected.line)")
    }
  }

  @Test func whatCannotBeJudgedIsLeftOut() throws {
    let result = try run([
      line("2024", "year", ">=", "12"), line("2025", "year", ">=", "12"), line("2031", "year", ">=", "12"),
      line("2010/2027", "sum", ">=", "12"), "other,2027,year,>=,12,,,law,yes,", "flat,2027,year,>=,12,,,law,no,",
    ])
    #expect(result.baseline.targets.isEmpty)
  }

  @Test func badRows() throws {
    func problems(_ line: String) -> [String] { codes { _ = try run([line]) } }
    #expect(problems(line("2027x", "year", ">=", "1")) == ["bad_period"])
    #expect(problems(line("2027", "yearly", ">=", "1")) == ["unknown_value"])
    #expect(problems(line("2027", "year", "=", "1")) == ["unknown_value"])
  }
}

@Suite struct CoverageAndDetectabilityTests {
  @Test func detectableYears() {
    #expect(Detectability.years(effect: 0, deviation: 1) == .infinity)
    #expect(abs(Detectability.years(effect: 1, deviation: 1) - 15.6978) < 1e-3)
    #expect(abs(Detectability.years(effect: -2, deviation: 1) - 15.6978 / 4) < 1e-3)
  }

  @Test func coverageOfTheRace() throws {
    let result = try ModelFolder.copyOfShipped().run([], draws: 50)
    guard case .tested(let level, let held, let count)? = result.coverage["pci_gap_to_median"] else {
      Issue.record("the gap to the median is not tested")
      return
    }
    #expect(level == 0.8)
    // Five origins, up to three steps within 2013-2022: 3 + 3 + 3 + 2 + 1 targets for 63 provinces.
    #expect(count == 63 * 12)
    #expect(held > 0.7 && held < 0.9)
    guard case .tested(_, let counts, _)? = result.coverage["fdi_new_projects"] else {
      Issue.record("the number of projects is not tested")
      return
    }
    #expect(counts > 0.7 && counts < 0.9)
    #expect(result.coverage["tourism_revenue"] == .notTestable)
  }
}
