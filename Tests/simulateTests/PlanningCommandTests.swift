import Foundation
import Testing

/// `goal`, `optimise` and `sensitivity` in their forms.
@Suite struct PlanningCommandTests {
  private static let questions: [(schema: String, arguments: [String])] = [
    (
      "goal",
      [
        "goal", "--indicator", "tourism_arrivals_international", "--year", "2028", "--reach", "1200000",
        "--lever", "promotion_budget", "--lever", "reform_package",
      ]
    ),
    ("conditional", ["goal", "--given", "fdi_registered_new=600@2030"]),
    (
      "optimise",
      [
        "optimise", "--indicator", "tourism_arrivals", "--year", "2030", "--reach", "22000000", "--budget", "15",
        "--cost", "tourism_year=15", "--lever", "promotion_budget", "--lever", "tourism_year", "--lever",
        "night_economy",
      ]
    ),
    (
      "sensitivity",
      [
        "sensitivity", "notebooks-data/scenarios/four-season-tourism.yaml",
        "notebooks-data/scenarios/procedures-reform.yaml", "--indicator", "tourism_arrivals", "--points", "64",
      ]
    ),
    ("sensitivity", ["sensitivity", "--indicator", "grdp_per_capita", "--quick"]),
  ]

  @Test(arguments: questions.indices) func theJSONFollowsItsSchema(_ place: Int) throws {
    let (schema, arguments) = Self.questions[place]
    let outcome = try simulate(arguments + ["--draws", "400", "--format", "json"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let json = try JSONValue(outcome.bytes)
    var check = SchemaCheck(try Sample.schema(schema))
    check.check(json)
    #expect(check.failures.isEmpty, "\(check.failures)")
    #expect(json.keys.first == "run" && json.keys.last == "paragraph")
    // The same bytes on any number of threads; another question has another fingerprint.
    let other = try simulate(arguments + ["--draws", "400", "--format", "json", "--threads", "3"])
    #expect(other.bytes == outcome.bytes)
  }

  @Test func theSchemasRefuseOtherResults() throws {
    for (schema, arguments) in Self.questions.prefix(4) {
      let json = try JSONValue(try simulate(arguments + ["--draws", "200", "--format", "json"]).bytes)
      var check = SchemaCheck(try Sample.schema(schema))
      check.check(.object(json.members.filter { $0.key != "paragraph" } + [.init(key: "surplus", value: .number(1))]))
      #expect(check.failures.count == 2, "\(schema): \(check.failures)")
    }
  }

  @Test func theParagraphStandsInEveryTextInItsLanguage() throws {
    for (_, arguments) in Self.questions.prefix(4) {
      let json = try JSONValue(try simulate(arguments + ["--draws", "200", "--format", "json"]).bytes)
      for language in ["vi", "en"] {
        let paragraph = try #require(json["paragraph"]?[language]?.string)
        #expect(paragraph.count > 60)
        let outcome = try simulate(arguments + ["--draws", "200", "--format", "md", "--lang", language])
        #expect(outcome.lines.contains(paragraph), "\(arguments[0]) \(language)")
      }
    }
  }

  @Test func tablesFitNarrowTerminals() throws {
    for (_, arguments) in Self.questions.prefix(4) {
      for width in ["60", "100"] {
        let outcome = try simulate(arguments + ["--draws", "200", "--lang", "vi"], environment: ["COLUMNS": width])
        #expect(outcome.code == 0)
        #expect(outcome.lines.allSatisfy { $0.count <= Int(width) ?? 0 }, "\(arguments[0]) \(width)")
      }
    }
  }

  @Test func everyCSVIsATable() throws {
    for (_, arguments) in Self.questions {
      let outcome = try simulate(arguments + ["--draws", "200", "--format", "csv"])
      let lines = outcome.text.split(separator: "\n")
      #expect(outcome.code == 0 && lines.count > 2)
      let columns = lines[0].split(separator: ",", omittingEmptySubsequences: false).count
      for line in lines { #expect(line.split(separator: ",", omittingEmptySubsequences: false).count == columns) }
    }
  }

  @Test func anotherQuestionHasAnotherFingerprint() throws {
    func fingerprint(_ value: String) throws -> String? {
      let arguments = ["goal", "--given", "tourism_arrivals=\(value)@2030", "--draws", "100", "--format", "json"]
      return try JSONValue(try simulate(arguments).bytes)["run"]?["fingerprint"]?.string
    }
    let first = try fingerprint("20000000")
    #expect(first != nil)
    #expect(try fingerprint("20000000") == first)
    #expect(try fingerprint("21000000") != first)
  }

  @Test func noProbabilityOfAPlannersPath() throws {
    let arguments = [
      "goal", "--indicator", "grdp_growth", "--year", "2030", "--reach", "8.2", "--lever", "industrial_clusters",
    ]
    let outcome = try simulate(arguments + ["--draws", "200", "--format", "json"])
    let target = try #require(try JSONValue(outcome.bytes)["targets"]?.elements.first)
    #expect(target["rests_on_planners_path"] == .bool(true) && target["probability"] == .null)
    #expect(target["baseline_probability"] == .null && target["wanted_probability"] == .null)
    let text = try simulate(arguments + ["--draws", "200", "--lang", "en"]).text
    #expect(text.contains("no probability is given") || text.contains("has no probability"))
    let refused = try simulate(["optimise", "--indicator", "grdp_growth", "--year", "2030", "--reach", "9"])
    #expect(refused.code == 64 && refused.errors.contains("there is no probability"))
  }

  @Test func anUncostedLeverIsNamed() throws {
    let arguments = [
      "optimise", "--indicator", "tourism_arrivals", "--year", "2030", "--budget", "10", "--draws", "300", "--format",
      "json",
    ]
    let json = try JSONValue(try simulate(arguments).bytes)
    let left = json["left_out"]?.elements.filter { $0["reason"]?.string == "no_known_cost" } ?? []
    #expect(left.contains { $0["lever"]?.string == "tourism_year" })
    #expect(json["levers"]?.elements.allSatisfy { $0["price_billion_vnd_per_unit"]?.number != nil } == true)
  }

  @Test(arguments: [
    (["goal"], "Say what is to be reached"),
    (["goal", "--indicator", "pci_score", "--year", "2030"], "--indicator, --year and --reach belong together."),
    (["goal", "--target", "pci_score=70"], "--target needs an indicator, a value and a year, not 'pci_score=70'"),
    (["goal", "--target", "pci_scor=70@2030"], "did you mean 'pci_score'?"),
    (["goal", "--target", "pci_score=70@2030", "--lever", "promotion_budge"], "did you mean 'promotion_budget'?"),
    (["goal", "--target", "pci_score=70@2030", "--probability", "1"], "--probability must lie between 0 and 1"),
    (["goal", "--target", "pci_score=70@2030", "--by", "love"], "'love'"),
    (["goal", "--target", "pci_score=70@2035"], "beyond the projection, which ends in 2030"),
    (["goal", "--target", "pci_score=70@2024"], "is a fact already: 68.74"),
    (["goal", "--given", "pci_score=70@2030", "--reach", "3"], "--given asks what a value implies"),
    (["optimise"], "Say what counts"),
    (
      ["optimise", "--indicator", "pci_score", "--year", "2030", "--budget", "-1"], "--budget must be a number from 0."
    ),
    (["optimise", "--indicator", "pci_score", "--year", "2030", "--cost", "reform_package"], "--cost needs a lever"),
    (["sensitivity"], "--indicator"),
    (["sensitivity", "--indicator", "pci_score", "--points", "1000"], "--points must be a power of two"),
    (["sensitivity", "--indicator", "pci_score", "--measure", "change"], "--measure change needs a scenario"),
  ])
  func wrongUseIsExplained(_ arguments: [String], _ part: String) throws {
    let outcome = try simulate(arguments)
    #expect(outcome.code == 64 && outcome.bytes.isEmpty)
    #expect(outcome.errors.contains(part), "\(outcome.errors)")
  }

  @Test func allMistakesAtOnce() throws {
    let outcome = try simulate([
      "goal", "--target", "pci_score=70@2030", "--lever", "x_y", "--cost", "z=", "--cost", "promotion=2", "--from",
      "2050",
    ])
    #expect(outcome.code == 64)
    for part in ["'x_y'", "'z='", "'promotion'", "2050"] { #expect(outcome.errors.contains(part), "\(outcome.errors)") }
  }

  /// With the place in the file and what to do, instead of an answer for the scenario without its rules.
  @Test(arguments: [
    ["goal", "--target", "tourism_arrivals=22000000@2030", "--with", "s.yaml"],
    ["optimise", "--indicator", "tourism_arrivals", "--year", "2030", "--budget", "10", "--with", "s.yaml"],
    ["sensitivity", "s.yaml", "--indicator", "tourism_arrivals"],
  ])
  func rulesAreRefused(_ arguments: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.file(
      "s.yaml",
      """
      levers:
        promotion_budget: { step: { from: 2026, value: 25 } }
      when: { indicator: tourism_arrivals, year: 2028, below: 20000000, then: { promotion_budget: { step: { from: 2029, value: 30 } } } }

      """)
    let outcome = try simulate(arguments + ["--model", Spawned.modelFolder, "--draws", "200"], in: folder.path)
    #expect(outcome.code == 64 && outcome.bytes.isEmpty)
    #expect(outcome.errors.contains("simulate: s.yaml:3:") && outcome.errors.contains("`when:`"), "\(outcome.errors)")
  }

  @Test func aDoubtfulMeasureInEveryForm() throws {
    let folder = try TemporaryFolder()
    try folder.file(
      "s.yaml",
      """
      levers:
        promotion_budget: { step: { from: 2026, value: { low: 15, central: 20, high: 30 } }, delivery: { probability: 0.8, delay: [0.5, 0.5] } }

      """)
    let arguments = [
      "sensitivity", "s.yaml", "--indicator", "tourism_arrivals_international", "--points", "64", "--draws", "200",
      "--model", Spawned.modelFolder,
    ]
    let json = try JSONValue(try simulate(arguments + ["--format", "json"], in: folder.path).bytes)
    var check = SchemaCheck(try Sample.schema("sensitivity"))
    check.check(json)
    #expect(check.failures.isEmpty, "\(check.failures)")
    let inputs = json["tornado"]?.elements.compactMap { $0["input"]?.string } ?? []
    #expect(inputs.contains("value:promotion_budget") && inputs.contains("delivery:promotion_budget"), "\(inputs)")
    for (language, words) in [("vi", "mức của biện pháp: "), ("en", "value of the measure: ")] {
      #expect(try simulate(arguments + ["--lang", language], in: folder.path).text.contains(words))
    }
  }

  @Test func aMissingFileAndAClosedPipe() throws {
    let missing = try simulate(["sensitivity", "four-season-tourism.yaml", "--indicator", "tourism_revenue"])
    #expect(missing.code == 66 && missing.errors.contains("did you mean"))
    let piped = try shell(
      "\"$simulate\" goal --given 'tourism_arrivals=20000000@2030' --draws 100 --format csv | head -n 1; echo ${PIPESTATUS[0]}"
    )
    #expect(piped.text.hasSuffix("0\n"))
  }
}
