import Foundation
import Testing

/// The export: tidy tables that agree with the run's own csv, a complete dictionary, harmless text.
@Suite struct ExportTests {
  private static let scenario = "notebooks-data/scenarios/both.yaml"
  private static let files = [
    "datapackage.json", "dictionary.csv", "indicators.csv", "levers.csv", "projections.csv", "projections.json",
    "scenarios.csv", "sources.csv", "statistics.csv", "targets.csv",
  ]

  private func export(_ arguments: String...) throws -> Spawned.Outcome {
    try simulate(["export", "--draws", "60"] + arguments)
  }

  /// After a change on purpose: `UPDATE_GOLDEN=1 swift test --filter ExportTests`, then look at the difference.
  private func expectGolden(_ bytes: [UInt8], _ name: String) throws {
    let path = Spawned.package + "/Tests/simulateTests/Golden/\(name)"
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
    #expect(String(decoding: bytes, as: UTF8.self) == (try String(contentsOfFile: path, encoding: .utf8)))
  }

  @Test func aFolderHoldsTablesAndTheirDictionary() throws {
    let folder = try TemporaryFolder()
    let outcome = try export(Self.scenario, "--by-lever", "--output", folder.path + "/out/export")
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    let written = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out/export").sorted()
    #expect(written == Self.files)
    #expect(
      Set(outcome.text.split(separator: "\n").map(String.init))
        == Set(Self.files.map { "\(folder.path)/out/export/\($0)" }))
    let run = try simulate(["run", Self.scenario, "--by-lever", "--draws", "60", "--format", "csv"])
    #expect(try folder.bytes("out/export/projections.csv") == run.bytes)
    try expectGolden(try folder.bytes("out/export/dictionary.csv"), "export-dictionary.csv")
    try expectGolden(try folder.bytes("out/export/statistics.csv"), "export-statistics.csv")
    // The dictionary names every column of every file, and no other.
    var columns: [String: [String]] = [:]
    for line in try folder.text("out/export/dictionary.csv").split(separator: "\n").dropFirst() {
      let cells = line.split(separator: ",", maxSplits: 2).map(String.init)
      columns[cells[0], default: []].append(cells[1])
    }
    let tables = Self.files.filter { $0.hasSuffix(".csv") && $0 != "dictionary.csv" }
    #expect(columns.count == tables.count)
    for file in tables {
      let header = try folder.text("out/export/\(file)").split(separator: "\n")[0].split(separator: ",").map(
        String.init)
      #expect(columns[String(file.dropLast(4))] == header, "\(file)")
    }
    let package = try JSONValue(try folder.bytes("out/export/datapackage.json"))
    #expect(
      package["resources"]?.elements.compactMap { $0["path"]?.string }.sorted()
        == (tables + ["dictionary.csv"]).sorted())
  }

  @Test func jsonHoldsTheSame() throws {
    let outcome = try export(Self.scenario, "--format", "json")
    let json = try JSONValue(outcome.bytes)
    #expect(
      json.keys == [
        "run", "projections", "indicators", "scenarios", "targets", "levers", "statistics", "sources", "dictionary",
      ])
    let run = try JSONValue(try simulate(["run", Self.scenario, "--draws", "60", "--format", "json"]).bytes)
    #expect(json["projections"] == run["rows"])
    #expect(json["run"] == run["run"])
    #expect(json["indicators"]?.elements.compactMap { $0["indicator"]?.string } == run["indicators"]?.keys)
    let unknown = json["projections"]?.elements.filter { row in
      json["statistics"]?.elements.contains { $0["statistic"] == row["statistic"] } == false
    }
    #expect(unknown?.isEmpty == true)
    let used = Set(
      json["indicators"]?.elements.flatMap { ($0["sources"]?.string ?? "").split(separator: " ").map(String.init) }
        ?? [])
    #expect(used == Set(json["sources"]?.elements.compactMap { $0["source"]?.string } ?? []))
    #expect(json["sources"]?.elements.allSatisfy { $0["title"]?.string != nil } == true)
  }

  @Test func publishedFiguresAreAsReviewed() throws {
    let outcome = try export("--indicator", "tourism_arrivals_international", "--wide")
    let observed = outcome.text.split(separator: "\n").filter { $0.contains(",observed,") || $0.hasPrefix("scenario,") }
    try expectGolden(Array((observed.joined(separator: "\n") + "\n").utf8), "export-wide-observed.csv")
  }

  @Test func wideHoldsTheNumbersOfLong() throws {
    let long = try Sample.rows(csv: try export(Self.scenario, "--long").text)
    let lines = try export(Self.scenario, "--wide").text.split(separator: "\n").map { fields(String($0)) }
    let years = lines[0].dropFirst(7)
    var count = 0
    var values: [Sample.Row: Double] = [:]
    for line in lines.dropFirst() {
      for (year, cell) in zip(years, line.dropFirst(7)) where !cell.isEmpty {
        values[
          Sample.Row(
            scenario: line[0], indicator: line[1], period: year, lever: line[5].isEmpty ? nil : line[5],
            statistic: line[6])
        ] = Double(cell)
        count += 1
      }
    }
    #expect(count == long.count { $0.value != nil })
    for row in long {
      var key = row
      key.value = nil
      if values[key] != row.value { Issue.record("\(row)") }
    }
  }

  @Test func formulasStayText() throws {
    let folder = try TemporaryFolder()
    for (file, name) in [("=1+1.yaml", "=HYPERLINK(\\\"x\\\")"), ("@b.yaml", "+cmd"), ("-c.yaml", "\\t=1")] {
      try folder.file(file, "name: { vi: \"\(name)\", en: \"-2\" }\nworld: { national_growth: { hold: 6.5 } }\n")
    }
    let paths = ["=1+1.yaml", "@b.yaml", "-c.yaml"].map { folder.path + "/" + $0 }
    let outcome = try simulate(["export"] + paths + ["--draws", "20", "--output", folder.path + "/e/"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    for file in Self.files where file.hasSuffix(".csv") {
      for line in try folder.text("e/\(file)").split(separator: "\n") {
        for cell in fields(String(line)) {
          guard let first = cell.first, "=+-@\t\r".contains(first) else { continue }
          #expect(Double(cell) != nil, "\(file): \(cell)")
        }
      }
    }
    let rows = try folder.text("e/scenarios.csv")
    for cell in ["'=1+1", "'@b", "'-c", "'+cmd", "'-2"] { #expect(rows.contains(cell), "\(cell)") }
    let json = try JSONValue(try folder.bytes("e/projections.json"))
    #expect(json["scenarios"]?.elements.compactMap { $0["scenario"]?.string } == ["baseline", "=1+1", "@b", "-c"])
    let run = try simulate(["run"] + paths + ["--draws", "20", "--format", "csv"])
    #expect(!run.text.contains("\n=1+1") && !run.text.contains("\n@b") && !run.text.contains("\n-c"))
    // Only the fixed names were written.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/e").sorted() == Self.files)
  }

  @Test func namesComeOutComposed() throws {
    let folder = try TemporaryFolder()
    let name = "phương-án"
    try folder.file(
      name.decomposedStringWithCanonicalMapping + ".yaml",
      "name: \"Đợt cải cách thủ tục\"\nworld: { national_growth: { hold: 6.5 } }\n".decomposedStringWithCanonicalMapping
    )
    let outcome = try simulate(
      [
        "run", folder.path + "/" + name.decomposedStringWithCanonicalMapping + ".yaml", "--draws", "20", "--format",
        "json",
      ])
    #expect(outcome.code == 0)
    #expect(Data(outcome.bytes).range(of: Data("\"\(name)\"".precomposedStringWithCanonicalMapping.utf8)) != nil)
    #expect(
      Data(outcome.bytes).range(of: Data("\"Đợt cải cách thủ tục\"".precomposedStringWithCanonicalMapping.utf8)) != nil)
    #expect(!outcome.text.unicodeScalars.contains { $0.properties.generalCategory == .nonspacingMark })
  }

  @Test func excelGetsAMark() throws {
    let folder = try TemporaryFolder()
    #expect(try export("--excel", "--indicator", "pci_score", "--output", folder.path + "/a.csv").code == 0)
    #expect(try export("--indicator", "pci_score", "--output", folder.path + "/b.csv").code == 0)
    #expect(try folder.bytes("a.csv") == [0xEF, 0xBB, 0xBF] + (try folder.bytes("b.csv")))
  }

  @Test func otherEndingsAreRefused() throws {
    let folder = try TemporaryFolder()
    let outcome = try export("--output", folder.path + "/a.xlsx")
    #expect(outcome.code == 64)
    #expect(
      outcome.errors
        == "simulate: \(folder.path)/a.xlsx: an export is a folder, or a file that ends in .csv or .json; end a folder's name in /, or add --format\n"
    )
    #expect(try export("--output", folder.path + "/no/a.csv").code == 73)
    #expect(try export("--indicator", "pci_scor").code == 64)
    #expect(folder.names.isEmpty)
  }

  @Test func theNotebookDrawsItsFigures() throws {
    let outcome = try shell("tools/check-notebook \"$simulate\"", environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    if outcome.text.hasPrefix("skipped") { print(outcome.text) } else { #expect(outcome.text == "3 figures\n") }
  }

  /// The fields of one line of csv.
  private func fields(_ line: String) -> [String] {
    var result = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: result.append("")
      default: result[result.count - 1].append(character)
      }
    }
    return result
  }
}
