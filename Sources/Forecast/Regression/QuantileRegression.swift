import NumericKernels

/// Linear quantile regression: the line that leaves a given share of the outcomes below it.
///
///     minimise over b the sum of check(y[i] - x[i]'b),  check(r) = r (probability - [r < 0])
///
/// ```swift
/// let median = try QuantileRegression(outcome: visits, regressors: columns, probability: 0.5)
/// let table = try median.table(.sparsity)
/// ```
///
/// The solution is a vertex: as many residuals are exactly zero as there are columns (see ``interpolatedRows``). Edge
/// cases: when several vertices are equally good (an even number of equal rows at the median, say), one of them is
/// given; aliased columns are dropped and named; with as many columns as rows every residual is zero and no standard
/// error exists.
///
/// Sources: Koenker and Bassett, Econometrica 46 (1978); Portnoy and Koenker, Statistical Science 12 (1997).
public struct QuantileRegression: Sendable {
  public let probability: Double
  public let names: [String]
  public let coefficients: [Double]
  public let aliased: [String]
  public let residuals: [Double]
  /// The minimised sum of check losses.
  public let objective: Double
  /// Rows with residual zero that determine the coefficients.
  public let interpolatedRows: [Int]
  /// Interior-point steps and pivots.
  public let iterations: Int

  private let design: LinearDesign

  /// How standard errors are estimated; both are sandwiches probability (1 - probability) H⁻¹ X'X H⁻¹ with H = X' diag(f) X
  /// and differ in the densities f of the errors at zero. The bandwidth is that of Hall and Sheather (1988).
  public enum Covariance: Equatable, Sendable {
    /// f from the fits at neighbouring probabilities (Hendricks and Koenker, JASA 87, 1992): "nid" of R's quantreg.
    case sparsity
    /// f by a normal kernel (Powell, 1991): "ker" of R's quantreg.
    case kernel
  }

  /// - Throws: `badDesign` for a probability outside (0, 1) or a bad design, `nonFinite`, `tooFewObservations`.
  public init(
    outcome: [Double], regressors: [RegressionColumn], probability: Double = 0.5, intercept: Bool = true
  ) throws(ForecastError) {
    let design = try LinearDesign(
      outcome: outcome, regressors: regressors, intercept: intercept, model: "quantile regression")
    try self.init(design: design, probability: probability)
  }

  init(design: LinearDesign, probability: Double) throws(ForecastError) {
    guard probability > 0, probability < 1 else {
      throw .badDesign(model: design.model, reason: "the probability is \(probability); it must lie between 0 and 1")
    }
    let svd = try design.decomposition()
    let solution: QuantileRegressionSolver.Solution
    let p = design.columnCount
    func coefficients(_ coordinates: [Double]) throws(LinearAlgebraError) -> [Double] {
      let scaled = coordinates.indices.map { coordinates[$0] / svd.values[$0] }
      let solved = try svd.rightTransposed.multiplied(by: scaled, transposed: true)
      return solved.indices.map { solved[$0] / design.lengths[$0] }
    }
    do {
      solution = try QuantileRegressionSolver(
        basis: svd.left, outcome: design.outcome, probability: probability
      ).solve()
      var b = try coefficients(solution.coordinates)
      let rows = solution.interpolated
      if rows.count == p {
        // Refined on the data themselves, so that the interpolated residuals are zero to rounding.
        let square = Matrix(
          rows: rows.map { row in (0..<p).map { design.columns[$0][row] / design.lengths[$0] } })
        let factor = try square.qr(tolerance: 1e-15)
        if factor.rank == p {
          for _ in 0..<2 {
            let left = rows.map { row in
              design.outcome[row] - (0..<p).reduce(0) { $0 + design.columns[$1][row] * b[$1] }
            }
            let step = try factor.solve(left)
            for j in b.indices { b[j] += step[j] / design.lengths[j] }
          }
        }
      }
      self.coefficients = b
    } catch { throw .badDesign(model: design.model, reason: "\(error)") }
    self.probability = probability
    self.design = design
    names = design.names
    aliased = design.aliased
    interpolatedRows = solution.interpolated
    iterations = solution.iterations
    var errors = design.residuals(self.coefficients)
    for row in solution.interpolated { errors[row] = 0 }
    residuals = errors
    objective = Reductions.sum(errors.map { $0 * ($0 < 0 ? probability - 1 : probability) })
  }

  /// x'b of every row.
  public var fitted: [Double] { design.fitted(coefficients) }

  /// The bandwidth of Hall and Sheather (JRSS B 50, 1988) in probability at confidence 95%, halved until it fits in
  /// (0, 1):
  ///
  ///     n^(-1/3) z(0.975)^(2/3) (1.5 phi(q)² / (2 q² + 1))^(1/3),  q = the normal quantile of the probability
  public static func bandwidth(probability: Double, count: Int) -> Double {
    guard probability > 0, probability < 1, count > 0 else { return .nan }
    let q = VectorMath.normalQuantile(probability)
    let density = normalDensity(q)
    let z = VectorMath.normalQuantile(0.975)
    let cube = z * z * 1.5 * density * density / (2 * q * q + 1) / Double(count)
    var h = VectorMath.exp(VectorMath.log(cube) / 3)
    while probability - h < 0 || probability + h > 1 { h /= 2 }
    return h
  }

  private static func normalDensity(_ z: Double) -> Double { 0.398942280401432678 * VectorMath.exp(-0.5 * z * z) }

  /// The coefficients with asymptotic standard errors; p values from Student's t with n - p degrees of freedom.
  ///
  /// - Throws: `tooFewObservations` without a degree of freedom, `notIdentified` when too many densities are zero.
  public func table(_ covariance: Covariance = .sparsity) throws(ForecastError) -> CoefficientTable {
    let n = design.rowCount
    let p = design.columnCount
    guard n > p else { throw .tooFewObservations(model: design.model, needed: p + 1, found: n) }
    let h = QuantileRegression.bandwidth(probability: probability, count: n)
    var densities: [Double]
    switch covariance {
    case .sparsity:
      guard probability - h > 0, probability + h < 1 else {
        throw .badDesign(model: design.model, reason: "the probability is too near 0 or 1 for a standard error")
      }
      let above = try QuantileRegression(design: design, probability: probability + h).fitted
      let below = try QuantileRegression(design: design, probability: probability - h).fitted
      // Neighbouring quantiles that touch or cross say nothing of the density there.
      densities = (0..<n).map { i in
        let distance = above[i] - below[i] - 1.4901161193847656e-8
        return distance > 0 ? 2 * h / distance : 0
      }
    case .kernel:
      let quartiles = Quantiles.of(residuals, [0.25, 0.75])
      let spread = min(Reductions.standardDeviation(residuals), (quartiles[1] - quartiles[0]) / 1.34)
      let width =
        (VectorMath.normalQuantile(probability + h) - VectorMath.normalQuantile(probability - h)) * spread
      guard width > 0, width.isFinite else {
        throw .badDesign(model: design.model, reason: "half of the residuals are equal; a kernel has no width here")
      }
      densities = residuals.map { QuantileRegression.normalDensity($0 / width) / width }
    }
    let bread = try design.inverseGram(densities)
    do {
      let meat = Matrix(columns: design.columns).gram
      var sandwich = try bread.multiplied(by: meat).multiplied(by: bread)
      let factor = probability * (1 - probability)
      for index in sandwich.storage.indices { sandwich.storage[index] *= factor }
      return CoefficientTable(
        names: names, estimates: coefficients, covariance: sandwich, aliased: aliased,
        reference: .studentT(degreesOfFreedom: Double(n - p)))
    } catch { throw .badDesign(model: design.model, reason: "\(error)") }
  }
}

/// Quantile regressions of the same data at several probabilities, with a report of where they cross.
///
/// Each is fitted on its own; lines that cross within the data (a lower quantile above a higher one) say that the
/// linear form does not hold there, or that the sample is small.
public struct QuantileProcess: Sendable {
  /// In ascending order of probability.
  public let fits: [QuantileRegression]

  /// A row where the fit of a lower probability lies above that of the next higher one.
  public struct Crossing: Equatable, Sendable {
    public let row: Int
    public let lowerProbability: Double
    public let upperProbability: Double
    /// By how much, in units of the outcome.
    public let excess: Double
  }

  public let crossings: [Crossing]

  /// - Throws: as ``QuantileRegression``; `badDesign` for no probabilities.
  public init(
    outcome: [Double], regressors: [RegressionColumn], probabilities: [Double], intercept: Bool = true
  ) throws(ForecastError) {
    let design = try LinearDesign(
      outcome: outcome, regressors: regressors, intercept: intercept, model: "quantile regression")
    guard !probabilities.isEmpty else { throw .badDesign(model: design.model, reason: "no probability was given") }
    var fits: [QuantileRegression] = []
    for probability in Set(probabilities).sorted() {
      fits.append(try QuantileRegression(design: design, probability: probability))
    }
    let size = 1e-12 * outcome.reduce(0) { max($0, abs($1)) }
    var crossings: [Crossing] = []
    for (lower, upper) in zip(fits, fits.dropFirst()) {
      for (row, pair) in zip(lower.fitted, upper.fitted).enumerated() where pair.0 - pair.1 > size {
        crossings.append(
          Crossing(
            row: row, lowerProbability: lower.probability, upperProbability: upper.probability,
            excess: pair.0 - pair.1))
      }
    }
    self.fits = fits
    self.crossings = crossings
  }

  public var isMonotone: Bool { crossings.isEmpty }
}
