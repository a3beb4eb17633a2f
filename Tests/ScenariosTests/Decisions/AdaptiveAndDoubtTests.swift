import Foundation
import NumericKernels
import Scenarios
import Testing
import TextFiles

/// Decisions that wait, and measures that are not known for sure.
@Suite struct AdaptiveAndDoubtTests {
  private func folder() throws -> ModelFolder {
    try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales", headline: true) + SmallModel.series("visits", headline: true)
        + "  both: { name: both, unit: units, range: positive, good: up, identity: { sum: [sales, visits] } }\n"
        + "levers:\n" + SmallModel.lever("budget", more: ", cost: own") + SmallModel.lever("other", more: ", cost: own")
        + "  hall: { name: hall, owner: us, kind: project, unit: halls, range: [0, 1], grade: C, evidence: none, size: { low: 1, central: 1, high: 1 } }\n"
        + "links:\n" + SmallModel.link("budget", "sales", size: 0.3)
        + SmallModel.link("other", "visits", size: 0.5) + SmallModel.link("hall", "visits", form: "level", size: 7),
      observations: SmallModel.sales + SmallModel.visits)
  }

  private let base = "levers: { budget: { step: { from: 2026, value: 15 } } }"
  private let rule =
    "when: { indicator: visits, year: 2027, below: 75, then: { other: { step: { from: 2028, value: 20 } } } }"

  /// The draws of a scenario with its rules, by node and grid year.
  private func draws(_ folder: ModelFolder, _ text: String, draws: Int = 600) throws -> [[[Double]]] {
    let model = try folder.compile()
    let engine = try EngineRun(model, draws: draws, seed: 1, threads: 2)
    let table = try engine.evaluate(try folder.scenario(text)).draws
    return model.nodes.indices.map { node in model.grid.indices.map { Array(table.draws(node, $0)) } }
  }

  @Test func aRuleTakesTheOtherCourseOnlyWhereItHolds() throws {
    let folder = try folder()
    let model = try folder.compile()
    let (never, always) = (
      try draws(folder, base),
      try draws(
        folder, "levers: { budget: { step: { from: 2026, value: 15 } }, other: { step: { from: 2028, value: 20 } } }")
    )
    let decided = try draws(folder, base + "\n" + rule)
    let visits = try #require(model.nodeIndex("visits"))
    var held = 0
    for d in 0..<600 {
      let isHeld = never[visits][2][d] < 75
      held += isHeld ? 1 : 0
      let expected = isHeld ? always : never
      for node in model.nodes.indices {
        for year in model.grid.indices {
          #expect(decided[node][year][d] == expected[node][year][d])
          // Nothing before the rule's year knows of it.
          if year <= 2 { #expect(decided[node][year][d] == never[node][year][d]) }
        }
      }
    }
    #expect(held > 50 && held < 550)
  }

  @Test func rulesFollowOneAnother() throws {
    let folder = try folder()
    let model = try folder.compile()
    let text = """
      \(base)
      when:
        - { indicator: visits, year: 2028, above: 80, then: { hall: { start: 2029 } } }
        - { indicator: visits, year: 2027, below: 75, then: { other: { step: { from: 2028, value: 20 } } } }
      """
    let decided = try draws(folder, text)
    let budget = "budget: { step: { from: 2026, value: 15 } }"
    let (other, hall) = ("other: { step: { from: 2028, value: 20 } }", "hall: { start: 2029 }")
    let courses = try ["", ", " + other, ", " + hall, ", " + other + ", " + hall].map {
      try draws(folder, "levers: { \(budget)\($0) }")
    }
    let visits = try #require(model.nodeIndex("visits"))
    var seen = Set<Int>()
    for d in 0..<600 {
      let first = courses[0][visits][2][d] < 75 ? 1 : 0
      let second = courses[first][visits][3][d] > 80 ? 2 : 0
      seen.insert(first + second)
      #expect(decided[visits].map { $0[d] } == courses[first + second][visits].map { $0[d] })
    }
    #expect(seen.count >= 3)
  }

  @Test func aRuleRevisesALeverAndCostsItsShare() throws {
    let folder = try folder()
    let more =
      "when: { indicator: visits, year: 2027, above: 0, then: { budget: { step: { from: 2028, value: 30 } } } }"
    let result = try folder.compare([("more", base + "\n" + more), ("half", base + "\n" + rule)], draws: 600)
    // A rule that always holds: 15 to 2027, 30 from 2028; beyond the baseline of 10.
    let option = try result.option("more")
    #expect(option.triggered.map(\.share) == [1])
    #expect(option.cost.yearly == [0, 5, 5, 20, 20, 20])
    let half = try result.option("half")
    let share = try #require(half.triggered.first?.share)
    #expect(share > 0.1 && share < 0.9)
    for (year, cost) in half.cost.yearly.enumerated() {
      #expect(abs(cost - ((year > 0 ? 5 : 0) + (year > 2 ? 10 * share : 0))) < 1e-9)
    }
  }

  @Test func attributionOfARuleTelescopes() throws {
    let folder = try folder()
    let result = try folder.run([("option", base + "\n" + rule)], draws: 300, byLever: true)
    let attribution = try #require(result.scenarios[0].attribution)
    #expect(attribution.levers == ["budget", "when-visits-2027"])
    for node in result.model.nodes.indices {
      for year in result.model.grid.indices {
        let sum = attribution.effects.reduce(0) { $0 + $1[node][year] }
        let change = result.scenarios[0].statistics[node][year].changeMean ?? 0
        #expect(abs(sum - change) <= 1e-9 * max(abs(change), 1))
      }
    }
  }

  /// Shares that rest on a grade look at headlines alone; a rule on another indicator still sees the scenario's own course of it.
  @Test func aRuleOnNoHeadlineIsDecidedUnderTheScenario() throws {
    let folder = try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales", headline: true) + SmallModel.series("visits")
        + "levers:\n" + SmallModel.lever("budget") + SmallModel.lever("other") + SmallModel.lever("extra")
        + "links:\n" + SmallModel.link("budget", "visits", size: 3) + SmallModel.link("other", "sales", size: 0.5)
        + SmallModel.link("extra", "sales", size: 0.1, grade: "D"),
      observations: SmallModel.sales + SmallModel.visits)
    let levers = "budget: { step: { from: 2026, value: 20 } }, extra: { step: { from: 2026, value: 12 } }"
    let other = "other: { step: { from: 2028, value: 20 } }"
    // Eight times the visits of about 75: the rule always holds under the scenario, and never without it.
    let texts = [
      ("rule", "levers: { \(levers) }\nwhen: { indicator: visits, year: 2027, above: 200, then: { \(other) } }"),
      ("always", "levers: { \(levers), \(other) }"),
    ]
    let supports = try folder.run(texts, draws: 200).scenarios.map(\.support)
    #expect(supports[0].shareD == supports[1].shareD && supports[0].shareD > 0 && supports[0].shareD < 0.2)
    let compared = try folder.compare(texts, draws: 200)
    let (rule, always) = (try compared.option("rule"), try compared.option("always"))
    #expect(rule.triggered.map(\.share) == [1] && rule.improvement == always.improvement)
    #expect(rule.support.shareD == always.support.shareD)
    #expect(rule.improvementWithoutD == always.improvementWithoutD)
    #expect(rule.objectiveWithoutD == always.objectiveWithoutD)
  }

  /// Questions that follow one course refuse rules, instead of answering for the scenario without them.
  @Test func questionsOfOneCourseRefuseRules() throws {
    let folder = try folder()
    let model = try folder.compile()
    let definition = try folder.scenario(base + "\n" + rule)
    let measure = try PlanningModel.measure(model, "visits")
    var plan = LeverPlan()
    plan.decided = definition
    let aim = GoalAim(measure, value: 100, direction: .atLeast, probability: 0.5, in: model)
    let problems = [
      problems {
        _ = try GoalSolver.solve(GoalRequest(aims: [aim], plan: plan), model: model, run: PlanningModel.run(50))
      },
      problems {
        _ = try PackageOptimiser.solve(
          OptimiseRequest(objective: .mean(measure, .atLeast), plan: plan), model: model, run: PlanningModel.run(50))
      },
      problems {
        let request = SensitivityRequest(measure: measure, scenarios: [definition], isChange: true)
        _ = try SensitivityStudy.run(request, model: model, run: PlanningModel.run(50))
      },
    ]
    for found in problems {
      #expect(found.map(\.code) == ["has_rules"] && found.first?.kind == .wrongUse)
      let place = try #require(found.first?.location)
      #expect(
        place.file.hasSuffix("option.yaml") && place.line == 2 && found.first?.hint?.contains("`levers:`") == true)
    }
  }

  private func problems(_ body: () throws -> Void) -> [Diagnostic] {
    do {
      try body()
      return []
    } catch { return (error as? DiagnosticList)?.diagnostics ?? [] }
  }

  // MARK: ranges and delivery

  @Test func aRangeIsATriangularLaw() throws {
    let spread = LeverDoubt.Spread(low: 1, central: 2, high: 5)
    #expect(spread.value(atUniform: 0) == 1 && spread.value(atUniform: 1) == 5)
    #expect(abs(spread.value(atUniform: 0.25) - 2) < 1e-12)  // (central - low) / (high - low)
    let values = (0..<20_000).map { spread.value(atUniform: (Double($0) + 0.5) / 20_000) }
    #expect(abs(mean(values) - spread.mean) < 1e-4)
    #expect(LeverDoubt.Spread(low: 3, central: 3, high: 3).value(atUniform: 0.7) == 3)
    let folder = try folder()
    let model = try folder.compile()
    let text = "levers: { budget: { step: { from: 2026, value: { low: 12, central: 20, high: 40 } } } }"
    let (values2, base) = (try draws(folder, text), try baselineDraws(model, draws: 600))
    let sales = try #require(model.nodeIndex("sales"))
    // The elasticity is 0.3 in every draw, so each draw tells the lever's value.
    let levers = (0..<600).map { 10 * exp(log(values2[sales][4][$0] / base[sales][4][$0]) / 0.3) }
    #expect(levers.allSatisfy { $0 >= 12 - 1e-9 && $0 <= 40 + 1e-9 })
    #expect(abs(mean(levers) - 24) < 1)
    // The same value in every year of a draw, and before the step none.
    #expect(
      (0..<600).allSatisfy {
        abs(values2[sales][2][$0] / base[sales][2][$0] - values2[sales][4][$0] / base[sales][4][$0]) < 1e-9
      })
    #expect(values2[sales][0] == base[sales][0])
    let cost = try folder.compare([("x", text)], draws: 50).option("x").cost
    #expect(abs(cost.yearly[3] - 14) < 1e-9)
  }

  @Test func deliveryOfAQuantity() throws {
    let folder = try folder()
    let model = try folder.compile()
    let sales = try #require(model.nodeIndex("sales"))
    let base = try baselineDraws(model, draws: 4000)[sales]
    let text =
      "levers: { budget: { step: { from: 2026, value: 20 }, delivery: { probability: 0.8, delay: [0.5, 0.5], partial: { probability: 0.25, share: 0.5 } } } }"
    let values = try draws(folder, text, draws: 4000)[sales]
    func factor(_ value: Double) -> Double { exp(0.3 * log(value / 10)) }
    var counts: [String: Int] = [:]
    for d in 0..<4000 {
      let (now, later) = (values[1][d] / base[1][d], values[4][d] / base[4][d])
      let size = [1: "none", factor(15): "half", factor(20): "full"].first { abs($0.key - later) < 1e-9 }?.value
      counts[size ?? "?", default: 0] += 1
      if size != "none", abs(now - 1) < 1e-9 { counts["late", default: 0] += 1 }
      #expect(abs(now - 1) < 1e-9 || abs(now - later) < 1e-9)
    }
    #expect(counts["?"] == nil)
    #expect(abs(Double(counts["none"] ?? 0) / 4000 - 0.2) < 0.03)
    #expect(abs(Double(counts["half"] ?? 0) / 4000 - 0.2) < 0.03)
    #expect(abs(Double(counts["late"] ?? 0) / 4000 - 0.4) < 0.03)
    let sure = try draws(
      folder, "levers: { budget: { step: { from: 2026, value: 20 }, delivery: { probability: 1, delay: [1] } } }")
    #expect(sure[sales] == (try draws(folder, "levers: { budget: { step: { from: 2026, value: 20 } } }"))[sales])
    #expect(try folder.compare([("x", text)], draws: 50).option("x").support.weakest == .d)
  }

  @Test func aLikelierDeliveryIsNeverWorse() throws {
    let folder = try folder()
    func improvement(_ probability: Double) throws -> Double {
      let text = "levers: { hall: { start: 2027, delivery: { probability: \(probability), delay: [0.7, 0.3] } } }"
      return try folder.compare([("x", text)], draws: 600).option("x").improvement
    }
    let values = try [0, 0.3, 0.6, 1].map { try improvement($0) }
    #expect(values[0] == 0 && values == values.sorted() && values[3] > values[1])
  }

  // MARK: mistakes

  @Test func mistakesAreFoundAtOnce() throws {
    let folder = try folder()
    func problems(_ text: String) -> [String] { codes { _ = try folder.scenario(text) } }
    #expect(
      problems("levers: { budget: { step: { from: 2026, value: { low: 30, central: 20, high: 40 } } } }") == [
        "out_of_range"
      ])
    #expect(
      problems("levers: { budget: { step: { from: 2026, value: { low: 12, central: 20 } } } }") == ["missing_key"])
    #expect(
      problems("levers: { budget: { step: { from: 2026, value: { low: 12, central: 20, high: 400 } } } }") == [
        "out_of_range"
      ])
    #expect(
      problems("levers: { budget: { hold: 20, delivery: { probability: 2, delay: [0.5] } } }") == [
        "out_of_range", "out_of_range",
      ])
    #expect(
      problems("levers: { budget: { hold: 20, cost: { capital: -1, monthly: 3 } } }") == [
        "unknown_key", "out_of_range",
      ])
    #expect(problems("levers: { budget: { hold: 20, cost: {} } }") == ["missing_key"])
    let then = "then: { other: { step: { from: 2028, value: 20 } } }"
    #expect(problems("when: { indicator: visit, year: 2027, below: 75, \(then) }") == ["unknown_id"])
    #expect(problems("when: { indicator: visits, year: 2027, \(then) }") == ["ambiguous_path"])
    #expect(problems("when: { indicator: visits, year: 2028, below: 75, \(then) }") == ["out_of_range"])
    #expect(
      problems("when: { indicator: visits, year: 2030, below: 75, then: {} }") == ["outside_horizon", "empty_list"])
    #expect(
      problems("when: { indicator: visits, year: 2027, below: 75, then: { other: { hold: 20 } } }") == [
        "ambiguous_path"
      ])
    #expect(problems("when: []") == ["empty_list"])
    #expect(
      problems(
        "levers: { hall: { start: 2026 } }\nwhen: { indicator: visits, year: 2027, below: 75, then: { hall: { start: 2028 } } }"
      ) == ["overlap"])
    #expect(problems(rule) == [])
  }
}
