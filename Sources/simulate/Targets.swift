import ArgumentParser
import Reports
import Scenarios
import TextFiles

extension Simulate {
  struct Targets: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Official targets: how likely, when first, by how much missed, what growth they need.",
      usage: "simulate targets [<options>]",
      discussion: """
        A target whose indicator rests on a planner's own path has no probability: it is marked scenario-only.

        Examples:
          simulate targets
          simulate targets --until 2035 --lang en
          simulate targets --format csv --output targets.csv
        """)

    @OptionGroup var model: ModelOptions
    @OptionGroup var options: RunOptions
    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
      try output.write { sink in
        let folder = try model.folder()
        let settings = options.settings(byLever: false)
        let (engine, fingerprint) = try drawnBaseline(folder, settings, also: [], quiet: output.quiet)
        try TargetsReport.write(
          TargetOverview(engine, folder: folder), engine.model, fingerprint, language: language.language,
          format: output.format.rawValue, width: output.width, to: sink)
      }
    }
  }
}

/// The model compiled and its baseline drawn, with progress on standard error.
///
/// - Parameter also: further files that the result depends on.
func drawnBaseline(
  _ folder: DataFolder, _ settings: RunSettings, also files: [String], quiet: Bool
) throws -> (EngineRun, Fingerprint) {
  let catalog = try readCatalog(folder)
  let fingerprint = try Fingerprint(folder: folder, scenarioPaths: files, settings: settings)
  let progress = SharedProgress(isEnabled: !quiet)
  progress.update("reading and fitting")
  defer { progress.finish() }
  let compiled = try ModelCompiler.compile(
    catalog, folder: folder, until: settings.until, asOf: settings.asOf, threads: settings.threads)
  try Interruption.check()
  let engine = try EngineRun(
    compiled, draws: settings.draws, seed: settings.seed, threads: settings.threads,
    isCancelled: { Interruption.isRequested })
  return (engine, fingerprint)
}
