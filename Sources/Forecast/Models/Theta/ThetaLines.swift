/// The intercepts and slopes of a theta model's line, step by step, over a series without gaps.
///
/// Entry t (from 0) is the line known after observation t: y ~ intercept + slope (t + 1). A static line is the
/// least-squares line of the whole series at every step; a dynamic one that of the observations so far, by the
/// recursion
///
///     slope[t] = ((t - 2) slope[t - 1] + 6 (y[t] - mean[t - 1]) / t) / (t + 1),   t = 2, 3, ... counted from 1
package struct ThetaLines: Sendable {
  package private(set) var intercepts: [Double]
  package private(set) var slopes: [Double]
  /// The mean of all observations.
  package private(set) var mean: Double

  package init(dynamic y: [Double]) {
    let n = y.count
    intercepts = [Double](repeating: 0, count: n)
    slopes = intercepts
    var (mean, slope) = (y.first ?? 0, 0.0)
    if n > 0 { intercepts[0] = mean }
    for t in 1..<max(n, 1) {
      let i = Double(t)
      slope = ((i - 1) * slope + 6 * (y[t] - mean) / (i + 1)) / (i + 2)
      mean += (y[t] - mean) / (i + 1)
      slopes[t] = slope
      intercepts[t] = mean - 0.5 * slope * (i + 2)
    }
    self.mean = mean
  }

  package init(static y: [Double]) {
    let full = ThetaLines(dynamic: y)
    self.init(intercept: full.intercepts.last ?? 0, slope: full.slopes.last ?? 0, count: y.count, mean: full.mean)
  }

  package init(intercept: Double, slope: Double, count: Int, mean: Double) {
    intercepts = [Double](repeating: intercept, count: count)
    slopes = [Double](repeating: slope, count: count)
    self.mean = mean
  }
}
