import Foundation
import Testing

/// `simulate backtest` without a file: the replay of the model, run as users run it.
@Suite struct ReplayCommandTests {
  private static let arguments = ["backtest", "--draws", "100", "--horizon", "2"]

  @Test func theJSONFollowsItsSchema() throws {
    let outcome = try simulate(Self.arguments + ["--format", "json", "--quiet"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let json = try JSONValue(outcome.bytes)
    var check = SchemaCheck(try Sample.schema("backtest"))
    check.check(json)
    #expect(check.failures.isEmpty, "\(check.failures)")
    #expect(json.keys == ["replay", "indicators", "day"])
    #expect(json["replay"]?["day"]?.string == "2023-10-31" && json["replay"]?["horizon"]?.number == 2)
    // Every indicator of the model is there, tested or with a reason.
    let own = (json["indicators"]?.elements ?? []).filter { $0["pool"]?.string == "own" }
    let shown = Set(own.compactMap { $0["indicator"]?.string })
    let inModel = Set(try Sample.shared.get().json["indicators"]?.keys ?? [])
    #expect(!inModel.isEmpty && inModel.isSubset(of: shown))
    for indicator in json["indicators"]?.elements ?? [] {
      let scores = indicator["scores"]?.elements ?? []
      #expect((indicator["not_testable"]?.string == nil) == !scores.isEmpty)
      #expect(scores.allSatisfy { (1...2).contains($0["horizon"]?.number ?? 0) })
    }
    #expect(json["day"]?.elements.isEmpty == false)
    #expect(json["day"]?.elements.allSatisfy { [2024, 2025].contains($0["year"]?.number) } ?? false)
  }

  @Test func theCSVHoldsTheSameScores() throws {
    let json = try JSONValue(try simulate(Self.arguments + ["--format", "json"]).bytes)
    let outcome = try simulate(Self.arguments + ["--format", "csv"])
    let header = outcome.lines[0].split(separator: ",").map(String.init)
    #expect(
      header == [
        "indicator", "pool", "horizon", "years", "count", "areas", "first_origin", "last_origin", "mae", "naive_mae",
        "ratio", "mase", "coverage50", "coverage80", "coverage95", "interval_score50", "interval_score80",
        "interval_score95", "not_testable",
      ])
    let rows = outcome.lines.dropFirst().filter { !$0.isEmpty }.map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    var position = 0
    for indicator in json["indicators"]?.elements ?? [] {
      let scores = indicator["scores"]?.elements ?? []
      for index in 0..<max(scores.count, 1) {
        try #require(position < rows.count)
        let row = rows[position]
        position += 1
        #expect(row.count == header.count && row[0] == indicator["indicator"]?.string)
        guard index < scores.count else {
          #expect(row.last == indicator["not_testable"]?.string)
          continue
        }
        for (name, cell) in zip(header, row).dropFirst(2).dropLast() {
          switch scores[index][name] {
          case .number(let number)?: #expect(Double(cell) == number, "\(name)")
          case .string(let text)?: #expect(cell == text, "\(name)")
          default: #expect(cell.isEmpty, "\(name)")
          }
        }
      }
    }
    #expect(position == rows.count)
  }

  @Test func thePageSaysHowItWasMade() throws {
    let english = try simulate(Self.arguments + ["--format", "md", "--lang", "en"])
    #expect(english.code == 0)
    #expect(
      english.text.contains("`simulate backtest --model notebooks-data --format md --lang en --draws 100 --horizon 2`"))
    for text in [
      "# Track record", "pseudo-real-time", "## Over all provinces", "## Not testable", "## October 2023, when",
      "(all provinces), horizon 1",
    ] { #expect(english.text.contains(text), "\(text)") }
    let vietnamese = try simulate(Self.arguments + ["--lang", "vi", "--as-of", "2021-12-31"])
    #expect(vietnamese.code == 0 && vietnamese.text.contains("Không kiểm được"))
    #expect(vietnamese.text.contains("Ngày 2021-12-31") && vietnamese.text.contains("2022–2023"))
  }

  @Test func theResultDoesNotDependOnThreads() throws {
    let one = try simulate(Self.arguments + ["--format", "json", "--threads", "1"])
    let three = try simulate(Self.arguments + ["--format", "json", "--threads", "3"])
    #expect(one.code == 0 && one.bytes == three.bytes)
    let seeded = try simulate(Self.arguments + ["--format", "json", "--seed", "2"])
    #expect(seeded.bytes != one.bytes)
  }

  /// The shipped page is what the command makes today, up to figures whose last digits depend on the machine's kernels.
  @Test func theShippedPageIsOfThisModel() throws {
    let shipped = try String(contentsOfFile: Spawned.package + "/docs/track-record.md", encoding: .utf8)
    let made = try simulate(["backtest", "--model", Spawned.modelFolder, "--format", "md", "--lang", "en"])
    func skeleton(_ text: String) -> [String] {
      text.split(separator: "\n").filter { $0.hasPrefix("#") || $0.hasPrefix("|") }.map { line in
        line.hasPrefix("#") ? String(line) : line.split(separator: "|").prefix(2).joined(separator: "|")
      }
    }
    #expect(made.code == 0 && skeleton(made.text) == skeleton(shipped), "make docs/track-record.md anew")
  }

  @Test(arguments: [
    (["--input", "a.csv", "--horizon", "1", "--model", "m"], "--model belongs to the replay of the model"),
    (["--input", "a.csv", "--horizon", "1", "--as-of", "2023-10-31"], "--as-of belongs to the replay of the model"),
    (["--input", "a.csv"], "--input needs --horizon"),
    (["--method", "drift"], "--method belongs to the series of a file"),
    (["--origins", "3"], "--origins belongs to the series of a file"),
    (["--season", "4"], "--season belongs to the series of a file"),
    (["--horizon", "6"], "--horizon of the model must lie between 1 and 5 years, not 6."),
    (["--draws", "10"], "--draws must lie between 100 and 100000, not 10."),
    (["--as-of", "soon"], "--as-of must be a day such as 2024-06-30, not 'soon'."),
  ])
  func wrongUseIsRefused(_ options: [String], _ message: String) throws {
    let outcome = try simulate(["backtest"] + options)
    #expect(outcome.code == 64 && outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test func aFolderThatIsNoModelIsRefused() throws {
    let folder = try TemporaryFolder()
    let outcome = try simulate(["backtest", "--model", folder.path])
    #expect(outcome.code != 0 && !outcome.errors.isEmpty && outcome.bytes.isEmpty)
  }
}
