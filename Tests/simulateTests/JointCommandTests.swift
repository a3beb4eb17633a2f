import Foundation
import Testing

/// `sensitivity --joint` in its forms, and what `explain` says of correlations.
@Suite struct JointCommandTests {
  private static let arguments = ["sensitivity", "--joint", "--draws", "300"]

  @Test func theJSONFollowsItsSchema() throws {
    let outcome = try simulate(Self.arguments + ["--format", "json"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let json = try JSONValue(outcome.bytes)
    var check = SchemaCheck(try Sample.schema("joint"))
    check.check(json)
    #expect(check.failures.isEmpty, "\(check.failures)")
    var wrong = SchemaCheck(try Sample.schema("joint"))
    wrong.check(.object(json.members.filter { $0.key != "year" } + [.init(key: "surplus", value: .number(1))]))
    #expect(wrong.failures.count == 2, "\(wrong.failures)")
    #expect(json.keys.first == "run" && json.keys.last == "paragraph")
    // The same bytes on any number of threads; another year is another question.
    #expect(try simulate(Self.arguments + ["--format", "json", "--threads", "3"]).bytes == outcome.bytes)
    let other = try JSONValue(try simulate(Self.arguments + ["--format", "json", "--year", "2028"]).bytes)
    #expect(other["run"]?["fingerprint"]?.string != json["run"]?["fingerprint"]?.string)
    #expect(other["year"]?.number == 2028)
    let pairs = json["correlations"]?["pairs"]?.elements ?? []
    let kept = pairs.filter { $0["verdict"]?.string == "kept" }
    #expect(kept.count >= 10 && pairs.allSatisfy { ($0["drawn"]?.number == 0) == ($0["verdict"]?.string != "kept") })
  }

  @Test func textsFitAndSayTheParagraph() throws {
    let json = try JSONValue(try simulate(Self.arguments + ["--format", "json"]).bytes)
    for language in ["vi", "en"] {
      let paragraph = try #require(json["paragraph"]?[language]?.string)
      let markdown = try simulate(Self.arguments + ["--format", "md", "--lang", language])
      #expect(paragraph.count > 100 && markdown.lines.contains(paragraph))
      for width in ["60", "100"] {
        let outcome = try simulate(Self.arguments + ["--lang", language], environment: ["COLUMNS": width])
        #expect(outcome.code == 0 && outcome.lines.allSatisfy { $0.count <= Int(width) ?? 0 }, "\(language) \(width)")
      }
    }
  }

  @Test func theCSVIsATable() throws {
    let lines = try simulate(Self.arguments + ["--format", "csv"]).text.split(separator: "\n")
    let columns = lines[0].split(separator: ",", omittingEmptySubsequences: false).count
    #expect(columns == 9 && lines.count > 200)
    for line in lines { #expect(line.split(separator: ",", omittingEmptySubsequences: false).count == columns) }
    for part in [
      "outcome,papi_sum_d1_d6,2030,,,without_correlations,width_ratio,", "target,pci_rank,2030,<=,10,stated,",
    ] {
      #expect(lines.contains { $0.hasPrefix(part) }, "\(part)")
    }
  }

  @Test(arguments: [
    (["--indicator", "pci_score"], 64, "--joint is about the baseline and every headline"),
    (["notebooks-data/scenarios/both.yaml"], 64, "--joint is about the baseline and every headline"),
    (["--quick"], 64, "--joint is about the baseline and every headline"),
    (["--year", "2040"], 64, "the year 2040 is not projected"),
  ])
  func wrongUseIsExplained(_ more: [String], _ code: Int32, _ part: String) throws {
    let outcome = try simulate(["sensitivity", "--joint"] + more)
    #expect(outcome.code == code && outcome.bytes.isEmpty)
    #expect(outcome.errors.contains(part), "\(outcome.errors)")
  }

  /// Source, number and grade of what is drawn together, and the reason of what is not.
  @Test func explainTellsCorrelations() throws {
    let kept = try simulate(["explain", "papi_d2_transparency", "--lang", "en"], environment: ["COLUMNS": "400"]).text
    for part in ["(grade P)", "province-years", "papi_d4_corruption_control", "Used", "Set to zero", "national_growth"]
    {
      #expect(kept.contains(part), "\(part)")
    }
    let none = try simulate(["explain", "pci_score", "--lang", "vi"], environment: ["COLUMNS": "400"]).text
    #expect(none.contains("Không có tương quan nào được giữ lại.") && none.contains("Không đủ tỉnh-năm chung"))
    #expect(!(try simulate(["explain", "tourism_revenue", "--lang", "en"]).text.contains("Own shocks")))
  }
}
