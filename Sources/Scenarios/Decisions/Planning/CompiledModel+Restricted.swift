extension CompiledModel {
  /// Everything that some nodes can follow from, themselves included.
  ///
  /// - Parameter isMoved: whether a link carries anything.
  func upstream(
    of outputs: [Int], _ isMoved: (Int) -> Bool = { _ in true }
  ) -> (nodes: Set<Int>, links: Set<Int>, levers: Set<Int>) {
    var (nodes, links, levers) = (Set<Int>(), Set<Int>(), Set<Int>())
    var open: [Int] = []
    func reach(_ next: Int) { if nodes.insert(next).inserted { open.append(next) } }
    outputs.forEach(reach)
    while let next = open.popLast() {
      for index in linksInto[next] where isMoved(index) {
        links.insert(index)
        switch self.links[index].cause {
        case .lever(let lever): levers.insert(lever)
        case .node(let cause): reach(cause)
        }
      }
      switch self.nodes[next].kind {
      case .identity(let identity): identity.inputs.forEach(reach)
      case .series(let baseline): baseline.loadings.compactMap { nodeIndex($0.driver) }.forEach(reach)
      case .process(let process):
        processes[process].outputIds.compactMap { nodeIndex($0) }.forEach(reach)
        // Ambitions move the race of provinces without a link.
        if processes[process] is PCIRace {
          for (index, lever) in catalog.levers.enumerated() where lever.kind == .ambition { levers.insert(index) }
        }
      }
    }
    return (nodes, links, levers)
  }

  /// Whether each node is one of these or can move one of them.
  package func ancestors(of outputs: [Int]) -> [Bool] {
    let found = upstream(of: outputs).nodes
    return nodes.indices.map { found.contains($0) }
  }

  /// The part of the model that some nodes depend on. Random numbers are addressed by id, so the values are those of
  /// the whole model, only without the work on everything else.
  package func restricted(to outputs: [Int]) -> CompiledModel {
    let isNeeded = ancestors(of: outputs)
    let kept = nodes.indices.filter { isNeeded[$0] }
    var newNode = [Int](repeating: -1, count: nodes.count)
    for (position, node) in kept.enumerated() { newNode[node] = position }
    let keptProcesses = processes.indices.filter { process in
      processes[process].outputIds.contains { id in nodeIndex(id).map { isNeeded[$0] } ?? false }
    }
    var newProcess = [Int](repeating: -1, count: processes.count)
    for (position, process) in keptProcesses.enumerated() { newProcess[process] = position }
    let keptNodes = kept.map { node -> Node in
      let old = nodes[node]
      let kind: NodeKind
      switch old.kind {
      case .series: kind = old.kind
      case .process(let process): kind = .process(newProcess[process])
      case .identity(let identity):
        kind = .identity(
          CompiledIdentity(
            specification: identity.specification, inputs: identity.inputs.map { newNode[$0] },
            history: identity.history, observed: identity.observed, before: identity.before))
      }
      return Node(
        definition: old.definition, transform: old.transform, kind: kind, observations: old.observations,
        derivedHistory: old.derivedHistory)
    }
    let keptLinks = links.filter { isNeeded[$0.effect] }.map { link -> CompiledLink in
      var cause = link.cause
      if case .node(let node) = cause { cause = .node(newNode[node]) }
      return CompiledLink(
        definition: link.definition, cause: cause, effect: newNode[link.effect], size: link.size,
        conversionWidening: link.conversionWidening)
    }
    var into = [[Int]](repeating: [], count: keptNodes.count)
    for (position, link) in keptLinks.enumerated() { into[link.effect].append(position) }
    let keptUnits = units.compactMap { unit -> Unit? in
      switch unit {
      case .node(let node): return isNeeded[node] ? .node(newNode[node]) : nil
      case .process(let process): return newProcess[process] >= 0 ? .process(newProcess[process]) : nil
      }
    }
    return CompiledModel(
      catalog: catalog, grid: grid, nodes: keptNodes, units: keptUnits, processes: keptProcesses.map { processes[$0] },
      links: keptLinks, linksInto: into, store: store, excluded: excluded, leverBaselines: leverBaselines,
      index: Dictionary(uniqueKeysWithValues: keptNodes.enumerated().map { ($1.id, $0) }), dependence: dependence,
      correlations: correlations)
  }
}
