import Forecast
import NumericKernels

/// The replay over all provinces, as of one day: where one province has too few years, 63 of them have enough.
///
/// - The race: deviations of the PCI score from the national median, with the fit of the engine (``PCIScoreFit``: every
///   edition known, at the weights in force on that day). Origins before five editions of the method of 2013 are a pool
///   of their own (``ReplayPool/allProvincesEarly``): they need three editions. Judged by published scores, in editions that published
///   all of them: the last ones printed only the upper part of the list, which would be a selection by the outcome.
/// - Foreign projects: their number and, without years that hold a mega-project, their registered capital, with the
///   engine's fit and each province's own level and size. Provinces with more projects than the size fit uses are left
///   out of the capital.
struct ReplayPanel {
  let asOf: CalendarDate
  let known: ObservationStore
  let truth: Truth
  let folder: DataFolder
  let settings: Replay.Settings

  /// The figures of today.
  struct Truth: Sendable {
    let race: PCIRace?
    let raceDefinition: ProcessDefinition?
    let projects: FDIProjects?
    /// Counts and new capital by province and year.
    let counts: [String: [Int: Double]]
    let totals: [String: [Int: Double]]

    init(_ model: CompiledModel) {
      race = model.process(PCIRace.self)
      raceDefinition = model.catalog.processes.first { $0.kind == "pci_race" }
      projects = model.process(FDIProjects.self)
      counts = projects.map { ReplayPanel.byArea(model.store, $0.parameters.projects) } ?? [:]
      totals = projects.map { ReplayPanel.byArea(model.store, $0.parameters.observedNew) } ?? [:]
    }
  }

  /// Preferred yearly figures of an indicator in all areas; as of an earlier day, the latest figure known then.
  static func byArea(_ store: ObservationStore, _ indicator: String) -> [String: [Int: Double]] {
    let areas = Set(store.observations.filter { $0.indicator == indicator }.map(\.area))
    return areas.reduce(into: [:]) { $0[$1] = store.annual(indicator, area: $1).mapValues(\.value) }
  }

  // MARK: the race

  private static let fewestEditions = 3
  private static let logit = RangeTransform(.score100)

  /// Gaps to the median, in points at the level of the last known median.
  func race() throws -> [ReplayForecast] {
    guard let today = truth.race, let definition = truth.raceDefinition,
      let panel = try? PCIPanel(
        store: known, folder: folder, score: definition.texts["score"] ?? "", rank: definition.texts["rank"] ?? "",
        subIndices: definition.lists["sub_indices"] ?? []),
      let last = panel.years.last(where: { year in
        panel.provinces.indices.count { !panel.score($0, year).isNaN } >= PCIScoreFit.fewestScores
      }), let edition = panel.weights(in: last)
    else { return [] }
    let parameters = today.parameters
    let isEarly = last < parameters.firstYear + 4
    let first = min(max(parameters.scoreFirstYear, panel.years.lowerBound), last)
    guard last - first + 1 >= ReplayPanel.fewestEditions,
      let scores = try? PCIScoreFit(
        panel: panel, edition: edition, years: first...last, prior: parameters.volatility),
      let median = scores.medians[last]
    else { return [] }
    let future = settings.horizons.compactMap { step -> (Int, [String: Double])? in
      published(today.fit.panel, last + step).map { (last + step, $0) }
    }
    let slope = PCIRaceFit.slope(median: median)
    var race = ReplayRace(model: scores.fit.model, volatility: scores.fit.volatility)
    return try panel.provinces.indices.flatMap { i -> [ReplayForecast] in
      let actual = future.compactMap { year, values in values[panel.provinces[i]].map { (year, $0) } }
      return try race.forecasts(
        history: scores.deviations[i], lastYear: last, actual: actual, unit: slope, indicator: today.gapId,
        pool: isEarly ? .allProvincesEarly : .allProvinces, area: panel.provinces[i], asOf: asOf)
    }
  }

  /// Deviations of all published scores of an edition from their median; nil where not all were published.
  private func published(_ panel: PCIPanel, _ year: Int) -> [String: Double]? {
    let scores = panel.provinces.indices.compactMap { i -> (String, Double)? in
      let score = panel.score(i, year)
      return score.isNaN ? nil : (panel.provinces[i], ReplayPanel.logit.forward(score))
    }
    guard scores.count >= PCIScoreFit.fewestScores else { return nil }
    let median = Quantiles.median(scores.map(\.1))
    return Dictionary(uniqueKeysWithValues: scores.map { ($0.0, $0.1 - median) })
  }

  // MARK: foreign projects

  /// Number and capital of new projects, with the fit of that day.
  func projects(_ projects: FDIProjects?) throws -> [ReplayForecast] {
    guard let projects else { return [] }
    let (parameters, fit) = (projects.parameters, projects.fit)
    let (counts, totals) = (
      ReplayPanel.byArea(known, parameters.projects), ReplayPanel.byArea(known, parameters.observedNew)
    )
    return try counts.keys.sorted().flatMap { area -> [ReplayForecast] in
      let history = (counts[area] ?? [:]).filter { $0.key >= parameters.countFrom }
      guard let last = history.keys.max(), history.count >= 4, last == fit.lastYear,
        let level = try ReplayPanel.level(parameters, history: history, last: last)
      else { return [] }
      let number = settings.horizons.compactMap { step -> ReplayForecast? in
        guard let actual = truth.counts[area]?[last + step] else { return nil }
        return ReplayPanel.count(
          level, fit: fit, step: step, history: history, actual: actual, indicator: parameters.projects, area: area,
          asOf: asOf)
      }
      let ordinary = (totals[area] ?? [:]).filter {
        $0.key >= parameters.countFrom && $0.value < parameters.megaThreshold
      }
      guard let latest = history[last], latest <= parameters.mostProjectsForFit, let naive = ordinary[last] else {
        return number
      }
      let capital = settings.horizons.compactMap { step -> ReplayForecast? in
        guard let actual = truth.totals[area]?[last + step], actual < parameters.megaThreshold else { return nil }
        return ReplayForecast(
          indicator: parameters.ordinary, pool: .allProvinces, area: area, asOf: asOf, lastKnownYear: last,
          lastKnown: naive,
          year: last + step, quantiles: capitalQuantiles(level, projects, area: area, step: step), actual: actual,
          scale: ReplayOrigin.scale(ordinary), isBreak: false)
      }
      return number + capital
    }
  }

  /// The level of a province's yearly counts after `last`.
  static func level(
    _ parameters: FDIProjectsParameters, history: [Int: Double], last: Int
  ) throws -> GammaPoisson? {
    guard var level = try? GammaPoisson(discount: parameters.countDiscount) else { return nil }
    for year in parameters.countFrom...max(last, parameters.countFrom) {
      guard (try? level.observe(history[year].map { Int($0) })) != nil else { return nil }
    }
    return level
  }

  /// A forecast of the number of projects: level and year effect together as one gamma law with the same mean and
  /// variance.
  static func count(
    _ level: GammaPoisson, fit: FDIProjectsFit, step: Int, history: [Int: Double], actual: Double, indicator: String,
    area: String, asOf: CalendarDate
  ) -> ReplayForecast? {
    guard let last = history.keys.max(), let naive = history[last] else { return nil }
    let (shape, rate) = level.level(steps: step)
    let s = fit.yearDeviation
    let combined = 1 / (1 / shape + VectorMath.exp(s * s) - 1)
    return ReplayForecast(
      indicator: indicator, pool: .allProvinces, area: area, asOf: asOf, lastKnownYear: last, lastKnown: naive,
      year: last + step,
      quantiles: NodeStatistics.probabilities.map {
        negativeBinomialQuantile(shape: combined, mean: shape / rate, probability: $0)
      }, actual: actual, scale: ReplayOrigin.scale(history), isBreak: false)
  }

  private static func negativeBinomialQuantile(shape: Double, mean: Double, probability: Double) -> Double {
    let p = shape / (shape + mean)
    var (k, mass) = (0.0, VectorMath.exp(shape * VectorMath.log(p)))
    var cumulated = mass
    while cumulated < probability && k < 100_000 {
      mass *= (shape + k) / (k + 1) * (1 - p)
      k += 1
      cumulated += mass
    }
    return k
  }

  /// Quantiles of the sum of sizes, drawn as ``FDIProjects`` draws them.
  private func capitalQuantiles(_ level: GammaPoisson, _ projects: FDIProjects, area: String, step: Int) -> [Double] {
    let (fit, parameters) = (projects.fit, projects.parameters)
    let location = fit.sizeFit.location(of: area)
    let (shape, rate) = level.level(steps: step)
    let largest = VectorMath.log(parameters.megaThreshold)
    let numbers = RandomStream(seed: settings.seed, id: "replay/\(parameters.projects)/\(area)", purpose: .innovation)
    let sizes = RandomStream(seed: settings.seed, id: "replay/\(parameters.ordinary)/\(area)", purpose: .size)
    let s = fit.yearDeviation
    let draws = (0..<settings.draws).map { draw -> Double in
      let year = s * numbers.normal(item: step, substream: 1, draw: draw) - 0.5 * s * s
      let mean = FDIProjects.gammaByCube(shape: shape, z: numbers.normal(item: step, draw: draw)) / rate
      let count = FDIProjects.poisson(
        mean: mean * VectorMath.exp(year), uniform: numbers.uniform(item: step, substream: 2, draw: draw))
      let middle = location.mean + location.standardError * sizes.normal(item: step, draw: draw)
      let share = StandardNormal.cumulative((largest - middle) / fit.sigma)
      var uniforms = [Double](repeating: 0, count: Int(count))
      uniforms.withUnsafeMutableBufferPointer {
        sizes.uniforms(item: step, substream: draw + 1, firstDraw: 0, into: $0)
      }
      for k in uniforms.indices { uniforms[k] *= share }
      var logs = uniforms
      logs.withUnsafeMutableBufferPointer { output in
        uniforms.withUnsafeBufferPointer { VectorMath.normalQuantile($0, into: output) }
      }
      for k in logs.indices { logs[k] = middle + fit.sigma * logs[k] }
      return VectorMath.exp(logs).reduce(0, +)
    }
    return Quantiles.of(draws, NodeStatistics.probabilities)
  }
}
