import Foundation
import Scenarios
import TextFiles

/// A result as tidy tables with their data dictionary: in a folder, or one file.
///
/// The names of the files are fixed, whatever scenarios and indicators are called, so nothing can be written outside the folder.
public struct ExportPackage: Sendable {
  public let fingerprint: Fingerprint
  /// The results first, the data dictionary last.
  public let tables: [ExportTable]

  public enum Shape: String, Sendable, CaseIterable {
    case long, wide
  }

  public init(_ result: RunResult, evidence: EvidenceTable, shape: Shape, indicators: Set<String>? = nil) {
    fingerprint = result.fingerprint
    let described = [
      shape == .long
        ? ExportTables.long(result, indicators: indicators) : ExportTables.wide(result, indicators: indicators),
      ExportTables.indicators(result, only: indicators), ExportTables.scenarios(result),
      ExportTables.targets(result, only: indicators), ExportTables.levers(result.model),
      ExportTables.statistics, ExportTables.sources(result, evidence, only: indicators),
    ]
    tables = described + [ExportTables.dictionary(described)]
  }

  /// The table of results.
  public var projections: ExportTable { tables[0] }

  /// Everything in one object: `run`, then every table by its name, in the columns of the data dictionary.
  public func writeJSON(to sink: any TextSink) throws {
    var json = JSONWriter(to: sink)
    try json.object { json in
      try JSONReport.run(fingerprint, &json)
      for table in tables {
        try json.key(table.name)
        try table.writeJSON(&json)
      }
    }
    try json.finish()
  }

  /// Writes every table as csv, `projections.json` and `datapackage.json` into a folder, which is made if need be. The files appear
  /// together once all are complete.
  ///
  /// - Parameter mark: whether csv files begin with a byte order mark.
  /// - Returns: the paths that were written.
  /// - Throws: ``Diagnostic`` of kind `cannotWrite`; no file is changed then.
  public func write(toFolder folder: String, mark: Bool) throws -> [String] {
    var isDirectory: ObjCBool = false
    if !FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory) {
      do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
        throw Diagnostic(
          .cannotWrite, code: "cannot_write", at: SourceLocation(file: folder), "cannot make the folder",
          hint: "choose a place that you may write to")
      }
    }
    let stem = folder.hasSuffix("/") ? folder : folder + "/"
    var outputs: [(path: String, output: CheckedOutput)] = []
    do {
      func add(_ name: String, _ body: (CheckedOutput) throws -> Void) throws {
        let output = try CheckedOutput(path: stem + name)
        outputs.append((stem + name, output))
        try body(output)
        try output.flush()
        try Interruption.check()
      }
      for table in tables { try add(table.name + ".csv") { try table.writeCSV(to: $0, mark: mark) } }
      try add("projections.json") { try writeJSON(to: $0) }
      try add("datapackage.json") { try writeDescription(to: $0) }
      for (_, output) in outputs { try output.commit() }
    } catch {
      for (_, output) in outputs { output.discard() }
      throw error
    }
    return outputs.map(\.path)
  }

  /// The description of the folder after the "Tabular Data Package" of Frictionless Data.
  private func writeDescription(to sink: any TextSink) throws {
    var json = JSONWriter(to: sink, indentation: 1)
    try json.object { json in
      try json.member("profile", "tabular-data-package")
      try json.member("name", "thanh-hoa-projections")
      try json.member("title", "Thanh Hóa: dự báo và phương án / projections and options")
      try json.member(
        "description",
        "Made by simulate export. Text cells that a spreadsheet would run as a formula (they begin with = + - @, a tab or a line break) carry an apostrophe in csv; json keeps them as they are. Missing values are empty."
      )
      try JSONReport.run(fingerprint, &json)
      try json.key("resources")
      try json.array { json in
        for table in tables {
          try json.object { json in
            try json.member("name", table.name)
            try json.member("path", table.name + ".csv")
            try json.member("title", table.title.vi + " / " + table.title.en)
            try json.member("profile", "tabular-data-resource")
            try json.member("format", "csv")
            try json.member("encoding", "utf-8")
            try json.key("schema")
            try json.object { json in
              try json.key("fields")
              try json.array { json in
                for column in table.columns {
                  try json.object { json in
                    try json.member("name", column.name)
                    try json.member("type", column.type.rawValue)
                    try json.member("description", column.meaning.vi + " / " + column.meaning.en)
                  }
                }
              }
            }
          }
        }
      }
    }
    try json.finish()
  }
}
