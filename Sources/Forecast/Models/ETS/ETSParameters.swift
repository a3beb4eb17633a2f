/// The smoothing parameters of an ``ETS``.
public struct ETSParameters: Equatable, Sendable {
  /// alpha
  public var smoothingLevel: Double
  /// beta, as in b' = phi b + beta e; 0 without a trend.
  public var smoothingTrend: Double
  /// gamma; 0 without a season.
  public var smoothingSeason: Double
  /// phi; 1 for a trend that is not damped and for no trend.
  public var damping: Double

  public init(
    smoothingLevel: Double, smoothingTrend: Double = 0, smoothingSeason: Double = 0, damping: Double = 1
  ) {
    self.smoothingLevel = smoothingLevel
    self.smoothingTrend = smoothingTrend
    self.smoothingSeason = smoothingSeason
    self.damping = damping
  }
}

/// Where the smoothing parameters are searched for.
///
/// Always alpha in [0.0001, 0.9999], beta in [0.0001, alpha], gamma in [0.0001, 1 - alpha], phi in [0.8, 0.98], and within the
/// region where the influence of old observations fades (R's `bounds = "both"`).
public struct ETSBounds: Equatable, Sendable {
  /// The largest beta.
  public var largestSmoothingTrend: Double

  public init(largestSmoothingTrend: Double = 0.9999) {
    self.largestSmoothingTrend = min(max(largestSmoothingTrend, 0.0001), 0.9999)
  }

  /// As R's `ets`.
  public static let usual = ETSBounds()

  /// beta at most 0.2: a slope that chases the last few changes extrapolates badly, and its likelihood does not say so.
  public static let steady = ETSBounds(largestSmoothingTrend: 0.2)

  package static let smallest = 0.0001
  package static let largest = 0.9999
  package static let dampingRange = 0.8...0.98
}
