import Foundation
import Scenarios
import Testing
import TextFiles

/// What `simulate targets` says of each target.
@Suite struct TargetOutlookTests {
  /// An indicator that never moves (10 to 2025), one that a planner's path carries, and a world driver.
  private func overview(
    _ targets: [String], more: [String] = [], until: Int = 2030
  ) throws -> TargetOverview {
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("flat", headline: true) + SmallModel.series("sales", headline: true)
        + "  guess: { name: guess, unit: units, range: positive, good: up, baseline: { model: assumption, path: { 2025: 100, 2030: 150 }, yearly: 0, stated: 2026-01-15, evidence: guess } }\n"
        + "  double: { name: double, unit: units, range: positive, good: up, identity: { product: [guess, flat] } }\n"
        + SmallModel.world,
      observations: observations("flat", from: 2014, [Double](repeating: 10, count: 12)) + SmallModel.sales
        + SmallModel.growth + more, targets: targets)
    let model = try folder.compile(until: until)
    return try TargetOverview(
      EngineRun(model, draws: 200, seed: 1, threads: 2), folder: DataFolder(path: folder.path))
  }

  private func one(_ target: String, more: [String] = [], until: Int = 2030) throws -> TargetOutlook {
    try #require(try overview([target], more: more, until: until).outlooks.first)
  }

  private func close(_ a: Double?, _ b: Double) -> Bool { abs((a ?? .nan) - b) < 1e-9 }

  private static let over: [(String, TargetOutlook.State, Double?)] = [
    ("flat,2024,year,>=,10,,,law,yes,", .met, 10), ("flat,2024,year,>=,10.5,,,law,yes,", .missed, 10),
    ("flat,2023/2025,sum,<=,30,,,law,yes,", .met, 30), ("flat,2023/2025,average,>=,11,,,law,yes,", .missed, 10),
    ("flat,2010,year,>=,1,,,law,yes,", .noFigure, nil), ("flat,2010/2027,sum,>=,1,,,law,yes,", .noFigure, nil),
    ("flat,2031,year,>=,1,,,law,yes,", .beyondHorizon, nil),
  ]

  @Test(arguments: over)
  func periodsThatAreOver(_ target: String, state: TargetOutlook.State, outturn: Double?) throws {
    let outlook = try one(target)
    #expect(outlook.state == state && outlook.outturn == outturn)
    #expect(outlook.probability == nil && outlook.projected == nil && outlook.firstMet == nil)
  }

  @Test func aTargetForOneYear() throws {
    let missed = try one("flat,2029,year,>=,16,,,law,yes,")
    #expect(missed.state == .open && missed.probability == 0 && missed.firstMet == nil && missed.shareNotMet == 1)
    #expect(close(missed.medianShortfall, 6) && close(missed.shortfall, 6) && close(missed.projected?.central, 10))
    #expect(missed.isGrowth && missed.bases.count == 1)
    // 10 to 16 in four years, 12.5% a year.
    #expect(abs(missed.bases[0].neededPerYear - 100 * (pow(1.6, 0.25) - 1)) < 1e-9)
    #expect(missed.bases[0].year == 2025 && !missed.bases[0].isReplaced)
    #expect(abs(missed.projectedPerYear?.central ?? .nan) < 1e-9)
    let met = try one("flat,2029,year,<=,16,,,law,yes,")
    #expect(met.probability == 1 && met.medianShortfall == 0 && met.firstMet == 2025 && met.shareNotMet == 0)
  }

  @Test func sumsAndAverages() throws {
    // Two of four years are known: 20; the rest must bring 24.
    let sum = try one("flat,2024/2027,sum,>=,44,,,law,yes,")
    #expect(close(sum.neededRest, 12) && close(sum.projected?.central, 40) && sum.firstMet == nil && sum.bases.isEmpty)
    #expect(try one("flat,2024/2027,sum,>=,38,,,law,yes,").firstMet == 2027)
    #expect(try one("flat,2024/2027,average,>=,11,,,law,yes,").neededRest.map { close($0, 12) } == true)
    #expect(try one("flat,2026/2028,average,>=,11,,,law,yes,").firstMet == nil)
  }

  /// The growth needed from a figure and from the one it replaced.
  @Test func aRevisedBaseIsShownBesideTheNewOne() throws {
    func row(_ value: Double, _ vintage: String, _ status: String = "estimate") -> String {
      "flat,here,2025,\(value),unit,reported,\(status),none,no,\(vintage),2025-10-01,gso_december,source,"
    }
    let outlook = try one(
      "flat,2027,year,>=,20,,,law,yes,", more: [row(11, "congress"), row(30, "", "secondary"), row(12, "")])
    #expect(outlook.bases.map(\.value) == [10, 11])
    #expect(outlook.bases.map(\.isReplaced) == [false, true] && outlook.bases[1].vintage == "congress")
    #expect(abs(outlook.bases[0].neededPerYear - 100 * (2.0.squareRoot() - 1)) < 1e-9)
    #expect(abs(outlook.bases[1].neededPerYear - 100 * ((20.0 / 11).squareRoot() - 1)) < 1e-9)
  }

  /// MODEL 8: no probability, neither for the path nor for what is computed from it; value and shortfall stay.
  @Test(arguments: [("guess", 1.0), ("double", 10)])
  func aPlannersPathHasNoProbability(indicator: String, scale: Double) throws {
    let outlook = try one("\(indicator),2030,year,>=,\(170 * scale),,,law,yes,")
    #expect(outlook.isScenarioOnly && outlook.probability == nil && outlook.shareNotMet == nil)
    #expect(abs((outlook.projected?.central ?? .nan) - 150 * scale) < 1e-6)
    #expect(abs((outlook.medianShortfall ?? .nan) - 20 * scale) < 1e-6 && outlook.firstMet == nil)
    #expect(try one("\(indicator),2030,year,>=,\(125 * scale),,,law,yes,").firstMet == 2028)
  }

  @Test func whatHasNoTargetAndWhatHasNoIndicator() throws {
    let overview = try overview([
      "flat,2027,year,>=,12,,,law,yes,", "rivers,2027,year,>=,3,,,law,yes,clean", "flat,2027,year,>=,1,,,law,no,",
    ])
    #expect(overview.outlooks.count == 1 && overview.indicatorsWithout == ["sales"] && overview.systemsWithout.isEmpty)
    #expect(overview.unmatched.map(\.indicator) == ["rivers"] && overview.unmatched[0].reason == .noIndicator)
    #expect(try self.overview(["rivers,2027,year,>=,3,,,law,yes,"]).systemsWithout == ["small"])
  }

  // MARK: the shipped model

  @Test func theShippedTargets() throws {
    let shipped = try ShippedModel.get()
    let overview = try TargetOverview(
      EngineRun(shipped.model, draws: 300, seed: 1, threads: 2), folder: DataFolder(path: shippedPath))
    #expect(overview.outlooks.count == shipped.catalog.targets.count && overview.outlooks.count > 50)
    for outlook in overview.outlooks {
      #expect(outlook.isScenarioOnly == shipped.model.restsOnPlannersPath(outlook.target.indicator))
      if outlook.isScenarioOnly { #expect(outlook.probability == nil && outlook.shareNotMet == nil) }
      if outlook.state == .open { #expect(outlook.isScenarioOnly == (outlook.probability == nil)) }
    }
    // 7,900 USD a head was set on 3,750, since revised to 3,505.
    let head = try #require(
      overview.outlooks.first { $0.target.indicator == "grdp_per_capita" && $0.target.value == 7900 })
    #expect(head.bases.map(\.value) == [3505, 3750] && head.isScenarioOnly)
    #expect(head.bases.map { ($0.neededPerYear * 10).rounded() / 10 } == [17.6, 16.1])
    // "Top 10" among 34 and among 63.
    let ranks = overview.outlooks.filter { $0.target.indicator.hasPrefix("pci_rank") }
    #expect(ranks.map(\.rankedAmong) == [34, 63])
    #expect(ranks[0].bases.isEmpty, "a rank among 63 is no base for one among 34")
    for system in ["investment", "agriculture", "cadres", "border", "farmers_union"] {
      #expect(overview.systemsWithout.contains(system))
    }
    #expect(!overview.systemsWithout.contains("tourism") && !overview.systemsWithout.contains("province"))
    #expect(overview.unmatched.contains { $0.area == "sam-son" && $0.reason == .otherArea })
  }
}
