import NumericKernels

/// Roots and stability of the polynomials of ARMA processes.
enum ARMAPolynomial {
  /// The partial autocorrelations of an autoregression, by the downward recursion of Levinson and Durbin; nil if it is not
  /// stationary (one of them reaches 1 in size).
  static func partialAutocorrelations(_ ar: [Double]) -> [Double]? {
    var a = ar
    var partial = ar
    for k in stride(from: ar.count - 1, through: 0, by: -1) {
      let r = a[k]
      guard abs(r) < 1 else { return nil }
      partial[k] = r
      let scale = 1 / ((1 - r) * (1 + r))
      let before = a
      for i in 0..<k { a[i] = (before[i] + r * before[k - 1 - i]) * scale }
    }
    return partial
  }

  /// Whether all roots of 1 - a_1 z - a_2 z^2 - ... are larger than `radius` in modulus.
  static func hasRootsOutside(_ radius: Double, ar: [Double]) -> Bool {
    var power = 1.0
    let scaled = ar.map { coefficient in
      power *= radius
      return coefficient * power
    }
    return partialAutocorrelations(scaled) != nil
  }

  /// A moving average 1 + t_1 z + ... with the same autocorrelations whose roots are not inside the unit circle, and by what the
  /// innovation variance grows: the roots inside are replaced by their reciprocals.
  static func invertible(_ ma: [Double]) -> [Double] {
    let order = (ma.lastIndex { $0 != 0 } ?? -1) + 1
    guard order > 0, partialAutocorrelations(ma[..<order].map { -$0 }) == nil else { return ma }
    if order == 1 { return abs(ma[0]) > 1 ? [1 / ma[0]] + ma.dropFirst() : ma }
    let found = roots([1] + ma[..<order])
    guard found.contains(where: { $0.re * $0.re + $0.im * $0.im < 1 }) else { return ma }
    var re = [1.0]
    var im = [0.0]
    for root in found {
      // 1 - z / root, or with the conjugate's reciprocal for a root inside: 1 - z conj(root)
      let size = root.re * root.re + root.im * root.im
      let factor = size < 1 ? (re: root.re, im: -root.im) : (re: root.re / size, im: -root.im / size)
      re.append(0)
      im.append(0)
      for i in stride(from: re.count - 1, through: 1, by: -1) {
        let (a, b) = (re[i - 1], im[i - 1])
        re[i] -= a * factor.re - b * factor.im
        im[i] -= a * factor.im + b * factor.re
      }
    }
    return Array(re.dropFirst()) + Array(repeating: 0, count: ma.count - order)
  }

  /// The roots of c_0 + c_1 z + ... + c_n z^n with c_0 and c_n not 0, by simultaneous iteration (Aberth, Mathematics of
  /// Computation 27, 1973). Deterministic; simple roots to rounding, a double one to half the digits.
  static func roots(_ c: [Double]) -> [(re: Double, im: Double)] {
    let n = c.count - 1
    guard n > 0, c[n] != 0 else { return [] }
    if n == 1 { return [(-c[0] / c[1], 0)] }
    // Start on a circle of the mean modulus, off the axes.
    let mean = VectorMath.exp(VectorMath.log(abs(c[0] / c[n])) / Double(n))
    var z: [(re: Double, im: Double)] = []
    // Rotation by a fixed angle avoids sine and cosine: (0.8, 0.6) is no root of unity.
    var direction = (re: 0.8, im: 0.6)
    for k in 0..<n {
      let stretch = mean * (1 + 0.05 * Double(k % 3))
      z.append((stretch * direction.re, stretch * direction.im))
      direction = (0.8 * direction.re - 0.6 * direction.im, 0.8 * direction.im + 0.6 * direction.re)
    }
    for _ in 0..<500 {
      var moved = 0.0
      for k in 0..<n {
        let (x, y) = z[k]
        var (pr, pi, dr, di) = (c[n], 0.0, 0.0, 0.0)
        for i in stride(from: n - 1, through: 0, by: -1) {
          (dr, di) = (dr * x - di * y + pr, dr * y + di * x + pi)
          (pr, pi) = (pr * x - pi * y + c[i], pr * y + pi * x)
        }
        let size = dr * dr + di * di
        if pr == 0 && pi == 0 { continue }
        // Newton's correction p / p'
        let (nr, ni) = size > 0 ? ((pr * dr + pi * di) / size, (pi * dr - pr * di) / size) : (mean * 0.1, mean * 0.1)
        var (sr, si) = (0.0, 0.0)
        for j in 0..<n where j != k {
          let (ar, ai) = (x - z[j].re, y - z[j].im)
          let distance = ar * ar + ai * ai
          if distance > 0 {
            sr += ar / distance
            si -= ai / distance
          }
        }
        let (br, bi) = (1 - (nr * sr - ni * si), -(nr * si + ni * sr))
        let below = br * br + bi * bi
        guard below > 0 else { continue }
        let (wr, wi) = ((nr * br + ni * bi) / below, (ni * br - nr * bi) / below)
        z[k] = (x - wr, y - wi)
        moved = max(moved, (wr * wr + wi * wi) / max(x * x + y * y, 1e-300))
      }
      if moved < 1e-30 { break }
    }
    return z
  }
}
