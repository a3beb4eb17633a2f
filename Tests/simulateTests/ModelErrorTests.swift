import Foundation
import Testing

/// Problems of a model folder.
@Suite struct ModelErrorTests {
  private func run(_ model: String, _ arguments: [String] = ["run", "--draws", "50"]) throws -> Spawned.Outcome {
    try simulate(arguments + ["--model", model])
  }

  /// The message without the folder's path.
  private func lines(_ outcome: Spawned.Outcome, without folder: String) -> [String] {
    outcome.errors.split(separator: "\n").map { $0.replacingOccurrences(of: folder + "/", with: "") }
  }

  @Test func aMissingFolderIsNamed() throws {
    for command in [["run"], ["compare", "x.yaml"], ["explain", "pci_score"], ["targets"]] {
      let outcome = try run("/nonexistent/model", command)
      #expect(outcome.code == 66, "\(command)")
      #expect(
        outcome.errors
          == "simulate: /nonexistent/model: there is no such model folder; give one with --model DIR or SIMULATE_HOME\n"
      )
    }
    let folder = try TemporaryFolder()
    let outcome = try run(folder.path)
    #expect(outcome.code == 66)
    #expect(
      outcome.errors
        == "simulate: \(folder.path): the folder holds no model/model.yaml; a model folder looks like notebooks-data\n")
    let none = try simulate(["run"], in: folder.path)
    #expect(none.code == 66)
    #expect(
      none.errors
        == "simulate: no model folder was found: none named notebooks-data here or above, and none beside the binary; give one with --model DIR or SIMULATE_HOME\n"
    )
  }

  @Test func allProblemsOfAllFilesAreReportedAtOnce() throws {
    let folder = try TemporaryFolder()
    let model = try folder.copyOfModel()
    try folder.replace(
      "good: up\n    headline: true\n    price_basis: current\n    identity", with: "good: upp\n    identity",
      in: "model-folder/model/tourism.yaml")
    try folder.replace("lag: [0.7, 0.3]", with: "lag: [0.7, 0.4]", in: "model-folder/model/tourism.yaml")
    try folder.replace("range: percent\n", with: "rnage: percent\n", in: "model-folder/model/competitiveness.yaml")
    try folder.replace("base_year: 2025", with: "base_year: soon", in: "model-folder/model/world.yaml")
    let outcome = try run(model)
    #expect(outcome.code == 65)
    let found = lines(outcome, without: model)
    #expect(
      found.contains { $0.hasPrefix("simulate: model/tourism.yaml:") && $0.contains("cannot be 'upp'") }, "\(found)")
    #expect(found.contains { $0.contains("the lag weights must be non-negative and add up to 1") }, "\(found)")
    #expect(
      found.contains { $0.hasPrefix("simulate: model/competitiveness.yaml:") && $0.hasSuffix("did you mean 'range'?") },
      "\(found)")
    #expect(found.contains { $0.hasPrefix("simulate: model/world.yaml:") && $0.contains("'soon'") }, "\(found)")
    for line in found {
      #expect(
        line.range(of: #"^simulate: model/[a-z]+\.yaml:\d+:\d+: "#, options: .regularExpression) != nil, "\(line)")
    }
  }

  @Test func unknownReferencesAreNamed() throws {
    let folder = try TemporaryFolder()
    let model = try folder.copyOfModel()
    try folder.replace(
      "sum: [fdi_registered_ordinary, fdi_registered_mega]",
      with: "sum: [fdi_registered_ordinari, fdi_registered_mega]",
      in: "model-folder/model/investment.yaml")
    try folder.replace("cause: night_economy", with: "cause: nigth_economy", in: "model-folder/model/tourism.yaml")
    let outcome = try run(model)
    #expect(outcome.code == 65)
    let found = lines(outcome, without: model)
    #expect(found.count == 2, "\(found)")
    #expect(found.contains { $0.contains("did you mean 'fdi_registered_ordinary'?") })
    #expect(found.contains { $0.contains("did you mean 'night_economy'?") })
  }

  @Test func aMissingObservationsFolderIsNamed() throws {
    let folder = try TemporaryFolder()
    let model = try folder.copyOfModel()
    try FileManager.default.removeItem(atPath: model + "/observations")
    let outcome = try run(model)
    #expect(outcome.code == 66)
    #expect(
      lines(outcome, without: model) == [
        "simulate: observations: the folder cannot be read; restore it, or give another model folder with --model DIR"
      ])
  }

  @Test(arguments: ["pci.csv", "tourism_annual.csv", "macro.csv", "thanh_hoa_fdi.csv", "province_fdi.csv"])
  func aMissingObservationsFileIsNoCrash(_ name: String) throws {
    let folder = try TemporaryFolder()
    let model = try folder.copyOfModel()
    try FileManager.default.removeItem(atPath: model + "/observations/" + name)
    let outcome = try run(model)
    // Some indicators have figures in more than one file.
    #expect([0, 65, 66].contains(outcome.code), "\(outcome.errors)")
    #expect((outcome.code == 0) == outcome.errors.isEmpty)
  }

  @Test(arguments: [
    "evidence/targets.csv", "reference/release_rules.csv", "reference/pci_weights.csv",
    "reference/province_crosswalk.csv",
  ])
  func aMissingReferenceFileIsNamed(_ name: String) throws {
    let folder = try TemporaryFolder()
    let model = try folder.copyOfModel()
    try FileManager.default.removeItem(atPath: model + "/" + name)
    let outcome = try run(model)
    #expect(outcome.code == 66)
    #expect(lines(outcome, without: model).first?.hasPrefix("simulate: \(name): ") == true, "\(outcome.errors)")
  }

  @Test func garbageInObservationsIsNamedWithItsPlace() throws {
    let folder = try TemporaryFolder()
    let model = try folder.copyOfModel()
    let name = "model-folder/observations/tourism_annual.csv"
    var rows = try folder.text(name).split(separator: "\n").map(String.init)
    let columns = rows[0].split(separator: ",").map(String.init)
    let place = try #require(columns.firstIndex(of: "value"))
    let index = try #require(rows.firstIndex { $0.hasPrefix("tourism_arrivals_domestic,") })
    var cells = rows[index].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let column = cells[..<place].joined(separator: ",").count + 2
    for value in ["abc", "0x1F", "inf", "NaN", "1e999", "1.234,5"] {
      cells[place] = value.contains(",") ? "\"\(value)\"" : value
      rows[index] = cells.joined(separator: ",")
      try folder.file(name, rows.joined(separator: "\n") + "\n")
      let outcome = try run(model)
      #expect(outcome.code == 65, "\(value)")
      #expect(
        lines(outcome, without: model).first?.hasPrefix(
          "simulate: observations/tourism_annual.csv:\(index + 1):\(column): ") == true, "\(outcome.errors)")
    }
    rows[index] = "\"open"
    try folder.file(name, rows.joined(separator: "\n") + "\n")
    let open = try run(model)
    #expect(open.code == 65)
    #expect(
      open.errors.range(of: #"observations/tourism_annual\.csv:\d+:\d+: "#, options: .regularExpression) != nil,
      "\(open.errors)")
    rows[index] = "tourism_arrivals_domestic,thanh-hoa"
    try folder.file(name, rows.joined(separator: "\n") + "\n")
    let short = try run(model)
    #expect(short.code == 65)
    #expect(
      lines(short, without: model).first?.hasPrefix("simulate: observations/tourism_annual.csv:\(index + 1):") == true)
  }

  @Test func anEmptyObservationsFileIsNamed() throws {
    let folder = try TemporaryFolder()
    let model = try folder.copyOfModel()
    try folder.file("model-folder/observations/macro.csv", "")
    let outcome = try run(model)
    #expect(outcome.code == 65)
    #expect(outcome.errors.contains("observations/macro.csv"))
  }

  @Test func aModelWithoutASystemFileSaysWhatIsMissing() throws {
    let folder = try TemporaryFolder()
    let model = try folder.copyOfModel()
    try FileManager.default.removeItem(atPath: model + "/model/world.yaml")
    let outcome = try run(model)
    #expect(outcome.code == 65)
    #expect(outcome.errors.contains("'national_growth', which is no world driver"), "\(outcome.errors)")
  }

  /// Years, counts and amounts beyond all reason are refused or end in an error; they do not crash.
  @Test(arguments: [
    ("tourism", "pulse: [2020, 2021]", "pulse: [2020, 1e300]"),
    ("tourism", "rebound: [2022, 2023]", "rebound: [-1e300]"),
    ("tourism", "except: [2020, 2021]", "except: [1e300]"), ("tourism", "year: 2025", "year: 1e300"),
    ("tourism", "decimals: 0", "decimals: 1e300"), ("competitiveness", "window_years: 3", "window_years: 1e300"),
    ("competitiveness", "first_year: 2013", "first_year: -1e300"),
    ("investment", "count_from: 2015", "count_from: 1e300"),
    ("model", "start_year: 2025", "start_year: 1e300"), ("tourism", "pulse: [2020, 2021]", "pulse: [2020.5]"),
    ("tourism", "{ rebound: [2022, 2023] }", "{ rebound: [2022], pulse: [2023] }"),
  ])
  func numbersBeyondReasonAreRefused(_ file: String, _ old: String, _ new: String) throws {
    let folder = try TemporaryFolder()
    let model = try folder.copyOfModel()
    try folder.replace(old, with: new, in: "model-folder/model/\(file).yaml")
    let outcome = try run(model, ["run", Spawned.modelFolder + "/scenarios/both.yaml", "--draws", "20"])
    #expect(outcome.code == 65, "\(outcome)")
    #expect(lines(outcome, without: model).allSatisfy { $0.hasPrefix("simulate: model/\(file).yaml:") })
  }
}
