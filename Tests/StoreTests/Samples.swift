import Foundation
import Scenarios
import Store

/// Small runs to record.
enum Samples {
  static let modelFolder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .path + "/notebooks-data"

  static func run(
    value: String, scenario: String = "levers: { x: { hold: 1 } }\n", seed: UInt64 = 1
  ) throws -> RunRecord {
    let csv = """
      scenario,indicator,period,lever,statistic,value
      baseline,a,2026,,p10,1
      baseline,a,2026,,median,\(value)
      baseline,a,2026,,p90,5
      baseline,a,2024,,observed,\(value)

      """
    return try run(csv: csv, scenario: scenario, seed: seed)
  }

  static func run(csv: String, scenario: String, seed: UInt64 = 1) throws -> RunRecord {
    let folder = try DataFolder(path: modelFolder)
    var settings = RunSettings()
    settings.seed = seed
    let text = Array(scenario.utf8)
    return RunRecord(
      command: "run", fingerprint: try Fingerprint(folder: folder, scenarioPaths: [], settings: settings),
      byLever: true, indicators: ["a", "b"], modelFolder: modelFolder,
      inputs: [
        InputFile(kind: .scenario, path: "/tmp/phương-án.yaml", hash: InputFile.hash(of: text), content: text),
        InputFile(kind: .model, path: "model/model.yaml", hash: "0123456789abcdef"),
      ], tables: [("result", Array(csv.utf8)), ("empty", [])])
  }
}

/// A folder of its own for one test, removed afterwards.
final class TemporaryState: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/store-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
