import NumericKernels

/// A Bayesian vector autoregression, made for few observations of several variables.
///
///     y[t] = c + A[1] y[t-1] + ... + A[p] y[t-p] + u[t],   u[t] ~ N(0, Σ)
///
/// The prior (``MinnesotaPrior``) pulls each variable towards a random walk or white noise; it is natural-conjugate and enters as
/// dummy observations, so the posterior and the marginal likelihood are exact and cost one QR factorisation each. The tightness of
/// the prior is chosen by the marginal likelihood unless given: much data loosens it, little data tightens it. So ten or twenty
/// years of three to eight variables are enough.
///
/// ```swift
/// let model = try BayesianVAR(fitting: Matrix(columns: [output, prices, rate]), lags: 2)
/// let ahead = try model.forecast(horizon: 5, draws: 2000, stream: stream)
/// let scenario = try model.conditionalForecast(
///   horizon: 5, constraints: [.init(variable: 2, step: 1, value: 4.5)], draws: 2000, stream: stream)
/// ```
///
/// Variables are divided by the σ of the prior and centred at their means first, so units and origins change nothing. Missing
/// values are not allowed; a variable that does not vary is an error.
///
/// Source: Bańbura, Giannone and Reichlin, Journal of Applied Econometrics 25 (2010); Giannone, Lenza and Primiceri, Review of
/// Economics and Statistics 97 (2015).
public struct BayesianVAR: Sendable {
  public static let name = "BayesianVAR"

  public let variableCount: Int
  public let lags: Int
  public let prior: MinnesotaPrior
  /// λ: as given, or the best of the grid.
  public let tightness: Double
  /// The marginal likelihood's logarithm at ``tightness``, of y[p+1] ... y[n] given y[1] ... y[p].
  public let logMarginalLikelihood: Double
  /// For each tightness tried, the logarithm of its marginal likelihood.
  public let logMarginalLikelihoods: [(tightness: Double, value: Double)]

  /// Of the normalised variables.
  let posterior: ConjugatePosterior
  /// The last p rows, newest first, normalised.
  let recent: [[Double]]
  let centers: [Double]
  let scales: [Double]

  /// - Parameters:
  ///   - series: n rows (periods) of k columns (variables).
  ///   - lags: p, at least 1.
  /// - Throws: `tooFewObservations` for n below max(p + 2, 5); `nonFinite` with the row of a value that is not finite; `badDesign` for
  ///   a variable that does not vary or a bad prior.
  public init(fitting series: Matrix, lags: Int, prior: MinnesotaPrior = MinnesotaPrior()) throws(ForecastError) {
    let (n, k) = (series.rowCount, series.columnCount)
    try prior.check(Self.name)
    guard lags >= 1, k >= 1 else {
      throw .badDesign(model: Self.name, reason: "it needs a variable and a lag, not \(k) and \(lags)")
    }
    let needed = max(lags + 2, 5)
    guard n >= needed else { throw .tooFewObservations(model: Self.name, needed: needed, found: n) }
    var (centers, scales) = ([Double](), [Double]())
    var columns: [[Double]] = []
    for j in 0..<k {
      let column = series.column(j)
      if let bad = column.firstIndex(where: { !(abs($0) <= 0x1p500) }) {
        throw .nonFinite(model: Self.name, position: bad + 1)
      }
      guard let scale = Self.residualDeviation(column) else {
        throw .badDesign(model: Self.name, reason: "variable \(j + 1) does not vary")
      }
      let first = column[0]
      let center = first + column.reduce(0) { $0 + ($1 - first) } / Double(n)
      centers.append(center)
      scales.append(scale)
      columns.append(column.map { ($0 - center) / scale })
    }
    var data: [[Double]] = []
    for t in lags..<n {
      var row: [Double] = []
      for l in 1...lags { for j in 0..<k { row.append(columns[j][t - l]) } }
      row.append(1)
      for j in 0..<k { row.append(columns[j][t]) }
      data.append(row)
    }
    let early = (0..<k).map { j in columns[j][0..<lags].reduce(0, +) / Double(lags) }
    let logUnits = Double(n - lags) * scales.reduce(0) { $0 + VectorMath.log($1) }
    var tried: [(tightness: Double, value: Double)] = []
    var best: (tightness: Double, value: Double, posterior: ConjugatePosterior)?
    for tightness in prior.tightness.map({ [$0] }) ?? MinnesotaPrior.grid {
      let dummies = Self.dummies(prior, tightness, lags: lags, variables: k, early: early)
      let m = k * lags + 1
      // The fewest with which the prior of Σ has a mean: diag(σ²).
      let degrees = k + 2
      guard
        let before = ConjugatePosterior(rows: dummies, regressors: m, variables: k, degreesOfFreedom: degrees),
        let after = ConjugatePosterior(
          rows: dummies + data, regressors: m, variables: k, degreesOfFreedom: degrees + data.count)
      else { continue }
      let value = ConjugatePosterior.logMarginalLikelihood(prior: before, posterior: after) - logUnits
      guard value.isFinite else { continue }
      tried.append((tightness, value))
      // Of values that rounding makes equal the tightest.
      if best.map({ value > $0.value + 1e-9 * abs($0.value) }) ?? true { best = (tightness, value, after) }
    }
    guard let best else {
      throw .badDesign(model: Self.name, reason: "prior and data do not determine the coefficients")
    }
    variableCount = k
    self.lags = lags
    self.prior = prior
    tightness = best.tightness
    logMarginalLikelihood = best.value
    logMarginalLikelihoods = tried
    posterior = best.posterior
    recent = (1...lags).map { l in (0..<k).map { columns[$0][n - l] } }
    self.centers = centers
    self.scales = scales
  }

  /// The standard deviation of the residuals of an AR(1) with constant, at least 1e-4 of the series'; nil if that is constant.
  private static func residualDeviation(_ column: [Double]) -> Double? {
    let n = column.count
    let first = column[0]
    let largest = column.reduce(0) { max($0, abs($1 - first)) }
    guard largest > 0 else { return nil }
    let unit = largest.binade
    let values = column.map { ($0 - first) / unit }
    let (before, after) = (values.dropLast(), values.dropFirst())
    let count = Double(n - 1)
    let (meanBefore, meanAfter) = (before.reduce(0, +) / count, after.reduce(0, +) / count)
    var (cross, square, total) = (0.0, 0.0, 0.0)
    for (x, y) in zip(before, after) {
      cross += (x - meanBefore) * (y - meanAfter)
      square += (x - meanBefore) * (x - meanBefore)
      total += (y - meanAfter) * (y - meanAfter)
    }
    let slope = square > 0 ? cross / square : 0
    var residual = 0.0
    for (x, y) in zip(before, after) {
      let error = y - meanAfter - slope * (x - meanBefore)
      residual += error * error
    }
    let deviation = (max(total, square) / count).squareRoot()
    return unit * max((residual / (count - 2)).squareRoot(), 1e-4 * deviation)
  }

  /// The prior as rows of x and y, for variables in units of σ around their means.
  private static func dummies(
    _ prior: MinnesotaPrior, _ tightness: Double, lags: Int, variables k: Int, early: [Double]
  ) -> [[Double]] {
    let m = k * lags + 1
    var rows: [[Double]] = []
    func add(_ entries: [(column: Int, value: Double)]) {
      var row = [Double](repeating: 0, count: m + k)
      for entry in entries { row[entry.column] = entry.value }
      rows.append(row)
    }
    for l in 1...lags {
      // The power outside of hot loops: l^decay.
      let weight = VectorMath.exp(prior.decay * VectorMath.log(Double(l))) / tightness
      for j in 0..<k {
        add([((l - 1) * k + j, weight), (m + j, l == 1 ? prior.ownLagMean / tightness : 0)])
      }
    }
    for j in 0..<k { add([(m + j, 1)]) }
    add([(m - 1, 1 / prior.constantTightness)])
    if let sum = prior.sumOfCoefficientsTightness {
      for j in 0..<k {
        let value = early[j] / sum
        add((0..<lags).map { ($0 * k + j, value) } + [(m + j, prior.ownLagMean * value)])
      }
    }
    return rows
  }

  /// E(A[l]) for l in 1 ... p, k x k, row i the equation of variable i, in the variables' units.
  public func coefficients(lag: Int) -> Matrix {
    let k = variableCount
    var result = Matrix(rowCount: k, columnCount: k)
    guard (1...lags).contains(lag) else { return result }
    for i in 0..<k {
      for j in 0..<k { result[i, j] = posterior.mean[(lag - 1) * k + j, i] * scales[i] / scales[j] }
    }
    return result
  }

  /// E(c), in the variables' units.
  public var constants: [Double] {
    (0..<variableCount).map { i in
      var value = centers[i] + scales[i] * posterior.mean[variableCount * lags, i]
      for l in 1...lags {
        let lag = coefficients(lag: l)
        for j in 0..<variableCount { value -= lag[i, j] * centers[j] }
      }
      return value
    }
  }

  /// E(Σ), in the variables' units.
  public var covariance: Matrix {
    var result = posterior.covariance
    for j in 0..<variableCount { for i in 0..<variableCount { result[i, j] *= scales[i] * scales[j] } }
    return result
  }
}
