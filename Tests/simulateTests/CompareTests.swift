import Foundation
import Testing

/// `compare` in its forms.
@Suite struct CompareTests {
  private static let arguments =
    ["compare"] + Sample.paths + [
      "--draws", "400", "--future", "notebooks-data/scenarios/bad-world.yaml", "--weights",
      "tourism_revenue=2,improvement=1", "--discount-rate", "8", "--budget", "100",
    ]

  @Test func theJSONFollowsItsSchema() throws {
    let outcome = try simulate(Self.arguments + ["--format", "json"])
    #expect(outcome.code == 0)
    let json = try JSONValue(outcome.bytes)
    var check = SchemaCheck(try Sample.schema("compare"))
    check.check(json)
    #expect(check.failures.isEmpty, "\(check.failures)")
    let options = json["options"]?.elements ?? []
    let ranks = options.compactMap { $0["rank"]?.number }
    #expect(ranks.count == 4 && ranks == ranks.sorted() && ranks[0] == 1)
    #expect(Set(options.compactMap { $0["scenario"]?.string }) == Set(["baseline"] + Sample.scenarios))
    #expect(options.contains { $0["rank_without_d"]?.number == 1 })
    #expect(json["pairs"]?.elements.count == 6 && json["futures"]?.elements.count == 1)
    #expect(json["weights"]?["ranking"]?.elements.count == 4)
    // A target on a planner's own path has no probability.
    let planned = (json["outcomes"]?.elements ?? []).filter { $0["rests_on_planners_path"] == .bool(true) }
    #expect(!planned.isEmpty && planned.allSatisfy { $0["probability"] == .null })
    #expect(abs(options.compactMap { $0["probability_best"]?.number }.reduce(0, +) - 1) < 1e-9)
    // The same targets as in a run.
    #expect(json["targets"]?.elements.isEmpty == false)
    #expect(json["targets"] == (try Sample.shared.get().json["targets"]))
  }

  @Test func theOtherTables() throws {
    for (table, rows) in [("pairs", 6), ("futures", 4)] {
      let lines = try simulate(Self.arguments + ["--format", "csv", "--table", table]).lines.filter { !$0.isEmpty }
      #expect(lines.count == rows + 1, "\(table)")
    }
    let outcomes = try simulate(Self.arguments + ["--format", "csv", "--table", "outcomes"]).lines.filter {
      !$0.isEmpty
    }
    #expect(outcomes[0].hasPrefix("scenario,indicator,period") && (outcomes.count - 1) % 4 == 0)
  }

  @Test func everyRowFitsANarrowTerminal() throws {
    let outcome = try simulate(Self.arguments + ["--lang", "vi"], environment: ["COLUMNS": "60"])
    #expect(outcome.code == 0 && outcome.lines.allSatisfy { $0.count <= 60 })
  }

  @Test func wrongUse() throws {
    let path = Sample.paths[0]
    let cases: [(arguments: [String], code: Int32, says: String)] = [
      (["--by", "tourism_revenu"], 64, "did you mean 'tourism_revenue'?"),
      (["--weights", "costs=1"], 64, "did you mean 'cost'?"), (["--weights", "cost"], 64, "--weights must be such as"),
      (["--weights", "cost=0"], 64, "at least one weight above 0"), (["--precision", "0"], 64, "--precision"),
      (["--budget", "-1"], 64, "--budget"), (["--discount-rate", "nan"], 64, "--discount-rate"),
      (["--future", path], 65, "a future holds only assumptions"), (["--future", "nowhere.yaml"], 66, "nowhere.yaml"),
    ]
    for (arguments, code, says) in cases {
      let outcome = try simulate(["compare", path, "--draws", "50"] + arguments)
      #expect(outcome.code == code, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(says), "\(arguments): \(outcome.errors)")
      #expect(outcome.bytes.isEmpty)
    }
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
