import Forecast
import NumericKernels

/// The effect of the PCI on an outcome such as new foreign capital, estimated from the panel of provinces by the program itself
/// (grade P).
///
/// Outcome: a non-negative indicator of year t. Regressor: the score of year t - 1, standardised within its year over the provinces.
/// Province and year effects; errors clustered by province. The specifications are fixed in advance; the averaged ones are
/// shrunk to zero (MODEL 4).
public struct PCIEffectEstimate: Sendable {
  public struct Specification: Sendable {
    public let id: String
    public let name: LocalizedText
    /// Per standard deviation of the score, in log points.
    public let coefficient: Double
    public let standardError: Double
    public let pValue: Double
    public let observations: Int
    /// Whether it enters the average; the others are checks.
    public let isAveraged: Bool
  }

  /// What it is an effect on.
  public let outcome: LocalizedText
  public let years: ClosedRange<Int>
  public let specifications: [Specification]
  public let average: SpecificationAverage
  /// The effect per standard deviation of the score after shrinking.
  public let mean: Double
  public let deviation: Double
  public let priorDeviation: Double
  /// Points of the score in one standard deviation: the mean over the years of the regressor.
  public let scoreDeviation: Double

  /// - Parameter threads: specifications are estimated side by side; the result does not depend on it.
  /// - Throws: ``ScenarioError`` if the panel lacks years, or a specification cannot be estimated.
  init(
    _ definition: ProcessDefinition, panel: PCIPanel, edition: PCIWeights, store: ObservationStore, threads: Int = 1
  ) throws {
    let data = PCIEffectData(definition, panel: panel, edition: edition, store: store)
    outcome = LocalizedText(
      vi: definition.texts["outcome_vi"] ?? data.outcomeId, en: definition.texts["outcome_en"] ?? data.outcomeId)
    years = data.from...max(data.to, data.from)
    priorDeviation = definition.numbers["shrinkage_sd"] ?? 0.15
    scoreDeviation = data.scoreDeviation
    let results: [Specification]
    do {
      let estimates = try Parallel.map(PCIEffectEstimate.plans(data), threads: threads, atATime: 1) {
        plan -> Specification? in
        let sample = try data.sample(plan)
        let table =
          plan.isPoisson
          ? try PoissonPanelRegression(sample).table(.clustered(by: sample.units, correction: .groups))
          : try LinearRegression(sample).table(.clustered(by: sample.units, correction: .groups))
        guard let estimate = table["pci"] else { return nil }
        return Specification(
          id: plan.id, name: plan.name, coefficient: estimate.coefficient, standardError: estimate.standardError,
          pValue: estimate.pValue, observations: sample.count, isAveraged: plan.isAveraged)
      }
      results = estimates.compactMap { $0 }
      average = try SpecificationAverage(
        results.filter(\.isAveraged).map {
          .init(name: $0.id, coefficient: $0.coefficient, standardError: $0.standardError)
        })
    } catch {
      throw ScenarioError.fit(indicator: definition.id, reason: "\(error)")
    }
    specifications = results
    let shrunk = average.shrunk(priorStandardDeviation: priorDeviation)
    mean = shrunk.mean
    deviation = shrunk.standardDeviation
  }

  struct Plan: Sendable {
    var id: String
    var name: LocalizedText
    var isPoisson = true
    var usesPublished = false
    var usesCounts = false
    var lead = false
    var from: Int
    var to: Int
    var withoutMega = false
    var isAveraged = true
  }

  private static func plans(_ data: PCIEffectData) -> [Plan] {
    let (from, to) = (data.from, data.to)
    func plan(_ id: String, _ vi: String, _ en: String, _ change: (inout Plan) -> Void = { _ in }) -> Plan {
      var plan = Plan(id: id, name: LocalizedText(vi: vi, en: en), from: from, to: to)
      change(&plan)
      return plan
    }
    var plans = [
      plan("poisson_fixed", "Poisson, trọng số cố định 2022", "Poisson, fixed 2022 weights"),
      plan("poisson_published", "Poisson, điểm công bố", "Poisson, published scores") { $0.usesPublished = true },
      plan("log_fixed", "log(1+x), trọng số cố định", "log(1+x), fixed weights") { $0.isPoisson = false },
      plan("log_published", "log(1+x), điểm công bố", "log(1+x), published scores") {
        $0.isPoisson = false
        $0.usesPublished = true
      },
    ]
    if data.megaThreshold != nil {
      plans.append(
        plan(
          "poisson_fixed_without_mega", "Poisson, cố định, không có dự án rất lớn",
          "Poisson, fixed, without mega-project years"
        ) { $0.withoutMega = true })
    }
    if to > 2021 {
      plans.append(
        plan("poisson_fixed_early", "Poisson, cố định, \(from)-2021", "Poisson, fixed, \(from)-2021") { $0.to = 2021 })
    }
    if from < 2018 {
      plans.append(
        plan("poisson_fixed_late", "Poisson, cố định, 2018-\(to)", "Poisson, fixed, 2018-\(to)") { $0.from = 2018 })
    }
    if data.hasCounts {
      plans.append(
        plan("poisson_fixed_counts", "Poisson, số dự án (kiểm tra)", "Poisson, project counts (check)") {
          $0.usesCounts = true
          $0.isAveraged = false
        })
    }
    plans.append(
      plan("placebo_lead", "Giả dược: PCI năm sau (kiểm tra)", "Placebo: next year's PCI (check)") {
        $0.lead = true
        $0.isAveraged = false
      })
    return plans
  }
}

/// The panel of provinces in the form the specifications need.
struct PCIEffectData: Sendable {
  let from: Int
  let to: Int
  private let panel: PCIPanel
  private let edition: PCIWeights
  private let capital: [String: [Int: Double]]
  private let counts: [String: [Int: Double]]
  let megaThreshold: Double?
  let outcomeId: String
  var hasCounts: Bool { !counts.isEmpty }

  init(_ definition: ProcessDefinition, panel: PCIPanel, edition: PCIWeights, store: ObservationStore) {
    from = Int(definition.numbers["from"] ?? 2015)
    to = Int(definition.numbers["to"] ?? 2023)
    megaThreshold = definition.numbers["mega_threshold"]
    outcomeId = definition.texts["outcome"] ?? ""
    let countsId = definition.texts["counts"]
    self.panel = panel
    self.edition = edition
    var capital: [String: [Int: Double]] = [:]
    var counts: [String: [Int: Double]] = [:]
    for row in store.observations where row.isPreferred {
      guard let year = row.period.calendarYear else { continue }
      if row.indicator == outcomeId { capital[row.area, default: [:]][year] = row.value }
      if row.indicator == countsId { counts[row.area, default: [:]][year] = row.value }
    }
    self.capital = capital
    self.counts = counts
  }

  /// The mean over the regressor's years of the score's standard deviation over provinces, in points.
  var scoreDeviation: Double {
    let deviations = (from - 1..<to).map { year in
      Reductions.standardDeviation(
        panel.provinces.indices.map { panel.fixedWeightScore($0, year, edition: edition) }.filter { !$0.isNaN })
    }
    return Reductions.mean(deviations.filter { $0.isFinite })
  }

  /// The score standardised within a year, by position of the province; NaN where not all provinces have one.
  private func standardised(_ year: Int, published: Bool) -> [Double] {
    let scores = panel.provinces.indices.map { i in
      published ? panel.score(i, year) : panel.fixedWeightScore(i, year, edition: edition)
    }
    let known = scores.filter { !$0.isNaN }
    guard known.count >= 60 else { return scores.map { _ in .nan } }
    let (mean, deviation) = (Reductions.mean(known), Reductions.standardDeviation(known))
    return scores.map { ($0 - mean) / deviation }
  }

  func sample(_ plan: PCIEffectEstimate.Plan) throws(ForecastError) -> PanelSample {
    var (outcome, regressor, units, periods) = ([Double](), [Double](), [String](), [Int]())
    for year in plan.from...max(plan.to, plan.from) {
      let scores = standardised(plan.lead ? year + 1 : year - 1, published: plan.usesPublished)
      for (i, province) in panel.provinces.enumerated() {
        guard let value = (plan.usesCounts ? counts : capital)[province]?[year], !scores[i].isNaN,
          !(plan.withoutMega && value > megaThreshold ?? .infinity)
        else { continue }
        outcome.append(plan.isPoisson ? value : VectorMath.log(1 + value))
        regressor.append(scores[i])
        units.append(province)
        periods.append(year)
      }
    }
    return try PanelSample(
      outcome: outcome, regressors: [RegressionColumn(name: "pci", values: regressor)], units: units, periods: periods)
  }
}
