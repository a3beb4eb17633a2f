/// The predictive distribution of a linear model with Gaussian shocks, in the form a simulation needs.
///
/// A path over steps h = 1, 2, ... is
///
///     path[h] = mean[h] + sum over j = 1...h of shockResponses[h - j] * z[j] + parameterDeviations[h] * z0
///
/// with independent standard normals z[j] (one per step) and one z0 per path for what the fit does not know (its drift or level).
/// Sums of such forecasts are such forecasts, so a combination has the same form.
public struct LinearForecast: Equatable, Sendable {
  /// Point forecasts of steps 1 ... horizon, on the scale the model was fitted on.
  public var mean: [Double]
  /// The response after k = 0, 1, ... steps to a standardised shock, innovation standard deviation included.
  public var shockResponses: [Double]
  /// Standard deviation of the parameter error at each step.
  public var parameterDeviations: [Double]

  public init(mean: [Double], shockResponses: [Double], parameterDeviations: [Double]) {
    precondition(mean.count == shockResponses.count && mean.count == parameterDeviations.count)
    self.mean = mean
    self.shockResponses = shockResponses
    self.parameterDeviations = parameterDeviations
  }

  public var horizon: Int { mean.count }

  /// The standard deviation of each step: shocks and parameter error together.
  public var standardDeviations: [Double] {
    // Squares of huge or tiny deviations would overflow or vanish; a power of two changes no other bit.
    let largest = max(shockResponses.reduce(0) { max($0, abs($1)) }, parameterDeviations.reduce(0) { max($0, abs($1)) })
    let unit = largest > 0 && largest.isFinite ? largest.binade : 1
    var accumulated = 0.0
    return (0..<horizon).map { h in
      let (shock, parameter) = (shockResponses[h] / unit, parameterDeviations[h] / unit)
      accumulated += shock * shock
      return (accumulated + parameter * parameter).squareRoot() * unit
    }
  }

  /// The path that follows from given standard normals: `shocks` one per step, `parameterShock` one for the path.
  public func path(shocks: [Double], parameterShock: Double = 0) -> [Double] {
    (0..<horizon).map { h in
      var value = mean[h] + parameterDeviations[h] * parameterShock
      for j in 0...h { value += shockResponses[h - j] * shocks[j] }
      return value
    }
  }
}
