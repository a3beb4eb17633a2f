import Foundation
import NumericKernels
import Scenarios
import Testing

/// Options against drawn and named futures, from the engine.
@Suite struct RobustnessTests {
  private func folder() throws -> ModelFolder {
    try ModelFolder.small(
      "indicators:\n" + SmallModel.series("sales", more: ", loadings: { growth: 0.95 }", headline: true)
        + SmallModel.series("visits", headline: true) + SmallModel.world
        + "levers:\n" + SmallModel.lever("budget")
        + "  hall: { name: hall, owner: us, kind: project, unit: halls, range: [0, 1], grade: C, evidence: none, size: { low: 1, central: 1, high: 1 }, delivery: { probability: 0.6, delay: [0.5, 0.5] } }\n"
        + "links:\n" + SmallModel.link("budget", "sales", size: 0.1, spread: 0.2)
        + SmallModel.link("hall", "visits", form: "level", size: 100),
      observations: SmallModel.sales + SmallModel.visits + SmallModel.growth,
      targets: ["sales,2029,year,>=,200,,,law,yes,"])
  }

  private func analyse(
    _ folder: ModelFolder, _ texts: [(name: String, text: String)], futures: [(name: String, text: String)] = [],
    _ request: RobustRequest, draws: Int = 1500, threads: Int = 2
  ) throws -> Robustness {
    let all = try folder.scenarios(texts + futures)
    var settings = RunSettings()
    (settings.draws, settings.threads) = (draws, threads)
    let fingerprint = try Fingerprint(
      folder: DataFolder(path: folder.path), scenarioPaths: all.map(\.path), settings: settings)
    return try RobustAnalysis.run(
      folder.compile(), options: Array(all.prefix(texts.count)), futures: Array(all.dropFirst(texts.count)),
      request: request, settings: settings, fingerprint: fingerprint)
  }

  private let more = ("more", "levers: { budget: { step: { from: 2026, value: 20 } } }")
  private let hall = ("hall", "levers: { hall: { start: 2026 } }")

  @Test func sharesAndRegretsByHand() throws {
    let folder = try folder()
    let (good, bad) = ("world: { growth: { hold: 9 } }", "world: { growth: { hold: 4 } }")
    let result = try analyse(
      folder, [more], futures: [("good", good), ("bad", bad)], RobustRequest(), draws: 500)
    let goal = try #require(result.goals.first)
    #expect(result.goals.count == 1 && goal.item.target?.value == 200)
    let model = try folder.compile()
    let node = try #require(model.nodeIndex("sales"))
    let base = try baselineDraws(model, draws: 500)[node][4]
    let own = try scenarioDraws(model, folder.scenario(more.1), draws: 500)[node][4]
    let option = try #require(goal.options.first { $0.id == "more" })
    #expect(option.satisficing.value == Double(own.count { $0 >= 200 }) / 500)
    #expect(abs(option.expectedRegret - mean(zip(base, own).map { max($0 - $1, 0) })) < 1e-9)
    #expect(abs(option.bad95 - Quantiles.of(own, [0.05])[0]) < 1e-9)
    for (column, world) in [good, bad].enumerated() {
      let none = try scenarioDraws(model, folder.scenario(world), draws: 500)[node][4]
      let with = try scenarioDraws(model, folder.scenario(more.1 + "\n" + world), draws: 500)[node][4]
      #expect(abs(option.named[column].mean - mean(with)) < 1e-9)
      #expect(abs(option.named[column].regret - max(mean(none) - mean(with), 0)) < 1e-9)
      #expect(option.named[column].share.value == Double(with.count { $0 >= 200 }) / 500)
    }
    #expect(goal.minimaxRegret != nil)
  }

  /// The world decides sales almost alone: the box names it, and its numbers are those of the draws.
  @Test func theWorldIsFound() throws {
    let folder = try folder()
    var request = RobustRequest()
    request.indicator = "sales"
    let result = try analyse(folder, [more], request)
    let discovery = try #require(result.goals.first?.discoveries.first)
    #expect(discovery.outcome == .found)
    let box = try #require(discovery.box)
    let growth = try #require(discovery.inputs.firstIndex { $0.kind == .world("growth") })
    let limit = try #require(box.limits.first { $0.input == growth })
    #expect(discovery.isFailure ? limit.upper != nil : limit.lower != nil)
    let inside = (0..<1500).filter { d in
      box.limits.allSatisfy { limit in
        let value = discovery.inputs[limit.input].values[d]
        return value >= limit.lower ?? -.infinity && value <= limit.upper ?? .infinity
      }
    }
    #expect(inside.count == box.quality.count && box.quality.density > 1.2 * discovery.share)
    // The engine's own draws: the mean over the projected years to the goal's.
    let model = try folder.compile()
    let node = try #require(model.nodeIndex("growth"))
    let paths = try baselineDraws(model, draws: 1500)[node]
    #expect(abs(discovery.inputs[growth].values[7] - mean((1...4).map { paths[$0][7] })) < 1e-9)
  }

  /// Whether a project is delivered decides the goal: the box is its delay, coverage and density are nearly whole.
  @Test func deliveryIsFound() throws {
    var request = RobustRequest()
    (request.indicator, request.year, request.reach) = ("visits", 2029, 125)
    let discovery = try #require(try analyse(folder(), [hall], request).goals.first?.discoveries.first)
    let box = try #require(discovery.box)
    #expect(box.limits.count == 1)
    let input = discovery.inputs[box.limits[0].input]
    #expect(input.kind == .delay("hall") && input.never == 6)
    #expect(Set(input.values) == [0, 1, 6])
    #expect(box.quality.coverage > 0.95 && box.quality.density > 0.9)
    #expect(discovery.leaves.first.map { $0.limits.first?.input == box.limits[0].input } == true)
  }

  /// Effect sizes are those that the engine used: with one elasticity, log(with / without) = size log(20 / 10).
  @Test func effectSizesAreTheEngines() throws {
    let folder = try folder()
    var request = RobustRequest()
    request.indicator = "sales"
    let discovery = try #require(try analyse(folder, [more], request, draws: 700).goals.first?.discoveries.first)
    let input = try #require(discovery.inputs.first { $0.kind == .effect(cause: "budget", effect: "sales") })
    let model = try folder.compile()
    let node = try #require(model.nodeIndex("sales"))
    let base = try baselineDraws(model, draws: 700)[node][3]
    let own = try scenarioDraws(model, folder.scenario(more.1), draws: 700)[node][3]
    let largest = (0..<700).map { abs(log(own[$0] / base[$0]) - input.values[$0] * log(2)) }.max() ?? 1
    #expect(largest < 1e-9)
  }

  /// The table is about one goal, and so is the grade: what an option rests on elsewhere does not count.
  @Test func theGradeIsThatOfTheGoal() throws {
    let folder = try folder()
    let both = ("both", "levers: { budget: { step: { from: 2026, value: 20 } }, hall: { start: 2026 } }")
    func grades(_ request: RobustRequest) throws -> [String: Grade?] {
      let goal = try #require(try analyse(folder, [both, hall], request, draws: 200).goals.first)
      return Dictionary(uniqueKeysWithValues: goal.options.map { ($0.id, $0.weakestGrade) })
    }
    #expect(try grades(RobustRequest()) == ["baseline": nil, "both": .b, "hall": nil])
    var visits = RobustRequest()
    (visits.indicator, visits.year, visits.reach) = ("visits", 2029, 125)
    // Whether the hall is delivered is a planner's guess.
    #expect(try grades(visits) == ["baseline": nil, "both": .d, "hall": .d])
  }

  @Test func wrongQuestions() throws {
    let folder = try folder()
    func problems(_ change: (inout RobustRequest) -> Void) -> [String] {
      var request = RobustRequest()
      change(&request)
      return codes { _ = try analyse(folder, [more], request, draws: 100) }
    }
    #expect(problems { $0.indicator = "sale" } == ["unknown_id"])
    #expect(problems { $0.indicator = "visits" } == ["no_target"])
    #expect(problems { ($0.indicator, $0.year, $0.reach) = ("visits", 2031, 9) } == ["outside_horizon"])
    #expect(problems { $0.explain = ["mor"] } == ["unknown_id"])
  }

  @Test func threadsChangeNothing() throws {
    let one = try analyse(folder(), [more, hall], RobustRequest(), draws: 1100, threads: 1)
    let many = try analyse(folder(), [more, hall], RobustRequest(), draws: 1100, threads: 4)
    #expect(one.goals[0].options.map(\.expectedRegret) == many.goals[0].options.map(\.expectedRegret))
    #expect(one.goals[0].discoveries[0].box?.limits == many.goals[0].discoveries[0].box?.limits)
  }
}
