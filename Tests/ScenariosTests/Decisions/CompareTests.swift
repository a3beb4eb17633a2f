import Foundation
import Scenarios
import Testing

/// Comparisons whose answers are known: indicators that never move, levers that add to them.
@Suite struct CompareKnownAnswerTests {
  /// `flat` stays at 10; the lever adds its value, at a cost.
  private func folder(_ targets: [String] = [], cost: String = "cost: own", more: String = "") throws -> ModelFolder {
    try ModelFolder.small(
      "indicators:\n" + SmallModel.series("flat", headline: true) + SmallModel.series("sales", headline: true)
        + "levers:\n" + SmallModel.lever("budget", baseline: 0, range: "[0, 100]", more: ", " + cost)
        + SmallModel.lever("free", baseline: 0, range: "[0, 100]")
        + SmallModel.lever("seller", range: "[0.001, 100]", more: ", cost: own") + "links:\n"
        + SmallModel.link("budget", "flat", form: "level", size: 1)
        + SmallModel.link("free", "flat", form: "level", size: 1)
        + SmallModel.link("seller", "sales", size: 0.1, spread: 0.3) + more,
      observations: observations("flat", from: 2014, [Double](repeating: 10, count: 12)) + SmallModel.sales,
      targets: targets)
  }

  private func line(_ period: String, _ aggregate: String, _ value: String, comparison: String = ">=") -> String {
    "flat,\(period),\(aggregate),\(comparison),\(value),,,law,yes,"
  }

  private let three = "levers: { budget: { step: { from: 2027, value: 3 } } }"

  @Test func changesAndFirstMet() throws {
    let folder = try folder([
      line("2027", "year", "12"), line("2026/2030", "sum", "60"), line("2026/2030", "average", "12.1"),
      line("2015/", "year", "9"), line("2030", "year", "14"),
    ])
    let result = try folder.compare([("three", three)], draws: 100)
    #expect(result.items.count == 6)  // Five targets, and `sales` without one.
    let year = try result.outcome("three", "flat", "2027")
    #expect(abs((year.change?.median ?? 0) - 3) < 1e-9 && abs((year.change?.low ?? 0) - 3) < 1e-9)
    #expect(abs((year.cumulated?.median ?? 0) - 12) < 1e-9)
    #expect(year.probability?.value == 1 && year.probabilityGain?.value == 1)
    #expect(year.firstMet?.year == .projected(2027))
    #expect(try result.outcome("baseline", "flat", "2027").firstMet?.year == .notBy(2030))
    #expect(try result.outcome("baseline", "flat", "2027").change == nil)
    // 10 + 13 + 13 + 13 = 49 by 2029, 62 by 2030; averages so far 10, 11.5, 12, 12.25.
    #expect(abs((try result.outcome("three", "flat", "2026/2030").change?.median ?? 0) - 12) < 1e-9)
    let sum = result.items.firstIndex { $0.aggregate == .sum } ?? 0
    let average = result.items.firstIndex { $0.aggregate == .average } ?? 0
    let three = try result.option("three")
    #expect(three.outcomes[sum].firstMet?.year == .projected(2030))
    #expect(three.outcomes[average].firstMet?.year == .projected(2029))
    #expect(abs((three.outcomes[average].change?.median ?? 0) - 2.4) < 1e-9)
    let open = result.items.firstIndex { $0.target?.period.lastYear == 2100 } ?? 0
    #expect(three.outcomes[open].firstMet?.year == .already(2025))
    // Never met: the share says so, and its error is not zero.
    let never = try #require(result.items.firstIndex { $0.target?.value == 14 })
    #expect(three.outcomes[never].probability?.value == 0 && (three.outcomes[never].probability?.error ?? 0) > 0)
    #expect(three.outcomes[never].shortfall.map { abs($0 - 1) < 1e-9 } == true)
  }

  @Test func costsInClosedForm() throws {
    var request = ComparisonRequest()
    (request.budget, request.discountRate) = (5, 0.1)
    let ramp = "levers: { budget: { ramp: { from: 2027, to: 2029, value: 6 } } }"
    let result = try folder([line("2030", "year", "12")], cost: "cost: { per_unit: 2, capital: 10 }").compare(
      [
        ("ramp", ramp), ("free", "levers: { free: { step: { from: 2026, value: 1 } } }"),
        ("stated", "levers: { free: { step: { from: 2028, value: 1 }, cost: { capital: 7, yearly: 2 } } }"),
      ], request, draws: 100)
    // 2025 to 2030: 0, 0, 2, 4, 6, 6 units above the baseline; each costs 2 a year and 10 once.
    let cost = try result.option("ramp").cost
    #expect(cost.years == Array(2025...2030))
    #expect(cost.yearly == [0, 0, 4, 8, 12, 12])
    #expect(cost.capital == [0, 0, 20, 20, 20, 0])
    #expect(cost.total == 96 && cost.totalCapital == 60 && cost.largestYear == 32)
    let expected = zip([24.0, 28, 32, 12], 2...5).reduce(0) { $0 + $1.0 / pow(1.1, Double($1.1)) }
    #expect(abs((try result.option("ramp").discountedCost ?? 0) - expected) < 1e-9)
    #expect(try result.option("ramp").fitsBudget == false)
    #expect(try result.option("ramp").yearsAboveBudget == [2027, 2028, 2029, 2030])
    // 6 units more in 2030.
    let perUnit = try #require(try result.option("ramp").costPerUnit[0])
    #expect(abs(perUnit - expected / 6) < 1e-9)
    let free = try result.option("free")
    #expect(free.cost.uncosted == ["free"] && !free.cost.isKnown)
    #expect(free.fitsBudget == nil && free.isEfficient == nil && free.discountedCost == nil)
    #expect(free.costPerUnit.allSatisfy { $0 == nil })
    let stated = try result.option("stated")
    #expect(stated.cost.stated == ["free"] && stated.cost.isKnown)
    #expect(stated.cost.capital == [0, 0, 0, 7, 0, 0] && stated.cost.yearly == [0, 0, 0, 2, 2, 2])
    #expect(stated.yearsAboveBudget == [2028])
    #expect(try result.option("baseline").cost.total == 0)
    #expect(try result.option("baseline").fitsBudget == true)
  }

  @Test func tiesDominationAndFrontier() throws {
    var request = ComparisonRequest()
    request.objective = .targets
    let less = "levers: { budget: { step: { from: 2027, value: 1 } } }"
    let result = try folder([line("2027", "year", "12")]).compare(
      [
        ("less", less), ("more", three), ("twin", three),
        ("late", "levers: { budget: { step: { from: 2028, value: 3 } } }"),
      ],
      request, draws: 200)
    #expect(result.targetCount == 1)
    #expect(result.options.map(\.id) == ["more", "twin", "baseline", "less", "late"])
    #expect(result.options.map(\.rank) == [1, 1, 3, 3, 3])
    #expect(try result.option("more").tiedWith == ["twin"])
    #expect(result.options.map(\.expectedTargetsMet) == [1, 1, 0, 0, 0])
    #expect(try result.option("more").probabilityBest == Estimate(value: 0.5, error: 0))
    #expect(try result.option("more").expectedRegret == 0 && result.option("late").expectedRegret == 1)
    #expect(result.pairs.count == 10 && result.pairs[0].probabilityFirstBetter.value == 0.5)
    // `late` brings as much in the end as `more` for less money; equal means in every headline indicator of the last year.
    #expect(try result.option("more").dominatedBy == ["late"] && result.option("late").dominatedBy.isEmpty)
    #expect(try result.option("baseline").isEfficient == true && result.option("more").isEfficient == true)
    #expect(try result.option("less").isEfficient == false)
  }

  /// Everything again from the draws themselves, by the definitions.
  @Test func bruteForce() throws {
    let folder = try folder(["sales,2028,year,>=,190,,,law,yes,"])
    let texts = [
      ("a", "levers: { seller: { step: { from: 2026, value: 30 } } }"),
      ("b", "levers: { seller: { step: { from: 2026, value: 14 } }, budget: { step: { from: 2026, value: 1 } } }"),
    ]
    var request = ComparisonRequest()
    request.objective = .indicator("sales")
    let result = try folder.compare(texts, request, draws: 700)
    let model = try folder.compile()
    let definitions = try folder.scenarios(texts)
    let node = try #require(model.nodeIndex("sales"))
    let draws =
      try [try baselineDraws(model, draws: 700)[node]]
      + definitions.map { try scenarioDraws(model, $0, draws: 700)[node] }
    let ids = ["baseline", "a", "b"]
    var (wins, regrets) = ([0.0, 0, 0], [[Double]](repeating: [], count: 3))
    for d in 0..<700 {
      let values = draws.map { $0[5][d] }
      let best = values.max() ?? 0
      for (k, value) in values.enumerated() {
        regrets[k].append(best - value)
        if value == best { wins[k] += 1 / Double(values.count { $0 == best }) }
      }
    }
    for (k, id) in ids.enumerated() {
      let option = try result.option(id)
      #expect(abs(option.probabilityBest.value - wins[k] / 700) < 1e-12)
      #expect(abs(option.expectedRegret - mean(regrets[k])) < 1e-9)
      #expect(abs(option.objective.value - mean(draws[k][5])) < 1e-9)
      let hits = draws[k][3].count { $0 >= 190 }
      #expect(try result.outcome(id, "sales").probability?.value == Double(hits) / 700)
      let p = Double(hits) / 700
      #expect(abs((try result.outcome(id, "sales").probability?.error ?? 0) - (p * (1 - p) / 700).squareRoot()) < 1e-12)
    }
    let changes = zip(draws[1][3], draws[0][3]).map { $0 - $1 }.sorted()
    #expect(abs((try result.outcome("a", "sales").change?.median ?? 0) - 0.5 * (changes[349] + changes[350])) < 1e-9)
    let pair = try #require(result.pairs.first { Set([$0.first, $0.second]) == ["a", "baseline"] })
    let better = zip(draws[1][5], draws[0][5]).reduce(0.0) { $0 + ($1.0 > $1.1 ? 1 : $1.0 == $1.1 ? 0.5 : 0) } / 700
    #expect(
      abs((pair.first == "a" ? pair.probabilityFirstBetter.value : 1 - pair.probabilityFirstBetter.value) - better)
        < 1e-12)
    #expect(Set(result.options.map(\.rank)).isSubset(of: [1, 2, 3]))
  }

  @Test func weightsAndTheirRange() throws {
    var request = ComparisonRequest()
    request.weights = [.init(criterion: "flat", weight: 3), .init(criterion: "cost", weight: 1)]
    // Gains 0, 1, 4; costs 0, 4 (2027 to 2030), 16; the uncosted one takes no part.
    let result = try folder().compare(
      [
        ("one", "levers: { budget: { step: { from: 2027, value: 1 } } }"),
        ("four", "levers: { budget: { step: { from: 2027, value: 4 } } }"),
        ("free", "levers: { free: { step: { from: 2027, value: 9 } } }"),
      ], request, draws: 50)
    let weighted = try #require(result.weighted)
    #expect(weighted.leftOut == ["free"])
    #expect(weighted.rows.map(\.option).first == "four")
    #expect(weighted.rows.first.map { abs($0.total - 0.75) < 1e-9 } == true)
    let range = try #require(weighted.ranges.first)
    #expect(abs(range.weight - 0.75) < 1e-12 && abs(range.lower - 0.5) < 1e-9 && range.upper == 1)
    #expect(range.winnerBelow == "baseline" || range.winnerBelow == "one")
  }

  @Test func namedFutures() throws {
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales", more: ", loadings: { growth: 0.6 }", headline: true)
        + SmallModel.world + "levers:\n" + SmallModel.lever("budget", more: ", cost: own") + "links:\n"
        + SmallModel.link("budget", "sales", size: 0.3)
        + SmallModel.link("growth", "sales", form: "semi_elasticity", size: 1, more: ""),
      observations: SmallModel.sales + SmallModel.growth)
    var request = ComparisonRequest()
    request.objective = .indicator("sales")
    let (more, good, bad) = (
      "levers: { budget: { step: { from: 2026, value: 20 } } }", "world: { growth: { hold: 9 } }",
      "world: { growth: { hold: 3 } }"
    )
    let result = try folder.compare([("more", more)], futures: [("good", good), ("bad", bad)], request, draws: 300)
    let table = try #require(result.futures)
    #expect(table.options == ["baseline", "more"] && table.minimaxRegret == "more")
    let model = try folder.compile()
    let node = try #require(model.nodeIndex("sales"))
    for (column, world) in [good, bad].enumerated() {
      let base = mean(try scenarioDraws(model, folder.scenario(world), draws: 300)[node][5])
      let own = mean(try scenarioDraws(model, folder.scenario(more + "\n" + world), draws: 300)[node][5])
      #expect(abs(table.objectives[0][column] - base) < 1e-9 && abs(table.objectives[1][column] - own) < 1e-9)
      #expect(abs(table.regrets[0][column] - (own - base)) < 1e-9 && table.regrets[1][column] == 0)
    }
    let largest = try #require(try result.option("baseline").largestRegret)
    #expect(largest.future == "good" && largest.regret == table.regrets[0].max())
  }

  @Test func precisionAddsDraws() throws {
    var request = ComparisonRequest()
    request.precision = 0.01
    let folder = try folder(["sales,2028,year,>=,190,,,law,yes,"])
    let result = try folder.compare([("three", three)], request, draws: 200)
    #expect(result.monteCarlo.draws > 200 && result.monteCarlo.isReached)
    #expect(result.monteCarlo.largestError <= 0.01)
    #expect(result.fingerprint.draws == result.monteCarlo.draws)
    // The same draws as a run that is told their number.
    let told = try folder.compare([("three", three)], draws: result.monteCarlo.draws)
    #expect(told.fingerprint == result.fingerprint)
    #expect(told.options.map(\.objective) == result.options.map(\.objective))
    request.precision = 0.4
    #expect(try folder.compare([("three", three)], request, draws: 200).monteCarlo.draws == 200)
  }

  @Test func gradeD() throws {
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales", headline: true)
        + SmallModel.series("visits", headline: true, good: "down") + "levers:\n" + SmallModel.lever("budget")
        + SmallModel.lever("guess") + "links:\n" + SmallModel.link("budget", "sales", size: 0.1, spread: 0.3)
        + SmallModel.link("guess", "visits", size: 0.5, grade: "D"), observations: SmallModel.sales + SmallModel.visits)
    let (more, bad) = ("levers: { budget: { hold: 30 } }", "levers: { guess: { step: { from: 2026, value: 30 } } }")
    let result = try folder.compare([("bad", bad), ("x", more), ("y", more)], draws: 600)
    #expect(abs(result.options.map(\.probabilityBest.value).reduce(0, +) - 1) < 1e-9)
    #expect(try result.option("x").probabilityBest == result.option("y").probabilityBest)
    // The sign of the effect is uncertain, so the baseline wins in the other draws.
    #expect(try result.option("x").probabilityBest.value > 0.2 && result.option("baseline").probabilityBest.value > 0.2)
    #expect(result.options.map(\.id) == ["x", "y", "baseline", "bad"])
    let last = try #require(result.options.last)
    #expect(last.improvement < 0 && last.improvementWithoutD == 0 && last.probabilityBest.value == 0)
    #expect(last.support.weakest == .d && abs(last.support.shareD - 1) < 1e-9)
    #expect(try last.rankWithoutD == result.option("baseline").rankWithoutD)
    #expect(result.isOpinion)
    #expect(try folder.compare([("x", more)], draws: 100).isOpinion == false)
  }

  @Test func aPlannersPathHasNoProbability() throws {
    let folder = try ModelFolder.small(
      "indicators:\n"
        + "  rooms: { name: rooms, unit: units, range: positive, good: up, baseline: { model: assumption, path: { 2025: 10 }, yearly: 1, stated: 2026-01-01, evidence: guess } }\n"
        + "  sum: { name: sum, unit: units, range: positive, good: up, headline: true, identity: { sum: [rooms, sales] } }\n"
        + SmallModel.series("sales") + "levers:\n" + SmallModel.lever("budget") + "links:\n"
        + SmallModel.link("budget", "sales", size: 0.1), observations: SmallModel.sales,
      targets: ["sum,2030,year,>=,150,,,law,yes,"])
    let result = try folder.compare([("x", "levers: { budget: { step: { from: 2026, value: 20 } } }")], draws: 100)
    #expect(result.targetCount == 0)
    let outcome = try result.outcome("x", "sum")
    #expect(outcome.probability == nil && outcome.firstMet == nil && outcome.shortfall == nil)
    #expect((outcome.change?.median ?? 0) > 0)
    #expect(result.options.allSatisfy { $0.expectedTargetsMet == 0 })
  }

  @Test func wrongWords() throws {
    let folder = try folder()
    var request = ComparisonRequest()
    request.objective = .indicator("sale")
    request.weights = [.init(criterion: "costs", weight: 1)]
    #expect(codes { _ = try folder.compare([("three", three)], request, draws: 20) } == ["unknown_id", "unknown_id"])
  }

  @Test func threadsChangeNothing() throws {
    let folder = try folder([line("2027", "year", "12")])
    let one = try folder.compare([("three", three)], draws: 1100, threads: 1)
    let many = try folder.compare([("three", three)], draws: 1100, threads: 5)
    #expect(one.options.map(\.objective) == many.options.map(\.objective))
    #expect(one.options.map(\.expectedRegret) == many.options.map(\.expectedRegret))
    #expect(one.pairs == many.pairs)
  }
}
