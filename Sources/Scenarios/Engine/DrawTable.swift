#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Values of nodes by year and draw: for one node and year, all draws lie next to each other.
///
/// Threads write disjoint ranges of draws, so the table needs no lock; that is why it is unchecked.
package final class DrawTable: @unchecked Sendable {
  let nodeCount: Int
  /// By node: its place among those that are held; nil where all are.
  private let rows: [Int]?
  let yearCount: Int
  package let drawCount: Int
  private let storage: UnsafeMutableBufferPointer<Double>

  package init(nodes: Int, years: Int, draws: Int) {
    (nodeCount, yearCount, drawCount, rows) = (nodes, years, draws, nil)
    storage = zeroedMemory(count: nodes * years * draws)
  }

  /// A table of some nodes.
  ///
  /// - Parameter rows: by node, a number of its own from 0; of a node that is not held, any number: nobody asks for it.
  init(rows: [Int], years: Int, draws: Int) {
    (nodeCount, yearCount, drawCount, self.rows) = (rows.count, years, draws, rows)
    storage = zeroedMemory(count: ((rows.max() ?? -1) + 1) * years * draws)
  }

  deinit { free(storage.baseAddress) }

  /// All draws of a node in a year.
  package func draws(_ node: Int, _ year: Int) -> UnsafeMutableBufferPointer<Double> {
    let start = ((rows?[node] ?? node) * yearCount + year) * drawCount
    return UnsafeMutableBufferPointer(rebasing: storage[start..<start + drawCount])
  }

  /// Some draws of a node in a year.
  package func draws(_ node: Int, _ year: Int, _ range: Range<Int>) -> UnsafeMutableBufferPointer<Double> {
    let start = ((rows?[node] ?? node) * yearCount + year) * drawCount
    return UnsafeMutableBufferPointer(rebasing: storage[start + range.lowerBound..<start + range.upperBound])
  }
}

/// Zeros that take memory only once they are touched; to be given back with `free`.
func zeroedMemory<Element: BitwiseCopyable>(count: Int) -> UnsafeMutableBufferPointer<Element> {
  guard let memory = calloc(max(count, 1), MemoryLayout<Element>.stride) else {
    fatalError("out of memory: \(count) numbers; use fewer --draws")
  }
  return UnsafeMutableBufferPointer(start: memory.bindMemory(to: Element.self, capacity: max(count, 1)), count: count)
}
