import NumericKernels

/// A number with its Monte Carlo standard error: how much it would differ with another seed.
public struct Estimate: Sendable, Equatable {
  public var value: Double
  public var error: Double

  public init(value: Double, error: Double) {
    self.value = value
    self.error = error
  }

  /// The mean of independent draws; error s / sqrt(n), 0 for a single draw.
  init(_ draws: [Double]) {
    value = Reductions.mean(draws)
    error = draws.count > 1 ? (Reductions.variance(draws) / Double(draws.count)).squareRoot() : 0
  }

  /// The share `hits` / `count` of independent draws: error sqrt(p (1 - p) / n). A share of 0 or 1 has an error too (it may only not
  /// have happened yet): that of half a draw.
  init(hits: Int, of count: Int) {
    let n = Double(max(count, 1))
    value = Double(hits) / n
    let inside = min(max(value, 0.5 / n), 1 - 0.5 / n)
    error = (inside * (1 - inside) / n).squareRoot()
  }

  /// Whether the draws can tell the value from 0 (two standard errors).
  public var isSeparated: Bool { abs(value) > 2 * error && value != 0 }
}
