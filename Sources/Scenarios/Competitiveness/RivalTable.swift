#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Deviations of rivals by year, rival and draw, in single precision; all draws of one rival and year lie next to each
/// other, so that they are drawn, and counted above the province, many at a time.
package final class RivalTable: @unchecked Sendable {
  private let rows: Int
  private let drawCount: Int
  private let storage: UnsafeMutableBufferPointer<Float>

  package init(rows: Int, years: Int, draws: Int) {
    self.rows = rows
    drawCount = draws
    storage = zeroedMemory(count: rows * years * draws)
  }

  deinit { free(storage.baseAddress) }

  /// The deviations of one rival in one year of the grid, for a range of draws.
  package func draws(year: Int, row: Int, _ range: Range<Int>) -> UnsafeMutableBufferPointer<Float> {
    let start = (year * rows + row) * drawCount
    return UnsafeMutableBufferPointer(rebasing: storage[(start + range.lowerBound)..<(start + range.upperBound)])
  }
}
