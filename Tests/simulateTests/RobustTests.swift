import Foundation
import Testing

/// `robust` in its forms.
@Suite struct RobustTests {
  private static let arguments =
    ["robust"] + Sample.paths + ["--draws", "400", "--future", "notebooks-data/scenarios/bad-world.yaml"]

  @Test func theJSONFollowsItsSchema() throws {
    for more in [
      [], ["--indicator", "grdp_growth"], ["--indicator", "pci_score", "--reach", "70", "--explain", "both"],
    ] {
      let outcome = try simulate(Self.arguments + more + ["--format", "json"])
      #expect(outcome.code == 0, "\(outcome.errors)")
      let json = try JSONValue(outcome.bytes)
      var check = SchemaCheck(try Sample.schema("robust"))
      check.check(json)
      #expect(check.failures.isEmpty, "\(check.failures)")
      for goal in json["goals"]?.elements ?? [] {
        #expect(goal["options"]?.elements.count == 4)
        let isPlanned = goal["rests_on_planners_path"] == .bool(true)
        #expect(goal["options"]?.elements.allSatisfy { ($0["share_met"] == .null) == isPlanned } == true)
      }
    }
  }

  @Test func tablesForPeopleAndPrograms() throws {
    for (language, word) in [("vi", "đứng vững"), ("en", "How the options hold")] {
      let outcome = try simulate(Self.arguments + ["--lang", language], environment: ["COLUMNS": "60"])
      #expect(outcome.code == 0 && outcome.text.contains(word))
      #expect(outcome.lines.allSatisfy { $0.count <= 60 })
    }
    let lines = try simulate(Self.arguments + ["--format", "csv", "--indicator", "tourism_revenue"]).lines
      .filter { !$0.isEmpty }
    // Four options, drawn and one named future.
    #expect(lines.count == 1 + 4 * 2)
  }

  @Test func wrongUse() throws {
    let cases: [(arguments: [String], code: Int32, says: String)] = [
      (["--indicator", "pci_scor"], 64, "did you mean 'pci_score'?"), (["--reach", "3"], 64, "need --indicator"),
      (["--indicator", "pci_score", "--at-most"], 64, "--at-most needs --reach"),
      (["--explain", "bot"], 64, "did you mean 'both'?"),
      (["--indicator", "pci_score", "--year", "2020", "--reach", "70"], 64, "not projected"),
    ]
    for (arguments, code, says) in cases {
      let outcome = try simulate(Self.arguments + arguments)
      #expect(outcome.code == code && outcome.errors.contains(says), "\(arguments): \(outcome.errors)")
    }
  }
}
