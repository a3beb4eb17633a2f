import Forecast
import NumericKernels
import TextFiles

/// What the panel says about where provinces stand and how they move: the fitted state-space models of the race.
///
/// Scores at fixed weights are taken to the logit scale and centred at each year's national median. Every province's deviation is a
/// level of its own, a persistent shock and survey noise (``AR1PlusNoise``), with common parameters and a turbulence of each year
/// that all provinces share (``CommonVolatility``), both estimated together (``PCIScoreFit``).
/// Where a score was published it is an exact observation; where only the upper part of the list was published, an
/// unpublished score is known to lie below a bound (censored); otherwise it is missing.
public struct PCIRaceFit: Sendable {
  public struct Rival: Sendable {
    public let province: String
    /// After the last exact observation.
    package let state: AR1PlusNoise.State
    /// For each year between that observation and the last edition: the bound below which the deviation lies (infinite: none).
    package let bounds: [Double]
  }

  /// One sub-index of the province.
  public struct SubIndex: Sendable {
    public let id: String
    public let model: AR1PlusNoise
    let state: AR1PlusNoise.State
    /// The national median of the sub-index in the last edition, on the logit scale.
    let median: Double
    /// The last published value.
    public let lastValue: Double
  }

  public let panel: PCIPanel
  public let edition: PCIWeights
  public let province: Int
  /// The last edition with the province's score.
  public let lastYear: Int
  /// Every province's deviations, and the fit to them.
  let scores: PCIScoreFit
  /// At a volatility of 1.
  public let scoreModel: AR1PlusNoise
  /// The turbulence of each edition to the last complete one. Later editions, published in part, are filtered at the median of what
  /// it forecasts for them.
  public let volatility: CommonVolatility
  /// The root mean square of the volatility's factor in the years that the sub-indices are fitted to: their models are at that
  /// turbulence.
  let subIndexVolatility: Double
  public let own: AR1PlusNoise.State
  public let rivals: [Rival]
  public let subIndices: [SubIndex]
  /// Lower Cholesky factor of the correlation of sub-index shocks.
  let correlation: Matrix
  /// Per sub-index: how much it moves when the score does.
  let loading: [Double]
  /// Logit of the national median, by year.
  public let medians: [Int: Double]
  public let medianForecast: LinearForecast
  /// Standard deviation of the fixed-weight score over provinces in the last complete year, in points.
  public let crossSectionDeviation: Double
  public let firstYear: Int
  /// The first edition that the model of scores is fitted to.
  public let scoreFirstYear: Int
  public let lastCompleteYear: Int

  private static let logit = RangeTransform(.score100)
  private static let logit10 = RangeTransform(.score10)

  init(panel: PCIPanel, parameters: PCIRaceParameters, area: String, until: Int) throws {
    guard let province = panel.provinces.firstIndex(of: area),
      let lastYear = panel.years.last(where: { !panel.score(province, $0).isNaN }),
      let edition = PCIRaceFit.edition(panel, wanted: parameters.weights, lastYear: lastYear)
    else {
      throw ScenarioError.badProcess(
        process: "pci_race", reason: "no weights '\(parameters.weights)' or no scores of '\(area)'")
    }
    let complete = { (year: Int) in PCIRaceFit.isComplete(panel, edition, year) }
    var lastComplete = min(parameters.lastCompleteYear, panel.years.upperBound)
    while lastComplete > parameters.firstYear && !complete(lastComplete) { lastComplete -= 1 }
    guard lastComplete >= parameters.firstYear + 4, lastYear >= lastComplete else {
      throw ScenarioError.tooFewObservations(
        indicator: "pci_score", needed: 5, found: max(lastComplete - parameters.firstYear + 1, 0))
    }
    self.panel = panel
    self.edition = edition
    self.province = province
    self.lastYear = lastYear
    firstYear = parameters.firstYear
    lastCompleteYear = lastComplete

    let scores: PCIScoreFit
    let scoreFirst = min(max(parameters.scoreFirstYear, panel.years.lowerBound), parameters.firstYear)
    do {
      scores = try PCIScoreFit(
        panel: panel, edition: edition, years: scoreFirst...lastComplete, prior: parameters.volatility)
    } catch { throw ScenarioError.fit(indicator: "pci_score", reason: "\(error)") }
    self.scores = scores
    let fit = scores.fit
    scoreModel = fit.model
    volatility = fit.volatility
    scoreFirstYear = scoreFirst
    var medians = scores.medians.filter { $0.key >= parameters.firstYear }
    let partial = (lastComplete + 1)..<max(lastYear + 1, lastComplete + 1)
    for year in partial {
      medians[year] = panel.publishedMedians[year].map(PCIRaceFit.logit.forward) ?? medians[year - 1]
    }
    self.medians = medians

    let bounds = PCIRaceFit.censoringBounds(panel, after: lastComplete, through: lastYear, medians: medians)
    var rivals: [Rival] = []
    var ownState = fit.states[province]
    let scales = fit.volatility.medianScales(steps: partial.count)
    for i in panel.provinces.indices {
      // A province that was gone before the present method is no rival.
      guard (parameters.firstYear...lastYear).contains(where: { !panel.score(i, $0).isNaN }) else { continue }
      var state = fit.states[i]
      var pending: [Double] = []
      func continued(_ last: [Double], before year: Int) throws -> AR1PlusNoise.State {
        let values = pending.map { _ in Double.nan } + last
        let end = year - lastComplete - 1
        return try state.continued(with: values, scales: Array(scales[(end - values.count)..<end]))
      }
      for year in partial {
        let score = panel.score(i, year)
        if score.isNaN {
          pending.append(i == province ? .infinity : bounds[year] ?? .infinity)
        } else {
          let deviation = PCIRaceFit.logit.forward(score) - (medians[year] ?? 0)
          state = try continued([deviation], before: year + 1)
          pending = []
        }
      }
      if i == province {
        ownState = try continued([], before: lastYear + 1)
      } else {
        rivals.append(Rival(province: panel.provinces[i], state: state, bounds: pending))
      }
    }
    own = ownState
    self.rivals = rivals

    crossSectionDeviation = Reductions.standardDeviation(
      panel.provinces.indices.map { panel.fixedWeightScore($0, lastComplete, edition: edition) }.filter { !$0.isNaN })
    medianForecast = try PCIRaceFit.medianForecast(
      medians, years: parameters.firstYear...lastYear, parameters, until: until)
    let sub = try SubIndexFit(
      panel: panel, edition: edition, province: province, firstYear: parameters.firstYear, lastComplete: lastComplete,
      lastYear: lastYear, medians: medians, shrinkage: parameters.correlationShrinkage)
    subIndices = sub.subIndices
    correlation = sub.correlation
    loading = sub.loading
    let fitted = zip(scores.years, fit.volatility.scales).filter {
      (parameters.firstYear...sub.lastYear).contains($0.0)
    }
    subIndexVolatility = (fitted.reduce(0) { $0 + $1.1 } / Double(fitted.count)).squareRoot()
  }

  /// The edition of the model, or the one in force when only earlier editions are known.
  private static func edition(_ panel: PCIPanel, wanted: String, lastYear: Int) -> PCIWeights? {
    guard let edition = panel.edition(wanted) else { return nil }
    return edition.firstYear <= lastYear ? edition : panel.weights(in: lastYear)
  }

  private static func isComplete(_ panel: PCIPanel, _ edition: PCIWeights, _ year: Int) -> Bool {
    panel.provinces.indices.count { !panel.fixedWeightScore($0, year, edition: edition).isNaN } >= 60
  }

  /// Of a partly published list only the unbroken top is certain: an unpublished province lies below its last score.
  private static func censoringBounds(
    _ panel: PCIPanel, after first: Int, through last: Int, medians: [Int: Double]
  ) -> [Int: Double] {
    var result: [Int: Double] = [:]
    for year in (first + 1)..<max(last + 1, first + 1) {
      var byRank: [Int: Double] = [:]
      for i in panel.provinces.indices where !panel.rank(i, year).isNaN && !panel.score(i, year).isNaN {
        byRank[Int(panel.rank(i, year))] = panel.score(i, year)
      }
      var rank = 0
      while byRank[rank + 1] != nil { rank += 1 }
      if let score = byRank[rank], let median = medians[year] { result[year] = logit.forward(score) - median }
    }
    return result
  }

  private static func medianForecast(
    _ medians: [Int: Double], years: ClosedRange<Int>, _ parameters: PCIRaceParameters, until: Int
  ) throws -> LinearForecast {
    var values = years.map { medians[$0] ?? .nan }
    // The jump of a recalibration stays in the level and leaves trend and variance.
    let shift = parameters.levelShiftYear - years.lowerBound
    var jump = 0.0
    if shift > 0, shift < values.count {
      let changes = (1..<values.count).filter { $0 != shift }.map { values[$0] - values[$0 - 1] }.filter { !$0.isNaN }
      jump = values[shift] - values[shift - 1] - Quantiles.median(changes)
      for i in shift..<values.count { values[i] -= jump }
    }
    do {
      var forecast = try Combination(fitting: values).linearForecast(horizon: max(until - years.upperBound, 1))
      for h in forecast.mean.indices { forecast.mean[h] += jump }
      return forecast
    } catch { throw ScenarioError.fit(indicator: "pci_median", reason: "\(error)") }
  }
}
