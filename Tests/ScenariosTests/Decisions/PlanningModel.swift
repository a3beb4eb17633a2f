import Scenarios

/// Small models whose goals and optima are known in closed form: outcomes on a straight scale, moved by sure effects
/// per unit.
enum PlanningModel {
  /// Twelve figures about a gently rising line.
  static let values = [40.0, 43, 41, 46, 44, 49, 47, 52, 50, 55, 53, 58]

  static func series(_ id: String, good: String = "up") -> String {
    "  \(id): { name: \(id), unit: units, range: real, good: \(good), baseline: { model: combination } }\n"
  }

  static func lever(_ id: String, range: String, price: Double?, baseline: Double = 0) -> String {
    SmallModel.lever(id, baseline: baseline, range: range, more: price.map { ", cost: { per_unit: \($0) }" } ?? "")
  }

  static func project(_ id: String, price: Double) -> String {
    "  \(id): { name: \(id), owner: us, kind: project, unit: units, size: { low: 1, central: 1, high: 1 }, range: [0, 1], cost: { per_unit: \(price) }, grade: B, evidence: none }\n"
  }

  static func link(_ cause: String, _ effect: String, _ size: Double, spread: Double = 0, more: String = "") -> String {
    SmallModel.link(cause, effect, form: "level", size: size, spread: spread, more: more)
  }

  /// A model of the outcomes `out` and `other`.
  static func folder(levers: String, links: String, indicators: String = "") throws -> ModelFolder {
    try ModelFolder.small(
      "indicators:\n" + series("out") + series("other", good: "down") + indicators + "levers:\n" + levers + "links:\n"
        + links,
      observations: ["out", "other", "between"].flatMap { observations($0, from: 2014, values) })
  }

  /// A model in which one lever moves `out` through what is in between, with the weakest grade that such a result rests on.
  struct Graded: Sendable {
    let name: String
    let indicators: String
    let links: String
    let grade: Grade

    func model() throws -> CompiledModel {
      try PlanningModel.folder(
        levers: PlanningModel.lever("a", range: "[0, 10]", price: 1), links: links, indicators: indicators
      ).compile()
    }
  }

  /// Levers and links are grade B unless it says otherwise.
  static let graded = [
    Graded(name: "links alone", indicators: "", links: link("a", "out", 1), grade: .b),
    Graded(
      name: "a planner's path on the way",
      indicators:
        "  assumed: { name: assumed, unit: units, range: real, baseline: { model: assumption, path: { 2025: 5 }, yearly: 1, stated: 2026-01-31, evidence: none } }\n",
      links: link("a", "assumed", 1) + link("assumed", "out", 1), grade: .d),
    Graded(
      name: "the factor of a distributed lag",
      indicators:
        "  paid: { name: paid, unit: units, range: real, identity: { distributed_lag: [{ of: other, weights: [1] }], multiplier: { low: 1, central: 2, high: 3 }, grade: C, evidence: none } }\n",
      links: link("a", "other", 1) + link("paid", "out", 1), grade: .c),
    Graded(
      name: "a link at zero", indicators: series("between"),
      links: SmallModel.link("a", "out", form: "level", size: 1, scope: "structural")
        + SmallModel.link("a", "between", form: "level", size: 0, grade: "D", scope: "structural")
        + SmallModel.link("between", "out", form: "level", size: 1, scope: "structural"), grade: .b),
  ]

  static func run(_ draws: Int = 2000, threads: Int = 2) -> DecisionRun {
    DecisionRun(draws: draws, seed: 1, threads: threads)
  }

  /// The baseline's draws of an indicator in a year.
  static func draws(_ model: CompiledModel, _ id: String, _ year: Int, _ count: Int = 2000) throws -> [Double] {
    guard let node = model.nodeIndex(id), let place = model.grid.firstIndex(of: year) else {
      throw TestProblem.missing(id)
    }
    return try baselineDraws(model, draws: count)[node][place]
  }

  static func measure(_ model: CompiledModel, _ id: String = "out", _ year: Int = 2030) throws -> OutcomeMeasure {
    try OutcomeMeasure(id, firstYear: year, lastYear: year, in: model)
  }
}
