import Foundation
import Testing

/// The meeting pack as users make it. What needs Python, pandoc or LibreOffice runs where they are.
@Suite(.serialized) struct ReportTests {
  private static let arguments = ["report"] + Sample.paths + ["--draws", "200", "--quiet"]
  private static let python = Spawned.package + "/.venv/bin/python"
  private static let office = "/usr/bin/soffice"
  static let hasPython: Bool = {
    let outcome = try? shell("\(python) -c 'import openpyxl, altair, jsonschema, vl_convert, weasyprint'")
    return outcome?.code == 0
  }()
  static var hasOffice: Bool { FileManager.default.isExecutableFile(atPath: office) }

  private func report(
    _ folder: TemporaryFolder, _ more: [String], language: String = "vi", environment: [String: String] = [:]
  ) throws -> Spawned.Outcome {
    try simulate(
      Self.arguments + ["--output", folder.path + "/pack", "--lang", language] + more, environment: environment)
  }

  // MARK: what is in it

  /// After a change on purpose: `UPDATE_GOLDEN=1 swift test --filter ReportTests`, then look at the difference.
  @Test(arguments: ["vi", "en"]) func theBriefHasItsStructure(_ language: String) throws {
    let folder = try TemporaryFolder()
    // Without pictures, so that the structure is the same on every computer.
    let outcome = try report(
      folder, ["--formats", "md,html"], language: language, environment: ["SIMULATE_PYTHON": "/nonexistent/python"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    // Figures move with the data: headings, heads of tables, and what kind of line follows.
    let markdown = try folder.text("pack/brief.md").split(separator: "\n").compactMap { line -> String? in
      if line.hasPrefix("#") { return String(line) }
      if line.hasPrefix("| ") && (line.contains("(1) |") || line.contains("P(")) { return String(line) }
      if line.hasPrefix("- ") { return "-" }
      return nil
    }
    let html = try folder.text("pack/brief.html").split(separator: "\n").filter {
      $0.hasPrefix("<h") || $0.hasPrefix("<thead") || $0.hasPrefix("</")
    }.map(String.init)
    var lines: [String] = []
    for line in markdown + html where line != lines.last { lines.append(line) }
    let text = lines.joined(separator: "\n") + "\n"
    let path = Spawned.package + "/Tests/simulateTests/Golden/brief-\(language).txt"
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    #expect(try text == String(contentsOfFile: path, encoding: .utf8), "see the comment of this test")
    // One file that asks the network for nothing.
    let whole = try folder.text("pack/brief.html")
    for word in ["<script", "src=", "@import", "<link", "url(http"] { #expect(!whole.contains(word), "\(word)") }
  }

  @Test(arguments: ["vi", "en"]) func theSameRunGivesTheSameBytes(_ language: String) throws {
    let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
    for (folder, threads) in [(first, "1"), (second, "2")] {
      let outcome = try report(folder, ["--formats", "md,xlsx,csv,json", "--threads", threads], language: language)
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    for name in ["brief.md", "workbook.xlsx", "data/result.csv", "data/result.json", "pack.json"] {
      #expect(try first.bytes("pack/" + name) == second.bytes("pack/" + name), "\(name)")
    }
  }

  @Test(.enabled(if: hasPython, "needs .venv (tools/setup-python)"), arguments: ["vi", "en"])
  func workbookAndChartsReadBack(_ language: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try report(folder, ["--formats", "xlsx,json,charts"], language: language)
    #expect(outcome.code == 0)
    #expect(outcome.errors.isEmpty, "\(outcome.errors)")
    let check = try shell("\(Self.python) Tests/simulateTests/check_pack.py \(folder.path)/pack")
    #expect(check.text == "ok\n", "\(check.text)\(check.errors)")
  }

  @Test(.enabled(if: hasPython && hasOffice, "needs .venv and LibreOffice Calc"))
  func libreOfficeComputesTheSameValues() throws {
    let folder = try TemporaryFolder()
    #expect(try report(folder, ["--formats", "xlsx,json"]).code == 0)
    let convert = try shell(
      "\(Self.office) --headless -env:UserInstallation=file://\(folder.path)/profile --convert-to xlsx --outdir \(folder.path)/again \(folder.path)/pack/workbook.xlsx",
      environment: ["HOME": folder.path])
    #expect(convert.code == 0, "\(convert.errors)")
    let check = try shell(
      "\(Self.python) Tests/simulateTests/check_pack.py \(folder.path)/pack --recalculated \(folder.path)/again/workbook.xlsx"
    )
    #expect(check.text == "ok\n", "\(check.text)\(check.errors)")
  }

  @Test(.enabled(if: hasPython, "needs .venv (tools/setup-python)")) func allPartsAreMade() throws {
    let folder = try TemporaryFolder()
    let outcome = try report(folder, ["--formats", "md,html,pdf,charts"])
    #expect(outcome.code == 0)
    #expect(outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(folder.names == ["pack"])
    #expect(try folder.bytes("pack/brief.pdf").starts(with: Array("%PDF".utf8)))
    let html = try folder.text("pack/brief.html")
    #expect(html.components(separatedBy: "<svg").count == 3)
    let markdown = try folder.text("pack/brief.md")
    for line in markdown.split(separator: "\n") where line.hasPrefix("![") {
      let path = line.split(separator: "(").last?.dropLast() ?? ""
      #expect(FileManager.default.fileExists(atPath: folder.path + "/pack/" + path), "\(path)")
    }
  }

  // MARK: texts are data

  @Test func textsFromFilesStayTexts() throws {
    let folder = try TemporaryFolder()
    let name = "=1+1 <script>alert('x')</script> | *Thanh Hoá*".decomposedStringWithCanonicalMapping
    let scenario = try folder.file(
      "..evil = 'x'.yaml",
      "name: { vi: \"\(name)\", en: \"\(name)\" }\nlevers: { promotion_budget: { step: { from: 2026, value: 30 } } }\n")
    let outcome = try simulate([
      "report", scenario, "--draws", "100", "--quiet", "--lang", "vi", "--output", folder.path + "/pack", "--question",
      "<img src=x onerror=y>", "--formats", "md,html,xlsx",
    ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let html = try folder.text("pack/brief.html")
    #expect(!html.contains("<script") && !html.contains("<img"))
    #expect(html.contains("=1+1 &lt;script&gt;"))
    #expect(Data(html.utf8).range(of: Data("Thanh Hoá".precomposedStringWithCanonicalMapping.utf8)) != nil)
    let markdown = try folder.text("pack/brief.md")
    #expect(markdown.contains("\\<script\\>"))
    #expect(Set(folder.names) == ["..evil = 'x'.yaml", "pack"])
    let sheets = try shell(
      "unzip -p \(folder.path)/pack/workbook.xlsx 'xl/worksheets/*.xml' | grep -o '<f>[^<]*alert' | wc -l")
    #expect(sheets.text.trimmingCharacters(in: .whitespacesAndNewlines) == "0")
  }

  // MARK: templates

  @Test func aTemplateIsAppliedAndItsMistakesAreTold() throws {
    let folder = try TemporaryFolder()
    let good = try folder.file("mine.md", "Của tôi: {{question}}\n{{#answer}}\n* {{.}}\n{{/answer}}\n")
    let outcome = try report(folder, ["--formats", "md", "--template", good, "--question", "Sao?"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(try folder.text("pack/brief.md").hasPrefix("Của tôi: Sao?\n* "))
    let bad = try folder.file("bad.html", "<p>\n{{questoin}}\n{{#rows}}\n")
    let refused = try report(folder, ["--formats", "html", "--template", bad])
    #expect(refused.code == 65)
    #expect(
      refused.errors.contains(
        "\(bad):2:1: the template names 'questoin', which does not exist; did you mean 'question'?"))
    #expect(refused.errors.contains("\(bad):3:1: the section 'rows' is not closed"))
    // The pack of before is still there.
    #expect(try folder.text("pack/brief.md").hasPrefix("Của tôi"))
    #expect(folder.names == ["bad.html", "mine.md", "pack"])
  }

  // MARK: the folder

  @Test func onlyAnUntouchedPackIsReplaced() throws {
    let folder = try TemporaryFolder()
    try folder.file("pack/own.txt", "mine")
    let more = ["--formats", "md"]
    let foreign = try report(folder, more)
    #expect(foreign.code == 73)
    #expect(foreign.errors.contains("was not made by simulate report"))
    #expect(try folder.text("pack/own.txt") == "mine")
    #expect(try report(folder, more + ["--force"]).code == 0)
    #expect(
      try Set(FileManager.default.contentsOfDirectory(atPath: folder.path + "/pack")) == ["brief.md", "pack.json"])
    // Untouched: replaced without a question.
    #expect(try report(folder, more).code == 0)
    try folder.file("pack/brief.md", "edited")
    let edited = try report(folder, more)
    #expect(edited.code == 73)
    #expect(edited.errors.contains("'brief.md' was edited"))
    #expect(try folder.text("pack/brief.md") == "edited")
    #expect(folder.names == ["pack"])
  }

  @Test(arguments: ["/", ".", "notebooks-data", "notebooks-data/..", "Package.swift"])
  func someFoldersAreNeverReplaced(_ path: String) throws {
    let outcome = try simulate(Self.arguments + ["--formats", "md", "--force", "--output", path])
    #expect(outcome.code == 73, "\(outcome.errors)")
    #expect(FileManager.default.fileExists(atPath: Spawned.modelFolder + "/model/model.yaml"))
  }

  @Test func anUnknownFormatIsTold() throws {
    let folder = try TemporaryFolder()
    let outcome = try report(folder, ["--formats", "md,wrod,pdff"])
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("there is no format 'wrod'"))
    #expect(outcome.errors.contains("did you mean 'pdf'"))
    #expect(folder.names.isEmpty)
  }

  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func aSignalLeavesNothing(_ signal: Int32, _ code: Int32) throws {
    let folder = try TemporaryFolder()
    let run = try Spawned(
      Spawned.binary,
      ["report"] + Sample.paths + ["--draws", "100000", "--by-lever", "--output", folder.path + "/pack"],
      environment: Spawned.cleanEnvironment, directory: Spawned.package)
    for _ in 0..<5000 where folder.names.isEmpty { usleep(2000) }
    #expect(folder.names.contains { $0.hasPrefix(".partial-pack-") })
    kill(run.process, signal)
    #expect(try run.wait().code == code)
    #expect(folder.names.isEmpty)
  }

  @Test func whatAKilledRunLeftIsRemoved() throws {
    let folder = try TemporaryFolder()
    // No process has this number: the kernel's own limit is lower.
    try folder.file(".partial-pack-2147483000-0/half.txt", "x")
    #expect(try report(folder, ["--formats", "md"]).code == 0)
    #expect(folder.names == ["pack"])
  }

  // MARK: without the tools

  @Test func withoutToolsTheRestIsMade() throws {
    let folder = try TemporaryFolder()
    let outcome = try simulate(
      Self.arguments + ["--output", folder.path + "/pack", "--lang", "vi"],
      environment: ["PATH": "/nonexistent", "SIMULATE_PYTHON": "/nonexistent/python"])
    #expect(outcome.code == 0)
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 3, "\(outcome.errors)")
    for (line, what) in zip(lines.sorted(), ["brief.docx", "brief.pdf", "charts"]) {
      #expect(line.hasPrefix("simulate: skipped \(what): ") && line.contains("missing; "), "\(line)")
    }
    for name in ["brief.md", "brief.html", "workbook.xlsx", "data/result.csv", "data/result.json", "pack.json"] {
      #expect(try !folder.bytes("pack/" + name).isEmpty, "\(name)")
    }
    let charts = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/pack/charts")
    #expect(charts.count >= 5 && charts.allSatisfy { $0.hasSuffix(".vl.json") })
  }
}
