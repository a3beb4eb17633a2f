import NumericKernels

/// The test of Kwiatkowski, Phillips, Schmidt and Shin: the null is a stationary series, about a level or about a trend.
///
///     statistic = sum of S[t]^2 / (n^2 s^2),   S[t] = sum of the residuals up to t,
///     s^2 = their long-run variance with Bartlett weights 1 - k / (lags + 1)
///
/// Source: Kwiatkowski et al., Journal of Econometrics 54 (1992). Numbers as R's `urca::ur.kpss`.
public struct KPSSTest: Equatable, Sendable {
  public enum Null: Sendable { case level, trend }

  public let null: Null
  public let lags: Int
  /// NaN if the residuals are all zero.
  public let statistic: Double

  /// - Parameter lags: nil for trunc(3 sqrt(n) / 13), as in R's `ndiffs`.
  /// - Throws: ``ForecastError/tooFewObservations(model:needed:found:)`` below 2 (level) or 3 (trend) observations, `nonFinite`.
  public init(_ series: [Double], null: Null = .level, lags: Int? = nil) throws(ForecastError) {
    let data = try Observations(series, model: "KPSS test", needed: null == .level ? 2 : 3)
    let x = data.positions.map { data.normalized[$0 - data.positions[0]] }
    let n = x.count
    let mean = x.reduce(0, +) / Double(n)
    var residuals = x.map { $0 - mean }
    if null == .trend {
      let middle = Double(n - 1) / 2
      var (product, square) = (0.0, 0.0)
      for t in 0..<n {
        product += (Double(t) - middle) * residuals[t]
        square += (Double(t) - middle) * (Double(t) - middle)
      }
      for t in 0..<n { residuals[t] -= product / square * (Double(t) - middle) }
    }
    let count = min(max(lags ?? Int(3 * Double(n).squareRoot() / 13), 0), n - 1)
    var (sum, numerator, variance) = (0.0, 0.0, 0.0)
    for residual in residuals {
      sum += residual
      numerator += sum * sum
      variance += residual * residual
    }
    for lag in 1..<count + 1 {
      var product = 0.0
      for t in lag..<n { product += residuals[t] * residuals[t - lag] }
      variance += 2 * (1 - Double(lag) / Double(count + 1)) * product
    }
    self.null = null
    self.lags = count
    statistic = data.isConstant ? .nan : numerator / (Double(n) * variance)
  }

  /// The statistic that stationarity exceeds with this probability: 0.1, 0.05, 0.025 and 0.01 are tabulated.
  public func criticalValue(_ level: Double) -> Double {
    let table = null == .level ? [0.347, 0.463, 0.574, 0.739] : [0.119, 0.146, 0.176, 0.216]
    let levels = [0.1, 0.05, 0.025, 0.01]
    guard level < 0.1 else { return table[0] }
    guard level > 0.01 else { return table[3] }
    for i in 0..<3 where level >= levels[i + 1] {
      return table[i] + (table[i + 1] - table[i]) * (level - levels[i]) / (levels[i + 1] - levels[i])
    }
    return table[3]
  }

  public func rejects(level: Double = 0.05) -> Bool { statistic > criticalValue(level) }
}

/// The augmented test of Dickey and Fuller with a constant: the null is a unit root.
///
///     y[t] - y[t-1] = a + g y[t-1] + b_1 (y[t-1] - y[t-2]) + ... + e[t],   statistic = g / se(g)
///
/// Source: Dickey and Fuller, Journal of the American Statistical Association 74 (1979); critical values of Fuller (1976). Numbers
/// as R's `urca::ur.df(type = "drift")`.
public struct AugmentedDickeyFullerTest: Equatable, Sendable {
  public let lags: Int
  public let statistic: Double
  public let count: Int

  /// - Parameter lags: of the differences.
  /// - Throws: ``ForecastError`` for too few observations, missing or infinite ones, or a constant series (`notIdentified`).
  public init(_ series: [Double], lags: Int = 1) throws(ForecastError) {
    let model = "Dickey-Fuller test"
    if let bad = series.firstIndex(where: { !$0.isFinite }) { throw .nonFinite(model: model, position: bad + 1) }
    let data = try Observations(series, model: model, needed: 2 * max(lags, 0) + 5)
    let x = data.normalized
    let lags = max(lags, 0)
    let changes = (1..<x.count).map { x[$0] - x[$0 - 1] }
    let rows = changes.count - lags
    var design = Matrix(rowCount: rows, columnCount: lags + 2, repeating: 1)
    for i in 0..<rows {
      design[i, 1] = x[i + lags]
      for k in 0..<lags { design[i, k + 2] = changes[i + lags - 1 - k] }
    }
    let response = Array(changes[lags...])
    do {
      let fit = try design.leastSquares(response)
      let factor = try design.qr()
      guard factor.rank == lags + 2 else { throw ForecastError.notIdentified(model: model, term: "lag of the level") }
      let squares = fit.residuals.reduce(0) { $0 + $1 * $1 }
      let inverse = try factor.inverseGram()
      statistic = fit.coefficients[1] / (squares / Double(rows - lags - 2) * inverse[1, 1]).squareRoot()
    } catch {
      throw .notIdentified(model: model, term: "lag of the level")
    }
    self.lags = lags
    count = series.count
  }

  /// The statistic that a unit root undercuts with probability 0.01, 0.05 or 0.1 (the nearest tabulated level is taken).
  public func criticalValue(_ level: Double) -> Double {
    let row: [Double]
    switch count - 1 {
    case ..<25: row = [-3.75, -3.00, -2.63]
    case ..<50: row = [-3.58, -2.93, -2.60]
    case ..<100: row = [-3.51, -2.89, -2.58]
    case ..<250: row = [-3.46, -2.88, -2.57]
    case ..<500: row = [-3.44, -2.87, -2.57]
    default: row = [-3.43, -2.86, -2.57]
    }
    return level < 0.03 ? row[0] : level < 0.075 ? row[1] : row[2]
  }

  public func rejects(level: Double = 0.05) -> Bool { statistic < criticalValue(level) }
}
