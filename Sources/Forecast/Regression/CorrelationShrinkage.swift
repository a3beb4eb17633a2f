import NumericKernels

/// Shrinks correlations towards zero by the intensity that minimises the expected squared error over all of them:
///
///     lambda = sum of Var(r[ij]) / sum of r[ij]^2 over i < j, clamped to [0, 1]
///
/// The variances may be those of independent rows (``variance(_:_:)``, as in the paper and in the R package corpcor), or clustered
/// ones: the argument needs no independence, only the variance of each r.
///
/// ```swift
/// let pairs = [(0.5, 0.002), (0.1, 0.004), (-0.2, 0.003)]
/// let intensity = CorrelationShrinkage.intensity(pairs)
/// let shrunk = pairs.map { (1 - intensity) * $0.0 }
/// ```
///
/// Source: Schaefer and Strimmer, Statistical Applications in Genetics and Molecular Biology 4 (2005), target D for correlations.
public enum CorrelationShrinkage {
  /// - Parameter pairs: correlations with their variances, each pair once.
  /// - Returns: 1 if there is nothing to shrink.
  public static func intensity(_ pairs: [(correlation: Double, variance: Double)]) -> Double {
    let uncertainty = pairs.reduce(0) { $0 + $1.variance }
    let strength = pairs.reduce(0) { $0 + $1.correlation * $1.correlation }
    return strength > 0 ? min(max(uncertainty / strength, 0), 1) : 1
  }

  /// The variance of a correlation over independent rows:
  ///
  ///     Var(r) = n / (n - 1)^3 sum of (w[k] - mean w)^2,  w[k] = x[k] y[k]
  ///
  /// with x and y centred and divided by their standard deviations (denominator n - 1).
  ///
  /// - Parameters:
  ///   - x: at least three values, none missing.
  ///   - y: as many.
  /// - Returns: 0 where a column does not vary.
  public static func variance(_ x: [Double], _ y: [Double]) -> Double {
    let count = Double(x.count)
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let (a, b) = (x.map { $0 - meanX }, y.map { $0 - meanY })
    let scale =
      (a.reduce(0) { $0 + $1 * $1 } * b.reduce(0) { $0 + $1 * $1 }).squareRoot() / (count - 1)
    guard scale > 0 else { return 0 }
    let products = zip(a, b).map { $0 * $1 / scale }
    let mean = products.reduce(0, +) / count
    let squares = products.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return count / ((count - 1) * (count - 1) * (count - 1)) * squares
  }

  /// Makes a matrix with ones on its diagonal positive definite by taking more off its correlations: they are multiplied by the
  /// largest factor up to 1 that leaves no eigenvalue below `smallest`.
  ///
  /// With e the smallest eigenvalue, that of 1 + f (R - 1) is 1 - f (1 - e): so f = (1 - smallest) / (1 - e).
  ///
  /// - Returns: the matrix and the factor; 1 where nothing had to be done.
  public static func positiveDefinite(
    _ matrix: Matrix, smallest: Double = 0.01
  ) throws(LinearAlgebraError) -> (matrix: Matrix, factor: Double) {
    guard matrix.rowCount > 0, let lowest = try matrix.symmetricEigen().values.first, lowest < smallest else {
      return (matrix, 1)
    }
    let factor = (1 - smallest) / (1 - lowest)
    var result = matrix
    for i in 0..<matrix.rowCount {
      for j in 0..<matrix.columnCount where i != j { result[i, j] *= factor }
    }
    return (result, factor)
  }

  /// Which of several hypotheses may be rejected so that the expected share of false rejections stays below `rate`: the step-up
  /// procedure of Benjamini and Hochberg, Journal of the Royal Statistical Society B 57 (1995).
  public static func rejected(_ pValues: [Double], falseDiscoveryRate rate: Double) -> [Bool] {
    let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
    let count = Double(pValues.count)
    let last = order.indices.last { pValues[order[$0]] <= rate * Double($0 + 1) / count }
    var result = [Bool](repeating: false, count: pValues.count)
    for place in order.indices where place <= last ?? -1 { result[order[place]] = true }
    return result
  }
}
