/// What results of a search rest on.
enum PlanSupport {
  /// The weakest grade among levers, prices that the planner entered, deliveries, conversions and the links on the
  /// way from the levers to what is looked at; D where that is a planner's own path.
  static func weakestGrade(
    _ levers: [PlannedLever], of measures: [OutcomeMeasure], _ model: CompiledModel
  ) -> Grade? {
    guard !levers.isEmpty else { return nil }
    var grades: [Grade] = []
    for lever in levers {
      grades.append(lever.definition.grade)
      if lever.isPriceEntered || lever.definition.delivery != nil { grades.append(.d) }
    }
    if measures.contains(where: { model.restsOnPlannersPath($0.indicator) }) { grades.append(.d) }
    let needed = model.ancestors(of: measures.compactMap { model.nodeIndex($0.indicator) })
    let ids = Set(levers.map(\.id))
    var moved = [Bool](repeating: false, count: model.nodes.count)
    if levers.contains(where: { $0.definition.kind == .ambition }), let race = model.process(PCIRace.self) {
      for node in race.outputIds.compactMap({ model.nodeIndex($0) }) { moved[node] = true }
    }
    var changed = true
    while changed {
      changed = false
      func mark(_ node: Int) {
        if !moved[node] { (moved[node], changed) = (true, true) }
      }
      for link in model.links where isMoved(link, moved, ids, model) { mark(link.effect) }
      for (index, node) in model.nodes.enumerated() {
        switch node.kind {
        case .identity(let identity): if identity.inputs.contains(where: { moved[$0] }) { mark(index) }
        case .process(let process):
          if model.processes[process].outputIds.contains(where: { id in model.nodeIndex(id).map { moved[$0] } ?? false }
          ) {
            mark(index)
          }
        case .series: break
        }
      }
    }
    for link in model.links where needed[link.effect] && isMoved(link, moved, ids, model) {
      grades.append(link.definition.grade)
      if link.definition.conversion != nil { grades.append(.d) }
    }
    return grades.max()
  }

  private static func isMoved(
    _ link: CompiledLink, _ moved: [Bool], _ levers: Set<String>, _ model: CompiledModel
  ) -> Bool {
    switch link.cause {
    case .lever(let lever): return levers.contains(model.catalog.levers[lever].id)
    case .node(let node): return moved[node]
    }
  }
}
