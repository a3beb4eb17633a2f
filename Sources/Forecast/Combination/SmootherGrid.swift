import NumericKernels

/// A fixed grid of exponential smoothers run over one series, judged by their own multi-step errors.
///
/// 84 cells: seven smoothing levels times twelve trends. Nothing is optimised; a cell is one pass. With l the level, started at the
/// first value, and S_j = phi + ... + phi^j:
///
///     none    l += alpha (y - l)                                          forecast l
///     line    b = c (least-squares slope of all values so far);           forecast l + j b
///             l += b + alpha (y - l - b)
///     Holt    f = l + phi b;  l' = f + alpha (y - f);                     forecast l + S_j b
///             b' = phi b + g (l' - l - phi b);  b0 = half the mean of the first four changes
///
/// The loss of a cell is its mean absolute error over all origins that have seen more than t0 values and over all steps up to the
/// horizon, divided by the mean absolute change of the series. On logarithms errors are measured after the way back.
package struct SmootherGrid: Sendable {
  typealias Lanes = SIMD8<Double>

  static let smoothingLevels: [Double] = [0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1]
  static let lineShares: [Double] = [0.5, 1]
  static let holtGains: [Double] = [0.05, 0.15, 0.4]
  static let holtDampings: [Double] = [0.85, 0.95, 1]
  static let trendCount = 3 + 9
  package static let levelCount = 7
  /// Cells, trend after trend.
  package static let cellCount = trendCount * levelCount

  /// Losses of the cells.
  package private(set) var losses: [Double]
  /// Origins they rest on.
  package let originCount: Int
  private let series: [Double]
  private let target: [Double]
  private let isLog: Bool
  private let horizon: Int
  private let firstOrigin: Int
  private let floor: Double
  private let ceiling: Double
  private var finalLevels = [Lanes](repeating: .zero, count: trendCount)
  private var finalTrends = [Lanes](repeating: .zero, count: trendCount)

  /// - Parameters:
  ///   - adjusted: at least one value, not constant.
  ///   - onLogs: whether the cells run on the logarithms.
  package init(_ adjusted: AdjustedSeries, onLogs: Bool, horizon: Int) {
    let n = adjusted.count
    isLog = onLogs && adjusted.isPositive
    series = onLogs ? adjusted.logs : adjusted.values
    target = adjusted.values
    self.horizon = horizon
    firstOrigin = max(3, min(n - 2, max(n / 3, min(adjusted.seasonalPeriod, n / 2))))
    originCount = max(n - 1 - firstOrigin, 0)
    floor = (series.min() ?? 0) - 3
    ceiling = (series.max() ?? 0) + 1.5
    losses = Array(repeating: 0, count: Self.cellCount)
    var sums = [Lanes](repeating: .zero, count: Self.trendCount)
    var count = 0
    let actuals = target
    (finalLevels, finalTrends) = run { origin, steps, forecasts in
      for step in 0..<steps {
        let actual = actuals[origin + step]
        for trend in 0..<Self.trendCount {
          let error = Lanes(repeating: actual) - forecasts[trend * horizon + step]
          sums[trend] += error.replacing(with: -error, where: error .< 0)
        }
      }
      count += steps
    }
    let divisor = Double(max(count, 1)) * adjusted.meanChange
    for trend in 0..<Self.trendCount {
      for level in 0..<Self.levelCount { losses[trend * Self.levelCount + level] = sums[trend][level] / divisor }
    }
  }

  /// The forecast of each step with given weights of the cells, on the scale of the adjusted values.
  package func forecast(weights: ArraySlice<Double>) -> [Double] {
    var cells = [Lanes](repeating: .zero, count: Self.trendCount * horizon)
    var slope = Lanes.zero
    if series.count > 1 { slope = Lanes(repeating: Self.slope(series)) }
    cells.withUnsafeMutableBufferPointer { buffer in
      fill(buffer, finalLevels, finalTrends, slope, steps: horizon)
    }
    var result = [Double](repeating: 0, count: horizon)
    for (cell, weight) in weights.enumerated() {
      let (trend, level) = cell.quotientAndRemainder(dividingBy: Self.levelCount)
      for step in 0..<horizon { result[step] += weight * cells[trend * horizon + step][level] }
    }
    return result
  }

  /// Adds the mixture's forecasts, with given weights, at every origin and step to `sums` (origin-major, horizon wide).
  ///
  /// Cells are run again: keeping all their forecasts would need 84 times as much memory.
  func addMixture(weights: ArraySlice<Double>, to sums: inout [Double]) {
    var lanes = [Lanes](repeating: .zero, count: Self.trendCount)
    for (cell, weight) in weights.enumerated() {
      lanes[cell / Self.levelCount][cell % Self.levelCount] = weight
    }
    _ = run { origin, steps, forecasts in
      let row = (origin - firstOrigin - 1) * horizon
      for step in 0..<steps {
        var sum = Lanes.zero
        for trend in 0..<Self.trendCount { sum += lanes[trend] * forecasts[trend * horizon + step] }
        sums[row + step] += sum.sum()
      }
    }
  }

  /// Origins of the loss: how many values each has seen.
  var origins: Range<Int> { firstOrigin + 1..<max(target.count, firstOrigin + 1) }

  /// Runs all cells over the series and hands the forecasts of each origin on: [trend * horizon + step].
  private func run(
    _ body: (_ origin: Int, _ steps: Int, _ forecasts: UnsafeMutableBufferPointer<Lanes>) -> Void
  ) -> (levels: [Lanes], trends: [Lanes]) {
    let n = series.count
    let alpha = Self.lanes
    var levels = [Lanes](repeating: Lanes(repeating: series[0]), count: Self.trendCount)
    let early = min(n - 1, 4)
    let firstTrend = early > 0 ? 0.5 * (series[early] - series[0]) / Double(early) : 0
    var trends = [Lanes](repeating: Lanes(repeating: firstTrend), count: Self.trendCount)
    let forecasts = UnsafeMutableBufferPointer<Lanes>.allocate(capacity: Self.trendCount * horizon)
    defer { forecasts.deallocate() }
    var line = RunningLine()
    line.add(series[0])
    series.withUnsafeBufferPointer { series in
      levels.withUnsafeMutableBufferPointer { levels in
        trends.withUnsafeMutableBufferPointer { trends in
          for t in 1..<max(n, 1) {
            let y = Lanes(repeating: series[t])
            line.add(series[t])
            let slope = line.slope
            levels[0] += alpha * (y - levels[0])
            for k in 0..<2 {
              let expected = levels[1 + k] + Lanes(repeating: Self.lineShares[k] * slope)
              levels[1 + k] = expected + alpha * (y - expected)
            }
            var cell = 3
            for gain in Self.holtGains {
              for damping in Self.holtDampings {
                let carried = damping * trends[cell]
                let expected = levels[cell] + carried
                let error = alpha * (y - expected)
                levels[cell] = expected + error
                trends[cell] = carried + gain * error
                cell += 1
              }
            }
            let seen = t + 1
            if seen > firstOrigin && seen < n {
              let steps = min(horizon, n - seen)
              fill(
                forecasts, UnsafeBufferPointer(levels), UnsafeBufferPointer(trends), Lanes(repeating: slope),
                steps: steps)
              body(seen, steps, forecasts)
            }
          }
        }
      }
    }
    return (levels, trends)
  }

  private func fill(
    _ output: UnsafeMutableBufferPointer<Lanes>, _ levels: [Lanes], _ trends: [Lanes], _ slope: Lanes, steps: Int
  ) {
    levels.withUnsafeBufferPointer { levels in
      trends.withUnsafeBufferPointer { trends in fill(output, levels, trends, slope, steps: steps) }
    }
  }

  /// Forecasts of every trend and step, back from logarithms.
  @inline(__always)
  private func fill(
    _ output: UnsafeMutableBufferPointer<Lanes>, _ levels: UnsafeBufferPointer<Lanes>,
    _ trends: UnsafeBufferPointer<Lanes>, _ slope: Lanes, steps: Int
  ) {
    for step in 0..<steps {
      let ahead = Double(step + 1)
      output[step] = levels[0]
      output[horizon + step] = levels[1] + ahead * Self.lineShares[0] * slope
      output[2 * horizon + step] = levels[2] + ahead * Self.lineShares[1] * slope
    }
    for cell in 3..<Self.trendCount {
      let damping = Self.holtDampings[(cell - 3) % 3]
      var (power, sum) = (1.0, 0.0)
      for step in 0..<steps {
        power *= damping
        sum += power
        output[cell * horizon + step] = levels[cell] + sum * trends[cell]
      }
    }
    guard isLog else { return }
    let (low, high) = (Lanes(repeating: floor), Lanes(repeating: ceiling))
    guard let base = output.baseAddress else { return }
    for cell in 0..<Self.trendCount {
      for step in 0..<steps {
        let place = cell * horizon + step
        output[place] = pointwiseMin(pointwiseMax(output[place], low), high)
      }
      let start = UnsafeMutableRawPointer(base + cell * horizon).assumingMemoryBound(to: Double.self)
      let row = UnsafeMutableBufferPointer(start: start, count: steps * 8)
      VectorMath.exp(UnsafeBufferPointer(row), into: row)
    }
  }

  /// alpha of each lane; the eighth repeats the last and has no weight.
  private static var lanes: Lanes {
    var result = Lanes(repeating: 1)
    for (lane, alpha) in smoothingLevels.enumerated() { result[lane] = alpha }
    return result
  }

  private static func slope(_ series: [Double]) -> Double {
    var line = RunningLine()
    for value in series { line.add(value) }
    return line.slope
  }
}

/// The least-squares slope of a growing sample, one addition at a time.
struct RunningLine {
  private var count = 0.0
  private var origin = 0.0
  private var sum = 0.0
  private var cross = 0.0

  mutating func add(_ value: Double) {
    if count == 0 { origin = value }
    sum += value - origin
    cross += count * (value - origin)
    count += 1
  }

  /// 0 for fewer than two values.
  var slope: Double {
    guard count > 1 else { return 0 }
    return 12 * (cross - 0.5 * (count - 1) * sum) / (count * (count * count - 1))
  }
}
