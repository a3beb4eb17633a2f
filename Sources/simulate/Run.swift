import ArgumentParser
import Reports
import Scenarios
import TextFiles

extension Simulate {
  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Project the indicators with no new policy and under scenarios.",
      discussion: """
        Examples:
          simulate run
          simulate run procedures-reform.yaml four-season-tourism.yaml
          simulate run both.yaml --by-lever --lang en
          simulate run --indicator tourism_revenue --format csv --output revenue.csv
          simulate run --as-of 2023-12-31
        """)

    @Argument(help: "Scenario files.", completion: .file(extensions: ["yaml", "yml"]))
    var scenarios: [String] = []

    @OptionGroup var model: ModelOptions
    @OptionGroup var options: RunOptions
    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "Only this indicator (may be repeated).")
    var indicator: [String] = []

    @Flag(name: .long, help: "Split the change of each scenario into contributions of its levers.")
    var byLever = false

    func run() throws {
      let wanted = try checkedIndicators(indicator, readCatalog(model.folder()))
      let result = try runScenarios(scenarios, model: model, options: options, quiet: output.quiet, byLever: byLever)
      try output.write { sink in
        switch output.format {
        case .csv: try CSVReport.write(result, indicators: wanted, to: sink)
        case .json: try JSONReport.write(result, indicators: wanted, to: sink)
        case .table, .md:
          let report = RunReport(result, indicators: wanted, language: language.language)
          try sink.write(report.text(markdown: output.format == .md, width: output.width))
        }
      }
    }
  }
}
