import Foundation
import GRDB
import Scenarios
import Store
import Testing
import TextFiles

/// The ledger as a library: what goes in comes out, from many threads, and bad files are named.
@Suite struct LedgerTests {
  private let folder: TemporaryState
  private var path: String { folder.path + "/simulate/ledger.sqlite" }

  init() throws { folder = try TemporaryState() }

  @Test func whatIsRecordedComesBack() throws {
    let ledger = try Ledger.forWriting(path)
    let run = try Samples.run(value: "1.5", scenario: "levers: {}\n", seed: .max)
    let id = try ledger.record(run, at: Date(timeIntervalSince1970: 1_700_000_000.25))
    #expect(id.count == 10 && id.allSatisfy(\.isHexDigit))
    let entry = try ledger.entry(id)
    #expect(entry.recordedAt == "2023-11-14T22:13:20.250Z")
    #expect(entry.fingerprint == run.fingerprint.combined)
    #expect(entry.settings.seed == .max)
    #expect(entry.scenarios == ["phương-án"])
    #expect(entry.indicators == ["a", "b"])
    #expect(try ledger.inputs(of: entry) == run.inputs)
    #expect(try ledger.table("result", of: entry) == run.tables[0].csv)
    #expect(try ledger.table("empty", of: entry).isEmpty)
    #expect(try ledger.tableNames(of: entry) == ["empty", "result"])
    #expect(try ledger.integrityProblems().isEmpty)
    #expect(
      #expect(throws: Diagnostic.self) { try ledger.table("results", of: entry) }?.hint == "did you mean 'result'?")
  }

  @Test func theSameContentIsKeptOnce() throws {
    let ledger = try Ledger.forWriting(path)
    let run = try Samples.run(value: "1")
    for _ in 0..<3 { _ = try ledger.record(run, at: Date()) }
    let blobs = try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM blobs") }
    #expect(blobs == 3)
    let ids = try ledger.entries().map(\.id)
    #expect(Set(ids).count == 3)
  }

  @Test func aRunIsNamedByTheBeginningOfItsId() throws {
    let ledger = try Ledger.forWriting(path)
    let empty = #expect(throws: Diagnostic.self) { try ledger.entry("latest") }
    #expect(empty?.message == "there is no run 'latest': the ledger is empty")
    var ids: [String] = []
    for second in 0..<40 {
      ids.append(
        try ledger.record(try Samples.run(value: "1"), at: Date(timeIntervalSince1970: Double(second))))
    }
    #expect(try ledger.entry("latest").id == ids[39])
    #expect(try ledger.entry("LATEST~39").id == ids[0])
    #expect(throws: Diagnostic.self) { try ledger.entry("latest~40") }
    #expect(throws: Diagnostic.self) { try ledger.entry("latest~-1") }
    #expect(throws: Diagnostic.self) { try ledger.entry("") }
    #expect(try ledger.entry(ids[7].uppercased()).id == ids[7])
    // Forty ids cannot all begin with digits of their own.
    let shared = try #require(Dictionary(grouping: ids) { $0.first }.values.first { $0.count > 1 })
    let ambiguous = #expect(throws: Diagnostic.self) { try ledger.entry(String(shared[0].prefix(1))) }
    #expect(ambiguous?.code == "ambiguous_run")
    #expect(shared.prefix(10).allSatisfy { ambiguous?.hint?.contains($0) == true })
    var misspelt = Array(ids[3])
    misspelt[9] = misspelt[9] == "z" ? "y" : "z"
    let near = #expect(throws: Diagnostic.self) { try ledger.entry(String(misspelt)) }
    #expect(near?.code == "unknown_run" && near?.kind == .wrongUse)
    #expect(near?.hint == "did you mean '\(ids[3])'?")
    let mark = try ledger.entry("latest").fingerprint
    #expect(
      #expect(throws: Diagnostic.self) { try ledger.entry(mark) }?.hint?.hasPrefix("that is the fingerprint of run")
        == true)
  }

  @Test func manyWritersAtOnceLoseNothing() async throws {
    let (path, run) = (path, try Samples.run(value: "2"))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          // The file does not exist yet: all of them make it.
          for round in 0..<5 {
            let ledger = try Ledger.forWriting(path, patience: 60)
            _ = try ledger.record(run, at: Date(timeIntervalSince1970: Double(100 * writer + round)))
          }
        }
      }
      try await group.waitForAll()
    }
    let ledger = try #require(try Ledger.forReading(path))
    #expect(try ledger.entries().count == 40)
    #expect(try ledger.integrityProblems().isEmpty)
  }

  @Test func pruningKeepsWhatOthersNeed() throws {
    let ledger = try Ledger.forWriting(path)
    let times = [100.0, 200, 300, 400].map { Date(timeIntervalSince1970: $0) }
    var ids: [String] = []
    for (value, time) in zip(["1", "2", "1", "3"], times) {
      ids.append(try ledger.record(try Samples.run(value: value), at: time))
    }
    func victims(_ keep: Int?, _ seconds: Double?) throws -> [String] {
      try ledger.victims(of: .init(keep: keep, olderThan: seconds.map { Date(timeIntervalSince1970: $0) })).map(\.id)
    }
    #expect(try victims(nil, nil).isEmpty)
    #expect(try victims(3, nil) == [ids[0]])
    #expect(try victims(nil, 250) == [ids[1], ids[0]])
    #expect(try victims(1, 250) == [ids[1], ids[0]])
    #expect(try victims(3, 250) == [ids[0]])
    #expect(try victims(0, 50).isEmpty)
    try ledger.remove(try ledger.victims(of: .init(keep: 2, olderThan: nil)))
    #expect(try ledger.entries().map(\.id) == [ids[3], ids[2]])
    for entry in try ledger.entries() { #expect(try !ledger.table("result", of: entry).isEmpty) }
    let results = try DatabaseQueue(path: path).read {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM blobs WHERE size > 0")
    }
    // Two results and one scenario's text.
    #expect(results == 3)
    #expect(try ledger.integrityProblems().isEmpty)
  }

  @Test func aBusyLedgerIsBusy() throws {
    let ledger = try Ledger.forWriting(path, patience: 0.1)
    _ = try ledger.record(try Samples.run(value: "1"), at: Date())
    let other = try DatabaseQueue(path: path)
    try other.inDatabase { db in
      try db.beginTransaction(.immediate)
      let problem = #expect(throws: Diagnostic.self) { _ = try ledger.record(try Samples.run(value: "2"), at: Date()) }
      #expect(problem?.kind == .busy && problem?.code == "ledger_busy")
      // Readers do not wait.
      #expect(try #require(try Ledger.forReading(path, patience: 0.1)).entries().count == 1)
      try db.rollback()
    }
    _ = try ledger.record(try Samples.run(value: "2"), at: Date())
    #expect(try ledger.entries().count == 2)
  }

  @Test func aFileThatIsNoLedgerIsNamed() throws {
    #expect(try Ledger.forReading(path) == nil)
    try FileManager.default.createDirectory(atPath: folder.path + "/simulate", withIntermediateDirectories: true)
    try Data("this is no database, however long it goes on".utf8).write(to: URL(fileURLWithPath: path))
    for open in [Ledger.forReading(_:patience:), { try Ledger.forWriting($0, patience: $1) }] {
      let problem = #expect(throws: Diagnostic.self) { _ = try open(path, 0.1) }
      #expect(problem?.code == "ledger_damaged" && problem?.location?.file == path)
    }
  }

  @Test func aNewerLedgerIsLeftAlone() throws {
    let ledger = try Ledger.forWriting(path)
    _ = try ledger.record(try Samples.run(value: "1"), at: Date())
    try DatabaseQueue(path: path).write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99')") }
    for open in [Ledger.forReading(_:patience:), { try Ledger.forWriting($0, patience: $1) }] {
      let problem = #expect(throws: Diagnostic.self) { _ = try open(path, 0.1) }
      #expect(problem?.code == "ledger_newer" && problem?.kind == .badData)
    }
  }

  @Test func damagedContentIsAnErrorNotACrash() throws {
    let ledger = try Ledger.forWriting(path)
    _ = try ledger.record(try Samples.run(value: "1"), at: Date())
    let entry = try ledger.entry("latest")
    for change in ["deflated = x'00'", "size = size + 1", "size = size - 1", "size = -1", "size = 1 << 40"] {
      try DatabaseQueue(path: path).write { try $0.execute(sql: "UPDATE blobs SET \(change)") }
      #expect(#expect(throws: Diagnostic.self) { try ledger.table("result", of: entry) }?.code == "ledger_damaged")
    }
  }

  @Test func thePlaceFollowsTheVariables() throws {
    #expect(try LedgerPlace.path(["XDG_STATE_HOME": "/s", "HOME": "/h"]) == "/s/simulate/ledger.sqlite")
    #expect(try LedgerPlace.path(["XDG_STATE_HOME": "s", "HOME": "/h"]) == "/h/.local/state/simulate/ledger.sqlite")
    #expect(try LedgerPlace.path(["XDG_STATE_HOME": "", "HOME": "/h"]) == "/h/.local/state/simulate/ledger.sqlite")
    #expect(#expect(throws: Diagnostic.self) { try LedgerPlace.path([:]) }?.code == "no_state_folder")
    #expect(LedgerPlace.isSwitchedOff(["SIMULATE_LEDGER": "OFF"]))
    #expect(!LedgerPlace.isSwitchedOff(["SIMULATE_LEDGER": ""]) && !LedgerPlace.isSwitchedOff([:]))
  }
}
