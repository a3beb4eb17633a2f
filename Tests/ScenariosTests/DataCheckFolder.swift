import Foundation
import Scenarios
import TextFiles

/// A small data folder of its own for one test, with the shipped reference tables; removed afterwards.
///
/// It starts without observations and without exceptions.
final class DataCheckFolder {
  static let header =
    "indicator,area,period,value,unit,basis,status,price_basis,preferred,vintage,published,release_rule,source,note"
  static let exceptionHeader = "check,indicator,area,period,reason,source"
  static let shipped = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("notebooks-data").path

  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "datacheck-" + UUID().uuidString
    for name in ["model", "observations", "reference"] {
      try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
    }
    try Data().write(to: URL(fileURLWithPath: path + "/model/model.yaml"))
    for name in try Self.shippedFiles("reference") where name != "exceptions.csv" {
      try FileManager.default.copyItem(
        atPath: Self.shipped + "/reference/" + name, toPath: path + "/reference/" + name)
    }
    try exceptions([])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  static func shippedFiles(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: shipped + "/" + folder).filter { $0.hasSuffix(".csv") }.sorted()
  }

  static func shippedLines(_ name: String) throws -> [String] {
    try String(contentsOfFile: shipped + "/" + name, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  func observations(_ lines: [String], in name: String = "a.csv", header: String = DataCheckFolder.header) throws {
    try write("observations/" + name, ([header] + lines).map { $0 + "\n" }.joined())
  }

  func exceptions(_ lines: [String]) throws {
    try write("reference/exceptions.csv", ([Self.exceptionHeader] + lines).map { $0 + "\n" }.joined())
  }

  func check() throws -> DataCheckReport { DataCheck.run(try DataFolder(path: path)) }

  /// The findings as `code file:line:column`.
  func found() throws -> [String] {
    try check().findings.map { finding in
      let place = finding.diagnostic.location
      let file = place?.file.split(separator: "/").last ?? "?"
      let line = place?.line.map { ":\($0)" } ?? ""
      return "\(finding.diagnostic.code) \(file)\(line)" + (place?.column.map { ":\($0)" } ?? "")
    }
  }
}

/// A sound observation as a line of a file, with some fields replaced.
struct DataCheckLine {
  static let columns = DataCheckFolder.header.split(separator: ",").map(String.init)
  private var fields = [
    "tourism_arrivals", "thanh-hoa", "2019", "9650000", "person_visits", "reported", "official", "none", "yes", "", "",
    "tourism_december", "gso_farms", "",
  ]

  static func with(_ replaced: [String: String] = [:]) -> String {
    var line = DataCheckLine()
    for (column, text) in replaced {
      if let index = columns.firstIndex(of: column) { line.fields[index] = text }
    }
    return line.fields.joined(separator: ",")
  }
}

/// What was examined, found and excused.
func numbers(_ count: DataCheckReport.Count) -> [Int] { [count.examined, count.findings, count.excused] }
