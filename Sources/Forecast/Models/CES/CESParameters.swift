/// The complex smoothing parameters of ``ComplexExponentialSmoothing``.
public struct CESParameters: Equatable, Sendable {
  /// Real and imaginary part of the level's parameter, alpha.
  public var levelReal: Double
  public var levelImaginary: Double
  /// Real and imaginary part of the season's parameter, beta; 0 where the form has none.
  public var seasonReal: Double
  public var seasonImaginary: Double

  public init(levelReal: Double, levelImaginary: Double, seasonReal: Double = 0, seasonImaginary: Double = 0) {
    self.levelReal = levelReal
    self.levelImaginary = levelImaginary
    self.seasonReal = seasonReal
    self.seasonImaginary = seasonImaginary
  }

  var isFinite: Bool {
    levelReal.isFinite && levelImaginary.isFinite && seasonReal.isFinite && seasonImaginary.isFinite
  }
}
