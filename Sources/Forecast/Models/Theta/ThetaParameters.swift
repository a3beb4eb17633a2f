/// The parameters of a theta model.
public struct ThetaParameters: Equatable, Sendable {
  /// alpha, in 0.1 ... 0.99 when estimated.
  public var smoothingLevel: Double
  /// The weight of the line, 1 - 1 / theta, in 0 ... 1: 1/2 for theta = 2.
  public var lineWeight: Double
  /// The level before the first observation, in the unit of the series. It has no effect on forecasts but through (1 -
  /// alpha)^n.
  public var initialLevel: Double

  public init(smoothingLevel: Double, lineWeight: Double, initialLevel: Double) {
    self.smoothingLevel = smoothingLevel
    self.lineWeight = lineWeight
    self.initialLevel = initialLevel
  }

  /// theta; infinite for a line weight of 1.
  public var theta: Double { 1 / (1 - lineWeight) }
}
