/// The quadratic model of a least-squares search: J'J, and the secant estimate of what it leaves out.
///
/// Source: Dennis, Gay and Welsch, ACM Transactions on Mathematical Software 7 (1981).
struct SecantModel {
  let count: Int
  /// J'u
  private(set) var gradient: [Double]
  /// J'J, lower triangle, row after row.
  private var normal: [Double]
  private var secant: [Double]
  private var factor: [Double]
  var step: [Double]
  /// (J before)' (u now), set before ``update(_:rowLength:gain:)``.
  var cross: [Double]
  private(set) var usesSecant = false

  init(count: Int) {
    self.count = count
    gradient = [Double](repeating: 0, count: count)
    normal = [Double](repeating: 0, count: count * count)
    secant = normal
    factor = normal
    step = gradient
    cross = gradient
  }

  /// Takes gradient and normal matrix out of the Gram matrix of (u, J).
  mutating func take(_ products: [Double], rowLength: Int) {
    for i in 0..<count {
      gradient[i] = products[(i + 1) * rowLength]
      for j in 0...i {
        normal[i * count + j] = products[(i + 1) * rowLength + j + 1]
        normal[j * count + i] = normal[i * count + j]
      }
    }
  }

  /// How much the sum of squares falls by `step`.
  func predictedGain(withSecant: Bool) -> Double {
    var result = 0.0
    for i in 0..<count {
      var product = 0.0
      for j in 0..<count {
        product += (normal[i * count + j] + (withSecant ? secant[i * count + j] : 0)) * step[j]
      }
      result -= step[i] * (2 * gradient[i] + product)
    }
    return result
  }

  /// After an accepted `step`: the new derivatives, a better secant part, and the choice between the two models.
  mutating func update(_ products: [Double], rowLength: Int, gain: Double) {
    let plain = abs(predictedGain(withSecant: false) - gain)
    let augmented = abs(predictedGain(withSecant: true) - gain)
    let old = gradient
    take(products, rowLength: rowLength)
    var (curvature, product, target) = (0.0, 0.0, 0.0)
    var difference = step
    for i in 0..<count {
      var applied = 0.0
      for j in 0..<count { applied += secant[i * count + j] * step[j] }
      curvature += (gradient[i] - old[i]) * step[i]
      product += applied * step[i]
      target += (gradient[i] - cross[i]) * step[i]
      difference[i] = applied
    }
    usesSecant = augmented <= plain
    var size = 0.0
    for i in 0..<count { size += abs((gradient[i] - old[i]) * step[i]) }
    guard curvature > 1e-10 * size, curvature.isFinite else { return }
    // Shrink what was learnt elsewhere.
    let scale = product != 0 ? min(1, abs(target / product)) : 1
    var along = 0.0
    for i in 0..<count {
      difference[i] = gradient[i] - cross[i] - scale * difference[i]
      along += difference[i] * step[i]
    }
    for i in 0..<count {
      let yi = gradient[i] - old[i]
      for j in 0..<count {
        let yj = gradient[j] - old[j]
        secant[i * count + j] =
          scale * secant[i * count + j] + (difference[i] * yj + yi * difference[j]) / curvature
          - along * yi * yj / (curvature * curvature)
      }
    }
  }

  /// Solves for `step` by Cholesky; false if the damped matrix is not positive definite.
  mutating func solve(damping: Double) -> Bool {
    let k = count
    for j in 0..<k {
      for a in j..<k {
        var value = normal[a * k + j] + (usesSecant ? secant[a * k + j] : 0)
        if a == j { value += damping * max(normal[j * k + j], 1e-12) }
        for i in 0..<j { value -= factor[a * k + i] * factor[j * k + i] }
        if a == j {
          guard value > 1e-14 * normal[j * k + j], value.isFinite, value > 0 else { return false }
          factor[j * k + j] = value.squareRoot()
        } else {
          factor[a * k + j] = value / factor[j * k + j]
        }
      }
    }
    for j in 0..<k {
      var value = -gradient[j]
      for i in 0..<j { value -= factor[j * k + i] * step[i] }
      step[j] = value / factor[j * k + j]
    }
    for j in stride(from: k - 1, through: 0, by: -1) {
      var value = step[j]
      for i in (j + 1)..<max(k, j + 1) { value -= factor[i * k + j] * step[i] }
      step[j] = value / factor[j * k + j]
    }
    return true
  }
}
