import NumericKernels

/// An estimated coefficient of an ARIMA model.
public struct ARIMACoefficient: Equatable, Sendable {
  /// ar1, ma1, sar1, sma1, ..., mean or drift, regressor1, ...
  public var name: String
  public var estimate: Double
  /// NaN where the likelihood is not curved downwards (a coefficient on the edge of its range).
  public var standardError: Double

  public init(name: String, estimate: Double, standardError: Double) {
    self.name = name
    self.estimate = estimate
    self.standardError = standardError
  }

  public var tValue: Double { estimate / standardError }
}

extension ARIMA {
  /// All coefficients with standard errors from the inverse Hessian of the log-likelihood (ARMA part by central differences, the
  /// regression part in closed form), in R's order. Costs about 2 k^2 passes over the series for k ARMA coefficients.
  ///
  /// The errors are those of the fit; a model refitted to another series takes that series' curvature.
  public func coefficientTable() -> [ARIMACoefficient] {
    let (arma, levels) = standardErrors()
    var result: [ARIMACoefficient] = []
    func add(_ prefix: String, _ values: [Double]) {
      for (i, value) in values.enumerated() {
        let error = arma[result.count]
        result.append(ARIMACoefficient(name: "\(prefix)\(i + 1)", estimate: value, standardError: error))
      }
    }
    add("ar", ar)
    add("ma", ma)
    add("sar", seasonalAR)
    add("sma", seasonalMA)
    let offset = includesConstant ? 1 : 0
    if includesConstant {
      result.append(
        ARIMACoefficient(
          name: order.d + seasonal.d == 0 ? "mean" : "drift", estimate: constant, standardError: levels[0]))
    }
    for (i, value) in regressorCoefficients.enumerated() {
      result.append(
        ARIMACoefficient(name: "regressor\(i + 1)", estimate: value, standardError: levels[i + offset]))
    }
    return result
  }

  /// Standard errors of the ARMA coefficients, and of constant and regressors in their own units.
  private func standardErrors() -> (arma: [Double], levels: [Double]) {
    let k = structure.parameterCount
    let total = sample.regressorCount
    let kept = sample.levels.count
    guard !sample.isExact else {
      return ([Double](repeating: 0, count: k), [Double](repeating: 0, count: kept))
    }
    let unknown = ([Double](repeating: .nan, count: k), [Double](repeating: .nan, count: kept))
    let center = coefficients
    return sample.exactColumns.withUnsafeBufferPointer { data in
      guard let base = data.baseAddress else { return unknown }
      let search = ARMASearch(
        structure, data: base, count: sample.count, regressorCount: total, missingCount: sample.missingCount)
      let value = search.value(atCoefficients: center, isExact: true)
      let n = Double(search.usedCount(isExact: true))
      let variance = value * VectorMath.exp(-search.logDeterminant / n) / n
      let factor = search.regressorFactor
      // d level / d coefficient, and the Hessian of n/2 log(sum of squares).
      var slopes = [[Double]]()
      var hessian = Matrix(rowCount: k, columnCount: k)
      let steps = center.map { 2e-4 * max(0.5, abs($0)) }
      let middle = 0.5 * n * VectorMath.log(value)
      for i in 0..<k {
        var lanes = center.map { SIMD4<Double>(repeating: $0) }
        lanes[i][0] += steps[i]
        lanes[i][1] -= steps[i]
        let around = search.values(atCoefficients: lanes)
        let sum = 0.5 * n * (VectorMath.log(around[0]) + VectorMath.log(around[1]))
        hessian[i, i] = (sum - 2 * middle) / (steps[i] * steps[i])
        for j in 0..<i {
          var lanes = center.map { SIMD4<Double>(repeating: $0) }
          lanes[i] += steps[i] * SIMD4(1, 1, -1, -1)
          lanes[j] += steps[j] * SIMD4(1, -1, 1, -1)
          let corner = search.values(atCoefficients: lanes)
          let mixed =
            VectorMath.log(corner[0]) - VectorMath.log(corner[1]) - VectorMath.log(corner[2])
            + VectorMath.log(corner[3])
          hessian[i, j] = 0.5 * n * mixed / (4 * steps[i] * steps[j])
          hessian[j, i] = hessian[i, j]
        }
        guard kept > 0 else { continue }
        var moved = center
        moved[i] += steps[i]
        _ = search.value(atCoefficients: moved, isExact: true)
        let above = sample.levelCoefficients(search.regressorCoefficients).levels
        moved[i] = center[i] - steps[i]
        _ = search.value(atCoefficients: moved, isExact: true)
        let below = sample.levelCoefficients(search.regressorCoefficients).levels
        slopes.append(zip(above, below).map { ($0 - $1) / (2 * steps[i]) })
      }
      var covariance = Matrix(rowCount: 0, columnCount: 0)
      if k > 0 {
        guard hessian.storage.allSatisfy(\.isFinite), let inverse = try? hessian.cholesky().inverse() else {
          return unknown
        }
        covariance = inverse
      }
      // Levels at fixed ARMA coefficients: R^-1 (L L')^-1 R^-T sigma^2; a row of R^-1 L^-T at a time.
      var errors = [Double](repeating: 0, count: kept)
      for j in 0..<kept {
        // Solve R' x = unit vector, then L z = x; the variance is |z|^2.
        let row = sample.missingCount + j
        var x = [Double](repeating: 0, count: total)
        for a in 0..<total {
          var sum = a == row ? 1.0 : 0
          for b in 0..<a { sum -= sample.triangle[b * total + a] * x[b] }
          x[a] = sum / sample.triangle[a * total + a]
        }
        for a in 0..<total {
          for b in 0..<a { x[a] -= factor[a * total + b] * x[b] }
          x[a] /= factor[a * total + a]
        }
        var sum = variance * x.reduce(0) { $0 + $1 * $1 }
        for a in 0..<k { for b in 0..<k { sum += slopes[a][j] * slopes[b][j] * covariance[a, b] } }
        errors[j] = sum.squareRoot() * (sample.unit / sample.sizes[j])
      }
      return ((0..<k).map { covariance[$0, $0].squareRoot() }, errors)
    }
  }
}
