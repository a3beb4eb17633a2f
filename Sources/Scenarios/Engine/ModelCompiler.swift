import NumericKernels
import TextFiles

/// Compiles a model folder: reads the observations it needs, fits the baselines, orders the nodes.
public struct ModelCompiler: Sendable {
  private(set) var catalog: ModelCatalog
  let folder: DataFolder
  let store: ObservationStore
  /// What is known today, where `store` knows only an earlier day; see ``SeriesBaseline/fewestSupported``.
  private let today: ObservationStore?
  private let until: Int
  let threads: Int

  /// - Parameters:
  ///   - asOf: when given, only what was published by that day is used.
  ///   - until: the last year to project.
  ///   - threads: files are read and models fitted side by side; the result does not depend on it.
  /// - Throws: ``DiagnosticList`` for problems of files, ``ScenarioError`` for baselines that cannot be fitted.
  public static func compile(
    _ catalog: ModelCatalog, folder: DataFolder, until: Int, asOf: CalendarDate? = nil, threads: Int = 1
  ) throws -> CompiledModel {
    let store = try ObservationStore.read(folder, indicators: neededIndicators(catalog), threads: threads)
    return try compile(catalog, folder: folder, store: store, asOf: asOf, until: until, threads: threads)
  }

  /// Compiles with observations that were read before.
  ///
  /// - Parameters:
  ///   - store: everything that is known today.
  ///   - asOf: when given, only what was known on that day is used.
  static func compile(
    _ catalog: ModelCatalog, folder: DataFolder, store: ObservationStore, asOf: CalendarDate? = nil, until: Int,
    threads: Int = 1
  ) throws -> CompiledModel {
    var compiler = ModelCompiler(
      catalog: catalog, folder: folder, store: asOf.map { store.known(on: $0) } ?? store,
      today: asOf == nil ? nil : store, until: until, threads: threads)
    return try compiler.compile()
  }

  // MARK: fits

  /// Something to be fitted, independent of everything else.
  private enum Job: Sendable {
    case process(ProcessDefinition)
    case series(IndicatorDefinition, SeriesSpecification)
  }

  private enum Fitted: Sendable {
    case process(any EngineProcess)
    case series(String, SeriesBaseline)
    case tooFew([CompiledModel.Excluded])
  }

  /// Fits the processes (they take longest, so they come first) and the series.
  ///
  /// What has too few observations (as of an early day) is left out, with the reason.
  private func fit(
    _ excluded: inout [CompiledModel.Excluded]
  ) throws -> (processes: [any EngineProcess], baselines: [String: SeriesBaseline]) {
    var jobs = catalog.processes.filter { $0.kind != "pci_effect" }.map { Job.process($0) }
    for indicator in catalog.indicators {
      if case .series(let specification) = indicator.source { jobs.append(.series(indicator, specification)) }
    }
    let compiler = self
    var processes: [any EngineProcess] = []
    var baselines: [String: SeriesBaseline] = [:]
    for fitted in try Parallel.map(jobs, threads: threads, atATime: 1, { try compiler.fit($0) }) {
      switch fitted {
      case .process(let process): processes.append(process)
      case .series(let id, let baseline): baselines[id] = baseline
      case .tooFew(let reasons): excluded += reasons
      }
    }
    return (processes, baselines)
  }

  private func fit(_ job: Job) throws -> Fitted {
    do {
      switch job {
      case .process(let definition): return .process(try makeProcess(definition))
      case .series(let indicator, let specification):
        if let assumption = specification.assumption {
          return .series(
            indicator.id,
            try SeriesBaseline(
              indicator, specification, assuming: assumption, store: store, area: catalog.area, until: until))
        }
        return .series(
          indicator.id,
          try SeriesBaseline(
            indicator, specification, store: store, area: catalog.area, until: until,
            isExempt: isExempt(indicator, specification)))
      }
    } catch let error as ScenarioError {
      let cause: CompiledModel.Excluded.Cause
      switch error {
      case .tooFewObservations, .belowRuleOfEight: cause = .observations
      case .pathNotStated: cause = .pathNotStated
      default: throw error
      }
      func excluded(_ indicator: IndicatorDefinition) -> CompiledModel.Excluded {
        .init(id: indicator.id, name: indicator.name, cause: cause, reason: error.description)
      }
      switch job {
      case .series(let indicator, _): return .tooFew([excluded(indicator)])
      case .process(let definition):
        return .tooFew(
          catalog.indicators.compactMap { indicator in
            guard case .process(definition.id) = indicator.source else { return nil }
            return excluded(indicator)
          })
      }
    }
  }

  /// Whether the rule of eight does not bind: by a declared exception, or because a replay of an earlier day tests a model that the
  /// figures of today carry.
  private func isExempt(_ indicator: IndicatorDefinition, _ specification: SeriesSpecification) -> Bool {
    if specification.few != nil { return true }
    guard let today, let all = try? UsableSeries(indicator, specification, store: today, area: catalog.area) else {
      return false
    }
    return all.supportedCount >= SeriesBaseline.fewestSupported
  }

  private func makeProcess(_ definition: ProcessDefinition) throws -> any EngineProcess {
    switch definition.kind {
    case "pci_race": return try PCIRace(definition, store: store, folder: folder, area: catalog.area, until: until)
    case "fdi_projects": return try FDIProjects(definition, store: store, area: catalog.area)
    default:
      throw DiagnosticList([
        Diagnostic(
          .badData, code: "unknown_value", at: definition.location,
          "there is no kind of process '\(definition.kind)'",
          hint: Suggestion.hint(for: definition.kind, among: ["pci_race", "fdi_projects", "pci_effect"]))
      ])
    }
  }

  /// Takes what could not be fitted out of the model, with everything computed from it.
  private mutating func exclude(_ excluded: inout [CompiledModel.Excluded]) {
    var gone = Set(excluded.map(\.id))
    var grows = true
    while grows {
      grows = false
      for indicator in catalog.indicators where !gone.contains(indicator.id) {
        guard case .identity(let identity) = indicator.source else { continue }
        if case .stock(let stock) = identity, known(stock).restarts.isEmpty, observed(indicator).isEmpty {
          gone.insert(indicator.id)
          let error = ScenarioError.tooFewObservations(indicator: indicator.id, needed: 1, found: 0)
          excluded.append(
            .init(
              id: indicator.id, name: indicator.name, cause: stock.restarts.isEmpty ? .observations : .pathNotStated,
              reason: error.description))
          grows = true
          continue
        }
        guard let input = identity.inputs.first(where: gone.contains) else { continue }
        gone.insert(indicator.id)
        excluded.append(
          .init(
            id: indicator.id, name: indicator.name, cause: .input,
            reason: "'\(indicator.id)' is computed from '\(input)'"))
        grows = true
      }
    }
    guard !gone.isEmpty else { return }
    for lever in catalog.levers {
      guard let followed = lever.baselinePath.indicator, gone.contains(followed) else { continue }
      gone.insert(lever.id)
      excluded.append(
        .init(
          id: lever.id, name: lever.name, cause: .input,
          reason: "the lever '\(lever.id)' follows '\(followed)', so it moves nothing"))
    }
    catalog.levers.removeAll { gone.contains($0.id) }
    catalog.indicators.removeAll { gone.contains($0.id) }
    catalog.links.removeAll { gone.contains($0.cause) || gone.contains($0.effect) }
    catalog.targets.removeAll { gone.contains($0.indicator) }
  }

  /// A stock as it was known on the day of the run: restarts that were stated later do not count.
  private func known(_ stock: StockSpecification) -> StockSpecification {
    guard let day = store.asOf, let stated = stock.stated, day < stated else { return stock }
    return stock.withoutRestarts
  }

  private func known(_ identity: IdentitySpecification) -> IdentitySpecification {
    if case .stock(let stock) = identity { return .stock(known(stock)) }
    return identity
  }

  /// The observations that a model uses: its own indicators, what they name, and what its processes need.
  static func neededIndicators(_ catalog: ModelCatalog) -> Set<String> {
    var needed = Set(catalog.indicators.map(\.id))
    for indicator in catalog.indicators {
      guard case .series(let series) = indicator.source else { continue }
      if let id = series.observedIndicator { needed.insert(id) }
      if let plan = series.plan {
        needed.formUnion([plan.of, plan.recordActual, plan.recordPlan])
        if let less = plan.less { needed.insert(less) }
      }
    }
    for process in catalog.processes where process.kind == "pci_race" {
      needed.formUnion(
        PCIPanel.indicators(
          score: process.texts["score"] ?? "", rank: process.texts["rank"] ?? "",
          subIndices: process.lists["sub_indices"] ?? []))
      needed.insert("firms_newly_registered")
    }
    needed.formUnion(catalog.dependence.observedIds)
    for process in catalog.processes where process.kind == "pci_effect" {
      needed.formUnion(["outcome", "counts"].compactMap { process.texts[$0] })
    }
    for process in catalog.processes where process.kind == "fdi_projects" {
      needed.formUnion(["projects", "ordinary", "mega", "observed_new"].compactMap { process.texts[$0] })
    }
    return needed
  }

  private mutating func compile() throws -> CompiledModel {
    var excluded: [CompiledModel.Excluded] = []
    let (processes, baselines) = try fit(&excluded)
    exclude(&excluded)
    if let first = excluded.first, catalog.indicators.isEmpty || baselines.isEmpty && processes.isEmpty {
      throw DiagnosticList([
        Diagnostic(
          .badData, code: "nothing_known", "nothing can be projected from what was known: \(first.reason)",
          hint: "choose a later day with --as-of")
      ])
    }
    let index = Dictionary(uniqueKeysWithValues: catalog.indicators.enumerated().map { ($1.id, $0) })
    var firstFree = until
    // A series whose figures ended long before the others' does not pull the start of the whole projection back to its last year:
    // its path runs on unseen until the projection starts.
    let latest = baselines.values.filter { !$0.isAssumed }.map(\.lastYear).max() ?? until
    for baseline in baselines.values where baseline.lastYear >= latest - 1 && !baseline.isAssumed {
      firstFree = min(firstFree, baseline.lastYear + 1)
    }
    for case let race as PCIRace in processes { firstFree = min(firstFree, race.fit.lastYear + 1) }
    for case let projects as FDIProjects in processes { firstFree = min(firstFree, projects.fit.lastYear + 1) }
    let grid = Array(min(catalog.startYear, firstFree)...max(until, min(catalog.startYear, firstFree)))

    var nodes: [CompiledModel.Node] = []
    for indicator in catalog.indicators {
      let kind: CompiledModel.NodeKind
      switch indicator.source {
      case .series:
        guard let baseline = baselines[indicator.id] else { continue }
        kind = .series(baseline)
      case .identity(let identity):
        kind = .identity(
          CompiledIdentity(
            specification: known(identity), inputs: identity.inputs.compactMap { index[$0] },
            history: try histories(indicator, identity, baselines, before: grid[0]),
            observed: observed(indicator),
            before: identity.inputs.first.flatMap { baselines[$0]?.middle(in: grid[0] - 1) }))
      case .process(let name):
        guard let position = processes.firstIndex(where: { $0.outputIds.contains(indicator.id) }) else {
          throw ScenarioError.badProcess(process: name, reason: "it does not make the indicator '\(indicator.id)'")
        }
        kind = .process(position)
      }
      nodes.append(
        CompiledModel.Node(
          definition: indicator, transform: RangeTransform(indicator.range), kind: kind,
          observations: observations(indicator),
          derivedHistory: processes.first { $0.outputIds.contains(indicator.id) }?.derivedHistory(of: indicator.id)
            ?? [:]))
    }
    let links = try makeLinks(index, processes)
    var linksInto = [[Int]](repeating: [], count: nodes.count)
    for (position, link) in links.enumerated() { linksInto[link.effect].append(position) }
    let units = try order(nodes, links, processes, index)
    let dependence = try estimateDependence()
    return CompiledModel(
      catalog: catalog, grid: grid, nodes: nodes, units: units, processes: processes, links: links,
      linksInto: linksInto,
      store: store, excluded: excluded, leverBaselines: try leverBaselines(grid, baselines), index: index,
      dependence: dependence, correlations: try correlatedShocks(dependence, processes))
  }

  private func observations(_ indicator: IndicatorDefinition) -> [Int: Observation] {
    if case .series(let series) = indicator.source {
      return store.annual(series.observedIndicator ?? indicator.id, area: series.observedArea ?? catalog.area)
    }
    return store.annual(indicator.id, area: catalog.area)
  }

  /// Published figures without plans.
  private func observed(_ indicator: IndicatorDefinition) -> [Int: Double] {
    observations(indicator).filter { $0.value.status != .plan }.mapValues(\.value)
  }

  /// The history of an identity's inputs; a stock needs every flow from its last published figure to the year before the projection.
  private func histories(
    _ indicator: IndicatorDefinition, _ identity: IdentitySpecification, _ baselines: [String: SeriesBaseline],
    before start: Int
  ) throws -> [[Int: Double]] {
    var result = identity.inputs.map { history($0, baselines) }
    guard case .stock(let stock) = identity,
      let opening = (observed(indicator).keys + known(stock).restartYears.filter { $0 < start }).max(),
      opening + 1 < start
    else { return result }
    for (position, input) in identity.inputs.enumerated() {
      for year in (opening + 1)..<start where result[position][year] == nil {
        guard let flow = baselines[input]?.middle(in: year) else {
          throw ScenarioError.missingFlow(stock: indicator.id, flow: input, year: year)
        }
        result[position][year] = flow
      }
    }
    return result
  }

  private func history(_ id: String, _ baselines: [String: SeriesBaseline]) -> [Int: Double] {
    baselines[id]?.history ?? store.annual(id, area: catalog.area).mapValues(\.value)
  }

  /// Orders units so that within a year every cause comes before its effect; lags break cycles.
  private func order(
    _ nodes: [CompiledModel.Node], _ links: [CompiledLink], _ processes: [any EngineProcess], _ index: [String: Int]
  ) throws -> [CompiledModel.Unit] {
    // Units: processes first, then nodes; what a node belongs to.
    var unitOf = [Int](repeating: -1, count: nodes.count)
    var units: [CompiledModel.Unit] = []
    for position in processes.indices { units.append(.process(position)) }
    for (node, content) in nodes.enumerated() {
      if case .process(let process) = content.kind {
        unitOf[node] = process
      } else {
        unitOf[node] = units.count
        units.append(.node(node))
      }
    }
    var before = [Set<Int>](repeating: [], count: units.count)
    for (node, content) in nodes.enumerated() {
      if case .identity(let identity) = content.kind {
        for input in identity.inputs { before[unitOf[node]].insert(unitOf[input]) }
      }
      if case .series(let baseline) = content.kind {
        for (driver, _) in baseline.loadings {
          if let world = index[driver] { before[unitOf[node]].insert(unitOf[world]) }
        }
      }
    }
    for link in links {
      if case .node(let cause) = link.cause, link.definition.lag.first ?? 0 != 0 {
        before[unitOf[link.effect]].insert(unitOf[cause])
      }
    }
    var ordered: [CompiledModel.Unit] = []
    var done = Set<Int>()
    while done.count < units.count {
      guard
        let next = units.indices.first(where: { !done.contains($0) && before[$0].subtracting([$0]).isSubset(of: done) }
        ),
        !before[next].contains(next)
      else {
        let stuck = units.indices.filter { !done.contains($0) }
        throw ScenarioError.cycle(
          stuck.flatMap { unit in nodes.indices.filter { unitOf[$0] == unit }.map { nodes[$0].id } })
      }
      done.insert(next)
      ordered.append(units[next])
    }
    return ordered
  }
}
