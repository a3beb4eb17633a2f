import Foundation
import Scenarios
import Synchronization

/// The data folder shipped with the repository.
let shippedPath = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("notebooks-data").path

/// A model folder of a test's own, removed afterwards.
final class ModelFolder {
  let path: String

  private init() throws {
    path = NSTemporaryDirectory() + "scenarios-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path + "/scenarios", withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The shipped model with files of its own under model/; data are linked.
  static func copyOfShipped() throws -> ModelFolder {
    let folder = try ModelFolder()
    let manager = FileManager.default
    for name in ["observations", "evidence", "reference"] {
      try manager.createSymbolicLink(
        atPath: folder.path + "/" + name, withDestinationPath: shippedPath + "/" + name)
    }
    try manager.copyItem(atPath: shippedPath + "/model", toPath: folder.path + "/model")
    return folder
  }

  /// A model of one system with the given observations and targets.
  static func small(
    _ system: String, observations: [String], targets: [String] = [], name: String = "small", startYear: Int = 2025,
    model: String? = nil
  ) throws -> ModelFolder {
    let folder = try ModelFolder()
    let manager = FileManager.default
    for name in ["observations", "evidence", "model"] {
      try manager.createDirectory(atPath: folder.path + "/" + name, withIntermediateDirectories: true)
    }
    try manager.createSymbolicLink(
      atPath: folder.path + "/reference", withDestinationPath: shippedPath + "/reference")
    let common = """
      area: here
      start_year: \(startYear)
      grades:
        transfer_factors: { A: 1, B: 1, C: 1, P: 1, D: 1 }
        default_half_width: 0.5
      systems:
        small: { vi: "Nhỏ", en: "Small" }

      """
    try folder.write("model/model.yaml", model ?? common)
    try folder.write("model/\(name).yaml", "system: small\n" + system + "\n")
    let header =
      "indicator,area,period,value,unit,basis,status,price_basis,preferred,vintage,published,release_rule,source,note"
    try folder.write("observations/small.csv", ([header] + observations).joined(separator: "\n") + "\n")
    let targetHeader = "indicator,period,aggregate,comparison,value,low,high,document,preferred,note"
    try folder.write("evidence/targets.csv", ([targetHeader] + targets).joined(separator: "\n") + "\n")
    return folder
  }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)), as: UTF8.self)
  }

  func append(_ name: String, after marker: String, _ text: String) throws {
    let old = try self.text(name)
    guard let range = old.range(of: marker) else { throw TestProblem.missing(marker) }
    try write(name, old.replacingCharacters(in: range, with: marker + text))
  }

  func catalog() throws -> ModelCatalog {
    let folder = try DataFolder(path: path)
    var catalog = try CatalogReader.read(folder)
    catalog.targets = try TargetReader.read(folder, catalog: catalog)
    return catalog
  }

  func compile(until: Int = 2030, asOf: String? = nil) throws -> CompiledModel {
    try ModelCompiler.compile(
      catalog(), folder: DataFolder(path: path), until: until, asOf: asOf.flatMap { CalendarDate($0) })
  }

  /// Writes scenario files and reads them.
  func scenarios(_ texts: [(name: String, text: String)], until: Int = 2030) throws -> [ScenarioDefinition] {
    var paths: [String] = []
    for (name, text) in texts {
      try write("scenarios/\(name).yaml", text + "\n")
      paths.append(path + "/scenarios/\(name).yaml")
    }
    return try ScenarioReader(catalog: catalog(), until: until).read(paths)
  }

  func scenario(_ text: String, until: Int = 2030) throws -> ScenarioDefinition {
    try scenarios([("option", text)], until: until)[0]
  }

  func run(
    _ texts: [(name: String, text: String)], draws: Int = 500, seed: UInt64 = 1, until: Int = 2030, threads: Int = 2,
    byLever: Bool = false
  ) throws -> RunResult {
    let scenarios = try scenarios(texts, until: until)
    var settings = RunSettings()
    settings.draws = draws
    settings.seed = seed
    settings.until = until
    settings.threads = threads
    settings.byLever = byLever
    let fingerprint = try Fingerprint(
      folder: DataFolder(path: path), scenarioPaths: scenarios.map(\.path), settings: settings)
    return try ScenarioRunner.run(
      compile(until: until), scenarios: scenarios, settings: settings, fingerprint: fingerprint)
  }
}

enum TestProblem: Error { case missing(String) }

/// A yearly observation as a line of a file.
func observation(
  _ indicator: String, _ year: Int, _ value: Double, area: String = "here", status: String = "official"
) -> String {
  "\(indicator),\(area),\(year),\(value),unit,reported,\(status),none,yes,,\(year)-12-31,gso_december,source,"
}

/// Yearly observations from `first` on.
func observations(_ indicator: String, from first: Int, _ values: [Double]) -> [String] {
  values.enumerated().map { observation(indicator, first + $0, $1) }
}

/// One engine on the shipped model, used by one test at a time: its table is reused by every evaluation.
final class ShippedModel: Sendable {
  static let draws = 1500
  let model: CompiledModel
  let catalog: ModelCatalog
  private let engine: Mutex<EngineRun>

  private init() throws {
    let folder = try DataFolder(path: shippedPath)
    var catalog = try CatalogReader.read(folder)
    catalog.targets = try TargetReader.read(folder, catalog: catalog)
    self.catalog = catalog
    model = try ModelCompiler.compile(catalog, folder: folder, until: 2030)
    engine = Mutex(try EngineRun(model, draws: ShippedModel.draws, seed: 1, threads: 2))
  }

  private static let made = Result { try ShippedModel() }
  static func get() throws -> ShippedModel { try made.get() }

  func node(_ id: String) throws -> Int {
    guard let node = model.nodeIndex(id) else { throw TestProblem.missing(id) }
    return node
  }

  /// Values of nodes by grid year and draw: of the baseline without a scenario.
  func values(_ ids: [String], under scenario: ScenarioDefinition? = nil) throws -> [String: [[Double]]] {
    let model = model
    return try engine.withLock { engine in
      let table = try scenario.map { try engine.evaluate(CompiledScenario($0, model: model)) } ?? engine.baselineDraws
      var result: [String: [[Double]]] = [:]
      for id in ids {
        guard let node = model.nodeIndex(id) else { throw TestProblem.missing(id) }
        result[id] = model.grid.indices.map { Array(table.draws(node, $0)) }
      }
      return result
    }
  }

  /// A scenario file read against the shipped model.
  func scenario(_ text: String) throws -> ScenarioDefinition {
    let path = NSTemporaryDirectory() + "option-" + UUID().uuidString + ".yaml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: path))
    return try ScenarioReader(catalog: catalog, until: 2030).read(path)
  }
}

/// All draws of the baseline, by node and grid year, with any number of draws and threads.
func baselineDraws(_ model: CompiledModel, draws: Int, seed: UInt64 = 1, threads: Int = 2) throws -> [[[Double]]] {
  let engine = try EngineRun(model, draws: draws, seed: seed, threads: threads)
  return model.nodes.indices.map { node in model.grid.indices.map { Array(engine.baseline.draws(node, $0)) } }
}

/// All draws under a scenario, by node and grid year.
func scenarioDraws(
  _ model: CompiledModel, _ scenario: ScenarioDefinition, draws: Int, seed: UInt64 = 1, threads: Int = 2,
  excluding: Set<Grade> = []
) throws -> [[[Double]]] {
  let engine = try EngineRun(model, draws: draws, seed: seed, threads: threads)
  let table = try engine.evaluate(CompiledScenario(scenario, model: model, excludedGrades: excluding))
  return model.nodes.indices.map { node in model.grid.indices.map { Array(table.draws(node, $0)) } }
}

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

func variance(_ values: [Double]) -> Double {
  let middle = mean(values)
  return values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(max(values.count - 1, 1))
}

func deviation(_ values: [Double]) -> Double { variance(values).squareRoot() }

/// The code of every problem, for exact comparison.
func codes(_ body: () throws -> Void) -> [String] {
  do {
    try body()
    return []
  } catch { return diagnosticCodes(error) }
}
