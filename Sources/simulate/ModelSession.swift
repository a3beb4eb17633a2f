import Scenarios
import TextFiles

/// A model folder that was read for one command, with its settings and the progress on standard error while it is worked on.
struct ModelSession {
  let folder: DataFolder
  let catalog: ModelCatalog
  let settings: RunSettings
  let progress: SharedProgress

  init(_ folder: DataFolder, _ settings: RunSettings, quiet: Bool) throws {
    self.folder = folder
    catalog = try readCatalog(folder)
    self.settings = settings
    progress = SharedProgress(isEnabled: !quiet)
  }

  init(_ model: ModelOptions, _ options: RunOptions, byLever: Bool = false, quiet: Bool) throws {
    try self.init(model.folder(), options.settings(byLever: byLever), quiet: quiet)
  }

  /// - Throws: all problems of the files at once.
  func scenarios(_ paths: [String]) throws -> [ScenarioDefinition] {
    try readScenarios(paths, catalog, folder, until: settings.until)
  }

  /// - Parameter share: what the progress line shows as done; nil for no share.
  func compile(share: Double? = nil) throws -> CompiledModel {
    let what = "reading and fitting"
    if let share { progress.update(what, share) } else { progress.update(what) }
    let compiled = try ModelCompiler.compile(
      catalog, folder: folder, until: settings.until, asOf: settings.asOf, threads: settings.threads)
    try Interruption.check()
    return compiled
  }

  /// - Parameter files: scenarios, and further files that the result depends on.
  func fingerprint(_ files: [String]) throws -> Fingerprint {
    try Fingerprint(folder: folder, scenarioPaths: files, settings: settings)
  }

  /// Runs scenarios; the progress is finished then.
  func run(_ paths: [String]) throws -> RunResult {
    let (scenarios, fingerprint) = (try scenarios(paths), try fingerprint(paths))
    defer { progress.finish() }
    return try ScenarioRunner.run(
      compile(), scenarios: scenarios, settings: settings, fingerprint: fingerprint,
      isCancelled: { Interruption.isRequested }, progress: { progress.update($0) })
  }

  /// Draws the baseline; the progress is finished then.
  func drawBaseline() throws -> EngineRun {
    defer { progress.finish() }
    return try EngineRun(
      compile(), draws: settings.draws, seed: settings.seed, threads: settings.threads,
      isCancelled: { Interruption.isRequested })
  }
}
