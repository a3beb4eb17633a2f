import NumericKernels

/// A filter and smoother for any linear Gaussian state-space model with a scalar observation.
///
///     y[t] = z[t]' a[t] + e[t],          e[t] ~ N(0, h)
///     a[t+1] = T a[t] + R η[t],          η[t] ~ N(0, diag(q))
///     a[0] = mean + C N(0, I) + D δ,     δ diffuse (of infinite variance)
///
/// Works on roots throughout: the covariance κ D D' + U U' (κ → ∞) is never formed, Givens rotations keep U triangular, and one
/// Householder reflection drops a column of D for every observation that meets it (the exact initial filter in array form; see
/// ``KalmanPass``). Compared with augmenting the state by δ and solving for it at the end (de Jong 1991), nothing has to be
/// collapsed when the diffuse phase ends; compared with the covariance form, no variance is the difference of two others.
///
/// Costs O(m²) a step where T is nearly triangular (trends, lagged seasons), O(m³) at worst, for m states; meant for m up to about 30.
///
/// ```swift
/// let filter = try SquareRootKalmanFilter(
///   transition: Matrix(rows: [[1, 1], [0, 1]]), shockLoadings: .identity(2), shockVariances: [0.5, 0.1],
///   observation: Matrix(rows: [[1, 0]]), observationVariance: 1, diffuse: .identity(2))
/// let run = try filter.run([1, 2, .nan, 4.5])
/// run.logLikelihood
/// ```
///
/// Source: Durbin and Koopman (2012), Time Series Analysis by State Space Methods, chapters 4 to 7.
public struct SquareRootKalmanFilter: Sendable {
  public let stateCount: Int
  private let base: StateSpaceSystem
  private let observation: Matrix

  /// - Parameters:
  ///   - transition: T, m x m.
  ///   - shockLoadings: R, m x r.
  ///   - shockVariances: q, r of them.
  ///   - observation: one row z' for all periods, or a row for each.
  ///   - observationVariance: h
  ///   - initialMean: zeros if empty.
  ///   - initialRoot: C, with m rows; nil for none.
  ///   - diffuse: D, with m rows; nil for none.
  /// - Throws: `badDesign` for sizes that do not fit, values that are not finite, or negative variances.
  public init(
    transition: Matrix, shockLoadings: Matrix, shockVariances: [Double], observation: Matrix,
    observationVariance: Double, initialMean: [Double] = [], initialRoot: Matrix? = nil, diffuse: Matrix? = nil
  ) throws(ForecastError) {
    let m = transition.rowCount
    let matrices = [transition, shockLoadings, observation, initialRoot, diffuse].compactMap { $0 }
    let fits =
      m > 0 && transition.columnCount == m && shockLoadings.rowCount == m && observation.columnCount == m
      && observation.rowCount >= 1 && shockLoadings.columnCount == shockVariances.count
      && (initialRoot?.rowCount ?? m) == m && (diffuse?.rowCount ?? m) == m
      && (initialMean.isEmpty || initialMean.count == m)
    guard fits else {
      throw .badDesign(model: Self.name, reason: "the sizes of its matrices do not fit each other")
    }
    guard matrices.allSatisfy({ $0.storage.allSatisfy(\.isFinite) }), initialMean.allSatisfy(\.isFinite),
      (shockVariances + [observationVariance]).allSatisfy({ $0.isFinite && $0 >= 0 })
    else {
      throw .badDesign(model: Self.name, reason: "values must be finite and variances not negative")
    }
    var system = StateSpaceSystem(stateCount: m)
    for i in 0..<m { system.transitionRows.append(system.addVector(Self.entries(transition.row(i)))) }
    for k in 0..<shockLoadings.columnCount {
      system.shockVectors.append(system.addVector(Self.entries(shockLoadings.column(k))))
    }
    system.shockVariances = shockVariances
    system.noiseVariance = observationVariance
    if !initialMean.isEmpty { system.initialMean = initialMean }
    for k in 0..<(initialRoot?.columnCount ?? 0) {
      system.initialVectors.append(system.addVector(Self.entries(initialRoot?.column(k) ?? [])))
      system.initialVariances.append(1)
    }
    for k in 0..<(diffuse?.columnCount ?? 0) {
      system.diffuseVectors.append(system.addVector(Self.entries(diffuse?.column(k) ?? [])))
    }
    stateCount = m
    base = system
    self.observation = observation
  }

  private static let name = "SquareRootKalmanFilter"

  private static func entries(_ values: [Double]) -> [(index: Int, value: Double)] {
    values.enumerated().map { ($0.offset, $0.element) }
  }

  /// A series run through the filter.
  public struct Run: Sendable {
    /// The diffuse log-likelihood, as ``StructuralModel/logLikelihood``.
    public let logLikelihood: Double
    /// One-step errors; NaN where the observation is missing or fixes a diffuse direction.
    public let errors: [Double]
    /// Their variances, NaN likewise.
    public let errorVariances: [Double]
    /// a[t] given observations before t, for t = 0 ... n: n + 1 rows. While the start is diffuse, the part that is known.
    public let predictedStates: Matrix
    /// Directions that no observation has fixed; states, errors and variances then ignore them.
    public let openDirections: Int
    private let system: StateSpaceSystem
    private let pass: KalmanPass

    fileprivate init(_ system: StateSpaceSystem, _ pass: KalmanPass) {
      let (m, n) = (system.stateCount, system.periodCount)
      var errors = [Double](repeating: .nan, count: n)
      var variances = errors
      var states = Matrix(rowCount: n + 1, columnCount: m)
      for t in 0..<n {
        for e in system.eventStart[t]..<system.eventStart[t + 1] where pass.kinds[e] == .ordinary {
          errors[t] = pass.errors[e]
          variances[t] = pass.variances[e]
        }
        for i in 0..<m { states[t, i] = pass.states[t * m + i] }
      }
      for i in 0..<m { states[n, i] = pass.endState[i] }
      self.errors = errors
      errorVariances = variances
      predictedStates = states
      logLikelihood = -0.5 * pass.deviance
      openDirections = pass.openDirections
      self.system = system
      self.pass = pass
    }

    /// The covariance of a[t] given observations before t, t in 0 ... n, without its diffuse part; nil out of range.
    public func predictedCovariance(_ t: Int) -> Matrix? {
      let (m, n) = (system.stateCount, system.periodCount)
      guard (0...n).contains(t) else { return nil }
      let root = t == n ? pass.endRoot : Array(pass.roots[t * m * m..<(t + 1) * m * m])
      var result = Matrix(rowCount: m, columnCount: m)
      for k in 0..<m { for j in 0..<m { for i in 0..<m { result[i, j] += root[k * m + i] * root[k * m + j] } } }
      return result
    }

    /// a[t] given all observations (a row for each of n periods), and its covariances.
    ///
    /// Where the observations leave a direction open, its variance is infinite and not shown.
    public func smoothed() -> (states: Matrix, covariances: [Matrix]) {
      let smoother = KalmanSmoother(system, pass)
      let (m, n) = (system.stateCount, system.periodCount)
      var states = Matrix(rowCount: n, columnCount: m)
      var covariances = [Matrix](repeating: Matrix(rowCount: m, columnCount: m), count: n)
      for t in 0..<n {
        for i in 0..<m { states[t, i] = smoother.states[t * m + i] }
        covariances[t].storage = Array(smoother.covariances[t * m * m..<(t + 1) * m * m])
      }
      return (states, covariances)
    }
  }

  /// Filters a series; NaN is missing.
  ///
  /// - Throws: `nonFinite` for an infinite value; `badDesign` if the observation has rows of its own and not as many, or a value
  ///   contradicts the model (it was certain).
  public func run(_ series: [Double]) throws(ForecastError) -> Run {
    guard observation.rowCount == 1 || observation.rowCount == series.count else {
      throw .badDesign(
        model: Self.name, reason: "the observation has \(observation.rowCount) rows for \(series.count) periods")
    }
    var system = base
    let constant = observation.rowCount == 1 ? system.addVector(Self.entries(observation.row(0))) : -1
    for (t, value) in series.enumerated() {
      guard !value.isInfinite else { throw .nonFinite(model: Self.name, position: t + 1) }
      if !value.isNaN {
        let vector = constant >= 0 ? constant : system.addVector(Self.entries(observation.row(t)))
        system.addEvent(vector: vector, value: value, noise: 1)
      }
      system.endPeriod()
    }
    let pass = KalmanPass(system, detail: .states)
    if let event = pass.contradiction {
      throw .badDesign(model: Self.name, reason: "value \(event + 1) of those observed was certain to be another")
    }
    return Run(system, pass)
  }
}
