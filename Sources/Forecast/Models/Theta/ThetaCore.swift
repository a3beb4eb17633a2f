import NumericKernels

/// A theta model of a series without season: parameters, states and one-step errors, in normalised units.
///
/// Works on the series without its origin and unit (see ``Observations``) and with its gaps interpolated; interpolated
/// values move the states but their errors count nowhere. The model is invariant to both: a shift by c moves the
/// initial level by c / theta.
package struct ThetaCore: Sendable {
  static let needed = 4

  let variant: ThetaVariant
  let estimation: ThetaEstimation
  let data: Observations
  let alpha: Double
  let weight: Double
  /// The level before the first observation, normalised.
  let level: Double
  /// The line of a static variant, in normalised units.
  let line: (intercept: Double, slope: Double)
  /// Normalised one-step errors from the first usable observation on.
  let errors: [Double]
  /// The states after the last step.
  private let last: State
  /// The sum of the counted squared errors, normalised, and their number.
  let squares: Double
  let countedErrors: Int

  private struct State {
    var level: Double
    var mean: Double
    var intercept: Double
    var slope: Double
    /// Steps seen.
    var steps: Int
    /// (1 - alpha)^steps
    var power: Double
  }

  package init(
    fitting series: [Double], variant: ThetaVariant, estimation: ThetaEstimation = .anchored
  )
    throws(ForecastError)
  {
    let data = try Observations(series, model: variant.abbreviation, needed: Self.needed)
    let counts = Self.counted(data, estimation)
    // Parameters are chosen on rounded data, so that a change of unit cannot move them.
    let rounded = Self.filled(data.rounded)
    let lines = variant.isDynamic ? ThetaLines(dynamic: rounded) : ThetaLines(static: rounded)
    let used = counts.reduce(0) { $1 ? $0 + 1 : $0 }
    // Too few errors to tell parameters apart: theta, then alpha, keep the values of the classical method.
    let profile = ThetaProfile(
      y: rounded, lines: lines, counts: counts, estimation: estimation,
      fixedWeight: variant.estimatesTheta && used >= 4 ? nil : 0.5)
    let best = used >= 3 && !data.isConstant ? profile.optimum() : profile.optimum(alpha: 0.5)
    var level = best.carriedLevel
    for _ in 0..<estimation.skipped { level /= 1 - best.alpha }
    let filled = Self.filled(data.normalized)
    let line = variant.isDynamic ? ThetaLines(dynamic: []) : ThetaLines(static: filled)
    self.init(
      data, filled, counts, variant, estimation, alpha: best.alpha, weight: best.weight, level: level,
      line: (line.intercepts.last ?? 0, line.slopes.last ?? 0))
  }

  /// With given parameters, the level in the unit of the series; static variants fit their line to the series.
  init(series: [Double], variant: ThetaVariant, parameters: ThetaParameters) throws(ForecastError) {
    let data = try Observations(series, model: variant.abbreviation, needed: 1)
    let filled = Self.filled(data.normalized)
    let line = variant.isDynamic ? ThetaLines(dynamic: []) : ThetaLines(static: filled)
    self.init(
      data, filled, Self.counted(data, .leastSquares), variant, .leastSquares, alpha: parameters.smoothingLevel,
      weight: parameters.lineWeight,
      level: data.inverseRescaled(parameters.initialLevel - data.origin * (1 - parameters.lineWeight)),
      line: (line.intercepts.last ?? 0, line.slopes.last ?? 0))
  }

  /// The same parameters and line on another series that starts at the same time.
  func refitted(to series: [Double]) throws(ForecastError) -> ThetaCore {
    let other = try Observations(series, model: variant.abbreviation, needed: 1)
    let u = 1 - weight
    let shift = other.inverseRescaled(data.origin) - other.inverseRescaled(other.origin)
    let moved = (
      intercept: other.inverseRescaled(data.rescaled(line.intercept)) + shift,
      slope: other.inverseRescaled(data.rescaled(line.slope))
    )
    return ThetaCore(
      other, Self.filled(other.normalized), Self.counted(other, estimation), variant, estimation, alpha: alpha,
      weight: weight,
      level: other.inverseRescaled(data.rescaled(level)) + u * shift, line: moved)
  }

  private init(
    _ data: Observations, _ filled: [Double], _ counts: [Bool], _ variant: ThetaVariant,
    _ estimation: ThetaEstimation, alpha: Double, weight: Double, level: Double,
    line: (intercept: Double, slope: Double)
  ) {
    self.data = data
    self.variant = variant
    self.estimation = estimation
    self.alpha = alpha
    self.weight = weight
    self.level = level
    self.line = line
    var state = State(
      level: level, mean: 0, intercept: line.intercept, slope: line.slope, steps: 0, power: 1)
    var errors = [Double](repeating: 0, count: filled.count)
    var squares = 0.0
    var used = 0
    for (t, y) in filled.enumerated() {
      if t == 0 && variant.isDynamic { state.intercept = y }
      let error = y - Self.expected(state, alpha: alpha, weight: weight)
      errors[t] = error
      if counts[t] {
        squares += error * error
        used += 1
      }
      Self.advance(&state, y, alpha: alpha, isDynamic: variant.isDynamic)
    }
    self.errors = errors
    self.squares = squares
    countedErrors = used
    last = state
  }

  /// Whether the error of a step counts: usable, and not among the first.
  private static func counted(_ data: Observations, _ estimation: ThetaEstimation) -> [Bool] {
    data.normalized.enumerated().map { $0 >= estimation.skipped && !$1.isNaN }
  }

  /// Gaps inside interpolated, those at the end filled with the last observation.
  private static func filled(_ y: [Double]) -> [Double] {
    guard y.contains(where: \.isNaN) else { return y }
    var result = y
    var earlier = 0
    for t in y.indices where !y[t].isNaN {
      for k in (earlier + 1)..<max(t, earlier + 1) {
        result[k] = y[earlier] + (y[t] - y[earlier]) * Double(k - earlier) / Double(t - earlier)
      }
      earlier = t
    }
    for k in (earlier + 1)..<max(y.count, earlier + 1) { result[k] = y[earlier] }
    return result
  }

  /// The one-step forecast from a state.
  private static func expected(_ s: State, alpha: Double, weight: Double) -> Double {
    s.level + weight * (s.power * s.intercept + (1 - s.power * (1 - alpha)) / alpha * s.slope)
  }

  private static func advance(_ s: inout State, _ y: Double, alpha: Double, isDynamic: Bool) {
    s.level += alpha * (y - s.level)
    s.power *= 1 - alpha
    if isDynamic {
      let i = Double(s.steps)
      if s.steps > 0 { s.slope = ((i - 1) * s.slope + 6 * (y - s.mean) / (i + 1)) / (i + 2) }
      s.mean += (y - s.mean) / (i + 1)
      s.intercept = s.mean - 0.5 * s.slope * (i + 2)
    }
    s.steps += 1
  }

  /// Normalised point forecasts.
  private func path(from start: State, horizon: Int) -> [Double] {
    var state = start
    var result = [Double](repeating: 0, count: horizon)
    for h in 0..<horizon {
      let mean = Self.expected(state, alpha: alpha, weight: weight)
      result[h] = mean
      Self.advance(&state, mean, alpha: alpha, isDynamic: variant.isDynamic)
    }
    return result
  }

  /// Point forecasts in the unit of the series.
  package func pointForecast(horizon: Int) -> [Double] {
    path(from: last, horizon: horizon).map { data.rescaled($0) + data.origin }
  }

  /// Row h - 1: what unit shocks at steps 1 ... h do to the value at step h; the shocks' own step has response 1.
  ///
  /// The recursion is linear in the observations, so a response is the recursion itself from a state of zeros.
  func responses(horizon: Int) -> [[Double]] {
    var rows = (1...horizon).map { [Double](repeating: 0, count: $0) }
    var zero = last
    (zero.level, zero.mean, zero.intercept, zero.slope) = (0, 0, 0, 0)
    for j in 0..<horizon {
      var state = zero
      Self.advance(&state, 1, alpha: alpha, isDynamic: variant.isDynamic)
      rows[j][j] = 1
      if j + 1 < horizon {
        for (k, response) in path(from: state, horizon: horizon - j - 1).enumerated() { rows[j + 1 + k][j] = response }
      }
      zero.steps += 1
      zero.power *= 1 - alpha
    }
    return rows
  }

  /// alpha, 1 - 1 / theta and the initial level in the unit of the series.
  var parameters: ThetaParameters {
    ThetaParameters(
      smoothingLevel: alpha, lineWeight: weight, initialLevel: data.rescaled(level) + data.origin * (1 - weight))
  }
}

extension Observations {
  /// A difference in the unit of the series, normalised.
  fileprivate func inverseRescaled(_ difference: Double) -> Double {
    let unit = rescaled(1)
    return unit > 0 ? difference / unit : 0
  }
}
