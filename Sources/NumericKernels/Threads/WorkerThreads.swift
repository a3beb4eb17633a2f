import Foundation
import Synchronization

/// Runs independent blocks of work on threads of their own, away from the concurrency pool.
///
/// Blocks are handed out by a counter. Which thread does which block changes nothing: blocks write to disjoint places.
package enum WorkerThreads {
  /// Calls `body` once for every block below `blocks`; stops early, between blocks, when `isCancelled` says so.
  ///
  /// - Throws: the error of the lowest-numbered block that failed.
  package static func run(
    blocks: Int, threads: Int, isCancelled: @escaping @Sendable () -> Bool,
    _ body: @escaping @Sendable (Int) throws -> Void
  ) throws {
    let state = State()
    let work: @Sendable () -> Void = {
      while !isCancelled() && !state.hasFailed {
        let block = state.next()
        guard block < blocks else { return }
        do { try body(block) } catch { state.fail(block, error) }
      }
    }
    let helpers = max(0, min(threads, blocks) - 1)
    let group = DispatchGroup()
    for _ in 0..<helpers {
      group.enter()
      let thread = Thread {
        work()
        group.leave()
      }
      thread.stackSize = 4 << 20
      thread.start()
    }
    work()
    group.wait()
    try state.throwIfFailed()
  }

  private final class State: Sendable {
    private let counter = Atomic<Int>(0)
    private let failed = Atomic<Bool>(false)
    private let failure = Mutex<(block: Int, error: any Error)?>(nil)

    func next() -> Int { counter.wrappingAdd(1, ordering: .relaxed).oldValue }

    var hasFailed: Bool { failed.load(ordering: .relaxed) }

    func fail(_ block: Int, _ error: any Error) {
      failed.store(true, ordering: .relaxed)
      failure.withLock { if $0 == nil || block < ($0?.block ?? .max) { $0 = (block, error) } }
    }

    func throwIfFailed() throws {
      if let error = failure.withLock({ $0?.error }) { throw error }
    }
  }
}
