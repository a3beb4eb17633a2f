import Scenarios
import TextFiles

/// The run behind a pack: all options on the same draws, and the contributions of levers where they can be had in short time.
public struct PackRun {
  private let result: RunResult
  private let comparison: Comparison
  private let attributed: [ScenarioOutcome]
  private let definitions: [ScenarioDefinition]

  /// An option with more levers is split only on demand: the work grows with the number of their orders.
  static let mostLevers = 12

  /// - Throws: ``ScenarioError``.
  public init(
    _ model: CompiledModel, _ definitions: [ScenarioDefinition], settings: RunSettings, fingerprint: Fingerprint,
    isCancelled: @escaping @Sendable () -> Bool, progress: @escaping (String) -> Void
  ) throws {
    self.definitions = definitions
    progress("baseline")
    let engine = try EngineRun(
      model, draws: settings.draws, seed: settings.seed, threads: settings.threads, isCancelled: isCancelled)
    let comparison = try OptionBenchmark.compare(
      on: engine, options: definitions, settings: settings, fingerprint: fingerprint, progress: progress)
    // What rests on which grade is measured once.
    let supports = Dictionary(uniqueKeysWithValues: comparison.options.map { ($0.id, $0.support) })
    self.comparison = comparison
    result = try ScenarioRunner.run(
      on: engine, scenarios: definitions, settings: settings, fingerprint: fingerprint, supports: supports,
      progress: progress)
    guard !settings.byLever else {
      attributed = result.scenarios
      return
    }
    // The best-ranked option alone is run again, on the same draws, and split.
    let best = PackOption.all(comparison, result).filter { !$0.isBaseline }.min { $0.place < $1.place }
    guard let best, let definition = definitions.first(where: { $0.id == best.outcome.id }),
      definition.levers.count + (definition.world.isEmpty ? 0 : 1) <= Self.mostLevers
    else {
      attributed = []
      return
    }
    var again = settings
    again.byLever = true
    attributed = try ScenarioRunner.run(
      on: engine, scenarios: [definition], settings: again, fingerprint: fingerprint, supports: supports,
      progress: progress
    ).scenarios
  }

  public func input(
    evidence: EvidenceTable, areas: [String: LocalizedText], language: Language, question: String?,
    indicators: [String]
  ) -> PackInput {
    PackInput(
      result: result, attributed: attributed, comparison: comparison, scenarios: definitions,
      evidence: evidence, areas: areas, language: language, question: question, indicators: indicators)
  }
}
