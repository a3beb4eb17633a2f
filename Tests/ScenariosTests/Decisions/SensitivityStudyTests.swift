import NumericKernels
import Scenarios
import Testing

@Suite struct SensitivityStudyTests {
  /// The change is the sum of two effects whose spreads are as 2 to 1: shares 0.8 and 0.2, nothing left for chance.
  private func folder() throws -> ModelFolder {
    try PlanningModel.folder(
      levers: PlanningModel.lever("a", range: "[0, 10]", price: 1)
        + PlanningModel.lever("b", range: "[0, 10]", price: 1),
      links: PlanningModel.link("a", "out", 3, spread: 0.2) + PlanningModel.link("b", "out", 3, spread: 0.1))
  }

  private let text = "levers: { a: { step: { from: 2026, value: 1 } }, b: { step: { from: 2026, value: 1 } } }"

  private func request(_ folder: ModelFolder, _ model: CompiledModel, isChange: Bool) throws -> SensitivityRequest {
    SensitivityRequest(
      measure: try PlanningModel.measure(model), scenarios: [try folder.scenario(text)], isChange: isChange)
  }

  @Test func sharesOfASumInClosedForm() throws {
    let folder = try folder()
    let model = try folder.compile()
    let result = try SensitivityStudy.run(
      request(folder, model, isChange: true), model: model, run: PlanningModel.run())
    let shares = Dictionary(uniqueKeysWithValues: result.shares.map { ($0.input.id, $0) })
    for (id, exact) in [("effect:a -> out", 0.8), ("effect:b -> out", 0.2), ("chance", 0)] {
      let share = try #require(shares[id])
      #expect(abs(share.first.value - exact) < 0.06, "\(id): \(share.first.value)")
      #expect(abs((share.total?.value ?? 9) - exact) < 0.06)
    }
    #expect(abs(result.interaction) < 0.08)
    #expect(result.shares[0].input.id == "effect:a -> out" && result.shares[0].places == 1...1)
    // The 10th and 90th percentile of t with five degrees of freedom lie 2.03 quartiles from the middle.
    let arm = try #require(result.tornado.first)
    #expect(arm.input.id == "effect:a -> out" && arm.isClear)
    #expect(abs(arm.swing - 2 * 0.2 * 1.475884 / 0.7266868) < 0.02)
  }

  /// A range whose central value is the baseline's moves the lever all the same: its value is an input, and so is the effect.
  @Test func aRangeIsAnInput() throws {
    let folder = try PlanningModel.folder(
      levers: PlanningModel.lever("a", range: "[0, 10]", price: 1, baseline: 5),
      links: PlanningModel.link("a", "out", 3, spread: 0.3))
    let model = try folder.compile()
    let scenario = try folder.scenario(
      "levers: { a: { step: { from: 2026, value: { low: 3, central: 5, high: 7 } } } }")
    let request = SensitivityRequest(
      measure: try PlanningModel.measure(model), scenarios: [scenario], isChange: true)
    let result = try SensitivityStudy.run(request, model: model, run: PlanningModel.run())
    #expect(result.inputs.map(\.id) == ["effect:a -> out", "value:a"])
    let shares = Dictionary(uniqueKeysWithValues: result.shares.map { ($0.input.id, $0) })
    // The change is a product of independent factors, of which the value has mean 0: Var(size) / E(size^2) is interaction.
    let sizes = 5.0 / 3 * (0.3 / 0.7266868) * (0.3 / 0.7266868)
    let value = try #require(shares["value:a"])
    #expect(value.input.grade == .d)
    #expect(abs(value.first.value - 9 / (9 + sizes)) < 0.06 && abs((value.total?.value ?? 9) - 1) < 0.06)
    #expect(abs((shares["chance"]?.total?.value ?? 9)) < 0.02)
    // At u the triangular law stands 2 sqrt(2 u) above its lower end, so far below its upper end at 1 - u.
    let arm = try #require(result.tornado.first { $0.input.id == "value:a" })
    #expect(abs(arm.swing - 3 * (4 - 4 * 0.2.squareRoot())) < 0.1)
  }

  /// The delivery that the scenario states, and that only a part may come.
  @Test func aStatedDeliveryIsAnInput() throws {
    let folder = try PlanningModel.folder(
      levers: PlanningModel.lever("a", range: "[0, 10]", price: 1), links: PlanningModel.link("a", "out", 3))
    let model = try folder.compile()
    let scenario = try folder.scenario(
      "levers: { a: { step: { from: 2026, value: 2 }, delivery: { probability: 0.7, delay: [0.6, 0.4], partial: { probability: 0.5, share: 0.25 } } } }"
    )
    var request = SensitivityRequest(
      measure: try PlanningModel.measure(model), scenarios: [scenario], isChange: true)
    let result = try SensitivityStudy.run(request, model: model, run: PlanningModel.run())
    #expect(result.inputs.map(\.id) == ["effect:a -> out", "delivery:a"])
    let shares = Dictionary(uniqueKeysWithValues: result.shares.map { ($0.input.id, $0) })
    #expect(abs((shares["delivery:a"]?.first.value ?? 9) - 1) < 0.02)
    #expect(abs((shares["chance"]?.total?.value ?? 9)) < 0.02)
    // All of it at the good end, nothing at the bad one.
    let arm = try #require(result.tornado.first { $0.input.id == "delivery:a" })
    #expect(abs(arm.means[0] - 6) < 1e-9 && abs(arm.means[1]) < 1e-9)
    request.isQuick = true
    let quick = try SensitivityStudy.run(request, model: model, run: PlanningModel.run())
    #expect(quick.inputs.map(\.id) == result.inputs.map(\.id))
  }

  @Test func chanceHasTheRest() throws {
    let folder = try folder()
    let model = try folder.compile()
    let result = try SensitivityStudy.run(
      request(folder, model, isChange: false), model: model, run: PlanningModel.run())
    let draws = try PlanningModel.draws(model, "out", 2030, 4000)
    // Var(t5) = 5/3, in quartiles.
    let effects = (0.04 + 0.01) * 5 / 3 / (0.7266868 * 0.7266868)
    let chance = try #require(result.shares.first { $0.input.kind == .chance })
    let exact = variance(draws) / (variance(draws) + effects)
    #expect(abs(chance.first.value - exact) < 0.1, "\(chance.first.value) \(exact)")
    #expect(abs((chance.total?.value ?? 9) - exact) < 0.1)
  }

  @Test func theQuickEstimateAgrees() throws {
    let folder = try folder()
    let model = try folder.compile()
    var request = try request(folder, model, isChange: true)
    request.isQuick = true
    let result = try SensitivityStudy.run(request, model: model, run: PlanningModel.run(8000))
    #expect(result.isQuick && result.tornado.isEmpty && result.shares.allSatisfy { $0.total == nil })
    #expect(abs(result.shares[0].first.value - 0.8) < 0.05 && abs(result.shares[1].first.value - 0.2) < 0.05)
    #expect(result.shares[0].first.lower < 0.8 && result.shares[0].first.upper > 0.75)
  }

  @Test func precisionDrivesThePoints() throws {
    let folder = try folder()
    let model = try folder.compile()
    var request = try request(folder, model, isChange: true)
    request.points = 64
    request.precision = 0.08
    let result = try SensitivityStudy.run(request, model: model, run: PlanningModel.run(500))
    #expect(result.points > 64)
    for share in result.shares { #expect((share.first.upper - share.first.lower) / 2 <= 0.08) }
  }

  /// a is worth 0.05 for sure, b nothing on average with a large spread: learning b is worth E[max(b - a, 0)].
  @Test func whatLearningIsWorth() throws {
    let folder = try PlanningModel.folder(
      levers: PlanningModel.lever("a", range: "[0, 10]", price: 1)
        + PlanningModel.lever("b", range: "[0, 10]", price: 1),
      links: PlanningModel.link("a", "out", 0.05) + PlanningModel.link("b", "out", 0, spread: 1))
    let model = try folder.compile()
    let options = try folder.scenarios([
      ("first", "levers: { a: { step: { from: 2026, value: 1 } } }"),
      ("second", "levers: { b: { step: { from: 2026, value: 1 } } }"),
    ])
    let request = SensitivityRequest(
      measure: try PlanningModel.measure(model), scenarios: options, isChange: true)
    let result = try SensitivityStudy.run(request, model: model, run: PlanningModel.run(8000))
    let information = try #require(result.information)
    #expect(information.scenarios == ["first", "second"])
    let b = try #require(information.worths.first { $0.input.id == "effect:b -> out" })
    let a = try #require(information.worths.first { $0.input.id == "effect:a -> out" })
    #expect(b.isClear && !a.isClear && a.value < 0.02)
    #expect(abs(b.worth.value - information.perfect.value) < 0.05 * information.perfect.value)
    // Half the mean absolute deviation of t5 (0.949 in its own unit), less a little for the choice's lead.
    #expect(abs(b.worth.value - 0.5 * 0.949 / 0.7266868) < 0.05)
    #expect(abs(b.worth.changeProbability - 0.48) < 0.04)
  }

  @Test func threadsChangeNothing() throws {
    let folder = try folder()
    let model = try folder.compile()
    var request = try request(folder, model, isChange: false)
    request.points = 64
    let results = try [1, 3].map { threads in
      try SensitivityStudy.run(request, model: model, run: PlanningModel.run(600, threads: threads))
    }
    #expect(results[0].shares.map(\.first) == results[1].shares.map(\.first))
    #expect(results[0].tornado.map(\.means) == results[1].tornado.map(\.means))
  }

  /// Every random number of the shipped model goes by the plan: draws that share theirs are the same draw, with and
  /// without a scenario.
  @Test func sharedDrawsAreTheSameInEveryNode() throws {
    let shipped = try ShippedModel.get()
    let scenario = try shipped.scenario(
      "levers: { sun_ben_en: { start: 2027 }, reform_package: { ramp: { from: 2026, to: 2028, value: 0.8 }, on: [time_costs] }, investment_promotion: { step: { from: 2026, value: 20 } } }"
    )
    // The second half takes the numbers of the first, the blocks of the engine (512 draws) lie across.
    let half = 400
    var plan = DrawPlan(draws: 2 * half)
    plan.share((0..<2 * half).map { $0 % half })
    let planned = try EngineRun(shipped.model, draws: 2 * half, seed: 1, threads: 2, plan: plan)
    let ordinary = try EngineRun(shipped.model, draws: half, seed: 1, threads: 2)
    for definition in [nil, scenario] {
      let table =
        try definition.map { try planned.evaluate(CompiledScenario($0, model: shipped.model)) } ?? planned.baselineDraws
      let own =
        try definition.map { try ordinary.evaluate(CompiledScenario($0, model: shipped.model)) }
        ?? ordinary.baselineDraws
      for node in shipped.model.nodes.indices {
        for year in shipped.model.grid.indices {
          let draws = Array(table.draws(node, year))
          let same =
            Array(draws[..<half]) == Array(draws[half...]) && Array(draws[..<half]) == Array(own.draws(node, year))
          if !same { Issue.record("\(shipped.model.nodes[node].id) \(shipped.model.grid[year])") }
        }
      }
    }
  }

  /// Frozen inputs and shared chance give the outcomes of an ordinary run where nothing is moved.
  @Test func inputsOfTheShippedModel() throws {
    let shipped = try ShippedModel.get()
    let scenario = try shipped.scenario(
      "levers: { promotion_budget: { step: { from: 2026, value: 30 } }, sun_ben_en: { start: 2027 } }")
    let measure = try OutcomeMeasure("tourism_revenue", firstYear: 2030, lastYear: 2030, in: shipped.model)
    var request = SensitivityRequest(measure: measure, scenarios: [scenario], isChange: true)
    request.points = 64
    let result = try SensitivityStudy.run(request, model: shipped.model, run: PlanningModel.run(500))
    #expect(
      Set(result.inputs.map(\.id)) == [
        "effect:promotion_budget -> tourism_arrivals_international", "effect:sun_ben_en -> tourism_arrivals_domestic",
        "size:sun_ben_en", "delivery:sun_ben_en", "world:national_growth", "world:cpi_change",
      ])
    let values = try shipped.values(["tourism_revenue"], under: scenario)
    let base = try shipped.values(["tourism_revenue"])
    let last = shipped.model.grid.count - 1
    let change = zip(values["tourism_revenue"]?[last] ?? [], base["tourism_revenue"]?[last] ?? []).map { $0 - $1 }
    #expect(abs(result.mean - mean(Array(change.prefix(500)))) < 1e-9 * abs(result.mean))
  }
}
