/// Values of nodes by year and draw: for one node and year, all draws lie next to each other.
///
/// Threads write disjoint ranges of draws, so the table needs no lock; that is why it is unchecked.
package final class DrawTable: @unchecked Sendable {
  let nodeCount: Int
  let yearCount: Int
  package let drawCount: Int
  private let storage: UnsafeMutableBufferPointer<Double>

  package init(nodes: Int, years: Int, draws: Int) {
    nodeCount = nodes
    yearCount = years
    drawCount = draws
    storage = .allocate(capacity: nodes * years * draws)
    storage.initialize(repeating: 0)
  }

  deinit { storage.deallocate() }

  /// All draws of a node in a year.
  package func draws(_ node: Int, _ year: Int) -> UnsafeMutableBufferPointer<Double> {
    let start = (node * yearCount + year) * drawCount
    return UnsafeMutableBufferPointer(rebasing: storage[start..<start + drawCount])
  }

  /// Some draws of a node in a year.
  package func draws(_ node: Int, _ year: Int, _ range: Range<Int>) -> UnsafeMutableBufferPointer<Double> {
    let start = (node * yearCount + year) * drawCount
    return UnsafeMutableBufferPointer(rebasing: storage[start + range.lowerBound..<start + range.upperBound])
  }
}
