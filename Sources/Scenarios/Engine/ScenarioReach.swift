/// In which years a scenario can change which nodes: where it cannot, its values are those of the baseline, to the last bit.
struct ScenarioReach: Sendable {
  /// By node.
  private(set) var years: [YearSet]

  /// What a scenario moves by itself.
  struct Moves {
    /// By lever: the years in which it gives its links something.
    var levers: [YearSet]
    /// The years in which a package of sub-indices gains, or replaces luck.
    var ambitions: YearSet
    /// World drivers with an assumed path.
    var world: Set<String>
    var excludedGrades: Set<Grade>
  }

  init(_ model: CompiledModel, _ moves: Moves) {
    years = [YearSet](repeating: .none, count: model.nodes.count)
    // What observations have settled nothing can change.
    let open = model.nodes.map { node -> YearSet in
      guard case .series(let baseline) = node.kind else { return .all }
      return YearSet(model.grid.map { $0 > baseline.lastYear })
    }
    for (index, node) in model.nodes.enumerated() {
      guard case .series(let baseline) = node.kind else { continue }
      let follows = moves.world.contains(node.id) || baseline.loadings.contains { moves.world.contains($0.driver) }
      if follows { years[index] = open[index] }
    }
    if !moves.ambitions.isEmpty, let race = model.process(PCIRace.self) {
      for id in race.outputIds { if let node = model.nodeIndex(id) { years[node].formUnion(moves.ambitions) } }
    }
    let links = model.links.filter { !moves.excludedGrades.contains($0.definition.grade) }
    let outputs = model.processes.map { process in process.outputIds.compactMap { model.nodeIndex($0) } }
    var before: [YearSet]
    repeat {
      before = years
      for link in links {
        let cause: YearSet
        switch link.cause {
        case .lever(let lever): cause = moves.levers[lever]
        case .node(let node): cause = years[node]
        }
        let effect = ScenarioReach.effect(of: cause, link.definition)
        years[link.effect].formUnion(effect.intersection(open[link.effect]))
      }
      for (index, node) in model.nodes.enumerated() {
        if case .identity(let identity) = node.kind {
          years[index].formUnion(ScenarioReach.followers(identity, identity.inputs.map { years[$0] }))
        }
      }
      for nodes in outputs {
        // A process may look back at what it did: from the first year on.
        let own = nodes.reduce(into: YearSet.none) { $0.formUnion(years[$1]) }.onwards
        for node in nodes { years[node].formUnion(own) }
      }
    } while years != before
  }

  private static func effect(of cause: YearSet, _ link: LinkDefinition) -> YearSet {
    var measured = cause
    // A change is felt in the year after, too, when the cause is back where it was.
    if link.causeAs == .change { measured.formUnion(cause.later(by: 1)) }
    let carried = link.carryOver == .stays ? measured.onwards : measured
    var result = YearSet.none
    for (lag, weight) in link.lag.enumerated() where weight != 0 { result.formUnion(carried.later(by: lag)) }
    return link.on == .growth ? result.onwards : result
  }

  /// The years in which an identity follows its inputs.
  private static func followers(_ identity: CompiledIdentity, _ inputs: [YearSet]) -> YearSet {
    let any = inputs.reduce(into: YearSet.none) { $0.formUnion($1) }
    switch identity.specification {
    case .sum, .product, .ratio: return any
    case .chain, .stock: return any.onwards
    case .growth:
      var result = any
      result.formUnion(any.later(by: 1))
      return result
    case .distributedLag(let terms, _, _, _):
      var result = YearSet.none
      for (term, input) in zip(terms, inputs) {
        for (lag, weight) in term.weights.enumerated() where weight != 0 { result.formUnion(input.later(by: lag)) }
      }
      return result
    }
  }
}
