import Foundation
import Testing

/// `simulate targets`, run as planners run it.
@Suite struct TargetsCommandTests {
  private static let arguments = ["targets", "--draws", "300", "--quiet"]

  @Test func theJSONFollowsItsSchema() throws {
    for more in [[], ["--until", "2028"], ["--as-of", "2023-12-31"]] {
      let outcome = try simulate(Self.arguments + more + ["--format", "json"])
      #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      var check = SchemaCheck(try Sample.schema("targets"))
      check.check(try JSONValue(outcome.bytes))
      #expect(check.failures.isEmpty, "\(check.failures)")
    }
  }

  @Test func aPlannersPathHasNoProbability() throws {
    let json = try JSONValue(try simulate(Self.arguments + ["--format", "json"]).bytes)
    let targets = json["targets"]?.elements ?? []
    let growth = targets.filter { $0["indicator"]?.string == "grdp_growth" && $0["state"]?.string == "open" }
    #expect(growth.count >= 3)
    for target in growth {
      #expect(target["scenario_only"] == .bool(true) && target["probability"] == .null)
      #expect(target["projected"]?.number != nil && (target["shortfall_median"]?.number ?? -1) >= 0)
    }
    let arrivals = targets.filter { $0["indicator"]?.string == "tourism_arrivals" && $0["state"]?.string == "open" }
    #expect(!arrivals.isEmpty && arrivals.allSatisfy { $0["probability"]?.number != nil })
  }

  /// A run prints the same probabilities as the list of targets, with the same draws.
  @Test func aRunSaysTheSame() throws {
    let listed = try JSONValue(try simulate(Self.arguments + ["--format", "json"]).bytes)["targets"]?.elements ?? []
    let run = try JSONValue(try simulate(["run", "--draws", "300", "--quiet", "--format", "json"]).bytes)
    let targets = run["targets"]?.elements ?? []
    let open = listed.filter { $0["state"]?.string == "open" }
    #expect(targets.count == open.count && targets.count > 10)
    for target in targets {
      let same = open.filter {
        $0["indicator"] == target["indicator"] && $0["value"] == target["value"] && $0["document"] == target["document"]
      }
      #expect(same.contains { $0["probability"] == target["probability"] && $0["shortfall"] == target["shortfall"] })
    }
  }

  @Test func theCSVHoldsTheSameTargets() throws {
    let json = try JSONValue(try simulate(Self.arguments + ["--format", "json"]).bytes)
    let outcome = try simulate(Self.arguments + ["--format", "csv"])
    let header = outcome.lines[0].split(separator: ",").map(String.init)
    #expect(header.first == "indicator" && header.contains("needed_per_year_from_replaced_base"))
    let targets = json["targets"]?.elements ?? []
    let others =
      (json["not_in_model"]?.elements ?? []).count
      + (json["no_official_target"]?["indicators"]?.elements ?? []).count
    let lines = outcome.lines.dropFirst().filter { !$0.isEmpty }
    #expect(lines.count == targets.count + others)
    for (line, target) in zip(lines, targets) { #expect(line.hasPrefix((target["indicator"]?.string ?? "?") + ",")) }
    #expect(lines.count { $0.contains("no_official_target") } > 3 && lines.count { $0.contains("other_area") } > 3)
  }

  @Test func thePageShowsBothBases() throws {
    for (language, texts) in [
      (
        "vi",
        [
          "chỉ kịch bản", "từng là 3.750, sau sửa thành 3.505", "+16,1% mỗi năm từ số cũ, +17,6%", "trong 34 tỉnh",
          "Không có chỉ tiêu chính thức cho: ", "Lĩnh vực không có chỉ tiêu nào: ",
        ]
      ),
      (
        "en",
        [
          "scenario-only", "was 3,750, since revised to 3,505", "+16.1% a year from the first, +17.6%",
          "of 34 provinces", "No official target for: ", "Systems without any target: ", "another area than the model",
        ]
      ),
    ] {
      let outcome = try simulate(Self.arguments + ["--lang", language, "--format", "md"])
      #expect(outcome.code == 0)
      for text in texts { #expect(outcome.text.contains(text), "\(text)") }
      let table = try simulate(Self.arguments + ["--lang", language], environment: ["COLUMNS": "140"])
      #expect(table.code == 0 && table.text.contains(texts[0]))
    }
  }
}
