import NumericKernels

/// How many years of data it takes before an effect can be told from chance.
public enum Detectability {
  /// Years before and again after a change that a two-sample comparison of means needs to detect `effect` with 80% power at the 5%
  /// level, when single years scatter with `deviation`: n = 2 ((1.96 + 0.84) s / e)².
  ///
  /// - Returns: infinity for no effect.
  public static func years(effect: Double, deviation: Double) -> Double {
    guard effect != 0 else { return .infinity }
    let ratio = (1.959963985 + 0.841621234) * deviation / effect
    return 2 * ratio * ratio
  }
}
