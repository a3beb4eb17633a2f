import NumericKernels

/// Quantiles of standardised errors: how many scales a band reaches below and above the point forecast.
///
/// The error of y against the forecast c with scale s is 2 (sqrt(y/c) - 1) c / s where both are positive, else (y - c) / s. The
/// first keeps lower bounds of positive series at 0 or above.
package struct BandFactors: Equatable, Sendable {
  /// Probabilities of ``quantiles``, ascending.
  package static let probabilities = [0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.995]
  package private(set) var quantiles: [Double]

  /// What the developers' series gave to the combination.
  static func shipped(seasonalPeriod: Int) -> BandFactors {
    let quantiles = [-5.6, -3.8, -2.95, -2.1, -1.0, 0.1, 1.2, 2.5, 3.5, 4.6, 7.0]
    let width = seasonalPeriod >= 12 ? 0.93 : 1
    return BandFactors(quantiles: quantiles.map { width * $0 })
  }

  /// Those of normal errors.
  package static let gaussian = BandFactors(quantiles: probabilities.map { VectorMath.normalQuantile($0) })

  /// How far a file's own quantiles count at most: what its last years had in common is not all that can happen.
  static let mostTrust = 0.6

  /// How many series given quantiles count for when a file's own are blended with them.
  static let priorSeries = 20.0

  package static func standardized(_ actual: Double, forecast: Double, scale: Double, isPositive: Bool) -> Double {
    guard scale > 0 else { return actual == forecast ? 0 : actual > forecast ? .infinity : -.infinity }
    guard isPositive, forecast > 0, actual >= 0 else { return (actual - forecast) / scale }
    return 2 * ((actual / forecast).squareRoot() - 1) * forecast / scale
  }

  /// The value at a factor.
  package static func bound(_ factor: Double, forecast: Double, scale: Double, isPositive: Bool) -> Double {
    guard isPositive, forecast > 0 else { return forecast + factor * scale }
    let root = max(0, 1 + factor * scale / (2 * forecast))
    return forecast * root * root
  }

  /// The factor of a probability: piecewise linear in the standard normal scores, straight beyond the ends.
  package func factor(_ probability: Double) -> Double {
    let scores = Self.probabilities.map { VectorMath.normalQuantile($0) }
    let z = VectorMath.normalQuantile(probability)
    var upper = 1
    while upper < scores.count - 1 && scores[upper] < z { upper += 1 }
    let share = (z - scores[upper - 1]) / (scores[upper] - scores[upper - 1])
    return quantiles[upper - 1] + share * (quantiles[upper] - quantiles[upper - 1])
  }

  /// Quantiles of the pooled errors of `series` series, blended with these as if these were those of twenty more.
  package func blended(with errors: [Double], series: Int) -> BandFactors {
    let usable = errors.filter { !$0.isNaN }
    guard !usable.isEmpty else { return self }
    let own = Quantiles.of(usable, Self.probabilities)
    guard own.allSatisfy(\.isFinite) else { return self }
    let share = Self.mostTrust * Double(series) / (Double(series) + Self.priorSeries)
    return BandFactors(quantiles: zip(own, quantiles).map { share * $0 + (1 - share) * $1 })
  }
}
