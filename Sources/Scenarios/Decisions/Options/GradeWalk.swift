/// One step of the walk from what is moved to what follows from it.
struct GradeWalk {
  let choices: [ScenarioDefinition.LeverChoice]
  /// The courses that the scenario can take.
  let scenarios: [CompiledScenario]
  let model: CompiledModel
  private let drivers: Set<String>

  init(choices: [ScenarioDefinition.LeverChoice], scenarios: [CompiledScenario], model: CompiledModel) {
    self.choices = choices
    self.scenarios = scenarios
    self.model = model
    drivers = scenarios.reduce(into: []) { $0.formUnion($1.worldShocks.keys) }
  }

  /// What each node rests on by itself: its baseline, stated world paths, and packages of reforms.
  func start() -> (grades: [WeakestGrade], changed: [Bool]) {
    var grades = model.nodes.map { node -> WeakestGrade in
      switch node.kind {
      case .series(let baseline): return baseline.isAssumed ? WeakestGrade(grade: .d) : .nothing
      case .identity(let identity):
        switch identity.specification {
        case .stock: return identity.startsAtStatedLevel ? WeakestGrade(grade: .d) : .nothing
        case .distributedLag(_, _, let grade, _): return WeakestGrade(grade: grade)
        default: return .nothing
        }
      case .process: return .nothing
      }
    }
    var changed = model.nodes.map { drivers.contains($0.id) }
    for node in changed.indices where changed[node] { grades[node] = WeakestGrade(grade: .d) }
    let ambitions = scenarios.flatMap(\.ambitions)
    if !ambitions.isEmpty, let race = model.process(PCIRace.self) {
      let grade = ambitions.map { lever($0.lever) }.max() ?? .nothing
      for node in race.outputIds.compactMap({ model.nodeIndex($0) }) {
        (grades[node], changed[node]) = (max(grades[node], grade), true)
      }
    }
    return (grades, changed)
  }

  func next(_ node: Int, _ grades: [WeakestGrade], _ changed: [Bool]) -> (WeakestGrade, Bool) {
    var (grade, isChanged) = (grades[node], changed[node])
    func follow(_ other: Int) {
      grade = max(grade, grades[other])
      isChanged = isChanged || changed[other]
    }
    switch model.nodes[node].kind {
    // What an identity is computed from counts with its baseline, moved or not.
    case .identity(let identity): identity.inputs.forEach(follow)
    case .series(let baseline):
      // The loadings that carry an assumed world path are a planner's estimates.
      for (driver, _) in baseline.loadings where drivers.contains(driver) {
        (grade, isChanged) = (WeakestGrade(grade: .d), true)
      }
    case .process(let process):
      for id in model.processes[process].outputIds {
        if let other = model.nodeIndex(id), changed[other] { follow(other) }
      }
    }
    for position in model.linksInto[node] {
      let link = model.links[position]
      guard !link.isZero else { continue }
      switch link.cause {
      case .lever(let position):
        guard scenarios.contains(where: { $0.moves(position) }) else { continue }
        (grade, isChanged) = (max(grade, lever(position)), true)
      case .node(let cause):
        guard changed[cause] else { continue }
        follow(cause)
      }
      grade = max(grade, WeakestGrade(grade: link.definition.conversion == nil ? link.definition.grade : .d))
    }
    return (grade, isChanged)
  }

  /// What a lever rests on: its own grade, and D where its delivery, its value or the path that it is measured from is a planner's guess.
  private func lever(_ position: Int) -> WeakestGrade {
    let lever = model.catalog.levers[position]
    let isDoubted = choices.contains { $0.lever == lever.id && $0.doubt != nil }
    let isMeasuredFromPath = lever.baselinePath.indicator.map(model.restsOnPlannersPath) ?? false
    return WeakestGrade(grade: lever.delivery != nil || isDoubted || isMeasuredFromPath ? .d : lever.grade)
  }
}

extension CompiledLink {
  /// Whether its effect is exactly zero: a link that ships at zero, with the reason.
  var isZero: Bool {
    guard case .prior(let prior, _) = size else { return false }
    return prior.low == 0 && prior.central == 0 && prior.high == 0
  }
}
