import TextFiles

extension EngineRun {
  /// The values under a scenario with its rules: for every draw, those of the variant that its own past decides.
  ///
  /// Variants differ from the year after a rule's on, so taking all years of a draw from one variant changes nothing before. With r
  /// rules at most 2^r scenarios are evaluated; those that no draw needs are left out. The memory is reused by the next evaluation.
  ///
  /// - Throws: ``ScenarioError``, or a `DiagnosticList` where a rule looks at an indicator that is not projected.
  package func evaluate(_ definition: ScenarioDefinition, _ parts: ScenarioParts = .init()) throws -> EvaluatedScenario
  {
    let active = definition.rules.indices.filter { parts.rules?.contains($0) ?? true }
    // What rules look at is needed too, or they would be decided on the baseline's values of it.
    var needed = parts.needed
    if let headlines = needed, !active.isEmpty {
      let looked = model.ancestors(of: active.compactMap { model.nodeIndex(definition.rules[$0].indicator) })
      needed = zip(headlines, looked).map { $0 || $1 }
    }
    let compile = { [model, needed] (definition: ScenarioDefinition) throws -> CompiledScenario in
      var levers = parts.levers
      for rule in active { levers?.formUnion(definition.rules[rule].levers.map(\.lever)) }
      return try CompiledScenario(
        definition, model: model, levers: levers, withWorld: parts.withWorld, excludedGrades: parts.excludedGrades,
        needed: needed)
    }
    var plain = definition
    // A lever that only a rule may move, or move further, counts with the rule.
    if let levers = parts.levers { plain.levers.removeAll { !levers.contains($0.lever) } }
    let first = try compile(plain)
    guard !active.isEmpty else {
      let draws = try evaluate(first)
      return EvaluatedScenario(
        draws: draws, variants: [.init(scenario: first, definition: plain, share: 1)],
        triggered: definition.rules.map { _ in 0 })
    }
    let triggers = try active.map { try Trigger(definition.rules[$0], model) }
    let merged = DrawTable(nodes: model.nodes.count, years: model.grid.count, draws: draws)
    var affected = [Bool](repeating: false, count: model.nodes.count)
    var years = [YearSet](repeating: .none, count: model.nodes.count)
    var variants: [EvaluatedScenario.Variant] = []
    // Bits of the rules that act in each draw; a rule's bit is settled once the variant of its earlier rules is evaluated.
    var masks = [Int](repeating: 0, count: draws)
    for mask in 0..<(1 << active.count) {
      let members = masks.indices.filter { masks[$0] == mask }
      if members.isEmpty && mask > 0 { continue }
      let revised = try plain.revised(
        by: active.indices.filter { mask >> $0 & 1 == 1 }.map { definition.rules[active[$0]] }, from: first, model)
      let scenario = try mask == 0 ? first : compile(revised)
      let values = try evaluate(scenario)
      // Rules after the last one of this variant are decided by its own course; the first that holds moves the draw on.
      let open = (mask.bitWidth - mask.leadingZeroBitCount)..<active.count
      var own: [Int] = []
      for d in members {
        if let next = open.first(where: { triggers[$0].holds(values, d) }) {
          masks[d] = mask | 1 << next
        } else {
          own.append(d)
        }
      }
      EngineRun.copy(values, to: merged, own, isFirst: mask == 0)
      for node in affected.indices where scenario.affected[node] {
        affected[node] = true
        years[node].formUnion(scenario.affectedYears[node])
      }
      variants.append(
        .init(scenario: scenario, definition: revised, share: Double(own.count) / Double(max(draws, 1))))
    }
    let triggered = definition.rules.indices.map { rule -> Double in
      guard let bit = active.firstIndex(of: rule) else { return 0 }
      return Double(masks.count { $0 >> bit & 1 == 1 }) / Double(max(draws, 1))
    }
    return EvaluatedScenario(
      draws: ScenarioDraws(own: merged, baseline: baseline, affected: affected, years: years), variants: variants,
      triggered: triggered)
  }

  private static func copy(_ values: ScenarioDraws, to table: DrawTable, _ members: [Int], isFirst: Bool) {
    for node in 0..<table.nodeCount {
      for year in 0..<table.yearCount {
        let (source, target) = (values.draws(node, year), table.draws(node, year))
        if isFirst {
          _ = target.update(fromContentsOf: source)
        } else {
          for d in members { target[d] = source[d] }
        }
      }
    }
  }

  private struct Trigger {
    let node: Int
    let year: Int
    let trigger: AdaptiveRule.Trigger

    init(_ rule: AdaptiveRule, _ model: CompiledModel) throws {
      guard let node = model.nodeIndex(rule.indicator), let year = model.grid.firstIndex(of: rule.year) else {
        throw DiagnosticList([
          Diagnostic(
            .badData, code: "nothing_known", at: rule.location,
            "the rule looks at '\(rule.indicator)' in \(rule.year), which is not projected")
        ])
      }
      self.node = node
      self.year = year
      trigger = rule.trigger
    }

    func holds(_ values: ScenarioDraws, _ draw: Int) -> Bool { trigger.holds(values.draws(node, year)[draw]) }
  }
}

extension ScenarioDefinition {
  /// The scenario with the levers of triggered rules: added, or from the year after on instead of its own path.
  func revised(by rules: [AdaptiveRule], from first: CompiledScenario, _ model: CompiledModel) throws -> Self {
    var result = self
    for choice in rules.flatMap(\.levers) {
      guard let own = result.levers.firstIndex(where: { $0.lever == choice.lever }),
        let lever = model.catalog.levers.firstIndex(where: { $0.id == choice.lever })
      else {
        result.levers.append(choice)
        continue
      }
      let path = Dictionary(uniqueKeysWithValues: zip(model.grid, first.leverValues[lever]))
      let baseline = model.leverBaselines[lever]
      let values = model.grid.map { year in
        (
          year,
          Amount.value(
            choice.path.value(in: year, baseline: baseline.value, unchanged: { path[$0] ?? baseline.value(in: $0) }))
        )
      }
      result.levers[own].path = .values(Dictionary(uniqueKeysWithValues: values))
      // Compared with the feasible range when the whole scenario was compiled.
      result.levers[own].isRangeOpen = false
      if let cost = choice.cost { result.levers[own].cost = cost }
    }
    return result
  }
}
