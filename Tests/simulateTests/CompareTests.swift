import Foundation
import Testing

/// `compare` in its forms.
@Suite struct CompareTests {
  private static let arguments = ["compare"] + Sample.paths + ["--draws", "400"]

  @Test func theJSONFollowsItsSchema() throws {
    let outcome = try simulate(Self.arguments + ["--format", "json"])
    #expect(outcome.code == 0)
    let json = try JSONValue(outcome.bytes)
    var check = SchemaCheck(try Sample.schema("compare"))
    check.check(json)
    #expect(check.failures.isEmpty, "\(check.failures)")
    let options = json["options"]?.elements ?? []
    #expect(options.compactMap { $0["rank"]?.number } == [1, 2, 3, 4])
    #expect(Set(options.compactMap { $0["scenario"]?.string }) == Set(["baseline"] + Sample.scenarios))
    #expect(Set(options.compactMap { $0["rank_without_d"]?.number }) == [1, 2, 3, 4])
    #expect(abs(options.compactMap { $0["probability_best"]?.number }.reduce(0, +) - 1) < 1e-9)
    // The same targets as in a run.
    #expect(json["targets"]?.elements.isEmpty == false)
    #expect(json["targets"] == (try Sample.shared.get().json["targets"]))
  }

  @Test func theCSVHoldsTheSameOptions() throws {
    let json = try JSONValue(try simulate(Self.arguments + ["--format", "json"]).bytes)
    let lines = try simulate(Self.arguments + ["--format", "csv"]).text.split(separator: "\n")
    let header = lines[0].split(separator: ",").map(String.init)
    #expect(header.first == "rank")
    let options = json["options"]?.elements ?? []
    #expect(lines.count == options.count + 1)
    for (line, option) in zip(lines.dropFirst(), options) {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      #expect(cells.count == header.count)
      for (name, cell) in zip(header, cells) {
        switch option[name] {
        case .number(let number)?: #expect(Double(cell) == number, "\(name)")
        case .string(let text)?: #expect(cell == text, "\(name)")
        case .bool(let flag)?: #expect(cell == (flag ? "yes" : "no"), "\(name)")
        case .null?: #expect(cell.isEmpty, "\(name)")
        default: Issue.record("\(name) is not in the JSON")
        }
      }
    }
  }

  @Test func theReportNamesEveryOption() throws {
    for format in ["md", "table"] {
      let outcome = try simulate(
        Self.arguments + ["--format", format, "--lang", "en"], environment: ["COLUMNS": "160"])
      #expect(outcome.code == 0)
      for name in ["No new policy", "Reform and four-season tourism", "Four-season tourism", "Procedures reform"] {
        #expect(outcome.text.contains(name), "\(format): \(name)")
      }
    }
  }

  @Test func threadsChangeNothing() throws {
    let one = try simulate(Self.arguments + ["--format", "json", "--threads", "1"])
    #expect(try simulate(Self.arguments + ["--format", "json", "--threads", "5"]).bytes == one.bytes)
  }
}
