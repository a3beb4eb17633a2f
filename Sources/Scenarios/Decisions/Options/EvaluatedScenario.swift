/// The draws of a scenario, with what its rules decided in them.
///
/// Like the values of an ``EngineRun``: the next evaluation reuses their memory.
package struct EvaluatedScenario {
  /// The scenario with the same rules triggered, and the share of the draws in which they are.
  struct Variant {
    let scenario: CompiledScenario
    let definition: ScenarioDefinition
    let share: Double
  }

  package let draws: ScenarioDraws
  /// The one without any rule first; one alone where there are no rules.
  let variants: [Variant]
  /// By rule: the share of the draws in which it acts.
  package let triggered: [Double]

  package var affected: [Bool] { draws.affected }

  /// Whether any variant moves a lever away from its baseline.
  func moves(_ lever: Int) -> Bool { variants.contains { $0.scenario.moves(lever) } }

  var worldIsAssumed: Bool { variants.contains { !$0.scenario.worldShocks.isEmpty } }
}
