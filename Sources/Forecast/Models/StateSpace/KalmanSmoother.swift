/// The fixed-interval smoother: states given all observations, with their covariances.
///
/// Runs r and N backwards in their expansion in 1/κ (r = r0 + r1/κ, N = N0 + N1/κ + N2/κ²), exact for a diffuse start:
///
///     E(a[t] | all) = a[t] + P r0 + D D' r1
///     Var(a[t] | all) = P - P N0 P - P N1 D D' - D D' N1 P - D D' N2 D D'
///
/// with the predicted state a[t] and its covariance κ D D' + P. Variances are relative to the scale of the system. Source: Durbin
/// and Koopman, Time Series Analysis by State Space Methods (2012), section 5.3, with symmetric N1.
package struct KalmanSmoother: Sendable {
  /// `states[t * m + i]`
  package private(set) var states: [Double]
  /// `covariances[(t * m + j) * m + i]`, symmetric.
  package private(set) var covariances: [Double]

  private let m: Int
  private var r0: [Double]
  private var r1: [Double]
  private var n0: [Double]
  private var n1: [Double]
  private var n2: [Double]

  /// - Parameter pass: of this system, with states.
  package init(_ system: StateSpaceSystem, _ pass: KalmanPass) {
    m = system.stateCount
    states = pass.states
    covariances = Array(repeating: 0, count: pass.roots.count)
    r0 = Array(repeating: 0, count: m)
    r1 = r0
    n0 = Array(repeating: 0, count: m * m)
    n1 = n0
    n2 = n0
    for t in stride(from: system.periodCount - 1, through: 0, by: -1) {
      let isDiffuse = !pass.diffuseRoots[t].isEmpty
      if t < system.periodCount - 1 {
        let transition = denseTransition(system, t)
        r0 = transposedProduct(transition, r0)
        n0 = sandwich(transition, n0)
        if isDiffuse {
          r1 = transposedProduct(transition, r1)
          n1 = sandwich(transition, n1)
          n2 = sandwich(transition, n2)
        }
      }
      for e in (system.eventStart[t]..<system.eventStart[t + 1]).reversed() where pass.kinds[e] != .redundant {
        event(system, pass, e, isDiffuse: isDiffuse)
      }
      smooth(pass, t)
    }
  }

  private mutating func event(_ system: StateSpaceSystem, _ pass: KalmanPass, _ e: Int, isDiffuse: Bool) {
    var z = [Double](repeating: 0, count: m)
    let vector = system.eventVector[e]
    for k in system.vectorStart[vector]..<system.vectorStart[vector + 1] {
      z[system.vectorIndex[k]] += system.vectorValue[k]
    }
    let gain = Array(pass.gains[e * m..<(e + 1) * m])
    let keeping = identityMinus(gain, z)
    let error = pass.errors[e] / pass.variances[e]
    guard pass.kinds[e] == .diffuse else {
      let first = error - dot(gain, r0)
      for i in 0..<m { r0[i] += z[i] * first }
      n0 = sandwich(keeping, n0)
      addOuter(z, 1 / pass.variances[e], to: &n0)
      if isDiffuse {
        let second = dot(gain, r1)
        for i in 0..<m { r1[i] -= z[i] * second }
        n1 = sandwich(keeping, n1)
        n2 = sandwich(keeping, n2)
      }
      return
    }
    // L = keeping - correction / κ with correction = K1 z'.
    let second = Array(pass.secondGains[e * m..<(e + 1) * m])
    let change = error - dot(gain, r1) - dot(second, r0)
    let first = dot(gain, r0)
    let kept0 = transposedProduct(keeping, product(n0, second))
    let kept1 = transposedProduct(keeping, product(n1, second))
    let spread0 = dot(second, product(n0, second))
    for i in 0..<m {
      r1[i] += z[i] * change
      r0[i] -= z[i] * first
    }
    n2 = sandwich(keeping, n2)
    n1 = sandwich(keeping, n1)
    n0 = sandwich(keeping, n0)
    // L0'N1 L1 + L1'N1 L0 = -(kept z' + z kept'), and so on.
    for j in 0..<m {
      for i in 0..<m {
        n2[j * m + i] -= kept1[i] * z[j] + z[i] * kept1[j]
        n1[j * m + i] -= kept0[i] * z[j] + z[i] * kept0[j]
      }
    }
    addOuter(z, spread0 - pass.properVariances[e] / (pass.variances[e] * pass.variances[e]), to: &n2)
    addOuter(z, 1 / pass.variances[e], to: &n1)
  }

  private mutating func smooth(_ pass: KalmanPass, _ t: Int) {
    let root = Array(pass.roots[t * m * m..<(t + 1) * m * m])
    let proper = outerProduct(root, columns: m)
    var mean = product(proper, r0)
    var variance = proper
    subtract(multiply(multiply(proper, n0), proper), from: &variance)
    let diffuse = pass.diffuseRoots[t]
    if !diffuse.isEmpty {
      let open = outerProduct(diffuse, columns: diffuse.count / m)
      let shift = product(open, r1)
      for i in 0..<m { mean[i] += shift[i] }
      let mixed = multiply(multiply(proper, n1), open)
      subtract(mixed, from: &variance)
      subtract(transposed(mixed), from: &variance)
      subtract(multiply(multiply(open, n2), open), from: &variance)
    }
    for i in 0..<m { states[t * m + i] += mean[i] }
    for j in 0..<m {
      for i in 0..<m {
        covariances[(t * m + j) * m + i] = 0.5 * (variance[j * m + i] + variance[i * m + j])
      }
    }
  }

  // Small dense products, by columns.

  private func denseTransition(_ system: StateSpaceSystem, _ t: Int) -> [Double] {
    var result = [Double](repeating: 0, count: m * m)
    func set(_ row: Int, _ vector: Int) {
      for j in 0..<m { result[j * m + row] = 0 }
      for k in system.vectorStart[vector]..<system.vectorStart[vector + 1] {
        result[system.vectorIndex[k] * m + row] += system.vectorValue[k]
      }
    }
    for row in 0..<m { set(row, system.transitionRows[row]) }
    for k in system.replacedStart[t]..<system.replacedStart[t + 1] {
      set(system.replacedRow[k], system.replacedVector[k])
    }
    return result
  }

  private func identityMinus(_ gain: [Double], _ z: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: m * m)
    for j in 0..<m {
      for i in 0..<m { result[j * m + i] = (i == j ? 1 : 0) - gain[i] * z[j] }
    }
    return result
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in 0..<m { sum += a[i] * b[i] }
    return sum
  }

  private func product(_ a: [Double], _ x: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: m)
    for j in 0..<m where x[j] != 0 { for i in 0..<m { result[i] += a[j * m + i] * x[j] } }
    return result
  }

  private func transposedProduct(_ a: [Double], _ x: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: m)
    for j in 0..<m { for i in 0..<m { result[j] += a[j * m + i] * x[i] } }
    return result
  }

  private func multiply(_ a: [Double], _ b: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: m * m)
    result.withUnsafeMutableBufferPointer { result in
      a.withUnsafeBufferPointer { a in
        for j in 0..<m {
          for k in 0..<m where b[j * m + k] != 0 {
            let factor = b[j * m + k]
            for i in 0..<m { result[j * m + i] += a[k * m + i] * factor }
          }
        }
      }
    }
    return result
  }

  private func transposed(_ a: [Double]) -> [Double] {
    var result = a
    for j in 0..<m { for i in 0..<m { result[j * m + i] = a[i * m + j] } }
    return result
  }

  /// a' b a
  private func sandwich(_ a: [Double], _ b: [Double]) -> [Double] { multiply(multiply(transposed(a), b), a) }

  private func outerProduct(_ a: [Double], columns: Int) -> [Double] {
    var result = [Double](repeating: 0, count: m * m)
    for k in 0..<columns {
      for j in 0..<m where a[k * m + j] != 0 {
        for i in 0..<m { result[j * m + i] += a[k * m + i] * a[k * m + j] }
      }
    }
    return result
  }

  private func addOuter(_ z: [Double], _ factor: Double, to a: inout [Double]) {
    for j in 0..<m where z[j] != 0 { for i in 0..<m { a[j * m + i] += factor * z[i] * z[j] } }
  }

  private func subtract(_ b: [Double], from a: inout [Double]) { for i in a.indices { a[i] -= b[i] } }
}
