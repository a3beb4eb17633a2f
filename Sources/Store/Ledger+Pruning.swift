import Foundation
internal import GRDB
import TextFiles

extension Ledger {
  /// Which runs go: beyond the newest `keep`, or older than a day, or, with both, those to which both apply.
  public struct PruneRule: Sendable, Equatable {
    public var keep: Int?
    public var olderThan: Date?

    public init(keep: Int?, olderThan: Date?) {
      self.keep = keep
      self.olderThan = olderThan
    }
  }

  /// The runs that a rule removes, the newest first; none without a condition.
  public func victims(of rule: PruneRule) throws(Diagnostic) -> [RunEntry] {
    guard rule.keep != nil || rule.olderThan != nil else { return [] }
    let limit = rule.olderThan.map(Self.text)
    return try entries().enumerated().filter { place, run in
      (rule.keep.map { place >= $0 } ?? true) && (limit.map { run.recordedAt < $0 } ?? true)
    }.map(\.element)
  }

  /// Removes runs with everything that no other run needs, and gives the room back to the disk where nobody else is writing.
  ///
  /// - Throws: ``Diagnostic``; nothing is removed then.
  public func remove(_ runs: [RunEntry]) throws(Diagnostic) {
    guard !runs.isEmpty else { return }
    do {
      try queue.writeWithoutTransaction { db in
        try db.inTransaction(.immediate) {
          for run in runs { try db.execute(sql: "DELETE FROM runs WHERE number = ?", arguments: [run.number]) }
          try db.execute(
            sql: """
              DELETE FROM blobs WHERE NOT EXISTS (SELECT 1 FROM tables WHERE content = key)
                AND NOT EXISTS (SELECT 1 FROM inputs WHERE content = key)
              """)
          return .commit
        }
        // Not worth an error: the next prune does it.
        try? db.execute(sql: "VACUUM")
        _ = try? db.checkpoint(.truncate)
      }
    } catch { throw LedgerProblem.diagnostic(error, path) }
  }
}
