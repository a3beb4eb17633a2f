import NumericKernels
import Synchronization
import TextFiles

/// The model's own past: what it would have said at the end of each year, beside what came.
///
/// For every origin the observations are cut to what was known on that day (``ObservationStore/known(on:)``: release
/// lags are data), the model is fitted anew and its baseline drawn; figures of today are the truth. It is
/// *pseudo*-real-time: the model's form, the breaks it declares, the treatment of mega-projects and, where no earlier
/// vintage is kept, the figures themselves are today's.
///
/// Thanh Hóa's own series are short. The race of provinces and the foreign projects are therefore also tested over all
/// provinces (``ReplayPanel``).
///
/// ```swift
/// let replay = try Replay.run(catalog, folder: folder, settings: Replay.Settings())
/// for indicator in replay.indicators { print(indicator.definition.id, indicator.scores.map(\.ratio)) }
/// ```
///
/// - Complexity: one compilation and one baseline run per origin; origins run on threads of their own, and no number
///   depends on how many threads there are.
public struct Replay: Sendable {
  public struct Settings: Sendable, Equatable {
    public var draws = 1000
    public var seed: UInt64 = 1
    public var threads = 2
    /// Years ahead of the last known figure.
    public var horizons = 1...3
    /// The first origin is the end of this year, the last one the end of the year before the last figure.
    public var firstYear = 2009
    /// A day of its own whose forecasts are shown one by one; nil for none.
    public var day: CalendarDate?
    /// The years shown of it.
    public var dayYears: ClosedRange<Int> = 2024...2025

    public init() {}
  }

  /// An origin at which nothing could be projected.
  public struct Skipped: Sendable, Equatable {
    public var asOf: CalendarDate
    public var reason: String
  }

  public let settings: Settings
  public let area: String
  /// In the order of the model; an indicator tested over all provinces follows its own entry.
  public let indicators: [ReplayIndicator]
  public let origins: [CalendarDate]
  public let skipped: [Skipped]
  /// The forecasts of ``Settings/day``, in the order of the model.
  public let dayForecasts: [ReplayForecast]
  public let fingerprint: Fingerprint

  public func definition(_ id: String) -> IndicatorDefinition? {
    indicators.first { $0.definition.id == id }?.definition
  }

  /// Replays the past.
  ///
  /// - Throws: ``DiagnosticList`` for problems of files, ``ScenarioError`` for a model that cannot be fitted to the
  ///   data of today, ``ScenarioError/cancelled``. An origin that cannot be projected is skipped and said
  ///   (``skipped``).
  public static func run(
    _ catalog: ModelCatalog, folder: DataFolder, settings: Settings,
    isCancelled: @escaping @Sendable () -> Bool = { false }, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> Replay {
    var run = RunSettings()
    (run.draws, run.seed, run.threads, run.asOf) = (settings.draws, settings.seed, settings.threads, settings.day)
    let fingerprint = try Fingerprint(folder: folder, scenarioPaths: [], settings: run)
    let store = try ObservationStore.read(folder, indicators: ModelCompiler.neededIndicators(catalog))
    let today = try ModelCompiler.compile(catalog, folder: folder, store: store, until: catalog.startYear)
    let truth = ReplayTruth(today)
    let lastOrigin = truth.lastYear - 1
    var days = (settings.firstYear...max(lastOrigin, settings.firstYear)).compactMap { CalendarDate("\($0)-12-31") }
    if lastOrigin < settings.firstYear { days = [] }
    let yearEnds = days.count
    if let day = settings.day { days.append(day) }

    let results = Mutex([Int: ReplayOrigin]())
    let all = days
    try WorkerThreads.run(blocks: all.count, threads: settings.threads, isCancelled: isCancelled) { index in
      let until = max(all[index].year + settings.horizons.upperBound, settings.dayYears.upperBound)
      let origin = try ReplayOrigin(
        all[index], catalog: catalog, folder: folder, store: store, truth: truth, settings: settings,
        until: index < yearEnds ? all[index].year + settings.horizons.upperBound : until,
        isPooled: index < yearEnds, isCancelled: isCancelled)
      let done = results.withLock {
        $0[index] = origin
        return $0.count
      }
      progress(Double(done) / Double(all.count))
    }
    if isCancelled() { throw ScenarioError.cancelled }
    let done = results.withLock { results in all.indices.compactMap { results[$0] } }
    let yearly = done.prefix(yearEnds)
    return Replay(
      settings: settings, area: catalog.area, indicators: truth.indicators(Array(yearly), settings),
      origins: yearly.filter { $0.problem == nil }.map(\.asOf),
      skipped: done.compactMap { origin in origin.problem.map { Skipped(asOf: origin.asOf, reason: $0) } },
      dayForecasts: done.count > yearEnds
        ? done[yearEnds].forecasts.filter { settings.dayYears.contains($0.year) } : [],
      fingerprint: fingerprint)
  }
}

/// The figures of today, by which forecasts are judged.
struct ReplayTruth: Sendable {
  let model: CompiledModel
  /// By node id.
  let facts: [String: [Int: Double]]
  /// Target years that are declared passing breaks, by node id; those of inputs count for what is computed from them.
  let breaks: [String: Set<Int>]
  let lastYear: Int
  let pool: ReplayPanel.Truth

  init(_ model: CompiledModel) {
    self.model = model
    var facts: [String: [Int: Double]] = [:]
    var breaks: [String: Set<Int>] = [:]
    for node in model.nodes { facts[node.id] = node.facts }
    func pulses(_ id: String, _ depth: Int = 0) -> Set<Int> {
      guard depth < 20, let definition = model.catalog.indicator(id) else { return [] }
      switch definition.source {
      case .series(let series):
        return series.interventions.reduce(into: []) { years, intervention in
          if case .pulse(let pulse) = intervention { years.formUnion(pulse) }
        }
      case .identity(let identity): return identity.inputs.reduce(into: []) { $0.formUnion(pulses($1, depth + 1)) }
      case .process: return []
      }
    }
    for node in model.nodes { breaks[node.id] = pulses(node.id) }
    self.facts = facts
    self.breaks = breaks
    lastYear = facts.values.compactMap { $0.keys.max() }.max() ?? model.catalog.startYear
    pool = ReplayPanel.Truth(model)
  }

  /// Gathers the forecasts of all origins by indicator.
  func indicators(_ origins: [ReplayOrigin], _ settings: Replay.Settings) -> [ReplayIndicator] {
    let own = Dictionary(grouping: origins.flatMap(\.forecasts), by: \.indicator)
    let pooled = Dictionary(grouping: origins.flatMap(\.pooled), by: \.indicator)
    let fans = origins.reduce(into: Set<String>()) { $0.formUnion($1.withFan) }
    return model.catalog.indicators.flatMap { definition -> [ReplayIndicator] in
      let forecasts = (own[definition.id] ?? []).filter { settings.horizons.contains($0.horizon) }
      var result = [
        ReplayIndicator(
          definition, pool: .own, forecasts: forecasts, horizons: settings.horizons,
          hasFigures: !(facts[definition.id] ?? [:]).isEmpty, hasFan: fans.contains(definition.id))
      ]
      for pool in [ReplayPool.allProvincesEarly, .allProvinces] {
        let forecasts = (pooled[definition.id] ?? []).filter { $0.pool == pool }
        guard !forecasts.isEmpty else { continue }
        result.append(ReplayIndicator(definition, pool: pool, forecasts: forecasts, horizons: settings.horizons))
      }
      return result
    }
  }
}
