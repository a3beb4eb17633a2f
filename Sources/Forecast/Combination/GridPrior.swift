import NumericKernels

/// Weights of the cells of a ``SmootherGrid``: what the series says, on a prior that the file's series share.
///
/// A cell's weight in a series is pi (loss + 0.05)^(-N/4), normalised, N the number of origins: the density of a Laplace
/// mixture raised to a quarter, because overlapping multi-step errors are not independent. The prior pi is the fixed point of
/// averaging the weights over the file's series, held 5% from every cell, and then blended with a shipped prior that counts as
/// twenty series.
enum GridPrior {
  /// One list of losses and the number of origins behind them.
  struct Evidence: Sendable {
    /// (loss + 0.05) to the power of -N/4, scaled to a largest one of 1.
    let likelihoods: [Double]

    init(losses: [Double], originCount: Int) {
      let power = -0.25 * Double(originCount)
      let logs = VectorMath.log(losses.map { $0 + 0.05 }).map { $0 * power }
      let largest = logs.max() ?? 0
      likelihoods = VectorMath.exp(logs.map { $0 - largest })
    }

    /// Weights that add up to 1.
    func weights(prior: [Double]) -> [Double] {
      let raw = zip(prior, likelihoods).map { $0 * $1 }
      let total = raw.reduce(0, +)
      return total > 0 ? raw.map { $0 / total } : prior
    }
  }

  /// The prior learned from the series of a file.
  ///
  /// - Parameters:
  ///   - evidence: of each series, in an order that does not depend on that of the file.
  ///   - shipped: adds up to 1.
  static func learned(_ evidence: [Evidence], shipped: [Double]) -> [Double] {
    guard !evidence.isEmpty else { return shipped }
    let count = shipped.count
    var prior = Array(repeating: 1 / Double(count), count: count)
    for _ in 0..<30 {
      var sums = Array(repeating: 0.0, count: count)
      for one in evidence {
        let weights = one.weights(prior: prior)
        for cell in 0..<count { sums[cell] += weights[cell] }
      }
      for cell in 0..<count { prior[cell] = 0.95 * sums[cell] / Double(evidence.count) + 0.05 / Double(count) }
    }
    let own = Double(evidence.count) / (Double(evidence.count) + 20)
    return zip(prior, shipped).map { own * $0 + (1 - own) * $1 }
  }

  /// The prior that the developers' series gave: the product of a part by smoothing level and one by trend.
  static func shipped(onLogs: Bool, seasonalPeriod: Int) -> [Double] {
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
