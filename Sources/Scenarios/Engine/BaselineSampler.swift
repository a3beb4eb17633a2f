import NumericKernels

/// Draws the baselines of series for a block, with the shocks of world drivers shared.
struct BaselineSampler {
  let model: CompiledModel
  let seed: Dice
  let range: Range<Int>
  /// Shocks that a scenario's world assumption implies, by driver and calendar year; they replace the driver's own.
  let assumed: [String: [Int: Double]]

  /// Samples one series on the transformed scale.
  ///
  /// - Parameter assumedPath: for a driver whose path the scenario states: its values by grid year.
  func sample(_ baseline: SeriesBaseline, assumedPath: [Double]?, into output: [UnsafeMutableBufferPointer<Double>]) {
    baseline.sample(
      grid: model.grid, seed: seed, range: range, worldShock: worldShock,
      ownShift: { model.correlations.shift(of: baseline.indicator, year: $0, seed: seed, range: range) }, into: output)
    guard let assumedPath else { return }
    for (year, buffer) in output.enumerated() where model.grid[year] > baseline.lastYear {
      buffer.update(repeating: baseline.transform.forward(assumedPath[year]))
    }
  }

  private func worldShock(_ driver: String, _ year: Int) -> [Double]? {
    if let shock = assumed[driver]?[year] { return [Double](repeating: shock, count: range.count) }
    guard let world = model.seriesBaseline(driver) else { return nil }
    return [Double](unsafeUninitializedCapacity: range.count) { buffer, count in
      world.shocks(
        year: year, seed: seed, range: range, into: UnsafeMutableBufferPointer(rebasing: buffer[..<range.count]))
      count = range.count
    }
  }
}
