import ArgumentParser
import Reports
import Scenarios
import TextFiles

extension Simulate {
  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Project the indicators with no new policy and under scenarios.",
      discussion: """
        Without a scenario only the projection with no new policy is shown. A scenario is a small YAML file with the levers \
        it moves; copy one of notebooks-data/scenarios to start your own, and see 'simulate explain LEVER' for the range \
        of a lever.

        Examples:
          simulate run
          simulate run notebooks-data/scenarios/both.yaml --by-lever --lang en
          simulate run notebooks-data/scenarios/*.yaml --until 2035
          simulate run --indicator tourism_revenue --format csv --output revenue.csv
          simulate run --as-of 2023-12-31
        """)

    @Argument(
      help: "Scenario files; their names become the names of the options.",
      completion: .file(extensions: ["yaml", "yml"]))
    var scenarios: [String] = []

    @OptionGroup var model: ModelOptions
    @OptionGroup var options: RunOptions
    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var ledger: LedgerOptions

    @Option(name: .long, help: ArgumentHelp("Only this indicator (may be repeated).", valueName: "id"))
    var indicator: [String] = []

    @Flag(name: .long, help: "Split the change of each scenario into contributions of its levers.")
    var byLever = false

    func run() throws {
      let session = try ModelSession(model, options, byLever: byLever, quiet: output.quiet)
      let wanted = try checkedIndicators(indicator, session.catalog)
      try ledger.keeping("run", scenarios, model, indicators: indicator, output) { sink in
        let result = try session.run(scenarios)
        return (
          result,
          {
            switch output.format {
            case .csv: try CSVReport.write(result, indicators: wanted, to: sink)
            case .json: try JSONReport.write(result, indicators: wanted, to: sink)
            case .table, .md:
              let report = RunReport(result, indicators: wanted, language: language.language)
              try sink.write(report.text(markdown: output.format == .md, width: output.width))
            }
          }
        )
      }
    }
  }
}
