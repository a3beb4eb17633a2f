import Foundation
import Testing

/// One result in several forms, made once for all tests.
struct Sample: Sendable {
  struct Row: Hashable, Sendable {
    var scenario: String
    var indicator: String
    var period: String
    var lever: String?
    var statistic: String
    var value: Double?
  }

  static let scenarios = ["both", "four-season-tourism", "procedures-reform"]
  static let paths = scenarios.map { "notebooks-data/scenarios/\($0).yaml" }
  static let arguments = ["run"] + paths + ["--by-lever", "--draws", "400"]

  static let shared = Result { try Sample() }

  let jsonBytes: [UInt8]
  let csvBytes: [UInt8]
  let json: JSONValue
  let rows: [Row]

  private init() throws {
    let csv = try simulate(Sample.arguments + ["--format", "csv"])
    let json = try simulate(Sample.arguments + ["--format", "json"])
    try #require(csv.code == 0 && json.code == 0, "\(csv.errors)\(json.errors)")
    csvBytes = csv.bytes
    jsonBytes = json.bytes
    self.json = try JSONValue(json.bytes)
    rows = Sample.rows(self.json)
  }

  static func rows(_ json: JSONValue) -> [Row] {
    (json["rows"]?.elements ?? []).map { row in
      Row(
        scenario: row["scenario"]?.string ?? "", indicator: row["indicator"]?.string ?? "",
        period: row["period"]?.string ?? "", lever: row["lever"]?.string, statistic: row["statistic"]?.string ?? "",
        value: row["value"]?.number)
    }
  }

  /// Rows of `--format csv`; no cell of these files holds a comma or a quote.
  static func rows(csv text: String) throws -> [Row] {
    let lines = text.split(separator: "\n")
    try #require(lines.first == "scenario,indicator,period,lever,statistic,value")
    return try lines.dropFirst().map { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      try #require(cells.count == 6, "\(line)")
      return Row(
        scenario: cells[0], indicator: cells[1], period: cells[2], lever: cells[3].isEmpty ? nil : cells[3],
        statistic: cells[4], value: Double(cells[5]))
    }
  }

  static func schema(_ name: String) throws -> JSONValue {
    try JSONValue(Array(try Data(contentsOf: URL(fileURLWithPath: Spawned.package + "/docs/schema/\(name).json"))))
  }
}
