import Foundation
import Testing

/// `simulate growth`, run as planners run it.
@Suite struct GrowthCommandTests {
  private static let arguments = ["growth", "--draws", "200", "--quiet"]
  private static let soFar = ["--so-far", "2026-Q1=9.2", "--so-far", "grdp_growth_industry_construction:2026-Q1=11.5"]

  @Test(arguments: [[], soFar, ["--year", "2025"], ["--year", "2027", "--reach", "9.5"]])
  func theJSONFollowsItsSchema(_ more: [String]) throws {
    let outcome = try simulate(Self.arguments + more + ["--format", "json"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let json = try JSONValue(outcome.bytes)
    var check = SchemaCheck(try Sample.schema("growth"))
    check.check(json)
    #expect(check.failures.isEmpty, "\(check.failures)")
    #expect(json["absent"]?.elements.contains(.string("refinery_value_added")) == true)
    let rows = json["rows"]?.elements ?? []
    // What was typed in is the planner's own; quarters carry their key.
    let figures = rows.filter { $0["section"]?.string == "figures" && $0["source"]?.string == "entered" }
    #expect(figures.count == (more == Self.soFar ? 2 : 0) && figures.allSatisfy { $0["grade"]?.string == "D" })
    #expect(Set(rows.filter { $0["section"]?.string == "quarters" }.compactMap { $0["period"]?.string }).count == 8)
    #expect(!rows.contains { $0["measure"]?.string?.contains("probability") == true })
  }

  @Test func theCSVHoldsTheSameRows() throws {
    let json = try JSONValue(try simulate(Self.arguments + Self.soFar + ["--format", "json"]).bytes)
    let outcome = try simulate(Self.arguments + Self.soFar + ["--format", "csv"])
    let keys = ["section", "item", "period", "measure", "statistic", "value", "unit", "grade", "source"]
    #expect(outcome.lines[0] == keys.joined(separator: ","))
    let lines = outcome.lines.dropFirst().filter { !$0.isEmpty }
    let rows = json["rows"]?.elements ?? []
    try #require(lines.count == rows.count)
    for (line, row) in zip(lines, rows) {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      try #require(cells.count == keys.count)
      for (key, cell) in zip(keys, cells) {
        if key == "value" { #expect(Double(cell) == row[key]?.number) } else { #expect(cell == row[key]?.string ?? "") }
      }
    }
  }

  @Test func thePageAnswersTheQuestion() throws {
    for (language, texts) in [
      ("vi", ["cần gì để đạt 11%?", "Các quý còn lại phải cùng tăng 11,6", "Một mình bù", "lọc dầu", "mức D"]),
      ("en", ["what does it take to reach 11%?", "remaining quarters together must grow by 11.6", "refinery", "[D]"]),
    ] {
      for format in ["table", "md"] {
        let outcome = try simulate(
          Self.arguments + Self.soFar + ["--lang", language, "--format", format], environment: ["COLUMNS": "160"])
        #expect(outcome.code == 0)
        for text in texts { #expect(outcome.text.contains(text), "\(format): \(text)") }
      }
    }
  }

  @Test func theSameBytesForAnyNumberOfThreads() throws {
    let one = try simulate(Self.arguments + ["--format", "json", "--threads", "1", "--draws", "1100"])
    #expect(one.code == 0)
    #expect(
      try simulate(Self.arguments + ["--format", "json", "--threads", "3", "--draws", "1100"]).bytes == one.bytes)
  }

  @Test(arguments: [
    (["--year", "2040"], Int32(64), "2023"), (["--reach", "500"], 64, "between"), (["--so-far", "x"], 64, "'x'"),
    (["--so-far", "grdp_groth:2026-Q1=3"], 64, "grdp_growth"), (["--indicator", "exports"], 65, "growth of a sum"),
    (["--as-of", "2025-08-01"], 65, "--as-of"),
  ])
  func problemsHaveOneLineAndACode(_ more: [String], code: Int32, text: String) throws {
    let outcome = try simulate(Self.arguments + more)
    #expect(outcome.code == code && outcome.bytes.isEmpty)
    #expect(outcome.errors.contains(text) && outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
  }
}
