import ArgumentParser
import Reports
import Scenarios
import TextFiles

extension Simulate {
  struct Growth: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What the remaining quarters and each sector must do to reach a growth target.",
      discussion: """
        Without --reach the official target of the year is taken. Figures that are newer than the data can be given with \
        --so-far; they count as the planner's own (grade D).

        Examples:
          simulate growth
          simulate growth --reach 11 --year 2026 --lang en
          simulate growth --so-far 2026-Q1=9.2 --so-far grdp_growth_industry_construction:2026-Q1=11.5
          simulate growth --year 2025 --format csv --output growth.csv
        """)

    @Option(name: .long, help: ArgumentHelp("The growth to be reached, in percent.", valueName: "percent"))
    var reach: Double?

    @Option(
      name: .long, help: ArgumentHelp("The year. (default: the first without a yearly figure)", valueName: "year"))
    var year: Int?

    @Option(
      name: .long,
      help: ArgumentHelp(
        "Growth of some quarters, on the whole or on [ID:]PERIOD=PERCENT (may be repeated).", valueName: "figure"))
    var soFar: [String] = []

    @Option(name: .long, help: ArgumentHelp("The growth indicator.", valueName: "id"))
    var indicator = "grdp_growth"

    @OptionGroup var model: ModelOptions
    @OptionGroup var options: RunOptions
    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
      let entered = try enteredFigures(soFar, growth: indicator)
      try output.write { sink in
        let session = try ModelSession(model, options, quiet: output.quiet)
        let shares = try QuarterShares.read(session.folder, catalog: session.catalog)
        let fingerprint = try session.fingerprint([session.folder.path + QuarterShares.fileName])
        let engine = try session.drawBaseline()
        let answer = try GrowthArithmetic(engine, shares: shares, growth: indicator)
          .answer(year: year, reach: reach, entered: entered)
        let context = GrowthContext(answer, model: engine.model, shares: shares, fingerprint: fingerprint)
        try GrowthReport.write(
          answer, context, language: language.language, format: output.format.rawValue, width: output.width, to: sink)
      }
    }
  }
}

/// All figures typed in, or all problems with them.
private func enteredFigures(_ texts: [String], growth: String) throws -> [PartYearGrowth] {
  var problems: [Diagnostic] = []
  var figures: [PartYearGrowth] = []
  for text in texts {
    do throws(Diagnostic) { figures.append(try PartYearGrowth(parsing: text, defaultIndicator: growth)) } catch {
      problems.append(error)
    }
  }
  guard problems.isEmpty else { throw DiagnosticList(problems) }
  return figures
}
