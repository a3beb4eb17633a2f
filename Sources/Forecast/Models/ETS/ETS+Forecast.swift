import NumericKernels

extension ETS {
  public func forecast(horizon: Int) throws(ForecastError) -> Prediction {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    let (mean, deviations) = outlook.moments(horizon: horizon)
    return Prediction(mean: mean, deviations: deviations)
  }

  /// Paths of the model itself: errors of a multiplicative form multiply. A path whose values turn negative goes on as the
  /// recursions say.
  public func simulate(horizon: Int, paths: Int, stream: RandomStream) throws(ForecastError) -> SimulatedPaths {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    let count = max(paths, 1)
    let start = outlook.states
    let p = parameters
    var result = SimulatedPaths(horizon: horizon, count: count)
    var levels = [Double](repeating: start.level, count: count)
    var trends = [Double](repeating: start.trend, count: count)
    var seasons = start.season.flatMap { [Double](repeating: $0, count: count) }
    var shocks = [Double](repeating: 0, count: count)
    let sigma = outlook.deviation
    let isRelative = !form.isAdditive
    for step in 0..<horizon + outlook.skipped {
      // Steps over missing values at the end take items 0, -1, ...; step 1 of the forecast takes item 1.
      let output = step - outlook.skipped
      shocks.withUnsafeMutableBufferPointer { stream.normals(item: output + 1, firstDraw: 0, into: $0) }
      let ring = form.isSeasonal ? step % seasonalPeriod * count : 0
      for i in 0..<count {
        let z = sigma * shocks[i]
        let trend = p.damping * trends[i]
        let base = levels[i] + trend
        var value = base
        // The error as the level and the trend see it.
        var error = isRelative ? base * z : z
        switch form.season {
        case .none: value += error
        case .additive:
          let s = seasons[ring + i]
          if isRelative { error = (base + s) * z }
          value = base + s + error
          seasons[ring + i] = s + p.smoothingSeason * error
        case .multiplicative:
          let s = seasons[ring + i]
          value = base * s * (1 + z)
          seasons[ring + i] = s * (1 + p.smoothingSeason * z)
        }
        levels[i] = base + p.smoothingLevel * error
        trends[i] = trend + p.smoothingTrend * error
        if output >= 0 { result[output, i] = outlook.origin + value * outlook.unit }
      }
    }
    return result
  }
}
