import NumericKernels

extension BayesianVAR {
  /// Responses to the orthogonal shocks of a Cholesky factorisation, with the variables in their order: the first moves all others
  /// at once, the last none.
  public struct ImpulseResponses: Equatable, Sendable {
    /// `values[s][i, j]`: of variable i to one standard deviation of shock j, s steps later (from 0), in the unit of variable i.
    public var values: [Matrix]
    /// The band of the posterior's quantiles; empty if none was asked for.
    public var lower: [Matrix]
    public var upper: [Matrix]
  }

  /// The responses at the posterior means.
  ///
  /// - Parameter steps: the last step, at least 0.
  /// - Throws: `badHorizon` for a negative step.
  public func impulseResponses(steps: Int) throws(ForecastError) -> ImpulseResponses {
    guard steps >= 0 else { throw .badHorizon(steps) }
    return ImpulseResponses(values: responses(try meanCoefficients(), steps), lower: [], upper: [])
  }

  /// The posterior's medians and the central band of a level such as 0.68.
  ///
  /// - Throws: `badHorizon` for a negative step; `badDesign` for fewer than one draw or a level not inside (0, 1).
  public func impulseResponses(
    steps: Int, draws: Int, level: Double, stream: RandomStream
  ) throws(ForecastError) -> ImpulseResponses {
    guard steps >= 0 else { throw .badHorizon(steps) }
    guard draws >= 1, level > 0, level < 1 else {
      throw .badDesign(model: Self.name, reason: "a band needs a draw and a level between 0 and 1")
    }
    let k = variableCount
    let parameters = CoefficientDraws(posterior, count: draws, stream: stream)
    var drawn = [[Double]](repeating: Array(repeating: 0, count: draws), count: (steps + 1) * k * k)
    for d in 0..<draws {
      var draw = parameters[d]
      // The Cholesky factor of C C' is the triangle of C' up to signs.
      guard let upper = try? draw.root.transposed.qr(pivoting: false).upper else {
        throw .badDesign(model: Self.name, reason: "the covariance of the errors is singular")
      }
      for j in 0..<k { for i in 0..<k { draw.root[j, i] = upper[i, j] * (upper[i, i] < 0 ? -1 : 1) } }
      for (s, response) in responses(draw, steps).enumerated() {
        for (i, value) in response.storage.enumerated() { drawn[s * k * k + i][d] = value }
      }
    }
    let zero = Matrix(rowCount: k, columnCount: k)
    var result = ImpulseResponses(
      values: Array(repeating: zero, count: steps + 1), lower: Array(repeating: zero, count: steps + 1),
      upper: Array(repeating: zero, count: steps + 1))
    for (index, values) in drawn.enumerated() {
      let quantiles = Quantiles.of(values, [0.5 * (1 - level), 0.5, 0.5 * (1 + level)])
      result.lower[index / (k * k)].storage[index % (k * k)] = quantiles[0]
      result.values[index / (k * k)].storage[index % (k * k)] = quantiles[1]
      result.upper[index / (k * k)].storage[index % (k * k)] = quantiles[2]
    }
    return result
  }

  private func responses(_ draw: VectorCoefficients, _ steps: Int) -> [Matrix] {
    let k = variableCount
    let path = VectorPath(draw, recent: recent, horizon: steps + 1)
    return (0...steps).map { s in
      var result = Matrix(rowCount: k, columnCount: k)
      for i in 0..<k { for j in 0..<k { result[i, j] = scales[i] * path.loadings[s * k + i][j] } }
      return result
    }
  }
}
