import Scenarios
import TextFiles

/// What a meeting pack is made from: a run and what explains it.
public struct PackInput: Sendable {
  public var result: RunResult
  /// Options split into contributions of their levers: the same run, made with `byLever` for some or all options.
  public var attributed: [ScenarioOutcome]
  public var comparison: Comparison
  public var scenarios: [ScenarioDefinition]
  public var evidence: EvidenceTable
  /// Names of areas, for the race of provinces.
  public var areas: [String: LocalizedText]
  public var language: Language
  /// The question of the meeting; nil for one that is made from the options.
  public var question: String?
  /// Indicators to put first; empty for those that the best option moves most.
  public var indicators: [String]

  public init(
    result: RunResult, attributed: [ScenarioOutcome], comparison: Comparison, scenarios: [ScenarioDefinition],
    evidence: EvidenceTable, areas: [String: LocalizedText], language: Language, question: String?,
    indicators: [String]
  ) {
    self.result = result
    self.attributed = attributed
    self.comparison = comparison
    self.scenarios = scenarios
    self.evidence = evidence
    self.areas = areas
    self.language = language
    self.question = question
    self.indicators = indicators
  }
}
