import Foundation
import Scenarios
import Testing

/// The stocks of communes in the shipped model.
@Suite struct ShippedStockTests {
  private static let ids = [
    "communes", "ntm_communes", "ntm_commune_share", "ntm_advanced_communes", "ntm_advanced_commune_share",
    "ntm_model_communes", "ntm_model_commune_share", "ntm_recognition_pace", "ntm_advanced_pace", "ntm_model_pace",
  ]

  private func scenarios(_ shipped: ShippedModel) throws -> [ScenarioDefinition?] {
    let all = try ScenarioReader(catalog: shipped.catalog, until: 2030).read(
      DataFolder(path: shippedPath).scenarioFiles())
    let hardest = try shipped.scenario(
      "levers: { ntm_budget_per_commune: { hold: 30 }, community_mobilisation: { hold: 160 }, roadmap_speed: { hold: 10 } }"
    )
    return [nil] + all + [hardest]
  }

  /// 0 <= models <= advanced <= standard <= communes, each moves by its pace, and the shares are those of the communes: in every draw
  /// of every shipped scenario.
  @Test func stocksKeepTheirCeilingsInEveryDraw() throws {
    let shipped = try ShippedModel.get()
    let years = shipped.model.grid.count
    for scenario in try scenarios(shipped) {
      let values = try shipped.values(Self.ids, under: scenario)
      func value(_ id: String, _ year: Int, _ draw: Int) -> Double { values[id]?[year][draw] ?? .nan }
      var problems = 0
      for year in 0..<years {
        for d in 0..<ShippedModel.draws {
          let chain = ["ntm_model_communes", "ntm_advanced_communes", "ntm_communes", "communes"]
          let levels = [0] + chain.map { value($0, year, d) }
          if !zip(levels, levels.dropFirst()).allSatisfy(<=) { problems += 1 }
          for (stock, share) in [
            ("ntm_communes", "ntm_commune_share"), ("ntm_advanced_communes", "ntm_advanced_commune_share"),
            ("ntm_model_communes", "ntm_model_commune_share"),
          ] where value(share, year, d) != 100 * value(stock, year, d) / value("communes", year, d) { problems += 1 }
          guard shipped.model.grid[year] > 2026 else { continue }
          let paces = ["ntm_model_pace", "ntm_advanced_pace", "ntm_recognition_pace"]
          for (position, pace) in paces.enumerated() {
            let (stock, ceiling) = (chain[position], chain[position + 1])
            let before = value(stock, year - 1, d)
            let expected = before + value(pace, year, d) / 100 * (value(ceiling, year, d) - before)
            if abs(value(stock, year, d) - expected) > 1e-9 * expected { problems += 1 }
          }
        }
      }
      #expect(problems == 0, "\(scenario?.id ?? "baseline")")
    }
  }

  /// 2025 is the last count under the old criteria; from 2026 on there are 147 communes and the stock starts anew.
  @Test func theBreaksAreDeclared() throws {
    let shipped = try ShippedModel.get()
    let values = try shipped.values(Self.ids)
    #expect(Array(shipped.model.grid.prefix(2)) == [2025, 2026])
    for (year, count) in [452.0, 147, 147, 147, 147, 147].enumerated() {
      #expect((values["communes"]?[year] ?? []).allSatisfy { abs($0 - count) < 1e-9 })
    }
    for (id, count) in [("ntm_communes", 374.0), ("ntm_advanced_communes", 125), ("ntm_model_communes", 33)] {
      #expect(Set(values[id]?[0] ?? []) == [count], "\(id)")
      #expect(shipped.model.restsOnPlannersPath(id), "\(id)")
    }
    #expect((values["ntm_commune_share"]?[0] ?? []).allSatisfy { abs($0 - 82.743) < 0.001 })
    let restarted = (values["ntm_communes"]?[1] ?? []).sorted()
    #expect(abs(restarted[restarted.count / 2] - 22) < 2)
    #expect(shipped.model.restsOnPlannersPath("ntm_commune_share"))
    for id in ["poverty_rate", "poverty_rate_mountain"] {
      guard case .series(let series)? = shipped.catalog.indicator(id)?.source else { throw TestProblem.missing(id) }
      #expect(series.assumption?.restart?.year == 2027)
    }
  }

  /// More effort brings more, and ever less of it.
  @Test func moreEffortSaturates() throws {
    let shipped = try ShippedModel.get()
    let last = shipped.model.grid.count - 1
    func share(_ budget: Double) throws -> Double {
      let scenario = try shipped.scenario("levers: { ntm_budget_per_commune: { hold: \(budget) } }")
      let draws = try shipped.values(["ntm_commune_share"], under: scenario)["ntm_commune_share"]?[last] ?? []
      return draws.sorted()[draws.count / 2]
    }
    let (today, more, most) = (try share(10), try share(20), try share(30))
    #expect(today < more && more < most && most < 100)
    #expect(most - more < more - today)
  }
}
