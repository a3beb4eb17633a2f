/// What can be read off a scenario without drawing: grades, evidence that it leaves behind, ambitions, cost.
struct ScenarioReading {
  let definition: ScenarioDefinition
  /// The grades of the sizes of effects that the scenario sets in motion.
  let effectGrades: Set<Grade>
  /// The weakest grade that the results on headline indicators rest on; nil if nothing is changed. See ``ResultGrades``.
  let weakestGrade: Grade?
  /// The same by indicator that is changed.
  let gradeByIndicator: [String: Grade]
  /// Levers that are left beyond what their evidence covers.
  let beyondValidity: [String]
  let cost: OptionCost
  private let model: CompiledModel

  init(_ definition: ScenarioDefinition, _ evaluated: EvaluatedScenario, _ model: CompiledModel) {
    self.definition = definition
    self.model = model
    let moved = model.links.filter { link in
      switch link.cause {
      case .lever(let lever): return evaluated.moves(lever)
      case .node(let node): return evaluated.affected[node]
      }
    }
    let catalog = model.catalog
    let ambitions = evaluated.variants.flatMap(\.scenario.ambitions).map { catalog.levers[$0.lever].grade }
    effectGrades = Set(moved.map(\.definition.grade) + ambitions)
    let choices = definition.levers + definition.rules.flatMap(\.levers)
    let grades = ResultGrades(choices, evaluated, model)
    weakestGrade = grades.weakest(model)
    gradeByIndicator = grades.byIndicator(model)
    var beyond: [String] = []
    for link in model.links {
      guard case .lever(let lever) = link.cause, let validity = link.definition.validity else { continue }
      let isBeyond = evaluated.variants.contains { variant in
        zip(variant.scenario.leverValues[lever], variant.scenario.leverBaselines[lever]).contains {
          CauseScale.saturated(validity, value: $0, base: $1) != $0
        }
      }
      if isBeyond, !beyond.contains(link.definition.cause) { beyond.append(link.definition.cause) }
    }
    beyondValidity = beyond
    cost = OptionCost(evaluated.variants, model)
  }

  /// Levers that start before the data end: part of their effect may be in the baseline already.
  var earlyStarts: [String] {
    let lastData =
      model.nodes.compactMap(\.lastObservedYear).max() ?? 0
    return definition.levers.filter { ($0.path.namedYears.min() ?? .max) <= lastData }.map(\.lever)
  }

  /// What the ambitions ask for in points of the score.
  func ambitions() throws -> [AmbitionReport] {
    guard let race = model.process(PCIRace.self), let last = model.grid.last else { return [] }
    return try definition.levers.filter { !$0.on.isEmpty }.map { choice in
      let base = model.leverBaseline(choice.lever)
      let percentile = choice.path.value(in: last, baseline: { base?.value(in: $0) ?? 0.5 })
      let windows = try race.windows(package: choice.on)
      let points = windows.gain(percentile: percentile)
      return AmbitionReport(
        lever: choice.lever, package: choice.on, percentile: percentile, points: points,
        achieved: windows.count(atLeast: points), windows: windows.gains.count)
    }
  }
}
