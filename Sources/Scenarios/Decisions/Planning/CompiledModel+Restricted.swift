extension CompiledModel {
  /// Which nodes some nodes are computed from, themselves included: inputs of identities, causes of links, drivers of
  /// the outside world, and all outputs of a process that makes one of them.
  package func ancestors(of nodes: [Int]) -> [Bool] {
    var isNeeded = [Bool](repeating: false, count: self.nodes.count)
    var open: [Int] = []
    func need(_ node: Int) {
      guard !isNeeded[node] else { return }
      isNeeded[node] = true
      open.append(node)
    }
    nodes.forEach(need)
    while let next = open.popLast() {
      switch self.nodes[next].kind {
      case .series(let baseline): baseline.loadings.compactMap { nodeIndex($0.driver) }.forEach(need)
      case .identity(let identity): identity.inputs.forEach(need)
      case .process(let process): processes[process].outputIds.compactMap { nodeIndex($0) }.forEach(need)
      }
      for link in linksInto[next] { if case .node(let cause) = links[link].cause { need(cause) } }
    }
    return isNeeded
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
      links: keptLinks, linksInto: into, store: store, excluded: excluded,
      index: Dictionary(uniqueKeysWithValues: keptNodes.enumerated().map { ($1.id, $0) }))
  }
}
