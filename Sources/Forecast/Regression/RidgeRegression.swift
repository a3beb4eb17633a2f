import NumericKernels

/// Ridge regression for a whole path of penalties from one singular value decomposition.
///
///     minimise over a, b  the sum of (y[i] - a - z[i]'b)² + penalty * |b|²,
///     z = (x - mean) / sqrt(sum of (x - mean)² / n)
///
/// The intercept is not penalised; coefficients are returned on the scale of the data. The unit of the penalty is that
/// of R's `MASS::lm.ridge`. ``penalty(glmnet:)`` converts the `lambda` of `glmnet(alpha = 0)`, whose criterion is the
/// mean of squares / 2 of an outcome divided by its deviation: penalty = n lambda / sd(y), with sd by 1/n.
///
/// ```swift
/// let ridge = try RidgeRegression(outcome: growth, regressors: columns)
/// let best = try ridge.selected(from: ridge.defaultPenalties, by: .generalizedCrossValidation)
/// print(best.penalty, best.coefficients, best.effectiveDegreesOfFreedom)
/// ```
///
/// Edge cases: a constant column has coefficient 0 and is named in ``constantColumns``; more columns than rows are fine
/// for a positive penalty, and at penalty 0 give the solution of smallest norm of b; a constant outcome has all slopes
/// 0. The decomposition costs O(n p min(n, p)), each penalty O((n + p) min(n, p)).
///
/// Sources: Hoerl and Kennard, Technometrics 12 (1970); Golub, Heath and Wahba, Technometrics 21 (1979).
public struct RidgeRegression: Sendable {
  /// Names of the columns as given, without the intercept.
  public let names: [String]
  /// Columns without variation; their coefficient is 0.
  public let constantColumns: [String]
  public let observationCount: Int

  private let outcome: [Double]
  private let outcomeMean: Double
  private let centers: [Double]
  private let scales: [Double]
  private let decomposition: SingularValueDecomposition
  private let rank: Int
  /// U'(y - mean), one value per singular direction.
  private let projections: [Double]
  private let standardized: Matrix

  /// - Throws: `badDesign` (lengths, names), `nonFinite`, `tooFewObservations` for fewer than two rows.
  public init(outcome: [Double], regressors: [RegressionColumn]) throws(ForecastError) {
    let model = "ridge regression"
    try checkColumns(regressors, count: outcome.count, model: model)
    if let position = outcome.firstIndex(where: { !$0.isFinite }) { throw .nonFinite(model: model, position: position) }
    for column in regressors {
      if let position = column.values.firstIndex(where: { !$0.isFinite }) {
        throw .nonFinite(model: "\(model), column \(column.name)", position: position)
      }
    }
    guard outcome.count >= 2 else { throw .tooFewObservations(model: model, needed: 2, found: outcome.count) }
    guard !regressors.isEmpty else { throw .badDesign(model: model, reason: "there is no column; give at least one") }
    let n = outcome.count
    var matrix = Matrix(rowCount: n, columnCount: regressors.count)
    var centers: [Double] = []
    var scales: [Double] = []
    var constant: [String] = []
    for (j, column) in regressors.enumerated() {
      let largest = column.values.reduce(0) { max($0, abs($1)) }
      let center = largest > 0 ? largest * Reductions.mean(column.values.map { $0 / largest }) : 0
      let centered = column.values.map { $0 - center }
      let scale = LinearDesign.length(centered) / Double(n).squareRoot()
      centers.append(center)
      // Rounding of the mean leaves a few ulps of a constant column.
      if scale > 1e-13 * largest {
        scales.append(scale)
        for i in 0..<n { matrix[i, j] = centered[i] / scale }
      } else {
        scales.append(0)
        constant.append(column.name)
      }
    }
    let mean = Reductions.mean(outcome)
    let centeredOutcome = outcome.map { $0 - mean }
    do {
      decomposition = try matrix.singularValueDecomposition()
      projections = try decomposition.left.multiplied(by: centeredOutcome, transposed: true)
    } catch { throw .badDesign(model: model, reason: "\(error)") }
    names = regressors.map(\.name)
    constantColumns = constant
    observationCount = n
    rank = decomposition.rank(tolerance: 1e-12)
    standardized = matrix
    outcomeMean = mean
    self.outcome = outcome
    self.centers = centers
    self.scales = scales
  }

  /// What the columns explain and cost at one penalty.
  public struct Fit: Equatable, Sendable {
    public let penalty: Double
    public let names: [String]
    public let intercept: Double
    /// One coefficient per name, on the scale of the data.
    public let coefficients: [Double]
    public let residuals: [Double]
    public let residualSumOfSquares: Double
    /// The trace of the hat matrix: 1 for the intercept and d² / (d² + penalty) for each singular value d.
    public let effectiveDegreesOfFreedom: Double
    /// (RSS / n) / (1 - effective degrees / n)², intercept counted; infinite for an interpolating fit.
    public let generalizedCrossValidation: Double
    /// The mean of squared leave-one-out errors e / (1 - h), with centres refitted and scales of the columns held;
    /// infinite when a row has leverage 1.
    public let leaveOneOutError: Double
  }

  /// How a penalty is chosen.
  public enum Selection: Equatable, Sendable {
    case generalizedCrossValidation
    case leaveOneOut
    /// Row i is left out in fold i mod count: the same folds on every run.
    case folds(count: Int)
  }

  /// The fit at one penalty >= 0; penalty 0 is least squares.
  ///
  /// - Throws: `badDesign` for a penalty that is negative or not finite.
  public func fit(penalty: Double) throws(ForecastError) -> Fit {
    try check(penalty: penalty)
    let n = Double(observationCount)
    var leverages = [Double](repeating: 1 / n, count: observationCount)
    var slopes = [Double](repeating: 0, count: names.count)
    var residuals = outcome.map { $0 - outcomeMean }
    var degrees = 1.0
    for k in decomposition.values.indices {
      let d = decomposition.values[k]
      guard d > 0, penalty > 0 || k < rank else { continue }
      let share = d * d / (d * d + penalty)
      degrees += share
      for j in slopes.indices { slopes[j] += decomposition.rightTransposed[k, j] * share / d * projections[k] }
      for i in residuals.indices {
        let u = decomposition.left[i, k]
        residuals[i] -= u * share * projections[k]
        leverages[i] += u * u * share
      }
    }
    var intercept = outcomeMean
    for j in slopes.indices {
      slopes[j] = scales[j] > 0 ? slopes[j] / scales[j] : 0
      intercept -= slopes[j] * centers[j]
    }
    let sum = Reductions.sum(residuals.map { $0 * $0 })
    let left = 1 - degrees / n
    var errors: [Double] = []
    for i in residuals.indices {
      let free = 1 - leverages[i]
      let error = residuals[i] / free
      errors.append(free > 1e-12 ? error * error : .infinity)
    }
    return Fit(
      penalty: penalty, names: names, intercept: intercept, coefficients: slopes, residuals: residuals,
      residualSumOfSquares: sum, effectiveDegreesOfFreedom: degrees,
      generalizedCrossValidation: left > 1e-12 ? sum / n / (left * left) : .infinity,
      leaveOneOutError: Reductions.mean(errors))
  }

  /// The fits of several penalties.
  public func path(_ penalties: [Double]) throws(ForecastError) -> [Fit] {
    var fits: [Fit] = []
    for penalty in penalties { fits.append(try fit(penalty: penalty)) }
    return fits
  }

  /// The criterion of a penalty: GCV, or the mean squared error over rows left out.
  ///
  /// With folds, the penalty, the scales of the columns and the unit of the penalty are held while intercept and slopes
  /// are refitted, so `folds(count: n)` equals leave-one-out.
  ///
  /// - Throws: `badDesign` for a bad penalty or a number of folds outside 2 ... n.
  public func criterion(_ selection: Selection, penalty: Double) throws(ForecastError) -> Double {
    switch selection {
    case .generalizedCrossValidation: return try fit(penalty: penalty).generalizedCrossValidation
    case .leaveOneOut: return try fit(penalty: penalty).leaveOneOutError
    case .folds(let count):
      try check(penalty: penalty)
      return try foldErrors([penalty], count: count)[0]
    }
  }

  /// The fit with the smallest criterion among the penalties; of equals, the largest penalty.
  ///
  /// - Throws: as ``criterion(_:penalty:)``; `badDesign` for no penalties.
  public func selected(from penalties: [Double], by selection: Selection) throws(ForecastError) -> Fit {
    for penalty in penalties { try check(penalty: penalty) }
    var values: [Double] = []
    if case .folds(let count) = selection {
      values = try foldErrors(penalties, count: count)
    } else {
      for penalty in penalties { values.append(try criterion(selection, penalty: penalty)) }
    }
    var best: Int?
    for k in penalties.indices {
      guard let current = best else {
        best = k
        continue
      }
      let better = values[k] < values[current]
      if better || (values[k] == values[current] && penalties[k] > penalties[current]) { best = k }
    }
    guard let best else { throw .badDesign(model: "ridge regression", reason: "no penalty was given") }
    return try fit(penalty: penalties[best])
  }

  /// A hundred penalties, evenly spaced in logarithms, from 1e-6 to 1e3 times n.
  public var defaultPenalties: [Double] {
    (0..<100).map { k in
      Double(observationCount) * VectorMath.exp((-6 + 9 * Double(k) / 99) * 2.302585092994045684)
    }
  }

  /// The penalty equal to a `lambda` of R's `glmnet(alpha = 0, family = "gaussian")`: n lambda / sd(y), sd by 1/n.
  /// NaN for a constant outcome.
  public func penalty(glmnet lambda: Double) -> Double {
    let n = Double(observationCount)
    let deviation = LinearDesign.length(outcome.map { $0 - outcomeMean }) / n.squareRoot()
    return deviation > 0 ? n * lambda / deviation : .nan
  }

  private func check(penalty: Double) throws(ForecastError) {
    guard penalty >= 0, penalty.isFinite else {
      throw .badDesign(model: "ridge regression", reason: "the penalty is \(penalty), not a finite number >= 0")
    }
  }

  private func foldErrors(_ penalties: [Double], count: Int) throws(ForecastError) -> [Double] {
    let n = observationCount
    guard count >= 2, count <= n else {
      throw .badDesign(model: "ridge regression", reason: "\(count) folds for \(n) rows; use 2 to \(n)")
    }
    var sums = [Double](repeating: 0, count: penalties.count)
    for fold in 0..<count {
      let inside = (0..<n).filter { $0 % count != fold }
      var matrix = Matrix(rowCount: inside.count, columnCount: names.count)
      var means: [Double] = []
      for j in names.indices {
        let values = inside.map { standardized[$0, j] }
        let mean = Reductions.mean(values)
        means.append(mean)
        for (i, value) in values.enumerated() { matrix[i, j] = value - mean }
      }
      let mean = Reductions.mean(inside.map { outcome[$0] })
      do {
        let svd = try matrix.singularValueDecomposition()
        let right = try svd.left.multiplied(by: inside.map { outcome[$0] - mean }, transposed: true)
        let rank = svd.rank(tolerance: 1e-12)
        for row in stride(from: fold, to: n, by: count) {
          let place = try svd.rightTransposed.multiplied(by: names.indices.map { standardized[row, $0] - means[$0] })
          for (index, penalty) in penalties.enumerated() {
            var error = outcome[row] - mean
            for k in svd.values.indices where svd.values[k] > 0 && (penalty > 0 || k < rank) {
              let d = svd.values[k]
              error -= place[k] * d / (d * d + penalty) * right[k]
            }
            sums[index] += error * error
          }
        }
      } catch { throw .badDesign(model: "ridge regression", reason: "\(error)") }
    }
    return sums.map { $0 / Double(n) }
  }
}
