import Forecast
import NumericKernels

/// What the panel says about the number and the size of foreign projects in the province.
///
/// Counts: a Gamma-Poisson level with power discounting (West and Harrison), plus a year effect whose size is that of
/// the level's own one-year-ahead errors over all provinces: what a year brings beyond Poisson, and what a smoothed
/// level is late to see. Sizes: lognormal, from yearly totals given counts (``LognormalTotals``), cut at the mega
/// threshold. Mega-projects: a Poisson rate with Jeffreys' prior over the years observed, sizes by a bounded Pareto
/// law.
public struct FDIProjectsFit: Sendable {
  /// Gamma law of the yearly level after the last count.
  public let level: GammaPoisson
  /// Standard deviation of the log of a year's level beyond the slow movement.
  public let yearDeviation: Double
  /// Log of the median size of an ordinary project (million USD), its standard error, and the spread of log sizes.
  public let location: Double
  public let locationError: Double
  public let sigma: Double
  public let sizeFit: LognormalTotals
  /// Observed mega-projects and years observed.
  public let megaCount: Int
  public let megaYears: Int
  public let lastYear: Int
  /// Observed yearly values.
  let counts: [Int: Double]
  let ordinary: [Int: Double]
  let mega: [Int: Double]

  init(_ parameters: FDIProjectsParameters, store: ObservationStore, area: String) throws {
    let counts = store.annual(parameters.projects, area: area).mapValues(\.value)
    ordinary = store.annual(parameters.ordinary, area: area).mapValues(\.value)
    mega = store.annual(parameters.mega, area: area).mapValues(\.value)
    self.counts = counts
    guard let last = counts.keys.max(), counts.keys.count(where: { $0 >= parameters.countFrom }) >= 4 else {
      throw ScenarioError.tooFewObservations(
        indicator: parameters.projects, needed: 4, found: counts.keys.count { $0 >= parameters.countFrom })
    }
    lastYear = last
    do {
      var level = try GammaPoisson(discount: parameters.countDiscount)
      for year in parameters.countFrom...last { try level.observe(counts[year].map { Int($0) }) }
      self.level = level
      let panel = FDIProjectsFit.panel(parameters, store: store)
      yearDeviation = try FDIProjectsFit.extraVariation(panel.counts, parameters)
      // The province's own years without the mega-projects, whatever their size.
      var observations = panel.sizes.filter { $0.unit != area }
      for (year, count) in counts.sorted(by: { $0.key < $1.key }) where year >= parameters.countFrom {
        if let total = ordinary[year], count > 0 {
          observations.append(.init(unit: area, count: Int(count), total: total))
        }
      }
      sizeFit = try LognormalTotals(fitting: observations)
    } catch { throw ScenarioError.fit(indicator: parameters.ordinary, reason: "\(error)") }
    let own = sizeFit.location(of: area)
    location = own.mean
    locationError = own.standardError
    sigma = sizeFit.sigma
    megaCount = mega.values.count { $0 > 0 }
    megaYears = mega.keys.count { $0 >= parameters.megaFrom }
  }

  /// Counts by province and year, and usable (count, total) pairs without years that hold a mega-project.
  private static func panel(
    _ parameters: FDIProjectsParameters, store: ObservationStore
  ) -> (
    counts: [String: [Int: Double]], sizes: [LognormalTotals.Observation]
  ) {
    var counts: [String: [Int: Double]] = [:]
    var totals: [String: [Int: Double]] = [:]
    for row in store.observations where row.isPreferred {
      guard let year = row.period.calendarYear, year >= parameters.countFrom else { continue }
      if row.indicator == parameters.projects { counts[row.area, default: [:]][year] = row.value }
      if row.indicator == parameters.observedNew { totals[row.area, default: [:]][year] = row.value }
    }
    var sizes: [LognormalTotals.Observation] = []
    for area in counts.keys.sorted() {
      for (year, count) in (counts[area] ?? [:]).sorted(by: { $0.key < $1.key }) {
        guard count > 0, count <= parameters.mostProjectsForFit, let total = totals[area]?[year],
          total < parameters.megaThreshold
        else { continue }
        sizes.append(.init(unit: area, count: Int(count), total: total))
      }
    }
    return (counts, sizes)
  }

  /// The standard deviation s of a lognormal year effect with mean one, from forecasts one year ahead.
  ///
  /// With m the mean and r the relative variance of a province's level before the year, and v = exp(s^2) - 1,
  ///
  ///     E (y - m)^2 = m + m^2 (r + v + r v)
  ///
  /// solved for v over all provinces and years, each weighted by 1 / m. Years after fewer than two observed ones and
  /// means outside 3 ... 120 are left out: there Poisson noise or a few big cities would decide. Differences of
  /// neighbouring years, the obvious measure, miss that a smoothed level follows a trend late: with them the 80% band
  /// held 68-72% of the counts in the replay.
  private static func extraVariation(
    _ counts: [String: [Int: Double]], _ parameters: FDIProjectsParameters
  ) throws -> Double {
    var (excess, weight) = (0.0, 0.0)
    for area in counts.keys.sorted() {
      let series = counts[area] ?? [:]
      guard let last = series.keys.max() else { continue }
      var level = try GammaPoisson(discount: parameters.countDiscount)
      var observed = 0
      for year in parameters.countFrom...last {
        let (shape, rate) = level.level(steps: 1)
        let mean = shape / rate
        if let count = series[year], observed >= 2, (3...120).contains(mean) {
          let error = count - mean
          excess += (error * error - mean - mean * mean / shape) / mean
          weight += mean * (1 + 1 / shape)
        }
        try level.observe(series[year].map { Int($0) })
        if series[year] != nil { observed += 1 }
      }
    }
    return weight > 0 ? VectorMath.log(1 + max(excess / weight, 0)).squareRoot() : 0
  }
}

/// The parameters of the FDI process, from the model folder.
struct FDIProjectsParameters: Sendable {
  var projects, ordinary, mega, observedNew: String
  var countFrom: Int
  var countDiscount: Double
  var megaThreshold: Double
  var megaLargest: Double
  var megaFrom: Int
  var megaShape: Double
  var mostProjectsForFit: Double

  init(_ definition: ProcessDefinition) throws {
    func text(_ key: String) throws -> String {
      guard let value = definition.texts[key] else {
        throw ScenarioError.badProcess(process: definition.id, reason: "the key '\(key)' is missing")
      }
      return value
    }
    func number(_ key: String) throws -> Double {
      guard let value = definition.numbers[key] else {
        throw ScenarioError.badProcess(process: definition.id, reason: "the number '\(key)' is missing")
      }
      return value
    }
    projects = try text("projects")
    ordinary = try text("ordinary")
    mega = try text("mega")
    observedNew = try text("observed_new")
    countFrom = Int(try number("count_from"))
    countDiscount = try number("count_discount")
    megaThreshold = try number("mega_threshold")
    megaLargest = try number("mega_largest")
    megaFrom = Int(try number("mega_from"))
    megaShape = try number("mega_shape")
    mostProjectsForFit = try number("most_projects_for_fit")
  }
}

extension FDIProjectsFit {
  /// The median size of an ordinary project, million USD (before the cut at the mega threshold).
  public var medianSize: Double { VectorMath.exp(location) }
}
