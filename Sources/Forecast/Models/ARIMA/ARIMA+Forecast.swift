import NumericKernels

extension ARIMA {
  /// - Throws: ``ForecastError/badHorizon(_:)``; `badDesign` for a model with regressors.
  public func forecast(horizon: Int) throws(ForecastError) -> Prediction {
    try forecast(horizon: horizon, regressors: nil)
  }

  /// Means and deviations of the next steps. The coefficients count as known, the innovations' variance of each step is exact for
  /// the end of the sample (it can exceed sigma^2 in short series), and missing observations add what they leave unknown.
  ///
  /// - Parameter regressors: `horizon` rows.
  public func forecast(horizon: Int, regressors: Matrix?) throws(ForecastError) -> Prediction {
    let path = try path(horizon: horizon, regressors: regressors)
    let first = sample.trailingCount
    let deviations = (first..<path.mean.count).map { h in
      var sum = 0.0
      for s in 0...h { sum += path.response(h, s) * path.response(h, s) }
      for j in 0..<path.missingCount { sum += path.missingResponse(h, j) * path.missingResponse(h, j) }
      return sum.squareRoot() * deviation * sample.unit
    }
    return Prediction(mean: Array(path.mean[first...]), deviations: deviations)
  }

  public func simulate(horizon: Int, paths: Int, stream: RandomStream) throws(ForecastError) -> SimulatedPaths {
    try simulate(horizon: horizon, regressors: nil, paths: paths, stream: stream)
  }

  /// Step h takes the normals of item h; those of steps over trailing missing observations are items 0, -1, ..., those of missing
  /// ones inside the series items 1, 2, ... of substream 1.
  public func simulate(
    horizon: Int, regressors: Matrix?, paths: Int, stream: RandomStream
  ) throws(ForecastError) -> SimulatedPaths {
    let path = try path(horizon: horizon, regressors: regressors)
    let first = sample.trailingCount
    func normals(_ item: Int, _ substream: Int) -> [Double] {
      var result = [Double](repeating: 0, count: paths)
      result.withUnsafeMutableBufferPointer { stream.normals(item: item, substream: substream, firstDraw: 0, into: $0) }
      return result
    }
    let scale = deviation * sample.unit
    let shocks = path.mean.indices.map { normals($0 + 1 - first, 0) }
    let unknown = (0..<path.missingCount).map { normals($0 + 1, 1) }
    var result = SimulatedPaths(horizon: horizon, count: paths)
    for h in first..<path.mean.count {
      for i in 0..<paths {
        var sum = 0.0
        for s in 0...h { sum += path.response(h, s) * shocks[s][i] }
        for j in 0..<path.missingCount { sum += path.missingResponse(h, j) * unknown[j][i] }
        result[h - first, i] = path.mean[h] + scale * sum
      }
    }
    return result
  }

  /// Means of the steps after the last usable observation and their linear response to innovations of deviation 1.
  struct ForecastPath {
    var mean: [Double]
    var responses: [[Double]]
    var missingCount: Int
    /// Step by step, `missingCount` of them.
    var missingResponses: [Double]

    /// What an innovation at step s adds to step h.
    func response(_ h: Int, _ s: Int) -> Double { responses[min(s, responses.count - 1)][h - s] }
    func missingResponse(_ h: Int, _ j: Int) -> Double { missingResponses[h * missingCount + j] }
  }

  func path(horizon: Int, regressors: Matrix?) throws(ForecastError) -> ForecastPath {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    let given = regressorCoefficients.count
    guard (regressors?.columnCount ?? 0) == given, given == 0 || regressors?.rowCount == horizon else {
      throw .badDesign(
        model: name,
        reason: "a forecast needs \(horizon) rows of \(given) future regressors, found "
          + "\(regressors?.rowCount ?? 0) rows of \(regressors?.columnCount ?? 0)")
    }
    if let regressors, !regressors.storage.allSatisfy(\.isFinite) {
      throw .badDesign(model: name, reason: "future regressors must be finite numbers")
    }
    let steps = horizon + sample.trailingCount
    let k = state.missing.count
    let (d, seasonalD) = (sample.d, sample.seasonalD)
    // Levels of the series and of one column for each missing observation.
    var levels = [state.values]
    for position in state.missing {
      levels.append((0..<state.values.count).map { $0 == position ? 1 : 0 })
    }
    let data = levels.flatMap {
      ARIMASample.differenced($0, d: d, seasonalD: seasonalD, period: sample.period)
    }
    var (means, responses): ([[Double]], [[Double]]) = ([], [])
    data.withUnsafeBufferPointer { data in
      guard let base = data.baseAddress else { return }
      let filter = ARMAFilter(structure, data: base, count: sample.count, columnCount: k + 1)
      let lanes = coefficients.map { SIMD4<Double>(repeating: $0) } + [.zero]
      lanes.withUnsafeBufferPointer { if let c = $0.baseAddress { filter.run(c, isExact: true) } }
      (means, responses) = filter.continued(horizon: steps)
    }
    let delta = sample.delta
    for (column, start) in levels.enumerated() {
      for h in 0..<steps {
        var value = means[column][h]
        for (i, weight) in delta.enumerated() where weight != 0 {
          value += weight * (h - 1 - i >= 0 ? means[column][h - 1 - i] : start[start.count + h - 1 - i])
        }
        means[column][h] = value
      }
    }
    for s in responses.indices {
      for lag in responses[s].indices.dropFirst() {
        for (i, weight) in delta.enumerated() where weight != 0 && lag - 1 - i >= 0 {
          responses[s][lag] += weight * responses[s][lag - 1 - i]
        }
      }
    }
    var missingResponses = [Double](repeating: 0, count: steps * k)
    for h in 0..<steps {
      for j in 0..<k {
        for i in 0..<k { missingResponses[h * k + j] += means[i + 1][h] * state.missingFactor[i * k + j] }
      }
    }
    let mean = (0..<steps).map { h -> Double in
      var value = means[0][h]
      let row = sample.values.count + h
      for (j, coefficient) in levelCoefficients.enumerated() {
        if row < sample.levels[j].count {
          value += coefficient * sample.levels[j][row]
        } else if j == 0 && includesConstant {
          value += coefficient * (d + seasonalD == 0 ? 1 : Double(row + 1))
        } else if let regressors {
          let column = j - (includesConstant ? 1 : 0)
          value += coefficient * (regressors[row - sample.levels[j].count, column] / sample.sizes[j])
        }
      }
      return value * sample.unit + sample.origin
    }
    return ForecastPath(mean: mean, responses: responses, missingCount: k, missingResponses: missingResponses)
  }
}
