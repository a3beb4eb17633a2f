import ArgumentParser
import Foundation
import Scenarios
import TextFiles

/// Which model folder is used.
struct ModelOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("The model folder.", valueName: "folder"), completion: .directory)
  var model: String?

  func folder() throws -> DataFolder {
    try DataFolder.locate(
      argument: model, environment: ProcessInfo.processInfo.environment,
      workingDirectory: FileManager.default.currentDirectoryPath, executable: Bundle.main.executablePath)
  }
}

/// The language of texts for people: `--lang`, else SIMULATE_LANG, else the locale, else Vietnamese.
struct LanguageOptions: ParsableArguments {
  @Option(name: .long, help: "The language of texts for people: vi or en.")
  var lang: Language?

  var language: Language {
    if let lang { return lang }
    let environment = ProcessInfo.processInfo.environment
    for name in ["SIMULATE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
      guard let value = environment[name], !value.isEmpty else { continue }
      if let language = Language(rawValue: String(value.prefix(2))) { return language }
    }
    return .vietnamese
  }
}

extension Language: ExpressibleByArgument {}

/// How a run is made.
struct RunOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("How many futures are drawn (1 to 1000000).", valueName: "count"))
  var draws = 10_000

  @Option(
    name: .long, help: ArgumentHelp("The seed of the draws: the same seed gives the same result.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(name: .long, help: ArgumentHelp("The last year of the projection (2026 to 2050).", valueName: "year"))
  var until = 2030

  @Option(name: .long, help: ArgumentHelp("Use only what was published by this day.", valueName: "YYYY-MM-DD"))
  var asOf: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How many threads work; the result does not depend on it. (default: one for each core)", valueName: "count"))
  var threads: Int?

  func validate() throws {
    guard (1...1_000_000).contains(draws) else {
      throw ValidationError("--draws must lie between 1 and 1000000, not \(draws).")
    }
    guard (2026...2050).contains(until) else {
      throw ValidationError("--until must lie between 2026 and 2050, not \(until).")
    }
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads must lie between 1 and 256, not \(threads).")
    }
    if let asOf, CalendarDate(asOf) == nil {
      throw ValidationError("--as-of must be a day such as 2024-06-30, not '\(asOf)'.")
    }
  }

  func settings(byLever: Bool) -> RunSettings {
    var settings = RunSettings()
    settings.draws = draws
    settings.seed = seed
    settings.until = until
    settings.asOf = asOf.flatMap { CalendarDate($0) }
    settings.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    settings.byLever = byLever
    return settings
  }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case table, csv, json, md
}

/// Where the result goes.
struct OutputOptions: ParsableArguments {
  @Option(name: .long, help: "The form of the result: table and md for people, csv and json for programs.")
  var format = OutputFormat.table

  @Option(
    name: .shortAndLong, help: ArgumentHelp("A file instead of standard output.", valueName: "file"),
    completion: .file())
  var output: String?

  @Flag(name: .shortAndLong, help: "No progress on standard error.")
  var quiet = false

  /// The width of tables: that of the terminal, or a fixed one in a file.
  var width: Int { output == nil || output == "-" ? Terminal.width : 120 }

  /// Writes through the one checked writer; a file appears whole or not at all. It is opened before `body` does its work,
  /// so that a place that cannot be written to is found at once.
  func write(_ body: (CheckedOutput) throws -> Void) throws { try Self.write(to: output, body) }

  static func write(to path: String?, _ body: (CheckedOutput) throws -> Void) throws {
    let sink = try CheckedOutput(path: path)
    do {
      try body(sink)
      try Interruption.check()
      try sink.commit()
    } catch {
      sink.discard()
      throw error
    }
  }
}

/// Reads a model with its targets.
func readCatalog(_ folder: DataFolder) throws -> ModelCatalog {
  var catalog = try CatalogReader.read(folder)
  catalog.targets = try TargetReader.read(folder, catalog: catalog)
  return catalog
}

/// Reads scenario files. Of a file that does not exist but lies in the model folder, that one is suggested.
func readScenarios(
  _ paths: [String], _ catalog: ModelCatalog, _ folder: DataFolder, until: Int
) throws -> [ScenarioDefinition] {
  do {
    return try ScenarioReader(catalog: catalog, until: until).read(paths)
  } catch var problems as DiagnosticList {
    let known = (try? folder.scenarioFiles()) ?? []
    for (index, problem) in problems.diagnostics.enumerated() where problem.code == "missing_file" {
      guard let file = problem.location?.file, !file.contains("/") else { continue }
      let wanted = file.hasSuffix(".yaml") ? file : file + ".yaml"
      if let found = known.first(where: { $0.hasSuffix("/" + wanted) }) {
        problems.diagnostics[index].hint = "did you mean '\(relativePath(found))'?"
      }
    }
    throw problems
  }
}

/// A path below the working directory without that directory.
private func relativePath(_ path: String) -> String {
  let here = FileManager.default.currentDirectoryPath + "/"
  return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
}

/// Ids given with `--indicator`, checked against the model.
func checkedIndicators(_ ids: [String], _ catalog: ModelCatalog) throws -> Set<String>? {
  guard !ids.isEmpty else { return nil }
  let known = catalog.indicators.map(\.id)
  let problems = ids.filter { !known.contains($0) }.map { id in
    Diagnostic(
      .wrongUse, code: "unknown_id", "the model has no indicator '\(id)'", hint: Suggestion.hint(for: id, among: known))
  }
  guard problems.isEmpty else { throw DiagnosticList(problems) }
  return Set(ids)
}

func writeToStandardError(_ text: String) {
  try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
}
