import NumericKernels
import Synchronization

/// What is reported of one indicator in one year under one scenario.
public struct NodeStatistics: Sendable, Equatable {
  public var mean: Double
  /// In the order of ``probabilities``.
  public var quantiles: [Double]
  /// Median and mean of the draw-by-draw difference to the baseline; nil for the baseline itself.
  public var change: Double?
  public var changeMean: Double?

  public static let probabilities = [0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975]
  public static let names = ["p025", "p05", "p10", "p25", "median", "p75", "p90", "p95", "p975"]

  public var median: Double { quantiles[4] }
  /// The ends of the 80% interval.
  public var interval80: (low: Double, high: Double) { (quantiles[2], quantiles[6]) }
}

extension EngineRun {
  /// Reduces a table to statistics, by node and grid year.
  ///
  /// Nodes that the scenario cannot change take the baseline's statistics with change 0.
  ///
  /// - Parameter baselineStatistics: nil for the baseline itself.
  func statistics(_ values: ScenarioDraws, baselineStatistics: [[NodeStatistics]]?) throws -> [[NodeStatistics]] {
    let years = model.grid.count
    let results = Mutex([NodeStatistics?](repeating: nil, count: model.nodes.count * years))
    let (baseline, nodes) = (baseline, model.nodes.count)
    try parallel(nodes * years) { index in
      let (node, year) = (index / years, index % years)
      let result: NodeStatistics
      if let baselineStatistics, !values.affected[node] {
        var same = baselineStatistics[node][year]
        same.change = 0
        same.changeMean = 0
        result = same
      } else {
        let draws = values.draws(node, year)
        let mean = Reductions.mean(UnsafeBufferPointer(draws))
        let work = UnsafeMutableBufferPointer<Double>.allocate(capacity: draws.count)
        defer { work.deallocate() }
        _ = work.initialize(fromContentsOf: draws)
        let quantiles = Quantiles.select(work, NodeStatistics.probabilities)
        var statistics = NodeStatistics(mean: mean, quantiles: quantiles, change: nil, changeMean: nil)
        if baselineStatistics != nil {
          let base = baseline.draws(node, year)
          for d in work.indices { work[d] = draws[d] - base[d] }
          statistics.changeMean = Reductions.mean(UnsafeBufferPointer(work))
          statistics.change = Quantiles.select(work, [0.5])[0]
        }
        result = statistics
      }
      results.withLock { $0[index] = result }
    }
    let flat = results.withLock { $0 }
    return (0..<nodes).map { node in (0..<years).compactMap { flat[node * years + $0] } }
  }

  /// Means by node and grid year.
  func means(_ values: ScenarioDraws, baselineMeans: [[Double]]) -> [[Double]] {
    model.nodes.indices.map { node in
      guard values.affected[node] else { return baselineMeans[node] }
      return model.grid.indices.map { Reductions.mean(UnsafeBufferPointer(values.draws(node, $0))) }
    }
  }
}
