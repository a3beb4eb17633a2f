import Foundation
import NumericKernels
import Scenarios
import Testing
import TextFiles

@Suite struct EngineTests {
  private static let system =
    "indicators:\n" + SmallModel.series("sales", more: ", loadings: { growth: 0.6 }") + SmallModel.series("visits")
    + SmallModel.world + "levers:\n" + SmallModel.lever("budget") + SmallModel.lever("guess")
    + "links:\n" + SmallModel.link("budget", "sales", size: 0.3, spread: 0.1)
    + SmallModel.link("guess", "sales", size: 0.2, spread: 0.1, grade: "D")
  private static let data = SmallModel.sales + SmallModel.visits + SmallModel.growth

  private func small() throws -> ModelFolder {
    try ModelFolder.small(EngineTests.system, observations: EngineTests.data)
  }

  // MARK: same dice

  @Test func additionsChangeNobodyElsesDraws() throws {
    let text = try String(contentsOfFile: shippedPath + "/scenarios/both.yaml", encoding: .utf8)
    let folder = try ModelFolder.copyOfShipped()
    try folder.append(
      "model/tourism.yaml", after: "indicators:\n",
      """
        extra: { name: extra, unit: person_visits, range: positive, headline: true,
          observed: { indicator: tourism_arrivals, area: thanh-hoa }, baseline: { model: combination, from: 2014, few: { vi: thử, en: test } } }

      """)
    try folder.append(
      "model/tourism.yaml", after: "\nlevers:\n",
      "  extra_budget: { name: extra, owner: us, kind: quantity, unit: units, baseline_path: { hold: 10 }, range: [0, 100], grade: D, evidence: none }\n"
    )
    try folder.append(
      "model/tourism.yaml", after: "\nlinks:\n",
      "  - { cause: extra_budget, effect: tourism_arrivals_domestic, form: elasticity, scope: total, prior: { central: 0.1 }, lag: [1], valid: [0.5x, 2x], grade: D, evidence: none }\n"
    )
    let more = try folder.compile()
    let shipped = try ShippedModel.get()
    #expect(more.nodes.count == shipped.model.nodes.count + 1)
    let engine = try EngineRun(more, draws: ShippedModel.draws, seed: 1, threads: 2)
    let ids = shipped.model.nodes.map(\.id)
    for scenario in [nil, try shipped.scenario(text)] {
      let values = try shipped.values(ids, under: scenario)
      let table = try scenario.map { try engine.evaluate(CompiledScenario($0, model: more)) } ?? engine.baselineDraws
      for id in ids {
        let node = try #require(more.nodeIndex(id))
        for year in more.grid.indices {
          #expect(Array(table.draws(node, year)) == values[id]?[year], "\(id) \(more.grid[year])")
        }
      }
    }
  }

  @Test func anotherScenarioChangesNothing() throws {
    let folder = try small()
    let (a, b) = ("levers: { budget: { hold: 20 } }", "levers: { guess: { hold: 30 } }\nworld: { growth: { hold: 9 } }")
    let alone = try folder.run([("a", a)])
    let together = try folder.run([("b", b), ("a", a)])
    #expect(together.scenarios[1].statistics == alone.scenarios[0].statistics)
    #expect(together.baseline.statistics == alone.baseline.statistics)
  }

  @Test func threadsChangeNothing() throws {
    let folder = try small()
    let model = try folder.compile()
    let scenario = try folder.scenario("levers: { budget: { hold: 20 } }\nworld: { growth: { hold: 9 } }")
    let one = try scenarioDraws(model, scenario, draws: 1700, threads: 1)
    for threads in [2, 3, 16] {
      #expect(try scenarioDraws(model, scenario, draws: 1700, threads: threads) == one)
    }
    let copy = try ModelFolder.copyOfShipped()
    let whole = try copy.compile()
    let reform = try copy.scenario(
      "levers: { reform_package: { hold: 0.8, on: [time_costs] }, wha_smart_technology_2: { start: 2026 } }")
    let single = try scenarioDraws(whole, reform, draws: 600, threads: 1)
    #expect(try scenarioDraws(whole, reform, draws: 600, threads: 3) == single)
  }

  @Test func firstDrawsAreTheSameAcrossBlockBoundaries() throws {
    let model = try ModelFolder.copyOfShipped().compile()
    #expect(EngineRun.blockSize == 512)
    let long = try baselineDraws(model, draws: 1030)
    for draws in [1, 511, 512, 513] {
      let short = try baselineDraws(model, draws: draws)
      for node in model.nodes.indices {
        for year in model.grid.indices { #expect(short[node][year] == Array(long[node][year].prefix(draws))) }
      }
    }
    let other = try baselineDraws(model, draws: 511, seed: 2)
    let score = try #require(model.nodeIndex("pci_score"))
    #expect(other[score][2] != Array(long[score][2].prefix(511)))
  }

  // MARK: baselines

  @Test func medianOfTheBaselineIsTheForecast() throws {
    let model = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales"), observations: SmallModel.sales
    ).compile()
    let baseline = try #require(model.seriesBaseline("sales"))
    let draws = try baselineDraws(model, draws: 2000)[0]
    #expect(model.grid == Array(2025...2030))
    #expect(draws[0].allSatisfy { abs($0 - 171) < 1e-9 })
    for h in 0..<5 {
      let logs = draws[h + 1].map { log($0) }
      #expect(abs(mean(logs) - baseline.forecast.mean[h]) < 5 * deviation(logs) / 2000.0.squareRoot())
    }
  }

  @Test func tooShortOrOutsideTheRange() throws {
    let system = "indicators:\n" + SmallModel.series("sales")
    #expect(
      codes { _ = try ModelFolder.small(system, observations: Array(SmallModel.sales.prefix(3))).compile() }
        == ["nothing_known"])
    // One that is left out beside one that stays is no reason to refuse both.
    let two = "indicators:\n" + SmallModel.series("sales") + SmallModel.series("visits")
    #expect(
      try ModelFolder.small(two, observations: Array(SmallModel.sales.prefix(3)) + SmallModel.visits).compile().nodes
        .map(\.id) == ["visits"])
    // Beside another indicator, the short one is left out with what is computed from it.
    let pair =
      "indicators:\n" + SmallModel.series("sales") + SmallModel.series("visits")
      + "  both: { name: both, unit: units, range: positive, identity: { sum: [sales, visits] } }\n"
    let model = try ModelFolder.small(pair, observations: Array(SmallModel.sales.prefix(3)) + SmallModel.visits)
      .compile()
    #expect(model.nodes.map(\.id) == ["visits"])
    #expect(model.excluded.map(\.id) == ["sales", "both"])
    let zero = SmallModel.sales.dropLast() + [observation("sales", 2025, 0)]
    #expect(throws: ScenarioError.outsideRange(indicator: "sales", year: 2025, value: 0)) {
      _ = try ModelFolder.small(system, observations: Array(zero)).compile()
    }
  }

  @Test func plansAreNoObservations() throws {
    let data = SmallModel.sales + [observation("sales", 2026, 999, status: "plan")]
    let model = try ModelFolder.small("indicators:\n" + SmallModel.series("sales"), observations: data).compile()
    #expect(model.seriesBaseline("sales")?.lastYear == 2025)
    #expect(model.nodes[0].facts[2026] == nil)
  }

  @Test func asOfHidesWhatCameLater() throws {
    let folder = try small()
    let model = try folder.compile(asOf: "2023-12-31")
    #expect(model.seriesBaseline("sales")?.lastYear == 2023)
    #expect(model.grid.first == 2024)
    let draws = try baselineDraws(model, draws: 50)
    #expect(Set(draws[0][0]).count > 40)
    let day = try folder.compile(asOf: "2023-12-30")
    #expect(day.seriesBaseline("sales")?.lastYear == 2022)
  }

  @Test func untilTheFirstFreeYear() throws {
    let folder = try small()
    let model = try folder.compile(until: 2026)
    let long = try folder.compile(until: 2030)
    #expect(model.grid == [2025, 2026])
    #expect(try baselineDraws(model, draws: 40)[0][1] == baselineDraws(long, draws: 40)[0][1])
  }

  // MARK: links

  /// A certain elasticity of 0.3 on a doubled budget: 2^0.3 in every draw, by the lag's shares.
  @Test func elasticityWithLags() throws {
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales") + "levers:\n" + SmallModel.lever("budget") + "links:\n"
        + SmallModel.link("budget", "sales", size: 0.3, lag: "[0.25, 0, 0.75]"), observations: SmallModel.sales)
    let model = try folder.compile()
    let base = try baselineDraws(model, draws: 20)[0]
    let scenario = try folder.scenario("levers: { budget: { step: { from: 2026, value: 20 } } }")
    let changed = try scenarioDraws(model, scenario, draws: 20)[0]
    for (year, share) in [0, 0.25, 0.25, 1, 1, 1].enumerated() {
      for d in 0..<20 { #expect(abs(log(changed[year][d] / base[year][d]) - 0.3 * share * log(2)) < 1e-12) }
    }
    let pulse = try folder.scenario("levers: { budget: { pulse: { years: [2027], value: 20 } } }")
    let returned = try scenarioDraws(model, pulse, draws: 20)[0]
    for (year, share) in [0, 0, 0.25, 0, 0.75, 0].enumerated() {
      for d in 0..<20 { #expect(abs(log(returned[year][d] / base[year][d]) - 0.3 * share * log(2)) < 1e-12) }
    }
  }

  @Test func effectsThatStay() throws {
    let link = SmallModel.link("budget", "sales", form: "semi_elasticity", size: 4)
      .replacing("carry_over: none", with: "carry_over: stays")
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales") + "levers:\n" + SmallModel.lever("budget") + "links:\n" + link,
      observations: SmallModel.sales)
    let model = try folder.compile()
    let base = try baselineDraws(model, draws: 5)[0]
    let scenario = try folder.scenario("levers: { budget: { pulse: { years: [2027], value: 12 } } }")
    let changed = try scenarioDraws(model, scenario, draws: 5)[0]
    for (year, effect) in [0, 0, 0.08, 0.08, 0.08, 0.08].enumerated() {
      for d in 0..<5 { #expect(abs(log(changed[year][d] / base[year][d]) - effect) < 1e-12) }
    }
  }

  @Test func unitsAreAddedExactly() throws {
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales") + SmallModel.series("visits") + "levers:\n"
        + SmallModel.lever("budget") + "links:\n" + SmallModel.link("budget", "sales", form: "level", size: 2)
        + SmallModel.link("sales", "visits", form: "level", size: 0.5),
      observations: SmallModel.sales + SmallModel.visits)
    let model = try folder.compile()
    let base = try baselineDraws(model, draws: 50)
    let changed = try scenarioDraws(
      model, folder.scenario("levers: { budget: { step: { from: 2027, value: 15 } } }"), draws: 50)
    for d in 0..<50 {
      #expect(changed[0][1][d] == base[0][1][d])
      #expect(abs(changed[0][3][d] - base[0][3][d] - 10) < 1e-9)
      #expect(abs(changed[1][3][d] - base[1][3][d] - 5) < 1e-9)
    }
  }

  @Test func projectsStartLateOrNever() throws {
    let project =
      "  plant: { name: plant, owner: us, kind: project, unit: plants, size: { low: 3, central: 3, high: 3 }, range: [0, 1], delivery: { probability: 0.6, delay: [0.5, 0.5] }, grade: D, evidence: none }\n"
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales") + "levers:\n" + project + "links:\n"
        + SmallModel.link("plant", "sales", form: "level", size: 7), observations: SmallModel.sales)
    let model = try folder.compile()
    let n = 1500
    let base = try baselineDraws(model, draws: n)[0]
    func shares(_ start: Int) throws -> [Double] {
      let changed = try scenarioDraws(
        model, folder.scenario("levers: { plant: { start: \(start) } }"), draws: n)[0]
      return model.grid.indices.map { year in
        let gains = zip(changed[year], base[year]).map { $0 - $1 }
        #expect(gains.allSatisfy { $0 == 0 || abs($0 - 21) < 1e-9 })
        return Double(gains.count { $0 != 0 }) / Double(n)
      }
    }
    for (start, expected) in [(2028, [0, 0, 0, 0.3, 0.6, 0.6]), (2030, [0, 0, 0, 0, 0, 0.3])] {
      for (share, p) in zip(try shares(start), expected) {
        #expect(abs(share - p) <= 5 * (p * (1 - p) / Double(n)).squareRoot())
      }
    }
  }

  @Test func aLeverAtItsBaselineChangesNothing() throws {
    let folder = try small()
    let result = try folder.run([("same", "levers: { budget: { hold: 10 } }")])
    for scenario in result.scenarios {
      for node in result.model.nodes.indices {
        for year in result.model.grid.indices {
          #expect(scenario.statistics[node][year].change == 0)
          #expect(scenario.statistics[node][year].quantiles == result.baseline.statistics[node][year].quantiles)
        }
      }
      #expect(scenario.support.shareD.isNaN)
    }
  }

  @Test func excludedGradesAreSetToZero() throws {
    let folder = try small()
    let model = try folder.compile()
    let base = try baselineDraws(model, draws: 100)
    let both = try folder.scenario("levers: { budget: { hold: 20 }, guess: { hold: 20 } }")
    let budget = try folder.scenario("levers: { budget: { hold: 20 } }")
    let guess = try folder.scenario("levers: { guess: { hold: 20 } }")
    #expect(try scenarioDraws(model, guess, draws: 100, excluding: [.d]) == base)
    #expect(
      try scenarioDraws(model, both, draws: 100, excluding: [.d]) == scenarioDraws(model, budget, draws: 100))
    #expect(try scenarioDraws(model, both, draws: 100, excluding: [.b, .d]) == base)
  }

  // MARK: world

  @Test func aWorldAssumptionShiftsAndNarrows() throws {
    let folder = try small()
    let model = try folder.compile()
    let n = 2000
    let base = try baselineDraws(model, draws: n)
    let changed = try scenarioDraws(model, folder.scenario("world: { growth: { hold: 7.1 } }"), draws: n)
    let (sales, visits, growth) = (
      try #require(model.nodeIndex("sales")), try #require(model.nodeIndex("visits")),
      try #require(model.nodeIndex("growth"))
    )
    #expect(changed[visits] == base[visits])
    #expect(changed[growth][0] == base[growth][0])
    for year in 1..<6 {
      #expect(changed[growth][year].allSatisfy { abs($0 - 7.1) < 1e-12 })
      let (before, after) = (base[sales][year].map { log($0) }, changed[sales][year].map { log($0) })
      #expect(mean(after) > mean(before))
      #expect(deviation(after) < deviation(before))
    }
    // One step ahead: the loading times the implied shock, and the rest of the variance.
    let baseline = try #require(model.seriesBaseline("sales"))
    let driver = try #require(model.seriesBaseline("growth"))
    let shock = (7.1 - driver.forecast.mean[0]) / driver.forecast.shockResponses[0]
    let response = baseline.forecast.shockResponses[0]
    let scale = baseline.forecast.standardDeviations[0]
    let after = changed[sales][1].map { log($0) }
    let expected = baseline.forecast.mean[0] + 0.6 * shock * response * baseline.calibration.factors80[0]
    #expect(shock > 0.3)
    #expect(abs(mean(after) - expected) < 0.1 * scale)
    let before = base[sales][1].map { log($0) }
    let own = baseline.forecast.parameterDeviations[0]
    let ratio = ((0.64 * response * response + own * own) / (response * response + own * own)).squareRoot()
    #expect(abs(deviation(after) / deviation(before) / ratio - 1) < 0.12)
  }

  @Test func loadingsAreTheCorrelationOfShocks() throws {
    let model = try small().compile()
    let draws = try baselineDraws(model, draws: 4000)
    let baseline = try #require(model.seriesBaseline("sales"))
    let driver = try #require(model.seriesBaseline("growth"))
    let (x, y) = (draws[0][1].map { log($0) }, draws[2][1])
    let covariance = mean(zip(x, y).map { ($0 - mean(x)) * ($1 - mean(y)) })
    func share(_ forecast: SeriesBaseline) -> Double {
      forecast.forecast.shockResponses[0] / forecast.forecast.standardDeviations[0]
    }
    let expected = 0.6 * share(baseline) * share(driver)
    #expect(abs(covariance / deviation(x) / deviation(y) - expected) < 0.06)
  }

  // MARK: checks

  @Test func cyclesAreFoundAndBrokenByLags() throws {
    func folder(_ lag: String) throws -> ModelFolder {
      try ModelFolder.small(
        "indicators:\n" + SmallModel.series("sales") + SmallModel.series("visits") + "links:\n"
          + SmallModel.link("sales", "visits", size: 0.2) + SmallModel.link("visits", "sales", size: 0.2, lag: lag),
        observations: SmallModel.sales + SmallModel.visits)
    }
    #expect(throws: ScenarioError.cycle(["sales", "visits"])) { _ = try folder("[1]").compile() }
    #expect(throws: Never.self) { _ = try folder("[0, 1]").compile() }
  }

  @Test func doubleCountingIsRefused() throws {
    func problems(_ direct: String) throws -> [String] {
      let folder = try ModelFolder.small(
        "indicators:\n" + SmallModel.series("sales") + SmallModel.series("visits") + "levers:\n"
          + SmallModel.lever("budget") + "links:\n" + direct + SmallModel.link("budget", "visits", size: 0.2)
          + SmallModel.link("visits", "sales", size: 0.2), observations: SmallModel.sales + SmallModel.visits)
      return codes { _ = try folder.catalog() }
    }
    #expect(try problems(SmallModel.link("budget", "sales", size: 0.1)) == ["double_effect"])
    #expect(try problems(SmallModel.link("budget", "sales", size: 0.1, scope: "structural")) == [])
    let twice = SmallModel.link("budget", "sales", size: 0.1, scope: "structural")
    #expect(try problems(twice + twice) == ["double_effect"])
  }

  @Test func whatIsNotFiniteIsReportedWithItsPlace() throws {
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales") + "levers:\n" + SmallModel.lever("budget") + "links:\n"
        + SmallModel.link("budget", "sales", form: "semi_elasticity", size: 1_000_000), observations: SmallModel.sales)
    let model = try folder.compile()
    let scenario = try folder.scenario("levers: { budget: { step: { from: 2028, value: 20 } } }")
    #expect(throws: ScenarioError.nonFinite(node: "sales", year: 2028, draw: 0)) {
      _ = try scenarioDraws(model, scenario, draws: 1200, threads: 3)
    }
  }

  @Test func aCancelledRunStops() throws {
    let model = try small().compile()
    #expect(throws: ScenarioError.cancelled) {
      _ = try EngineRun(model, draws: 1000, seed: 1, threads: 2, isCancelled: { true })
    }
  }

  @Test func identities() throws {
    let text = """
        total: { name: total, unit: units, range: positive, identity: { sum: [sales, visits] } }
        turnover: { name: turnover, unit: units, range: positive, identity: { product: [sales, visits], scale: 0.5 } }
        share: { name: share, unit: percent, range: percent, identity: { ratio: [visits, total], scale: 100 } }
        level: { name: level, unit: index, range: positive, identity: { chain: growth, base_year: 2025, base: 200 } }
        paid: { name: paid, unit: units, range: positive, identity: { distributed_lag: [{ of: sales, weights: [0.2, 0.3, 0.5] }], multiplier: { low: 2, central: 2, high: 2 } } }

      """
    let folder = try ModelFolder.small(
      "indicators:\n" + text + SmallModel.series("sales") + SmallModel.series("visits") + SmallModel.world,
      observations: EngineTests.data)
    let model = try folder.compile()
    let draws = try baselineDraws(model, draws: 30)
    func value(_ id: String, _ year: Int, _ d: Int) -> Double { draws[model.nodeIndex(id) ?? 0][year][d] }
    let past = [2023: 158.0, 2024: 163]
    for d in 0..<30 {
      for year in 0..<6 {
        let (sales, visits) = (value("sales", year, d), value("visits", year, d))
        #expect(value("total", year, d) == sales + visits)
        #expect(value("turnover", year, d) == 0.5 * sales * visits)
        #expect(abs(value("share", year, d) - 100 * visits / (sales + visits)) < 1e-12)
        let before = year == 0 ? 200 : value("level", year - 1, d) * (1 + value("growth", year, d) / 100)
        #expect(abs(value("level", year, d) - before) < 1e-9)
        func lagged(_ lag: Int) -> Double {
          year >= lag ? value("sales", year - lag, d) : past[2025 + year - lag] ?? .nan
        }
        let paid = 2 * (0.2 * lagged(0) + 0.3 * lagged(1) + 0.5 * lagged(2))
        #expect(abs(value("paid", year, d) - paid) < 1e-9)
      }
    }
  }
}
