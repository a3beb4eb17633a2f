import Foundation
internal import GRDB
import Scenarios
import TextFiles

extension Ledger {
  /// All runs, the newest first.
  ///
  /// - Throws: ``Diagnostic``.
  public func entries() throws(Diagnostic) -> [RunEntry] {
    try reading { db in
      var scenarios: [Int64: [String]] = [:]
      for row in try Row.fetchAll(
        db, sql: "SELECT run, path FROM inputs WHERE kind = 'scenario' ORDER BY run, position")
      {
        scenarios[row["run"], default: []].append(ScenarioReader.stem(row["path"]))
      }
      return try Row.fetchAll(db, sql: "SELECT * FROM runs ORDER BY number DESC").map {
        Self.entry($0, scenarios[$0["number"]] ?? [])
      }
    }
  }

  /// The run that a person names: an id, the beginning of one, `latest`, or `latest~1` for the one before it.
  ///
  /// - Throws: ``Diagnostic`` of kind `wrongUse`: `unknown_run` (with the nearest id) or `ambiguous_run` (with the ids).
  public func entry(_ name: String) throws(Diagnostic) -> RunEntry {
    let all = try entries()
    let wanted = name.lowercased()
    guard let newest = all.first else {
      throw Diagnostic(.wrongUse, code: "unknown_run", "there is no run '\(name)': the ledger is empty")
    }
    if wanted == "latest" { return newest }
    if wanted.hasPrefix("latest~"), let back = Int(wanted.dropFirst(7)), back >= 0 {
      if back < all.count { return all[back] }
      throw Diagnostic(
        .wrongUse, code: "unknown_run", "there is no run '\(name)'",
        hint: all.count == 1 ? "the ledger has one run" : "the ledger has \(all.count) runs")
    }
    let found = wanted.isEmpty ? [] : all.filter { $0.id.hasPrefix(wanted) }
    if found.count == 1 { return found[0] }
    guard found.isEmpty else {
      throw Diagnostic(
        .wrongUse, code: "ambiguous_run", "'\(name)' is the beginning of \(found.count) runs",
        hint: "write more of the id: " + found.prefix(10).map(\.id).joined(separator: ", "))
    }
    var hint = Suggestion.nearest(to: wanted, among: ["latest"] + all.map(\.id)).map { "did you mean '\($0)'?" }
    let alike = wanted.isEmpty ? [] : all.filter { $0.fingerprint.hasPrefix(wanted) }
    if let one = alike.first { hint = "that is the fingerprint of run \(one.id)" }
    throw Diagnostic(
      .wrongUse, code: "unknown_run", "there is no run '\(name)'", hint: hint ?? "see 'simulate runs list'")
  }

  /// The inputs of a run, in the order in which they were recorded; scenarios with their text.
  public func inputs(of run: RunEntry) throws(Diagnostic) -> [InputFile] {
    try reading { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT kind, path, hash, size, deflated FROM inputs LEFT JOIN blobs ON blobs.key = inputs.content
          WHERE run = ? ORDER BY position
          """, arguments: [run.number]
      ).map { row in
        var content: [UInt8]?
        if let size: Int = row["size"], let deflated: Data = row["deflated"] {
          guard let bytes = Deflated.unpack(deflated, size: size) else { throw damaged }
          content = bytes
        }
        guard let kind = InputFile.Kind(rawValue: row["kind"]) else { throw damaged }
        return InputFile(kind: kind, path: row["path"], hash: row["hash"], content: content)
      }
    }
  }

  /// The names of a run's tables, in alphabetical order.
  public func tableNames(of run: RunEntry) throws(Diagnostic) -> [String] {
    try reading { db in
      try String.fetchAll(db, sql: "SELECT name FROM tables WHERE run = ? ORDER BY name", arguments: [run.number])
    }
  }

  /// A table of a run as csv, byte for byte as it was recorded.
  ///
  /// - Throws: ``Diagnostic``: `unknown_table` of kind `wrongUse`, `ledger_damaged`.
  public func table(_ name: String, of run: RunEntry) throws(Diagnostic) -> [UInt8] {
    let row = try reading { db in
      try Row.fetchOne(
        db,
        sql: "SELECT size, deflated FROM tables JOIN blobs ON blobs.key = tables.content WHERE run = ? AND name = ?",
        arguments: [run.number, name])
    }
    guard let row else {
      throw Diagnostic(
        .wrongUse, code: "unknown_table", "run \(run.id) has no table '\(name)'",
        hint: Suggestion.hint(for: name, among: try tableNames(of: run)))
    }
    guard let bytes = Deflated.unpack(row["deflated"], size: row["size"]) else { throw damaged }
    return bytes
  }

  /// Whether SQLite finds the file sound, for tests and repairs; the findings otherwise.
  package func integrityProblems() throws(Diagnostic) -> [String] {
    try reading { db in
      let found = try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
      return found + (try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map { "\($0)" })
    }
  }

  private var damaged: Diagnostic {
    Diagnostic(
      .badData, code: "ledger_damaged", at: SourceLocation(file: path), "the ledger holds damaged content",
      hint: "move the file away: the next run starts a new one")
  }

  func reading<Result>(_ body: (Database) throws -> Result) throws(Diagnostic) -> Result {
    do { return try queue.read(body) } catch { throw LedgerProblem.diagnostic(error, path) }
  }

  private static func entry(_ row: Row, _ scenarios: [String]) -> RunEntry {
    let indicators: String = row["indicators"]
    let seed: String = row["seed"]
    return RunEntry(
      id: row["id"], recordedAt: row["recorded_at"], command: row["command"], fingerprint: row["fingerprint"],
      version: row["version"], modelHash: row["model_hash"], dataHash: row["data_hash"],
      scenariosHash: row["scenarios_hash"], seed: UInt64(seed) ?? 0, draws: row["draws"], until: row["until"],
      asOf: row["as_of"], blasKernel: row["blas_kernel"], byLever: row["by_lever"],
      indicators: indicators.split(separator: " ").map(String.init), modelFolder: row["model_folder"],
      scenarios: scenarios, number: row["number"])
  }
}
