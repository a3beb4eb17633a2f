import NumericKernels

/// What an ARIMA model knows at the end of a series: the series without regressors, completed, and its one-step errors.
struct ARIMAState: Sendable {
  /// The series less the regressors' part, in the sample's unit, missing observations estimated from all others.
  let values: [Double]
  let missing: [Int]
  /// Standardised one-step errors, NaN for the first d + mD observations and where there is none.
  let errors: [Double]
  /// The sum of their squares (with missing values: of all information, the generalised sum of squares).
  let sumOfSquares: Double
  let logDeterminant: Double
  /// The factor of the missing observations' estimation errors in units of the innovation: their covariance is F F', k x k.
  let missingFactor: [Double]

  /// - Parameters:
  ///   - values: without regressors' part, missing observations filled with anything.
  ///   - coefficients: of `structure`, stationary.
  init(
    values: [Double], missing: [Int], sample: ARIMASample, structure: ARMAStructure, coefficients: [Double]
  ) {
    let (d, seasonalD, period) = (sample.d, sample.seasonalD, sample.period)
    let w = ARIMASample.differenced(values, d: d, seasonalD: seasonalD, period: period)
    let k = missing.count
    var data = w
    for position in missing {
      var column = [Double](repeating: 0, count: values.count)
      column[position] = 1
      data += ARIMASample.differenced(column, d: d, seasonalD: seasonalD, period: period)
    }
    let lost = values.count - w.count
    var errors = [Double](repeating: .nan, count: values.count)
    var completed = values
    var (sum, determinant) = (0.0, 0.0)
    var factor = [Double](repeating: 0, count: k * k)
    data.withUnsafeBufferPointer { data in
      guard let base = data.baseAddress else { return }
      let search = ARMASearch(structure, data: base, count: w.count, regressorCount: 0, missingCount: 0)
      if k == 0 {
        sum = search.value(atCoefficients: coefficients, isExact: true)
        determinant = search.logDeterminant
        sum *= VectorMath.exp(-determinant / Double(w.count))
        errors.replaceSubrange(lost..., with: search.innovations(column: 0))
        return
      }
      let full = ARMASearch(structure, data: base, count: w.count, regressorCount: k, missingCount: k)
      sum = full.value(atCoefficients: coefficients, isExact: true)
      determinant = full.logDeterminant
      sum *= VectorMath.exp(-determinant / Double(max(full.usedCount(isExact: true), 1)))
      for (j, position) in missing.enumerated() { completed[position] += -full.regressorCoefficients[j] }
      factor = Self.inverseTransposed(full.regressorFactor, k)
      let columns = (0...k).map { j -> [Double] in
        let filter = ARMASearch(structure, data: base + j * w.count, count: w.count, regressorCount: 0, missingCount: 0)
        _ = filter.value(atCoefficients: coefficients, isExact: true)
        return filter.innovations(column: 0)
      }
      errors.replaceSubrange(lost..., with: Self.sequential(columns))
      for position in missing { errors[position] = .nan }
    }
    self.values = completed
    self.missing = missing
    self.errors = errors
    sumOfSquares = sum
    logDeterminant = determinant
    missingFactor = factor
  }

  /// One-step errors of the first column when the coefficients of the others are known only from what came before: a recursive
  /// least squares with a vague start; NaN while an error says nothing.
  private static func sequential(_ columns: [[Double]]) -> [Double] {
    let k = columns.count - 1
    let vague = 1e8
    var covariance = [Double](repeating: 0, count: k * k)
    for j in 0..<k { covariance[j * k + j] = vague }
    var estimate = [Double](repeating: 0, count: k)
    var product = estimate
    return columns[0].indices.map { t in
      var (error, variance) = (columns[0][t], 1.0)
      for i in 0..<k {
        product[i] = 0
        for j in 0..<k { product[i] += covariance[i * k + j] * columns[j + 1][t] }
      }
      for i in 0..<k {
        error -= columns[i + 1][t] * estimate[i]
        variance += columns[i + 1][t] * product[i]
      }
      for i in 0..<k {
        estimate[i] += product[i] * error / variance
        for j in 0..<k { covariance[i * k + j] -= product[i] * product[j] / variance }
      }
      return variance > 1e-4 * vague ? .nan : error / variance.squareRoot()
    }
  }

  /// The inverse of a lower triangle, transposed.
  private static func inverseTransposed(_ lower: [Double], _ k: Int) -> [Double] {
    var result = [Double](repeating: 0, count: k * k)
    for column in 0..<k {
      // Column of the inverse, stored as a row.
      for i in column..<k {
        var value = i == column ? 1.0 : 0
        for j in column..<i { value -= lower[i * k + j] * result[column * k + j] }
        result[column * k + i] = value / lower[i * k + i]
      }
    }
    return result
  }
}
