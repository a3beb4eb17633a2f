import Foundation
import Testing

/// Problems of scenario files: all at once, each with file, line, column and what is allowed.
@Suite struct ScenarioErrorTests {
  /// The exit code and the lines of the message, without the folder.
  private func problems(_ files: [(name: String, text: String)], _ extra: [String] = []) throws -> (Int32?, [String]) {
    let folder = try TemporaryFolder()
    for file in files { try folder.file(file.name, file.text) }
    let outcome = try simulate(
      ["run"] + files.map(\.name) + ["--model", Spawned.modelFolder, "--draws", "50"] + extra, in: folder.path)
    #expect(outcome.bytes.isEmpty)
    return (outcome.code, outcome.errors.split(separator: "\n").map(String.init))
  }

  private func problems(_ text: String, _ extra: [String] = []) throws -> (Int32?, [String]) {
    try problems([("s.yaml", text)], extra)
  }

  @Test func anUnknownLeverIsNamedWithASuggestion() throws {
    let (code, lines) = try problems("levers:\n  promotion_budjet: { hold: 30 }\n")
    #expect(code == 65)
    #expect(
      lines == ["simulate: s.yaml:2:3: the model has no lever 'promotion_budjet'; did you mean 'promotion_budget'?"])
  }

  @Test func anUnknownWorldDriverIsNamedWithASuggestion() throws {
    let (code, lines) = try problems("world:\n  national_growht: { hold: 6 }\n")
    #expect(code == 65)
    #expect(
      lines == [
        "simulate: s.yaml:2:3: the model has no world driver 'national_growht'; did you mean 'national_growth'?"
      ])
  }

  @Test func aWrongTypeIsNamed() throws {
    let (code, lines) = try problems("levers:\n  promotion_budget: { hold: much }\n")
    #expect(code == 65)
    #expect(lines == ["simulate: s.yaml:2:29: hold must be a number, not 'much'"])
    #expect(
      try problems("levers:\n  promotion_budget: { hold: '30,5' }\n").1 == [
        "simulate: s.yaml:2:29: hold must be a number, not '30,5'; write a decimal point"
      ])
    #expect(
      try problems("levers: [promotion_budget]\n").1 == [
        "simulate: s.yaml:1:9: levers must be a mapping of keys to values, not a list"
      ])
    #expect(
      try problems("- levers\n").1 == [
        "simulate: s.yaml:1:1: a scenario must be a mapping of keys to values, not a list"
      ])
    #expect(
      try problems("levers:\n  promotion_budget: { step: { from: 2026.5, value: 30 } }\n").1 == [
        "simulate: s.yaml:2:37: from must be a whole number, not 2026.5"
      ])
  }

  @Test(arguments: [".inf", "nan", "0x10", "1e999", "1_000", "~", "no", "on", "!!float 3y", "--5", "1e", "٣"])
  func whatIsNoDecimalNumberIsRefused(_ value: String) throws {
    let (code, lines) = try problems("levers:\n  promotion_budget: { hold: \(value) }\n")
    #expect(code == 65)
    #expect(
      lines.count == 1 && lines.allSatisfy { $0.contains("s.yaml:2:29: hold must be a number, not ") }, "\(lines)")
  }

  @Test func aValueOutsideTheRangeIsNamed() throws {
    let (code, lines) = try problems("levers:\n  promotion_budget: { step: { from: 2026, value: 500 } }\n")
    #expect(code == 65)
    #expect(
      lines == [
        "simulate: s.yaml:2:21: 500 is outside the feasible range of 'promotion_budget': 0 to 100 billion_vnd_per_year"
      ])
  }

  @Test func anUnknownKeyIsNamed() throws {
    #expect(
      try problems("lever: {}\n").1.first
        == "simulate: s.yaml:1:1: a scenario has no key 'lever'; did you mean 'levers'?")
    let (code, lines) = try problems("levers:\n  promotion_budget: { stap: { from: 2026, value: 30 } }\n")
    #expect(code == 65)
    #expect(
      lines.first
        == "simulate: s.yaml:2:23: the path of 'promotion_budget' has no key 'stap'; did you mean 'step'?")
  }

  @Test func yearsOutsideTheProjectionAreNamed() throws {
    let late = "levers:\n  promotion_budget: { step: { from: 2033, value: 30 } }\n"
    let (code, lines) = try problems(late)
    #expect(code == 65)
    #expect(
      lines == [
        "simulate: s.yaml:2:21: the year 2033 is outside the projection 2025 to 2030; extend it with --until 2033"
      ])
    let folder = try TemporaryFolder()
    let path = try folder.file("s.yaml", late)
    #expect(try simulate(["run", path, "--until", "2033", "--draws", "50", "--format", "csv"]).code == 0)
    #expect(
      try problems("levers:\n  promotion_budget: { step: { from: 2019, value: 30 } }\n").1 == [
        "simulate: s.yaml:2:21: the year 2019 is outside the projection 2025 to 2030"
      ])
    #expect(
      try problems("levers:\n  wha_smart_technology_2: { start: 2031 }\n").1.first?.contains("2031 is outside") == true)
    #expect(
      try problems("levers:\n  tourism_year: { pulse: { years: [2028, 2040], value: 1 } }\n").1.first?
        .contains("2040 is outside") == true)
    #expect(
      try problems("levers:\n  promotion_budget: { values: { 2026: 30, 2050: 40 } }\n").1.first?
        .contains("2050 is outside") == true)
  }

  @Test func aPathWithoutContentIsRefused() throws {
    for path in ["{}", "{ values: {} }", "{ pulse: { years: [], value: 30 } }", "", "{ step: {} }", "{ step: }", "30"] {
      let (code, lines) = try problems("levers:\n  promotion_budget: \(path)\n")
      #expect(code == 65, "\(path)")
      #expect(lines.allSatisfy { $0.hasPrefix("simulate: s.yaml:2:") }, "\(path): \(lines)")
      #expect(!lines.isEmpty && lines.count <= 2, "\(path): \(lines)")
    }
  }

  @Test func yearsThatAreNoYearsAreRefused() throws {
    for years in ["2026.5", "1e300", "-1e300", "many"] {
      let (code, lines) = try problems("levers:\n  tourism_year: { pulse: { years: [\(years)], value: 1 } }\n")
      #expect(code == 65, "\(years)")
      #expect(lines.count == 1, "\(years): \(lines)")
    }
    #expect(
      try problems("levers:\n  promotion_budget: { values: { soon: 30 } }\n").1.first
        == "simulate: s.yaml:2:33: 'soon' is no year")
  }

  @Test func twoPathsForOneLeverAreRefused() throws {
    let (code, lines) = try problems(
      "levers:\n  promotion_budget: { hold: 30, step: { from: 2027, value: 40 } }\n")
    #expect(code == 65)
    #expect(
      lines == [
        "simulate: s.yaml:2:21: the path of 'promotion_budget' can have only one of: hold, step, ramp, pulse, values"
      ])
  }

  @Test func aKeyThatStandsTwiceIsRefused() throws {
    let (code, lines) = try problems("levers:\n  promotion_budget: { hold: 30 }\n  promotion_budget: { hold: 40 }\n")
    #expect(code == 65)
    #expect(lines.count == 1)
    #expect(lines.first?.hasPrefix("simulate: s.yaml:2:3: ") == true)
    #expect(lines.first?.hasSuffix("the key 'promotion_budget' stands twice in this mapping") == true)
  }

  @Test func aReformNamesItsSubIndices() throws {
    let ramp = "ramp: { from: 2026, to: 2028, value: 0.75 }"
    let (code, lines) = try problems("levers:\n  reform_package: { \(ramp) }\n")
    #expect(code == 65)
    #expect(
      lines == [
        "simulate: s.yaml:2:19: 'reform_package' needs 'on': the sub-indices of the package; for example on: [time_costs, informal_charges]"
      ])
    #expect(
      try problems("levers:\n  reform_package: { \(ramp), on: [time_cost, land_access] }\n").1 == [
        "simulate: s.yaml:2:71: there is no sub-index 'time_cost'; did you mean 'time_costs'?"
      ])
    #expect(
      try problems("levers:\n  reform_package: { \(ramp), on: [time_costs, pci_time_costs] }\n").1 == [
        "simulate: s.yaml:2:83: 'pci_time_costs' stands twice"
      ])
    #expect(try problems("levers:\n  reform_package: { \(ramp), on: [] }\n").1.count == 1)
    #expect(try problems("levers:\n  reform_package: { \(ramp), on: [kindness] }\n").1.count == 1)
  }

  @Test func allProblemsOfAFileAreReportedAtOnce() throws {
    let (code, lines) = try problems(
      """
      nam: x
      base: other
      levers:
        promotion_budget: { hold: 500 }
        wha_smart_technology_2: { start: 2050 }
        nothing: { hold: 1 }
      world:
        cpi_change: { hold: x }

      """)
    #expect(code == 65)
    let places = lines.compactMap { $0.split(separator: ":").dropFirst(2).first }
    #expect(places == ["1", "2", "4", "5", "6", "8"], "\(lines)")
  }

  @Test func problemsOfSeveralFilesAreReportedTogether() throws {
    let (code, lines) = try problems([
      ("a.yaml", "levers:\n  x_y: { hold: 1 }\n"), ("b.yaml", "levers:\n  promotion_budget: { hold: -1 }\n"),
      ("c.yaml", "levers:\n  promotion_budget: { hold: 30 }\n"), ("d.yaml", ""),
    ])
    #expect(code == 65)
    #expect(lines.map { $0.dropFirst("simulate: ".count).prefix(6) } == ["a.yaml", "b.yaml", "d.yaml"])
  }

  @Test func anEmptyFileIsRefused() throws {
    for text in ["", " \n\n", "\u{FEFF}"] {
      let (code, lines) = try problems(text)
      #expect(code == 65)
      #expect(lines.count == 1)
      #expect(lines.first?.hasPrefix("simulate: s.yaml: the file is empty") == true)
    }
    for text in ["# only\n# comments\n", "---\n"] {
      let (code, lines) = try problems(text)
      #expect(code == 65)
      #expect(lines.count == 1, "\(lines)")
      #expect(lines.first?.hasPrefix("simulate: s.yaml") == true)
    }
    #expect(try problems("# only\n").1 == ["simulate: s.yaml: the file holds only comments"])
    #expect(
      try problems("name: x\n").1 == [
        "simulate: s.yaml:1:1: the scenario changes nothing: it has neither levers nor world"
      ])
    #expect(try problems("name: x\nlevers: {}\n").0 == 65)
  }

  @Test func whatIsNotYAMLIsNamedWithItsPlace() throws {
    for text in ["levers: {\n", "levers:\n\tx: 1\n", "a: b: c\n", "levers: *none\n", "\"open\n", "%x\n---\n"] {
      let (code, lines) = try problems(text)
      #expect(code == 65, "\(text)")
      #expect(lines.count == 1 && lines.allSatisfy { $0.hasPrefix("simulate: s.yaml:") }, "\(text): \(lines)")
    }
  }

  @Test func twoDocumentsAreRefused() throws {
    let (code, lines) = try problems("levers:\n  promotion_budget: { hold: 30 }\n---\nlevers: {}\n")
    #expect(code == 65, "\(lines)")
  }

  @Test func whatIsNotUTF8IsRefused() throws {
    let folder = try TemporaryFolder()
    let text = Array("levers:\n  promotion_budget: { hold: 30 } # ".utf8)
    try folder.file("s.yaml", bytes: text + [0xE9, 0x0A])
    try folder.file("wide.yaml", bytes: [0xFF, 0xFE] + text.flatMap { [$0, 0] })
    for name in ["s.yaml", "wide.yaml"] {
      let outcome = try simulate(["run", name, "--model", Spawned.modelFolder], in: folder.path)
      #expect(outcome.code == 65)
      #expect(outcome.errors == "simulate: \(name): the file is not UTF-8 text; save it as UTF-8\n")
    }
  }

  @Test func hugeAndDeepFilesAreRefused() throws {
    let deep = String(repeating: "[", count: 100_000)
    let bomb =
      "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
      + (0..<9).map { level in
        let (this, last) = (UnicodeScalar(98 + level) ?? "z", UnicodeScalar(97 + level) ?? "z")
        return "\(this): &\(this) [" + [String](repeating: "*\(last)", count: 10).joined(separator: ",") + "]\n"
      }.joined()
    let closed = String(repeating: "[", count: 20_000) + String(repeating: "]", count: 20_000)
    let mappings = String(repeating: "{a: ", count: 20_000) + String(repeating: "}", count: 20_000)
    let large = "name: " + String(repeating: "x", count: 1_100_000)
    for text in [deep, bomb, closed, mappings, "levers: " + closed + "\n", large] {
      let (code, lines) = try problems(text)
      #expect(code == 65, "\(text.prefix(20)): \(lines)")
      #expect(lines.count == 1, "\(text.prefix(20)): \(lines.prefix(3))")
    }
  }

  @Test(arguments: ["baseline", "world", "interaction"]) func namesOfTheResultAreReserved(_ stem: String) throws {
    let (code, lines) = try problems([(stem + ".yaml", "levers:\n  promotion_budget: { hold: 30 }\n")])
    #expect(code == 65)
    #expect(lines == ["simulate: \(stem).yaml: a scenario cannot be called '\(stem)'; rename the file"])
  }

  @Test func twoScenariosOfOneNameAreRefused() throws {
    let text = "levers:\n  promotion_budget: { hold: 30 }\n"
    let (code, lines) = try problems([("a/x.yaml", text), ("b/x.yaml", text)])
    #expect(code == 64)
    #expect(
      lines == [
        "simulate: b/x.yaml: another scenario has the same name 'x' (a/x.yaml); rename one of the files"
      ])
    #expect(try problems([("x.yaml", text), ("x.yml", text)]).0 == 64)
  }

  @Test func aMissingFileIsNamedWithASuggestion() throws {
    let folder = try TemporaryFolder()
    try folder.file("tourism.yaml", "levers:\n  promotion_budget: { hold: 30 }\n")
    let outcome = try simulate(["run", "turism.yaml", "--model", Spawned.modelFolder], in: folder.path)
    #expect(outcome.code == 66)
    #expect(outcome.errors == "simulate: turism.yaml: no such file; did you mean 'tourism.yaml'?\n")
    let other = try simulate(["run", "zzz.yaml", "--model", Spawned.modelFolder], in: folder.path)
    #expect(other.code == 66)
    #expect(other.errors == "simulate: zzz.yaml: no such file; check the name and the folder\n")
  }

  @Test func aScenarioOfTheModelFolderIsSuggested() throws {
    let outcome = try simulate(["run", "both.yaml"])
    #expect(outcome.code == 66)
    #expect(outcome.errors == "simulate: both.yaml: no such file; did you mean 'notebooks-data/scenarios/both.yaml'?\n")
  }

  @Test func aFolderInsteadOfAFileIsRefused() throws {
    let folder = try TemporaryFolder()
    try folder.file("x.yaml/inner", "")
    let outcome = try simulate(["run", "x.yaml", "--model", Spawned.modelFolder], in: folder.path)
    #expect(outcome.code == 66)
    #expect(outcome.errors == "simulate: x.yaml: a file is expected, this is a directory; name a file in it\n")
  }

  @Test func missingAndBrokenFilesAreReportedTogether() throws {
    let folder = try TemporaryFolder()
    try folder.file("s.yaml", "levers:\n  promotion_budget: { hold: 500 }\n")
    let outcome = try simulate(["run", "s.yaml", "zzz.yaml", "--model", Spawned.modelFolder], in: folder.path)
    #expect(outcome.code == 66)
    #expect(outcome.errors.split(separator: "\n").count == 2)
  }

  @Test func lineEndsAndByteOrderMarkChangeNothing() throws {
    let folder = try TemporaryFolder()
    let text = try String(contentsOfFile: Spawned.modelFolder + "/scenarios/both.yaml", encoding: .utf8)
    let scenario = try folder.file("s.yaml", text)
    let arguments = ["run", scenario, "--draws", "100", "--by-lever"]
    let clean = try simulate(arguments + ["--format", "csv"])
    let report = try simulate(arguments)
    #expect(clean.code == 0 && report.code == 0)
    for variant in [text.replacingOccurrences(of: "\n", with: "\r\n"), "\u{FEFF}" + text] {
      try folder.file("s.yaml", variant)
      #expect(try simulate(arguments + ["--format", "csv"]).bytes == clean.bytes)
      // The last line names the run; the bytes of the file are part of that.
      #expect(try simulate(arguments).lines.dropLast(2) == report.lines.dropLast(2))
    }
  }
}
