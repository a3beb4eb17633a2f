import ArgumentParser
import Foundation
import Reports
import Scenarios
import TextFiles

extension Simulate {
  struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export",
      abstract:
        "Write a run as tidy tables with a data dictionary, for spreadsheets, notebooks and statistics programs.",
      discussion: """
        --output FOLDER writes projections.csv and the tables that explain it (indicators, scenarios, targets, levers, \
        statistics, sources, dictionary) as csv, all of it as projections.json, and a description (datapackage.json). \
        --output FILE.csv writes the table of projections alone, FILE.json everything.

        In csv, text that a spreadsheet would run as a formula (it begins with = + - @, a tab or a line break) carries an \
        apostrophe; numbers and json stay as they are. With --excel csv files begin with a byte order mark, by which Excel knows \
        UTF-8; where Windows separates lists by semicolons open them with Data > From Text/CSV.

        Examples:
          simulate export notebooks-data/scenarios/*.yaml --output out/export
          simulate export notebooks-data/scenarios/both.yaml --wide --excel --output both.csv
          simulate export --indicator tourism_revenue --format json
        """)

    enum Shape: EnumerableFlag {
      case long, wide

      static func help(for value: Shape) -> ArgumentHelp? {
        value == .long ? "One row for each number. (default)" : "The years across."
      }
    }

    enum Format: String, ExpressibleByArgument, CaseIterable {
      case csv, json
    }

    @Argument(help: "Scenario files.", completion: .file(extensions: ["yaml", "yml"]))
    var scenarios: [String] = []

    @OptionGroup var model: ModelOptions
    @OptionGroup var options: RunOptions

    @Flag(exclusivity: .exclusive) var shape: Shape = .long

    @Option(name: .long, help: "The form of a single file: csv or json. (default: by the file's ending, else csv)")
    var format: Format?

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp(
        "A folder, or a file that ends in .csv or .json, instead of standard output.", valueName: "path"),
      completion: .file())
    var output: String?

    @Option(name: .long, help: ArgumentHelp("Only this indicator (may be repeated).", valueName: "id"))
    var indicator: [String] = []

    @Flag(name: .long, help: "Split the change of each scenario into contributions of its levers.")
    var byLever = false

    @Flag(name: .long, help: "Begin csv files with a byte order mark, for Excel.")
    var excel = false

    @Flag(name: .shortAndLong, help: "No progress on standard error.")
    var quiet = false

    func run() throws {
      let session = try ModelSession(model, options, byLever: byLever, quiet: quiet)
      let wanted = try checkedIndicators(indicator, session.catalog)
      let target = try ExportTarget(output, format: format?.rawValue)
      func package() throws -> ExportPackage {
        ExportPackage(
          try session.run(scenarios), evidence: try EvidenceTable.read(session.folder),
          shape: shape == .wide ? .wide : .long, indicators: wanted)
      }
      switch target {
      case .folder(let path):
        let files = try package().write(toFolder: path, mark: excel)
        try OutputOptions.write(to: nil) { sink in for file in files { try sink.write(file + "\n") } }
      case .csv(let path):
        try OutputOptions.write(to: path) { try package().projections.writeCSV(to: $0, mark: excel) }
      case .json(let path): try OutputOptions.write(to: path) { try package().writeJSON(to: $0) }
      }
    }
  }
}
