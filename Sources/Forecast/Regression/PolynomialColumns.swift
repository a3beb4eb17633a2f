import NumericKernels

/// Raw powers of a column, x, x², ..., carried in double-double.
///
/// A rounded power is off by up to 2⁻⁵³ of itself, which a polynomial of high degree on an off-centre variable magnifies by
/// its condition number: with rounded powers even an exact solve of NIST's set Filip (degree 10) keeps 7.6 digits. The low
/// parts carried here (error of x^k below 5 k 2⁻¹⁰⁶) make the powers exact for all purposes of ``LinearRegression``.
///
/// ```swift
/// let year = RegressionColumn(name: "year", values: years)
/// let fit = try LinearRegression(outcome: y, regressors: PolynomialColumns.powers(of: year, degree: 3))
/// print(fit.names)  // ["(Intercept)", "year", "year^2", "year^3"]
/// ```
///
/// Left out on purpose: orthogonal polynomials, whose coefficients mean nothing without the basis.
public enum PolynomialColumns {
  /// The powers 1...degree; the first keeps the name of the column, the others are called "name^k".
  ///
  /// Edge cases: degree 0 or less gives no column. A power beyond the range of a double is an infinity, which a regression
  /// refuses; low parts below about 1e-290 are lost.
  public static func powers(of column: RegressionColumn, degree: Int) -> [RegressionColumn] {
    guard degree > 0 else { return [] }
    let lows = column.lowParts ?? []
    let base = column.values.indices.map {
      DoubleDouble(high: column.values[$0], low: $0 < lows.count ? lows[$0] : 0)
    }
    var result = [column]
    var power = base
    for exponent in stride(from: 2, through: degree, by: 1) {
      for row in power.indices { power[row] = power[row] * base[row] }
      // An overflow leaves an infinite high part and a low part that is not a number.
      let low = power.map { $0.isFinite ? $0.low : 0 }
      let high = power.map { $0.isFinite || !$0.high.isNaN ? $0.high : .infinity }
      result.append(RegressionColumn(name: "\(column.name)^\(exponent)", values: high, lowParts: low))
    }
    return result
  }
}
