import NumericKernels
import Scenarios
import Testing

@Suite struct PackageOptimiserTests {
  private func solve(
    _ model: CompiledModel, budget: Double?, objective: OptimiseRequest.Objective? = nil, draws: Int = 1000
  ) throws -> OptimiseResult {
    let objective = try objective ?? .mean(PlanningModel.measure(model), .atLeast)
    return try PackageOptimiser.solve(
      OptimiseRequest(objective: objective, plan: LeverPlan(), budget: budget), model: model,
      run: PlanningModel.run(draws))
  }

  /// Gains 3, 2, 4 at prices 1, 1, 3 within [0, 2].
  private func threeLevers() throws -> CompiledModel {
    try PlanningModel.folder(
      levers: PlanningModel.lever("a", range: "[0, 2]", price: 1) + PlanningModel.lever("b", range: "[0, 2]", price: 1)
        + PlanningModel.lever("c", range: "[0, 2]", price: 3),
      links: PlanningModel.link("a", "out", 3) + PlanningModel.link("b", "out", 2) + PlanningModel.link("c", "out", 4)
    ).compile()
  }

  @Test func aLinearProgramInClosedForm() throws {
    let model = try threeLevers()
    // In the order of gain per price: a, b, c.
    for (budget, gain, price) in [(1.0, 3.0, 3.0), (3, 8, 2), (5, 10 + 4.0 / 3, 4.0 / 3), (12, 18, 0)] {
      let result = try solve(model, budget: budget)
      let best = try #require(result.best)
      #expect(abs(best.gain - gain) < 0.02, "\(budget): \(best.gain)")
      #expect(best.cost <= budget + 1e-6)
      #expect(abs((result.shadowPrice ?? -1) - price) < 0.02, "\(budget): \(result.shadowPrice ?? -1)")
      #expect(result.method == .continuous)
    }
  }

  @Test func aBiggerBudgetIsNeverWorse() throws {
    let model = try threeLevers()
    var before = -1.0
    for budget in [0.0, 0.5, 1, 1.7, 2.5, 4, 6, 8, 10, 20] {
      let gain = try #require(try solve(model, budget: budget).best).gain
      #expect(gain >= before - 1e-3)
      before = gain
    }
    let front = try solve(model, budget: nil).front
    #expect(front.count > 5 && front[0].cost == 0 && front[0].gain == 0)
    for (a, b) in zip(front, front.dropFirst()) { #expect(a.cost < b.cost && a.value < b.value) }
  }

  @Test(arguments: PlanningModel.graded.indices) func theGradeIsThatOfAScenariosResult(_ position: Int) throws {
    let graded = PlanningModel.graded[position]
    let model = try graded.model()
    for budget in [nil, 2.0] {
      #expect(try solve(model, budget: budget, draws: 300).weakestGrade == graded.grade, "\(graded.name)")
    }
    #expect(try solve(model, budget: 0, draws: 300).weakestGrade == nil)
  }

  @Test func projectsAgainstEveryCombination() throws {
    let (gains, prices) = ([5.0, 4, 3, 7, 2, 6], [10.0, 7, 6, 15, 3, 11])
    let ids = gains.indices.map { "p\($0)" }
    let model = try PlanningModel.folder(
      levers: zip(ids, prices).map { PlanningModel.project($0, price: $1) }.joined(),
      links: zip(ids, gains).map { PlanningModel.link($0, "out", $1) }.joined()
    ).compile()
    let exact = try ProjectFront(costs: prices, gains: gains)
    for budget in [2.0, 9, 16, 24, 33, 60] {
      let result = try solve(model, budget: budget)
      #expect(result.method == .everyCombination)
      let wanted = try #require(exact.best(budget: budget))
      #expect(abs((result.best?.gain ?? -1) - wanted.gain) < 1e-6, "\(budget)")
      #expect(abs((result.shadowPrice ?? -1) - (exact.shadowPrice(budget: budget) ?? -2)) < 1e-6)
    }
  }

  /// Twelve projects go by pairs; effects that add up make that exact.
  @Test func manyProjectsGoByPairs() throws {
    let stream = RandomStream(seed: 4, id: "projects", purpose: .size)
    let gains = (0..<12).map { 1 + 9 * stream.uniform(item: 0, draw: $0) }
    let prices = (0..<12).map { 1 + 9 * stream.uniform(item: 1, draw: $0) }
    let ids = gains.indices.map { "p\($0)" }
    let model = try PlanningModel.folder(
      levers: zip(ids, prices).map { PlanningModel.project($0, price: $1) }.joined(),
      links: zip(ids, gains).map { PlanningModel.link($0, "out", $1) }.joined()
    ).compile()
    let result = try solve(model, budget: 25, draws: 300)
    #expect(result.method == .pairs)
    let exact = try #require(try ProjectFront(costs: prices, gains: gains).best(budget: 25))
    #expect(abs((result.best?.gain ?? -1) - exact.gain) < 1e-6)
    let knapsack = try KnapsackSearch(costs: prices, gains: gains, budget: 25)
    #expect(abs(knapsack.package.gain - exact.gain) < 1e-9)
  }

  @Test func leversAndProjectsTogether() throws {
    // With 10: the project (6 for 4) and 6 of a (1 each) bring 12; a alone 10.
    let model = try PlanningModel.folder(
      levers: PlanningModel.lever("a", range: "[0, 20]", price: 1) + PlanningModel.project("p", price: 4)
        + PlanningModel.project("q", price: 8),
      links: PlanningModel.link("a", "out", 1) + PlanningModel.link("p", "out", 6) + PlanningModel.link("q", "out", 7)
    ).compile()
    let result = try solve(model, budget: 10)
    #expect(result.method == .mixed)
    #expect(abs((result.best?.gain ?? 0) - 12) < 0.02)
    #expect(result.parts.map(\.lever.id) == ["a", "p"])
    #expect(abs(result.parts[1].loss - 6) < 1e-6 && !result.parts[1].isTied)
    #expect(abs((result.shadowPrice ?? 0) - 1) < 0.02)
  }

  @Test func theProbabilityIsThatOfTheDraws() throws {
    let model = try threeLevers()
    let base = try PlanningModel.draws(model, "out", 2030, 1000)
    let value = Quantiles.of(base, [0.8])[0]
    let aim = GoalAim(
      try PlanningModel.measure(model), value: value, direction: .atLeast, probability: nil, in: model)
    let result = try solve(model, budget: 2, objective: .probability(aim))
    #expect(abs(result.baseline - 0.2) < 0.002)
    // Two of a: six units.
    let expected = Double(base.count { $0 + 6 >= value }) / 1000
    #expect(abs((result.best?.value ?? 0) - expected) < 0.003)
    let error = (result.baseline * (1 - result.baseline) / 1000).squareRoot()
    #expect(abs(result.baselineError - error) < 1e-4)
  }

  @Test func weightsTurnTheChoice() throws {
    let model = try PlanningModel.folder(
      levers: PlanningModel.lever("a", range: "[0, 5]", price: 1) + PlanningModel.lever("b", range: "[0, 5]", price: 1),
      links: PlanningModel.link("a", "out", 1) + PlanningModel.link("b", "other", -1)
    ).compile()
    let (out, other) = (try PlanningModel.measure(model), try PlanningModel.measure(model, "other"))
    for (weights, winner) in [((2.0, 1.0), "a"), ((1.0, 2.0), "b")] {
      let objective = OptimiseRequest.Objective.weighted([
        (measure: out, weight: weights.0, direction: .atLeast), (measure: other, weight: weights.1, direction: .atMost),
      ])
      let result = try solve(model, budget: 3, objective: objective)
      #expect(result.parts.map(\.lever.id) == [winner])
      #expect(abs((result.parts.first?.value ?? 0) - 3) < 0.01)
    }
  }

  @Test func nothingCostedMovesIt() throws {
    let model = try PlanningModel.folder(
      levers: PlanningModel.lever("a", range: "[0, 5]", price: nil), links: PlanningModel.link("a", "out", 1)
    ).compile()
    let result = try solve(model, budget: 3)
    #expect(result.levers.isEmpty && result.leftOut == [.init(lever: "a", reason: .noCost)])
    #expect(result.best?.gain == 0 && result.front.count == 1)
  }
}
