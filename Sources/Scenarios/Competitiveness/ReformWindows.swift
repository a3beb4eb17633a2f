import Forecast
import NumericKernels

/// What provinces achieved within a few years, for a package of sub-indices: the measure of an ambition (MODEL 3.4).
///
/// A window is one province over `length` years. Its gain is the change of the package's weighted contribution to the score, in
/// points at fixed weights, relative to the national median (so that recalibrations cancel). Of it remains what the start does not
/// explain (regression to the mean), shrunk by the share of variance that is not survey noise; the median is set to zero, so
/// that the percentile 0.5 means "no change from the baseline".
public struct ReformWindows: Sendable {
  /// The achieved gains in score points, ascending, one per window.
  public let gains: [Double]
  /// Points of each sub-index of the package that go with one point of the score, in the order of `package`.
  public let spread: [Double]
  /// Positions of the package's sub-indices in the model's order.
  public let package: [Int]
  /// The share of variance that is not survey noise.
  public let signalShare: Double
  /// The slope of the gain on the start: regression to the mean.
  public let startSlope: Double

  /// - Parameters:
  ///   - start: the province's own distance from the median score, in points; windows starting within `bandwidth` of it count.
  ///   - noise: the variance of survey noise in the package's contribution, in squared points.
  init(
    panel: PCIPanel, edition: PCIWeights, package: [Int], years: ClosedRange<Int>, length: Int, start: Double,
    bandwidth: Double
  ) throws {
    self.package = package
    var (starts, changes) = ([Double](), [Double]())
    var subChanges = [[Double]](repeating: [], count: package.count)
    let contributions = PackageContributions(panel: panel, edition: edition, package: package, years: years)
    for year in years where years.contains(year + length) {
      let scores = panel.provinces.indices.map { panel.weightedScore($0, year, weights: edition) }
      let center = Quantiles.median(scores.filter { !$0.isNaN })
      for province in panel.provinces.indices where abs(scores[province] - center) <= bandwidth + abs(start) {
        guard abs(scores[province] - center - start) <= bandwidth,
          let from = contributions.value(province, year), let to = contributions.value(province, year + length)
        else { continue }
        starts.append(from)
        changes.append(to - from)
        for (position, k) in package.enumerated() {
          subChanges[position].append(
            contributions.subDeviation(province, year + length, k) - contributions.subDeviation(province, year, k))
        }
      }
    }
    guard changes.count >= 20 else {
      throw ScenarioError.badProcess(
        process: "pci_race", reason: "only \(changes.count) comparable windows; widen start_bandwidth_points")
    }
    let residual = try ReformWindows.residuals(changes, on: starts)
    startSlope = residual.slope
    let fit = try AR1PlusNoise.fitPanel(series: contributions.series)
    let kept = 1 + residual.slope
    // A shock of which less than a fifth is left after the window is no lasting achievement: it counts as noise.
    let phi = fit.model.persistence
    let remaining = (0..<length).reduce(1.0) { product, _ in product * phi }
    let passing = remaining < 0.2 ? fit.model.innovationVariance / (1 - phi * phi) : 0
    let noise = (fit.model.noiseVariance + passing) * (1 + kept * kept)
    let variance = Reductions.variance(residual.values)
    signalShare = min(max(1 - noise / variance, 0.05), 1)
    let shrink = signalShare.squareRoot()
    let middle = Quantiles.median(residual.values)
    gains = residual.values.map { ($0 - middle) * shrink }.sorted()
    var spread: [Double] = []
    for changes in subChanges {
      let own = try ReformWindows.residuals(changes, on: starts).values
      let products = zip(own, residual.values).map { $0 * $1 }
      spread.append(Reductions.sum(products) / Reductions.sum(residual.values.map { $0 * $0 }))
    }
    self.spread = spread
  }

  /// The gain at a percentile (type 7), in points of the score.
  public func gain(percentile: Double) -> Double { Quantiles.of(gains, [percentile])[0] }

  /// How many windows achieved at least this gain.
  public func count(atLeast gain: Double) -> Int { gains.count { $0 >= gain - 1e-12 } }

  private static func residuals(_ y: [Double], on x: [Double]) throws -> (values: [Double], slope: Double) {
    let (meanX, meanY) = (Reductions.mean(x), Reductions.mean(y))
    let sxx = Reductions.sum(x.map { ($0 - meanX) * ($0 - meanX) })
    let sxy = Reductions.sum(zip(x, y).map { ($0 - meanX) * ($1 - meanY) })
    let slope = sxx > 0 ? sxy / sxx : 0
    return (zip(x, y).map { $1 - meanY - slope * ($0 - meanX) }, slope)
  }
}

/// The package's weighted contribution to the score of every province and year, as a deviation from the national median.
private struct PackageContributions {
  private let panel: PCIPanel
  private let edition: PCIWeights
  private let package: [Int]
  private let years: ClosedRange<Int>
  private var medians: [Int: [Double]] = [:]

  init(panel: PCIPanel, edition: PCIWeights, package: [Int], years: ClosedRange<Int>) {
    self.panel = panel
    self.edition = edition
    self.package = package
    self.years = years
    for year in years {
      medians[year] = panel.subIndices.indices.map { k in
        Quantiles.median(panel.provinces.indices.map { panel.sub($0, year, k) }.filter { !$0.isNaN })
      }
    }
  }

  func subDeviation(_ province: Int, _ year: Int, _ k: Int) -> Double {
    panel.sub(province, year, k) - (medians[year]?[k] ?? .nan)
  }

  func value(_ province: Int, _ year: Int) -> Double? {
    var total = 0.0
    for k in package { total += 10 * edition.values[k] * subDeviation(province, year, k) }
    return total.isNaN ? nil : total
  }

  /// One series per province, NaN where missing.
  var series: [[Double]] {
    panel.provinces.indices.map { province in years.map { value(province, $0) ?? .nan } }
      .filter { $0.contains { !$0.isNaN } }
  }
}
