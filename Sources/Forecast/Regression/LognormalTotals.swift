import NumericKernels

/// The size distribution of single projects, from yearly totals and counts only.
///
/// A year of a unit with n projects and total T has log T = μ[unit] + log(sum of n terms exp(σ z)); the law of the
/// second part depends on (n, σ) alone (``LognormalSum``). The units' medians are exp(μ[i]) with
///
///     μ[i] ~ N(μ, τ²)      (or one common μ)
///
/// σ, μ and τ maximise the likelihood with the μ[i] integrated out; each unit then has its posterior (empirical Bayes:
/// Morris, 1983), which is pulled to μ the more, the less the unit's own totals say. A year with one project shows its
/// size directly and weighs most.
///
/// ```swift
/// let sizes = try LognormalTotals(fitting: observations)
/// let own = sizes.location(of: "thanh-hoa")
/// ```
///
/// Edge cases: years with no project are left out; a positive count with a total of zero (a rounding of the source) or
/// below, or a total without a count, is dropped and counted in ``droppedCount``. One usable observation, or one per
/// unit, cannot tell σ from τ: give `sigma`. With a single unit the common form is used.
public struct LognormalTotals: Sendable {
  /// A unit's count and total of one year.
  public struct Observation: Equatable, Sendable {
    public var unit: String
    public var count: Int
    public var total: Double

    public init(unit: String, count: Int, total: Double) {
      self.unit = unit
      self.count = count
      self.total = total
    }
  }

  public enum Location: Sendable {
    /// One μ for all units.
    case common
    /// μ[i] ~ N(μ, τ²).
    case byUnit
  }

  /// μ of one unit: log of its median project size, on the scale of the totals.
  public struct UnitLocation: Equatable, Sendable {
    public let mean: Double
    /// Posterior standard deviation, with the uncertainty of σ, and of μ and τ as they move with it, by the delta
    /// method.
    public let standardError: Double
    /// Observations of the unit that were used.
    public let observationCount: Int
  }

  /// σ, the standard deviation of log size within a unit.
  public let sigma: Double
  /// From the curvature of the profile log-likelihood; 0 if σ was given, NaN at the edge of 0.2 ... 4.
  public let sigmaStandardError: Double
  /// The mean of the units' locations and its standard error at the estimated τ.
  public let mean: Double
  public let meanStandardError: Double
  /// τ; 0 in the common form.
  public let betweenDeviation: Double
  public let logLikelihood: Double
  /// Observations used, and dropped as unusable.
  public let usedCount: Int
  public let droppedCount: Int

  private let units: [String: UnitLocation]

  /// - Parameter sigma: a known σ in 0.2 ... 4; `nil` to estimate it.
  /// - Throws: `tooFewObservations` (see the type), `badDesign` for a total that is not finite or a negative count.
  public init(
    fitting observations: [Observation], location: Location = .byUnit, sigma known: Double? = nil
  ) throws(ForecastError) {
    let model = "lognormal totals"
    var grouped: [String: [(count: Int, logTotal: Double)]] = [:]
    var used = 0
    var dropped = 0
    for observation in observations {
      guard observation.count >= 0, observation.count <= 100_000, observation.total.isFinite else {
        throw .badDesign(
          model: model,
          reason: "\(observation.unit): count \(observation.count), total \(observation.total); "
            + "counts must lie in 0 ... 100000 and totals be finite")
      }
      if observation.count == 0, observation.total == 0 { continue }
      guard observation.count > 0, observation.total > 0 else {
        dropped += 1
        continue
      }
      grouped[observation.unit, default: []].append((observation.count, VectorMath.log(observation.total)))
      used += 1
    }
    guard used >= 1 else { throw .tooFewObservations(model: model, needed: 1, found: 0) }
    // Sorted, so that the order of the input changes no bit.
    let names = grouped.keys.sorted()
    let groups = names.map { name in
      (grouped[name] ?? []).sorted { ($0.count, $0.logTotal) < ($1.count, $1.logTotal) }
    }
    let form: Location = names.count == 1 ? .common : location
    if known == nil {
      // Every estimated location uses up one observation.
      let free = form == .common ? used - 1 : used - names.count
      guard free >= 2 else {
        throw .tooFewObservations(
          model: "\(model) without a given sigma", needed: used - free + 2, found: used)
      }
    }
    func fit(_ sigma: Double) throws(ForecastError) -> AtSigma {
      try AtSigma(groups: groups, sigma: sigma, form: form)
    }

    var best: AtSigma
    var sigmaError = 0.0
    var slopes: [Double] = [Double](repeating: 0, count: names.count)
    if let known {
      guard known >= 0.2, known <= 4 else {
        throw .badDesign(model: model, reason: "a given sigma must lie in 0.2 ... 4, not \(known)")
      }
      best = try fit(known)
    } else {
      best = try LognormalTotals.maximize(fit)
      // Central differences of the profile at about half a standard error.
      let width = 0.02 * best.sigma
      if best.sigma - width > 0.2, best.sigma + width < 4 {
        let below = try fit(best.sigma - width)
        let above = try fit(best.sigma + width)
        let curvature = (above.logLikelihood - 2 * best.logLikelihood + below.logLikelihood) / (width * width)
        sigmaError = curvature < 0 ? (-1 / curvature).squareRoot() : .nan
        for index in slopes.indices {
          slopes[index] = (above.posteriors[index].mean - below.posteriors[index].mean) / (2 * width)
        }
      } else {
        sigmaError = .nan
      }
    }
    sigma = best.sigma
    sigmaStandardError = sigmaError
    mean = best.mean
    meanStandardError = best.meanStandardError
    betweenDeviation = best.between
    logLikelihood = best.logLikelihood
    usedCount = used
    droppedCount = dropped
    var result: [String: UnitLocation] = [:]
    for (index, name) in names.enumerated() {
      let posterior = best.posteriors[index]
      let fromSigma = sigmaError.isNaN ? 0 : slopes[index] * sigmaError
      result[name] = UnitLocation(
        mean: posterior.mean, standardError: (posterior.variance + fromSigma * fromSigma).squareRoot(),
        observationCount: groups[index].count)
    }
    units = result
  }

  /// The location of a unit; of one without usable observations, that of a new unit: mean μ, variance τ² + se(μ)².
  public func location(of unit: String) -> UnitLocation {
    units[unit]
      ?? UnitLocation(
        mean: mean,
        standardError: (betweenDeviation * betweenDeviation + meanStandardError * meanStandardError).squareRoot(),
        observationCount: 0)
  }

  /// The best σ: a coarse scan, then successive parabolas in log σ through the best three points, with golden sections
  /// where a parabola does not help. About ten fits.
  private static func maximize(_ fit: (Double) throws(ForecastError) -> AtSigma) throws(ForecastError) -> AtSigma {
    var scanned: [AtSigma] = []
    for sigma in [0.7, 1.4, 2.6] { scanned.append(try fit(sigma)) }
    if scanned[0].logLikelihood > scanned[1].logLikelihood {
      for sigma in [0.4, 0.2] { scanned.insert(try fit(sigma), at: 0) }
    } else if scanned[2].logLikelihood > scanned[1].logLikelihood {
      scanned.append(try fit(4))
    }
    var top = 0
    for index in scanned.indices where scanned[index].logLikelihood > scanned[top].logLikelihood { top = index }
    // At an edge of the range, look for an interior point above it.
    if top == 0 || top == scanned.count - 1 {
      let edge = scanned[top]
      let inner = top == 0 ? 1 : top - 1
      var neighbour = scanned[inner]
      for _ in 0..<8 {
        let middle = try fit((edge.sigma * neighbour.sigma).squareRoot())
        if middle.logLikelihood > edge.logLikelihood {
          scanned = top == 0 ? [edge, middle, neighbour] : [neighbour, middle, edge]
          top = 1
          break
        }
        neighbour = middle
      }
      if top != 1 || scanned.count != 3 { return edge }
    }
    var (low, best, high) = (scanned[top - 1], scanned[top], scanned[top + 1])
    for _ in 0..<40 {
      let (a, b, c) = (VectorMath.log(low.sigma), VectorMath.log(best.sigma), VectorMath.log(high.sigma))
      if c - a < 2e-5 { break }
      // The vertex of the parabola through the three points.
      let left = (b - a) * (best.logLikelihood - high.logLikelihood)
      let right = (b - c) * (best.logLikelihood - low.logLikelihood)
      var next = b - 0.5 * ((b - a) * left - (b - c) * right) / (left - right)
      if abs(next - b) < 3e-5 { break }
      if !(next > a && next < c) { next = c - b > b - a ? b + 0.382 * (c - b) : b - 0.382 * (b - a) }
      let trial = try fit(VectorMath.exp(next))
      if trial.logLikelihood > best.logLikelihood {
        if next > b { low = best } else { high = best }
        best = trial
      } else if next > b {
        high = trial
      } else {
        low = trial
      }
    }
    return best
  }
}

/// Everything at one σ: the best μ and τ, and the units' posteriors.
private struct AtSigma {
  struct Posterior {
    var mean: Double
    var variance: Double
  }
  let sigma: Double
  let mean: Double
  let meanStandardError: Double
  let between: Double
  let logLikelihood: Double
  let posteriors: [Posterior]

  init(
    groups: [[(count: Int, logTotal: Double)]], sigma: Double, form: LognormalTotals.Location
  ) throws(ForecastError) {
    var sums = try LognormalSum(sigma: sigma)
    self.sigma = sigma
    switch form {
    case .common:
      let all = groups.flatMap { $0 }
      let curve = try UnitLikelihood(all, &sums)
      // The likelihood itself as a posterior under a flat prior.
      mean = curve.mode
      meanStandardError = curve.deviation
      between = 0
      logLikelihood = curve.exact(curve.mode)
      let posterior = Posterior(mean: curve.mode, variance: curve.deviation * curve.deviation)
      posteriors = groups.map { _ in posterior }
    case .byUnit:
      var curves: [UnitLikelihood] = []
      for group in groups { curves.append(try UnitLikelihood(group, &sums)) }
      func total(_ mean: Double, _ between: Double) -> Double {
        var sum = 0.0
        for curve in curves { sum += curve.integrated(mean: mean, between: between).logLikelihood }
        return sum
      }
      // Expectation-maximisation (Dempster, Laird and Rubin, 1977): the moments of the posteriors are the next μ and τ.
      let modes = curves.map(\.mode)
      var bestMean = Reductions.mean(modes)
      var bestBetween = max(0.1, Reductions.standardDeviation(modes))
      var value = 0.0
      for _ in 0..<500 {
        value = 0
        var first = 0.0
        var second = 0.0
        for curve in curves {
          let moments = curve.integrated(mean: bestMean, between: bestBetween)
          value += moments.logLikelihood
          let gap = moments.mean - bestMean
          first += gap
          second += moments.variance + gap * gap
        }
        let shift = first / Double(curves.count)
        let between = max(1e-3, (second / Double(curves.count) - shift * shift).squareRoot())
        let moved = max(abs(shift) / bestBetween, abs(between / bestBetween - 1))
        if moved < 1e-7 { break }
        bestMean += shift
        bestBetween = between
      }
      mean = bestMean
      between = bestBetween
      logLikelihood = value
      let width = 0.25 * bestBetween / Double(curves.count).squareRoot()
      let curvature =
        (total(bestMean + width, bestBetween) - 2 * logLikelihood + total(bestMean - width, bestBetween))
        / (width * width)
      meanStandardError = curvature < 0 ? (-1 / curvature).squareRoot() : .nan
      posteriors = curves.map { curve in
        let moments = curve.integrated(mean: bestMean, between: bestBetween)
        return Posterior(mean: moments.mean, variance: moments.variance)
      }
    }
  }
}

/// The log-likelihood of a unit's location, tabulated around its mode.
private struct UnitLikelihood {
  let mode: Double
  /// From the curvature at the mode.
  let deviation: Double
  private let observations: [(table: DensityTable, logTotal: Double)]
  private let values: [Double]
  private let step: Double
  private static let half = 24

  init(_ group: [(count: Int, logTotal: Double)], _ sums: inout LognormalSum) throws(ForecastError) {
    var observations: [(table: DensityTable, logTotal: Double)] = []
    var precision = 0.0
    var center = 0.0
    for (count, logTotal) in group {
      let table = try sums.table(count: count)
      observations.append((table, logTotal))
      let weight = 1 / (table.standardDeviation * table.standardDeviation)
      precision += weight
      center += weight * (logTotal - table.mean)
    }
    self.observations = observations
    func total(_ location: Double) -> Double {
      var sum = 0.0
      for (table, logTotal) in observations { sum += table.logDensity(logTotal - location) }
      return sum
    }
    // Newton steps with numerical derivatives, from the precision-weighted mean; each step bounded and never downhill.
    var mode = center / precision
    var deviation = 1 / precision.squareRoot()
    var value = total(mode)
    for _ in 0..<60 {
      let width = 0.05 * deviation
      let above = total(mode + width)
      let below = total(mode - width)
      let slope = (above - below) / (2 * width)
      let curvature = (above - 2 * value + below) / (width * width)
      if curvature < 0 { deviation = min(2 * deviation, max(0.5 * deviation, (-1 / curvature).squareRoot())) }
      var move = max(-3 * deviation, min(3 * deviation, slope * deviation * deviation))
      var next = total(mode + move)
      var halvings = 0
      while next < value, halvings < 20 {
        move *= 0.5
        next = total(mode + move)
        halvings += 1
      }
      if next < value { break }
      mode += move
      value = next
      if abs(move) < 1e-7 * deviation { break }
    }
    self.mode = mode
    self.deviation = deviation
    let step = deviation / 4
    self.step = step
    values = (-UnitLikelihood.half...UnitLikelihood.half).map { total(mode + Double($0) * step) }
  }

  /// The log-likelihood at a location, from the densities themselves.
  func exact(_ location: Double) -> Double {
    var sum = 0.0
    for (table, logTotal) in observations { sum += table.logDensity(logTotal - location) }
    return sum
  }

  /// The log-likelihood by four-point interpolation; outside the table, from the densities.
  private func interpolated(_ location: Double) -> Double {
    let position = (location - mode) / step + Double(UnitLikelihood.half)
    guard position >= 1, position < Double(values.count - 2) else { return exact(location) }
    let k = Int(position)
    let t = position - Double(k)
    return values[k] * (t + 1) * (t - 1) * (t - 2) * 0.5 - values[k + 1] * (t + 1) * t * (t - 2) * 0.5
      - values[k - 1] * t * (t - 1) * (t - 2) / 6 + values[k + 2] * (t + 1) * t * (t - 1) / 6
  }

  /// The marginal log-likelihood under N(mean, between²), and the posterior's moments: trapezoidal sums over six
  /// standard deviations about the posterior's approximate centre.
  func integrated(mean: Double, between: Double) -> (logLikelihood: Double, mean: Double, variance: Double) {
    let own = 1 / (deviation * deviation)
    let prior = 1 / (between * between)
    let spread = 1 / (own + prior).squareRoot()
    let center = (own * mode + prior * mean) / (own + prior)
    let reach = 12
    let step = spread / 2
    var logs = [Double](repeating: 0, count: 2 * reach + 1)
    var largest = -Double.infinity
    for k in logs.indices {
      let location = center + Double(k - reach) * step
      let z = (location - mean) / between
      logs[k] = interpolated(location) - 0.5 * z * z
      largest = max(largest, logs[k])
    }
    var sum = 0.0
    var first = 0.0
    var second = 0.0
    for k in logs.indices { logs[k] -= largest }
    logs.withUnsafeMutableBufferPointer { VectorMath.exp(UnsafeBufferPointer($0), into: $0) }
    for k in logs.indices {
      let weight = logs[k]
      let offset = Double(k - reach) * step
      sum += weight
      first += weight * offset
      second += weight * offset * offset
    }
    let average = first / sum
    let logRootTwoPi = 0.918938533204672742
    return (
      largest + VectorMath.log(sum * step) - logRootTwoPi - VectorMath.log(between), center + average,
      max(0, second / sum - average * average)
    )
  }
}
