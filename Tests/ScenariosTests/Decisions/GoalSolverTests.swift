import Scenarios
import Testing
import TextFiles

@Suite struct GoalSolverTests {
  private func kthBest(_ values: [Double], _ probability: Double) -> Double {
    values.sorted(by: >)[Int((probability * Double(values.count)).rounded(.up)) - 1]
  }

  private func solve(
    _ model: CompiledModel, value: Double, probability: Double = 0.7, id: String = "out",
    direction: GoalTarget.Direction = .atLeast, by: GoalRequest.Yardstick = .effort, budget: Double? = nil,
    plan: LeverPlan = LeverPlan(), draws: Int = 1500
  ) throws -> GoalResult {
    let aim = GoalAim(
      try PlanningModel.measure(model, id), value: value, direction: direction, probability: probability, in: model)
    return try GoalSolver.solve(
      GoalRequest(aims: [aim], plan: plan, yardstick: by, budget: budget), model: model,
      run: PlanningModel.run(draws))
  }

  /// Two levers of effects 1 and 2 per unit, ranges 10 and 4, prices 1 and 3.
  private func twoLevers() throws -> CompiledModel {
    try PlanningModel.folder(
      levers: PlanningModel.lever("a", range: "[0, 10]", price: 1)
        + PlanningModel.lever("b", range: "[0, 4]", price: 3),
      links: PlanningModel.link("a", "out", 1) + PlanningModel.link("b", "out", 2)
    ).compile()
  }

  @Test func theSmallestEffortInClosedForm() throws {
    let model = try twoLevers()
    let base = kthBest(try PlanningModel.draws(model, "out", 2030, 1500), 0.7)
    let result = try solve(model, value: base + 6)
    #expect(result.outcome == .reached)
    // Moves in proportion to effect times squared range.
    let (wa, wb) = (1.0 * 100, 2.0 * 16)
    let scale = 6 / (1 * wa + 2 * wb)
    let moves = Dictionary(uniqueKeysWithValues: result.settings.map { ($0.lever.id, $0.value) })
    #expect(abs((moves["a"] ?? 0) - wa * scale) < 0.05)
    #expect(abs((moves["b"] ?? 0) - wb * scale) < 0.025)
    #expect(abs((moves["a"] ?? 0) + 2 * (moves["b"] ?? 0) - 6) < 0.01)
    #expect(result.aims[0].probability >= 0.7 && result.aims[0].probability < 0.71)
    #expect(abs(result.aims[0].value - (base + 6)) < 0.01)
    #expect(result.lowerScale < 1 && result.upperScale > 1)
    #expect(result.weakestGrade == .b && result.isComplete)
  }

  @Test func theCheapestWayInClosedForm() throws {
    let model = try twoLevers()
    let base = kthBest(try PlanningModel.draws(model, "out", 2030, 1500), 0.7)
    // a costs 1 per unit of the outcome, b 1.5: a is used up first.
    let near = try solve(model, value: base + 6, by: .cost)
    #expect(near.settings.map(\.lever.id) == ["a"] && abs((near.cost ?? 0) - 6) < 0.02)
    let far = try solve(model, value: base + 14, by: .cost)
    #expect(far.settings.map(\.lever.id) == ["a", "b"])
    #expect(abs(far.settings[0].value - 10) < 0.01 && abs(far.settings[1].value - 2) < 0.01)
    #expect(abs((far.cost ?? 0) - 16) < 0.05)
    // Each alone: a would do for 6, b for 6 with 3.
    #expect(near.alone.compactMap(\.position).count == 2)
    #expect(abs(near.alone[1].lever.value(near.alone[1].position ?? 0) - 3) < 0.01)
  }

  @Test func whatCannotBeReachedIsSaid() throws {
    let model = try twoLevers()
    let base = kthBest(try PlanningModel.draws(model, "out", 2030, 1500), 0.7)
    let result = try solve(model, value: base + 30)
    #expect(result.outcome == .cannotBeReached)
    // The farthest is all levers at their ends: 10 + 8.
    #expect(abs(result.aims[0].value - (base + 18)) < 1e-9)
    #expect(result.settings.allSatisfy(\.isAtLimit) && result.settings.count == 2)
    // A tenth more of a's range is one unit.
    #expect(abs((result.settings[0].gainOfWiderRange ?? 0) - 1) < 1e-6)
    // With a budget of 5 only a moves, and a unit of money is a unit of the outcome.
    let poor = try solve(model, value: base + 10, budget: 5)
    #expect(poor.outcome == .cannotBeReached && poor.isBudgetBinding)
    #expect(abs(poor.aims[0].value - (base + 5)) < 0.05)
    #expect((poor.cost ?? 9) <= 5 + 1e-6)
    #expect((poor.gainPerBillion ?? 0) > 0)
  }

  @Test func whatIsMetAlreadyTakesNothing() throws {
    let model = try twoLevers()
    let base = kthBest(try PlanningModel.draws(model, "out", 2030, 1500), 0.7)
    let result = try solve(model, value: base - 1)
    #expect(result.outcome == .alreadyMet && result.settings.isEmpty && result.cost == 0 && result.effort == 0)
  }

  @Test func moreIsNeededForMore() throws {
    let model = try twoLevers()
    let base = kthBest(try PlanningModel.draws(model, "out", 2030, 1500), 0.5)
    var (effort, cost) = (0.0, 0.0)
    for probability in [0.55, 0.7, 0.85, 0.95] {
      let small = try solve(model, value: base + 1, probability: probability)
      #expect(small.effort > effort)
      effort = small.effort
      let cheap = try solve(model, value: base + 1, probability: probability, by: .cost)
      #expect(cheap.cost ?? 0 > cost)
      cost = cheap.cost ?? 0
    }
  }

  @Test func uncostedLeversAreNamedAndNeverFree() throws {
    let model = try PlanningModel.folder(
      levers: PlanningModel.lever("a", range: "[0, 10]", price: 1)
        + PlanningModel.lever("b", range: "[0, 9]", price: nil)
        + PlanningModel.lever("idle", range: "[0, 9]", price: 1),
      links: PlanningModel.link("a", "out", 1) + PlanningModel.link("b", "out", 2)
        + PlanningModel.link("idle", "other", 1)
    ).compile()
    let base = kthBest(try PlanningModel.draws(model, "out", 2030, 1500), 0.7)
    let result = try solve(model, value: base + 5, by: .cost)
    #expect(result.settings.map(\.lever.id) == ["a"])
    #expect(result.leftOut == [.init(lever: "b", reason: .noCost)])
    var plan = LeverPlan()
    plan.prices = ["b": 0.5]
    let priced = try solve(model, value: base + 5, by: .cost, plan: plan)
    #expect(priced.settings.map(\.lever.id) == ["b"] && priced.settings[0].lever.isPriceEntered)
    #expect(abs((priced.cost ?? 0) - 1.25) < 0.01 && priced.weakestGrade == .d)
    // By effort its cost is unknown, not zero.
    #expect(try solve(model, value: base + 5).cost == nil)
    plan.levers = ["idle", "a"]
    let named = try solve(model, value: base + 5, plan: plan)
    #expect(named.leftOut == [.init(lever: "idle", reason: .cannotMove)])
  }

  @Test func evidenceEndsTheWay() throws {
    let model = try PlanningModel.folder(
      levers: PlanningModel.lever("a", range: "[0, 100]", price: 1, baseline: 10),
      links: PlanningModel.link("a", "out", 1, more: ", valid: [0.5x, 1.5x]")
    ).compile()
    let base = kthBest(try PlanningModel.draws(model, "out", 2030, 1500), 0.7)
    let result = try solve(model, value: base + 8)
    #expect(result.outcome == .cannotBeReached && result.settings[0].lever.limit == .evidence(link: "a -> out"))
    #expect(result.settings[0].value == 15 && abs(result.aims[0].value - (base + 5)) < 1e-9)
    #expect(result.settings[0].gainOfWiderRange == nil)
  }

  /// The cheapest choice of projects that brings enough, against every combination.
  @Test func projectsAgainstEveryCombination() throws {
    let (gains, prices) = ([5.0, 4, 3, 7, 2], [10.0, 7, 6, 15, 3])
    let ids = ["p0", "p1", "p2", "p3", "p4"]
    let model = try PlanningModel.folder(
      levers: zip(ids, prices).map { PlanningModel.project($0, price: $1) }.joined(),
      links: zip(ids, gains).map { PlanningModel.link($0, "out", $1) }.joined()
    ).compile()
    let base = kthBest(try PlanningModel.draws(model, "out", 2030, 1500), 0.7)
    for wanted in [4.5, 8.5, 11.5, 15.5] {
      var best = Double.infinity
      for mask in 0..<32 {
        let chosen = (0..<5).filter { mask >> $0 & 1 == 1 }
        if chosen.reduce(0, { $0 + gains[$1] }) >= wanted { best = min(best, chosen.reduce(0) { $0 + prices[$1] }) }
      }
      let result = try solve(model, value: base + wanted, by: .cost)
      #expect(result.outcome == .reached && result.cost == best, "\(wanted): \(result.cost ?? -1) instead of \(best)")
      #expect(result.settings.allSatisfy { $0.position == 1 })
    }
  }

  @Test func severalTargetsAtOnce() throws {
    let model = try PlanningModel.folder(
      levers: PlanningModel.lever("a", range: "[0, 10]", price: 1)
        + PlanningModel.lever("b", range: "[0, 10]", price: 1),
      links: PlanningModel.link("a", "out", 1) + PlanningModel.link("b", "other", -1)
    ).compile()
    let out = kthBest(try PlanningModel.draws(model, "out", 2030, 1500), 0.6)
    let other = try PlanningModel.draws(model, "other", 2030, 1500).sorted()[899]
    let aims = [
      GoalAim(
        try PlanningModel.measure(model), value: out + 2, direction: .atLeast, probability: 0.6, in: model),
      GoalAim(
        try PlanningModel.measure(model, "other"), value: other - 3, direction: .atMost, probability: 0.6, in: model),
    ]
    let result = try GoalSolver.solve(
      GoalRequest(aims: aims, plan: LeverPlan(), yardstick: .cost), model: model, run: PlanningModel.run(1500))
    #expect(result.outcome == .reached && abs((result.cost ?? 0) - 5) < 0.1)
    #expect(result.aims.allSatisfy { $0.probability >= 0.6 })
  }

  @Test func aPlannersPathHasNoProbability() throws {
    let model = try PlanningModel.folder(
      levers: PlanningModel.lever("a", range: "[0, 10]", price: 1), links: PlanningModel.link("a", "assumed", 1),
      indicators:
        "  assumed: { name: assumed, unit: units, range: real, good: up, baseline: { model: assumption, path: { 2025: 5 }, yearly: 1, stated: 2026-01-31, evidence: none } }\n"
    ).compile()
    let result = try solve(model, value: 8, probability: 0.9, id: "assumed")
    // The middle, whatever was asked for.
    #expect(result.aims[0].aim.isAssumed && result.aims[0].aim.target.probability == 0.5)
    #expect(result.outcome == .reached && abs(result.settings[0].value - 3) < 0.15 && result.weakestGrade == .d)
  }

  @Test(arguments: PlanningModel.graded.indices) func theGradeIsThatOfAScenariosResult(_ position: Int) throws {
    let graded = PlanningModel.graded[position]
    let model = try graded.model()
    let base = kthBest(try PlanningModel.draws(model, "out", 2030, 300), 0.7)
    let result = try solve(model, value: base + 2, draws: 300)
    #expect(result.outcome == .reached && result.weakestGrade == graded.grade, "\(graded.name)")
    // Met already: nothing is moved, nothing is rested on.
    #expect(try solve(model, value: base - 1, draws: 300).weakestGrade == nil)
  }

  /// What is decided already is part of what the value reached rests on.
  @Test func whatIsDecidedCountsForTheGrade() throws {
    let folder = try PlanningModel.folder(
      levers: PlanningModel.lever("a", range: "[0, 10]", price: 1)
        + PlanningModel.lever("b", range: "[0, 10]", price: 1),
      links: PlanningModel.link("a", "out", 1) + SmallModel.link("b", "out", form: "level", size: 1, grade: "D"))
    let model = try folder.compile()
    let base = kthBest(try PlanningModel.draws(model, "out", 2030, 300), 0.7)
    var plan = LeverPlan()
    plan.levers = ["a"]
    #expect(try solve(model, value: base + 2, plan: plan, draws: 300).weakestGrade == .b)
    plan.decided = try folder.scenario("levers: { b: { step: { from: 2026, value: 1 } } }")
    #expect(try solve(model, value: base + 2, plan: plan, draws: 300).weakestGrade == .d)
  }

  @Test func threadsChangeNothing() throws {
    let model = try twoLevers()
    let base = kthBest(try PlanningModel.draws(model, "out", 2030, 1500), 0.7)
    let aim = GoalAim(
      try PlanningModel.measure(model), value: base + 6, direction: .atLeast, probability: 0.7, in: model)
    let results = try [1, 3].map { threads in
      try GoalSolver.solve(
        GoalRequest(aims: [aim], plan: LeverPlan()), model: model, run: PlanningModel.run(threads: threads))
    }
    #expect(results[0].settings.map(\.position) == results[1].settings.map(\.position))
  }

  @Test func badQuestions() throws {
    let model = try twoLevers()
    for (id, year, code) in [
      ("outt", 2030, "unknown_id"), ("out", 2031, "outside_horizon"), ("out", 2024, "outside_horizon"),
    ] {
      #expect(throws: (any Error).self) { try PlanningModel.measure(model, id, year) }
      do { _ = try PlanningModel.measure(model, id, year) } catch let problem as Diagnostic {
        #expect(problem.code == code)
      }
    }
    var plan = LeverPlan()
    plan.levers = ["c"]
    plan.prices = ["d": 1]
    plan.from = 2040
    #expect(codes { _ = try solve(model, value: 1, plan: plan) } == ["unknown_id", "unknown_id", "outside_horizon"])
  }

  /// Only the work differs, not a single number.
  @Test func thePartOfAModelGivesTheNumbersOfTheWhole() throws {
    let shipped = try ShippedModel.get()
    let scenario = try shipped.scenario(
      "levers: { promotion_budget: { step: { from: 2026, value: 30 } }, night_economy: { step: { from: 2027, value: 0.2 } }, reform_package: { ramp: { from: 2026, to: 2028, value: 0.7 }, on: [time_costs] } }"
    )
    for id in ["tourism_revenue", "fdi_registered_ordinary", "grdp_per_capita", "pci_rank"] {
      let part = shipped.model.restricted(to: [try shipped.node(id)])
      #expect(part.nodes.count < shipped.model.nodes.count)
      let own = try scenarioDraws(part, scenario, draws: ShippedModel.draws)
      let node = try #require(part.nodeIndex(id))
      #expect(own[node] == (try shipped.values([id], under: scenario))[id], "\(id)")
    }
  }
}
