import NumericKernels

/// One run of the square-root filter over a ``StateSpaceSystem``.
///
/// Source: Durbin and Koopman, Time Series Analysis by State Space Methods (2012), sections 5.2, 6.3 and 6.4. The covariance
/// κ D D' + U U' with κ → ∞ is carried as its two roots D and U. An observation that meets D (z'D = w' ≠ 0) takes the gain
/// K = D w / w'w; one Householder reflection turns w into one coordinate, whose column of D is then known and dropped, and
/// U becomes a root of the positive sum (I - K z') U U' (I - K z')' + K h K'. So nothing is ever subtracted, D loses exactly one
/// column per such observation, and the diffuse phase ends without a test of a variance against zero.
package struct KalmanPass: Sendable {
  package enum Detail: Int, Sendable {
    /// The likelihood and the state at the end.
    case likelihood
    /// Also errors, variances and gains: what the score needs.
    case gains
    /// Also the predicted states with their roots: what the smoother needs.
    case states
  }

  package enum Kind: UInt8, Sendable {
    /// The observation was certain: it told nothing new.
    case redundant
    case ordinary
    /// The observation fixed a diffuse direction.
    case diffuse
  }

  package var squares = 0.0
  package var logVariances = 0.0
  package var ordinaryCount = 0
  package var diffuseCount = 0
  /// Diffuse directions that no observation has fixed.
  package var openDirections = 0
  /// An event that the earlier ones exclude.
  package var contradiction: Int?

  package var kinds: [Kind] = []
  package var errors: [Double] = []
  /// F, or for a diffuse event z'D D'z.
  package var variances: [Double] = []
  /// For a diffuse event, z'U U'z + noise.
  package var properVariances: [Double] = []
  package var gains: [Double] = []
  /// For a diffuse event, the gain's term in 1 / κ.
  package var secondGains: [Double] = []

  /// Predicted states of periods 0 ..< n, and roots.
  package var states: [Double] = []
  package var roots: [Double] = []
  /// D before each period of the diffuse phase; empty afterwards.
  package var diffuseRoots: [[Double]] = []

  /// The state predicted for the period after the last, its root, and what is left of D.
  package var endState: [Double] = []
  package var endRoot: [Double] = []
  package var endDiffuse: [Double] = []

  /// -2 log of the diffuse likelihood for unit scale, constants included.
  package var deviance: Double { Double(ordinaryCount + diffuseCount) * Self.logTwoPi + logVariances + squares }

  /// The scale that maximises the likelihood.
  package var scale: Double { ordinaryCount > 0 ? squares / Double(ordinaryCount) : 0 }

  static let logTwoPi = 1.837877066409345484

  /// An error variance this small relative to the system's largest variance is rounding.
  private static let certainty = 1e-24
  /// |z'D| relative to |z| |D| below which an observation does not meet D.
  private static let meeting = 1e-9

  package init(_ system: StateSpaceSystem, detail: Detail) {
    let m = system.stateCount
    let shocks = system.shockVectors.count
    let d = system.diffuseVectors.count
    let events = system.eventVector.count
    let n = system.periodCount
    let columns = m + max(shocks, 1, system.initialVectors.count)
    if detail.rawValue >= Detail.gains.rawValue {
      kinds = Array(repeating: .redundant, count: events)
      errors = Array(repeating: 0, count: events)
      variances = errors
      properVariances = errors
      gains = Array(repeating: 0, count: events * m)
      secondGains = Array(repeating: 0, count: d > 0 ? events * m : 0)
    }
    if detail == .states {
      states = Array(repeating: 0, count: n * m)
      roots = Array(repeating: 0, count: n * m * m)
      diffuseRoots = Array(repeating: [], count: n)
    }
    var work = [Double](repeating: 0, count: 2 * m * columns + m * max(d, 1) + max(d, m) + 5 * m)
    work.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      run(system, detail, columns: columns, base)
    }
  }

  private mutating func run(
    _ system: StateSpaceSystem, _ detail: Detail, columns: Int, _ work: UnsafeMutablePointer<Double>
  ) {
    let m = system.stateCount
    var root = work
    var other = root + m * columns
    let diffuse = other + m * columns
    var d = system.diffuseVectors.count
    let w = diffuse + m * max(d, 1)
    var state = w + max(d, m)
    var nextState = state + m
    let u = nextState + m
    let gain = u + m
    let second = gain + m
    let largest = max(system.noiseVariance, system.shockVariances.max() ?? 0, system.initialVariances.max() ?? 0)

    system.vectorStart.withUnsafeBufferPointer { start in
      system.vectorIndex.withUnsafeBufferPointer { index in
        system.vectorValue.withUnsafeBufferPointer { value in
          func scatter(_ vector: Int, _ factor: Double, _ column: UnsafeMutablePointer<Double>) {
            for k in start[vector]..<start[vector + 1] { column[index[k]] += factor * value[k] }
          }
          @inline(__always) func dot(_ vector: Int, _ column: UnsafePointer<Double>) -> Double {
            var sum = 0.0
            var k = start[vector]
            let end = start[vector &+ 1]
            while k < end {
              sum += value[k] * column[index[k]]
              k &+= 1
            }
            return sum
          }

          for i in 0..<m { state[i] = system.initialMean[i] }
          for (k, vector) in system.diffuseVectors.enumerated() { scatter(vector, 1, diffuse + k * m) }
          for (k, vector) in system.initialVectors.enumerated() {
            scatter(vector, system.initialVariances[k].squareRoot(), root + (m + k) * m)
          }
          TriangularRoot.triangularize(root, size: m, columns: m + system.initialVectors.count)

          // The product of the logarithm's arguments, kept between 1e-100 and 1e100: one logarithm for many events.
          var product = 1.0
          for t in 0..<system.periodCount {
            if detail == .states {
              for i in 0..<m { states[t * m + i] = state[i] }
              for i in 0..<m * m { roots[t * m * m + i] = root[i] }
              if d > 0 { diffuseRoots[t] = Array(UnsafeBufferPointer(start: diffuse, count: d * m)) }
            }
            for e in system.eventStart[t]..<system.eventStart[t + 1] {
              let vector = system.eventVector[e]
              let noise = system.eventNoise[e] * system.noiseVariance
              let error = system.eventValue[e] - dot(vector, state)
              let first = system.vectorFirst[vector]
              for j in 0..<first { u[j] = 0 }
              for j in first..<m { u[j] = dot(vector, root + j &* m) }
              var kind = Kind.ordinary
              var (variance, proper) = (0.0, 0.0)
              var met = 0.0
              if d > 0 {
                var (size, length) = (0.0, 0.0)
                for k in 0..<d {
                  w[k] = dot(vector, diffuse + k * m)
                  met += w[k] * w[k]
                  var norm = 0.0
                  for i in 0..<m { norm += diffuse[k * m + i] * diffuse[k * m + i] }
                  size = max(size, norm)
                }
                for k in start[vector]..<start[vector + 1] { length += value[k] * value[k] }
                if !(met > Self.meeting * Self.meeting * size * length) { met = 0 }
              }
              if met > 0 {
                kind = .diffuse
                variance = met
                for i in 0..<m { gain[i] = 0 }
                for k in 0..<d { for i in 0..<m { gain[i] += diffuse[k * m + i] * w[k] / met } }
                proper = noise
                for j in 0..<m { proper += u[j] * u[j] }
                for i in 0..<m { second[i] = -gain[i] * proper / met }
                for j in 0..<m where u[j] != 0 {
                  let column = root + j * m
                  for i in 0...j { second[i] += column[i] * u[j] / met }
                  for i in 0..<m { column[i] -= gain[i] * u[j] }
                }
                let extra = root + m * m
                for i in 0..<m { extra[i] = gain[i] * noise.squareRoot() }
                TriangularRoot.triangularize(root, size: m, columns: m + 1)
                Self.dropDirection(diffuse, w, count: d, size: m, norm: met.squareRoot())
                d -= 1
                diffuseCount += 1
                product *= met
              } else {
                variance = noise
                for j in 0..<m { variance += u[j] * u[j] }
                if variance > Self.certainty * largest {
                  variance = TriangularRoot.condition(root, on: u, noise: noise, size: m, gain: gain)
                  squares += error * error / variance
                  product *= variance
                  ordinaryCount += 1
                } else {
                  // Conditioning on rounding noise would throw away a random direction.
                  kind = .redundant
                  if abs(error) > 1e-8 * (1 + abs(system.eventValue[e])) { contradiction = contradiction ?? e }
                  for i in 0..<m { gain[i] = 0 }
                }
              }
              if !(product > 1e-100 && product < 1e100) {
                logVariances += VectorMath.log(product)
                product = 1
              }
              if detail != .likelihood {
                kinds[e] = kind
                errors[e] = error
                variances[e] = variance
                properVariances[e] = proper
                for i in 0..<m { gains[e * m + i] = gain[i] }
                if kind == .diffuse { for i in 0..<m { secondGains[e * m + i] = second[i] } }
              }
              for i in 0..<m { state[i] += gain[i] * error }
            }

            // The transition.
            let replaced = system.replacedStart[t]..<system.replacedStart[t + 1]
            for i in 0..<m {
              let vector = system.transitionRows[i]
              nextState[i] = dot(vector, state)
              let first = system.vectorFirst[vector]
              for j in 0..<first { other[j &* m &+ i] = 0 }
              for j in first..<m { other[j &* m &+ i] = dot(vector, root + j &* m) }
            }
            for r in replaced {
              let (row, vector) = (system.replacedRow[r], system.replacedVector[r])
              nextState[row] = dot(vector, state)
              for j in 0..<m { other[j &* m &+ row] = dot(vector, root + j &* m) }
            }
            swap(&state, &nextState)
            swap(&root, &other)
            for (k, vector) in system.shockVectors.enumerated() {
              let column = root + (m + k) * m
              for i in 0..<m { column[i] = 0 }
              scatter(vector, system.shockVariances[k].squareRoot(), column)
            }
            TriangularRoot.triangularize(root, size: m, columns: m + system.shockVectors.count)
            for k in 0..<d {
              let column = diffuse + k * m
              for i in 0..<m { u[i] = dot(system.transitionRows[i], column) }
              for r in replaced { u[system.replacedRow[r]] = dot(system.replacedVector[r], column) }
              for i in 0..<m { column[i] = u[i] }
            }
          }
          logVariances += VectorMath.log(product)
        }
      }
    }
    openDirections = d
    endState = Array(UnsafeBufferPointer(start: state, count: m))
    endRoot = Array(UnsafeBufferPointer(start: root, count: m * m))
    endDiffuse = Array(UnsafeBufferPointer(start: diffuse, count: d * m))
  }

  /// Reflects D so that w has one coordinate only, and drops that column.
  private static func dropDirection(
    _ diffuse: UnsafeMutablePointer<Double>, _ w: UnsafeMutablePointer<Double>, count d: Int, size m: Int, norm: Double
  ) {
    var pivot = 0
    for k in 1..<max(d, 1) where abs(w[k]) > abs(w[pivot]) { pivot = k }
    w[pivot] += w[pivot] < 0 ? -norm : norm
    var length = 0.0
    for k in 0..<d { length += w[k] * w[k] }
    for i in 0..<m {
      var sum = 0.0
      for k in 0..<d { sum += diffuse[k * m + i] * w[k] }
      sum *= 2 / length
      for k in 0..<d where k != pivot { diffuse[k * m + i] -= sum * w[k] }
    }
    for i in 0..<m where pivot != d - 1 { diffuse[pivot * m + i] = diffuse[(d - 1) * m + i] }
  }
}
