/// The analytic score of a diffuse likelihood with respect to variances.
///
/// With r[t] and N[t] of the disturbance smoother, and σ² the common scale,
///
///     ∂ log L / ∂ q[j] = 1/2 Σ_t ((s[j]' r[t])² / σ² - s[j]' N[t] s[j]),   likewise for the noise and the initial variances.
///
/// Costs about as much as one filter run, whatever the number of variances. Source: Koopman and Shephard, Biometrika 79 (1992);
/// for the diffuse phase Durbin and Koopman (2012), section 7.3.3.
package struct KalmanScore: Sendable {
  /// By shock.
  package var shocks: [Double]
  package var noise = 0.0
  /// By initial variance.
  package var initial: [Double]

  /// - Parameters:
  ///   - pass: of this system, with gains at least.
  ///   - scale: σ²; the variances of the system are relative to it.
  package init(_ system: StateSpaceSystem, _ pass: KalmanPass, scale: Double) {
    shocks = Array(repeating: 0, count: system.shockVectors.count)
    initial = Array(repeating: 0, count: system.initialVectors.count)
    let m = system.stateCount
    var recursion = BackwardRecursion(stateCount: m)
    for t in stride(from: system.periodCount - 1, through: 0, by: -1) {
      if t < system.periodCount - 1 {
        for (j, vector) in system.shockVectors.enumerated() {
          shocks[j] += 0.5 * recursion.score(system, vector, scale: scale)
        }
        recursion.transition(system, period: t)
      }
      for e in (system.eventStart[t]..<system.eventStart[t + 1]).reversed() where pass.kinds[e] != .redundant {
        noise += 0.5 * system.eventNoise[e] * recursion.event(system, pass, e, scale: scale)
      }
    }
    for (j, vector) in system.initialVectors.enumerated() {
      initial[j] = 0.5 * recursion.score(system, vector, scale: scale)
    }
  }
}

/// r and N of the disturbance smoother, running backwards; the terms of order 1 only.
private struct BackwardRecursion {
  private let m: Int
  private var r: [Double]
  private var n: [Double]
  private var buffer: [Double]

  init(stateCount: Int) {
    m = stateCount
    r = Array(repeating: 0, count: m)
    n = Array(repeating: 0, count: m * m)
    buffer = Array(repeating: 0, count: m * m + m)
  }

  /// (s'r)² / scale - s'N s
  func score(_ system: StateSpaceSystem, _ vector: Int, scale: Double) -> Double {
    let entries = system.vectorStart[vector]..<system.vectorStart[vector + 1]
    var (first, second) = (0.0, 0.0)
    for k in entries {
      let (i, x) = (system.vectorIndex[k], system.vectorValue[k])
      first += x * r[i]
      for l in entries { second += x * system.vectorValue[l] * n[system.vectorIndex[l] * m + i] }
    }
    return first * first / scale - second
  }

  /// r <- T'r, N <- T'N T
  mutating func transition(_ system: StateSpaceSystem, period: Int) {
    let m = m
    system.vectorStart.withUnsafeBufferPointer { start in
      system.vectorIndex.withUnsafeBufferPointer { index in
        system.vectorValue.withUnsafeBufferPointer { value in
          r.withUnsafeMutableBufferPointer { r in
            n.withUnsafeMutableBufferPointer { n in
              buffer.withUnsafeMutableBufferPointer { buffer in
                for i in buffer.indices { buffer[i] = 0 }
                // Rows of T in turn; a replaced row takes the place of its own.
                func rows(_ body: (Int, Int) -> Void) {
                  let replaced = system.replacedStart[period]..<system.replacedStart[period + 1]
                  for row in 0..<m {
                    var vector = system.transitionRows[row]
                    for k in replaced where system.replacedRow[k] == row { vector = system.replacedVector[k] }
                    body(row, vector)
                  }
                }
                // buffer <- T'N (by columns), then N <- (T'N) T.
                rows { row, vector in
                  for k in start[vector]..<start[vector + 1] {
                    let (i, x) = (index[k], value[k])
                    buffer[m * m + i] += x * r[row]
                    // N is symmetric: its row is its column, and T'N is kept transposed, contiguous in memory.
                    let (target, source) = (i * m, row * m)
                    for j in 0..<m { buffer[target + j] += x * n[source + j] }
                  }
                }
                for i in 0..<m { r[i] = buffer[m * m + i] }
                for i in 0..<m * m { n[i] = 0 }
                rows { row, vector in
                  for k in start[vector]..<start[vector + 1] {
                    let (i, x) = (index[k], value[k])
                    for j in 0..<m { n[i * m + j] += x * buffer[j * m + row] }
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// Takes in an observation; u² / scale - D, the noise's part of the score.
  mutating func event(_ system: StateSpaceSystem, _ pass: KalmanPass, _ e: Int, scale: Double) -> Double {
    let m = m
    let vector = system.eventVector[e]
    let isOrdinary = pass.kinds[e] == .ordinary
    let precision = isOrdinary ? 1 / pass.variances[e] : 0
    return pass.gains.withUnsafeBufferPointer { gains in
      n.withUnsafeMutableBufferPointer { n in
        buffer.withUnsafeMutableBufferPointer { product in
          let offset = e * m
          for i in 0..<m { product[i] = 0 }
          var error = isOrdinary ? pass.errors[e] * precision : 0
          for j in 0..<m {
            let gain = gains[offset + j]
            error -= gain * r[j]
            if gain != 0 { for i in 0..<m { product[i] += gain * n[j * m + i] } }
          }
          var variance = precision
          for i in 0..<m { variance += gains[offset + i] * product[i] }
          let entries = system.vectorStart[vector]..<system.vectorStart[vector + 1]
          for k in entries {
            let (i, x) = (system.vectorIndex[k], system.vectorValue[k])
            r[i] += x * error
            for j in 0..<m {
              n[i * m + j] -= x * product[j]
              n[j * m + i] -= x * product[j]
            }
          }
          for k in entries {
            for l in entries {
              n[system.vectorIndex[l] * m + system.vectorIndex[k]] +=
                system.vectorValue[k] * system.vectorValue[l] * variance
            }
          }
          return error * error / scale - variance
        }
      }
    }
  }
}
