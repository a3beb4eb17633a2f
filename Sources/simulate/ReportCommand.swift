import ArgumentParser
import Foundation
import Reports
import Scenarios
import TextFiles

extension PackFormat: ExpressibleByArgument {}

extension Simulate {
  struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "report",
      abstract: "Make a meeting pack: brief, workbook, charts and tables of a run, in one folder.",
      discussion: """
        The folder appears whole or not at all. One that exists is replaced only if it is a pack that nobody has edited, or with \
        --force. Charts need vl-convert, the PDF WeasyPrint, the Word file pandoc (make demo installs them); without them the \
        rest is made.

        The texts of the brief come from notebooks-data/templates; copy one, edit it and give it with --template.

        Examples:
          simulate report notebooks-data/scenarios/*.yaml --output pack
          simulate report notebooks-data/scenarios/both.yaml --output pack-en --formats md,xlsx --lang en
          simulate report notebooks-data/scenarios/both.yaml --output pack --template notebooks-data/templates/brief.vi.html --question "Có nên làm cả hai không?"
        """)

    @Argument(help: "Scenario files.", completion: .file(extensions: ["yaml", "yml"]))
    var scenarios: [String] = []

    @Option(
      name: .shortAndLong, help: ArgumentHelp("The folder of the pack.", valueName: "folder"), completion: .directory)
    var output: String

    @Option(
      name: .long,
      help: ArgumentHelp(
        "Which parts, with commas: \(PackFormat.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "list"))
    var formats: String?

    @Option(
      name: .long, help: ArgumentHelp("A template of the brief, .md or .html (may be repeated).", valueName: "file"),
      completion: .file())
    var template: [String] = []

    @Option(name: .long, help: ArgumentHelp("The question of the meeting, for the brief.", valueName: "text"))
    var question: String?

    @Option(name: .long, help: ArgumentHelp("An indicator to put first (may be repeated).", valueName: "id"))
    var indicator: [String] = []

    @Flag(
      name: .long,
      help: "Split the change of every option into contributions of its levers, not only that of the first-ranked one.")
    var byLever = false

    @Flag(name: .long, help: "Replace the folder even if it is no pack, or an edited one.")
    var force = false

    @OptionGroup var model: ModelOptions
    @OptionGroup var options: RunOptions
    @OptionGroup var language: LanguageOptions

    @Flag(name: .shortAndLong, help: "No progress on standard error, no list of files.")
    var quiet = false

    func run() throws {
      let wanted = try PackFormat.parse(formats)
      let session = try ModelSession(model, options, byLever: byLever, quiet: quiet)
      let (data, progress) = (session.folder, session.progress)
      _ = try checkedIndicators(indicator, session.catalog)
      let definitions = try session.scenarios(scenarios)
      let executable = Bundle.main.executablePath
      let environment = ProcessInfo.processInfo.environment
      let shipped = try? DataFolder.locate(
        argument: nil, environment: [:], workingDirectory: "/", executable: executable)
      let templates = try ReportPack.templates(
        template, language: language.language, modelFolder: data.path, fallbackFolder: shipped?.path)
      let folder = try PackFolder(path: output, force: force, protected: [data.path])
      defer {
        progress.finish()
        folder.discard()
      }
      let pack = ReportPack(
        folder: folder, formats: wanted, templates: templates,
        tools: .locate(executable: executable, environment: environment), language: language.language)
      // The helpers must not write into the folder while it is removed.
      defer { pack.stop() }
      let fingerprint = try session.fingerprint(scenarios)
      let compiled = try session.compile(share: 0)
      var done = 0.0
      let steps = Double(definitions.count + 1)
      func step(_ what: String) {
        progress.update(what, 0.1 + 0.4 * min(done / steps, 1))
        done += 1
      }
      let input = try PackRun(
        compiled, definitions, settings: session.settings, fingerprint: fingerprint,
        isCancelled: { Interruption.isRequested },
        progress: step
      ).input(
        evidence: EvidenceTable.read(data), areas: AreaNames.read(data), language: language.language,
        question: question,
        indicators: indicator)
      try pack.write(input) { what, share in progress.update(what, 0.5 + 0.5 * share) }
      try folder.commit()
      progress.finish()
      for line in pack.skipped { writeToStandardError("simulate: " + line + "\n") }
      if !quiet { try OutputOptions.write(to: nil) { try $0.write(PackListing.text(folder.path)) } }
    }
  }
}
