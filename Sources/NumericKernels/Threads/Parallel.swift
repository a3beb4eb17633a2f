/// Work on the elements of an array, spread over threads.
package enum Parallel {
  /// Like `map`, on up to `threads` threads; the result does not depend on their number.
  ///
  /// - Parameter atATime: how many elements a thread takes at once; nil for a number that suits many small ones.
  /// - Throws: the error of the first element that failed; `CancellationError` if `isCancelled` said so.
  package static func map<Element: Sendable, Output: Sendable>(
    _ elements: [Element], threads: Int, atATime: Int? = nil, isCancelled: @escaping @Sendable () -> Bool = { false },
    _ transform: @escaping @Sendable (Element) throws -> Output
  ) throws -> [Output] {
    let slots = Slots<Output>(elements.count)
    // Several elements at a time, so that the counter is not what everybody waits for.
    let size = atATime ?? max(1, min(16, elements.count / (8 * max(threads, 1))))
    try WorkerThreads.run(
      blocks: (elements.count + size - 1) / size, threads: threads, isCancelled: isCancelled
    ) { block in
      for index in block * size..<min((block + 1) * size, elements.count) {
        slots.fill(index, try transform(elements[index]))
      }
    }
    if isCancelled() { throw CancellationError() }
    return slots.taken()
  }

  /// Places that different threads fill; every place is written once, by one of them, before all are read.
  private final class Slots<Output: Sendable>: @unchecked Sendable {
    private let places: UnsafeMutableBufferPointer<Output?>

    init(_ count: Int) {
      places = .allocate(capacity: count)
      places.initialize(repeating: nil)
    }

    deinit {
      places.deinitialize()
      places.deallocate()
    }

    func fill(_ index: Int, _ value: Output) { places[index] = value }

    func taken() -> [Output] { places.compactMap { $0 } }
  }
}
