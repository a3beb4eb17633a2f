import Foundation
internal import GRDB
import Glibc
import NumericKernels
import Scenarios
import TextFiles

/// The ledger of runs: what was run from which inputs, and what came out, in one SQLite file.
///
/// Several processes may use it at once: writers wait for each other, readers do not wait (write-ahead log). A run is recorded in
/// one transaction, so that after a kill at any moment it is there as a whole or not at all. Losing power may lose the last runs,
/// never the file (`synchronous = NORMAL`).
///
///     let ledger = try Ledger.forWriting(path)
///     let id = try ledger.record(run, at: Date())
///     for entry in try ledger.entries() { print(entry.id, entry.fingerprint) }
public struct Ledger: Sendable {
  public let path: String
  let queue: DatabaseQueue

  /// How long a write waits for other processes, in seconds.
  public static let usualPatience = 5.0

  /// Opens the ledger, makes it if there is none, and brings an older one up to date.
  ///
  /// - Throws: ``Diagnostic``: `ledger_busy`, `cannot_write`, `disk_full`, `ledger_damaged`, `ledger_newer`.
  public static func forWriting(_ path: String, patience: Double = usualPatience) throws(Diagnostic) -> Ledger {
    try makeFolder(of: path)
    do {
      return try retrying(patience: patience) {
        let queue = try DatabaseQueue(path: path, configuration: configuration(patience, isReading: false))
        try queue.read { try checkAge($0, path) }
        let isCurrent = try queue.read { try LedgerSchema.migrator.hasCompletedMigrations($0) }
        if !isCurrent { try LedgerSchema.migrator.migrate(queue) }
        return Ledger(path: path, queue: queue)
      }
    } catch { throw LedgerProblem.diagnostic(error, path) }
  }

  /// Opens the ledger for reading, also in a folder that cannot be written to; nil if there is none yet.
  ///
  /// - Throws: ``Diagnostic`` as ``forWriting(_:patience:)``.
  public static func forReading(_ path: String, patience: Double = usualPatience) throws(Diagnostic) -> Ledger? {
    guard access(path, F_OK) == 0 else { return nil }
    var failure: any Error = DatabaseError(resultCode: .SQLITE_CANTOPEN)
    // Where no write-ahead log can be made the file is read as it lies there.
    let unchanging =
      "file:" + (path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path) + "?immutable=1"
    for place in [path, unchanging] {
      do {
        let found: Ledger? = try retrying(patience: patience) {
          let queue = try DatabaseQueue(path: place, configuration: configuration(patience, isReading: true))
          try queue.read { try checkAge($0, path) }
          let isCurrent = try queue.read { try LedgerSchema.migrator.hasCompletedMigrations($0) }
          return isCurrent ? Ledger(path: path, queue: queue) : nil
        }
        if let found { return found }
        return try forWriting(path, patience: patience)
      } catch {
        failure = error
        guard let error = error as? DatabaseError, [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
        else { break }
      }
    }
    throw LedgerProblem.diagnostic(failure, path)
  }

  /// Records a run, and returns its new id.
  ///
  /// - Parameter time: when it was made; it stands in a column of its own and is part of no hash.
  /// - Throws: ``Diagnostic``; nothing is recorded then.
  public func record(_ run: RunRecord, at time: Date) throws(Diagnostic) -> String {
    do {
      var blobs: [(key: String, size: Int, deflated: Data)] = []
      let contents = run.tables.map(\.csv) + run.inputs.compactMap(\.content)
      let keys = contents.map(Self.key)
      // What is there already need not be packed again.
      let known = try queue.read { db in
        try Set(
          String.fetchAll(
            db, sql: "SELECT key FROM blobs WHERE key IN (\(Self.marks(keys.count)))", arguments: .init(keys)))
      }
      for (key, bytes) in zip(keys, contents) where !known.contains(key) {
        guard let deflated = Deflated.pack(bytes) else {
          throw Diagnostic(.internalError, code: "deflate", "a table of the run could not be packed")
        }
        blobs.append((key, bytes.count, deflated))
      }
      return try queue.writeWithoutTransaction { db in
        var id = ""
        try db.inTransaction(.immediate) {
          for blob in blobs {
            try db.execute(
              sql: "INSERT OR IGNORE INTO blobs (key, size, deflated) VALUES (?, ?, ?)",
              arguments: [blob.key, blob.size, blob.deflated])
          }
          // A prune between the two looks may have taken a blob away that was known.
          for (key, bytes) in zip(keys, contents) where known.contains(key) {
            if try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM blobs WHERE key = ?)", arguments: [key]) == true
            {
              continue
            }
            guard let deflated = Deflated.pack(bytes) else { continue }
            try db.execute(
              sql: "INSERT OR IGNORE INTO blobs (key, size, deflated) VALUES (?, ?, ?)",
              arguments: [key, bytes.count, deflated])
          }
          id = try insert(run, at: time, db)
          return .commit
        }
        return id
      }
    } catch { throw LedgerProblem.diagnostic(error, path) }
  }

  private func insert(_ run: RunRecord, at time: Date, _ db: Database) throws -> String {
    let mark = run.fingerprint
    let recordedAt = Self.text(of: time)
    var id = ""
    var attempt: UInt64 = 0
    repeat {
      var hash = StableHash()
      for part in [mark.combined, recordedAt, run.command] { hash.combine(part) }
      hash.combine(UInt64(getpid()))
      hash.combine(attempt)
      let digits = String(hash.value, radix: 16)
      id = String((String(repeating: "0", count: 16 - digits.count) + digits).prefix(10))
      attempt += 1
    } while try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM runs WHERE id = ?)", arguments: [id]) == true
    try db.execute(
      sql: """
        INSERT INTO runs (id, recorded_at, command, fingerprint, version, model_hash, data_hash, scenarios_hash, seed, draws,
          until, as_of, blas_kernel, by_lever, indicators, model_folder)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        id, recordedAt, run.command, mark.combined, mark.version, mark.model, mark.data, mark.scenarios,
        String(mark.seed), mark.draws, mark.until, mark.asOf, mark.blasKernel, run.byLever,
        run.indicators.joined(separator: " "), run.modelFolder,
      ])
    let number = db.lastInsertedRowID
    for (position, input) in run.inputs.enumerated() {
      try db.execute(
        sql: "INSERT INTO inputs (run, position, kind, path, hash, content) VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [
          number, position, input.kind.rawValue, input.path, input.hash, input.content.map(Self.key),
        ])
    }
    for table in run.tables {
      try db.execute(
        sql: "INSERT INTO tables (run, name, content) VALUES (?, ?, ?)",
        arguments: [number, table.name, Self.key(table.csv)])
    }
    return id
  }

  static func key(_ bytes: [UInt8]) -> String { InputFile.hash(of: bytes) + "-\(bytes.count)" }

  static func marks(_ count: Int) -> String { repeatElement("?", count: count).joined(separator: ", ") }

  /// UTC with milliseconds.
  static func text(of time: Date) -> String {
    time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}

// MARK: - Opening

extension Ledger {
  private static func configuration(_ patience: Double, isReading: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = isReading
    configuration.label = "simulate.ledger"
    // Ctrl-C ends the waiting.
    let attempts = Int(patience * 100)
    configuration.busyMode = .callback { attempt in
      guard attempt < attempts, !Interruption.isRequested else { return false }
      usleep(10_000)
      return true
    }
    if !isReading {
      configuration.prepareDatabase { db in
        if try String.fetchOne(db, sql: "PRAGMA journal_mode") != "wal" {
          try db.execute(sql: "PRAGMA journal_mode = WAL")
        }
        try db.execute(sql: "PRAGMA synchronous = NORMAL")
      }
    }
    return configuration
  }

  /// Runs `body` again while other processes are making the file.
  private static func retrying<Result>(patience: Double, _ body: () throws -> Result) throws -> Result {
    let end = ContinuousClock.now + .seconds(patience)
    while true {
      do { return try body() } catch {
        guard LedgerProblem.isPassing(error), ContinuousClock.now < end, !Interruption.isRequested else { throw error }
        usleep(10_000)
      }
    }
  }

  private static func checkAge(_ db: Database, _ path: String) throws {
    guard try LedgerSchema.migrator.hasBeenSuperseded(db) else { return }
    throw Diagnostic(
      .badData, code: "ledger_newer", at: SourceLocation(file: path), "a newer version of simulate made this ledger",
      hint: "use that version, or another folder with XDG_STATE_HOME")
  }

  /// Makes the folder of the file and those above it, for this user alone.
  private static func makeFolder(of path: String) throws(Diagnostic) {
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    var end = folder.startIndex
    while end < folder.endIndex {
      end = folder[folder.index(after: end)...].firstIndex(of: "/") ?? folder.endIndex
      let part = String(folder[..<end])
      if mkdir(part, 0o700) == 0 || errno == EEXIST || errno == EISDIR { continue }
      let number = errno
      // A folder above may be unwritable and yet be there.
      if access(part, F_OK) == 0 { continue }
      throw Diagnostic(
        .cannotWrite, code: "cannot_write", at: SourceLocation(file: part),
        "cannot make the folder of the ledger (\(String(cString: strerror(number))))",
        hint: "choose another one with XDG_STATE_HOME")
    }
  }
}
