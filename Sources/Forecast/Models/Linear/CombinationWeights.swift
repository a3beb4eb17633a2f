/// Weights of a combination's members.
public enum CombinationWeights {
  /// Equal weights for `count` members.
  public static func equal(_ count: Int) -> [Double] { Array(repeating: 1 / Double(max(count, 1)), count: count) }

  /// Weights from the members' mean absolute rolling-origin errors, shrunk to equal ones.
  ///
  /// w_i ~ (error_i / smallest error)^-4, divided by their sum; then n / (n + 20) of that and the rest equal, with n the number
  /// of origins. One series has few origins, and its past winner is seldom the next one: with 5 origins a fifth of the weight
  /// follows the evidence.
  ///
  /// - Parameters:
  ///   - meanAbsoluteErrors: one per member, over the same origins and steps. Members whose error is not finite (never fitted)
  ///     keep only the equal part.
  ///   - origins: how many origins they rest on.
  public static func fromErrors(_ meanAbsoluteErrors: [Double], origins: Int) -> [Double] {
    let usable = meanAbsoluteErrors.filter { $0.isFinite && $0 >= 0 }
    let base = equal(meanAbsoluteErrors.count)
    guard let smallest = usable.min(), origins > 0 else { return base }
    let raw = meanAbsoluteErrors.map { error -> Double in
      guard error.isFinite, error >= 0 else { return 0 }
      if error == smallest { return 1 }
      let ratio = smallest / error
      return ratio * ratio * ratio * ratio
    }
    let total = raw.reduce(0, +)
    let evidence = Double(origins) / (Double(origins) + 20)
    return zip(raw, base).map { evidence * $0 / total + (1 - evidence) * $1 }
  }
}
