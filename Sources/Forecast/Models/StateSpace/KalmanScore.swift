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
  private var rows: [Int]

  init(stateCount: Int) {
    m = stateCount
    r = Array(repeating: 0, count: m)
    n = Array(repeating: 0, count: m * m)
    buffer = Array(repeating: 0, count: m * m + m)
    rows = Array(repeating: 0, count: m)
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
                for i in 0..<m { rows[i] = system.transitionRows[i] }
                for k in system.replacedStart[period]..<system.replacedStart[period + 1] {
                  rows[system.replacedRow[k]] = system.replacedVector[k]
                }
                // By columns: buffer <- N T, then N <- T' (N T).
                for row in 0..<m {
                  let source = row &* m
                  for k in start[rows[row]]..<start[rows[row] &+ 1] {
                    let (i, x) = (index[k], value[k])
                    buffer[m &* m &+ i] += x * r[row]
                    let target = i &* m
                    for j in 0..<m { buffer[target &+ j] += x * n[source &+ j] }
                  }
                }
                for i in 0..<m { r[i] = buffer[m * m + i] }
                for i in 0..<m * m { n[i] = 0 }
                for column in stride(from: 0, to: m * m, by: m) {
                  for row in 0..<m {
                    let x = buffer[column &+ row]
                    for k in start[rows[row]]..<start[rows[row] &+ 1] { n[column &+ index[k]] += value[k] * x }
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
