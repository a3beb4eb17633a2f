import Foundation
import Testing

/// `explain`.
@Suite struct ExplainTests {
  /// All ids of the model, as the message for an unknown one lists them, else from the files.
  private static func ids() throws -> [String] {
    let folder = Spawned.modelFolder + "/model"
    var ids: [String] = []
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() where name != "model.yaml" {
      var isListing = false
      for line in try String(contentsOfFile: folder + "/" + name, encoding: .utf8).split(separator: "\n") {
        if line.first?.isLetter == true { isListing = line != "links:" && line.hasSuffix(":") }
        if isListing, line.hasPrefix("  "), line.dropFirst(2).first?.isLetter == true, line.hasSuffix(":") {
          ids.append(String(line.dropFirst(2).dropLast()))
        }
      }
    }
    return ids
  }

  @Test func everythingInTheModelIsExplained() throws {
    let ids = try Self.ids()
    #expect(ids.count > 35)
    for (index, id) in ids.enumerated() {
      // The processes say what they do, without a title: these have no name of their own.
      let hasTitle = id != "pci_race" && id != "fdi_projects"
      // Each language for half of them, and both for those with the most text.
      let both = ["pci_score", "tourism_revenue", "reform_package", "pci_on_fdi", "pci_race", "fdi_projects"]
      for language in both.contains(id) ? ["vi", "en"] : [index.isMultiple(of: 2) ? "vi" : "en"] {
        let outcome = try simulate(["explain", id, "--lang", language])
        #expect(outcome.code == 0, "\(id): \(outcome.errors)")
        #expect(outcome.text.count > 40, "\(id)")
        #expect(!hasTitle || outcome.lines[0].contains(id), "\(id): \(outcome.lines[0])")
        #expect(outcome.text.range(of: #"\b(nan|inf)\b"#, options: .regularExpression) == nil, "\(id)")
      }
    }
  }

  /// What rests on few observations says so and why; a stock says how it moves and where it starts anew.
  @Test func fewObservationsAndRestartsAreExplained() throws {
    func explain(_ id: String, _ language: String) throws -> String {
      // One line, wherever the terminal breaks it.
      try simulate(["explain", id, "--lang", language]).text.split(whereSeparator: \.isWhitespace).joined(
        separator: " ")
    }
    let spend = try explain("tourism_spend_per_visit", "en")
    #expect(spend.contains("few observations, not testable: 6 usable figures, 4 of them better than press"))
    #expect(spend.contains("Exception: revenue is visits times spend"))
    #expect(try explain("tourism_spend_per_visit", "vi").contains("Ngoại lệ: doanh thu là tích"))
    let communes = try explain("ntm_communes", "en")
    #expect(communes.contains("= [t-1] + ntm_recognition_pace × (communes - [t-1]), 0 ≤ ... ≤ communes"))
    #expect(communes.contains("Starts anew") && communes.contains("2025: 374; 2026: 22 (14 – 32)"))
    #expect(try explain("ntm_communes", "vi").contains("Khởi động lại"))
    #expect(try explain("poverty_rate", "en").contains("In 2027 the measure changes and the series starts anew"))
  }

  /// A lever whose baseline is a path shows it by year, with what is feasible and where each year comes from.
  @Test func aLeversBaselineIsShownByYear() throws {
    for (language, path, from) in [
      ("en", "The baseline path by year", "models"), ("vi", "Đường cơ sở theo năm", "mô hình"),
    ] {
      let outcome = try simulate(["explain", "public_investment", "--lang", language])
      #expect(outcome.code == 0 && outcome.text.contains(path) && outcome.text.contains("state_budget_investment"))
      #expect(outcome.text.contains("0.7x – 1.5x"))
      for year in 2025...2030 {
        let line = outcome.lines.first { $0.trimmingCharacters(in: .whitespaces).hasPrefix("\(year)") }
        #expect(line?.contains(from) == true, "\(language) \(year): \(line ?? "no line")")
      }
    }
  }

  /// What a link does in time is said where it is explained, from both of its ends.
  @Test func linksSayWhatTheyDoInTime() throws {
    let folder = try TemporaryFolder()
    let model = try folder.copyOfModel()
    try folder.replace(
      "lag: [1], carry_over: none, valid: [0.25x, 2.5x],", with: "lag: [1], carry_over: none, on: growth,",
      in: "model-folder/model/border.yaml")
    try folder.replace(
      "prior: { low: 0.5, central: 0.8, high: 1 }, lag: [1],",
      with: "prior: { low: 0.5, central: 0.8, high: 1 }, cause_as: change, lag: [1],",
      in: "model-folder/model/province.yaml")
    for (id, language, text) in [
      ("border_trade", "en", "on growth: it adds to the yearly change"),
      ("clearance_days", "vi", "lên tốc độ thay đổi hằng năm"),
      ("total_social_investment", "vi", "theo thay đổi hằng năm của nguyên nhân"),
      ("private_mobilisation", "en", "the cause's change on the year before"),
    ] {
      let outcome = try simulate(
        ["explain", id, "--model", model, "--lang", language], environment: ["COLUMNS": "400"])
      #expect(outcome.code == 0 && outcome.text.contains(text), "\(id): \(outcome.text)")
    }
  }

  @Test func explanationsCanBeWrittenToAFile() throws {
    let folder = try TemporaryFolder()
    let shown = try simulate(["explain", "pci_on_fdi"], environment: ["COLUMNS": "120"])
    let written = try simulate(["explain", "pci_on_fdi", "-o", folder.path + "/e.txt"])
    #expect(written.code == 0 && written.bytes.isEmpty)
    #expect(try folder.bytes("e.txt") == shown.bytes)
  }
}
