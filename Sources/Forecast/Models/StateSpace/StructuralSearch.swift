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
    // Where a variance hardly matters the gradient is small and the curvature negative, so steps have the gradient's length:
    // a larger function takes larger ones.
    let factor = 16.0
    var found = QuasiNewton.minimize(from: start, lower: lower, upper: upper, settings: settings) { point, gradient in
      let value = copy.value(point, gradient, count: count)
      for k in 0..<count { gradient[k] *= factor }
      return factor * value
    }
    found.value /= factor
    return found
  }

  /// Log standard deviations of noise, level and slope from which to start: first levels that move, then slopes that move. The
  /// likelihood often has a maximum of each kind.
  private static let starts: [[[Double]]] = [
    [[0, -0.7, -2.3], [-1.5, 0, -3], [0, -2.5, -3.5]],
    [[-2, -3, -0.5], [0, -3, -1.5], [-1, -0.7, -1]],
  ]

  /// All starting points of one kind, best first.
  private mutating func candidates(_ kind: [[Double]]) -> [(point: [Double], value: Double)] {
    var result: [(point: [Double], value: Double)] = []
    for start in kind {
      for season in form.hasSeason ? [-1.3, -3] : [0] {
        let all = start + [season, -0.5]
        var point = places.map { all[$0] }
        if form.trend == .damped { point.append(0.9) }
        guard form.hasCycle else {
          result.append((point, 0.5 * deviance(point)))
          continue
        }
        for share in [0.1, 0.3, 0.6] {
          let frequency = frequencies.lowerBound + share * (frequencies.upperBound - frequencies.lowerBound)
          let cyclic = point + [2.3, frequency]
          result.append((cyclic, 0.5 * deviance(cyclic)))
        }
      }
    }
    return result.sorted { $0.value < $1.value }
  }

  mutating func run() -> Result {
    var used = 0
    var best: QuasiNewton.Result?
    func keep(_ found: QuasiNewton.Result) {
      used += found.evaluations
      if best.map({ found.value < $0.value - 1e-7 }) ?? true { best = found }
    }
    let kinds = form.hasSlopeVariance && form.hasLevelVariance ? Self.starts : [Self.starts[0] + Self.starts[1]]
    for kind in kinds {
      let candidates = candidates(kind)
      used += candidates.count
      keep(search(from: candidates[0].point, evaluations: 40, tolerance: 1e-4))
      // The best start with another season, or cycle, if it is not much worse.
      let k = form.hasSeason ? places.firstIndex(of: 3) : form.hasCycle ? candidates[0].point.count - 1 : nil
      if let k, let other = candidates.first(where: { $0.point[k] != candidates[0].point[k] }),
        other.value < candidates[0].value + 4
      {
        keep(search(from: other.point, evaluations: 40, tolerance: 1e-4))
      }
      // With one variance besides the noise's, the best start of quite another ratio of the two.
      let trend = places.count > 1 && places[1] < 3 ? 1 : nil
      if kinds.count == 1, let trend {
        func ratio(_ point: [Double]) -> Double { point[trend] - point[0] }
        let best = ratio(candidates[0].point)
        if let other = candidates.first(where: { abs(ratio($0.point) - best) > 1.3 }) {
          keep(search(from: other.point, evaluations: 40, tolerance: 1e-4))
        }
      }
    }
    guard var best else {
      return Result(parameters: parameters([]), deviance: .infinity, evaluations: 0, hasConverged: false)
    }
    for _ in 0..<3 {
      used += zeroSmall(&best)
      let polished = search(from: best.point, evaluations: 80, tolerance: 1e-10)
      used += polished.evaluations
      if polished.value <= best.value { best = polished }
      let before = best.value
      used += reviveSmall(&best)
      if best.value > before - 1e-6 { break }
    }
    used += exchange(&best)
    return Result(
      parameters: parameters(best.point), deviance: 2 * best.value, evaluations: used, hasConverged: best.hasConverged)
  }

  private func top(_ point: [Double]) -> Double {
    zip(places, point).filter { !isZero[$0.0] }.map(\.1).max() ?? 0
  }

  /// Sets small variances to zero where that is as good; the evaluations it took.
  private mutating func zeroSmall(_ best: inout QuasiNewton.Result) -> Int {
    var used = 0
    for (k, place) in places.enumerated() where !isZero[place] && best.point[k] < top(best.point) - 2.5 {
      isZero[place] = true
      let value = 0.5 * deviance(best.point)
      used += 1
      if value <= best.value + 1e-7 {
        best.value = value
      } else {
        isZero[place] = false
      }
    }
    return used
  }

  /// Looks whether small variances should be larger after all: where they hardly matter no gradient says so.
  private mutating func reviveSmall(_ best: inout QuasiNewton.Result) -> Int {
    var used = 0
    for (k, place) in places.enumerated() where isZero[place] || best.point[k] < top(best.point) - 2.5 {
      let wasZero = isZero[place]
      let (old, size) = (best.point[k], top(best.point))
      var found: (point: Double, value: Double)?
      isZero[place] = false
      for drop in [0.5, 1.5, 2.5, 3.5, 4.5, 5.5] {
        best.point[k] = size - drop
        let value = 0.5 * deviance(best.point)
        used += 1
        if value < (found?.value ?? best.value - 1e-7) { found = (best.point[k], value) }
      }
      best.point[k] = found?.point ?? old
      best.value = found?.value ?? best.value
      isZero[place] = found == nil && wasZero
    }
    return used
  }

  /// Where only one of level and slope moves, looks for the maximum where only the other does.
  private mutating func exchange(_ best: inout QuasiNewton.Result) -> Int {
    guard let level = places.firstIndex(of: 1), let slope = places.firstIndex(of: 2), isZero[1] != isZero[2] else {
      return 0
    }
    let zeros = isZero
    let (moving, other) = isZero[1] ? (slope, level) : (level, slope)
    var found: (point: Double, value: Double) = (0, .infinity)
    var point = best.point
    isZero[places[moving]] = true
    isZero[places[other]] = false
    let size = top(best.point)
    for drop in [-0.5, 0.5, 1.5, 2.5, 3.5] {
      point[other] = size - drop
      let value = 0.5 * deviance(point)
      if value < found.value { found = (point[other], value) }
    }
    var used = 5
    if found.value < best.value + 1.5 {
      point[other] = found.point
      let result = search(from: point, evaluations: 80, tolerance: 1e-10)
      used += result.evaluations
      if result.value < best.value - 1e-7 {
        best = result
        return used
      }
    }
    isZero = zeros
    return used
  }
}
