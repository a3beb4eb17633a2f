import TextFiles
import Yams

/// Decisions that wait for how things go.
extension ScenarioReader {
  static let mostRules = 3

  /// `when: { indicator, year, below | above, then: { levers } }`, or a list of such rules.
  func rules(
    _ source: YAMLSource, _ node: Node, _ choices: [ScenarioDefinition.LeverChoice]
  ) -> [AdaptiveRule] {
    var nodes = [node]
    if case .sequence(let sequence) = node { nodes = Array(sequence) }
    if nodes.isEmpty { source.report(node, "empty_list", "'when' needs at least one rule") }
    if nodes.count > ScenarioReader.mostRules {
      source.report(node, "wrong_count", "at most \(ScenarioReader.mostRules) rules are evaluated, not \(nodes.count)")
      return []
    }
    let rules = nodes.compactMap { rule(source, $0, choices) }.sorted { $0.year < $1.year }
    for (position, rule) in rules.enumerated() {
      for earlier in rules[..<position] {
        if earlier.id == rule.id {
          source.report(
            node, "duplicate_id", "two rules look at '\(rule.indicator)' in \(rule.year)", hint: "make one of them")
        }
        for choice in rule.levers where earlier.levers.contains(where: { $0.lever == choice.lever }) {
          source.report(node, "overlap", "two rules move '\(choice.lever)'", hint: "keep it in one of them")
        }
      }
    }
    return rules
  }

  private func rule(
    _ source: YAMLSource, _ node: Node, _ choices: [ScenarioDefinition.LeverChoice]
  ) -> AdaptiveRule? {
    guard let fields = source.fields(node, "a rule", allowed: ["indicator", "year", "below", "above", "then"]) else {
      return nil
    }
    for key in ["indicator", "year", "then"] where fields[key] == nil {
      source.report(node, "missing_key", "a rule needs '\(key)'")
    }
    if (fields["below"] == nil) == (fields["above"] == nil) {
      source.report(node, "ambiguous_path", "a rule needs exactly one of 'below' and 'above'")
    }
    let trigger =
      fields["below"].flatMap { source.number($0, "below") }.map { AdaptiveRule.Trigger.below($0) }
      ?? fields["above"].flatMap { source.number($0, "above") }.map { AdaptiveRule.Trigger.above($0) }
    guard let indicator = fields["indicator"].flatMap({ source.text($0, "indicator") }),
      let year = fields["year"].flatMap({ source.integer($0, "year") }), let trigger, let then = fields["then"]
    else { return nil }
    let known = catalog.indicators.map(\.id)
    if !known.contains(indicator) {
      source.report(
        fields["indicator"], "unknown_id", "the model has no indicator '\(indicator)'",
        hint: Suggestion.hint(for: indicator, among: known))
    }
    if year < catalog.startYear || year >= until {
      source.report(
        fields["year"], "outside_horizon",
        "a rule of \(year) decides about the years after it, which the projection \(catalog.startYear) to \(until) does not have",
        hint: year >= until && year < 2050 ? "extend it with --until \(year + 1)" : nil)
    }
    let levers = self.then(source, then, after: year, choices)
    return AdaptiveRule(
      indicator: indicator, year: year, trigger: trigger, levers: levers, location: source.location(node))
  }

  /// The levers that a rule moves: only later, and none that is uncertain already.
  private func then(
    _ source: YAMLSource, _ node: Node, after year: Int, _ choices: [ScenarioDefinition.LeverChoice]
  ) -> [ScenarioDefinition.LeverChoice] {
    guard let entries = source.mapping(node, "then") else { return [] }
    if entries.isEmpty { source.report(node, "empty_list", "'then' needs at least one lever") }
    return entries.compactMap { entry in
      guard let choice = choice(source, entry.key, entry.keyNode, entry.value) else { return nil }
      if case .hold = choice.path {
        source.report(
          entry.value, "ambiguous_path",
          "what a rule decides starts after \(year), so '\(entry.key)' cannot have 'hold'",
          hint: "write { step: { from: \(year + 1), value: ... } }")
      }
      for early in choice.path.namedYears where early <= year {
        source.report(
          entry.value, "out_of_range", "what is known at the end of \(year) cannot change '\(entry.key)' in \(early)",
          hint: "start in \(year + 1) or later")
      }
      if let first = choices.first(where: { $0.lever == choice.lever }) {
        let kind = catalog.lever(choice.lever)?.kind
        if kind != .quantity {
          source.report(
            entry.keyNode, "overlap", "the option has '\(choice.lever)' already; a rule can only revise a quantity")
        }
        if first.doubt != nil || choice.doubt != nil {
          source.report(
            entry.keyNode, "overlap",
            "a rule cannot revise '\(choice.lever)', whose value or delivery is uncertain in this scenario")
        }
      }
      return choice
    }
  }
}
