import Foundation
internal import GRDB
import TextFiles

/// What SQLite says, as a diagnostic of the toolkit.
enum LedgerProblem {
  static func diagnostic(_ error: any Error, _ path: String) -> Diagnostic {
    if let error = error as? Diagnostic { return error }
    let place = SourceLocation(file: path)
    guard let error = error as? DatabaseError else {
      return Diagnostic(.internalError, code: "ledger", at: place, "the ledger: \(error)")
    }
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_INTERRUPT, .SQLITE_ABORT:
      return Diagnostic(
        .busy, code: "ledger_busy", at: place, "another process is writing to the ledger", hint: "try again in a moment"
      )
    case .SQLITE_FULL:
      return Diagnostic(
        .cannotWrite, code: "disk_full", at: place, "cannot write to the ledger (no space left)",
        hint: "free some space, or thin the ledger with 'simulate runs prune'")
    case .SQLITE_NOTADB, .SQLITE_CORRUPT:
      return Diagnostic(
        .badData, code: "ledger_damaged", at: place, "the ledger is damaged, or no ledger at all",
        hint: "move the file away: the next run starts a new one")
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_IOERR, .SQLITE_AUTH, .SQLITE_TOOBIG:
      return Diagnostic(
        .cannotWrite, code: "cannot_write", at: place,
        "cannot write to the ledger (\(error.message ?? "no reason given"))",
        hint: "choose another folder with XDG_STATE_HOME")
    default:
      return Diagnostic(
        .internalError, code: "ledger", at: place, "the ledger: \(error.message ?? "SQLite error \(error.resultCode)")")
    }
  }

  /// Whether an opening that failed like this may succeed a moment later: another process may be making the file just now.
  static func isPassing(_ error: any Error) -> Bool {
    guard let error = error as? DatabaseError else { return false }
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_CONSTRAINT: return true
    // Both of two processes that found an empty file make the tables; the later one finds them there.
    case .SQLITE_ERROR: return error.message?.contains("already exists") ?? false
    default: return false
    }
  }
}
