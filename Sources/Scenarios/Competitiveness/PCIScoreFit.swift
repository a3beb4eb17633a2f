import Forecast
import NumericKernels

/// The scores of all provinces as distances from each year's median, and the model fitted to them.
///
/// Scores are those at the weights of one edition, on the logit scale. A year whose sub-indices do not suffice to
/// recompute them takes the scores as published: policy bias was not measured from 2009 to 2012. A change of weights
/// then looks like a turbulent year, which the common volatility takes up, while persistence, levels and the ups and
/// downs of turbulence are learnt from all editions (`Benchmarks/results/pci-calibration.md`).
struct PCIScoreFit: Sendable {
  let years: [Int]
  /// By province and year, in the order of the panel; NaN where missing.
  let deviations: [[Double]]
  /// The logit of the national median, by year.
  let medians: [Int: Double]
  let fit: AR1PlusNoise.VolatilityPanelFit

  /// The fewest provinces with which the scores of a year count as complete.
  static let fewestScores = 60

  private static let logit = RangeTransform(.score100)

  /// - Throws: ``ForecastError`` where nothing can be fitted.
  init(
    panel: PCIPanel, edition: PCIWeights, years: ClosedRange<Int>, prior: CommonVolatility.Prior
  ) throws(ForecastError) {
    self.years = Array(years)
    var deviations = panel.provinces.map { _ in [Double]() }
    var medians: [Int: Double] = [:]
    for year in years {
      var scores = panel.provinces.indices.map { panel.fixedWeightScore($0, year, edition: edition) }
      if scores.count(where: { !$0.isNaN }) < PCIScoreFit.fewestScores {
        scores = panel.provinces.indices.map { panel.score($0, year) }
      }
      let logits = scores.map { $0.isNaN ? .nan : PCIScoreFit.logit.forward($0) }
      let median = Quantiles.median(logits.filter { !$0.isNaN })
      medians[year] = median
      for i in logits.indices { deviations[i].append(logits[i] - median) }
    }
    self.deviations = deviations
    self.medians = medians
    fit = try AR1PlusNoise.fitPanelWithCommonVolatility(series: deviations, prior: prior)
  }
}
