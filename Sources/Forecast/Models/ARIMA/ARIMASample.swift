import NumericKernels

/// A series prepared for ARIMA models of one differencing: without leading and trailing missing values, without unit, missing
/// values inside filled and given a column each, differenced, regressors made orthonormal.
///
/// Everything here depends on d, D, the period and the regressors only, so that a search over p and q prepares it once.
struct ARIMASample: Sendable {
  let d: Int
  let seasonalD: Int
  let period: Int
  let includesConstant: Bool
  /// The place of the first usable observation in the series.
  let first: Int
  /// The length of the series as given.
  let givenCount: Int
  /// The series from the first to the last usable observation, (y - origin) / unit, missing values interpolated.
  let values: [Double]
  /// Where `values` are interpolated.
  let missing: [Int]
  /// Level regressors: constant or trend first, then the given ones divided by their size; rows as in `values`, then those of
  /// the trailing missing observations.
  let levels: [[Double]]
  let sizes: [Double]
  let origin: Double
  let unit: Double
  /// Differenced series, then differenced columns of missing observations and of regressors, made orthonormal; rounded.
  let columns: [Double]
  /// The same, not rounded.
  let exactColumns: [Double]
  /// The length of a differenced column.
  let count: Int
  /// Upper triangle: differenced columns = orthonormal columns * R; row after row.
  let triangle: [Double]
  /// Whether the differenced series is a combination of the regressors up to rounding.
  let isExact: Bool

  var missingCount: Int { missing.count }
  var regressorCount: Int { missing.count + levels.count }
  var lostCount: Int { d + period * seasonalD }
  var trailingCount: Int { givenCount - first - values.count }

  /// The coefficients of (1 - B)^d (1 - B^m)^D, signs turned: y[t] = sum of delta[i] y[t - 1 - i] + w[t].
  var delta: [Double] {
    var polynomial = [1.0]
    func multiply(lag: Int) {
      let before = polynomial
      polynomial += Array(repeating: 0, count: lag)
      for i in before.indices { polynomial[i + lag] -= before[i] }
    }
    for _ in 0..<d { multiply(lag: 1) }
    for _ in 0..<seasonalD { multiply(lag: period) }
    return polynomial.dropFirst().map { -$0 }
  }

  static func differenced(_ x: [Double], d: Int, seasonalD: Int, period: Int) -> [Double] {
    var x = x
    for _ in 0..<seasonalD { x = x.count > period ? (period..<x.count).map { x[$0] - x[$0 - period] } : [] }
    for _ in 0..<d { x = x.count > 1 ? (1..<x.count).map { x[$0] - x[$0 - 1] } : [] }
    return x
  }

  /// - Parameter checksDesign: whether a regressor without information of its own is an error.
  /// - Throws: ``ForecastError/nonFinite(model:position:)``, `tooFewObservations`, `badDesign` for regressors of another length
  ///   or with missing values, `notIdentified` for a regressor that is a combination of the others after differencing.
  init(
    _ series: [Double], d: Int, seasonalD: Int, period: Int, includesConstant: Bool, regressors: Matrix?, model: String,
    checksDesign: Bool = true
  ) throws(ForecastError) {
    let data = try Observations(series, model: model, needed: 1)
    self.d = d
    self.seasonalD = seasonalD
    self.period = period
    let hasConstant = includesConstant && d + seasonalD <= 1
    self.includesConstant = hasConstant
    givenCount = series.count
    let first = data.positions[0]
    self.first = first
    let length = data.span + 1
    if let regressors {
      guard regressors.rowCount == series.count else {
        throw .badDesign(
          model: model, reason: "regressors have \(regressors.rowCount) rows, the series \(series.count) observations")
      }
      guard regressors.storage.allSatisfy({ $0.isFinite && abs($0) < 0x1p500 }) else {
        throw .badDesign(model: model, reason: "regressors must be finite numbers")
      }
    }
    // The level is taken off where a constant or differencing does not see it.
    origin = hasConstant || d + seasonalD > 0 ? data.origin : 0
    let largest = data.values.reduce(0) { max($0, abs($1)) }
    let binade = largest > 0 ? largest.binade : 1
    let start = origin / binade
    var filled = (0..<length).map { series[first + $0] / binade - start }
    missing = (0..<length).filter { filled[$0].isNaN }
    for (left, right) in zip(data.positions, data.positions.dropFirst()) where right - left > 1 {
      let (a, b) = (left - first, right - first)
      for t in a + 1..<b { filled[t] = filled[a] + (filled[b] - filled[a]) * Double(t - a) / Double(b - a) }
    }
    let lost = d + period * seasonalD
    guard length - missing.count > lost else {
      throw .tooFewObservations(model: model, needed: lost + 1, found: length - missing.count)
    }
    // Regressors, with the rows of trailing missing observations.
    var levels: [[Double]] = []
    var sizes: [Double] = []
    if hasConstant {
      levels.append((0..<series.count - first).map { d + seasonalD == 0 ? 1 : Double($0 + 1) })
      sizes.append(1)
    }
    if let regressors {
      for j in 0..<regressors.columnCount {
        let column = Array(regressors.column(j)[first...])
        let size = column.reduce(0) { max($0, abs($1)) }
        sizes.append(size > 0 ? size.binade : 1)
        levels.append(column.map { $0 / (size > 0 ? size.binade : 1) })
      }
    }
    self.levels = levels
    self.sizes = sizes
    var w = Self.differenced(filled, d: d, seasonalD: seasonalD, period: period)
    count = w.count
    var orthonormal: [[Double]] = []
    let total = missing.count + levels.count
    var triangle = [Double](repeating: 0, count: total * total)
    for j in 0..<total {
      var column: [Double]
      if j < missing.count {
        column = [Double](repeating: 0, count: length)
        column[missing[j]] = 1
      } else {
        column = Array(levels[j - missing.count].prefix(length))
      }
      column = Self.differenced(column, d: d, seasonalD: seasonalD, period: period)
      let before = column.reduce(0) { $0 + $1 * $1 }
      for _ in 0..<2 {
        for i in 0..<j {
          let product = zip(orthonormal[i], column).reduce(0) { $0 + $1.0 * $1.1 }
          triangle[i * total + j] += product
          for t in column.indices { column[t] -= product * orthonormal[i][t] }
        }
      }
      let after = column.reduce(0) { $0 + $1 * $1 }
      guard after > 1e-18 * before, after > 1e-24 else {
        if !checksDesign {
          orthonormal.append(column.map { _ in 0 })
          continue
        }
        let offset = j - missing.count - (hasConstant ? 1 : 0)
        if j < missing.count {
          throw .notIdentified(model: model, term: "observation \(first + missing[j] + 1)")
        }
        throw .notIdentified(model: model, term: offset < 0 ? "constant" : "regressor \(offset + 1)")
      }
      let norm = after.squareRoot()
      triangle[j * total + j] = norm
      orthonormal.append(column.map { $0 / norm })
    }
    self.triangle = triangle
    // What regressors do not explain sets the unit.
    var rest = w
    for column in orthonormal {
      let product = zip(column, rest).reduce(0) { $0 + $1.0 * $1.1 }
      for t in rest.indices { rest[t] -= product * column[t] }
    }
    let spread = rest.reduce(0) { $0 + abs($1) } / Double(rest.count)
    let magnitude = filled.reduce(0) { max($0, abs($1)) }
    isExact = !(spread > 0x1p-46 * max(magnitude, largest / binade))
    let scale = isExact ? 1 : spread
    unit = scale * binade
    values = filled.map { $0 / scale }
    for t in w.indices { w[t] /= scale }
    exactColumns = w + orthonormal.flatMap { $0 }
    columns = exactColumns.map { ($0 * 0x1p36).rounded() * 0x1p-36 }
  }

  /// Coefficients of the level regressors (in the unit of `values`) and values of the missing observations' corrections, of
  /// coefficients of the orthonormal columns.
  func levelCoefficients(_ orthonormal: [Double]) -> (corrections: [Double], levels: [Double]) {
    let k = regressorCount
    var result = orthonormal
    for j in stride(from: k - 1, through: 0, by: -1) {
      for i in (j + 1)..<max(k, j + 1) { result[j] -= triangle[j * k + i] * result[i] }
      result[j] /= triangle[j * k + j]
    }
    return (Array(result.prefix(missingCount)), Array(result.dropFirst(missingCount)))
  }

  /// What the unit and the missing columns' lengths add to the log-likelihood.
  func logScale(usedCount: Int) -> Double {
    var sum = Double(usedCount) * VectorMath.log(unit)
    for j in 0..<missingCount { sum += VectorMath.log(triangle[j * regressorCount + j]) }
    return -sum
  }
}
