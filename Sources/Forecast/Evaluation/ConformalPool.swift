/// The scores of several series together, sorted once, for ``ConformalIntervals`` of any of them.
public struct ConformalPool: Equatable, Sendable {
  /// Scores by step, ascending.
  public let steps: [[Double]]

  /// - Parameter series: scores by step of each series; NaN are left out, and a series has no part in steps it lacks.
  public init(_ series: [[[Double]]]) {
    steps = Self.sorted(
      (0..<(series.map(\.count).max() ?? 0)).map { h in series.flatMap { h < $0.count ? $0[h] : [] } })
  }

  static func sorted(_ scores: [[Double]]) -> [[Double]] {
    scores.map { step in step.filter { !$0.isNaN }.sorted() }
  }
}
