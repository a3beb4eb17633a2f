import Foundation
import Scenarios
import Testing

/// MODEL 8: a model needs eight usable observations better than press, or a declared exception.
@Suite struct RuleOfEightTests {
  private static let values = [100.0, 106, 109, 118, 121, 130, 133, 144, 146, 158, 163, 171]
  private static let reason = ", few: { vi: \"vì sao\", en: \"why\" }"

  /// `count` yearly figures that end in 2025; the first `press` of them are only in the press.
  private static func figures(_ count: Int, press: Int = 0, status: String = "secondary") -> [String] {
    (0..<count).map {
      observation("short", 2026 - count + $0, values[$0], status: $0 < press ? status : "official")
    }
  }

  private func folder(_ figures: [String], more: String = "") throws -> ModelFolder {
    try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales") + SmallModel.series("short", more: more)
        + "  both: { name: both, unit: units, range: positive, identity: { sum: [sales, short] } }\n",
      observations: SmallModel.sales + figures)
  }

  @Test(arguments: [
    (8, 0, "", true), (7, 0, "", false), (12, 4, "", true), (12, 5, "", false),
    // Of twelve, those of a pulse and a rebound say nothing; the last figure counts also in a rebound.
    (12, 0, ", interventions: [{ pulse: [2020, 2021] }, { rebound: [2022, 2023] }]", true),
    (11, 0, ", interventions: [{ pulse: [2020, 2021] }, { rebound: [2022, 2023] }]", false),
    (11, 0, ", interventions: [{ pulse: [2020, 2021] }, { rebound: [2022] }]", true),
    (12, 0, ", from: 2019", false), (9, 0, ", interventions: [{ rebound: [2024, 2025] }]", true),
    (9, 0, ", interventions: [{ pulse: [2024, 2025] }]", false),
  ])
  func usableFiguresBetterThanPressCount(count: Int, press: Int, more: String, isFitted: Bool) throws {
    let model = try folder(Self.figures(count, press: press), more: more).compile()
    #expect((model.seriesBaseline("short") != nil) == isFitted)
    #expect(model.excluded.map(\.id) == (isFitted ? [] : ["short", "both"]))
    #expect(model.seriesBaseline("short")?.isFew != true && !model.restsOnFewObservations("both"))
  }

  @Test func anEstimateIsBetterThanPressAndAPlanIsNot() throws {
    let estimates = try folder(Self.figures(8, press: 8, status: "estimate")).compile()
    #expect(estimates.seriesBaseline("short")?.supportedCount == 8)
    #expect(try folder(Self.figures(9, press: 2, status: "plan")).compile().seriesBaseline("short") == nil)
  }

  @Test func theReasonNamesBothCounts() throws {
    let excluded = try folder(Self.figures(12, press: 5)).compile().excluded
    let reason = try #require(excluded.first { $0.id == "short" }?.reason)
    #expect(reason.contains("7 usable yearly observations") && reason.contains("12 of any status"))
    #expect(reason.contains("needs 8") && reason.contains("few"))
  }

  @Test func aDeclaredExceptionIsFittedAndMarked() throws {
    let model = try folder(Self.figures(6, press: 2), more: Self.reason).compile()
    let baseline = try #require(model.seriesBaseline("short"))
    #expect(baseline.isFew && baseline.usableCount == 6 && baseline.supportedCount == 4)
    #expect(model.restsOnFewObservations("short") && model.restsOnFewObservations("both"))
    #expect(!model.restsOnFewObservations("sales") && !model.restsOnPlannersPath("both"))
    let node = try #require(model.nodes.first { $0.id == "short" })
    #expect(model.modelName(of: node).hasSuffix("(few observations: not testable)"))
    // Below four figures nothing is fitted, whatever is declared.
    #expect(try folder(Self.figures(3), more: Self.reason).compile().seriesBaseline("short") == nil)
  }

  /// A replay tries what the figures of today carry when fewer were known, and only that.
  @Test func aReplayAsksForFourFigures() throws {
    let enough = try folder(Self.figures(12))
    let early = try #require(enough.compile(asOf: "2019-12-31").seriesBaseline("short"))
    #expect(early.isFew && (4..<8).contains(early.supportedCount) && early.lastYear < 2020)
    #expect(try enough.compile(asOf: "2026-06-30").seriesBaseline("short")?.isFew == false)
    // What has no model today has none as of any day.
    let few = try folder(Self.figures(7))
    for day in ["2023-12-31", "2026-06-30"] { #expect(try few.compile(asOf: day).seriesBaseline("short") == nil) }
    #expect(try folder(Self.figures(7), more: Self.reason).compile(asOf: "2023-12-31").seriesBaseline("short") != nil)
  }

  @Test(arguments: [
    ("few: { vi: \"vì sao\" }", ["missing_key"]),
    ("few: { vi: \"\", en: \"\" }", ["wrong_type", "wrong_type", "missing_key"]),
    ("few: { vi: a, en: b, de: c }", ["unknown_key"]), ("few: because", ["wrong_type"]),
  ])
  func anExceptionNeedsAReasonInBothLanguages(few: String, expected: [String]) throws {
    let folder = try folder(Self.figures(6), more: ", \(few)")
    let found = codes { _ = try folder.catalog() }
    #expect(found == expected, "\(found)")
  }

  @Test func aPlannersPathHasNoException() throws {
    let folder = try ModelFolder.small(
      "indicators:\n  plan: { name: plan, unit: units, range: positive, baseline: { model: assumption, path: { 2025: 1 }, yearly: 0, stated: 2026-01-15, evidence: e, few: { vi: a, en: b } } }\n",
      observations: SmallModel.sales)
    #expect(codes { _ = try folder.catalog() } == ["wrong_key"])
  }

  // MARK: the shipped model

  @Test func theShippedModelKeepsTheRule() throws {
    let shipped = try ShippedModel.get()
    var exceptions: [String] = []
    for indicator in shipped.catalog.indicators {
      guard case .series(let series) = indicator.source, series.assumption == nil else { continue }
      let baseline = try #require(shipped.model.seriesBaseline(indicator.id), "\(indicator.id) has no baseline")
      #expect(baseline.supportedCount >= SeriesBaseline.fewestSupported || series.few != nil, "\(indicator.id)")
      // An exception that is no longer needed must go.
      #expect((series.few != nil) == baseline.isFew, "\(indicator.id): \(baseline.supportedCount) figures")
      guard let few = series.few else { continue }
      exceptions.append(indicator.id)
      #expect(few.vi != few.en && few.vi.count > 40 && few.en.count > 40, "\(indicator.id)")
    }
    #expect(
      exceptions.sorted() == [
        "cpi_change", "national_growth", "tourism_arrivals_domestic", "tourism_arrivals_international",
        "tourism_spend_per_visit",
      ])
    #expect(shipped.model.restsOnFewObservations("tourism_revenue"))
    #expect(!shipped.model.restsOnFewObservations("budget_revenue"))
  }
}
