import Foundation
import NumericKernels
import Scenarios
import TextFiles

/// Makes a recorded run again and compares it byte for byte.
///
/// Scenarios are taken from the ledger's text, so that a file that was changed or deleted since does not matter; it is named. The
/// files of the model folder are not kept: where one is changed, gone or new, the run cannot be made again.
public struct Rerun: Sendable {
  /// What came of it.
  public struct Outcome: Sendable {
    public var run: RunEntry
    /// The model folder that was used; nil if it is gone.
    public var folder: String?
    /// Files of the model folder that are not what they were.
    public var changes: [InputChange]
    /// Scenario files that are not what they were; the ledger's text was used.
    public var scenarioChanges: [InputChange]
    /// What else may explain another result: version and kernel of the linear algebra library.
    public var settings: [RunDifference.Setting]
    /// Nil when the run was not made again.
    public var comparison: Comparison?

    /// Whether the run was made again from the same inputs and gave the same bytes.
    public var isSame: Bool { changes.isEmpty && comparison?.isSame == true }
  }

  /// The new bytes beside the recorded ones.
  public struct Comparison: Sendable {
    public var byteCount: Int
    public var numberCount: Int
    public var isSame: Bool
    /// The largest moves first; empty when the bytes are the same.
    public var moves: [RunDifference.Move]
  }

  let ledger: Ledger
  let run: RunEntry

  public init(_ run: RunEntry, in ledger: Ledger) {
    self.run = run
    self.ledger = ledger
  }

  /// Looks at the inputs, makes the run again if they are what they were, and compares.
  ///
  /// - Parameters:
  ///   - folder: the model folder; nil if it is gone.
  ///   - anyway: whether the run is made with the inputs as they are now.
  ///   - perform: runs scenario files on the folder and returns the result table as csv.
  /// - Throws: what `perform` throws; ``Diagnostic`` if the ledger cannot be read.
  public func make(
    folder: DataFolder?, anyway: Bool, perform: (DataFolder, [String], RunSettings) throws -> [UInt8]
  ) throws -> Outcome {
    let recorded = try ledger.inputs(of: run)
    let scenarios = recorded.filter { $0.kind == .scenario }
    let files = recorded.filter { $0.kind != .scenario }
    var outcome = Outcome(
      run: run, folder: folder?.path, changes: try changes(files, folder), scenarioChanges: scenarioChanges(scenarios),
      settings: settings(), comparison: nil)
    guard let folder, outcome.changes.isEmpty || anyway else { return outcome }
    let made = try withFiles(scenarios) { paths in try perform(folder, paths, run.settings) }
    let stored = try ledger.table(RunRecord.resultTable, of: run)
    let old = try ResultNumbers(csv: stored, name: "run \(run.id)")
    var comparison = Comparison(
      byteCount: stored.count, numberCount: old.keys.count, isSame: made == stored, moves: [])
    if !comparison.isSame {
      let new = try ResultNumbers(csv: made, name: "the new result")
      for key in old.keys where old.value(key) != new.value(key) {
        comparison.moves.append(
          .init(
            key: key, before: old.value(key), after: new.value(key),
            size: RunDifference.size(key, old.value(key), new.value(key), old)))
      }
      comparison.moves.sort { $0.size > $1.size }
    }
    outcome.comparison = comparison
    return outcome
  }

  private func changes(_ files: [InputFile], _ folder: DataFolder?) throws -> [InputChange] {
    guard let folder else {
      return files.map { InputChange(kind: $0.kind, path: $0.path, before: $0.hash, after: nil) }
    }
    var present: [InputFile] = []
    do { present = try InputFile.all(of: folder) } catch is DiagnosticList {
      // A file that is missing altogether: look at each of those that were recorded.
      present = files.compactMap { file in
        InputFile.hash(ofFile: folder.path + "/" + file.path).map {
          InputFile(kind: file.kind, path: file.path, hash: $0)
        }
      }
    }
    return InputChange.between(files, present)
  }

  private func scenarioChanges(_ scenarios: [InputFile]) -> [InputChange] {
    scenarios.compactMap { file in
      let now = InputFile.hash(ofFile: file.path)
      return now == file.hash ? nil : InputChange(kind: .scenario, path: file.path, before: file.hash, after: now)
    }
  }

  private func settings() -> [RunDifference.Setting] {
    let pairs = [
      ("version", run.version, Fingerprint.toolkitVersion), ("blas_kernel", run.blasKernel, blasKernelName),
    ]
    return pairs.filter { $0.1 != $0.2 }.map { .init(name: $0.0, before: $0.1, after: $0.2) }
  }

  /// Calls `body` with files that hold the recorded texts under their old names, in a folder of their own.
  private func withFiles<Result>(_ scenarios: [InputFile], _ body: ([String]) throws -> Result) throws -> Result {
    let folder = NSTemporaryDirectory() + "/simulate-rerun-" + UUID().uuidString
    guard !scenarios.isEmpty else { return try body([]) }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw Diagnostic(
        .cannotWrite, code: "cannot_write", at: SourceLocation(file: folder), "cannot make a temporary folder",
        hint: "choose another place with TMPDIR")
    }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var paths: [String] = []
    var tickets: [TemporaryFiles.Ticket] = []
    defer { for ticket in tickets { TemporaryFiles.forget(ticket) } }
    for file in scenarios {
      guard let content = file.content else {
        throw Diagnostic(
          .badData, code: "missing_text", at: SourceLocation(file: file.path), "the ledger has no text of this scenario"
        )
      }
      let path = folder + "/" + (file.path.split(separator: "/").last.map(String.init) ?? file.path)
      tickets.append(TemporaryFiles.remember(path))
      let output = try CheckedOutput(path: path)
      try output.write(content)
      try output.commit()
      paths.append(path)
    }
    return try body(paths)
  }
}
