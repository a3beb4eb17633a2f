import ArgumentParser
import Reports
import Scenarios
import TextFiles

extension Simulate {
  struct Targets: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the official targets and plans of the model's indicators, with the document that sets each.",
      discussion: """
        Examples:
          simulate targets
          simulate targets --format csv --output targets.csv
        """)

    @OptionGroup var model: ModelOptions
    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
      let catalog = try readCatalog(model.folder())
      try output.write { sink in
        try TargetsReport.write(
          catalog, language: language.language, format: output.format.rawValue, width: output.width, to: sink)
      }
    }
  }
}
