import Foundation
import Scenarios
import Testing

/// The shipped model of the whole province: accounts, ranges, sources and systems.
@Suite struct SystemsTests {
  private let shipped: ShippedModel
  private static let systems = [
    "competitiveness", "investment", "industry", "tourism", "agriculture", "farmers_union", "new_rural", "cadres",
    "border", "province",
  ]

  init() throws { shipped = try ShippedModel.get() }

  private func shippedScenarios() throws -> [ScenarioDefinition] {
    let folder = try DataFolder(path: shippedPath)
    return try ScenarioReader(catalog: shipped.catalog, until: 2030).read(folder.scenarioFiles())
  }

  private func named(_ id: String) throws -> ScenarioDefinition {
    guard let scenario = try shippedScenarios().first(where: { $0.id == id }) else { throw TestProblem.missing(id) }
    return scenario
  }

  @Test(arguments: [nil, "combined-programme", "bad-world"])
  func theAccountsAddUpInEveryDraw(scenario: String?) throws {
    let items = ["agriculture_forestry_fishery", "industry_construction", "services", "product_taxes"]
    let others = [
      "grdp_constant", "grdp", "grdp_deflator", "grdp_vintage_residual", "grdp_growth", "population", "exchange_rate",
      "grdp_per_capita_vnd", "grdp_per_capita", "total_social_investment", "investment_rate", "icor", "employment",
      "labour_productivity", "grdp_services_core", "grdp_services_factor",
    ]
    let ids = items.map { "grdp_" + $0 } + items.map { "grdp_constant_share_" + $0 } + others
    let values = try shipped.values(ids, under: try scenario.map(named))
    for year in shipped.model.grid.indices {
      var problems = 0
      for d in 0..<ShippedModel.draws {
        func value(_ id: String, _ y: Int) -> Double { values[id]?[y][d] ?? .nan }
        func close(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1) }
        let total = value("grdp_constant", year)
        let isRight =
          close(items.map { value("grdp_" + $0, year) }.reduce(0, +), total)
          && close(items.map { value("grdp_constant_share_" + $0, year) }.reduce(0, +), 100)
          && close(
            value("grdp_services_core", year) * value("grdp_services_factor", year), value("grdp_services", year))
          && close(total * value("grdp_deflator", year) * value("grdp_vintage_residual", year), value("grdp", year))
          && close(value("grdp_per_capita_vnd", year) * value("population", year), value("grdp", year))
          && close(
            value("grdp_per_capita", year) * value("exchange_rate", year), value("grdp_per_capita_vnd", year) * 1e6)
          && close(
            value("icor", year) * value("grdp_growth", year) / 100 * value("grdp", year),
            value("total_social_investment", year))
          && close(value("labour_productivity", year) * value("employment", year), value("grdp", year))
          && (year == 0
            || close(total, value("grdp_constant", year - 1) * (1 + value("grdp_growth", year) / 100)))
        if !isRight { problems += 1 }
      }
      #expect(problems == 0)
    }
  }

  /// With the recovered weights the published growth of the items gives the published total, and the levels sum to the published GRDP.
  @Test func theConstantPriceWeightsReproduceThePublishedGrowth() throws {
    let growth: [[Double]] = [[3.91, 9.56, 8.01, -5.21], [4.31, 16.84, 8.51, 5.07], [1.14, 10.63, 8.79, 1.73]]
    let totals = [7.29, 11.72, 8.27]
    let ids = ["agriculture_forestry_fishery", "industry_construction", "services", "product_taxes"].map {
      "grdp_" + $0
    }
    let values = try shipped.values(ids)
    #expect(shipped.model.grid[0] == 2025)
    var levels = ids.map { values[$0]?[0][0] ?? .nan }
    #expect(abs(levels.reduce(0, +) - 333_617) < 1e-6)
    for (items, total) in zip(growth, totals).reversed() {
      let before = zip(levels, items).map { $0 / (1 + $1 / 100) }
      #expect(abs(100 * (levels.reduce(0, +) / before.reduce(0, +) - 1) - total) < 0.01)
      levels = before
    }
  }

  @Test func theBaselineMeetsThePublishedFigures() throws {
    let ids = ["grdp", "grdp_growth", "exports", "budget_revenue", "total_social_investment", "poverty_rate"]
    for (id, published) in zip(ids, [333_617, 8.27, 8000, 57_000, 148_500, 0.52]) {
      #expect(try shipped.model.nodes[shipped.node(id)].facts[2025] == published)
    }
    let values = try shipped.values(["grdp", "grdp_growth"])
    #expect(values["grdp"]?[0].allSatisfy { abs($0 - 333_617) < 1e-6 } == true)
    #expect(values["grdp_growth"]?[0].allSatisfy { $0 == 8.27 } == true)
  }

  @Test(arguments: [nil, "combined-programme", "low-effort", "bad-world"])
  func rangesHold(scenario: String?) throws {
    let definitions = shipped.model.nodes.map(\.definition)
    let values = try shipped.values(definitions.map(\.id), under: try scenario.map(named))
    for definition in definitions {
      let all = (values[definition.id] ?? []).joined()
      let smallest = all.min() ?? .nan
      let largest = all.max() ?? .nan
      #expect(smallest.isFinite && largest.isFinite, "\(definition.id)")
      guard definition.range != .real else { continue }
      #expect(smallest >= 0, "\(definition.id)")
      #expect(largest <= definition.range.upperBound ?? .infinity, "\(definition.id)")
    }
  }

  @Test func everyNumberHasASourceAndAGrade() throws {
    let catalog = shipped.catalog
    for lever in catalog.levers {
      #expect(!lever.evidence.isEmpty, "\(lever.id)")
      #expect(lever.name.vi != lever.name.en && !lever.owner.vi.isEmpty && !lever.unit.isEmpty, "\(lever.id)")
      let base = try #require(shipped.model.leverBaseline(lever.id)).value(in: 2030)
      #expect(lever.kind == .project || lever.range.contains(.multiple(1), base: base), "\(lever.id)")
      if lever.kind == .project { #expect(lever.evidence == "project:" + lever.id) }
      #expect(catalog.links.contains { $0.cause == lever.id } || lever.kind == .ambition, "\(lever.id) moves nothing")
    }
    for link in catalog.links { #expect(!link.evidence.isEmpty, "\(link.cause) -> \(link.effect)") }
    for indicator in catalog.indicators {
      #expect(!indicator.unit.isEmpty && !indicator.name.vi.isEmpty && !indicator.name.en.isEmpty)
      guard case .series(let series) = indicator.source, let assumption = series.assumption else { continue }
      #expect(!assumption.evidence.isEmpty, "\(indicator.id)")
      #expect(indicator.note != nil, "\(indicator.id): a planner's path must say so")
    }
  }

  /// An evidence id at the start of a text must exist in the table; a link with a published grade must name one.
  @Test func evidenceIdsExist() throws {
    let table = try String(contentsOfFile: shippedPath + "/evidence/lever_evidence.csv", encoding: .utf8)
    let known = Set(table.split(separator: "\n").compactMap { $0.split(separator: ",").first.map(String.init) })
    let projects = try String(contentsOfFile: shippedPath + "/evidence/projects.csv", encoding: .utf8)
    let pattern = /[A-Z]{3}-[0-9]{2}/
    let sources =
      shipped.catalog.links.map { ($0.cause + " -> " + $0.effect, $0.evidence) }
      + shipped.catalog.levers.map { ($0.id, $0.evidence) }
    for (what, text) in sources {
      for match in text.matches(of: pattern) { #expect(known.contains(String(match.output)), "\(what)") }
      if text.hasPrefix("project:") { #expect(projects.contains("\n" + text.dropFirst(8) + ","), "\(what)") }
    }
    for link in shipped.catalog.links where [.a, .b, .c].contains(link.grade) {
      #expect(link.evidence.contains(pattern) || link.evidence.hasPrefix("definition"), "\(link.cause)")
    }
  }

  @Test(arguments: systems)
  func everySystemIsComplete(system: String) throws {
    let catalog = shipped.catalog
    #expect(catalog.systems.contains { $0.id == system })
    let indicators = catalog.indicators.filter { $0.system == system }
    let levers = Set(catalog.levers.filter { $0.system == system }.map(\.id))
    #expect(!indicators.isEmpty && !levers.isEmpty)
    // A headline indicator without a target is listed as having no official target.
    #expect(
      indicators.contains { indicator in indicator.headline || catalog.targets.contains { $0.indicator == indicator.id }
      })
    let moved = try shippedScenarios().filter { scenario in scenario.levers.contains { levers.contains($0.lever) } }
    #expect(moved.count >= 2, "a department's scenario and the combined programme")
  }

  @Test func everyScenarioSaysWhatItAssumes() throws {
    let scenarios = try shippedScenarios()
    #expect(scenarios.count >= 11)
    for scenario in scenarios {
      let text = try #require(scenario.description, "\(scenario.id)")
      #expect(text.vi != text.en && text.vi.count > 40 && text.en.count > 40, "\(scenario.id)")
    }
  }

  /// The ids and units that scripts and readers rely on.
  @Test func contractIdsAndUnits() throws {
    let units = [
      "grdp": "billion_vnd", "grdp_growth": "percent", "grdp_per_capita": "usd", "budget_revenue": "billion_vnd",
      "exports": "million_usd", "state_budget_investment": "billion_vnd", "ntm_commune_share": "percent",
      "poverty_rate": "percent", "fdi_realised": "million_usd", "tourism_revenue": "billion_vnd",
    ]
    for (id, unit) in units { #expect(shipped.catalog.indicator(id)?.unit == unit, "\(id)") }
  }

  @Test func aPlannersPathHasNoProbabilityOfATarget() throws {
    let folder = try ModelFolder.copyOfShipped()
    let result = try folder.run([], draws: 50)
    func targets(_ id: String) -> [TargetResult] { result.baseline.targets.filter { $0.target.indicator == id } }
    for id in ["exports", "total_social_investment", "income_per_capita", "grdp_growth", "grdp_per_capita"] {
      #expect(!targets(id).isEmpty && targets(id).allSatisfy { $0.isScenarioOnly && $0.probability.isNaN }, "\(id)")
      #expect(targets(id).allSatisfy { $0.shortfall >= 0 }, "\(id)")
    }
    for id in ["budget_revenue_growth", "tourism_arrivals", "pci_rank"] {
      #expect(targets(id).allSatisfy { !$0.isScenarioOnly && (0...1).contains($0.probability) }, "\(id)")
    }
    let exports = try #require(result.model.nodeIndex("exports"))
    #expect(result.model.modelName(of: result.model.nodes[exports]).contains("grade D"))
    #expect(result.model.excluded.isEmpty)
  }

  /// The panel finds nothing from the PCI to growth (0.0001 with a standard error of 0.002 per point): the chain must stay inside.
  @Test func theChainFromReformToGrowthStaysInsideTheNull() throws {
    let ids = ["pci_score", "grdp_growth"]
    let base = try shipped.values(ids)
    let reform = try shipped.values(
      ids, under: shipped.scenario("levers: { reform_package: { hold: 0.9, on: [time_costs, informal_charges] } }"))
    let last = shipped.model.grid.count - 1
    func change(_ id: String) -> Double { mean(reform[id]?[last] ?? []) - mean(base[id]?[last] ?? []) }
    #expect(change("pci_score") > 0.2)
    #expect(abs(change("grdp_growth") / change("pci_score")) < 0.2)
  }

  /// The bands of public investment reach both sides of zero.
  @Test func publicInvestmentMayCrowdOut() throws {
    let ids = ["total_social_investment", "state_budget_investment"]
    let base = try shipped.values(ids)
    let more = try shipped.values(ids, under: shipped.scenario("levers: { public_investment: { hold: 1.2x } }"))
    let changes = zip(more[ids[0]]?[5] ?? [], base[ids[0]]?[5] ?? []).map { $0 - $1 }
    let below = Double(changes.count { $0 < 0 }) / Double(changes.count)
    #expect(below > 0.1 && below < 0.5)
    for (a, b) in zip(more[ids[1]]?[5] ?? [], base[ids[1]]?[5] ?? []) { #expect(abs(a / b - 1.2) < 1e-9) }
  }
}
