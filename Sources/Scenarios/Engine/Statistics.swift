import NumericKernels

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
  /// Nodes and years that the scenario cannot change take the baseline's statistics with change 0.
  ///
  /// - Parameter baselineStatistics: nil for the baseline itself.
  func statistics(_ values: ScenarioDraws, baselineStatistics: [[NodeStatistics]]?) throws -> [[NodeStatistics]] {
    let (baseline, nodes, years) = (baseline, model.nodes.count, model.grid.count)
    let flat = try map(nodes * years) { index -> NodeStatistics in
      let (node, year) = (index / years, index % years)
      if let baselineStatistics, !values.affects(node, year) {
        var same = baselineStatistics[node][year]
        (same.change, same.changeMean) = (0, 0)
        return same
      }
      let draws = UnsafeBufferPointer(values.draws(node, year))
      var result = NodeStatistics(
        mean: Reductions.mean(draws), quantiles: Quantiles.select(draws, NodeStatistics.probabilities), change: nil,
        changeMean: nil)
      guard baselineStatistics != nil else { return result }
      let base = baseline.draws(node, year)
      withUnsafeTemporaryAllocation(of: Double.self, capacity: draws.count) { change in
        for d in draws.indices { change[d] = draws[d] - base[d] }
        result.changeMean = Reductions.mean(UnsafeBufferPointer(change))
        result.change = Quantiles.select(UnsafeBufferPointer(change), [0.5])[0]
      }
      return result
    }
    return (0..<nodes).map { Array(flat[$0 * years..<($0 + 1) * years]) }
  }

  /// Means by node and grid year.
  func means(_ values: ScenarioDraws, baselineMeans: [[Double]]) -> [[Double]] {
    model.nodes.indices.map { node in
      guard values.affected[node] else { return baselineMeans[node] }
      return model.grid.indices.map { year in
        values.affects(node, year)
          ? Reductions.mean(UnsafeBufferPointer(values.draws(node, year))) : baselineMeans[node][year]
      }
    }
  }
}
