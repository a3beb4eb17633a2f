import Forecast
import NumericKernels
import ReferenceValues
import Testing

@Suite struct CombinationPartsTests {
  @Test func aFixedSeasonIsFoundWhole() {
    let season = [0.8, 1.1, 1.3, 0.8]
    let series = (0..<24).map { 50 * season[$0 % 4] }
    let indices = ShrunkenSeasonalIndices(series, seasonalPeriod: 4)
    #expect(largestDistance(indices.indices, season) < 1e-12)
    #expect(indices.weight == 1 && abs(indices.strength - 1) < 1e-12)
  }

  @Test func noiseLeavesHardlyAnySeason() {
    let stream = RandomStream(seed: 7, id: "noise", purpose: .innovation)
    let series = (0..<60).map { 100 + 5 * stream.normal(item: $0, draw: 0) }
    let indices = ShrunkenSeasonalIndices(series, seasonalPeriod: 12)
    #expect(indices.weight < 0.2)
    #expect(indices.indices.allSatisfy { abs($0 - 1) < 0.01 })
  }

  @Test func seasonsNeedTwoOfThemAndPositiveValues() {
    let series = [1.0, 2, 3, 4, 1, 2, 3, 4, 1]
    #expect(ShrunkenSeasonalIndices(series, seasonalPeriod: 4).indices == [1, 1, 1, 1])
    #expect(ShrunkenSeasonalIndices(series.map { $0 - 1 } + series, seasonalPeriod: 4).weight == 0)
    #expect(ShrunkenSeasonalIndices([], seasonalPeriod: 1).indices == [1])
  }

  /// A cell of the grid, written down as in its definition: one at a time and without vectors.
  private func loss(
    _ y: [Double], alpha: Double, trend: Int, horizon: Int, onLogs: Bool, meanChange: Double
  ) -> Double {
    let x = onLogs ? y.map { VectorMath.log($0) } : y
    let n = x.count
    let firstOrigin = max(3, min(n - 2, max(n / 3, min(1, n / 2))))
    var (level, slope) = (x[0], 0.5 * (x[4] - x[0]) / 4)
    let (gain, damping) = trend >= 3 ? ([0.05, 0.15, 0.4][(trend - 3) / 3], [0.85, 0.95, 1][(trend - 3) % 3]) : (0, 1)
    let share = [0, 0.5, 1][min(trend, 2)]
    var (sum, count) = (0.0, 0.0)
    for t in 1..<n {
      let times = (0...t).map(Double.init)
      let (meanTime, mean) = (Double(t) / 2, x[0...t].reduce(0, +) / Double(t + 1))
      let cross = zip(times, x[0...t]).reduce(0) { $0 + ($1.0 - meanTime) * ($1.1 - mean) }
      let line = cross / times.reduce(0) { $0 + ($1 - meanTime) * ($1 - meanTime) }
      if trend < 3 {
        slope = share * line
        level += slope + alpha * (x[t] - level - slope)
      } else {
        let before = level + damping * slope
        let after = before + alpha * (x[t] - before)
        slope = damping * slope + gain * (after - before)
        level = after
      }
      guard t + 1 > firstOrigin, t + 1 < n else { continue }
      var (power, ahead) = (1.0, 0.0)
      for step in 1...min(horizon, n - t - 1) {
        power *= damping
        ahead += power
        let forecast = level + (trend < 3 ? Double(step) : ahead) * slope
        sum += abs(y[t + step] - (onLogs ? VectorMath.exp(forecast) : forecast))
        count += 1
      }
    }
    return sum / count / meanChange
  }

  @Test(arguments: [false, true])
  func gridLossesAreThoseOfTheDefinition(onLogs: Bool) throws {
    let y = [12.0, 13, 11, 15, 16, 14, 18, 21, 19, 22, 25, 24, 23, 27]
    let adjusted = try AdjustedSeries(y, seasonalPeriod: 1)
    let grid = SmootherGrid(adjusted, onLogs: onLogs, horizon: 3)
    #expect(grid.originCount == 9)
    for (place, alpha) in [0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1].enumerated() {
      for trend in 0..<12 {
        let expected = loss(
          adjusted.values, alpha: alpha, trend: trend, horizon: 3, onLogs: onLogs, meanChange: adjusted.meanChange)
        let found = grid.losses[trend * SmootherGrid.levelCount + place]
        #expect(relativeDistance(found, expected) < 1e-9, "alpha \(alpha) trend \(trend)")
      }
    }
  }

  @Test func aGridOfOneCellIsThatCell() throws {
    let y = [3.0, 5, 4, 6, 8, 7, 9, 12]
    let adjusted = try AdjustedSeries(y, seasonalPeriod: 1)
    let grid = SmootherGrid(adjusted, onLogs: false, horizon: 4)
    var weights = [Double](repeating: 0, count: SmootherGrid.cellCount)
    // No trend and a smoothing level of 1: the naive forecast.
    weights[SmootherGrid.levelCount - 1] = 1
    #expect(largestDistance(grid.forecast(weights: weights[...]).map { $0 * adjusted.unit }, [12, 12, 12, 12]) < 1e-11)
  }

  @Test func trimmedMeanLeavesOutTheExtremes() {
    let constants = CombinationConstants(horizon: 1, seasonalPeriod: 1)
    let members = [5.0, 1, 4, 100, 3, 6, 2, 4].map { [$0] }
    #expect(abs(constants.trimmedMean(members)[0] - 4) < 1e-12)
    #expect(constants.trimmedMean(Array(repeating: [7], count: 8)) == [7])
  }

  @Test func boundsAndStandardizedErrorsAreInverse() {
    for (forecast, scale, isPositive) in [(100.0, 30.0, true), (100, 30, false), (-5, 2, false), (3, 40, true)] {
      for factor in [-1.5, 0, 0.7, 2.5] {
        let bound = BandFactors.bound(factor, forecast: forecast, scale: scale, isPositive: isPositive)
        let back = BandFactors.standardized(bound, forecast: forecast, scale: scale, isPositive: isPositive)
        // Below a bound of 0 the way back ends at the lowest factor that a positive value can have.
        let lowest = isPositive ? -2 * forecast / scale : -.infinity
        #expect(abs(back - max(factor, lowest)) < 1e-9)
        #expect(!isPositive || bound >= 0)
      }
    }
  }

  @Test func factorsOfNormalErrorsAreNormalQuantiles() {
    for p in [0.001, 0.025, 0.1, 0.4, 0.5, 0.9, 0.975, 0.999] {
      #expect(abs(BandFactors.gaussian.factor(p) - VectorMath.normalQuantile(p)) < 1e-9)
    }
    // A pool of one value everywhere moves the factors towards it, by 0.6 at most.
    let moved = BandFactors.gaussian.blended(with: Array(repeating: 10, count: 50), series: 1_000_000)
    #expect(abs(moved.factor(0.5) - 6) < 1e-3)
  }
}
