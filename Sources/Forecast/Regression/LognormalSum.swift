import NumericKernels

/// The law of log(S) for S the sum of n independent lognormals exp(σ z): its density for any n, at one σ.
///
///     log(e^A + e^B) = A + log(1 + e^(B - A)),   A from k terms, B from n - k
///
/// The density of n terms comes from those of n/2 (rounded down and up) by numerical convolution on the log scale, so n
/// terms take about log2 n steps and share them with other n. Each density is a table on a uniform grid; a convolution
/// deposits the mass of each pair of grid points at its place by six-point Lagrange weights, which keep five moments,
/// and the trapezoidal sum itself is accurate beyond rounding for such smooth densities. The grid step is halved as the
/// density narrows (at least six points per standard deviation). Densities are within about 1e-5 relative in the bulk;
/// n = 1 is the exact normal.
///
/// Above 32 terms only eight counts per octave are convolved; between them the mean and the logarithm of the standard
/// deviation are interpolated linearly in log n and the shape is that of the nearer one: off by less than 0.005
/// standard deviations.
///
/// A value type holding a cache: copies are independent.
public struct LognormalSum: Sendable {
  public let sigma: Double
  private var tables: [Int: DensityTable] = [:]

  /// - Throws: `badDesign` unless 0.05 <= σ <= 6.
  public init(sigma: Double) throws(ForecastError) {
    guard sigma >= 0.05, sigma <= 6 else {
      throw .badDesign(model: "lognormal sum", reason: "sigma must lie in 0.05 ... 6, not \(sigma)")
    }
    self.sigma = sigma
  }

  /// The log-density of log(S) at `value`, for `count` terms. Beyond the table it follows the parabola of the last
  /// points.
  ///
  /// - Throws: `badDesign` unless 1 <= count <= 100,000.
  public mutating func logDensity(count: Int, at value: Double) throws(ForecastError) -> Double {
    try table(count: count).logDensity(value)
  }

  /// Mean and standard deviation of log(S).
  public mutating func moments(count: Int) throws(ForecastError) -> (mean: Double, standardDeviation: Double) {
    let table = try table(count: count)
    return (table.mean, table.standardDeviation)
  }

  /// The quantile of log(S); NaN outside (0, 1).
  public mutating func quantile(count: Int, _ probability: Double) throws(ForecastError) -> Double {
    try table(count: count).quantile(probability)
  }

  mutating func table(count: Int) throws(ForecastError) -> DensityTable {
    guard count >= 1, count <= 100_000 else {
      throw .badDesign(model: "lognormal sum", reason: "the number of terms must lie in 1 ... 100000, not \(count)")
    }
    return cached(count)
  }

  private mutating func cached(_ count: Int) -> DensityTable {
    if let table = tables[count] { return table }
    let result: DensityTable
    let anchor = LognormalSum.anchor(notAbove: count)
    if count == 1 {
      result = DensityTable(normalWith: sigma)
    } else if anchor == count {
      let smaller = cached(count / 2)
      result = DensityTable(sumOf: smaller, and: count % 2 == 0 ? nil : cached(count - count / 2))
    } else {
      let below = cached(anchor)
      let next = LognormalSum.nextAnchor(above: anchor)
      let above = cached(next)
      let base = VectorMath.log(Double(anchor))
      let share = (VectorMath.log(Double(count)) - base) / (VectorMath.log(Double(next)) - base)
      let ratio = VectorMath.log(above.standardDeviation / below.standardDeviation)
      result = DensityTable(
        shapedAs: share < 0.5 ? below : above, mean: below.mean + share * (above.mean - below.mean),
        standardDeviation: below.standardDeviation * VectorMath.exp(share * ratio))
    }
    tables[count] = result
    return result
  }

  /// The largest count <= `count` that is convolved: all up to 32, then eight per octave, whose halves are such counts
  /// again.
  private static func anchor(notAbove count: Int) -> Int { count - count % spacing(count) }

  private static func nextAnchor(above anchor: Int) -> Int { anchor + spacing(anchor) }

  private static func spacing(_ count: Int) -> Int {
    guard count >= 32 else { return 1 }
    var spacing = 4
    while count >= 16 * spacing { spacing *= 2 }
    return spacing
  }
}

/// A smooth density on a uniform grid: value k stands at origin + k * step. For a table that takes part in convolutions
/// the origin is first * step.
struct DensityTable: Sendable {
  let first: Int
  let origin: Double
  let step: Double
  let values: [Double]
  let mean: Double
  let standardDeviation: Double
  private let logs: [Double]

  /// The normal of mean 0, ten points per standard deviation.
  init(normalWith sigma: Double) {
    let perDeviation = 10
    let half = 9 * perDeviation
    let values = (-half...half).map { k in
      let z = Double(k) / Double(perDeviation)
      return VectorMath.exp(-0.5 * z * z) / (sigma * 2.506628274631000502)
    }
    self.init(first: -half, step: sigma / Double(perDeviation), values: values)
  }

  /// The law of log(e^A + e^B); without `other`, B has the law of A, and the pairs with A > B mirror those with A < B.
  init(sumOf one: DensityTable, and other: DensityTable?) {
    var a = one
    var b = other ?? one
    // Steps only ever differ by powers of two.
    while a.step > b.step * 1.5 { a = a.refined() }
    while b.step > a.step * 1.5 { b = b.refined() }
    let step = a.step
    // Room for the spread of the weights on both sides, and for the rise of at most log 2 above the larger of A and B.
    let low = min(a.first, b.first) - 4
    let high = max(a.first + a.values.count, b.first + b.values.count) + Int(0.7 / step) + 8
    var mass = [Double](repeating: 0, count: high - low)
    var products = [Double](repeating: 0, count: a.values.count + 10)
    // All pairs with the same difference d = j - i land the same distance above i: one shift and six weights per d.
    let lowest = other == nil ? 0 : b.first - a.first - a.values.count + 1
    for d in lowest...(b.first - a.first + b.values.count - 1) {
      let firstI = max(0, b.first - a.first - d)
      let endI = min(a.values.count, b.first - a.first - d + b.values.count)
      guard firstI < endI else { continue }
      let difference = Double(d) * step
      let rise =
        difference > 0
        ? difference + DensityTable.log1p(VectorMath.exp(-difference))
        : DensityTable.log1p(VectorMath.exp(difference))
      let position = rise / step
      let whole = position.rounded(.down)
      var weights = DensityTable.lagrange(position - whole)
      if other == nil, d > 0 { weights *= 2 }
      let offset = a.first - low + Int(whole) - 2
      let shiftB = a.first + d - b.first
      DensityTable.deposit(
        a.values, b.values, from: firstI, to: endI, shiftB: shiftB, products: &products, into: &mass, offset: offset,
        weights: weights)
    }
    var table = DensityTable(first: low, step: step, values: mass.map { max(0, $0 * step) })
    while table.standardDeviation < 6 * table.step { table = table.refined() }
    self = table
  }

  /// The density of the same shape with another mean and standard deviation.
  init(shapedAs other: DensityTable, mean: Double, standardDeviation: Double) {
    let scale = standardDeviation / other.standardDeviation
    first = other.first
    origin = mean + (other.origin - other.mean) * scale
    step = other.step * scale
    self.mean = mean
    self.standardDeviation = standardDeviation
    values = other.values.map { $0 / scale }
    let logScale = VectorMath.log(scale)
    logs = other.logs.map { $0 - logScale }
  }

  private init(first: Int, step: Double, values: [Double]) {
    // The density has one peak. Each tail ends where it is too small to matter, or stops falling: rounding of the
    // weights then exceeds it.
    var peak = 0
    for k in values.indices where values[k] > values[peak] { peak = k }
    let floor = 1e-11 * values[peak]
    var start = peak
    while start > 0, values[start - 1] > floor, values[start - 1] < values[start] { start -= 1 }
    var end = peak + 1
    while end < values.count, values[end] > floor, values[end] < values[end - 1] { end += 1 }
    let total = Reductions.sum(Array(values[start..<end])) * step
    let kept = values[start..<end].map { $0 / total }
    let base = first + start
    var mean = 0.0
    for (k, value) in kept.enumerated() { mean += value * Double(base + k) }
    mean *= step * step
    var variance = 0.0
    for (k, value) in kept.enumerated() {
      let gap = Double(base + k) * step - mean
      variance += value * gap * gap
    }
    self.first = base
    origin = Double(base) * step
    self.step = step
    self.values = kept
    self.mean = mean
    standardDeviation = (variance * step).squareRoot()
    logs = VectorMath.log(kept.map { max($0, 1e-300) })
  }

  /// The same density on half the step, its logarithm interpolated.
  private func refined() -> DensityTable {
    var finer: [Double] = []
    finer.reserveCapacity(2 * values.count)
    for k in values.indices {
      finer.append(values[k])
      if k + 1 < values.count { finer.append(VectorMath.exp(logDensity(origin + (Double(k) + 0.5) * step))) }
    }
    return DensityTable(first: 2 * first, step: 0.5 * step, values: finer)
  }

  /// Six-point interpolation of the log-density: exact for a normal. Beyond the table, the parabola of its outermost
  /// points.
  func logDensity(_ value: Double) -> Double {
    let position = (value - origin) / step
    let last = logs.count - 1
    guard position >= 2, position < Double(last - 2) else {
      guard last >= 4, position.isFinite else { return -.infinity }
      let anchor = position < 2 ? 1 : last - 1
      let slope = 0.5 * (logs[anchor + 1] - logs[anchor - 1])
      let curvature = min(0, logs[anchor + 1] - 2 * logs[anchor] + logs[anchor - 1])
      let t = position - Double(anchor)
      return logs[anchor] + slope * t + 0.5 * curvature * t * t
    }
    let k = Int(position)
    let weights = DensityTable.lagrange(position - Double(k))
    var sum = 0.0
    for offset in 0..<6 { sum += weights[offset] * logs[k - 2 + offset] }
    return sum
  }

  func quantile(_ probability: Double) -> Double {
    guard probability > 0, probability < 1 else { return .nan }
    // Each point stands for the step around it; inverted linearly on a grid eight times as fine.
    let fine = step / 8
    var below = 0.0
    for k in 0..<(8 * values.count - 7) {
      let value = origin + Double(k) * fine
      let next = below + VectorMath.exp(logDensity(value)) * fine
      if next >= probability { return value + ((probability - below) / (next - below) - 0.5) * fine }
      below = next
    }
    return origin + Double(values.count - 1) * step
  }

  /// log(1 + x) for 0 <= x <= 1 with small x kept.
  private static func log1p(_ x: Double) -> Double {
    let sum = 1 + x
    return sum == 1 ? x : VectorMath.log(sum) * x / (sum - 1)
  }

  /// Lagrange weights of the points -2 ... 3 for a position t in [0, 1).
  private static func lagrange(_ t: Double) -> SIMD8<Double> {
    let (a, b, c, d, e, f) = (t + 2, t + 1, t, t - 1, t - 2, t - 3)
    var weights = SIMD8<Double>(repeating: 0)
    weights[0] = -(b * c * d) * (e * f) / 120
    weights[1] = (a * c * d) * (e * f) / 24
    weights[2] = -(a * b * d) * (e * f) / 12
    weights[3] = (a * b * c) * (e * f) / 12
    weights[4] = -(a * b * c) * (d * f) / 24
    weights[5] = (a * b * c) * (d * e) / 120
    return weights
  }

  /// Adds a[i] b[i + shift] times each weight at i + offset ... i + offset + 5. `products` is scratch with at least a.count + 10
  /// elements.
  private static func deposit(
    _ a: [Double], _ b: [Double], from: Int, to: Int, shiftB: Int, products: inout [Double], into mass: inout [Double],
    offset: Int, weights: SIMD8<Double>
  ) {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        products.withUnsafeMutableBufferPointer { products in
          mass.withUnsafeMutableBufferPointer { mass in
            SpreadProducts.add(
              UnsafeBufferPointer(rebasing: a[from..<to]),
              UnsafeBufferPointer(rebasing: b[from + shiftB..<to + shiftB]),
              weights: weights, scratch: products,
              into: UnsafeMutableBufferPointer(rebasing: mass[from + offset..<to + offset + 5]))
          }
        }
      }
    }
  }
}
