import NumericKernels

extension RegressionDiagnostics {
  /// All tests that the number of rows allows: Durbin-Watson, Breusch-Godfrey of order 1, Breusch-Pagan (studentised),
  /// Jarque-Bera, RESET with powers 2 and 3, and Chow at the middle.
  public func tests() throws(ForecastError) -> [DiagnosticTest] {
    var result = [try durbinWatson(), try breuschGodfrey(order: 1), try breuschPagan(), jarqueBera()]
    if design.rowCount > design.columnCount + 2 { result.append(try reset()) }
    let half = design.rowCount / 2
    if half > design.columnCount { result.append(try chow(split: half)) }
    return result
  }

  /// The sum of (e[t] - e[t-1])² over the sum of e²: about 2 for uncorrelated errors, below for positively correlated ones.
  ///
  /// The p value is of positive correlation (one-sided). Up to 500 rows it is exact for normal errors, by Imhof's integral
  /// over the eigenvalues of the quadratic form; beyond, from the normal law with the exact mean and variance (as R's
  /// `lmtest::dwtest` above 100 rows). Durbin and Watson, Biometrika 37 (1950) and 58 (1971).
  ///
  /// - Parameter exact: `nil` chooses by the number of rows.
  /// - Throws: `tooFewObservations` without a degree of freedom.
  public func durbinWatson(exact: Bool? = nil) throws(ForecastError) -> DiagnosticTest {
    let rows = design.rowCount
    let p = design.columnCount
    try requireRows(p + 1)
    let e = fit.residuals
    var numerator: [Double] = []
    for i in 1..<rows { numerator.append((e[i] - e[i - 1]) * (e[i] - e[i - 1])) }
    let useExact = exact ?? (rows <= 500)
    let reference: DiagnosticTest.Reference = useExact ? .quadraticForm : .normalApproximation
    guard !isExact else {
      return DiagnosticTest(
        kind: .durbinWatson, statistic: .nan, degreesOfFreedom: [], pValue: .nan, reference: reference)
    }
    let statistic = Reductions.sum(numerator) / Reductions.sum(e.map { $0 * $0 })
    let pValue = useExact ? try exactDurbinWatson(statistic) : try normalDurbinWatson(statistic)
    return DiagnosticTest(
      kind: .durbinWatson, statistic: statistic, degreesOfFreedom: [], pValue: pValue, reference: reference)
  }

  /// A v for the matrix A of squared differences.
  private func differences(_ v: [Double]) -> [Double] {
    let last = v.count - 1
    return v.indices.map { i in
      var sum = 0.0
      if i > 0 { sum += v[i] - v[i - 1] }
      if i < last { sum += v[i] - v[i + 1] }
      return sum
    }
  }

  private func exactDurbinWatson(_ statistic: Double) throws(ForecastError) -> Double {
    let rows = design.rowCount
    let p = design.columnCount
    do {
      // M A M + 10 U U': the rank directions are set apart at 10, beyond the eigenvalues of A (0 to 4).
      let au = Matrix(columns: (0..<p).map { differences(orthonormal.column($0)) })
      let uau = try orthonormal.transposed.multiplied(by: au)
      let mixed = try au.multiplied(by: orthonormal.transposed)
      var core = uau
      for j in 0..<p { core[j, j] += 10 }
      let inner = try orthonormal.multiplied(by: core).multiplied(by: orthonormal.transposed)
      var form = Matrix(rowCount: rows, columnCount: rows)
      for i in 0..<rows {
        for j in 0...i {
          var value = inner[i, j] - mixed[i, j] - mixed[j, i]
          if i == j { value += i == 0 || i == rows - 1 ? 1 : 2 }
          if i - j == 1 { value -= 1 }
          form[i, j] = value
          form[j, i] = value
        }
      }
      let values = try form.symmetricEigen().values.prefix(rows - p)
      return DiagnosticTails.negativeQuadraticForm(values.map { $0 - statistic })
    } catch { throw .badDesign(model: design.model, reason: "\(error)") }
  }

  private func normalDurbinWatson(_ statistic: Double) throws(ForecastError) -> Double {
    let rows = design.rowCount
    let p = design.columnCount
    try requireRows(p + 3)
    do {
      let au = Matrix(columns: (0..<p).map { differences(orthonormal.column($0)) })
      let uau = try orthonormal.transposed.multiplied(by: au)
      let gram = au.gram
      // Traces of M A and of (M A)², from tr A = 2 (n - 1) and tr A² = 6 n - 8.
      var first = 2 * (n - 1)
      var second = 6 * n - 8
      for j in 0..<p {
        first -= uau[j, j]
        second -= 2 * gram[j, j]
        for k in 0..<p { second += uau[j, k] * uau[k, j] }
      }
      let degrees = Double(rows - p)
      let mean = first / degrees
      let variance = 2 / (degrees * (degrees + 2)) * (second - first * mean)
      return Distributions.normalCDF((statistic - mean) / variance.squareRoot())
    } catch { throw .badDesign(model: design.model, reason: "\(error)") }
  }

  /// n R² of the residuals on the columns and on their own lags 1 to `order` (zeros before the first row), against
  /// chi-squared with `order` degrees of freedom. Breusch (1978) and Godfrey, Econometrica 46 (1978).
  ///
  /// - Throws: `badDesign` for an order below 1, `tooFewObservations` for n <= p + order.
  public func breuschGodfrey(order: Int = 1) throws(ForecastError) -> DiagnosticTest {
    guard order >= 1 else { throw .badDesign(model: design.model, reason: "the order is \(order); use 1 or more") }
    try requireRows(design.columnCount + order + 1)
    let e = fit.residuals
    var columns = columnsOfFit
    for lag in 1...order {
      columns.append(
        RegressionColumn(
          name: freshName("lag \(lag)", columns), values: e.indices.map { $0 >= lag ? e[$0 - lag] : 0 }))
    }
    return try scoreTest(
      .breuschGodfrey(order: order), outcome: e, columns: columns, degrees: Double(order), studentized: true)
  }

  /// Whether e² depends on the columns: n R² of e² (Koenker, Journal of Econometrics 17, 1981), or half the explained sum
  /// of squares of e² / mean(e²) (Breusch and Pagan, Econometrica 47, 1979), against chi-squared with as many degrees of
  /// freedom as slopes.
  ///
  /// - Throws: `tooFewObservations` for n <= p, `badDesign` without slopes or intercept.
  public func breuschPagan(studentized: Bool = true) throws(ForecastError) -> DiagnosticTest {
    try requireRows(design.columnCount + 1)
    guard design.hasIntercept, design.columnCount > 1 else {
      return DiagnosticTest(
        kind: .breuschPagan(studentized: studentized), statistic: .nan, degreesOfFreedom: [0], pValue: .nan,
        reference: .chiSquared)
    }
    let squares = fit.residuals.map { $0 * $0 }
    let mean = Reductions.mean(squares)
    return try scoreTest(
      .breuschPagan(studentized: studentized), outcome: squares.map { $0 / mean - 1 }, columns: columnsOfFit,
      degrees: Double(design.columnCount - 1), studentized: studentized)
  }

  /// n skewness² / 6 + n (kurtosis - 3)² / 24 of the residuals, moments by 1/n, against chi-squared with two degrees of
  /// freedom; approximate below some hundred rows. Jarque and Bera, Economics Letters 6 (1980).
  public func jarqueBera() -> DiagnosticTest {
    let mean = Reductions.mean(fit.residuals)
    let e = fit.residuals.map { $0 - mean }
    let second = Reductions.mean(e.map { $0 * $0 })
    let deviation = second.squareRoot()
    var statistic = Double.nan
    if !isExact {
      let skewness = Reductions.mean(e.map { $0 / deviation * ($0 / deviation) * ($0 / deviation) })
      let kurtosis = Reductions.mean(e.map { ($0 * $0 / second) * ($0 * $0 / second) })
      statistic = n * skewness * skewness / 6 + n * (kurtosis - 3) * (kurtosis - 3) / 24
    }
    return DiagnosticTest(
      kind: .jarqueBera, statistic: statistic, degreesOfFreedom: [2],
      pValue: DiagnosticTails.chiSquaredUpper(statistic, 2), reference: .chiSquared)
  }

  /// The F test that powers 2 to `highestPower` of the fitted values add nothing. Ramsey, JRSS B 31 (1969).
  ///
  /// Powers that the columns already contain are dropped, with their degree of freedom; if all are (one dummy variable, say)
  /// the result is NaN.
  ///
  /// - Throws: `badDesign` for a power below 2, `tooFewObservations` for n <= p + highestPower - 1.
  public func reset(highestPower: Int = 3) throws(ForecastError) -> DiagnosticTest {
    guard highestPower >= 2 else {
      throw .badDesign(model: design.model, reason: "the highest power is \(highestPower); use 2 or more")
    }
    try requireRows(design.columnCount + highestPower)
    let fitted = design.fitted(fit.coefficients)
    // Centred where an intercept keeps the span: powers of numbers far from zero are all alike.
    let center = design.hasIntercept ? Reductions.mean(fitted) : 0
    let centered = fitted.map { $0 - center }
    let scale = centered.reduce(0) { max($0, abs($1)) }
    let kind = DiagnosticTest.Kind.ramseyReset(highestPower: highestPower)
    guard scale > 1e-12 * LinearDesign.length(design.outcome), !isExact else {
      return DiagnosticTest(kind: kind, statistic: .nan, degreesOfFreedom: [], pValue: .nan, reference: .f)
    }
    var columns = columnsOfFit
    var power = centered.map { $0 / scale }
    for exponent in 2...highestPower {
      for i in power.indices { power[i] *= centered[i] / scale }
      columns.append(RegressionColumn(name: freshName("fitted^\(exponent)", columns), values: power))
    }
    let wide = try LinearRegression(outcome: fit.residuals, regressors: columns, intercept: false)
    return fTest(
      kind, restricted: fit.residualSumOfSquares, free: wide.residualSumOfSquares,
      numerator: wide.rank - fit.rank, denominator: wide.degreesOfFreedom)
  }

  /// The F test that the first `split` rows and the rest have the same coefficients. Chow, Econometrica 28 (1960).
  ///
  /// - Throws: `tooFewObservations` when either part has no more rows than columns.
  public func chow(split: Int) throws(ForecastError) -> DiagnosticTest {
    let p = design.columnCount
    let rest = design.rowCount - split
    guard split > p, rest > p else {
      throw .tooFewObservations(model: "Chow test", needed: p + 1, found: max(0, min(split, rest)))
    }
    func part(_ range: Range<Int>) throws(ForecastError) -> LinearRegression {
      try LinearRegression(
        outcome: Array(fit.residuals[range]),
        regressors: columnsOfFit.map { RegressionColumn(name: $0.name, values: Array($0.values[range])) },
        intercept: false)
    }
    let first = try part(0..<split)
    let second = try part(split..<design.rowCount)
    return fTest(
      .chow(split: split), restricted: fit.residualSumOfSquares,
      free: first.residualSumOfSquares + second.residualSumOfSquares, numerator: first.rank + second.rank - p,
      denominator: first.degreesOfFreedom + second.degreesOfFreedom)
  }

  // MARK: Shared

  private var columnsOfFit: [RegressionColumn] {
    zip(design.names, design.columns).map { RegressionColumn(name: $0, values: $1) }
  }

  private func freshName(_ name: String, _ columns: [RegressionColumn]) -> String {
    var result = name
    while columns.contains(where: { $0.name == result }) { result += "'" }
    return result
  }

  private func requireRows(_ needed: Int) throws(ForecastError) {
    guard design.rowCount >= needed else {
      throw .tooFewObservations(model: design.model, needed: needed, found: design.rowCount)
    }
  }

  private func scoreTest(
    _ kind: DiagnosticTest.Kind, outcome: [Double], columns: [RegressionColumn], degrees: Double, studentized: Bool
  ) throws(ForecastError) -> DiagnosticTest {
    var statistic = Double.nan
    if !isExact {
      let auxiliary = try LinearRegression(outcome: outcome, regressors: columns, intercept: false)
      let fitted = zip(outcome, auxiliary.residuals).map { $0 - $1 }
      let explained = Reductions.sum(fitted.map { $0 * $0 })
      statistic = studentized ? n * explained / Reductions.sum(outcome.map { $0 * $0 }) : 0.5 * explained
    }
    return DiagnosticTest(
      kind: kind, statistic: statistic, degreesOfFreedom: [degrees],
      pValue: DiagnosticTails.chiSquaredUpper(statistic, degrees), reference: .chiSquared)
  }

  private func fTest(
    _ kind: DiagnosticTest.Kind, restricted: Double, free: Double, numerator: Int, denominator: Int
  ) -> DiagnosticTest {
    let (d1, d2) = (Double(numerator), Double(denominator))
    var statistic = Double.nan
    if numerator > 0, denominator > 0, !isExact { statistic = max(0, restricted - free) / d1 / (free / d2) }
    return DiagnosticTest(
      kind: kind, statistic: statistic, degreesOfFreedom: [d1, d2], pValue: DiagnosticTails.fUpper(statistic, d1, d2),
      reference: .f)
  }
}
