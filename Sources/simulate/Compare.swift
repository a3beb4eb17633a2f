import ArgumentParser
import Reports
import Scenarios
import TextFiles

extension Simulate {
  struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Rank options: targets met, improvement, P(best), and the ranking without planners' estimates.",
      usage: "simulate compare <scenarios> ... [<options>]",
      discussion: """
        "No new policy" is always one of the options.

        Examples:
          simulate compare notebooks-data/scenarios/*.yaml
          simulate compare notebooks-data/scenarios/*.yaml --format json --output comparison.json
        """)

    @Argument(help: "Scenario files.", completion: .file(extensions: ["yaml", "yml"]))
    var scenarios: [String]

    @OptionGroup var model: ModelOptions
    @OptionGroup var options: RunOptions
    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var ledger: LedgerOptions

    func run() throws {
      try ledger.keeping("compare", scenarios, model, output) { sink in
        let result = try runScenarios(scenarios, model: model, options: options, quiet: output.quiet, byLever: false)
        let comparison = Comparison(result)
        return (
          result, comparison,
          {
            switch output.format {
            case .json: try JSONReport.write(comparison, result, to: sink)
            case .csv: try CompareReport.writeCSV(comparison, to: sink)
            case .table, .md:
              try sink.write(
                CompareReport.text(
                  comparison, result, language: language.language, markdown: output.format == .md, width: output.width))
            }
          }
        )
      }
    }
  }
}
