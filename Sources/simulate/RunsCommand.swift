import ArgumentParser
import Foundation
import Reports
import Scenarios
import Store
import TextFiles

extension Simulate {
  struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "runs",
      abstract: "The ledger: list earlier runs, show and compare them, make them again, remove them.",
      discussion: """
        Every 'simulate run' is kept with its settings, the hashes of its inputs, the text of its \
        scenarios and its numbers, in $XDG_STATE_HOME/simulate/ledger.sqlite, else in ~/.local/state. A run is named by its id, \
        by the beginning of it, or by latest, latest~1, latest~2.

        Examples:
          simulate runs list
          simulate runs show latest
          simulate runs diff latest~1 latest
          simulate runs rerun 3fa9
          simulate runs prune --keep 200
        """, subcommands: [List.self, Show.self, Diff.self, RerunCommand.self, Prune.self])
  }
}

extension Simulate.RunsCommand {
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the runs, the newest first.")

    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
      let runs = try openLedger()?.entries() ?? []
      try output.write { sink in
        try RunListReport.write(
          runs, language: language.language, format: output.format.rawValue, width: output.width, to: sink)
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show a run: settings, inputs, results.",
      discussion: """
        csv gives the recorded table byte for byte; json gives everything.

        Examples:
          simulate runs show latest
          simulate runs show 3fa9 --format csv --output result.csv
          simulate runs show 3fa9 --format csv --table targets
        """)

    @Argument(help: "The run: an id, the beginning of one, or latest.")
    var id: String

    @Option(
      name: .long,
      help: ArgumentHelp(
        "Which table csv shows: result, indicators, scenarios or targets.",
        valueName: "name"))
    var table = RunRecord.resultTable

    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
      let (ledger, run) = try findRun(id)
      try output.write { sink in
        try RunShowReport.write(
          run, in: ledger, table: table, language: language.language, format: output.format.rawValue,
          width: output.width, to: sink)
      }
    }
  }

  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell how two runs differ: inputs, revised figures, and which numbers moved by how much.",
      usage: "simulate runs diff <before> <after> [<options>]",
      discussion: """
        Moves are sorted by size: their share of the width of the 80% band, so that indicators of different units can be put in \
        one order. csv and json hold every number that moved.

        Examples:
          simulate runs diff latest~1 latest
          simulate runs diff 3fa9 81c0 --format csv --output moves.csv
        """)

    @Argument(help: "The earlier run.")
    var before: String

    @Argument(help: "The later run.")
    var after: String

    @Option(name: .long, help: ArgumentHelp("How many rows each table of the text shows.", valueName: "count"))
    var limit = 30

    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
      guard limit > 0 else { throw ValidationError("--limit must be at least 1, not \(limit).") }
    }

    func run() throws {
      let (ledger, first) = try findRun(before)
      let second = try ledger.entry(after)
      let difference = try RunDifference.between(first, second, in: ledger)
      try output.write { sink in
        try RunDiffReport.write(
          difference, in: ledger, limit: limit, language: language.language, format: output.format.rawValue,
          width: output.width, to: sink)
      }
    }
  }

  struct RerunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rerun",
      abstract: "Make a run again and compare byte for byte. Exit code 1 if it is not the same.",
      usage: "simulate runs rerun <id> [<options>]",
      discussion: """
        Scenarios are taken from the ledger, so they may be changed or deleted. Of the model folder the ledger keeps hashes only: \
        a file that is changed, gone or new is named. Nothing is written to the ledger.

        Examples:
          simulate runs rerun latest
          simulate runs rerun 3fa9 --anyway
        """)

    @Argument(help: "The run: an id, the beginning of one, or latest.")
    var id: String

    @Flag(name: .long, help: "Also when files of the model folder have changed; tells which numbers moved.")
    var anyway = false

    @OptionGroup var model: ModelOptions

    @Option(
      name: .long,
      help: ArgumentHelp(
        "How many threads work; the result does not depend on it. (default: one for each core)", valueName: "count"))
    var threads: Int?

    @OptionGroup var language: LanguageOptions

    @Option(name: .shortAndLong, help: "A file instead of standard output.", completion: .file())
    var output: String?

    @Flag(name: .shortAndLong, help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
      if let threads, !(1...256).contains(threads) {
        throw ValidationError("--threads must lie between 1 and 256, not \(threads).")
      }
    }

    func run() throws {
      let (ledger, run) = try findRun(id)
      var options = OutputOptions()
      options.output = output
      let folder = model.model == nil ? try? DataFolder(path: run.modelFolder) : try model.folder()
      let outcome = try Rerun(run, in: ledger).make(folder: folder, anyway: anyway) { folder, scenarios, settings in
        var settings = settings
        settings.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
        return try CSVReport.bytes(ModelSession(folder, settings, quiet: quiet).run(scenarios))
      }
      try options.write {
        try $0.write(RerunReport.text(outcome, language: language.language, width: options.width))
      }
      if !outcome.isSame { throw ExitCode(1) }
    }
  }

  struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove runs: beyond the newest N, older than so many days, or with both those to which both apply.",
      discussion: """
        Examples:
          simulate runs prune --keep 200
          simulate runs prune --older-than 365 --keep 50 --dry-run
        """)

    @Option(name: .long, help: ArgumentHelp("How many of the newest runs stay.", valueName: "count"))
    var keep: Int?

    @Option(name: .long, help: ArgumentHelp("Only runs older than so many days go.", valueName: "days"))
    var olderThan: Double?

    @Flag(name: .long, help: "Only tell how many would go.")
    var dryRun = false

    @OptionGroup var language: LanguageOptions

    func validate() throws {
      if keep == nil && olderThan == nil {
        throw ValidationError("Say which runs go: --keep COUNT, --older-than DAYS, or both.")
      }
      if let keep, keep < 0 { throw ValidationError("--keep must not be negative, not \(keep).") }
      if let olderThan, !(olderThan >= 0 && olderThan < 1_000_000) {
        throw ValidationError("--older-than must lie between 0 and 1000000 days.")
      }
    }

    func run() throws {
      let path = try LedgerPlace.path(ProcessInfo.processInfo.environment)
      guard let reader = try openLedger() else {
        try OutputOptions.write(to: nil) { try $0.write(RunListReport.pruned(0, of: 0, dryRun, language.language)) }
        return
      }
      let rule = Ledger.PruneRule(keep: keep, olderThan: olderThan.map { Date(timeIntervalSinceNow: -86_400 * $0) })
      let (all, victims) = (try reader.entries().count, try reader.victims(of: rule))
      if !dryRun { try Ledger.forWriting(path).remove(victims) }
      try OutputOptions.write(to: nil) {
        try $0.write(RunListReport.pruned(victims.count, of: all, dryRun, language.language))
      }
    }
  }
}
