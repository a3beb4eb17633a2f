import NumericKernels

/// M-estimation of a linear regression: observations with large errors lose weight.
///
///     solve  sum of psi((y[i] - x[i]'b) / s) x[i] = 0,   s = median |y - x'b| / 0.6745,
///
/// by iteratively reweighted least squares, the scale s taken anew at every step, as R's `MASS::rlm`. Huber's psi
/// limits the influence of an error, Tukey's bisquare removes it altogether beyond c scales. Huber starts from least
/// squares; the bisquare, which can have several solutions, starts from Huber's.
///
/// ```swift
/// let fit = try RobustRegression(outcome: investment, regressors: columns, loss: .bisquare())
/// let table = fit.table  // fit.weights near 0 name the rows that do not follow the others
/// ```
///
/// Edge cases: when at least half of the errors are zero the scale is 0 and the iteration stops there, with standard
/// errors 0; aliased columns are dropped and named, as in ``LinearRegression``. Rows far away in x keep their pull: an
/// M-estimator protects against odd outcomes, not against odd regressors.
///
/// Sources: Huber, "Robust Statistics" (1981), 7.6 (standard errors with the correction of his (6.5)); Beaton and Tukey,
/// Technometrics 16 (1974).
public struct RobustRegression: Sendable {
  public enum Loss: Equatable, Sendable {
    /// psi(u) = u within ± k, ± k beyond; 95% efficient for normal errors at 1.345.
    case huber(k: Double = 1.345)
    /// psi(u) = u (1 - (u/c)²)² within ± c, 0 beyond; 95% efficient at 4.685.
    case bisquare(c: Double = 4.685)

    /// psi(u) / u.
    func weight(_ u: Double) -> Double {
      switch self {
      case .huber(let k): return abs(u) <= k ? 1 : k / abs(u)
      case .bisquare(let c):
        let t = min(1, abs(u / c))
        return (1 - t * t) * (1 - t * t)
      }
    }

    func derivative(_ u: Double) -> Double {
      switch self {
      case .huber(let k): return abs(u) <= k ? 1 : 0
      case .bisquare(let c):
        let t = u / c * (u / c)
        return t < 1 ? (1 - t) * (1 - 5 * t) : 0
      }
    }

    var constant: Double {
      switch self {
      case .huber(let k): return k
      case .bisquare(let c): return c
      }
    }
  }

  public let names: [String]
  public let coefficients: [Double]
  public let aliased: [String]
  public let loss: Loss
  public let residuals: [Double]
  /// The weight of each row in the last step, 0 to 1.
  public let weights: [Double]
  /// The median of |residual| / 0.6745.
  public let scale: Double
  /// The deviation that standard errors rest on: sqrt(sum (w e)² / (n - p)) kappa / mean(psi').
  public let standardDeviation: Double
  public let iterations: Int
  /// Coefficients with asymptotic standard errors (those of `summary.rlm`); p values from the normal law.
  public let table: CoefficientTable

  /// - Throws: `badDesign` (lengths, names, a constant that is not positive), `nonFinite`, `tooFewObservations` with no
  ///   degree of freedom, `noConvergence`.
  public init(
    outcome: [Double], regressors: [RegressionColumn], loss: Loss = .huber(), intercept: Bool = true,
    maximumIterations: Int = 2000
  ) throws(ForecastError) {
    let model = "robust regression"
    guard loss.constant > 0, loss.constant.isFinite else {
      throw .badDesign(model: model, reason: "the tuning constant is \(loss.constant), not a finite number > 0")
    }
    let design = try LinearDesign(outcome: outcome, regressors: regressors, intercept: intercept, model: model)
    let n = design.rowCount
    let p = design.columnCount
    guard n > p else { throw .tooFewObservations(model: model, needed: p + 1, found: n) }
    var state = State(coefficients: design.leastSquares.coefficients, design: design)
    if case .bisquare = loss { try state.iterate(.huber(), design: design, limit: maximumIterations) }
    try state.iterate(loss, design: design, limit: maximumIterations)

    names = design.names
    aliased = design.aliased
    coefficients = state.coefficients
    residuals = state.residuals
    scale = state.scale
    iterations = state.iterations
    self.loss = loss
    let standardized = state.residuals.map { state.scale > 0 ? $0 / state.scale : 0 }
    weights = state.scale > 0 ? standardized.map(loss.weight) : [Double](repeating: 1, count: n)
    var deviation = 0.0
    if state.scale > 0 {
      let influence = zip(state.residuals, weights).map { $0 * $1 }
      let variance = Reductions.sum(influence.map { $0 * $0 }) / Double(n - p)
      let slopes = standardized.map(loss.derivative)
      let mean = Reductions.mean(slopes)
      let kappa = 1 + Double(p) * Reductions.variance(slopes) / (Double(n) * mean * mean)
      deviation = variance.squareRoot() * kappa / mean
    }
    standardDeviation = deviation
    var covariance = try design.inverseGram()
    for index in covariance.storage.indices { covariance.storage[index] *= deviation * deviation }
    table = CoefficientTable(
      names: design.names, estimates: state.coefficients, covariance: covariance, aliased: design.aliased,
      reference: .normal)
  }

  private struct State {
    var coefficients: [Double]
    var residuals: [Double]
    var scale: Double
    var iterations = 0
    /// Size of the outcome's rounding errors.
    let floor: Double

    init(coefficients: [Double], design: LinearDesign) {
      self.coefficients = coefficients
      residuals = design.residuals(coefficients)
      floor = 1e-14 * design.outcome.reduce(0) { max($0, abs($1)) }
      scale = 0
      scale = medianScale()
    }

    func medianScale() -> Double {
      let value = Quantiles.median(residuals.map { abs($0) }) / 0.6745
      return value > floor ? value : 0
    }

    mutating func iterate(_ loss: Loss, design: LinearDesign, limit: Int) throws(ForecastError) {
      for _ in 0..<limit {
        guard scale > 0 else { return }
        let s = scale
        let next = try design.weightedSolution(residuals.map { loss.weight($0 / s) })
        let nextResiduals = design.residuals(next)
        let change = LinearDesign.length(zip(nextResiduals, residuals).map { $0 - $1 })
        let size = LinearDesign.length(nextResiduals)
        coefficients = next
        residuals = nextResiduals
        scale = medianScale()
        iterations += 1
        // Rounding of the outcome bounds how still the residuals can get.
        if change <= 1e-12 * size + floor * Double(design.rowCount).squareRoot() { return }
      }
      guard scale > 0 else { return }
      throw .noConvergence(model: design.model, iterations: limit)
    }
  }
}
