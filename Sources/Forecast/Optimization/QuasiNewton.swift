/// Minimisation of a smooth function by BFGS, with simple bounds handled by projection.
///
/// Deterministic. The Hessian itself is updated (Broyden, Fletcher, Goldfarb, Shanno 1970), from the identity scaled by the first
/// step's curvature, and where the curvature along a step is too small or negative the step is mixed with what the Hessian expects
/// (Powell 1978), so that it stays positive definite. A variable at a bound whose gradient points outwards is held there for the step;
/// the others solve the Newton equations of their own block by Cholesky's method. The line search interpolates quadratically
/// until the decrease along the projected step is sufficient (Armijo, 1e-4).
///
/// All working memory is one block, allocated once per call.
///
/// Source: Nocedal and Wright, Numerical Optimization (2006), chapters 3, 6 and 18.
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
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: Search.capacity(n)) { block in
      guard let memory = block.baseAddress else {
        return Result(point: start, value: .infinity, evaluations: 0, hasConverged: false)
      }
      var search = Search(start, lower: lower, upper: upper, memory: memory)
      let (evaluations, hasConverged) = descend(&search, settings, function)
      return Result(
        point: Array(UnsafeBufferPointer(start: search.point, count: n)), value: search.value,
        evaluations: evaluations, hasConverged: hasConverged)
    }
  }

  private static func descend(
    _ search: inout Search, _ settings: Settings, _ function: Function
  ) -> (evaluations: Int, hasConverged: Bool) {
    search.value = function(search.point, search.gradient)
    var used = 1
    guard search.count > 0 else { return (used, true) }
    var smallSteps = 0
    while search.value.isFinite && used < settings.evaluations {
      guard search.projectedGradient() > settings.gradientTolerance else { return (used, true) }
      let isSteepest = search.isSteepest
      if !search.setDirection(firstStep: settings.firstStep) {
        if isSteepest { break }
        search.reset()
        continue
      }
      let before = search.value
      var length = 1.0
      var isAccepted = false
      while used < settings.evaluations {
        let (moved, slope) = search.setCandidate(length)
        if moved < 1e-14 { break }
        let value = function(search.candidate, search.candidateGradient)
        used += 1
        if value.isFinite, slope < 0 && value <= before + 1e-4 * slope || (moved < 1e-12 && value <= before) {
          search.accept(value)
          isAccepted = true
          break
        }
        // The parabola through value and slope at 0 and the value here.
        var factor = 0.5
        if value.isFinite, value - before - slope > 0 { factor = -0.5 * slope / (value - before - slope) }
        length *= min(max(factor, 0.1), 0.5)
      }
      guard isAccepted else {
        if isSteepest { break }
        search.reset()
        continue
      }
      let gain = before - search.value
      smallSteps = gain <= settings.valueTolerance * max(1, abs(search.value)) ? smallSteps + 1 : 0
      if smallSteps >= 2 { return (used, true) }
    }
    return (used, search.value.isFinite && search.projectedGradient() <= settings.gradientTolerance)
  }

  /// The state of a search.
  private struct Search {
    let count: Int
    var point: UnsafeMutablePointer<Double>
    var gradient: UnsafeMutablePointer<Double>
    var candidate: UnsafeMutablePointer<Double>
    var candidateGradient: UnsafeMutablePointer<Double>
    var value = Double.infinity
    private let lower: UnsafeMutablePointer<Double>
    private let upper: UnsafeMutablePointer<Double>
    private let step: UnsafeMutablePointer<Double>
    private let change: UnsafeMutablePointer<Double>
    /// 1 where a bound holds a variable, else 0.
    private let held: UnsafeMutablePointer<Double>
    private let hessian: UnsafeMutablePointer<Double>
    private let factor: UnsafeMutablePointer<Double>
    /// Whether the Hessian knows nothing yet.
    private(set) var isSteepest = true

    static func capacity(_ n: Int) -> Int { 10 * n + 2 * n * n + 1 }

    init(_ start: [Double], lower: [Double], upper: [Double], memory: UnsafeMutablePointer<Double>) {
      let n = start.count
      count = n
      memory.initialize(repeating: 0, count: Self.capacity(n))
      point = memory
      gradient = memory + n
      candidate = memory + 2 * n
      candidateGradient = memory + 3 * n
      self.lower = memory + 4 * n
      self.upper = memory + 5 * n
      step = memory + 6 * n
      change = memory + 7 * n
      held = memory + 8 * n
      hessian = memory + 10 * n
      factor = memory + 10 * n + n * n
      for i in 0..<n {
        self.lower[i] = i < lower.count ? lower[i] : -.infinity
        self.upper[i] = i < upper.count ? upper[i] : .infinity
        point[i] = min(max(start[i], self.lower[i]), self.upper[i])
      }
    }

    mutating func reset() { isSteepest = true }

    /// Marks the variables that their bounds hold; the largest gradient component of the others.
    func projectedGradient() -> Double {
      var largest = 0.0
      for i in 0..<count {
        let isHeld = (point[i] <= lower[i] && gradient[i] > 0) || (point[i] >= upper[i] && gradient[i] < 0)
        held[i] = isHeld ? 1 : 0
        if !isHeld { largest = max(largest, abs(gradient[i])) }
      }
      return largest
    }

    /// Solves for the step of the free variables; false if it does not lead down.
    func setDirection(firstStep: Double) -> Bool {
      let n = count
      if isSteepest {
        var length = 0.0
        for i in 0..<n {
          step[i] = held[i] == 0 ? -gradient[i] : 0
          length += step[i] * step[i]
        }
        length = length.squareRoot()
        guard length > 0, length.isFinite else { return false }
        let scale = length > firstStep ? firstStep / length : 1
        for i in 0..<n { step[i] *= scale }
        return true
      }
      // Cholesky factor of the free block; a held variable has the row of the identity.
      for i in 0..<n {
        let row = factor + i * n
        for j in 0...i {
          let other = factor + j * n
          let isFree = held[i] == 0 && held[j] == 0
          var sum = isFree ? hessian[i * n + j] : (i == j ? 1 : 0)
          if isFree { for k in 0..<j { sum -= row[k] * other[k] } }
          if i == j {
            guard sum > 0 else { return false }
            row[i] = sum.squareRoot()
          } else {
            row[j] = isFree ? sum / other[j] : 0
          }
        }
      }
      for i in 0..<n {
        var sum = held[i] == 0 ? -gradient[i] : 0
        for k in 0..<i { sum -= factor[i * n + k] * step[k] }
        step[i] = sum / factor[i * n + i]
      }
      for i in stride(from: n - 1, through: 0, by: -1) {
        var sum = step[i]
        for k in i + 1..<max(n, i + 1) { sum -= factor[k * n + i] * step[k] }
        step[i] = sum / factor[i * n + i]
      }
      var slope = 0.0
      for i in 0..<n { slope += step[i] * gradient[i] }
      return slope < 0
    }

    /// Sets the candidate; the largest move of a variable, and the gradient along the projected step.
    func setCandidate(_ length: Double) -> (moved: Double, slope: Double) {
      var (largest, slope) = (0.0, 0.0)
      for i in 0..<count {
        candidate[i] = min(max(point[i] + length * step[i], lower[i]), upper[i])
        let move = candidate[i] - point[i]
        largest = max(largest, abs(move))
        slope += move * gradient[i]
      }
      return (largest, slope)
    }

    mutating func accept(_ newValue: Double) {
      let n = count
      var (curvature, size, length) = (0.0, 0.0, 0.0)
      for i in 0..<n {
        step[i] = candidate[i] - point[i]
        change[i] = candidateGradient[i] - gradient[i]
        curvature += step[i] * change[i]
        size += change[i] * change[i]
        length += step[i] * step[i]
      }
      swap(&point, &candidate)
      swap(&gradient, &candidateGradient)
      value = newValue
      guard length > 0, size.isFinite else { return }
      if isSteepest {
        let ratio = curvature > 1e-8 * (size * length).squareRoot() ? size / curvature : (size / length).squareRoot()
        guard ratio > 0, ratio.isFinite else { return }
        for i in 0..<n { for j in 0..<n { hessian[i * n + j] = i == j ? ratio : 0 } }
        isSteepest = false
      }
      // candidate <- B s
      var expected = 0.0
      for i in 0..<n {
        var sum = 0.0
        for j in 0..<n { sum += hessian[i * n + j] * step[j] }
        candidate[i] = sum
        expected += sum * step[i]
      }
      guard expected > 0 else { return reset() }
      if curvature < 0.2 * expected {
        let share = 0.8 * expected / (expected - curvature)
        for i in 0..<n { change[i] = share * change[i] + (1 - share) * candidate[i] }
        curvature = 0.2 * expected
      }
      let (a, b) = (1 / curvature, 1 / expected)
      for i in 0..<n {
        let (x, y) = (a * change[i], b * candidate[i])
        for j in 0..<n { hessian[i * n + j] += x * change[j] - y * candidate[j] }
      }
    }
  }
}
