import NumericKernels

/// Maximum likelihood of an ARMA process with regressors, as a nonlinear least-squares problem.
///
/// With the innovation variance and the regression coefficients concentrated out, the exact log-likelihood is
/// -n/2 log(sum of u^2) plus a constant, with u = (standardised innovations, regressors projected off) * D^(1/2n) and D the
/// determinant of the innovations' variances. So the search is Levenberg's and Marquardt's on u: every pass of the filter carries
/// the point and three neighbours, and a pass or two give value and Jacobian together. Conditional sums of squares are the same
/// with D = 1.
///
/// Missing observations are columns too (one for each, 1 where the observation is missing, differenced like the series), whose
/// coefficients are integrated out, not maximised: their Gram determinant joins D. That is the likelihood of what was observed
/// (Gomez, Maravall and Pena, Journal of Econometrics 88, 1999).
final class ARMASearch {
  typealias Lanes = SIMD4<Double>

  struct Outcome {
    var free: [Double]
    /// Sum of u^2.
    var value: Double
    var evaluations: Int
    var hasConverged: Bool
  }

  let structure: ARMAStructure
  let count: Int
  /// Regressor columns, those for missing observations first.
  let regressorCount: Int
  let missingCount: Int
  private let filter: ARMAFilter
  private let chunkCount: Int
  /// u of each chunk of lanes, scaled; lane 0 of chunk 0 is the point itself.
  private var scaled: UnsafeMutablePointer<Lanes>
  /// The same of the point before.
  private var before: UnsafeMutablePointer<Lanes>
  private let memory: UnsafeMutablePointer<Lanes>
  private let points: UnsafeMutablePointer<Lanes>
  private let scratch: UnsafeMutablePointer<Lanes>
  private let gram: UnsafeMutablePointer<Lanes>
  /// Of the last evaluation: Gram matrix of (u, Jacobian), row after row.
  private var products: [Double]
  private var steps: [Double]
  /// Lane 0 of the last evaluation.
  private(set) var regressorCoefficients: [Double]
  private(set) var logDeterminant = 0.0

  /// - Parameter data: the series and the regressors, column after column; must outlive the search.
  init(
    _ structure: ARMAStructure, data: UnsafePointer<Double>, count: Int, regressorCount: Int, missingCount: Int
  ) {
    self.structure = structure
    self.count = count
    self.regressorCount = regressorCount
    self.missingCount = missingCount
    let k = structure.parameterCount
    chunkCount = (k + 4) / 4
    filter = ARMAFilter(structure, data: data, count: count, columnCount: regressorCount + 1)
    let scratchCount = max(structure.p, structure.seasonalP)
    let total = 2 * chunkCount * count + k + scratchCount + (regressorCount + 1) * (regressorCount + 1) + 1
    memory = UnsafeMutablePointer<Lanes>.allocate(capacity: total)
    memory.initialize(repeating: .zero, count: total)
    scaled = memory
    before = scaled + chunkCount * count
    points = before + chunkCount * count
    scratch = points + k
    gram = scratch + scratchCount
    let size = 4 * chunkCount
    products = [Double](repeating: 0, count: size * size)
    steps = [Double](repeating: 1, count: size)
    regressorCoefficients = [Double](repeating: 0, count: regressorCount)
  }

  deinit { memory.deallocate() }

  /// How many innovations count.
  func usedCount(isExact: Bool) -> Int {
    count - missingCount - (isExact ? 0 : min(structure.arOrder, count))
  }

  /// The sum of u^2 at given coefficients (not free parameters).
  func value(atCoefficients c: [Double], isExact: Bool) -> Double {
    for i in c.indices { points[i] = Lanes(repeating: c[i]) }
    filter.run(points, isExact: isExact)
    let (sums, determinants) = project()
    if isExact { logDeterminant = determinants[0] }
    return isExact ? sums[0] * VectorMath.exp(determinants[0] / Double(usedCount(isExact: true))) : sums[0]
  }

  /// The sums of u^2 at four points of coefficients.
  func values(atCoefficients c: [Lanes]) -> Lanes {
    for i in c.indices { points[i] = c[i] }
    filter.run(points, isExact: true)
    let (sums, determinants) = project()
    var result = sums
    for lane in 0..<4 { result[lane] *= VectorMath.exp(determinants[lane] / Double(usedCount(isExact: true))) }
    return result
  }

  /// Standardised innovations of a column after an evaluation at one point; the first column's are free of the regressors.
  func innovations(column: Int) -> [Double] { (0..<count).map { filter.innovations[column * count + $0][0] } }

  /// u and its Jacobian at a point of free parameters; the sum of u^2, infinite where it does not exist.
  private func evaluate(_ x: [Double], isExact: Bool) -> Double {
    let k = structure.parameterCount
    var value = Double.infinity
    for chunk in 0..<chunkCount {
      for i in 0..<k {
        points[i] = Lanes(repeating: x[i])
        let lane = i + 1 - 4 * chunk
        if lane >= 0 && lane < 4 {
          steps[i + 1] = 1e-6 * max(1, abs(x[i]))
          points[i][lane] += steps[i + 1]
        }
      }
      structure.coefficients(ofFree: points, scratch: scratch)
      filter.run(points, isExact: isExact)
      let (sums, determinants) = project()
      var scale = Lanes(repeating: 1)
      if isExact {
        let n = 0.5 / Double(usedCount(isExact: true))
        for lane in 0..<4 { scale[lane] = VectorMath.exp(n * determinants[lane]) }
      }
      if chunk == 0 {
        value = sums[0] * scale[0] * scale[0]
        guard value.isFinite else { return .infinity }
        for t in 0..<count { scaled[t] = filter.innovations[t] * scale }
      } else {
        for t in 0..<count { scaled[chunk * count + t] = filter.innovations[t] * scale }
      }
    }
    differentiate()
    return value
  }

  /// Turns neighbours into derivatives and multiplies everything by everything.
  private func differentiate() {
    let size = 4 * chunkCount
    for chunk in 0..<chunkCount {
      var inverse = Lanes.zero
      for lane in 0..<4 where 4 * chunk + lane <= structure.parameterCount && 4 * chunk + lane > 0 {
        inverse[lane] = 1 / steps[4 * chunk + lane]
      }
      let column = scaled + chunk * count
      for t in 0..<count {
        let base = scaled[t][0]
        var derivative = (column[t] - Lanes(repeating: base)) * inverse
        if chunk == 0 { derivative[0] = base }
        column[t] = derivative
      }
    }
    for a in 0..<chunkCount {
      for b in 0...a {
        let (left, right) = (scaled + a * count, scaled + b * count)
        var (s0, s1, s2, s3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
        for t in 0..<count {
          let (l, r) = (left[t], right[t])
          s0 += l * r[0]
          s1 += l * r[1]
          s2 += l * r[2]
          s3 += l * r[3]
        }
        for lane in 0..<4 {
          let row = (4 * a + lane) * size + 4 * b
          products[row] = s0[lane]
          products[row + 1] = s1[lane]
          products[row + 2] = s2[lane]
          products[row + 3] = s3[lane]
        }
      }
    }
  }

  /// Projects the regressors' innovations off the series'; sums of squares, and log D.
  private func project() -> (sums: Lanes, determinants: Lanes) {
    let k = regressorCount
    let u = filter.innovations
    var determinants = filter.logDeterminant
    if k > 0 {
      // Normal equations of columns that were orthonormal before the filter; the last row is the series.
      for a in 0...k {
        for b in 0...min(a, k - 1) {
          let (left, right) = (u + (a == k ? 0 : (a + 1) * count), u + (b + 1) * count)
          var sum = Lanes.zero
          for t in 0..<count { sum += left[t] * right[t] }
          gram[a * (k + 1) + b] = sum
        }
      }
      for j in 0..<k {
        var diagonal = gram[j * (k + 1) + j]
        for i in 0..<j { diagonal -= gram[j * (k + 1) + i] * gram[j * (k + 1) + i] }
        let root = diagonal.squareRoot()
        gram[j * (k + 1) + j] = root
        if j < missingCount {
          for lane in 0..<4 { determinants[lane] += 2 * VectorMath.log(root[lane]) }
        }
        for a in (j + 1)...k {
          var value = gram[a * (k + 1) + j]
          for i in 0..<j { value -= gram[a * (k + 1) + i] * gram[j * (k + 1) + i] }
          gram[a * (k + 1) + j] = value / root
        }
      }
      let last = gram + k * (k + 1)
      for j in stride(from: k - 1, through: 0, by: -1) {
        var value = last[j]
        for i in (j + 1)..<max(k, j + 1) { value -= gram[i * (k + 1) + j] * last[i] }
        last[j] = value / gram[j * (k + 1) + j]
        regressorCoefficients[j] = last[j][0]
      }
      for j in 0..<k {
        let column = u + (j + 1) * count
        let coefficient = last[j]
        for t in 0..<count { u[t] -= coefficient * column[t] }
      }
    }
    var sums = Lanes.zero
    for t in 0..<count { sums += u[t] * u[t] }
    return (sums, determinants)
  }

  /// The covariance factor of the regressors' coefficients after an evaluation at one point: the Cholesky factor L of their
  /// Gram matrix, row after row.
  var regressorFactor: [Double] {
    let k = regressorCount
    return (0..<k * k).map { $0 % k <= $0 / k ? gram[($0 / k) * (k + 1) + $0 % k][0] : 0 }
  }

  /// The Jacobian of the point before times u of this one.
  private func crossGradient(_ result: inout [Double]) {
    for chunk in 0..<chunkCount {
      let column = before + chunk * count
      var sum = Lanes.zero
      for t in 0..<count { sum += column[t] * scaled[t][0] }
      for lane in 0..<4 {
        let i = 4 * chunk + lane - 1
        if i >= 0 && i < structure.parameterCount { result[i] = sum[lane] }
      }
    }
  }

  /// Damped least squares with a secant estimate of the second-order part.
  ///
  /// Steps solve (H + damping * diag J'J) s = -J'u with H = J'J or H = J'J + B, whichever predicted the last step better. B is
  /// the symmetric secant estimate of sum u u'' (Dennis, Gay and Welsch, ACM Transactions on Mathematical Software 7, 1981);
  /// residuals of time series are never small, so J'J alone converges slowly, above all at moving averages on the unit circle.
  ///
  /// - Parameters:
  ///   - tolerance: the search ends when a step lowers the sum of squares by less than this share of it, as predicted.
  ///   - evaluations: at most so many.
  func minimize(from start: [Double], isExact: Bool, tolerance: Double, evaluations: Int = 100) -> Outcome {
    let k = structure.parameterCount
    var x = start
    var value = evaluate(x, isExact: isExact)
    guard k > 0, value.isFinite, value > 0 else {
      return Outcome(free: x, value: value, evaluations: 1, hasConverged: value.isFinite)
    }
    var model = SecantModel(count: k)
    var candidate = x
    var (damping, growth, used) = (1e-3, 2.0, 1)
    var hasConverged = false
    model.take(products, rowLength: 4 * chunkCount)
    while used < evaluations {
      guard model.solve(damping: damping) else {
        damping = max(damping * 4, 1e-3)
        if damping > 1e12 { break }
        continue
      }
      for i in 0..<k {
        var moved = x[i] + model.step[i]
        if structure.isAutoregressive(i) {
          moved = min(max(moved, -ARMAStructure.largestFree), ARMAStructure.largestFree)
        }
        candidate[i] = moved
        model.step[i] = moved - x[i]
      }
      let predicted = model.predictedGain(withSecant: model.usesSecant)
      swap(&scaled, &before)
      let newValue = evaluate(candidate, isExact: isExact)
      used += 1
      let gain = value - newValue
      if newValue.isFinite && gain >= 0 {
        crossGradient(&model.cross)
        model.update(products, rowLength: 4 * chunkCount, gain: gain)
        swap(&x, &candidate)
        let isSmall = gain <= tolerance * value && predicted <= tolerance * value
        value = newValue
        let ratio = predicted > 0 ? gain / predicted : 0
        let shift = 2 * ratio - 1
        damping = ratio > 0.25 ? max(damping * max(0.2, 1 - shift * shift * shift), 1e-14) : damping * 2
        growth = 2
        if isSmall {
          hasConverged = true
          break
        }
      } else {
        swap(&scaled, &before)
        if predicted <= max(tolerance * 1e-3, 1e-15) * value {
          hasConverged = true
          break
        }
        damping *= growth
        growth *= 2
        if damping > 1e12 { break }
      }
    }
    return Outcome(free: x, value: value, evaluations: used, hasConverged: hasConverged)
  }
}
