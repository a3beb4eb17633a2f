import Foundation
import Scenarios
import Testing

/// What links do in time, on an indicator that is 10 in every year and every draw: expected values are computed by hand.
@Suite struct LinkTimeTests {
  private static let flat = observations("flat", from: 2014, [Double](repeating: 10, count: 12))
  private static let other = observations("other", from: 2014, [Double](repeating: 10, count: 12))

  private func folder(_ links: String, indicators: String = "") throws -> ModelFolder {
    try ModelFolder.small(
      "indicators:\n" + SmallModel.series("flat", headline: true) + SmallModel.series("other") + indicators
        + "levers:\n" + SmallModel.lever("budget") + SmallModel.lever("more") + "links:\n" + links,
      observations: LinkTimeTests.flat + LinkTimeTests.other)
  }

  /// The values of an indicator in 2025 and the years after; the same in every draw.
  private func path(_ links: String, _ levers: String, of id: String = "flat", _ count: Int = 5) throws -> [Double] {
    let folder = try self.folder(links)
    let model = try folder.compile()
    let draws = try scenarioDraws(model, folder.scenario("levers: { \(levers) }"), draws: 20)
    let node = try #require(model.nodeIndex(id))
    return draws[node].prefix(count).map { draws in
      #expect(draws.allSatisfy { $0 == draws[0] })
      return draws[0]
    }
  }

  private func expect(_ found: [Double], _ expected: [Double]) {
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-9, "\(found) instead of \(expected)") }
  }

  private func link(_ size: Double, form: String = "level", lag: String = "[1]", _ more: String) -> String {
    SmallModel.link("budget", "flat", form: form, size: size, lag: lag, more: more)
  }

  // MARK: growth

  /// Two units a year more: the level is 2, 4, 6 units above; what is published (2025) does not grow.
  @Test func unitsOnGrowthAddUp() throws {
    expect(try path(link(1, ", on: growth"), "budget: { step: { from: 2026, value: 12 } }"), [10, 12, 14, 16, 18])
    expect(try path(link(1, ", on: growth"), "budget: { hold: 12 }"), [10, 12, 14, 16, 18])
    expect(try path(link(1, ", on: level"), "budget: { hold: 12 }"), [10, 12, 12, 12, 12])
  }

  /// Half of it in the year and half in the next: 1, then 1 + 2, then 1 + 2 + 2.
  @Test func lagsOnGrowth() throws {
    expect(
      try path(link(1, lag: "[0.5, 0.5]", ", on: growth"), "budget: { step: { from: 2026, value: 12 } }"),
      [10, 11, 13, 15, 17])
  }

  /// Twice the budget at an elasticity of 0.5 is the factor √2 on growth, every year anew.
  @Test func percentOnGrowthCompounds() throws {
    let root = 2.0.squareRoot()
    expect(
      try path(link(0.5, form: "elasticity", ", on: growth"), "budget: { step: { from: 2026, value: 20 } }"),
      [10, 10 * root, 20, 20 * root, 40])
  }

  /// More growth in one year lifts the level for good; where it stays, growth goes on.
  @Test func carryOverOnGrowth() throws {
    let pulse = "budget: { pulse: { years: [2026], value: 12 } }"
    expect(try path(link(1, ", on: growth"), pulse), [10, 12, 12, 12, 12])
    let stays = link(1, ", on: growth").replacingOccurrences(of: "carry_over: none", with: "carry_over: stays")
    expect(try path(stays, pulse), [10, 12, 14, 16, 18])
  }

  /// A level that is a fifth higher adds a fifth to the growth of another indicator.
  @Test func anIndicatorMovesGrowth() throws {
    let links = link(1, "") + SmallModel.link("flat", "other", size: 1, more: ", on: growth")
    expect(
      try path(links, "budget: { step: { from: 2026, value: 12 } }", of: "other"),
      [10, 12, 14.4, 17.28, 20.736])
  }

  // MARK: the change of the cause

  /// The budget rises by 2, by 3 and not at all: the effect is there only while it rises.
  @Test func anAcceleratorFollowsChanges() throws {
    let levers = "budget: { values: { 2026: 12, 2027: 15, 2028: 15 } }"
    expect(try path(link(1, ", cause_as: change"), levers), [10, 12, 13, 10, 10])
    expect(try path(link(1, lag: "[0, 1]", ", cause_as: change"), levers), [10, 10, 12, 13, 10])
    expect(try path(link(1, ", cause_as: level"), levers), [10, 12, 15, 15, 15])
  }

  /// Twice in one year and back: up by half of log 2, then down by as much.
  @Test func anAcceleratorTakesBack() throws {
    let root = 2.0.squareRoot()
    expect(
      try path(
        link(0.5, form: "elasticity", ", cause_as: change"), "budget: { pulse: { years: [2026], value: 20 } }"),
      [10, 10 * root, 10 / root, 10, 10])
  }

  @Test func anIndicatorsChangeMovesAnother() throws {
    let links = link(1, "") + SmallModel.link("flat", "other", form: "level", size: 2, more: ", cause_as: change")
    expect(
      try path(links, "budget: { ramp: { from: 2026, to: 2027, value: 14 } }", of: "other"), [10, 14, 14, 10, 10])
  }

  // MARK: what belongs to it

  /// Changes taken apart by lever add up with links of every kind in time.
  @Test func attributionTelescopes() throws {
    let links =
      SmallModel.link("budget", "flat", size: 0.3, spread: 0.1, lag: "[0.5, 0.5]", more: ", on: growth")
      + SmallModel.link("more", "flat", size: 0.4, spread: 0.1, more: ", cause_as: change")
      + SmallModel.link("flat", "other", size: 0.5, spread: 0.2, more: ", on: growth")
    let result = try folder(links).run(
      [
        ("option", "levers: { budget: { step: { from: 2026, value: 15 } }, more: { step: { from: 2027, value: 20 } } }")
      ],
      draws: 300, byLever: true)
    let attribution = try #require(result.scenarios[0].attribution)
    for node in result.model.nodes.indices {
      for year in result.model.grid.indices {
        let change = result.scenarios[0].statistics[node][year].changeMean ?? 0
        let sum = attribution.effects.reduce(0) { $0 + $1[node][year] }
        #expect(abs(sum - change) <= 1e-9 * max(abs(change), 1))
      }
    }
    let other = try #require(result.model.nodeIndex("other"))
    #expect(attribution.effects.allSatisfy { $0[other][5] != 0 })
  }

  @Test func combinationsWithoutAMeaning() throws {
    func problems(_ links: String, indicators: String = "") -> [String] {
      codes { _ = try folder(links, indicators: indicators).catalog() }
    }
    #expect(problems(link(1, ", on: growth, cause_as: change")) == ["wrong_time"])
    let stays = link(1, ", cause_as: change").replacingOccurrences(of: "carry_over: none", with: "carry_over: stays")
    #expect(problems(stays) == ["wrong_time"])
    let chained =
      "  rate: { name: rate, unit: percent, range: real, baseline: { model: combination } }\n"
      + "  chained: { name: chained, unit: units, range: positive, identity: { chain: rate, base_year: 2025, base: 1 } }\n"
    let toRate = SmallModel.link("budget", "rate", form: "level", size: 1, more: ", on: growth")
    #expect(problems(toRate, indicators: chained) == ["wrong_time"])
    #expect(problems(link(1, ", on: change")) == ["unknown_value"])
    #expect(problems(link(1, ", cause_as: growth")) == ["unknown_value"])
    #expect(problems(link(1, ", on: growth")) == [])
  }

  /// Counts of projects have no growth from year to year.
  @Test func aProcessHasNoGrowth() throws {
    let folder = try ModelFolder.copyOfShipped()
    try folder.append(
      "model/investment.yaml", after: "\nlinks:\n",
      "  - { cause: private_mobilisation, effect: fdi_new_projects, form: level, scope: structural, on: growth, prior: { central: 1 }, lag: [1], grade: D, evidence: none }\n"
    )
    #expect(codes { _ = try folder.catalog() } == ["wrong_time"])
  }
}
