/// The shape of a multiplicative seasonal ARMA process and the arithmetic of its polynomials, four parameter points at once.
///
///     (1 - ar_1 B - ...)(1 - sar_1 B^m - ...) w[t] = (1 + ma_1 B + ...)(1 + sma_1 B^m + ...) e[t]
///
/// Coefficients are in R's order: ar, ma, sar, sma. A search works on `free` parameters: an autoregressive block is given by
/// partial autocorrelations x / sqrt(1 + x^2), which is stationary for every x (Monahan, Biometrika 71, 1984, with another map of
/// the line to -1 ... 1); moving averages are free as they are, because the exact likelihood does not change when a root is
/// turned over.
struct ARMAStructure: Equatable, Sendable {
  let p: Int
  let q: Int
  let seasonalP: Int
  let seasonalQ: Int
  let period: Int

  typealias Lanes = SIMD4<Double>

  /// Autoregressive free parameters stay within this: partial autocorrelations within 1 - 5e-9.
  static let largestFree = 1e4
  /// Longer lags would take more memory than they are worth: the start of the filter needs the square of it.
  static let largestState = 2000

  var parameterCount: Int { p + q + seasonalP + seasonalQ }
  var arOrder: Int { p + period * seasonalP }
  var maOrder: Int { q + period * seasonalQ }
  /// The length of the state.
  var stateCount: Int { max(arOrder, maOrder) }

  /// Whether parameter i is autoregressive.
  func isAutoregressive(_ i: Int) -> Bool { i < p || (i >= p + q && i < p + q + seasonalP) }

  /// Coefficients of free parameters, in place.
  func coefficients(ofFree x: UnsafeMutablePointer<Lanes>, scratch: UnsafeMutablePointer<Lanes>) {
    Self.stationary(x, count: p, scratch: scratch)
    Self.stationary(x + p + q, count: seasonalP, scratch: scratch)
  }

  /// Coefficients of one point.
  func coefficients(ofFree x: [Double]) -> [Double] {
    var lanes = x.map { Lanes(repeating: $0) }
    var scratch = [Lanes](repeating: .zero, count: max(p, seasonalP, 1))
    lanes.withUnsafeMutableBufferPointer { lanes in
      scratch.withUnsafeMutableBufferPointer { scratch in
        guard let lanes = lanes.baseAddress, let scratch = scratch.baseAddress else { return }
        coefficients(ofFree: lanes, scratch: scratch)
      }
    }
    return lanes.map { $0[0] }
  }

  /// Free parameters of coefficients whose autoregressive blocks are stationary; nil if one is not.
  func free(ofCoefficients c: [Double]) -> [Double]? {
    var result = c
    for (start, count) in [(0, p), (p + q, seasonalP)] where count > 0 {
      guard let partial = ARMAPolynomial.partialAutocorrelations(Array(c[start..<start + count])) else { return nil }
      for i in 0..<count {
        let x = partial[i] / ((1 - partial[i]) * (1 + partial[i])).squareRoot()
        result[start + i] = min(max(x, -Self.largestFree), Self.largestFree)
      }
    }
    return result
  }

  /// Partial autocorrelations x / sqrt(1 + x^2) to coefficients by Durbin's recursion, in place.
  private static func stationary(_ x: UnsafeMutablePointer<Lanes>, count: Int, scratch: UnsafeMutablePointer<Lanes>) {
    for k in 0..<count {
      let partial = x[k] / (1 + x[k] * x[k]).squareRoot()
      for i in 0..<k { scratch[i] = x[i] - partial * x[k - 1 - i] }
      for i in 0..<k { x[i] = scratch[i] }
      x[k] = partial
    }
  }

  /// The product polynomials of coefficients, as `phi[i - 1]` and `theta[i - 1]` of B^i, with zeros up to `stateCount`.
  func expand(
    _ c: UnsafePointer<Lanes>, phi: UnsafeMutablePointer<Lanes>, theta: UnsafeMutablePointer<Lanes>
  ) {
    for i in 0..<stateCount {
      phi[i] = .zero
      theta[i] = .zero
    }
    for i in 0..<p { phi[i] = c[i] }
    for j in 0..<seasonalP {
      let seasonal = c[p + q + j]
      phi[(j + 1) * period - 1] += seasonal
      for i in 0..<p { phi[(j + 1) * period + i] -= seasonal * c[i] }
    }
    for i in 0..<q { theta[i] = c[p + i] }
    for j in 0..<seasonalQ {
      let seasonal = c[p + q + seasonalP + j]
      theta[(j + 1) * period - 1] += seasonal
      for i in 0..<q { theta[(j + 1) * period + i] += seasonal * c[p + i] }
    }
  }

  /// The product polynomials of one point: phi and theta without the leading 1, of their own lengths.
  func expand(_ c: [Double]) -> (phi: [Double], theta: [Double]) {
    let lanes = c.map { Lanes(repeating: $0) }
    var phi = [Lanes](repeating: .zero, count: stateCount + 1)
    var theta = phi
    lanes.withUnsafeBufferPointer { lanes in
      phi.withUnsafeMutableBufferPointer { phi in
        theta.withUnsafeMutableBufferPointer { theta in
          guard let phi = phi.baseAddress, let theta = theta.baseAddress, let lanes = lanes.baseAddress else { return }
          expand(lanes, phi: phi, theta: theta)
        }
      }
    }
    return (phi.prefix(arOrder).map { $0[0] }, theta.prefix(maOrder).map { $0[0] })
  }
}
