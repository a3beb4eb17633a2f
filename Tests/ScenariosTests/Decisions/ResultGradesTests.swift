import Foundation
import Scenarios
import Testing

/// A result shows the weakest grade it rests on, its baseline included.
@Suite struct ResultGradesTests {
  private static func plan(_ id: String, headline: Bool) -> String {
    "  \(id): { name: \"\(id)\", unit: units, range: positive, good: up, headline: \(headline), baseline: { model: assumption, path: { 2025: 10 }, yearly: 1, stated: 2026-01-15, evidence: guess } }\n"
  }

  private static let system =
    "indicators:\n" + SmallModel.series("sales", headline: true) + SmallModel.series("visits")
    + plan("plan", headline: true)
    + plan("unmoved", headline: false)
    + "  both: { name: both, unit: units, range: positive, identity: { sum: [sales, plan] } }\n"
    + "  with_unmoved: { name: with, unit: units, range: positive, identity: { sum: [sales, unmoved] } }\n"
    + "levers:\n" + SmallModel.lever("ads") + SmallModel.lever("grants") + SmallModel.lever("idle")
    + "  slow: { name: slow, owner: us, kind: project, unit: units, size: { low: 1, central: 1, high: 1 }, range: [0, 1], delivery: { probability: 0.5, delay: [1] }, grade: A, evidence: none }\n"
    + "links:\n"
    + SmallModel.link("ads", "sales", size: 0.5, grade: "A") + SmallModel.link("grants", "plan", size: 0.5)
    + SmallModel.link("idle", "sales", size: 0, grade: "D") + SmallModel.link("ads", "visits", size: 0.3, grade: "C")
    + SmallModel.link("slow", "visits", form: "level", size: 5, grade: "A")

  private func support(_ levers: String) throws -> Support {
    let folder = try ModelFolder.small(Self.system, observations: SmallModel.sales + SmallModel.visits)
    return try folder.run([("option", "base: baseline\nlevers: { \(levers) }")], draws: 50).scenarios[0].support
  }

  /// The link is grade A, the lever B: B. What is computed with a planner's path rests on it, moved or not.
  @Test func fittedBaselinesWeakenNothing() throws {
    let support = try support("ads: { hold: 20 }")
    #expect(support.byIndicator == ["sales": .b, "visits": .c, "both": .d, "with_unmoved": .d])
    // The headline is `sales` alone; what is no headline does not count for the scenario.
    #expect(support.weakest == .b)
  }

  @Test func aPlannersBaselineIsGradeD() throws {
    let support = try support("grants: { hold: 20 }")
    #expect(support.byIndicator == ["plan": .d, "both": .d] && support.weakest == .d)
  }

  @Test func eachIndicatorHasItsOwn() throws {
    let support = try support("ads: { hold: 20 }, grants: { hold: 20 }")
    #expect(
      support.byIndicator == ["sales": .b, "visits": .c, "plan": .d, "both": .d, "with_unmoved": .d])
    #expect(support.weakest == .d)
  }

  @Test func anEffectOfZeroCountsForNothing() throws {
    #expect(try support("ads: { hold: 20 }, idle: { hold: 20 }").byIndicator["sales"] == .b)
    let idle = try support("idle: { hold: 20 }")
    #expect(idle.byIndicator.isEmpty && idle.weakest == nil)
  }

  /// Without a headline that changes it is the weakest of what changes; an uncertain delivery is a planner's guess.
  @Test func deliveryIsAGuess() throws {
    let support = try support("slow: { start: 2026 }")
    #expect(support.byIndicator == ["visits": .d] && support.weakest == .d)
  }

  @Test func theBaselineRestsOnNoChoice() throws {
    let folder = try ModelFolder.small(Self.system, observations: SmallModel.sales + SmallModel.visits)
    let baseline = try folder.run([], draws: 20).baseline.support
    #expect(baseline.weakest == nil && baseline.byIndicator.isEmpty)
  }

  /// In the shipped model: what a grade B link moves on fitted baselines stays B, what a planner's path carries is D.
  @Test func theShippedModel() throws {
    let folder = try ModelFolder.copyOfShipped()
    let option = "base: baseline\nlevers: { promotion_budget: { hold: 25 }, clearance_days: { hold: 1.5 } }"
    let support = try folder.run([("option", option)], draws: 50).scenarios[0].support
    #expect(support.byIndicator["tourism_arrivals_international"] == .b)
    #expect(support.byIndicator["tourism_revenue"] == .b)
    #expect(support.byIndicator["border_trade"] == .d && support.byIndicator["grdp"] == .d)
    #expect(support.byIndicator["pci_score"] == nil && support.weakest == .d)
  }
}
