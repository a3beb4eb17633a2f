import NumericKernels

/// Makes forecasts of all nodes of a hierarchy add up, as a linear map of the base forecasts.
///
/// ```swift
/// let method = Reconciliation.Method.minimumTrace(try .shrunk(residuals))
/// let reconciliation = try Reconciliation(of: hierarchy, by: method)
/// let coherent = reconciliation.reconciled(base)
/// ```
///
/// With S the summing matrix (its aggregates' rows C), W the covariance of the base errors and U' = [I, -C], whose
/// product with a vector of node values is what does not add up:
///
///     bottom = base bottom - W[bottom, :] U (U' W U)^-1 U' base,    all = S bottom
///
/// which equals the usual S (S' W^-1 S)^-1 S' W^-1 base but needs no inverse of W and leaves a base that adds up
/// exactly as it is. Results are aggregated from their bottom values by ``Hierarchy/aggregated(_:)``, so the sums hold
/// to the bit.
///
/// Sources: Hyndman, Ahmed, Athanasopoulos and Shang, Computational Statistics and Data Analysis 55 (2011) for ordinary
/// least squares; Athanasopoulos, Hyndman, Kourentzes and Petropoulos, European Journal of Operational Research 262
/// (2017) for structural weights; Wickramasuriya, Athanasopoulos and Hyndman, Journal of the American Statistical
/// Association 114 (2019) for minimum trace.
public struct Reconciliation: Sendable {
  public enum Method: Sendable {
    /// Aggregates are sums of the bottom forecasts; the rest is ignored.
    case bottomUp
    /// Each anchor's forecast is shared out over its bottom series and aggregates are summed: top-down with the top as
    /// the only anchor, middle-out with a level of nodes that holds every bottom series once.
    case topDown(TopDown)
    /// W = identity: ordinary least squares.
    case ordinaryLeastSquares
    /// W diagonal with the number of bottom series of each node.
    case structural
    /// Weighted least squares or minimum trace, by the covariance given.
    case minimumTrace(ErrorCovariance)
  }

  public let hierarchy: Hierarchy
  /// Base forecasts (columns) to bottom values (rows).
  public let mapping: Matrix
  /// What each aggregate's incoherence takes from the bottom values: bottom x aggregates.
  private let correction: Matrix?
  /// W without unit, and whether it is diagonal; nil for methods without one.
  let weights: (matrix: Matrix, isDiagonal: Bool)?

  /// - Throws: ``ForecastError/badDesign(model:reason:)`` if the covariance does not have one row per node or if U' W U
  ///   is singular: a sample covariance of fewer times than aggregates, variances of zero. A shrunk covariance is the
  ///   remedy.
  public init(of hierarchy: Hierarchy, by method: Method) throws(ForecastError) {
    self.hierarchy = hierarchy
    var mapping = Matrix(rowCount: hierarchy.bottomCount, columnCount: hierarchy.count)
    switch method {
    case .bottomUp:
      for i in 0..<hierarchy.bottomCount { mapping[i, hierarchy.aggregateCount + i] = 1 }
      (correction, weights) = (nil, nil)
    case .topDown(let shares):
      try shares.check(hierarchy)
      for (bottom, anchor) in shares.anchors.enumerated() { mapping[bottom, anchor] = shares.shares[bottom] }
      (correction, weights) = (nil, nil)
    case .ordinaryLeastSquares, .structural, .minimumTrace:
      let covariance = try Self.covariance(method, hierarchy)
      let weights = covariance.normalized
      let correction = try Self.correction(hierarchy, weights.matrix)
      for i in 0..<hierarchy.bottomCount { mapping[i, hierarchy.aggregateCount + i] = 1 }
      for (row, list) in hierarchy.terms.enumerated() {
        for i in 0..<hierarchy.bottomCount {
          mapping[i, row] -= correction[i, row]
          for term in list { mapping[i, hierarchy.aggregateCount + term.bottom] += correction[i, row] * term.weight }
        }
      }
      (self.correction, self.weights) = (correction, weights)
    }
    self.mapping = mapping
  }

  private static func covariance(_ method: Method, _ hierarchy: Hierarchy) throws(ForecastError) -> ErrorCovariance {
    switch method {
    case .minimumTrace(let covariance):
      guard covariance.count == hierarchy.count else {
        throw Hierarchy.bad("a covariance of \(covariance.count) nodes does not fit the hierarchy's \(hierarchy.count)")
      }
      return covariance
    case .structural: return try .variances(hierarchy.sizes)
    default: return try .variances([Double](repeating: 1, count: hierarchy.count))
    }
  }

  /// W[bottom, :] U (U' W U)^-1.
  private static func correction(_ hierarchy: Hierarchy, _ weights: Matrix) throws(ForecastError) -> Matrix {
    let (aggregates, bottoms) = (hierarchy.aggregateCount, hierarchy.bottomCount)
    guard aggregates > 0 else { return Matrix(rowCount: bottoms, columnCount: 0) }
    // Row by row: what the covariance says of node i and of the incoherence of each aggregate.
    func incoherence(_ matrix: Matrix) -> Matrix {
      Matrix(rows: (0..<matrix.rowCount).map { hierarchy.incoherence(matrix.row($0)) })
    }
    let crossed = incoherence(weights)
    let middle = incoherence(crossed.transposed)
    let scales = (0..<aggregates).map { middle[$0, $0].squareRoot() }
    guard scales.allSatisfy({ $0 > 0 }) else { throw singular }
    var scaled = middle
    for j in 0..<aggregates {
      for i in 0..<aggregates { scaled[i, j] = 0.5 * (middle[i, j] + middle[j, i]) / (scales[i] * scales[j]) }
    }
    do {
      let factor = try scaled.cholesky()
      guard try factor.reciprocalCondition(oneNorm: scaled.oneNorm) > 1e-13 else { throw singular }
      var rows: [[Double]] = []
      for i in 0..<bottoms {
        let right = (0..<aggregates).map { crossed[aggregates + i, $0] / scales[$0] }
        rows.append(zip(try factor.solve(right), scales).map { $0 / $1 })
      }
      return Matrix(rows: rows)
    } catch {
      throw singular
    }
  }

  private static var singular: ForecastError {
    Hierarchy.bad("the covariance of what does not add up is singular; use a shrunk covariance or variances")
  }

  /// The bottom values of coherent forecasts.
  public func reconciledBottom(_ base: [Double]) -> [Double] {
    precondition(base.count == hierarchy.count, "a base forecast is needed for every node")
    let bottom = Array(base[hierarchy.aggregateCount...])
    guard let correction else {
      // The shares of a node's own value and zeros of the rest: no other base forecast may spoil a sum.
      return (0..<hierarchy.bottomCount).map { i in
        (0..<hierarchy.count).reduce(0) { mapping[i, $1] == 0 ? $0 : $0 + mapping[i, $1] * base[$1] }
      }
    }
    let missing = hierarchy.incoherence(base)
    return bottom.indices.map { i in
      missing.indices.reduce(bottom[i]) { $0 - correction[i, $1] * missing[$1] }
    }
  }

  /// Coherent forecasts of all nodes.
  public func reconciled(_ base: [Double]) -> [Double] { hierarchy.aggregated(reconciledBottom(base)) }

  /// The covariance of reconciled forecasts, S G V G' S', from that of the base forecasts.
  ///
  /// - Parameter covariance: V, nodes x nodes.
  public func reconciledCovariance(_ covariance: Matrix) throws(ForecastError) -> Matrix {
    do {
      let map = try hierarchy.summing.multiplied(by: mapping)
      return try map.multiplied(by: covariance).multiplied(by: map.transposed)
    } catch {
      throw Hierarchy.bad("\(error)")
    }
  }

  /// Coherent predictions of all nodes, step by step.
  ///
  /// The base errors of a step are taken as correlated like the method's covariance W (not at all for methods without
  /// one), with the deviations of the base predictions; simulated paths of the base are not used.
  ///
  /// - Parameter base: one prediction per node, of the same horizon.
  public func reconciled(_ base: [Prediction]) throws(ForecastError) -> [Prediction] {
    guard base.count == hierarchy.count, let horizon = base.first?.horizon, base.allSatisfy({ $0.horizon == horizon })
    else { throw Hierarchy.bad("a prediction of the same horizon is needed for each of the \(hierarchy.count) nodes") }
    var result = base.map { _ in Prediction(mean: [], deviations: []) }
    for h in 0..<horizon {
      let mean = reconciled(base.map { $0.mean[h] })
      let deviations = try reconciledDeviations(base.map { $0.deviations[h] })
      for node in base.indices {
        result[node].mean.append(mean[node])
        result[node].deviations.append(deviations[node])
      }
    }
    return result
  }

  /// The deviations of reconciled forecasts from those of the base forecasts, which are correlated like W.
  public func reconciledDeviations(_ deviations: [Double]) throws(ForecastError) -> [Double] {
    guard deviations.count == hierarchy.count else { throw Hierarchy.bad("a deviation is needed for every node") }
    let largest = deviations.reduce(0) { max($0, abs($1)) }
    guard largest.isFinite else { return [Double](repeating: .nan, count: hierarchy.count) }
    let unit = largest > 0 ? largest.binade : 1
    let small = deviations.map { $0 / unit }
    var covariance = Matrix(rowCount: hierarchy.count, columnCount: hierarchy.count)
    for i in 0..<hierarchy.count { covariance[i, i] = small[i] * small[i] }
    if let weights, !weights.isDiagonal {
      let scale = (0..<hierarchy.count).map { weights.matrix[$0, $0].squareRoot() }
      for j in 0..<hierarchy.count {
        for i in 0..<hierarchy.count where i != j && scale[i] > 0 && scale[j] > 0 {
          covariance[i, j] = weights.matrix[i, j] / scale[i] / scale[j] * small[i] * small[j]
        }
      }
    }
    let result = try reconciledCovariance(covariance)
    return (0..<hierarchy.count).map { max(result[$0, $0], 0).squareRoot() * unit }
  }

  /// Coherent sample paths: every draw of every step is mapped, so the paths keep the dependence of the base paths.
  ///
  /// - Parameter base: paths of every node, of the same horizon and number, path k of all nodes drawn together.
  public func reconciled(_ base: [SimulatedPaths], nonNegative: Bool = false) throws(ForecastError) -> [SimulatedPaths]
  {
    guard base.count == hierarchy.count, let first = base.first,
      base.allSatisfy({ $0.horizon == first.horizon && $0.count == first.count })
    else { throw Hierarchy.bad("paths of the same horizon and number are needed for each of the nodes") }
    var result = base
    for index in first.values.indices {
      let draw = base.map { $0.values[index] }
      let coherent = nonNegative ? try reconciledNonNegative(draw) : reconciled(draw)
      for node in base.indices { result[node].values[index] = coherent[node] }
    }
    return result
  }
}
