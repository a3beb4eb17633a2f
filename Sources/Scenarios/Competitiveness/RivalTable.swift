#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Deviations of rivals by year and draw; all rivals of one draw and year lie next to each other, in single precision.
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

  package func values(year: Int, draw: Int) -> UnsafeMutableBufferPointer<Float> {
    let start = (year * drawCount + draw) * rows
    return UnsafeMutableBufferPointer(rebasing: storage[start..<start + rows])
  }
}
