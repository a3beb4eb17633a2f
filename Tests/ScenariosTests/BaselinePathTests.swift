import Foundation
import Scenarios
import Testing
import TextFiles

/// What the baseline implies for levers, and scenarios relative to it.
@Suite struct BaselinePathTests {
  private let shipped: ShippedModel

  init() throws { shipped = try ShippedModel.get() }

  private func folder(
    _ path: String, range: String = "[0.5x, 2x]", more: String = "", indicators: String = "", size: Double = 1,
    spread: Double = 0
  ) throws -> ModelFolder {
    try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales", headline: true) + SmallModel.series("visits") + indicators
        + "levers:\n" + SmallModel.lever("own", range: range, more: more, path: path) + SmallModel.lever("plain")
        + "links:\n" + SmallModel.link("own", "sales", size: size, spread: spread, more: ", valid: [0.1x, 3x]")
        + SmallModel.link("plain", "sales", size: 0.3, spread: 0.1),
      observations: SmallModel.sales + SmallModel.visits)
  }

  private func baseline(_ path: String, range: String = "[0, 1000]") throws -> [Double] {
    let model = try folder(path, range: range).compile()
    let baseline = try #require(model.leverBaseline("own"))
    return model.grid.map(baseline.value)
  }

  // MARK: paths

  @Test func statedPaths() throws {
    #expect(try baseline("hold: 20") == [20, 20, 20, 20, 20, 20])
    #expect(try baseline("plan: { 2026: 10, 2028: 30 }") == [10, 10, 20, 30, 30, 30])
    #expect(try baseline("hold: last, of: sales") == [171, 171, 171, 171, 171, 171])
  }

  /// Published to 2025, then the middle of the models.
  @Test func followedPath() throws {
    let model = try folder("follow: sales").compile()
    let (lever, sales) = (try #require(model.leverBaseline("own")), try #require(model.seriesBaseline("sales")))
    #expect(lever.value(in: 2024) == 163 && lever.value(in: 2025) == 171)
    for h in 0..<5 { #expect(abs(lever.value(in: 2026 + h) - exp(sales.forecast.mean[h])) < 1e-9) }
    #expect(lever.value(in: 2030) > lever.value(in: 2026))
  }

  /// What the plan of the running year makes of the path is part of its middle: half of the draws lie below.
  @Test func theMiddleHoldsThePlan() throws {
    let lever = try #require(shipped.model.leverBaseline("public_investment"))
    let draws = try #require(shipped.values(["state_budget_investment"])["state_budget_investment"])
    for (position, year) in shipped.model.grid.enumerated() where year >= 2025 {
      let below = Double(draws[position].count { $0 < lever.value(in: year) }) / Double(draws[position].count)
      #expect(abs(below - 0.5) < 0.05, "\(year): \(below)")
    }
  }

  @Test(arguments: [
    ("hold: 20, plan: { 2026: 1 }", ["ambiguous_path"]),
    ("of: sales", ["ambiguous_path"]),
    ("follow: salse", ["unknown_id"]),
    ("hold: last, of: nothing", ["unknown_id"]),
    ("hold: last", ["missing_key"]),
    ("follow: visits, of: sales", ["wrong_key"]),
    ("follow: both", ["wrong_source"]),
    ("plan: { 2024: 3, 2027: 4 }", ["outside_horizon"]),
    ("plan: { soon: 3 }", ["bad_period"]),
    ("plan: {}", ["empty_list"]),
    ("hold: much", ["wrong_type"]),
    ("trend: sales", ["unknown_key", "ambiguous_path"]),
  ])
  func badPaths(path: String, expected: [String]) throws {
    let both = "  both: { name: both, unit: units, range: positive, identity: { sum: [sales, visits] } }\n"
    #expect(codes { _ = try folder(path, range: "[1, 100]", indicators: both).catalog() } == expected)
  }

  @Test func theUnknownIndicatorIsSuggested() throws {
    let folder = try self.folder("follow: salse")
    do {
      _ = try folder.catalog()
      Issue.record("nothing was reported")
    } catch let list as DiagnosticList {
      #expect(list.diagnostics[0].hint == "did you mean 'sales'?" && list.diagnostics[0].location?.line != nil)
    }
  }

  /// One spelling: the number for all years of earlier files is refused with what to write.
  @Test func theOldSpellingSaysWhatToWrite() throws {
    let folder = try self.folder("hold: 20", range: "[0, 100]")
    try folder.write(
      "model/small.yaml",
      folder.text("model/small.yaml").replacingOccurrences(of: "baseline_path: { hold: 20 }", with: "baseline: 20"))
    do {
      _ = try folder.catalog()
      Issue.record("nothing was reported")
    } catch let list as DiagnosticList {
      #expect(list.diagnostics.map(\.code) == ["wrong_key"])
      #expect(list.diagnostics[0].hint == "write baseline_path: { hold: 20 }")
    }
    try folder.write(
      "model/small.yaml", folder.text("model/small.yaml").replacingOccurrences(of: "baseline: 20, ", with: ""))
    #expect(codes { _ = try folder.catalog() } == ["missing_key"])
  }

  @Test(arguments: [
    ("[0.5x, 3]", ["wrong_type"]), ("[2x, 1x]", ["wrong_count"]), ("[0.5x]", ["wrong_count"]),
    ("[-1x, 1x]", ["out_of_range"]), ("[0.5x, nanx]", ["wrong_type"]),
  ])
  func badRanges(range: String, expected: [String]) throws {
    #expect(codes { _ = try folder("follow: sales", range: range).catalog() } == expected)
  }

  @Test func multiplesOfNothing() throws {
    #expect(codes { _ = try self.folder("hold: 0").catalog() }.contains("out_of_range"))
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales") + "levers:\n"
        + SmallModel.lever("own", baseline: 0, range: "[0, 100]"), observations: SmallModel.sales)
    #expect(codes { _ = try folder.scenario("levers: { own: { hold: 1.2x } }") } == ["out_of_range"])
    #expect(codes { _ = try folder.scenario("levers: { own: { hold: 1.2 } }") } == [])
  }

  /// As of a day on which the indicator was not known, the lever has no baseline either; the rest goes on.
  @Test func aLeverThatFollowsNothing() throws {
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales") + SmallModel.series("visits") + "levers:\n"
        + SmallModel.lever("own", range: "[0.5x, 2x]", path: "follow: sales") + SmallModel.lever("plain") + "links:\n"
        + SmallModel.link("own", "visits", size: 1) + SmallModel.link("plain", "visits", size: 1),
      observations: Array(SmallModel.sales.suffix(3)) + SmallModel.visits)
    let model = try folder.compile()
    #expect(model.excluded.map(\.id) == ["sales", "own"] && model.catalog.levers.map(\.id) == ["plain"])
    let option = try folder.scenario("levers: { own: { hold: 1.5x } }")
    #expect(try scenarioDraws(model, option, draws: 50) == baselineDraws(model, draws: 50))
  }

  // MARK: multiples

  /// The baseline itself changes nothing, bit for bit; a ramp to a multiple is straight in multiples.
  @Test func multiplesOfThePath() throws {
    let folder = try self.folder("follow: sales")
    let model = try folder.compile()
    let node = try #require(model.nodeIndex("sales"))
    let base = try baselineDraws(model, draws: 200)
    for path in ["hold: 1x", "ramp: { from: 2026, to: 2028, value: 1x }", "values: { 2026: 1x, 2029: 1x }"] {
      #expect(try scenarioDraws(model, folder.scenario("levers: { own: { \(path) } }"), draws: 200) == base)
    }
    let expected: [(String, [Double])] = [
      ("ramp: { from: 2026, to: 2027, value: 1.2x }", [1, 1.1, 1.2, 1.2, 1.2, 1.2]),
      ("values: { 2026: 1.1x, 2028: 1.3x }", [1, 1.1, 1.2, 1.3, 1.3, 1.3]),
      ("pulse: { years: [2027], value: 0.9x }", [1, 1, 0.9, 1, 1, 1]),
    ]
    for (path, factors) in expected {
      let draws = try scenarioDraws(model, folder.scenario("levers: { own: { \(path) } }"), draws: 200)
      for (year, factor) in factors.enumerated() {
        for (a, b) in zip(draws[node][year], base[node][year]) { #expect(abs(a / b - factor) < 1e-9, "\(path)") }
      }
    }
  }

  /// An amount in the unit is its ratio to the path of the year: from a path of 10, 10, 20, 30, 30, 30.
  @Test func amountsAgainstThePath() throws {
    let folder = try self.folder("plan: { 2026: 10, 2028: 30 }")
    let model = try folder.compile()
    let node = try #require(model.nodeIndex("sales"))
    let base = try baselineDraws(model, draws: 50)
    let draws = try scenarioDraws(
      model, folder.scenario("levers: { own: { step: { from: 2028, value: 24 } } }"), draws: 50)
    for (year, factor) in [1.0, 1, 1, 0.8, 0.8, 0.8].enumerated() {
      for (a, b) in zip(draws[node][year], base[node][year]) { #expect(abs(a / b - factor) < 1e-9) }
    }
  }

  private func messages(_ folder: ModelFolder, _ path: String, isRun: Bool = false) -> [String] {
    do {
      if isRun { _ = try folder.run([("option", "levers: { own: { \(path) } }")], draws: 10) }
      _ = try folder.scenario("levers: { own: { \(path) } }")
      return []
    } catch { return (error as? DiagnosticList)?.diagnostics.map(\.message) ?? ["\(error)"] }
  }

  /// The message says what is allowed in the year.
  @Test func rangesOfTheYear() throws {
    let planned = try folder("plan: { 2026: 10, 2028: 30 }")
    #expect(
      messages(planned, "hold: 2.5x") == [
        "2.5x is outside the feasible range of 'own': 0.5x to 2x of its baseline path"
      ])
    #expect(
      messages(planned, "step: { from: 2027, value: 12 }")
        == ["12 is outside the feasible range of 'own': 0.5x to 2x of its baseline path, 15 to 60 units in 2028"])
    #expect(messages(planned, "step: { from: 2027, value: 25 }") == [])
    #expect(messages(planned, "pulse: { years: [2027], value: 12 }") == [])
    #expect(
      messages(planned, "step: { from: 2027, value: { low: 0.4x, central: 1x, high: 1.5x } }")
        == ["0.4x is outside the feasible range of 'own': 0.5x to 2x of its baseline path"])
    let inUnits = try folder("plan: { 2026: 10, 2028: 30 }", range: "[5, 40]")
    #expect(
      messages(inUnits, "hold: 1.5x")
        == ["1.5x, which is 45 in 2028, is outside the feasible range of 'own': 5 to 40 units"])
    #expect(messages(inUnits, "hold: 1.2x") == [])
  }

  /// A range that can be judged only once the followed baseline is fitted is judged then, with the file's place.
  @Test func rangesOfAFollowedPath() throws {
    let folder = try self.folder("follow: sales")
    #expect(messages(folder, "hold: 400") == [])
    let found = messages(folder, "hold: 400", isRun: true)
    #expect(
      found.count == 1
        && found[0].hasPrefix(
          "400 is outside the feasible range of 'own': 0.5x to 2x of its baseline path, 85.5 to 342 units in 2025")
    )
    #expect(messages(folder, "hold: 300", isRun: true) == [])
    #expect(codes { _ = try folder.run([("option", "levers: { own: { hold: 400 } }")], draws: 10) } == ["out_of_range"])
  }

  // MARK: what belongs to it

  /// The cost of a lever that is its own cost is what goes beyond the path.
  @Test func costBeyondThePath() throws {
    let folder = try self.folder("plan: { 2026: 10, 2028: 30 }", more: ", cost: own")
    let result = try folder.run(
      [
        ("more", "levers: { own: { step: { from: 2027, value: 1.2x } } }"),
        ("range", "levers: { own: { step: { from: 2027, value: { low: 1x, central: 1x, high: 1.6x } } } }"),
      ], draws: 50)
    // 4 in 2027, 6 from 2028 to 2030: 5.5 a year.
    #expect(abs(result.scenarios[0].cost - 5.5) < 1e-9)
    // The mean of the triangular law is 1.2.
    #expect(abs(result.scenarios[1].cost - 5.5) < 1e-9)
  }

  /// A range in multiples moves every year by its multiple of that year's path, the same in all years of a draw.
  @Test func aRangeInMultiples() throws {
    let folder = try self.folder("follow: sales")
    let model = try folder.compile()
    let node = try #require(model.nodeIndex("sales"))
    let base = try baselineDraws(model, draws: 400)
    let draws = try scenarioDraws(
      model,
      folder.scenario("levers: { own: { step: { from: 2027, value: { low: 1.1x, central: 1.2x, high: 1.4x } } } }"),
      draws: 400)
    let factors = zip(draws[node][2], base[node][2]).map { $0 / $1 }
    #expect(factors.allSatisfy { $0 >= 1.1 - 1e-9 && $0 <= 1.4 + 1e-9 })
    #expect(abs(mean(factors) - 3.7 / 3) < 4 * deviation(factors) / 20 && deviation(factors) > 0.03)
    for (d, factor) in factors.enumerated() { #expect(abs(draws[node][5][d] / base[node][5][d] - factor) < 1e-9) }
  }

  /// A rule that revises a path lever starts from where the option is, and its multiples are those of the baseline.
  @Test func aRuleRevisesMultiples() throws {
    let folder = try self.folder("plan: { 2026: 10, 2030: 30 }")
    let result = try folder.run(
      [
        (
          "rule",
          "levers: { own: { step: { from: 2026, value: 1.2x } } }\nwhen: { indicator: sales, year: 2027, above: 0, then: { own: { ramp: { from: 2028, to: 2029, value: 1.4x } } } }"
        ),
        ("same", "levers: { own: { values: { 2026: 1.2x, 2027: 1.2x, 2028: 1.3x, 2029: 1.4x } } }"),
      ], draws: 100)
    let node = try #require(result.model.nodeIndex("sales"))
    for year in result.model.grid.indices {
      let (a, b) = (result.scenarios[0].statistics[node][year], result.scenarios[1].statistics[node][year])
      #expect(abs(a.mean - b.mean) < 1e-9 * b.mean)
    }
  }

  @Test func attributionTelescopes() throws {
    let result = try folder("follow: sales", size: 0.6, spread: 0.2).run(
      [("option", "levers: { own: { ramp: { from: 2026, to: 2028, value: 1.3x } }, plain: { hold: 30 } }")],
      draws: 300, byLever: true)
    let attribution = try #require(result.scenarios[0].attribution)
    let node = try #require(result.model.nodeIndex("sales"))
    for year in result.model.grid.indices {
      let change = result.scenarios[0].statistics[node][year].changeMean ?? 0
      let sum = attribution.effects.reduce(0) { $0 + $1[node][year] }
      #expect(abs(sum - change) <= 1e-9 * max(abs(change), 1))
    }
    #expect(attribution.effects[0][node][5] > 0)
  }

  // MARK: the shipped lever

  /// At once its baseline, public investment moves nothing in any draw; held at the amount of 2024 it is cut.
  @Test func holdingPublicInvestmentIsACut() throws {
    let ids = shipped.model.nodes.map(\.id)
    let base = try shipped.values(ids)
    let same = try shipped.values(ids, under: shipped.scenario("levers: { public_investment: { hold: 1x } }"))
    for id in ids { #expect(same[id] == base[id], "\(id)") }
    let held = try shipped.values(
      ids, under: shipped.scenario("levers: { public_investment: { step: { from: 2026, value: 12858 } } }"))
    let lever = try #require(shipped.model.leverBaseline("public_investment"))
    for (position, year) in shipped.model.grid.enumerated() where year >= 2026 {
      let factor = 12858 / lever.value(in: year)
      #expect(factor < 1, "\(year)")
      let id = "state_budget_investment"
      for (a, b) in zip(held[id]?[position] ?? [], base[id]?[position] ?? []) { #expect(abs(a / b - factor) < 1e-9) }
      let total = "total_social_investment"
      #expect(mean(held[total]?[position] ?? []) < mean(base[total]?[position] ?? []), "\(year)")
    }
  }
}
