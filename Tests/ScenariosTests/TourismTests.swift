import Foundation
import NumericKernels
import Scenarios
import Testing

@Suite struct TourismTests {
  private let shipped: ShippedModel

  init() throws { shipped = try ShippedModel.get() }

  @Test func identitiesHoldInEveryDraw() throws {
    let ids = [
      "tourism_arrivals_domestic", "tourism_arrivals_international", "tourism_arrivals", "tourism_spend_per_visit",
      "tourism_revenue", "price_level", "tourism_spend_per_visit_2025_prices",
    ]
    let text = "levers: { night_economy: { step: { from: 2026, value: 0.2 } }, tourism_year: { hold: 1 } }"
    for scenario in [nil, try shipped.scenario(text)] {
      let values = try shipped.values(ids, under: scenario)
      for year in shipped.model.grid.indices {
        for d in 0..<ShippedModel.draws {
          func value(_ position: Int) -> Double { values[ids[position]]?[year][d] ?? .nan }
          #expect(value(2) == value(0) + value(1))
          #expect(abs(value(4) / (value(2) * value(3) / 1000) - 1) < 1e-12)
          #expect(abs(value(6) * value(5) / value(3) - 1) < 1e-12)
        }
      }
    }
  }

  @Test func aTourismYearHasNoCarryOver() throws {
    let id = "tourism_arrivals_domestic"
    let base = try shipped.values([id])[id] ?? []
    let title = try shipped.values(
      [id], under: shipped.scenario("levers: { tourism_year: { pulse: { years: [2028], value: 1 } } }"))[id]
    for (position, year) in shipped.model.grid.enumerated() {
      if year == 2028 {
        // Percent of overnight stays times their share of visits, each with the draw's own number.
        let stream = RandomStream(seed: 1, id: "tourism_year -> \(id)", purpose: .effect)
        let (percent, share) = (Prior(low: 4, central: 8, high: 12), Prior(low: 0.35, central: 0.45, high: 0.6))
        for d in 0..<ShippedModel.draws {
          let part = share.value(atNormal: stream.normal(item: 1, draw: d), widening: 1.5)
          guard part > 0 else { continue }
          let expected = percent.value(atNormal: stream.normal(item: 0, draw: d), widening: 1.25) / 100 * part
          #expect(abs(log((title?[position][d] ?? .nan) / base[position][d]) - expected) < 1e-9)
        }
      } else {
        #expect(title?[position] == base[position])
      }
    }
  }

  @Test func promotionSaturates() throws {
    let id = "tourism_arrivals_international"
    func under(_ budget: Double) throws -> [[Double]] {
      try shipped.values(
        [id], under: shipped.scenario("levers: { promotion_budget: { step: { from: 2026, value: \(budget) } } }"))[id]
        ?? []
    }
    let (less, limit, beyond, none) = (try under(25), try under(30), try under(100), try under(0))
    #expect(limit == beyond)
    #expect(mean(less[3]) < mean(limit[3]))
    #expect(try under(10) == none)
    #expect(try under(20) == shipped.values([id])[id])
  }

  /// The first projected year lies between models and plan, weighted by precision.
  @Test(arguments: ["tourism_arrivals_domestic", "tourism_arrivals_international"])
  func thePlanPullsTheFirstYear(id: String) throws {
    let baseline = try #require(shipped.model.seriesBaseline(id))
    let plan = try #require(baseline.plan)
    #expect(plan.year == 2026)
    #expect(plan.planned == (id == "tourism_arrivals_international" ? 937_000 : 15_863_000))
    let own = baseline.forecast.standardDeviations[0] * baseline.calibration.stretched(1, step: 1)
    let (a, b) = (1 / (own * own), 1 / (plan.deviation * plan.deviation))
    let planned = log(plan.planned) + plan.bias
    let expected = (a * baseline.forecast.mean[0] + b * planned) / (a + b)
    let draws = (try shipped.values([id])[id]?[1] ?? []).map { log($0) }
    #expect(abs(mean(draws) - expected) < 5 * deviation(draws) / Double(draws.count).squareRoot())
    #expect(deviation(draws) < own)
    #expect(deviation(draws) < 1.6 * (1 / (a + b)).squareRoot())
  }

  @Test func thePlansRecordLeavesOutThePandemic() throws {
    let plan = try #require(shipped.model.seriesBaseline("tourism_arrivals_domestic")?.plan)
    #expect(plan.recordYears == [2015, 2019, 2022, 2023, 2024, 2025])
    let results: [Double] = [5.53, 9.655, 11.01, 12.49, 15.3, 16.28]
    let plans: [Double] = [5.5, 9.5, 10, 12, 13.8, 16]
    let ratios: [Double] = zip(results, plans).map { log($0 / $1) }
    #expect(abs(plan.bias - mean(ratios)) < 1e-4)
    #expect(abs(plan.deviation - deviation(ratios) * (1 + 1.0 / 6).squareRoot()) < 1e-4)
  }

  /// In half of the draws half of the jump fades over three years; in the others nothing happens.
  @Test func theMixtureKeepsItsProbability() throws {
    let folder = try ModelFolder.copyOfShipped()
    let text = try folder.text("model/tourism.yaml")
    try folder.write("model/tourism.yaml", text.replacing("permanent: 0.5", with: "permanent: 1"))
    let (faded, permanent) = (shipped.model, try folder.compile())
    let node = try shipped.node("tourism_spend_per_visit")
    let jump = try #require(faded.seriesBaseline("tourism_spend_per_visit")?.mixture).jump
    #expect(jump > 0.05)
    let with = try shipped.values(["tourism_spend_per_visit"])["tourism_spend_per_visit"] ?? []
    let without = try baselineDraws(permanent, draws: ShippedModel.draws)[node]
    for (year, share) in [(1, 1.0 / 3), (2, 2.0 / 3), (3, 1), (5, 1)] {
      let changes = zip(with[year], without[year]).map { log($0 / $1) }
      let fading = changes.filter { abs($0) > 1e-9 }
      #expect(fading.allSatisfy { abs($0 + jump * 0.5 * share) < 1e-9 })
      let error = (0.25 / Double(changes.count)).squareRoot()
      #expect(abs(Double(fading.count) / Double(changes.count) - 0.5) < 5 * error)
    }
  }
}
