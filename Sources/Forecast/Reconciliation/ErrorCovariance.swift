import NumericKernels

/// The covariance of the nodes' base forecast errors, up to a factor, as reconciliation uses it.
public struct ErrorCovariance: Equatable, Sendable {
  /// nodes x nodes, symmetric; only the diagonal for a diagonal one.
  enum Form: Equatable, Sendable {
    case diagonal([Double])
    case full(Matrix)
  }

  let form: Form
  /// The weight of the diagonal in a shrunk covariance; 0 for a sample one, 1 for a diagonal one.
  public let shrinkage: Double

  /// Given variances, for example of one-step errors: weighted least squares.
  ///
  /// - Throws: ``ForecastError/badDesign(model:reason:)`` unless they are finite, not negative, and one is positive.
  public static func variances(_ values: [Double]) throws(ForecastError) -> ErrorCovariance {
    guard values.allSatisfy({ $0 >= 0 && $0.isFinite }), values.contains(where: { $0 > 0 }) else {
      throw Hierarchy.bad("variances must be finite, not negative and not all zero")
    }
    return ErrorCovariance(form: .diagonal(values), shrinkage: 1)
  }

  /// The mean squares of each node's errors; missing ones (NaN) are left out node by node.
  public static func variances(of residuals: [[Double]]) throws(ForecastError) -> ErrorCovariance {
    let (errors, unit) = scaled(residuals)
    return try variances(
      errors.map { one in
        let usable = one.filter { !$0.isNaN }
        return usable.reduce(0) { $0 + $1 * $1 } / Double(max(usable.count, 1)) * (unit * unit)
      })
  }

  /// The sample covariance (1 / T) sum of e e' over the T times at which no node's error is missing; errors are not
  /// centred.
  public static func sample(_ residuals: [[Double]]) throws(ForecastError) -> ErrorCovariance {
    let (errors, unit) = try complete(residuals)
    var covariance = errors.gram
    let factor = unit * unit / Double(errors.rowCount)
    for i in covariance.storage.indices { covariance.storage[i] *= factor }
    return ErrorCovariance(form: .full(covariance), shrinkage: 0)
  }

  /// The sample covariance with its correlations shrunk towards 0, by Schaefer and Strimmer's intensity:
  ///
  ///     lambda = sum of Var(r[ij]) / sum of r[ij]^2 over i != j, clamped to [0, 1]
  ///     Var(r[ij]) = (sum of (x[i] x[j])^2 - (sum of x[i] x[j])^2 / T) / (T (T - 1))
  ///
  /// with x the errors divided by their root mean square. Positive definite for lambda > 0, however few times there
  /// are.
  ///
  /// Source: Schaefer and Strimmer, Statistical Applications in Genetics and Molecular Biology 4 (2005).
  public static func shrunk(_ residuals: [[Double]]) throws(ForecastError) -> ErrorCovariance {
    var (standard, unit) = try complete(residuals)
    let (times, nodes) = (standard.rowCount, standard.columnCount)
    var deviations = [Double](repeating: 0, count: nodes)
    for j in 0..<nodes {
      let column = standard.column(j)
      deviations[j] = (column.reduce(0) { $0 + $1 * $1 } / Double(times)).squareRoot()
      for i in 0..<times { standard[i, j] = deviations[j] > 0 ? column[i] / deviations[j] : 0 }
    }
    let products = standard.gram
    var squares = standard
    for i in squares.storage.indices { squares.storage[i] *= squares.storage[i] }
    let fourth = squares.gram
    let count = Double(times)
    var (uncertainty, strength) = (0.0, 0.0)
    for j in 0..<nodes {
      for i in 0..<nodes where i != j {
        uncertainty += (fourth[i, j] - products[i, j] * products[i, j] / count) / (count * (count - 1))
        strength += products[i, j] * products[i, j] / (count * count)
      }
    }
    let lambda = strength > 0 ? min(max(uncertainty / strength, 0), 1) : 1
    var covariance = products
    for j in 0..<nodes {
      for i in 0..<nodes {
        let correlation = products[i, j] / count * (i == j ? 1 : 1 - lambda)
        covariance[i, j] = correlation * (deviations[i] * unit) * (deviations[j] * unit)
      }
    }
    return ErrorCovariance(form: .full(covariance), shrinkage: lambda)
  }

  /// A given covariance matrix, symmetric and finite.
  public static func matrix(_ covariance: Matrix) throws(ForecastError) -> ErrorCovariance {
    guard covariance.rowCount == covariance.columnCount, covariance.storage.allSatisfy(\.isFinite) else {
      throw Hierarchy.bad("a covariance must be a square matrix of finite numbers")
    }
    return ErrorCovariance(form: .full(covariance), shrinkage: 0)
  }

  var variances: [Double] {
    switch form {
    case .diagonal(let values): values
    case .full(let matrix): (0..<matrix.rowCount).map { matrix[$0, $0] }
    }
  }

  var count: Int { variances.count }

  /// The matrix divided by the power of two of its largest variance, so that no unit matters.
  ///
  /// A variance of 0 (a node that never erred, such as a series of zeros) becomes 1e-12 of that: as good as certain, but an
  /// aggregate of nothing but such nodes still has weights.
  var normalized: (matrix: Matrix, isDiagonal: Bool) {
    let largest = variances.max() ?? 0
    let unit = largest > 0 ? largest.binade : 1
    switch form {
    case .diagonal(let values):
      var matrix = Matrix(rowCount: values.count, columnCount: values.count)
      for i in values.indices { matrix[i, i] = values[i] > 0 ? values[i] / unit : Self.certain }
      return (matrix, true)
    case .full(var matrix):
      for i in matrix.storage.indices { matrix.storage[i] /= unit }
      for i in 0..<matrix.rowCount where matrix[i, i] == 0 { matrix[i, i] = Self.certain }
      return (matrix, false)
    }
  }

  private static let certain = 1e-12

  /// Errors without unit: divided by the power of two of the largest.
  private static func scaled(_ residuals: [[Double]]) -> (errors: [[Double]], unit: Double) {
    let largest = residuals.joined().reduce(0) { max($0, abs($1)) }
    let unit = largest > 0 && largest.isFinite ? largest.binade : 1
    return (residuals.map { $0.map { $0 / unit } }, unit)
  }

  /// times x nodes, only times without a missing error.
  private static func complete(_ residuals: [[Double]]) throws(ForecastError) -> (errors: Matrix, unit: Double) {
    let times = residuals.first?.count ?? 0
    guard residuals.allSatisfy({ $0.count == times && !$0.contains(where: \.isInfinite) }) else {
      throw Hierarchy.bad("every node needs as many errors as the others, none infinite")
    }
    let usable = (0..<times).filter { t in residuals.allSatisfy { !$0[t].isNaN } }
    guard usable.count >= 2 else {
      throw .tooFewObservations(model: "Error covariance", needed: 2, found: usable.count)
    }
    let (errors, unit) = scaled(residuals)
    return (Matrix(columns: errors.map { one in usable.map { one[$0] } }), unit)
  }
}
