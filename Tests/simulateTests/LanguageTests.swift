import Foundation
import Testing

/// The language of texts for people, and how they fit the terminal.
@Suite struct LanguageTests {
  private static let table = ["run", "notebooks-data/scenarios/both.yaml", "--draws", "50", "--by-lever"]

  private func isVietnamese(_ environment: [String: String], _ arguments: [String] = []) throws -> Bool {
    let outcome = try simulate(["targets"] + arguments, environment: environment)
    let isVietnamese = outcome.text.hasPrefix("Chỉ tiêu và kế hoạch chính thức\n")
    #expect(isVietnamese != outcome.text.hasPrefix("Official targets and plans\n"))
    return isVietnamese
  }

  @Test func theLanguageIsChosenInOrder() throws {
    #expect(try isVietnamese([:]))
    #expect(try isVietnamese(["LANG": "vi_VN.UTF-8"]))
    #expect(try !isVietnamese(["LANG": "en_GB.UTF-8"]))
    #expect(try isVietnamese(["LANG": "C.UTF-8"]))
    #expect(try isVietnamese(["LANG": "fr_FR.UTF-8"]))
    #expect(try !isVietnamese(["LANG": "vi_VN.UTF-8", "LC_ALL": "en_US.UTF-8"]))
    #expect(try !isVietnamese(["LANG": "vi_VN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"]))
    #expect(try isVietnamese(["SIMULATE_LANG": "vi", "LC_ALL": "en_US.UTF-8"]))
    #expect(try !isVietnamese(["SIMULATE_LANG": "en", "LANG": "vi_VN.UTF-8"]))
    #expect(try isVietnamese(["SIMULATE_LANG": "en"], ["--lang", "vi"]))
    #expect(try !isVietnamese(["SIMULATE_LANG": "vi"], ["--lang", "en"]))
  }

  @Test func machineFormatsAreNeutral() throws {
    let sample = try Sample.shared.get()
    for (format, bytes) in [("csv", sample.csvBytes), ("json", sample.jsonBytes)] {
      for environment in [["SIMULATE_LANG": "en"], ["LC_ALL": "vi_VN.UTF-8"], ["LC_ALL": "de_DE.UTF-8"]] {
        #expect(try simulate(Sample.arguments + ["--format", format], environment: environment).bytes == bytes)
      }
    }
    for format in ["csv", "json"] {
      let arguments = ["targets", "--format", format]
      #expect(try simulate(arguments + ["--lang", "en"]).bytes == (try simulate(arguments + ["--lang", "vi"]).bytes))
    }
  }

  @Test func numbersFollowTheLanguage() throws {
    let wide = ["COLUMNS": "160"]
    let arguments = ["run", "--draws", "50", "--indicator", "tourism_arrivals", "--indicator", "pci_score"]
    let vi = try simulate(arguments + ["--lang", "vi"], environment: wide).text
    let en = try simulate(arguments + ["--lang", "en"], environment: wide).text
    func row(_ text: String, _ name: String) -> String {
      text.split(separator: "\n").first { $0.hasPrefix(name) }.map(String.init) ?? ""
    }
    #expect(row(vi, "Tổng lượt khách").range(of: #" \d{1,3}\.\d{3} "#, options: .regularExpression) != nil)
    #expect(row(en, "All arrivals").range(of: #" \d{1,3},\d{3} "#, options: .regularExpression) != nil)
    #expect(row(vi, "Điểm PCI").range(of: #" \d{2},\d{2} "#, options: .regularExpression) != nil)
    #expect(row(en, "PCI score").range(of: #" \d{2}\.\d{2} "#, options: .regularExpression) != nil)
  }

  @Test(arguments: ["vi", "en"], ["60", "80", "100", "160"])
  func tablesFitTheTerminal(_ language: String, _ columns: String) throws {
    let width = try #require(Int(columns))
    for arguments in [
      Self.table, ["targets"], ["explain", "tourism_revenue"], ["compare", Sample.paths[0], "--draws", "50"],
    ] {
      let outcome = try simulate(arguments + ["--lang", language], environment: ["COLUMNS": columns])
      #expect(outcome.code == 0)
      let lines = outcome.lines
      for (line, next) in zip(lines, lines.dropFirst()) {
        // A title may be longer than the terminal; a rule stands under it.
        let isTitle = next.first == "═" || (next.first == "─" && !line.contains("  "))
        #expect(isTitle || displayWidth(line) <= width, "\(arguments[0]) at \(columns): \(line)")
        #expect(line.last != " ", "\(arguments[0]) at \(columns): trailing space in \(line)")
      }
    }
  }

  /// Under each rule of a table the columns stand one below the other: a gap of two spaces in the header is one in
  /// every row.
  @Test(arguments: ["vi", "en"], ["80", "100", "160"])
  func columnsStandOneBelowTheOther(_ language: String, _ columns: String) throws {
    let lines = try simulate(Self.table + ["--lang", language], environment: ["COLUMNS": columns]).lines
    var tables = 0
    for (index, line) in lines.enumerated() where index > 0 && line.count > 20 && line.allSatisfy({ $0 == "─" }) {
      let header = lines[..<index].reversed().prefix { !$0.isEmpty }
      guard header.contains(where: { $0.contains("  ") }) else { continue }
      tables += 1
      let width = displayWidth(line)
      for row in lines[(index + 1)...].prefix(while: { !$0.isEmpty }) {
        #expect(displayWidth(row) <= width, "\(row)")
        // Rows of numbers end where the table ends.
        if row.last?.isNumber == true && row.contains("  ") { #expect(displayWidth(row) <= width) }
      }
    }
    #expect(tables >= 2)
  }

  @Test func markdownTablesAreComplete() throws {
    for language in ["vi", "en"] {
      let outcome = try simulate(Self.table + ["--format", "md", "--lang", language])
      var columns: Int?
      var tables = 0
      for line in outcome.lines {
        guard line.hasPrefix("|") else {
          columns = nil
          continue
        }
        let count = line.split(separator: "|", omittingEmptySubsequences: false).count
        if columns == nil { tables += 1 }
        #expect(columns == nil || columns == count, "\(line)")
        columns = count
      }
      #expect(tables >= 4)
      #expect(outcome.text.hasPrefix("# "))
    }
  }

  /// Columns on a terminal: letters with combining marks count once (no wide characters occur in our texts).
  private func displayWidth(_ line: String) -> Int { line.count }
}
