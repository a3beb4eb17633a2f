import NumericKernels

/// The recursions of exponential smoothing, and the gradient of the likelihood by a second pass backwards.
///
///     q = l + phi b;   f = q, q + s or q s;   e = y - f
///     l' = q + alpha e / w;   b' = phi b + beta e / w;   s' = s + gamma e / v
///
/// with w = v = 1, or w = s and v = q for a multiplicative season. Additive and multiplicative errors have the same states, since
/// relative errors multiply what absolute errors add; they differ only in the likelihood of the errors. A missing observation
/// (NaN) has no error and moves the states on by their transition.
///
/// The backward (adjoint) pass gives the derivatives by all parameters and all initial states for about the price of one more
/// pass. All arrays lie in one block that the caller allocates once per fit.
struct ETSFilter {
  let count: Int
  let period: Int
  let season: ETSForm.Season
  let error: ETSForm.Error
  /// Observed values.
  let observedCount: Int
  /// Sums of squares below this count as exact fits.
  let floor: Double
  let series: UnsafePointer<Double>
  /// States before each observation, then the last ones.
  let levels: UnsafeMutablePointer<Double>
  let trends: UnsafeMutablePointer<Double>
  /// The seasonal state of each time 0 ..< count + period.
  let seasons: UnsafeMutablePointer<Double>
  let fitted: UnsafeMutablePointer<Double>
  let errors: UnsafeMutablePointer<Double>
  private let slopes: UnsafeMutablePointer<Double>
  let seasonGradient: UnsafeMutablePointer<Double>

  /// The derivatives of the objective; those by the seasonal initial states lie in `seasonGradient`.
  struct Gradient {
    var smoothingLevel = 0.0
    var smoothingTrend = 0.0
    var smoothingSeason = 0.0
    var damping = 0.0
    var level = 0.0
    var trend = 0.0
  }

  /// Doubles that the block of a filter needs.
  static func capacity(count: Int, period: Int) -> Int { 2 * (count + 1) + 2 * (count + period) + 3 * count }

  init(
    _ series: UnsafeBufferPointer<Double>, base: UnsafePointer<Double>, form: ETSForm, period: Int, floor: Double,
    block: UnsafeMutablePointer<Double>
  ) {
    count = series.count
    self.period = form.isSeasonal ? period : 1
    season = form.season
    error = form.error
    self.floor = floor
    self.series = base
    var observed = 0
    for value in series where !value.isNaN { observed += 1 }
    observedCount = observed
    levels = block
    trends = levels + count + 1
    seasons = trends + count + 1
    seasonGradient = seasons + count + self.period
    fitted = seasonGradient + count + self.period
    errors = fitted + count
    slopes = errors + count
  }

  /// Runs forward from initial states; those of the season must already lie in `seasons`.
  func run(_ parameters: ETSParameters, level: Double, trend: Double) {
    let (alpha, beta, gamma, phi) = (
      parameters.smoothingLevel, parameters.smoothingTrend, parameters.smoothingSeason, parameters.damping
    )
    var (l, b) = (level, trend)
    switch season {
    case .none:
      for t in 0..<count {
        levels[t] = l
        trends[t] = b
        b *= phi
        let q = l + b
        let y = series[t]
        let e = y.isNaN ? 0 : y - q
        fitted[t] = q
        errors[t] = e
        l = q + alpha * e
        b += beta * e
      }
    case .additive:
      for t in 0..<count {
        levels[t] = l
        trends[t] = b
        b *= phi
        let q = l + b
        let s = seasons[t]
        let y = series[t]
        let e = y.isNaN ? 0 : y - s - q
        fitted[t] = q + s
        errors[t] = e
        l = q + alpha * e
        b += beta * e
        seasons[t + period] = s + gamma * e
      }
    case .multiplicative:
      for t in 0..<count {
        levels[t] = l
        trends[t] = b
        b *= phi
        let q = l + b
        let s = seasons[t]
        let f = q * s
        let y = series[t]
        let e = y.isNaN ? 0 : y - f
        fitted[t] = f
        errors[t] = e
        let u = e / s
        l = q + alpha * u
        b += beta * u
        seasons[t + period] = s + gamma * e / q
      }
    }
    levels[count] = l
    trends[count] = b
  }

  /// Minus the logarithm of the likelihood of the last run, with the variance replaced by its estimate and without its constant:
  /// n/2 log(sum e^2), or n/2 log(sum (e/f)^2) + sum log f for multiplicative errors. Infinite where a one-step forecast of a
  /// multiplicative form is not positive.
  func objective() -> Double {
    let n = Double(observedCount)
    var sum = 0.0
    if error == .additive {
      for t in 0..<count { sum += errors[t] * errors[t] }
      guard sum.isFinite else { return .infinity }
      guard sum > floor else {
        for t in 0..<count { slopes[t] = 0 }
        return 0.5 * n * VectorMath.log(floor)
      }
      let factor = -n / sum
      for t in 0..<count { slopes[t] = factor * errors[t] }
      return 0.5 * n * VectorMath.log(sum)
    }
    var (logs, product, lowest) = (0.0, 1.0, Double.infinity)
    for t in 0..<count {
      let f = fitted[t]
      lowest = min(lowest, f)
      let r = errors[t] / f
      slopes[t] = r
      sum += r * r
      if !series[t].isNaN { product *= f }
      if !(product > 1e-100 && product < 1e100) {
        guard product > 0 else { return .infinity }
        logs += VectorMath.log(product)
        product = 1
      }
    }
    guard lowest > 0, sum.isFinite else { return .infinity }
    if season == .multiplicative {
      for t in 0..<count + period where !(seasons[t] > 0) { return .infinity }
    }
    logs += VectorMath.log(product)
    let factor = sum > floor ? n / sum : 0
    for t in 0..<count {
      let r = slopes[t]
      slopes[t] = series[t].isNaN ? 0 : (1 - factor * r * (1 + r)) / fitted[t]
    }
    return 0.5 * n * VectorMath.log(max(sum, floor)) + logs
  }

  /// The derivatives of ``objective()``, after it.
  func gradient(_ parameters: ETSParameters) -> Gradient {
    let (alpha, beta, gamma, phi) = (
      parameters.smoothingLevel, parameters.smoothingTrend, parameters.smoothingSeason, parameters.damping
    )
    var result = Gradient()
    // Derivatives by the states after the observation at hand.
    var (byLevel, byTrend) = (0.0, 0.0)
    switch season {
    case .none:
      for t in stride(from: count - 1, through: 0, by: -1) {
        let e = errors[t]
        result.smoothingLevel += byLevel * e
        result.smoothingTrend += byTrend * e
        let byForecast = series[t].isNaN ? 0 : slopes[t] - alpha * byLevel - beta * byTrend
        byLevel += byForecast
        byTrend += byLevel
        result.damping += trends[t] * byTrend
        byTrend *= phi
      }
    case .additive:
      for t in count..<count + period { seasonGradient[t] = 0 }
      for t in stride(from: count - 1, through: 0, by: -1) {
        let e = errors[t]
        let bySeason = seasonGradient[t + period]
        result.smoothingLevel += byLevel * e
        result.smoothingTrend += byTrend * e
        result.smoothingSeason += bySeason * e
        let byForecast =
          series[t].isNaN ? 0 : slopes[t] - gamma * bySeason - alpha * byLevel - beta * byTrend
        seasonGradient[t] = bySeason + byForecast
        byLevel += byForecast
        byTrend += byLevel
        result.damping += trends[t] * byTrend
        byTrend *= phi
      }
    case .multiplicative:
      for t in count..<count + period { seasonGradient[t] = 0 }
      for t in stride(from: count - 1, through: 0, by: -1) {
        let e = errors[t]
        let s = seasons[t]
        let inverseSeason = 1 / s
        let q = levels[t] + phi * trends[t]
        let inverseLevel = 1 / q
        let u = e * inverseSeason
        let v = e * inverseLevel
        let bySeason = seasonGradient[t + period]
        result.smoothingLevel += byLevel * u
        result.smoothingTrend += byTrend * u
        result.smoothingSeason += bySeason * v
        let byU = (alpha * byLevel + beta * byTrend) * inverseSeason
        let byV = gamma * bySeason * inverseLevel
        let byForecast = series[t].isNaN ? 0 : slopes[t] - byU - byV
        seasonGradient[t] = bySeason - byU * u + byForecast * q
        byLevel += byForecast * s - byV * v
        byTrend += byLevel
        result.damping += trends[t] * byTrend
        byTrend *= phi
      }
    }
    result.level = byLevel
    result.trend = byTrend
    return result
  }
}
