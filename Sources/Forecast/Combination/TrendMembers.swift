import NumericKernels

/// Simple trend forecasts of an adjusted series, each from one short search: members of ``PooledCombination``.
enum TrendMembers {
  /// How a damped trend's one-step errors are summed up.
  enum Loss { case squares, magnitudes }

  /// A damped trend: l' = f + alpha e, b' = phi b + beta e with f = l + phi b and e = y - f.
  ///
  /// The states start on the least-squares line through the first ten values, one step before them; alpha in 0.01 ... 0.99, beta
  /// in 0 ... alpha and phi in 0.8 ... 0.98 minimise the one-step errors without the first.
  static func dampedTrend(_ series: [Double], loss: Loss, horizon: Int) -> [Double] {
    let n = series.count
    guard n > 2 else { return Array(repeating: series.last ?? 0, count: horizon) }
    var line = RunningLine()
    let head = series.prefix(10)
    for value in head { line.add(value) }
    let slope = line.slope
    let centre = head.reduce(0, +) / Double(head.count)
    let start = centre - slope * 0.5 * Double(head.count + 1)
    func parameters(_ point: SIMD4<Double>) -> (alpha: Double, beta: Double, phi: Double) {
      let alpha = 0.01 + 0.98 * boxCoordinate(point[0])
      return (alpha, alpha * boxCoordinate(point[1]), 0.8 + 0.18 * boxCoordinate(point[2]))
    }
    func pass(_ point: SIMD4<Double>) -> (loss: Double, level: Double, trend: Double, phi: Double) {
      let (alpha, beta, phi) = parameters(point)
      var (level, trend, sum) = (start, slope, 0.0)
      series.withUnsafeBufferPointer { series in
        for t in 0..<n {
          let carried = phi * trend
          let error = series[t] - level - carried
          level += carried + alpha * error
          trend = carried + beta * error
          if t > 0 { sum += loss == .squares ? error * error : abs(error) }
        }
      }
      return (sum, level, trend, phi)
    }
    let scale = max(pass(SIMD4(0.5, 0.2, 0.5, 0)).loss, Double.leastNormalMagnitude)
    var best = (point: SIMD4<Double>.zero, value: Double.infinity)
    for x in [0.25, 0.5, 0.8] {
      for y in [0.05, 0.3] {
        let point = SIMD4(x, y, 0.6, 0)
        let value = pass(point).loss / scale
        if value < best.value { best = (point, value) }
      }
    }
    let found = NelderMead.minimize(
      { pass($0).loss / scale }, from: best.point, dimensions: 3, step: 0.15, pointTolerance: 1e-4,
      valueTolerance: 1e-6, evaluations: 150)
    let end = pass(found.point)
    var (power, sum) = (1.0, 0.0)
    return (0..<horizon).map { _ in
      power *= end.phi
      sum += power
      return end.level + sum * end.trend
    }
  }

  /// The standard theta method with a squared-error alpha; its level starts at the mean of the first three values.
  static func theta(_ series: [Double], horizon: Int) -> [Double] {
    let n = series.count
    guard n > 2 else { return Array(repeating: series.last ?? 0, count: horizon) }
    var line = RunningLine()
    for value in series { line.add(value) }
    let slope = line.slope
    let intercept = series.reduce(0, +) / Double(n) - slope * 0.5 * Double(n - 1)
    let curved = (0..<n).map { 2 * series[$0] - intercept - slope * Double($0) }
    let start = (curved[0] + curved[1] + curved[2]) / 3
    func pass(_ alpha: Double) -> (loss: Double, level: Double) {
      var (level, sum) = (start, 0.0)
      for value in curved {
        let error = value - level
        sum += error * error
        level += alpha * error
      }
      return (sum, level)
    }
    var (best, lowest) = (0, Double.infinity)
    for k in 0...20 {
      let value = pass(0.01 + 0.049 * Double(k)).loss
      if value < lowest { (best, lowest) = (k, value) }
    }
    // Parabolic refinement between the neighbours of the best cell.
    func alpha(_ x: Double) -> Double { min(max(0.01 + 0.049 * x, 0.01), 0.99) }
    var (low, high) = (Double(best - 1), Double(best + 1))
    let golden = 0.6180339887498949
    var (left, right) = (high - golden * (high - low), low + golden * (high - low))
    var (leftValue, rightValue) = (pass(alpha(left)).loss, pass(alpha(right)).loss)
    while high - low > 1e-3 {
      if leftValue <= rightValue {
        (high, right, rightValue) = (right, left, leftValue)
        left = high - golden * (high - low)
        leftValue = pass(alpha(left)).loss
      } else {
        (low, left, leftValue) = (left, right, rightValue)
        right = low + golden * (high - low)
        rightValue = pass(alpha(right)).loss
      }
    }
    let level = pass(alpha(0.5 * (low + high))).level
    return (0..<horizon).map { 0.5 * (level + intercept + slope * Double(n + $0)) }
  }

  /// The last value and the median change for every step.
  static func medianDrift(_ series: [Double], horizon: Int) -> [Double] {
    let last = series.last ?? 0
    guard series.count > 1 else { return Array(repeating: last, count: horizon) }
    let drift = Quantiles.median(zip(series, series.dropFirst()).map { $1 - $0 })
    return (1...horizon).map { last + Double($0) * drift }
  }
}
