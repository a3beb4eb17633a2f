import Foundation
import Scenarios
import Testing

/// Paths that a planner enters where nothing can be fitted, and identities of growth.
@Suite struct AssumptionTests {
  private static func path(
    _ id: String, _ path: String, range: String = "positive", more: String = ", yearly: 0"
  ) -> String {
    "  \(id): { name: \"\(id)\", unit: units, range: \(range), baseline: { model: assumption, path: \(path), stated: 2026-01-15, evidence: guess\(more) } }\n"
  }

  private func model(_ indicators: String, observations: [String] = []) throws -> CompiledModel {
    try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales") + indicators, observations: SmallModel.sales + observations
    ).compile()
  }

  private func draws(_ model: CompiledModel, _ id: String, draws: Int = 4000) throws -> [[Double]] {
    try baselineDraws(model, draws: draws)[#require(model.nodeIndex(id))]
  }

  @Test func thePathIsStraightBetweenItsYears() throws {
    let model = try model(Self.path("plan", "{ 2025: 100, 2027: 110, 2029: 150 }"))
    let values = try draws(model, "plan", draws: 10)
    for (position, expected) in [100.0, 105, 110, 130, 150, 150].enumerated() {
      #expect(values[position].allSatisfy { abs($0 - expected) < 1e-9 })
    }
    let baseline = try #require(model.seriesBaseline("plan"))
    #expect(baseline.isAssumed && baseline.usableCount == 0)
  }

  @Test func publishedFiguresComeFirst() throws {
    let model = try model(
      Self.path("plan", "{ 2024: 5, 2026: 90 }"),
      observations: [observation("plan", 2024, 70), observation("plan", 2025, 80)])
    let values = try draws(model, "plan", draws: 10)
    #expect(values[0].allSatisfy { abs($0 - 80) < 1e-9 })
    #expect(values[1].allSatisfy { abs($0 - 90) < 1e-9 })
  }

  /// Yearly scatter alone keeps its size, a random walk grows with the root of the steps, doubt is the same in every year.
  @Test(arguments: [
    (", yearly: 3", [3.0, 3, 3]), (", yearly: 3, carry: 1", [3, 18.0.squareRoot(), 27.0.squareRoot()]),
    (", yearly: 0, doubt: 4", [4, 4, 4]), (", yearly: 3, doubt: 4", [5, 5, 5]),
    (", yearly: 2, carry: 0.5", [2, 5.0.squareRoot(), 5.25.squareRoot()]),
  ])
  func theScatterIsInItsOwnUnit(more: String, expected: [Double]) throws {
    let model = try model(Self.path("rate", "{ 2025: 8 }", range: "real", more: more))
    let values = try draws(model, "rate")
    #expect(values[0].allSatisfy { $0 == 8 })
    for (step, size) in expected.enumerated() {
      let sample = values[step + 1]
      #expect(abs(deviation(sample) / size - 1) < 5 / (2 * Double(sample.count)).squareRoot())
      #expect(abs(mean(sample) - 8) < 5 * size / Double(sample.count).squareRoot())
    }
  }

  /// From the year of a restart on, its own doubt takes the place of the path's, about the same path.
  @Test func aRestartHasADoubtOfItsOwn() throws {
    let path = "{ 2025: 5, 2026: 5, 2027: 40, 2028: 30 }"
    let plain = try draws(model(Self.path("rate", path, range: "real", more: ", yearly: 0, doubt: 1")), "rate")
    let restarted = try draws(
      model(Self.path("rate", path, range: "real", more: ", yearly: 0, doubt: 1, restart: { year: 2027, doubt: 6 }")),
      "rate")
    #expect(plain[1] == restarted[1] && plain[0] == restarted[0])
    for position in 2...5 {
      let middle = position == 2 ? 40.0 : 30
      for (a, b) in zip(plain[position], restarted[position]) { #expect(abs(6 * (a - middle) - (b - middle)) < 1e-9) }
    }
  }

  @Test func aReplayDoesNotKnowIt() throws {
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales") + Self.path("plan", "{ 2025: 100 }")
        + "  share: { name: share, unit: units, range: real, identity: { ratio: [sales, plan] } }\n",
      observations: SmallModel.sales)
    let before = try folder.compile(asOf: "2026-01-14")
    #expect(before.excluded.map(\.id) == ["plan", "share"])
    #expect(try folder.compile(asOf: "2026-01-15").excluded.isEmpty)
  }

  @Test func aPathOutsideItsRangeIsAnError() throws {
    #expect(throws: ScenarioError.outsideRange(indicator: "plan", year: 2027, value: 120)) {
      try self.model(
        Self.path("plan", "{ 2025: 100, 2027: 120 }", range: "percent").replacing("2025: 100", with: "2025: 99"))
    }
  }

  @Test(arguments: [
    ("{ model: assumption }", ["missing_key", "missing_key", "missing_key", "missing_key"]),
    ("{ model: assumption, path: {}, yearly: 1, stated: 2026-01-15, evidence: e }", ["empty_list"]),
    ("{ model: assumption, path: { x: 1 }, yearly: 1, stated: 2026-01-15, evidence: e }", ["bad_period"]),
    (
      "{ model: assumption, path: { 2025: 1 }, yearly: -1, carry: 2, stated: soon, evidence: e }",
      ["out_of_range", "out_of_range", "bad_period"]
    ),
    ("{ model: assumption, path: { 2025: 1 }, yearly: 1, stated: 2026-01-15, evidence: e, from: 2010 }", ["wrong_key"]),
    ("{ model: combination, path: { 2025: 1 }, yearly: 1 }", ["wrong_key", "wrong_key"]),
    ("{ model: oracle }", ["unknown_value"]),
    (
      "{ model: assumption, path: { 2025: 1, 2027: 3 }, yearly: 1, stated: 2026-01-15, evidence: e, restart: { year: 2027, doubt: 1 } }",
      ["missing_key"]
    ),
    (
      "{ model: assumption, path: { 2026: 1, 2027: 3 }, yearly: 1, stated: 2026-01-15, evidence: e, restart: { year: 2027 } }",
      ["missing_key"]
    ),
    (
      "{ model: assumption, path: { 2026: 1, 2027: 3 }, yearly: 1, stated: 2026-01-15, evidence: e, restart: { year: 2027, doubt: -1 } }",
      ["out_of_range"]
    ), ("{ model: combination, restart: { year: 2027, doubt: 1 } }", ["wrong_key"]),
  ])
  func everyProblemIsReported(baseline: String, expected: [String]) throws {
    let folder = try ModelFolder.small(
      "indicators:\n  plan: { name: plan, unit: units, range: positive, baseline: \(baseline) }\n",
      observations: SmallModel.sales)
    #expect(codes { _ = try folder.catalog() } == expected)
  }

  @Test func growthIsTheChangeOnTheYearBefore() throws {
    let model = try model(
      Self.path("level", "{ 2025: 100, 2026: 110, 2027: 99 }")
        + "  growth_of_level: { name: growth, unit: percent, range: real, identity: { growth: level } }\n",
      observations: [observation("growth_of_level", 2025, 7)])
    let values = try draws(model, "growth_of_level", draws: 10)
    for (position, expected) in [7.0, 10, -10, 0].enumerated() {
      #expect(values[position].allSatisfy { abs($0 - expected) < 1e-9 })
    }
  }

  @Test func theFirstGrowthLooksBackAtTheInput() throws {
    let model = try model(
      Self.path("level", "{ 2026: 121 }")
        + "  growth_of_level: { name: growth, unit: percent, range: real, identity: { growth: level } }\n",
      observations: [observation("level", 2024, 100), observation("level", 2025, 110)])
    let values = try draws(model, "growth_of_level", draws: 10)
    for position in 0...1 { #expect(values[position].allSatisfy { abs($0 - 10) < 1e-9 }) }
  }

  /// Replays of early days run, whatever the planner's paths leave out.
  @Test(arguments: ["2018-01-01", "2021-03-01", "2024-06-30", "2025-06-30", "2026-01-31"])
  func theShippedModelCanBeReplayed(day: String) throws {
    let model = try ModelFolder.copyOfShipped().compile(asOf: day)
    #expect(try baselineDraws(model, draws: 20).joined().joined().allSatisfy(\.isFinite))
    #expect(model.excluded.contains { $0.id == "exports" } == (day < "2026-01-31"))
  }

  @Test func growthWithoutAFirstFigureIsNoSilentNumber() throws {
    let model = try model(
      Self.path("level", "{ 2025: 100 }")
        + "  twice: { name: twice, unit: units, range: positive, identity: { sum: [level, level] } }\n"
        + "  growth_of_level: { name: growth, unit: percent, range: real, identity: { growth: twice } }\n")
    #expect(throws: ScenarioError.nonFinite(node: "growth_of_level", year: 2025, draw: 0)) {
      try baselineDraws(model, draws: 10, threads: 1)
    }
  }

  /// Figures that ended long ago do not pull the start of the projection back; those of the year before do.
  @Test func aStaleSeriesDoesNotMoveTheStart() throws {
    let old = observations("old", from: 2005, [10, 11, 10, 12, 13, 12, 14, 15, 15, 16])
    let recent = observations("recent", from: 2012, [10, 11, 10, 12, 13, 12, 14, 15, 15, 16])
    let plain = try ModelFolder.small("indicators:\n" + SmallModel.series("sales"), observations: SmallModel.sales)
    let model = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales") + SmallModel.series("old") + SmallModel.series("recent"),
      observations: SmallModel.sales + old + recent
    ).compile()
    #expect(model.grid == Array(2025...2030))
    #expect(try model.grid == plain.compile().grid)
    #expect(try draws(model, "sales", draws: 50) == baselineDraws(plain.compile(), draws: 50)[0])
    #expect(try deviation(draws(model, "old")[0].map { log($0) }) > 0.1)
  }
}
