/// Minimisation of a smooth function by BFGS, with simple bounds handled by projection.
///
/// Deterministic. The inverse Hessian is updated (Broyden, Fletcher, Goldfarb, Shanno 1970) and starts as the identity scaled by
/// the first step's curvature. A variable at a bound whose gradient points outwards is held there for the step; its row and column
/// of the inverse Hessian do not mix with the free ones. The line search halves or interpolates quadratically until the decrease is
/// sufficient (Armijo, 1e-4); the update is skipped where the curvature is not positive.
///
/// Source: Nocedal and Wright, Numerical Optimization (2006), chapters 3 and 6.
package enum QuasiNewton {
  package struct Result: Sendable {
    package var point: [Double]
    package var value: Double
    package var evaluations: Int
    /// Whether a tolerance was met before the evaluations ran out.
    package var hasConverged: Bool
  }

  package struct Settings: Sendable {
    /// The search ends when the largest projected gradient component is below this ...
    package var gradientTolerance = 1e-6
    /// ... or when a step lowers the value by less than this times max(1, |value|), twice in a row ...
    package var valueTolerance = 1e-10
    /// ... or after this many evaluations.
    package var evaluations = 200
    /// The length of the very first trial step.
    package var firstStep = 0.1

    package init() {}
  }

  package typealias Function = (_ point: UnsafePointer<Double>, _ gradient: UnsafeMutablePointer<Double>) -> Double

  /// - Parameters:
  ///   - start: moved into the bounds.
  ///   - lower, upper: bounds, infinite where there are none; empty for no bounds at all.
  ///   - function: the value at a point; fills the gradient (same length). A value that is not finite counts as infinitely high;
  ///     its gradient is not looked at. It must be finite at the start, else the start is returned.
  package static func minimize(
    from start: [Double], lower: [Double] = [], upper: [Double] = [], settings: Settings = Settings(),
    _ function: Function
  ) -> Result {
    let n = start.count
    var search = Search(start, lower: lower, upper: upper)
    guard n > 0 else {
      search.evaluate(function)
      return Result(point: [], value: search.value, evaluations: 1, hasConverged: true)
    }
    search.evaluate(function)
    var used = 1
    var (smallSteps, isFirst) = (0, true)
    while search.value.isFinite && used < settings.evaluations {
      guard search.projectedGradient() > settings.gradientTolerance else {
        return Result(point: search.point, value: search.value, evaluations: used, hasConverged: true)
      }
      var slope = search.direction(scale: isFirst ? settings.firstStep : nil)
      if !(slope < 0) {
        search.reset()
        slope = search.direction(scale: settings.firstStep)
        guard slope < 0 else { break }
      }
      let before = search.value
      var length = 1.0
      var accepted = false
      while used < settings.evaluations {
        let moved = search.trial(length)
        let value = search.evaluateCandidate(function)
        used += 1
        if value.isFinite, value <= before + 1e-4 * length * slope || (moved < 1e-12 && value <= before) {
          search.accept(value, isFirst: isFirst)
          accepted = true
          break
        }
        if moved < 1e-14 { break }
        // The parabola through value and slope at 0 and the value here.
        var next = 0.5 * length
        if value.isFinite {
          let curvature = value - before - length * slope
          if curvature > 0 { next = -0.5 * slope * length * length / curvature }
        }
        length = min(max(next, 0.1 * length), 0.5 * length)
      }
      guard accepted else {
        if search.isSteepest { break }
        search.reset()
        isFirst = true
        continue
      }
      isFirst = false
      let gain = before - search.value
      smallSteps = gain <= settings.valueTolerance * max(1, abs(search.value)) ? smallSteps + 1 : 0
      if smallSteps >= 2 {
        return Result(point: search.point, value: search.value, evaluations: used, hasConverged: true)
      }
    }
    return Result(
      point: search.point, value: search.value, evaluations: used,
      hasConverged: search.value.isFinite && search.projectedGradient() <= settings.gradientTolerance)
  }

  /// The state of a search.
  private struct Search {
    var point: [Double]
    var value = Double.infinity
    var gradient: [Double]
    var candidate: [Double]
    var candidateGradient: [Double]
    private let lower: [Double]
    private let upper: [Double]
    private var inverse: [Double]
    private var step: [Double]
    private var change: [Double]
    private var isHeld: [Bool]
    private(set) var isSteepest = true

    init(_ start: [Double], lower: [Double], upper: [Double]) {
      let n = start.count
      self.lower = lower.isEmpty ? Array(repeating: -Double.infinity, count: n) : lower
      self.upper = upper.isEmpty ? Array(repeating: Double.infinity, count: n) : upper
      point = start
      for i in 0..<n { point[i] = min(max(start[i], self.lower[i]), self.upper[i]) }
      gradient = Array(repeating: 0, count: n)
      candidate = point
      candidateGradient = gradient
      inverse = Array(repeating: 0, count: n * n)
      step = gradient
      change = gradient
      isHeld = Array(repeating: false, count: n)
      reset()
    }

    mutating func evaluate(_ function: Function) { value = function(point, &gradient) }

    mutating func evaluateCandidate(_ function: Function) -> Double { function(candidate, &candidateGradient) }

    mutating func reset() {
      let n = point.count
      for i in 0..<n { for j in 0..<n { inverse[i * n + j] = i == j ? 1 : 0 } }
      isSteepest = true
    }

    /// Marks the variables that their bounds hold; the largest gradient component of the others.
    mutating func projectedGradient() -> Double {
      var largest = 0.0
      for i in point.indices {
        isHeld[i] = (point[i] <= lower[i] && gradient[i] > 0) || (point[i] >= upper[i] && gradient[i] < 0)
        if !isHeld[i] { largest = max(largest, abs(gradient[i])) }
      }
      return largest
    }

    /// Sets the step to - inverse * gradient over the free variables; its slope. With a scale, a steepest step of that length.
    mutating func direction(scale: Double?) -> Double {
      let n = point.count
      for i in 0..<n {
        var sum = 0.0
        if !isHeld[i] { for j in 0..<n where !isHeld[j] { sum -= inverse[i * n + j] * gradient[j] } }
        step[i] = sum
      }
      if let scale {
        let length = step.reduce(0) { $0 + $1 * $1 }.squareRoot()
        if length > scale { for i in 0..<n { step[i] *= scale / length } }
      }
      return zip(step, gradient).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// Sets the candidate; the largest move of a variable.
    mutating func trial(_ length: Double) -> Double {
      var largest = 0.0
      for i in point.indices {
        candidate[i] = min(max(point[i] + length * step[i], lower[i]), upper[i])
        largest = max(largest, abs(candidate[i] - point[i]))
      }
      return largest
    }

    mutating func accept(_ newValue: Double, isFirst: Bool) {
      let n = point.count
      var (curvature, size) = (0.0, 0.0)
      for i in 0..<n {
        step[i] = candidate[i] - point[i]
        change[i] = candidateGradient[i] - gradient[i]
        curvature += step[i] * change[i]
        size += change[i] * change[i]
      }
      let length = step.reduce(0) { $0 + $1 * $1 }
      swap(&point, &candidate)
      swap(&gradient, &candidateGradient)
      value = newValue
      guard curvature > 1e-12 * (size * length).squareRoot(), curvature.isFinite else { return }
      if isFirst { for i in 0..<n { inverse[i * n + i] = curvature / size } }
      // inverse <- (I - r s y') inverse (I - r y s') + r s s', r = 1 / s'y
      let r = 1 / curvature
      for i in 0..<n {
        var sum = 0.0
        for j in 0..<n { sum += inverse[i * n + j] * change[j] }
        candidate[i] = sum
      }
      let form = zip(candidate, change).reduce(0) { $0 + $1.0 * $1.1 }
      for i in 0..<n {
        for j in 0..<n {
          inverse[i * n + j] +=
            r * ((1 + r * form) * step[i] * step[j] - candidate[i] * step[j] - step[i] * candidate[j])
        }
      }
      isSteepest = false
    }
  }
}
