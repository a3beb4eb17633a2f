/// The sum of squared one-step errors of complex exponential smoothing with backcast states, and its gradient.
///
/// States and errors carry their derivatives along. Up to three fit into one vector with the value: lane 0 is the
/// value, lane k the derivative by parameter k. The three passes of the backcast cost about 3 (n + m) steps of some
/// tens of operations.
struct CESObjective {
  private let form: CESForm
  private let y: [Double]
  private let weights: [Double]
  private let reversedSeries: [Double]
  private let reversedWeights: [Double]
  private let start: CESState

  init(form: CESForm, series: [Double], start: CESState) {
    self.form = form
    y = series.map { $0.isNaN ? 0 : $0 }
    weights = series.map { $0.isNaN ? 0 : 1 }
    reversedSeries = y.reversed()
    reversedWeights = weights.reversed()
    self.start = start
  }

  /// The sum of squares at a point; fills its gradient.
  func squares(_ point: UnsafePointer<Double>, _ gradient: UnsafeMutablePointer<Double>) -> Double {
    switch form {
    case .nonseasonal: return levelOnly(point, gradient)
    case .simple: return simple(point, gradient)
    case .partial: return partial(point, gradient)
    case .full: return full(point, gradient)
    }
  }

  private typealias Four = SIMD4<Double>

  /// A complex state with its derivatives, moved on by an error.
  @inline(__always)
  private static func move<V: SIMD>(
    _ real: inout V, _ imaginary: inout V, _ error: V, _ p0: Double, _ p1: Double, _ u0: V, _ u1: V
  ) where V.Scalar == Double {
    let (l, c) = (real, imaginary)
    let (c0, e0) = (c[0], error[0])
    real = l - c * (1 - p1) + error * (p0 - p1) + u1 * (c0 - e0) + u0 * e0
    imaginary = l + c * (1 - p0) + error * (p0 + p1) + u0 * (e0 - c0) + u1 * e0
  }

  private func levelOnly(_ p: UnsafePointer<Double>, _ gradient: UnsafeMutablePointer<Double>) -> Double {
    let (u0, u1) = (Four(0, 1, 0, 0), Four(0, 0, 1, 0))
    var (l, c) = (Four(start.level.real, 0, 0, 0), Four(start.level.imaginary, 0, 0, 0))
    var sum = Four.zero
    for pass in 0..<3 {
      (pass == 1 ? reversedSeries : y).withUnsafeBufferPointer { y in
        (pass == 1 ? reversedWeights : weights).withUnsafeBufferPointer { weights in
          sum = .zero
          for t in 0..<y.count {
            let error = (Four(y[t], 0, 0, 0) - l) * weights[t]
            sum += error * error[0]
            Self.move(&l, &c, error, p[0], p[1], u0, u1)
          }
        }
      }
      Self.move(&l, &c, .zero, p[0], p[1], u0, u1)
    }
    gradient[0] = 2 * sum[1]
    gradient[1] = 2 * sum[2]
    return sum[0]
  }

  private func simple(_ p: UnsafePointer<Double>, _ gradient: UnsafeMutablePointer<Double>) -> Double {
    let (u0, u1) = (Four(0, 1, 0, 0), Four(0, 0, 1, 0))
    let m = start.real.count
    var sum = Four.zero
    withUnsafeTemporaryAllocation(of: Four.self, capacity: 2 * m) { ring in
      for j in 0..<m {
        ring[2 * j] = Four(start.real[j], 0, 0, 0)
        ring[2 * j + 1] = Four(start.imaginary[j], 0, 0, 0)
      }
      for pass in 0..<3 {
        (pass == 1 ? reversedSeries : y).withUnsafeBufferPointer { y in
          (pass == 1 ? reversedWeights : weights).withUnsafeBufferPointer { weights in
            sum = .zero
            var j = 0
            for t in 0..<y.count {
              let error = (Four(y[t], 0, 0, 0) - ring[2 * j]) * weights[t]
              sum += error * error[0]
              Self.move(&ring[2 * j], &ring[2 * j + 1], error, p[0], p[1], u0, u1)
              j = j + 1 == m ? 0 : j + 1
            }
          }
        }
        if pass < 2 {
          for j in 0..<m { Self.move(&ring[2 * j], &ring[2 * j + 1], .zero, p[0], p[1], u0, u1) }
          Self.reverse(ring, width: 2, steps: y.count)
        }
      }
    }
    gradient[0] = 2 * sum[1]
    gradient[1] = 2 * sum[2]
    return sum[0]
  }

  private func partial(_ p: UnsafePointer<Double>, _ gradient: UnsafeMutablePointer<Double>) -> Double {
    let (u0, u1, v0) = (Four(0, 1, 0, 0), Four(0, 0, 1, 0), Four(0, 0, 0, 1))
    let m = start.real.count
    var (l, c) = (Four(start.level.real, 0, 0, 0), Four(start.level.imaginary, 0, 0, 0))
    var sum = Four.zero
    withUnsafeTemporaryAllocation(of: Four.self, capacity: m) { ring in
      for j in 0..<m { ring[j] = Four(start.real[j], 0, 0, 0) }
      for pass in 0..<3 {
        (pass == 1 ? reversedSeries : y).withUnsafeBufferPointer { y in
          (pass == 1 ? reversedWeights : weights).withUnsafeBufferPointer { weights in
            sum = .zero
            var j = 0
            for t in 0..<y.count {
              let error = (Four(y[t], 0, 0, 0) - l - ring[j]) * weights[t]
              sum += error * error[0]
              Self.move(&l, &c, error, p[0], p[1], u0, u1)
              ring[j] += error * p[2] + v0 * error[0]
              j = j + 1 == m ? 0 : j + 1
            }
          }
        }
        if pass < 2 {
          Self.move(&l, &c, .zero, p[0], p[1], u0, u1)
          Self.reverse(ring, width: 1, steps: y.count)
        }
      }
    }
    for k in 0..<3 { gradient[k] = 2 * sum[k + 1] }
    return sum[0]
  }

  /// A value and its four derivatives.
  private struct Dual {
    var value: Double
    var slopes = Four.zero

    /// A complex state moved on by an error, with u0 and u1 the directions of the two parameters.
    @inline(__always)
    static func move(
      _ real: inout Dual, _ imaginary: inout Dual, _ error: Dual, _ p0: Double, _ p1: Double, _ u0: Four, _ u1: Four
    ) {
      let (l, c) = (real, imaginary)
      real.value = l.value - (1 - p1) * c.value + (p0 - p1) * error.value
      imaginary.value = l.value + (1 - p0) * c.value + (p0 + p1) * error.value
      let (sum, difference) = (u0 * error.value, u1 * (c.value - error.value))
      real.slopes = l.slopes - c.slopes * (1 - p1) + error.slopes * (p0 - p1) + sum + difference
      imaginary.slopes =
        l.slopes + c.slopes * (1 - p0) + error.slopes * (p0 + p1) + u0 * (error.value - c.value) + u1 * error.value
    }
  }

  private func full(_ p: UnsafePointer<Double>, _ gradient: UnsafeMutablePointer<Double>) -> Double {
    let (u0, u1) = (Four(1, 0, 0, 0), Four(0, 1, 0, 0))
    let (v0, v1) = (Four(0, 0, 1, 0), Four(0, 0, 0, 1))
    let (p0, p1, p2, p3) = (p[0], p[1], p[2], p[3])
    let m = start.real.count
    var (l, c) = (Dual(value: start.level.real), Dual(value: start.level.imaginary))
    var sum = 0.0
    var slopes = Four.zero
    withUnsafeTemporaryAllocation(of: Dual.self, capacity: 2 * m) { ring in
      for j in 0..<m {
        ring[2 * j] = Dual(value: start.real[j])
        ring[2 * j + 1] = Dual(value: start.imaginary[j])
      }
      for pass in 0..<3 {
        (pass == 1 ? reversedSeries : y).withUnsafeBufferPointer { y in
          (pass == 1 ? reversedWeights : weights).withUnsafeBufferPointer { weights in
            (sum, slopes) = (0, .zero)
            var j = 0
            for t in 0..<y.count {
              var (s, d) = (ring[2 * j], ring[2 * j + 1])
              let error = Dual(
                value: (y[t] - l.value - s.value) * weights[t], slopes: (l.slopes + s.slopes) * -weights[t])
              if pass == 2 {
                sum += error.value * error.value
                slopes += error.slopes * error.value
              }
              Dual.move(&l, &c, error, p0, p1, u0, u1)
              Dual.move(&s, &d, error, p2, p3, v0, v1)
              (ring[2 * j], ring[2 * j + 1]) = (s, d)
              j = j + 1 == m ? 0 : j + 1
            }
          }
        }
        if pass < 2 {
          Dual.move(&l, &c, Dual(value: 0), p0, p1, u0, u1)
          for j in 0..<m { Dual.move(&ring[2 * j], &ring[2 * j + 1], Dual(value: 0), p2, p3, v0, v1) }
          Self.reverse(ring, width: 2, steps: y.count)
        }
      }
    }
    for k in 0..<4 { gradient[k] = 2 * slopes[k] }
    return sum
  }

  /// The phases in reverse order, the last of those that follow `steps` steps first.
  ///
  /// The phase that follows is steps mod m; row k becomes row (steps - 1 - k) mod m, which pairs rows off.
  @inline(__always)
  private static func reverse<V>(_ ring: UnsafeMutableBufferPointer<V>, width: Int, steps: Int) {
    let m = ring.count / width
    for k in 0..<m {
      let other = ((steps - 1 - k) % m + m) % m
      if other > k { for w in 0..<width { ring.swapAt(width * k + w, width * other + w) } }
    }
  }
}
