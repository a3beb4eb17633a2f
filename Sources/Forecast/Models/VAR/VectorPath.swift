import NumericKernels

/// The joint Gaussian distribution of the next h steps of k variables, given coefficients: y = mean + M e, e ~ N(0, I).
///
/// Entry (s - 1) k + j is variable j at step s. Values taken as known are imposed exactly: with rows A of M they say A e = d; A is made
/// orthonormal (A = L Q), e = Q' L^-1 d + (I - Q'Q) z. Source: Waggoner and Zha, Review of Economics and Statistics 81 (1999).
struct VectorPath {
  private(set) var mean: [Double]
  /// M by rows.
  private(set) var loadings: [[Double]]

  /// - Parameter recent: the last p observations, newest first.
  init(_ draw: VectorCoefficients, recent: [[Double]], horizon: Int) {
    let k = draw.root.rowCount
    let (p, b) = (recent.count, draw.coefficients)
    mean = Array(repeating: 0, count: horizon * k)
    // Responses[s][i * k + j]: of variable i to shock j, s steps later.
    var responses: [[Double]] = []
    for s in 0..<horizon {
      var response = [Double](repeating: 0, count: k * k)
      for i in 0..<k {
        var value = b[k * p, i]
        for l in 1...p {
          for j in 0..<k {
            let past = l <= s ? mean[(s - l) * k + j] : recent[l - s - 1][j]
            value += b[(l - 1) * k + j, i] * past
          }
        }
        mean[s * k + i] = value
        for j in 0..<k {
          var sum = s == 0 ? draw.root[i, j] : 0
          for l in 1...p where l <= s {
            for v in 0..<k { sum += b[(l - 1) * k + v, i] * responses[s - l][v * k + j] }
          }
          response[i * k + j] = sum
        }
      }
      responses.append(response)
    }
    loadings = []
    for s in 0..<horizon {
      for i in 0..<k {
        var row = [Double](repeating: 0, count: horizon * k)
        for past in 0...s { for j in 0..<k { row[past * k + j] = responses[s - past][i * k + j] } }
        loadings.append(row)
      }
    }
  }

  /// Makes the entries `places` certain to have `values`; false if they determine each other.
  mutating func impose(_ values: [Double], at places: [Int]) -> Bool {
    guard !places.isEmpty else { return true }
    let size = mean.count
    var basis: [[Double]] = []
    var shock = [Double](repeating: 0, count: size)
    for (place, value) in zip(places, values) {
      var row = loadings[place]
      let length = Self.dot(row, row).squareRoot()
      // Twice is enough: Gram and Schmidt lose orthogonality only to the first power of the rounding.
      for _ in 0..<2 {
        for one in basis {
          let share = Self.dot(row, one)
          for i in 0..<size { row[i] -= share * one[i] }
        }
      }
      let rest = Self.dot(row, row).squareRoot()
      guard rest > 1e-10 * length else { return false }
      for i in 0..<size { row[i] /= rest }
      // What the earlier values imply for this one, and the step that is missing.
      let missing = (value - mean[place] - Self.dot(loadings[place], shock)) / rest
      for i in 0..<size { shock[i] += missing * row[i] }
      basis.append(row)
    }
    for i in 0..<size {
      mean[i] += Self.dot(loadings[i], shock)
      for _ in 0..<2 {
        for one in basis {
          let share = Self.dot(loadings[i], one)
          for j in 0..<size { loadings[i][j] -= share * one[j] }
        }
      }
    }
    for (place, value) in zip(places, values) {
      mean[place] = value
      loadings[place] = Array(repeating: 0, count: size)
    }
    return true
  }

  func variance(_ i: Int) -> Double { Self.dot(loadings[i], loadings[i]) }

  static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in 0..<min(a.count, b.count) { sum += a[i] * b[i] }
    return sum
  }
}
