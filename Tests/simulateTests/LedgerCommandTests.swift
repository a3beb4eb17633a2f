import Foundation
import GRDB
import Store
import Testing

/// The ledger as users meet it: runs are kept, shown, compared and made again, and no trouble with it stops a run.
@Suite struct LedgerCommandTests {
  private let folder: TemporaryFolder
  private var environment: [String: String] { ["XDG_STATE_HOME": folder.path + "/state", "COLUMNS": "120"] }
  private var ledgerPath: String { folder.path + "/state/simulate/ledger.sqlite" }
  private static let scenario = Spawned.modelFolder + "/scenarios/four-season-tourism.yaml"

  init() throws { folder = try TemporaryFolder() }

  private func call(_ arguments: String...) throws -> Spawned.Outcome {
    try simulate(arguments, environment: environment, in: folder.path)
  }

  private func run(_ arguments: String...) throws -> Spawned.Outcome {
    let outcome = try simulate(
      ["run"] + arguments + ["--draws", "60", "--format", "csv", "--model", Spawned.modelFolder],
      environment: environment, in: folder.path)
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    return outcome
  }

  private func copyScenario(_ budget: Int) throws {
    let text = try String(contentsOfFile: Self.scenario, encoding: .utf8)
    let changed = text.replacing("from: 2026, value: 30", with: "from: 2026, value: \(budget)")
    try #require(budget == 30 || changed != text)
    try folder.file("mine.yaml", changed)
  }

  @Test func aChangedScenarioIsFoundInTheDifference() throws {
    #expect(try call("runs", "list").text == "Sổ ghi chưa có lần chạy nào: lệnh simulate run ghi vào đây.\n")
    try copyScenario(30)
    let first = try run("mine.yaml")
    try copyScenario(25)
    let second = try run("mine.yaml")
    #expect(first.bytes != second.bytes)
    let list = try call("runs", "list", "--format", "csv").lines
    #expect(list.count == 4 && list[1].contains(",run,mine,60,1,2030,,"))
    #expect(try call("runs", "show", "latest", "--format", "csv").bytes == second.bytes)
    #expect(try call("runs", "show", "latest~1", "--format", "csv").bytes == first.bytes)
    let text = try call("runs", "diff", "latest~1", "latest", "--lang", "en")
    #expect(text.code == 0)
    #expect(text.text.contains("− line") && text.text.contains("value: 30") && text.text.contains("value: 25"))
    #expect(text.text.contains("International arrivals"))
    let json = try JSONValue(try call("runs", "diff", "latest~1", "latest", "--format", "json").bytes)
    #expect(json["same"] == .bool(false) && json["revisions"]?.elements.isEmpty == true)
    #expect(json["inputs"]?.elements.map { $0["path"]?.string } == [folder.path + "/mine.yaml"])
    // Every move is one between the two csv files, and no other number differs.
    let (before, after) = (try Sample.rows(csv: first.text), try Sample.rows(csv: second.text))
    let differing = zip(before, after).filter { $0 != $1 }.count
    let moves = try #require(json["moves"]?.elements)
    #expect(moves.count == differing && differing > 10)
    let sizes = moves.compactMap { $0["size"]?.number }
    #expect(sizes == sizes.sorted(by: >))
    #expect(Set(moves.compactMap { $0["scenario"]?.string }) == ["mine"])
    let csv = try call("runs", "diff", "latest~1", "latest", "--format", "csv").lines
    #expect(csv.count == differing + 2)
    #expect(try call("runs", "diff", "latest", "latest", "--lang", "en").text.contains("The two runs are the same"))
  }

  @Test func aRunIsMadeAgainFromTheLedger() throws {
    try copyScenario(30)
    _ = try run("mine.yaml", "--by-lever", "--seed", "18446744073709551615")
    #expect(try call("runs", "rerun", "latest", "--lang", "en").text.hasPrefix("The same, byte for byte"))
    try FileManager.default.removeItem(atPath: folder.path + "/mine.yaml")
    let gone = try simulate(["runs", "rerun", "latest", "--lang", "en"], environment: environment, in: "/")
    #expect(gone.code == 0 && gone.errors.isEmpty)
    #expect(gone.text.contains("\(folder.path)/mine.yaml: gone (") && gone.text.contains("byte for byte"))
    // Nothing was added to the ledger.
    #expect(try call("runs", "list", "--format", "csv").lines.count == 3)
  }

  @Test func changedDataAreNamedWithBothHashes() throws {
    let model = try folder.copyOfModel()
    let outcome = try simulate(
      ["run", "--draws", "60", "--model", "model-folder", "--quiet"], environment: environment, in: folder.path)
    #expect(outcome.code == 0)
    let name = "model-folder/observations/tourism_annual.csv"
    let old = try folder.text(name)
    let line = try #require(
      old.split(separator: "\n").first { $0.hasPrefix("tourism_arrivals_domestic,thanh-hoa,2024,") })
    let cells = line.split(separator: ",", maxSplits: 4, omittingEmptySubsequences: false)
    let changed = (cells[..<3] + ["13999000"] + cells[4...]).joined(separator: ",")
    try folder.replace(String(line), with: changed, in: name)
    let changes = try call("runs", "rerun", "latest", "--lang", "en")
    #expect(changes.code == 1)
    let named = changes.text.split(separator: "\n").filter { $0.contains("observations/tourism_annual.csv") }
    #expect(named.count == 1)
    #expect(named.first?.firstMatch(of: /: [0-9a-f]{16} → [0-9a-f]{16}$/) != nil, "\(changes.text)")
    #expect(changes.text.contains("cannot be made again"))
    let anyway = try call("runs", "rerun", "latest", "--lang", "en", "--anyway")
    #expect(anyway.code == 1 && anyway.text.contains("NOT THE SAME"))
    let second = try simulate(
      ["run", "--draws", "60", "--model", "model-folder", "--quiet"], environment: environment, in: folder.path)
    #expect(second.code == 0)
    let difference = try call("runs", "diff", "latest~1", "latest", "--lang", "en").text
    #expect(difference.contains("Published figures that were revised"))
    #expect(difference.contains("Domestic arrivals (thousand visits)") && difference.contains("13,999"))
    try FileManager.default.removeItem(atPath: model + "/observations/tourism_annual.csv")
    #expect(try call("runs", "rerun", "latest", "--lang", "en").text.contains("tourism_annual.csv: gone ("))
    try FileManager.default.removeItem(atPath: model)
    let nothing = try call("runs", "rerun", "latest", "--lang", "en")
    #expect(nothing.code == 1 && nothing.text.contains("The model folder is gone"))
  }

  @Test func theTextOfScenariosIsKept() throws {
    _ = try run(Self.scenario)
    let shown = try call("runs", "show", "latest", "--lang", "en")
    #expect(shown.text.contains("Command: run") && shown.text.contains("Tourism revenue (billion VND)"))
    let json = try JSONValue(try call("runs", "show", "latest", "--format", "json").bytes)
    #expect(
      json["inputs"]?.elements.first?["text"]?.string == (try String(contentsOfFile: Self.scenario, encoding: .utf8)))
    #expect(json["rows"]?.elements.isEmpty == false)
  }

  @Test func theLedgerCanBeSwitchedOff() throws {
    _ = try run("--no-ledger")
    _ = try simulate(
      ["run", "--draws", "60"], environment: environment.merging(["SIMULATE_LEDGER": "off"]) { $1 })
    #expect(folder.names.isEmpty)
  }

  @Test func anUnwritableLedgerCostsOneLine() throws {
    try folder.file("state", "a file, no folder")
    let outcome = try simulate(
      ["run", "--draws", "60", "--format", "csv", "--no-ledger"], environment: environment)
    let kept = try simulate(["run", "--draws", "60", "--format", "csv"], environment: environment)
    #expect(kept.code == 0 && kept.bytes == outcome.bytes)
    #expect(
      kept.errors
        == "simulate: warning: this run was not kept in the ledger: \(folder.path)/state/simulate: cannot make the folder of the ledger (Not a directory); choose another one with XDG_STATE_HOME\n"
    )
    #expect(try call("runs", "prune", "--keep", "1").code == 0)
  }

  @Test func aFullDiskCostsOneLine() throws {
    // Files may not grow beyond 16 kB; the signal for it is ignored, so that the write fails.
    let outcome = try shell(
      "trap '' XFSZ; ulimit -f 16; $simulate run --draws 60 --format csv --quiet | tail -n 1", environment: environment)
    #expect(outcome.code == 0 && outcome.text.contains(","))
    #expect(outcome.errors.hasPrefix("simulate: warning: this run was not kept in the ledger: "))
    #expect(outcome.errors.filter { $0 == "\n" }.count == 1, "\(outcome.errors)")
    // It is sound all the same.
    _ = try run()
    #expect(try call("runs", "list", "--format", "csv").lines.count == 3)
  }

  @Test func aReaderWhoHasSeenEnoughDoesNotLoseTheRun() throws {
    let outcome = try shell("$simulate run --draws 60 --format json | head -c 10", environment: environment)
    #expect(outcome.errors.isEmpty)
    #expect(try call("runs", "list", "--format", "csv").lines.count == 3)
    for command in ["list", "show latest", "show latest --format json", "diff latest latest"] {
      let closed = try shell("$simulate runs \(command) | head -n 1; echo ${PIPESTATUS[0]}", environment: environment)
      #expect(closed.errors.isEmpty && closed.text.hasSuffix("\n0\n"), "\(command): \(closed.text)")
    }
  }

  @Test func aBusyLedgerEndsWith75() throws {
    _ = try run()
    let other = try DatabaseQueue(path: ledgerPath)
    try other.inDatabase { db in
      try db.beginTransaction(.immediate)
      let prune = try call("runs", "prune", "--keep", "0")
      #expect(prune.code == 75)
      #expect(
        prune.errors
          == "simulate: \(ledgerPath): another process is writing to the ledger; try again in a moment\n")
      let kept = try simulate(["run", "--draws", "60", "--format", "csv"], environment: environment)
      #expect(kept.code == 0 && kept.lines.count > 100)
      #expect(kept.errors.hasPrefix("simulate: warning: this run was not kept in the ledger: "))
      #expect(try call("runs", "list").code == 0)
      try db.rollback()
    }
    #expect(
      try call("runs", "prune", "--keep", "0", "--dry-run", "--lang", "en").text == "1 runs would be removed, 0 stay.\n"
    )
    #expect(try call("runs", "prune", "--keep", "0", "--lang", "en").text == "1 runs removed, 0 stay.\n")
  }

  @Test func wrongNamesAreExplained() throws {
    let empty = try call("runs", "show", "latest")
    #expect(empty.code == 64)
    #expect(
      empty.errors == "simulate: there is no run 'latest': the ledger is empty; 'simulate run' writes to it\n")
    _ = try run()
    let near = try call("runs", "show", "lates")
    #expect(near.code == 64 && near.errors == "simulate: there is no run 'lates'; did you mean 'latest'?\n")
    #expect(try call("runs", "diff", "latest", "latest~5").code == 64)
    #expect(
      try call("runs", "show", "latest", "--format", "csv", "--table", "target").errors.contains(
        "did you mean 'targets'?"))
    #expect(try call("runs", "prune").code == 64)
    #expect(try call("runs", "prune", "--keep", "-1").code == 64)
    #expect(try call("runs", "prune", "--older-than", "nan").code == 64)
  }

  /// Several processes at once, killed at random moments around the time at which they write to the ledger.
  @Test func aKillAtAnyMomentLeavesWholeRuns() throws {
    var seed: UInt64 = 20_261_125
    func random(_ bound: UInt64) -> UInt64 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (seed >> 33) % bound
    }
    let all = environment.merging(Spawned.cleanEnvironment) { first, _ in first }
    var started = 0
    for round in 0..<6 {
      var running: [(process: Spawned, output: String)] = []
      for place in 0..<3 {
        let output = try folder.file("out-\(round)-\(place)", "")
        running.append(
          (
            try Spawned(
              Spawned.binary, ["run", "--draws", "60", "--seed", "\(started)", "--format", "csv"], environment: all,
              directory: Spawned.package, output: output), output
          ))
        started += 1
      }
      // One of them is killed anywhere, the others once they have printed, which is when they turn to the ledger.
      if round.isMultiple(of: 3) {
        usleep(UInt32(random(400_000)))
        kill(running[0].process.process, SIGKILL)
      }
      for (process, output) in running {
        for _ in 0..<20_000 {
          let size = (try? FileManager.default.attributesOfItem(atPath: output)[.size] as? Int) ?? 0
          if size > 0 || kill(process.process, 0) != 0 || isFinished(process.process) { break }
          usleep(500)
        }
        usleep(UInt32(random(120_000)))
        kill(process.process, SIGKILL)
      }
      for (process, _) in running { _ = try process.wait() }
      if let ledger = try Ledger.forReading(ledgerPath) {
        #expect(try ledger.integrityProblems().isEmpty)
        for entry in try ledger.entries() {
          #expect(try ledger.tableNames(of: entry) == ["indicators", "result", "scenarios", "targets"])
          #expect(try ledger.inputs(of: entry).count > 20)
          #expect(try ResultNumbers(csv: ledger.table("result", of: entry), name: "").keys.count > 1000)
        }
      }
    }
    // It works on after all that.
    _ = try run()
    let count = try call("runs", "list", "--format", "csv").lines.count - 2
    #expect((1...started + 1).contains(count))
    #expect(try call("runs", "rerun", "latest~\(count - 1)").code == 0)
  }

  /// Whether a process has ended and waits to be asked for its status.
  private func isFinished(_ process: pid_t) -> Bool {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return true }
    return status.contains(") Z ")
  }
}
