extension CompiledModel {
  /// The same model whose own shocks hang together in another way. Fits, links and dice stay, so that draws differ by that alone.
  func varied(_ variant: JointResult.Variant) -> CompiledModel {
    let factor: Double
    switch variant {
    case .stated: return self
    case .withoutCorrelations: factor = 1
    case .withoutLoadings: factor = 0
    case .strongerLoadings: factor = JointStudy.strongerFactor
    }
    let nodes = nodes.map { node -> Node in
      guard case .series(let baseline) = node.kind else { return node }
      return Node(
        definition: node.definition, transform: node.transform, kind: .series(baseline.scalingLoadings(by: factor)),
        observations: node.observations, derivedHistory: node.derivedHistory)
    }
    return CompiledModel(
      catalog: catalog, grid: grid, nodes: nodes, units: units, processes: processes, links: links,
      linksInto: linksInto, store: store, excluded: excluded, index: index, dependence: dependence,
      correlations: variant == .withoutCorrelations ? .none : correlations)
  }
}
