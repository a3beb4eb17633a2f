extension CompiledModel {
  /// The same model whose own shocks hang together in another way. Fits, links and dice stay, so that draws differ by that alone.
  package func varied(_ variant: JointResult.Variant) -> CompiledModel {
    switch variant {
    case .stated: return self
    case .withoutCorrelations: return with(correlations: .none)
    case .withoutLoadings: return scalingLoadings(by: 0)
    case .strongerLoadings: return scalingLoadings(by: JointStudy.strongerFactor)
    }
  }

  /// See ``SeriesBaseline/scalingLoadings(by:)``.
  private func scalingLoadings(by factor: Double) -> CompiledModel {
    let scaled = nodes.map { node -> Node in
      guard case .series(let baseline) = node.kind else { return node }
      return Node(
        definition: node.definition, transform: node.transform, kind: .series(baseline.scalingLoadings(by: factor)),
        observations: node.observations, derivedHistory: node.derivedHistory)
    }
    return replacing(scaled, correlations)
  }

  package func with(correlations: CorrelatedShocks) -> CompiledModel { replacing(nodes, correlations) }

  private func replacing(_ nodes: [Node], _ correlations: CorrelatedShocks) -> CompiledModel {
    CompiledModel(
      catalog: catalog, grid: grid, nodes: nodes, units: units, processes: processes, links: links,
      linksInto: linksInto, store: store, excluded: excluded, leverBaselines: leverBaselines, index: index,
      dependence: dependence, correlations: correlations)
  }
}
