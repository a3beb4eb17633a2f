import Foundation
import Scenarios
import Testing
import TextFiles

/// Stocks with a ceiling, a pace towards it and restarts.
@Suite struct StockCeilingTests {
  private static func path(
    _ id: String, _ path: String, range: String = "positive", more: String = ", yearly: 0"
  ) -> String {
    "  \(id): { name: \"\(id)\", unit: units, range: \(range), baseline: { model: assumption, path: \(path), stated: 2026-01-15, evidence: guess\(more) } }\n"
  }

  private static let stated = ", stated: 2026-01-15, evidence: guess"

  private func folder(
    _ stock: String, ceiling: String = "{ 2020: 100 }", pace: String = "{ 2020: 20 }", scatter: String = ", yearly: 0",
    figures: [String] = [], more: String = ""
  ) throws -> ModelFolder {
    try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales") + Self.path("communes", ceiling)
        + Self.path("pace", pace, range: "percent", more: scatter) + Self.path("built", "{ 2020: 30 }")
        + "  done: { name: done, unit: units, range: positive, headline: true, good: up, identity: { stock: { \(stock) } } }\n"
        + "  share: { name: share, unit: percent, range: percent, identity: { ratio: [done, communes], scale: 100 } }\n"
        + more,
      observations: SmallModel.sales + figures)
  }

  private func path(_ folder: ModelFolder, _ id: String = "done") throws -> [Double] {
    let model = try folder.compile()
    let values = try baselineDraws(model, draws: 3)[#require(model.nodeIndex(id))]
    for year in values { #expect(Set(year).count == 1) }
    return values.map { $0[0] }
  }

  private func expectClose(_ values: [Double], _ expected: [Double]) {
    #expect(values.count == expected.count)
    for (value, wanted) in zip(values, expected) { #expect(abs(value - wanted) < 1e-9, "\(values)") }
  }

  /// 40, then each year a fifth of what is left to 100: 60, 48, 38.4, 30.72, 24.576, 19.6608 are left.
  @Test func thePaceActsOnWhatIsLeft() throws {
    let stock = try folder("ceiling: communes, pace: pace, restart: { 2025: 40 }" + Self.stated)
    expectClose(try path(stock), [40, 52, 61.6, 69.28, 75.424, 80.3392])
    expectClose(try path(stock, "share"), [40, 52, 61.6, 69.28, 75.424, 80.3392])
  }

  /// From the last figure, of 2022: 50, 60, 68, 74.4 in 2025. A share is a pace, too.
  @Test func itStartsFromTheLastFigure() throws {
    let stock = try folder("ceiling: communes, pace: pace", figures: [observation("done", 2022, 50)])
    let model = try stock.compile()
    #expect(model.grid[0] == 2025)
    expectClose(try path(stock), [74.4, 79.52, 83.616, 86.8928, 89.51424, 91.611392])
  }

  @Test func itFallsWithItsCeiling() throws {
    let merged = try folder(
      "ceiling: communes, pace: pace, restart: { 2025: 80 }" + Self.stated,
      ceiling: "{ 2026: 100, 2027: 50, 2028: 100 }")
    expectClose(try path(merged), [80, 84, 50, 60, 68, 74.4])
  }

  @Test func flowsStopAtTheCeiling() throws {
    let stock = try folder("ceiling: communes, inflows: [built], restart: { 2025: 25 }" + Self.stated)
    expectClose(try path(stock), [25, 55, 85, 100, 100, 100])
    let both = try folder(
      "ceiling: communes, pace: pace, outflows: [built], restart: { 2025: 25 }" + Self.stated)
    expectClose(try path(both), [25, 10, 0, 0, 0, 0])
  }

  @Test func itRestartsAndAPublishedFigureWins() throws {
    let stock = "ceiling: communes, pace: pace, restart: { 2025: 90, 2027: 10 }" + Self.stated
    expectClose(try path(folder(stock)), [90, 92, 10, 28, 42.4, 53.92])
    let published = try folder(stock, figures: [observation("done", 2027, 40)])
    expectClose(Array(try path(published)[2...]), [40, 52, 61.6, 69.28])
    // A level above the ceiling is the ceiling.
    expectClose(
      try path(folder("ceiling: communes, pace: pace, restart: { 2025: 140 }" + Self.stated)),
      [100, 100, 100, 100, 100, 100])
  }

  /// Before its first stated level nothing is known of it; a restart long ago moves on by the flows since.
  @Test func aRestartOutsideTheProjection() throws {
    let late = try folder("ceiling: communes, pace: pace, restart: { 2028: 10 }" + Self.stated)
    expectClose(Array(try path(late)[3...]), [10, 28, 42.4])
    let early = try folder("ceiling: communes, pace: pace, restart: { 2022: 50 }" + Self.stated)
    expectClose(try path(early), [74.4, 79.52, 83.616, 86.8928, 89.51424, 91.611392])
  }

  /// The ends of a stated level are its quartiles, and it stays inside (0, ceiling), as everything after it.
  @Test func anUncertainRestartKeepsItsRange() throws {
    let model = try folder(
      "ceiling: communes, pace: pace, restart: { 2025: { low: 60, central: 80, high: 95 } }" + Self.stated,
      scatter: ", yearly: 8, doubt: 10"
    ).compile()
    let draws = 4000
    let values = try baselineDraws(model, draws: draws)[#require(model.nodeIndex("done"))]
    let first = values[0].sorted()
    for (share, level) in [(0.25, 60.0), (0.5, 80), (0.75, 95)] {
      let below = Double(first.count { $0 < level }) / Double(draws)
      #expect(abs(below - share) < 5 * (share * (1 - share) / Double(draws)).squareRoot(), "\(level): \(below)")
    }
    for (before, now) in zip(values, values.dropFirst()) {
      for d in 0..<draws { #expect(before[d] > 0 && before[d] <= now[d] && now[d] < 100) }
    }
  }

  @Test func withoutACeilingTheLevelIsAboveZero() throws {
    let model = try folder("inflows: [built], restart: { 2025: { low: 5, central: 20, high: 60 } }" + Self.stated)
      .compile()
    let values = try baselineDraws(model, draws: 2000)[#require(model.nodeIndex("done"))]
    #expect(values[0].allSatisfy { $0 > 0 })
    let below = Double(values[0].count { $0 < 20 }) / 2000
    #expect(abs(below - 0.5) < 0.06)
    for d in 0..<2000 { #expect(abs(values[1][d] - values[0][d] - 30) < 1e-9) }
  }

  /// Twice the pace fills more, but never twice as much, and never beyond the ceiling.
  @Test func aDoublePaceSaturates() throws {
    let folder = try folder(
      "ceiling: communes, pace: pace, restart: { 2025: 40 }" + Self.stated,
      more: "levers:\n" + SmallModel.lever("effort", baseline: 0, range: "[0, 100]") + "links:\n"
        + SmallModel.link("effort", "pace", form: "level", size: 1, scope: "structural"))
    let model = try folder.compile()
    let node = try #require(model.nodeIndex("done"))
    func last(_ effort: Double) throws -> Double {
      let scenario = try folder.scenario("base: baseline\nlevers: { effort: { hold: \(effort) } }")
      let values = try scenarioDraws(model, scenario, draws: 2)[node]
      #expect(values.joined().allSatisfy { (0...100).contains($0) })
      return values[values.count - 1][0]
    }
    let gains = [try last(0), try last(10), try last(20), try last(30), try last(100)]
    #expect(abs(gains[0] - 80.3392) < 1e-9)
    for (a, b) in zip(gains, gains.dropFirst()) { #expect(a < b) }
    #expect(gains[2] - gains[1] < gains[1] - gains[0] && gains[3] - gains[2] < gains[2] - gains[1])
    #expect(gains[2] - 40 < 2 * (gains[0] - 40) && gains[4] < 100)
  }

  @Test func aReplayDoesNotKnowTheStatedLevel() throws {
    let stock = "inflows: [sales], restart: { 2025: 40 }" + Self.stated
    #expect(try folder(stock).compile(asOf: "2026-01-14").excluded.map(\.id).contains("done"))
    #expect(try folder(stock).compile(asOf: "2026-01-15").excluded.isEmpty)
    // A published figure is known by its own release rule.
    let published = try folder(stock, figures: [observation("done", 2020, 7)]).compile(asOf: "2023-12-31")
    #expect(published.nodeIndex("done") != nil)
  }

  @Test func itRestsOnAPlannersLevel() throws {
    let model = try folder("inflows: [sales], restart: { 2025: 40 }" + Self.stated).compile()
    #expect(model.restsOnPlannersPath("done") && model.restsOnPlannersPath("share"))
    let without = try folder("inflows: [sales]", figures: [observation("done", 2024, 7)]).compile()
    #expect(!without.restsOnPlannersPath("done"))
  }

  @Test(arguments: [
    ("outflows: [built]", ["missing_key"]), ("pace: pace", ["missing_key"]),
    ("ceiling: communes", ["missing_key"]),
    ("ceiling: communes, pace: built", ["wrong_form"]), ("ceiling: pace, pace: pace", ["wrong_form"]),
    ("ceiling: comunes, pace: pace", ["unknown_id"]),
    ("ceiling: communes, pace: pace, stated: 2026-01-15", ["wrong_key"]),
    ("ceiling: communes, pace: pace, restart: { 2025: 3 }", ["missing_key", "missing_key"]),
    ("ceiling: communes, pace: pace, restart: {}, stated: 2026-01-15, evidence: e", ["empty_list"]),
    ("ceiling: communes, pace: pace, restart: { soon: 3 }, stated: 2026-01-15, evidence: e", ["bad_period"]),
    (
      "ceiling: communes, pace: pace, restart: { 2025: -3, 2026: { low: 0, central: 1, high: 2 }, 2027: { low: 3, central: 2, high: 4 } }, stated: soon, evidence: e",
      ["out_of_range", "out_of_range", "out_of_range", "bad_period"]
    ),
    ("inflows: [built], speed: 2", ["unknown_key"]),
  ])
  func everyProblemIsReportedWithItsPlace(stock: String, expected: [String]) throws {
    let folder = try folder(stock)
    do {
      _ = try folder.catalog()
      Issue.record("no problem was found in \(stock)")
    } catch let error as DiagnosticList {
      #expect(error.diagnostics.map(\.code) == expected, "\(error.diagnostics.map(\.message))")
      for diagnostic in error.diagnostics {
        #expect(diagnostic.location?.line == 7 && (diagnostic.location?.column ?? 0) >= 1)
      }
    }
  }

  /// The drawn level is an input of its own: `sensitivity` can name it.
  @Test func sensitivityNamesTheRestart() throws {
    let folder = try folder(
      "ceiling: communes, pace: pace, restart: { 2025: 20, 2026: { low: 10, central: 20, high: 30 } }" + Self.stated)
    let model = try folder.compile()
    var request = SensitivityRequest(
      measure: try OutcomeMeasure("done", firstYear: 2030, lastYear: 2030, in: model), scenarios: [], isChange: false)
    request.points = 64
    let result = try SensitivityStudy.run(request, model: model, run: PlanningModel.run(500))
    #expect(result.inputs.map(\.id) == ["restart:done"] && result.inputs.map(\.grade) == [.d])
  }
}
