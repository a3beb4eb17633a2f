import NumericKernels

/// Maximum diffuse likelihood of a ``StructuralForm``.
///
/// The scale is concentrated out, so of the log standard deviations only differences matter; all are free, which needs no
/// reference component that might be absent. Their gradient is the analytic score (``KalmanScore``), that of φ and of the cycle's
/// parameters central differences. A variance that the data push to zero runs to a bound of its logarithm: it is then set to
/// zero exactly, if that lowers the deviance, and the others are searched again.
struct StructuralSearch {
  struct Result {
    /// For normalised data, with variances relative to the scale.
    var parameters: StructuralParameters
    var deviance: Double
    var evaluations: Int
    var hasConverged: Bool
  }

  private let form: StructuralForm
  private var layout: StructuralLayout
  /// Places of the variances in (irregular, level, slope, seasonal, cycle).
  private let places: [Int]
  /// Places that are held at zero.
  private var isZero = [Bool](repeating: false, count: 5)
  private let frequencies: ClosedRange<Double>

  /// A fit this good is exact up to rounding.
  static let exactScale = 1e-22

  init(_ form: StructuralForm, _ data: StructuralData) {
    self.form = form
    layout = StructuralLayout(form, data.rounded, periodCount: data.periodCount)
    var places = [0]
    if form.hasLevelVariance { places.append(1) }
    if form.hasSlopeVariance { places.append(2) }
    if form.hasSeason { places.append(3) }
    if form.hasCycle { places.append(4) }
    self.places = places
    frequencies = 2 * Double.pi / Double(max(data.periodCount, 8))...2 * Double.pi / 2.5
  }

  // A point is: log standard deviations of `places`, then φ, then log(1 / (1 - ρ)) and the cycle's frequency.

  private func parameters(_ point: UnsafePointer<Double>) -> StructuralParameters {
    var variances = [Double](repeating: 0, count: 5)
    for (k, place) in places.enumerated() where !isZero[place] { variances[place] = VectorMath.exp(2 * point[k]) }
    var next = places.count
    var result = StructuralParameters(
      irregularVariance: variances[0], levelVariance: variances[1], slopeVariance: variances[2],
      seasonalVariance: variances[3], cycleVariance: variances[4])
    if form.trend == .damped {
      result.damping = point[next]
      next += 1
    }
    if form.hasCycle {
      result.cycleDamping = 1 - VectorMath.exp(-point[next])
      result.cycleFrequency = point[next + 1]
    }
    return result
  }

  /// The deviance with the best scale; infinite where it is not defined.
  private static func concentrated(_ pass: KalmanPass) -> Double {
    guard pass.ordinaryCount > 0, pass.contradiction == nil else { return .infinity }
    let n = Double(pass.ordinaryCount)
    let scale = max(pass.scale, exactScale)
    return Double(pass.ordinaryCount + pass.diffuseCount) * KalmanPass.logTwoPi + pass.logVariances
      + n * (VectorMath.log(scale) + 1)
  }

  private mutating func deviance(_ point: UnsafePointer<Double>) -> Double {
    layout.set(parameters(point))
    return Self.concentrated(KalmanPass(layout.system, detail: .likelihood))
  }

  /// Half the deviance and its gradient.
  private mutating func value(
    _ point: UnsafePointer<Double>, _ gradient: UnsafeMutablePointer<Double>, count: Int
  ) -> Double {
    var moved = Array(UnsafeBufferPointer(start: point, count: count))
    for k in places.count..<max(count, places.count) {
      let (center, step) = (moved[k], 1e-5)
      moved[k] = center + step
      let up = deviance(moved)
      moved[k] = center - step
      let down = deviance(moved)
      moved[k] = center
      gradient[k] = 0.25 * (up - down) / step
    }
    let parameters = parameters(point)
    layout.set(parameters)
    let pass = KalmanPass(layout.system, detail: .gains)
    let result = 0.5 * Self.concentrated(pass)
    guard result.isFinite else { return .infinity }
    let score = KalmanScore(layout.system, pass, scale: max(pass.scale, Self.exactScale))
    let byPlace = layout.scores(score, parameters)
    let variances = [
      parameters.irregularVariance, parameters.levelVariance, parameters.slopeVariance, parameters.seasonalVariance,
      parameters.cycleVariance,
    ]
    for (k, place) in places.enumerated() { gradient[k] = -2 * variances[place] * byPlace[place] }
    return result
  }

  private var bounds: (lower: [Double], upper: [Double]) {
    var lower = [Double](repeating: -9, count: places.count)
    var upper = [Double](repeating: 5, count: places.count)
    if form.trend == .damped {
      lower.append(0.7)
      upper.append(0.98)
    }
    if form.hasCycle {
      lower += [0.1, frequencies.lowerBound]
      upper += [6, frequencies.upperBound]
    }
    return (lower, upper)
  }

  private mutating func search(
    from start: [Double], evaluations: Int, tolerance: Double
  ) -> QuasiNewton.Result {
    var settings = QuasiNewton.Settings()
    settings.evaluations = evaluations
    settings.valueTolerance = tolerance
    settings.gradientTolerance = 1e-5
    settings.firstStep = 0.5
    let (lower, upper) = bounds
    let count = start.count
    // A copy to work with: the closure may not capture self.
    var copy = self
    return QuasiNewton.minimize(from: start, lower: lower, upper: upper, settings: settings) { point, gradient in
      copy.value(point, gradient, count: count)
    }
  }

  /// Log standard deviations from which to start: noise, level, slope, season, cycle.
  private static let starts: [[Double]] = [
    [0, -0.7, -2.3, -2, -0.5], [-1.5, 0, -3, -2.5, -0.5], [0, -2.5, -3.5, -4, -0.5], [-2, -1, -0.5, -2, -0.5],
    [-2, -3, -1, -0.5, 0],
  ]

  mutating func run() -> Result {
    var candidates: [(point: [Double], value: Double)] = []
    for start in Self.starts {
      var point = places.map { start[$0] }
      if form.trend == .damped { point.append(0.9) }
      guard form.hasCycle else {
        candidates.append((point, deviance(point)))
        continue
      }
      for share in [0.15, 0.35, 0.6] {
        let frequency = frequencies.lowerBound + share * (frequencies.upperBound - frequencies.lowerBound)
        let cyclic = point + [2.3, frequency]
        candidates.append((cyclic, deviance(cyclic)))
      }
    }
    candidates.sort { $0.value < $1.value }
    var used = candidates.count
    var best = QuasiNewton.Result(
      point: candidates[0].point, value: 0.5 * candidates[0].value, evaluations: 0, hasConverged: false)
    for candidate in candidates.prefix(places.count > 1 ? 2 : 1) {
      let found = search(from: candidate.point, evaluations: 80, tolerance: 1e-7)
      used += found.evaluations
      if found.value < best.value - 1e-7 || !best.hasConverged && found.value <= best.value { best = found }
    }
    // Small variances: zero, if that is as good.
    for _ in 0..<places.count {
      let top = zip(places, best.point).filter { !isZero[$0.0] }.map(\.1).max() ?? 0
      var zeroed: Int?
      for (k, place) in places.enumerated() where !isZero[place] && best.point[k] < top - 2.5 {
        isZero[place] = true
        let value = 0.5 * deviance(best.point)
        used += 1
        if value <= best.value + 1e-7 {
          best.value = value
          zeroed = k
          break
        }
        isZero[place] = false
      }
      if zeroed == nil { break }
    }
    let polished = search(from: best.point, evaluations: 80, tolerance: 1e-11)
    used += polished.evaluations
    if polished.value <= best.value { best = polished }
    return Result(
      parameters: parameters(best.point), deviance: 2 * best.value, evaluations: used, hasConverged: best.hasConverged)
  }
}
