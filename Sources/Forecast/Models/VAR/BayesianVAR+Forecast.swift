import NumericKernels

extension BayesianVAR {
  /// The predictive distribution of the next `horizon` steps, parameter uncertainty included.
  ///
  /// Each draw takes coefficients and covariance from their posterior, computes mean and variance of the path given these exactly,
  /// and adds a sample path. Means are the average of the draws' means, variances the average variance and the variance of the
  /// means. With few observations and a loose prior some draws explode; the paths' quantiles then tell more than the moments.
  ///
  /// - Parameters:
  ///   - draws: at least 1. Draw d depends on nothing but the stream and d.
  ///   - stream: items 0 and -1 for the parameters; shock j of step s is substream j of item s.
  /// - Throws: `badHorizon`; `badDesign` for fewer than one draw.
  public func forecast(
    horizon: Int, draws: Int = 1000, stream: RandomStream
  ) throws(ForecastError) -> VectorPrediction {
    try conditionalForecast(horizon: horizon, constraints: [], draws: draws, stream: stream)
  }

  /// The predictive distribution given that some variables take known values at some steps.
  ///
  /// Conditions hold exactly in every path. Given coefficients the conditioning is exact; the coefficients keep the posterior
  /// that the observations give them (the conditions are a scenario, not data). Without conditions this is ``forecast(horizon:draws:stream:)``,
  /// from the same numbers. Source: Waggoner and Zha, Review of Economics and Statistics 81 (1999).
  ///
  /// - Throws: also `badDesign` for a condition out of range, not finite or repeated.
  public func conditionalForecast(
    horizon: Int, constraints: [Constraint], draws: Int = 1000, stream: RandomStream
  ) throws(ForecastError) -> VectorPrediction {
    let (places, values) = try imposed(constraints, horizon)
    guard draws >= 1 else {
      throw .badDesign(model: Self.name, reason: "a simulation needs at least one draw, not \(draws)")
    }
    let k = variableCount
    let size = horizon * k
    let parameters = CoefficientDraws(posterior, count: draws, stream: stream)
    var shocks: [[Double]] = []
    for s in 1...horizon {
      for j in 0..<k {
        var normals = [Double](repeating: 0, count: draws)
        normals.withUnsafeMutableBufferPointer { stream.normals(item: s, substream: j, firstDraw: 0, into: $0) }
        shocks.append(normals)
      }
    }
    var paths = [SimulatedPaths](repeating: SimulatedPaths(horizon: horizon, count: draws), count: k)
    var (mean, spread, variance) = (
      [Double](repeating: 0, count: size), [Double](repeating: 0, count: size), [Double](repeating: 0, count: size)
    )
    for d in 0..<draws {
      var path = VectorPath(parameters[d], recent: recent, horizon: horizon)
      guard path.impose(values, at: places) else { throw dependent }
      for i in 0..<size {
        // Welford's update: means of draws, and their spread.
        let change = path.mean[i] - mean[i]
        mean[i] += change / Double(d + 1)
        spread[i] += change * (path.mean[i] - mean[i])
        variance[i] += (path.variance(i) - variance[i]) / Double(d + 1)
        var value = path.mean[i]
        for (loading, shock) in zip(path.loadings[i], shocks) where loading != 0 { value += loading * shock[d] }
        paths[i % k][i / k, d] = centers[i % k] + scales[i % k] * value
      }
    }
    for i in 0..<size { variance[i] += spread[i] / Double(max(draws - 1, 1)) }
    var result = prediction(mean, variance)
    result.paths = paths
    pin(&result, constraints)
    return result
  }

  /// The same at the posterior means of coefficients and covariance, without simulation: mean and variance are exact for these.
  ///
  /// Leaves the uncertainty of the parameters out.
  ///
  /// - Throws: as ``conditionalForecast(horizon:constraints:draws:stream:)``.
  public func pluginForecast(
    horizon: Int, constraints: [Constraint] = []
  ) throws(ForecastError) -> VectorPrediction {
    let (places, values) = try imposed(constraints, horizon)
    var path = VectorPath(try meanCoefficients(), recent: recent, horizon: horizon)
    guard path.impose(values, at: places) else { throw dependent }
    var result = prediction(path.mean, path.mean.indices.map(path.variance))
    pin(&result, constraints)
    return result
  }

  private var dependent: ForecastError {
    .badDesign(model: Self.name, reason: "the conditions determine each other; drop one")
  }

  /// Posterior means, with the Cholesky factor of the covariance.
  func meanCoefficients() throws(ForecastError) -> VectorCoefficients {
    guard let factor = try? posterior.covariance.cholesky() else {
      throw .badDesign(model: Self.name, reason: "the covariance of the errors is singular")
    }
    return VectorCoefficients(coefficients: posterior.mean, root: factor.lower)
  }

  private func imposed(
    _ constraints: [Constraint], _ horizon: Int
  ) throws(ForecastError) -> (places: [Int], values: [Double]) {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    var (places, values) = ([Int](), [Double]())
    for one in constraints.sorted(by: { ($0.step, $0.variable) < ($1.step, $1.variable) }) {
      guard (0..<variableCount).contains(one.variable), (1...horizon).contains(one.step), one.value.isFinite else {
        throw .badDesign(
          model: Self.name,
          reason: "there is no variable \(one.variable) at step \(one.step), or its value is not finite")
      }
      let place = (one.step - 1) * variableCount + one.variable
      guard places.last != place else {
        throw .badDesign(
          model: Self.name, reason: "variable \(one.variable) has two values at step \(one.step)")
      }
      places.append(place)
      values.append((one.value - centers[one.variable]) / scales[one.variable])
    }
    return (places, values)
  }

  private func prediction(_ mean: [Double], _ variance: [Double]) -> VectorPrediction {
    let k = variableCount
    var means = Matrix(rowCount: mean.count / k, columnCount: k)
    var deviations = means
    for i in mean.indices {
      means[i / k, i % k] = centers[i % k] + scales[i % k] * mean[i]
      deviations[i / k, i % k] = scales[i % k] * variance[i].squareRoot()
    }
    return VectorPrediction(means: means, deviations: deviations, paths: [])
  }

  /// Known values to the last bit.
  private func pin(_ result: inout VectorPrediction, _ constraints: [Constraint]) {
    for one in constraints {
      result.means[one.step - 1, one.variable] = one.value
      guard !result.paths.isEmpty else { continue }
      for path in 0..<result.paths[one.variable].count { result.paths[one.variable][one.step - 1, path] = one.value }
    }
  }
}
