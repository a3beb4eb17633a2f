import NumericKernels

/// The predictive distribution of a model, step by step.
///
/// A Gaussian one is its mean and deviations. Of any other (multiplicative errors, bootstrapped shocks) the model adds simulated
/// paths, whose quantiles then stand for the distribution; mean and deviations may still be exact.
public struct Prediction: Equatable, Sendable {
  /// Point forecasts of steps 1 ... horizon: expectations, or what the model's field calls its point forecast.
  public var mean: [Double]
  /// Standard deviations of the forecast errors; infinite where a variance does not exist, NaN where a model gives none.
  public var deviations: [Double]
  /// Simulated paths; nil for a Gaussian distribution.
  public var paths: SimulatedPaths?

  /// - Precondition: equal lengths, and as many steps in `paths`.
  public init(mean: [Double], deviations: [Double], paths: SimulatedPaths? = nil) {
    precondition(mean.count == deviations.count && (paths.map { $0.horizon == mean.count } ?? true))
    self.mean = mean
    self.deviations = deviations
    self.paths = paths
  }

  public var horizon: Int { mean.count }

  /// Whether every mean and deviation is a finite number.
  public var isFinite: Bool { mean.allSatisfy(\.isFinite) && deviations.allSatisfy(\.isFinite) }

  /// The quantile of each step: of the paths if there are any, else Gaussian.
  ///
  /// - Parameter probability: strictly between 0 and 1.
  public func quantiles(_ probability: Double) -> [Double] {
    precondition(probability > 0 && probability < 1, "a quantile needs a probability between 0 and 1")
    if let paths { return (0..<horizon).map { paths.quantile(probability, step: $0) } }
    let z = VectorMath.normalQuantile(probability)
    return zip(mean, deviations).map { $0 + z * $1 }
  }

  /// The central interval of each step, for a level such as 0.95.
  public func interval(level: Double) -> (lower: [Double], upper: [Double]) {
    (quantiles(0.5 * (1 - level)), quantiles(0.5 * (1 + level)))
  }

  /// The distribution of the later steps alone.
  func dropping(first count: Int) -> Prediction {
    var later: SimulatedPaths?
    if let paths {
      var kept = SimulatedPaths(horizon: horizon - count, count: paths.count)
      kept.values = Array(paths.values[(count * paths.count)...])
      later = kept
    }
    return Prediction(mean: Array(mean[count...]), deviations: Array(deviations[count...]), paths: later)
  }
}
