extension LinearForecast {
  /// Whether every number is finite.
  public var isFinite: Bool {
    mean.allSatisfy(\.isFinite) && shockResponses.allSatisfy(\.isFinite) && parameterDeviations.allSatisfy(\.isFinite)
  }

  /// The weighted mean of forecasts of the same horizon, driven by the same shocks.
  ///
  /// Means, shock responses and parameter deviations are averaged with the weights, as if the members' errors were perfectly
  /// correlated: nearly true of models of one series, and on the safe side. What the members disagree about is not known either:
  /// the weighted standard deviation of their means is added in quadrature to the parameter deviations of each step.
  ///
  /// - Parameter weights: one per forecast, non-negative, with a positive sum; they are divided by it.
  /// - Returns: nil for no forecasts, horizons that differ, or unusable weights.
  public static func combined(_ forecasts: [LinearForecast], weights: [Double]) -> LinearForecast? {
    let total = weights.reduce(0, +)
    guard let first = forecasts.first, forecasts.count == weights.count, total > 0, total.isFinite,
      weights.allSatisfy({ $0 >= 0 }), forecasts.allSatisfy({ $0.horizon == first.horizon })
    else { return nil }
    let shares = weights.map { $0 / total }
    func average(_ h: Int, _ part: KeyPath<LinearForecast, [Double]>) -> Double {
      // Measured from the first member, so that equal members give exactly their value.
      let base = first[keyPath: part][h]
      return zip(shares, forecasts).reduce(base) { $0 + $1.0 * ($1.1[keyPath: part][h] - base) }
    }
    var result = first
    for h in 0..<first.horizon {
      let mean = average(h, \.mean)
      // Relative to the largest distance, so that squares of huge or tiny distances neither overflow nor vanish.
      let largest = forecasts.reduce(0) { max($0, abs($1.mean[h] - mean)) }
      var spread = 0.0
      if largest > 0 {
        for (share, forecast) in zip(shares, forecasts) {
          let distance = (forecast.mean[h] - mean) / largest
          spread += share * distance * distance
        }
      }
      result.mean[h] = mean
      result.shockResponses[h] = average(h, \.shockResponses)
      result.parameterDeviations[h] = hypotenuse(
        average(h, \.parameterDeviations), largest * spread.squareRoot())
    }
    return result
  }
}
