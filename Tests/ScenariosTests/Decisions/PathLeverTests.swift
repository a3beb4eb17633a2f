import Scenarios
import Testing

/// Searches over a lever whose baseline rises: 10 until 2026, then 15, 20, 25 and 30 in 2030.
@Suite struct PathLeverTests {
  private func model(range: String = "[0.5x, 2x]", valid: String = "") throws -> CompiledModel {
    try PlanningModel.folder(
      levers: SmallModel.lever(
        "a", range: range, more: ", cost: { per_unit: 1 }", path: "plan: { 2026: 10, 2030: 30 }"),
      links: PlanningModel.link("a", "out", 1, more: valid)
    ).compile()
  }

  private func goal(_ model: CompiledModel, _ gain: Double) throws -> GoalResult {
    let draws = try PlanningModel.draws(model, "out", 2030, 1000).sorted(by: >)
    let aim = GoalAim(
      try PlanningModel.measure(model), value: draws[599] + gain, direction: .atLeast, probability: 0.6, in: model)
    return try GoalSolver.solve(
      GoalRequest(aims: [aim], plan: LeverPlan(), yardstick: .cost), model: model, run: PlanningModel.run(1000))
  }

  /// Six units more in 2030 are 1.2 times the path of 30; a year costs a fifth of its mean of 20.
  @Test func theSearchedNumberIsAMultiple() throws {
    let result = try goal(model(), 6)
    let setting = try #require(result.settings.first)
    #expect(result.outcome == .reached && setting.lever.isMultiple && setting.lever.meanBaseline == 20)
    #expect(setting.lever.base == 1 && setting.lever.end == 2)
    #expect(abs(setting.value - 1.2) < 1e-3 && abs(setting.effort - 0.2) < 1e-3)
    #expect(abs((result.cost ?? 0) - 4) < 0.02)
  }

  /// A range in units allows the multiples that stay inside in every year; so does what the evidence covers.
  @Test func theWayEndsInTheTightestYear() throws {
    #expect(try abs((goal(model(range: "[5, 36]"), 3).settings.first?.lever.end ?? 0) - 1.2) < 1e-12)
    let covered = try goal(model(valid: ", valid: [1, 33]"), 2).settings.first?.lever
    #expect(abs((covered?.end ?? 0) - 1.1) < 1e-12 && covered?.limit == .evidence(link: "a -> out"))
    let multiples = try goal(model(valid: ", valid: [0.8x, 1.4x]"), 2).settings.first?.lever
    #expect(multiples?.end == 1.4 && multiples?.limit == .evidence(link: "a -> out"))
  }

  /// A budget of 4 a year buys a fifth of the path.
  @Test func aBudgetBuysAShareOfThePath() throws {
    let model = try model()
    let result = try PackageOptimiser.solve(
      OptimiseRequest(objective: .mean(PlanningModel.measure(model), .atLeast), plan: LeverPlan(), budget: 4),
      model: model, run: PlanningModel.run(1000))
    let part = try #require(result.parts.first)
    #expect(part.lever.isMultiple && abs(part.value - 1.2) < 1e-3 && abs((result.best?.gain ?? 0) - 6) < 0.03)
  }

  /// Where the path touches zero a multiple of it says nothing: the lever is not searched.
  @Test func aPathThatTouchesZeroIsNotSearched() throws {
    let model = try PlanningModel.folder(
      levers: SmallModel.lever("a", range: "[0, 20]", path: "plan: { 2027: 0, 2030: 10 }"),
      links: PlanningModel.link("a", "out", 1)
    ).compile()
    let draws = try PlanningModel.draws(model, "out", 2030, 500).sorted(by: >)
    let aim = GoalAim(
      try PlanningModel.measure(model), value: draws[299] + 1, direction: .atLeast, probability: 0.6, in: model)
    let result = try GoalSolver.solve(
      GoalRequest(aims: [aim], plan: LeverPlan(), yardstick: .effort), model: model, run: PlanningModel.run(500))
    #expect(result.settings.isEmpty && result.leftOut == [.init(lever: "a", reason: .pathTouchesZero)])
  }
}
