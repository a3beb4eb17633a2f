import TextFiles

/// What the model would have said on one day.
struct ReplayOrigin: Sendable {
  let asOf: CalendarDate
  /// Forecasts of the model's own area that can be compared with a figure of today.
  var forecasts: [ReplayForecast] = []
  /// Forecasts of every province.
  var pooled: [ReplayForecast] = []
  /// Indicators whose band had a width.
  var withFan: Set<String> = []
  /// Why nothing could be projected.
  var problem: String?

  init(
    _ asOf: CalendarDate, catalog: ModelCatalog, folder: DataFolder, store: ObservationStore, truth: ReplayTruth,
    settings: Replay.Settings, until: Int, isPooled: Bool, isCancelled: @escaping @Sendable () -> Bool
  ) throws {
    self.asOf = asOf
    let known = store.known(on: asOf)
    var model: CompiledModel?
    do {
      let compiled = try ModelCompiler.compile(catalog, folder: folder, store: store, asOf: asOf, until: until)
      let engine = try EngineRun(
        compiled, draws: settings.draws, seed: settings.seed, threads: 1, isCancelled: isCancelled)
      try compare(engine, truth)
      model = compiled
    } catch let error as ScenarioError {
      if case .cancelled = error { throw error }
      problem = error.description
    } catch let error as DiagnosticList {
      // The files themselves were read without a problem: what is left is that too little was known.
      guard error.diagnostics.allSatisfy({ $0.code == "nothing_known" }) else { throw error }
      problem = error.diagnostics.map(\.message).joined(separator: "; ")
    }
    guard isPooled else { return }
    let panel = ReplayPanel(asOf: asOf, known: known, truth: truth.pool, folder: folder, settings: settings)
    pooled = try panel.race() + panel.projects(model?.process(FDIProjects.self))
  }

  private mutating func compare(_ engine: EngineRun, _ truth: ReplayTruth) throws {
    let statistics = try engine.statistics(engine.baselineDraws, baselineStatistics: nil)
    for (index, node) in engine.model.nodes.enumerated() {
      let facts = node.facts
      guard let last = facts.keys.max(), let value = facts[last] else { continue }
      for (position, year) in engine.model.grid.enumerated() where year > last {
        let quantiles = statistics[index][position].quantiles
        guard quantiles[0] < quantiles[8] else { continue }
        withFan.insert(node.id)
        guard let actual = truth.facts[node.id]?[year] else { continue }
        forecasts.append(
          ReplayForecast(
            indicator: node.id, area: engine.model.catalog.area, asOf: asOf, lastKnownYear: last, lastKnown: value,
            year: year, quantiles: quantiles, actual: actual, scale: ReplayOrigin.scale(facts),
            isBreak: truth.breaks[node.id]?.contains(year) ?? false))
      }
    }
  }

  /// The mean absolute change between neighbouring years.
  static func scale(_ facts: [Int: Double]) -> Double {
    let changes = facts.sorted { $0.key < $1.key }.compactMap { year, value in
      facts[year + 1].map { abs($0 - value) }
    }
    return changes.isEmpty ? .nan : changes.reduce(0, +) / Double(changes.count)
  }
}
