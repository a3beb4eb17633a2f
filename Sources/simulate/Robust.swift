import ArgumentParser
import Reports
import Scenarios
import TextFiles

extension Simulate {
  struct Robust: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "See whether options still work if the world turns out badly, and when they fail.",
      usage: "simulate robust <scenarios> ... [<options>]",
      discussion: """
        Every option meets the same drawn futures and, with --future, named ones. Without --indicator all official targets \
        that have a probability are judged; with --reach a goal of your own. A scenario may decide later: see 'when' in \
        notebooks-data/README.md.

        Examples:
          simulate robust notebooks-data/scenarios/both.yaml --indicator tourism_revenue
          simulate robust notebooks-data/scenarios/both.yaml --future notebooks-data/scenarios/bad-world.yaml
          simulate robust notebooks-data/scenarios/low-effort.yaml --indicator pci_score --year 2030 --reach 70
        """)

    @Argument(help: "Scenario files.", completion: .file(extensions: ["yaml", "yml"]))
    var scenarios: [String]

    @Option(name: .long, help: ArgumentHelp("The indicator whose goal is judged.", valueName: "id"))
    var indicator: String?

    @Option(name: .long, help: ArgumentHelp("The year of the goal.", valueName: "year"))
    var year: Int?

    @Option(
      name: .long, help: ArgumentHelp("The value to reach, instead of the official target's.", valueName: "value"))
    var reach: Double?

    @Flag(name: .long, help: "The value is not to be exceeded (default: what is good for the indicator).")
    var atMost = false

    @Option(
      name: .long,
      help: ArgumentHelp(
        "Explain when this option fails (may be repeated; default: the one that meets the goal most often).",
        valueName: "option"))
    var explain: [String] = []

    @Option(
      name: .long,
      help: ArgumentHelp(
        "A named future: a scenario file that holds only assumptions about the world (may be repeated).",
        valueName: "file"),
      completion: .file(extensions: ["yaml", "yml"]))
    var future: [String] = []

    @OptionGroup var model: ModelOptions
    @OptionGroup var options: RunOptions
    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
      if let reach, !reach.isFinite { throw ValidationError("--reach must be a number, not \(reach).") }
      if indicator == nil, year != nil || reach != nil || atMost {
        throw ValidationError("--year, --reach and --at-most need --indicator.")
      }
      if atMost && reach == nil { throw ValidationError("--at-most needs --reach.") }
    }

    func run() throws {
      try output.write { sink in
        let result = try analysed()
        switch output.format {
        case .json: try RobustTables.writeJSON(result, to: sink)
        case .csv: try RobustTables.writeCSV(result, to: sink)
        case .table, .md:
          let report = RobustReport(result, language: language.language)
          try sink.write(report.text(markdown: output.format == .md, width: output.width))
        }
      }
    }

    private func analysed() throws -> Robustness {
      let session = try ModelSession(model, options, quiet: output.quiet)
      let definitions = try session.scenarios(scenarios)
      let futures = try readFutures(future, options: definitions, session)
      let fingerprint = try session.fingerprint(scenarios + future)
      var request = RobustRequest()
      (request.indicator, request.year, request.reach, request.explain) = (indicator, year, reach, explain)
      request.isAtMost = atMost ? true : nil
      defer { session.progress.finish() }
      return try RobustAnalysis.run(
        session.compile(), options: definitions, futures: futures, request: request, settings: session.settings,
        fingerprint: fingerprint, isCancelled: { Interruption.isRequested }, progress: { session.progress.update($0) })
    }
  }
}
