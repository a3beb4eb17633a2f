/// How the parameters of an ``ETS`` are chosen.
///
/// Always alpha in [0.0001, 0.9999], beta in [0.0001, alpha], gamma in [0.0001, 1 - alpha], phi in [0.8, 0.98], and within the
/// region where the influence of old observations fades (R's `bounds = "both"`).
public struct ETSEstimation: Equatable, Sendable {
  /// The largest beta.
  public let largestSmoothingTrend: Double
  /// How strongly the initial states of a season are held to those of a classical decomposition: the search adds half of this
  /// times the squared differences, in units of the mean absolute change, to minus the log likelihood. The likelihood that is
  /// reported and the information criteria do not contain it.
  public let seasonStiffness: Double

  /// - Parameters:
  ///   - largestSmoothingTrend: moved into [0.0001, 0.9999].
  ///   - seasonStiffness: 0 for none.
  public init(largestSmoothingTrend: Double, seasonStiffness: Double = 0) {
    self.largestSmoothingTrend = min(max(largestSmoothingTrend, Self.smallest), Self.largest)
    self.seasonStiffness = max(seasonStiffness, 0)
  }

  /// The most likely parameters in R's bounds, from several starts.
  public static let maximumLikelihood = ETSEstimation(largestSmoothingTrend: largest)

  /// Maximum likelihood with two restraints that make better forecasts.
  ///
  /// beta is at most 0.1 over the root of the period: a slope that chases the last few changes extrapolates badly, and its
  /// likelihood does not say so. The initial season stays near its decomposition: with a state for every season the likelihood
  /// otherwise buys a good start of the series with a bad end. Both sizes are empirical, from yearly, quarterly and monthly
  /// competition series; the bound follows from the data's habit, not from theory.
  public static func steady(seasonalPeriod: Int) -> ETSEstimation {
    ETSEstimation(
      largestSmoothingTrend: 0.1 / Double(max(seasonalPeriod, 1)).squareRoot(), seasonStiffness: 30)
  }

  /// Whether one start is enough for forms with a season: its states are held near it anyway.
  var startsAtDecomposition: Bool { seasonStiffness > 0 }

  static let smallest = 0.0001
  static let largest = 0.9999
  static let dampingRange = 0.8...0.98
}
