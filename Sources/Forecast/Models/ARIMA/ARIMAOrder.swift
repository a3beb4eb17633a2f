/// The orders of an autoregressive integrated moving average: p autoregressive terms, d differences, q moving-average terms.
///
/// Used for the ordinary part and, in lags of a whole season, for the seasonal part.
public struct ARIMAOrder: Hashable, Sendable {
  public var p: Int
  public var d: Int
  public var q: Int

  public init(_ p: Int, _ d: Int, _ q: Int) {
    self.p = p
    self.d = d
    self.q = q
  }

  /// No terms at all.
  public static let none = ARIMAOrder(0, 0, 0)
}

extension ARIMAOrder: CustomStringConvertible {
  public var description: String { "(\(p),\(d),\(q))" }
}
