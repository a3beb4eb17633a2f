import NumericKernels

/// Weights of the cells of a ``SmootherGrid``: what the series says, on a prior that the developers' series gave.
///
/// A cell's weight is pi (loss + 0.05)^(-N/4), normalised, with N the number of origins: the density of a Laplace mixture raised to
/// a quarter, because overlapping multi-step errors are not independent. A prior learned from the file at hand was tried and
/// dropped: it follows what the file's last years had in common, and the next years do not.
enum GridWeights {
  /// Weights that add up to 1.
  ///
  /// - Parameters:
  ///   - losses: one per cell of `prior`.
  ///   - prior: adds up to 1.
  static func of(losses: [Double], originCount: Int, prior: [Double]) -> [Double] {
    let power = -0.25 * Double(originCount)
    let logs = VectorMath.log(losses.map { $0 + 0.05 }).map { $0 * power }
    let largest = logs.max() ?? 0
    let raw = zip(prior, VectorMath.exp(logs.map { $0 - largest })).map { $0 * $1 }
    let total = raw.reduce(0, +)
    return total > 0 ? raw.map { $0 / total } : prior
  }

  /// The product of a part by smoothing level and one by trend.
  static func prior(onLogs: Bool, seasonalPeriod: Int) -> [Double] {
    let (levels, trends) =
      switch (onLogs, seasonalPeriod >= 12) {
      case (false, false):
        (
          [0.03, 0.03, 0.05, 0.08, 0.15, 0.30, 0.36],
          [0.06, 0.06, 0.30, 0.04, 0.03, 0.13, 0.03, 0.03, 0.18, 0.02, 0.02, 0.10]
        )
      case (false, true):
        (
          [0.26, 0.16, 0.21, 0.19, 0.10, 0.05, 0.03],
          [0.31, 0.18, 0.20, 0.07, 0.04, 0.04, 0.03, 0.03, 0.02, 0.03, 0.04, 0.02]
        )
      case (true, false):
        (
          [0.03, 0.03, 0.05, 0.07, 0.15, 0.30, 0.37],
          [0.06, 0.20, 0.19, 0.06, 0.05, 0.15, 0.05, 0.05, 0.11, 0.03, 0.04, 0.02]
        )
      case (true, true):
        (
          [0.26, 0.17, 0.21, 0.19, 0.10, 0.05, 0.03],
          [0.29, 0.24, 0.15, 0.07, 0.05, 0.03, 0.04, 0.03, 0.02, 0.03, 0.04, 0.01]
        )
      }
    let product = trends.flatMap { trend in levels.map { trend * $0 } }
    let total = product.reduce(0, +)
    return product.map { $0 / total }
  }
}
