import Synchronization

/// Counts the pieces of work done, from any thread.
final class BatchProgress: Sendable {
  private let done = Atomic<Int>(0)
  private let total: Int
  private let report: @Sendable (Double) -> Void

  init(total: Int, report: @escaping @Sendable (Double) -> Void) {
    self.total = max(total, 1)
    self.report = report
  }

  func advance() {
    let count = done.wrappingAdd(1, ordering: .relaxed).newValue
    report(min(Double(count) / Double(total), 1))
  }
}
