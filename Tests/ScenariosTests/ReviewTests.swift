import Foundation
import Scenarios
import Testing

/// What a review of the first version found wrong: it stays right.
@Suite struct ReviewTests {
  private func twoIndicators(_ links: String, levers: String = SmallModel.lever("budget")) throws -> ModelFolder {
    try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales", headline: true) + SmallModel.series("visits") + "levers:\n" + levers
        + "links:\n" + links, observations: SmallModel.sales + SmallModel.visits)
  }

  @Test func aLeverCannotChangeAnObservedYear() throws {
    let shipped = try ShippedModel.get()
    let id = "tourism_arrivals_international"
    let base = try shipped.values([id])[id]
    let held = try shipped.values([id], under: shipped.scenario("levers: { promotion_budget: { hold: 30 } }"))[id]
    let isFact = held?[0] == base?[0]
    #expect(isFact)
  }

  @Test func observedEditionsOfThePCIAreFacts() throws {
    let folder = try ModelFolder.copyOfShipped()
    try folder.write(
      "model/model.yaml",
      folder.text("model/model.yaml").replacingOccurrences(of: "start_year: 2025", with: "start_year: 2023"))
    let model = try folder.compile()
    let draws = try baselineDraws(model, draws: 20)
    for (position, year) in [2023, 2024].enumerated() {
      #expect(model.grid[position] == year)
      for id in ["pci_score", "pci_rank_of_63", "pci_gap_to_median", "pci_rank"] {
        let node = try #require(model.nodeIndex(id))
        let fact = try #require(model.nodes[node].facts[year])
        #expect(draws[node][position].allSatisfy { abs($0 - fact) < 1e-9 })
      }
    }
  }

  @Test func twoEnginesOnOneModel() throws {
    let folder = try ModelFolder.copyOfShipped()
    let model = try folder.compile()
    let scenario = try folder.scenario("levers: { reform_package: { hold: 0.8, on: [time_costs] } }")
    let node = try #require(model.nodeIndex("pci_score"))
    let first = try EngineRun(model, draws: 200, seed: 1, threads: 1)
    let before = Array(try first.evaluate(CompiledScenario(scenario, model: model)).draws(node, 3))
    let second = try EngineRun(model, draws: 200, seed: 2, threads: 1)
    let after = Array(try first.evaluate(CompiledScenario(scenario, model: model)).draws(node, 3))
    #expect(second.draws == 200)
    let isSame = before == after
    #expect(isSame)
  }

  @Test func detectabilityDoesNotDependOnTheAttribution() throws {
    let folder = try ModelFolder.copyOfShipped()
    let text = """
      levers: { reform_package: { hold: 0.8, on: [time_costs, proactivity] }, investment_promotion: { step: { from: 2026, value: 20 } } }
      """
    let plain = try folder.run([("option", text)], draws: 200).scenarios[0].detectability
    let byLever = try folder.run([("option", text)], draws: 200, byLever: true).scenarios[0].detectability
    #expect(plain == byLever)
    #expect(plain["pci_score"]?.isFinite == true)
  }

  @Test func theDefaultWidthDoesNotDependOnTheFilesName() throws {
    let common = """
      area: here
      start_year: 2025
      grades: { transfer_factors: { A: 1 }, default_half_width: 0.1 }
      systems: { small: { vi: "Nhỏ", en: "Small" } }

      """
    let link =
      "  - { cause: budget, effect: sales, form: elasticity, scope: total, prior: { central: 1 }, lag: [1], grade: B, evidence: none }\n"
    let system =
      "indicators:\n" + SmallModel.series("sales") + "levers:\n" + SmallModel.lever("budget") + "links:\n" + link
    func high(_ name: String) throws -> Double {
      let folder = try ModelFolder.small(system, observations: SmallModel.sales, name: name, model: common)
      return try #require(folder.catalog().links.first).prior.high
    }
    #expect(try high("zone") == 1.1)
    let early = try high("area")
    #expect(early == 1.1)
  }

  @Test func aChangeBeyondTheValidRangeKeepsItsSign() throws {
    let folder = try twoIndicators(
      SmallModel.link("budget", "sales", form: "semi_elasticity", size: 1, more: ", valid: [0, 5]"))
    let model = try folder.compile()
    let base = try baselineDraws(model, draws: 20)[0]
    let more = try scenarioDraws(
      model, folder.scenario("levers: { budget: { step: { from: 2026, value: 11 } } }"), draws: 20)[0]
    #expect(more[2][0] >= base[2][0])
  }

  @Test func anElasticityOfALeverThatCanBeZeroNeedsARange() throws {
    func folder(_ more: String) throws -> ModelFolder {
      try ModelFolder.small(
        "indicators:\n" + SmallModel.series("sales") + "levers:\n" + SmallModel.lever("budget", range: "[0, 100]")
          + "links:\n" + SmallModel.link("budget", "sales", size: 0.3, more: more), observations: SmallModel.sales)
    }
    #expect(codes { _ = try folder("").catalog() } == ["wrong_form"])
    #expect(codes { _ = try folder(", valid: [0.5x, 2x]").catalog() } == [])
  }

  @Test func aLinkIntoWhatTheRaceComputesIsRefused() throws {
    let folder = try ModelFolder.copyOfShipped()
    try folder.append(
      "model/competitiveness.yaml", after: "\nlevers:\n",
      "  campaign: { name: campaign, owner: us, kind: quantity, unit: units, baseline_path: { hold: 0 }, range: [0, 1], grade: D, evidence: none }\n"
    )
    try folder.write(
      "model/competitiveness.yaml",
      folder.text("model/competitiveness.yaml")
        + "links:\n  - { cause: campaign, effect: pci_score, form: level, scope: total, prior: { central: 1 }, lag: [1], grade: D, evidence: none }\n"
    )
    #expect(codes { _ = try folder.catalog() } == ["unknown_id"])
  }

  @Test func subIndicesAndTheScoreCountTwice() throws {
    let folder = try ModelFolder.copyOfShipped()
    try folder.append(
      "model/investment.yaml", after: "\nlinks:\n",
      "  - { cause: pci_time_costs, effect: fdi_registered_ordinary, form: semi_elasticity, scope: total, prior: { central: 2 }, lag: [1], grade: D, evidence: none }\n"
    )
    #expect(codes { _ = try folder.catalog() } == ["double_effect"])
  }

  /// Of a jump in 2024 that fades over three years, a third has gone by 2025: the last observed year.
  @Test func aFadingJumpFadesFromItsOwnYear() throws {
    let values = [100, 106, 109, 118, 121, 130, 133, 144, 146, 158, 240, 251.0]
    func folder(_ probability: Double) throws -> ModelFolder {
      try ModelFolder.small(
        "indicators:\n"
          + SmallModel.series(
            "sales",
            more:
              ", interventions: [{ mixture: { year: 2024, permanent: \(probability), fading_share: 0.6, fade_years: 3 } }]"
          ), observations: observations("sales", from: 2014, values))
    }
    let jump = try #require(folder(0).compile().seriesBaseline("sales")?.mixture).jump
    let (fading, staying) = (
      try baselineDraws(folder(0).compile(), draws: 1)[0], try baselineDraws(folder(1).compile(), draws: 1)[0]
    )
    #expect(abs(log(fading[5][0] / staying[5][0]) + jump * 0.6 * 2 / 3) < 1e-9)
  }

  @Test func ranksWithoutGradeDAreMeasuredLikeRanks() throws {
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales", headline: true) + SmallModel.series("visits") + "levers:\n"
        + SmallModel.lever("budget") + SmallModel.lever("other") + "links:\n"
        + SmallModel.link("budget", "sales", size: 0.3) + SmallModel.link("other", "visits", size: 0.5),
      observations: SmallModel.sales + SmallModel.visits, targets: ["visits,2027,year,>=,90,,,law,yes,"])
    var request = ComparisonRequest()
    request.objective = .targets
    let options = try folder.compare(
      [
        ("sales", "levers: { budget: { step: { from: 2026, value: 20 } } }"),
        ("visits", "levers: { other: { step: { from: 2026, value: 30 } } }"),
      ], request, draws: 200
    ).options
    #expect(options.map(\.id) == ["visits", "baseline", "sales"])
    // No effect has grade D.
    #expect(options.map(\.rankWithoutD) == options.map(\.rank))
  }

  /// The jump in the price level of years before its base, seen from an earlier day.
  @Test func thePriceLevelMovesBeforeItsBaseYear() throws {
    let model = try ModelFolder.copyOfShipped().compile(asOf: "2024-06-30")
    let draws = try baselineDraws(model, draws: 20)
    let (level, change) = (
      try #require(model.nodeIndex("price_level")), try #require(model.nodeIndex("cpi_change"))
    )
    let errors = (0..<20).map { draws[level][1][$0] / draws[level][0][$0] - 1 - draws[change][1][$0] / 100 }
    #expect(errors.allSatisfy { abs($0) < 1e-9 })
  }

  @Test func earlierVintagesCountWhenTheLaterIsNotKnownYet() throws {
    // In December 2025 the year's arrivals were known as 16.2 million; the figure of January 2026 is the preferred one.
    let model = try ModelFolder.copyOfShipped().compile(asOf: "2025-12-31")
    let node = try #require(model.nodeIndex("tourism_arrivals"))
    #expect(model.nodes[node].facts[2025] == 16_200_000)
  }

  @Test func aModelIsReleasedAfterItsRun() throws {
    weak var race: PCIRace?
    try {
      let model = try ModelFolder.copyOfShipped().compile()
      race = model.process(PCIRace.self)
      #expect(race != nil)
      #expect(try EngineRun(model, draws: 10, seed: 1, threads: 1).draws == 10)
    }()
    #expect(race == nil)
  }

  /// A part of a whole is not below zero, however uncertain it is.
  @Test func conversionsKeepTheSignOfTheEffect() throws {
    let link = SmallModel.link(
      "budget", "sales", form: "semi_elasticity", size: 4,
      more: ", conversion: { low: 0.1, central: 0.5, high: 0.9 }")
    let folder = try twoIndicators(link)
    let model = try folder.compile()
    let base = try baselineDraws(model, draws: 500)[0]
    let more = try scenarioDraws(
      model, folder.scenario("levers: { budget: { step: { from: 2026, value: 20 } } }"), draws: 500)[0]
    let worst = zip(more[2], base[2]).map { $0 - $1 }.min() ?? 0
    #expect(worst >= 0)
  }

  @Test func aLongRunEffectReachedByAWorldAssumptionIsNotWidened() throws {
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales", more: ", loadings: { growth: 0.6 }") + SmallModel.world,
      observations: SmallModel.sales + SmallModel.growth)
    let model = try folder.compile()
    let base = try baselineDraws(model, draws: 1000)[0][5].map { log($0) }
    let far = try scenarioDraws(model, folder.scenario("world: { growth: { hold: 9 } }"), draws: 1000)[0][5].map {
      log($0)
    }
    #expect(deviation(far) < deviation(base))
  }

  @Test func signsAreNoPartOfAPeriod() {
    for text in ["2024-+1", "2024-Q+1", "2024-Q01"] { #expect(Period(text) == nil) }
  }
}
