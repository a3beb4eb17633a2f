/// The weakest grade that a scenario's result on each indicator rests on.
///
/// It counts everything on the way from what the scenario moves to the indicator: the levers and how surely they are delivered, the
/// links and their conversions, assumptions about the outside world and the loadings that carry them, uncertain factors of identities,
/// and the baselines that the deviations are measured from. A planner's own path is grade D, so a result on it is at best D; figures
/// that are published or fitted to published figures weaken nothing. Effects that are exactly zero count for nothing.
struct ResultGrades {
  private let grades: [Grade?]
  private let changed: [Bool]

  /// - Parameter choices: the levers that the scenario and its rules set.
  init(_ choices: [ScenarioDefinition.LeverChoice], _ evaluated: EvaluatedScenario, _ model: CompiledModel) {
    self.init(choices, evaluated.variants.map(\.scenario), model)
  }

  /// - Parameter scenarios: the courses that the scenario can take.
  init(_ choices: [ScenarioDefinition.LeverChoice], _ scenarios: [CompiledScenario], _ model: CompiledModel) {
    let walk = GradeWalk(choices: choices, scenarios: scenarios, model: model)
    var (grades, changed) = walk.start()
    var grows = true
    while grows {
      grows = false
      for node in model.nodes.indices {
        let (grade, isChanged) = walk.next(node, grades, changed)
        if grade > grades[node] || isChanged != changed[node] { grows = true }
        (grades[node], changed[node]) = (max(grade, grades[node]), isChanged || changed[node])
      }
    }
    self.grades = grades.map(\.grade)
    self.changed = changed
  }

  /// The weakest grade of a node's result; nil where the scenario does not change it.
  func grade(of node: Int) -> Grade? { changed[node] ? grades[node] : nil }

  /// By id, of every indicator that the scenario changes.
  func byIndicator(_ model: CompiledModel) -> [String: Grade] {
    var result: [String: Grade] = [:]
    for (node, content) in model.nodes.enumerated() { result[content.id] = grade(of: node) }
    return result
  }

  /// The weakest over the headline indicators that the scenario changes; over all that it changes where it changes no headline; nil
  /// where it changes nothing.
  func weakest(_ model: CompiledModel) -> Grade? {
    let headline = model.nodes.indices.filter { model.nodes[$0].definition.headline }.compactMap(grade)
    return headline.max() ?? model.nodes.indices.compactMap(grade).max()
  }
}
