import ArgumentParser
import Reports
import Scenarios
import TextFiles

extension Simulate {
  struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "data", abstract: "List, show and check the observations of the model folder.",
      subcommands: [List.self, Show.self, Check.self])
  }
}

extension Simulate.DataCommand {
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the indicators with their areas, years, rows and sources.")

    @OptionGroup var model: ModelOptions
    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
      let entries = try DataListing.list(model.folder())
      try output.write { sink in
        try DataReport.write(
          entries, language: language.language, format: output.format.rawValue, width: output.width, to: sink)
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show every row of an indicator: also estimates, other vintages and figures that are not used.",
      discussion: """
        Examples:
          simulate data show tourism_revenue
          simulate data show pci_score --area quang-ninh --format csv
        """)

    @Argument(help: "The indicator.")
    var indicator: String

    @Option(name: .long, help: "The area, a province's slug such as thanh-hoa, or all.")
    var area: String?

    @OptionGroup var model: ModelOptions
    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
      let folder = try model.folder()
      var area = area == "all" ? nil : area
      if area == nil && self.area == nil {
        // The model's own area, when it has rows; a national series has none there.
        let own = try CatalogReader.read(folder).area
        if try !DataListing.show(indicator, area: own, in: folder).rows.isEmpty { area = own }
      }
      let detail = try DataListing.show(indicator, area: area, in: folder)
      try output.write { sink in
        try DataReport.write(
          detail, language: language.language, format: output.format.rawValue, width: output.width, to: sink)
      }
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Check the data: duplicates, units, ranges, PCI sums, totals, vintages. Exit code 1 if something is wrong.")

    @OptionGroup var model: ModelOptions
    @OptionGroup var language: LanguageOptions

    @Option(name: .shortAndLong, help: "A file instead of standard output.", completion: .file())
    var output: String?

    func run() throws {
      let report = DataCheck.run(try model.folder())
      for finding in report.findings {
        writeToStandardError((finding.isWarning ? "warning: " : "error: ") + finding.diagnostic.description + "\n")
      }
      var options = OutputOptions()
      options.output = output
      try options.write { try $0.write(DataReport.text(report, language: language.language, width: options.width)) }
      if !report.passes { throw ExitCode(1) }
    }
  }
}
