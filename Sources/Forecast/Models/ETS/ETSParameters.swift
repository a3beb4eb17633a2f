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
