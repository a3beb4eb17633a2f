import ArgumentParser
import Reports
import Scenarios
import TextFiles

extension Simulate {
  struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell what an indicator, a lever or an estimate is: definition, history, model, sources, evidence.",
      discussion: """
        Examples:
          simulate explain pci_score
          simulate explain reform_package
          simulate explain pci_on_fdi --lang en
        """)

    @Argument(help: "The id of an indicator, a lever, a process or an estimate.")
    var id: String

    @OptionGroup var model: ModelOptions
    @OptionGroup var language: LanguageOptions

    @Option(
      name: .shortAndLong, help: ArgumentHelp("A file instead of standard output.", valueName: "file"),
      completion: .file())
    var output: String?

    func run() throws {
      let folder = try model.folder()
      let compiled = try ModelCompiler.compile(readCatalog(folder), folder: folder, until: 2030)
      var options = OutputOptions()
      options.output = output
      let report = ExplainReport(
        compiled, evidence: try EvidenceTable.read(folder), language: language.language, markdown: false,
        width: options.width)
      guard let text = try report.text(id) else {
        throw Diagnostic(
          .wrongUse, code: "unknown_id", "the model has nothing called '\(id)'",
          hint: Suggestion.hint(for: id, among: ExplainReport.ids(compiled)))
      }
      try options.write { try $0.write(text) }
    }
  }
}
