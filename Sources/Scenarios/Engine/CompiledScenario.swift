import NumericKernels
import TextFiles

/// A scenario ready to run: lever values by year, world assumptions as shocks, and which nodes it can move at all.
public struct CompiledScenario: Sendable {
  public let id: String
  /// By lever and grid year.
  let leverValues: [[Double]]
  let leverBaselines: [[Double]]
  let ambitions: [CompiledAmbition]
  /// Stated paths of world drivers, by node and grid year.
  let worldPaths: [Int: [Double]]
  /// The shocks those paths imply, by driver and calendar year.
  let worldShocks: [String: [Int: Double]]
  /// Levers whose value or delivery the planner does not know, by position; see ``UncertainLever``.
  let uncertain: [Int: UncertainLever]
  /// Levers whose delivery the scenario states itself, by position.
  private let delivered: [Int: LeverDefinition]
  /// Whether the scenario can change a node.
  package let affected: [Bool]
  /// By node: the years in which it can. In other years its values are the baseline's to the last bit, and nothing is computed.
  let affectedYears: [YearSet]
  /// By node: whether a world assumption changes the series' own draws.
  let followsWorld: [Bool]
  private let excludedGrades: Set<Grade>

  /// - Parameters:
  ///   - levers: the choices that count; leaving some out gives the parts that attribution compares.
  ///   - withWorld: whether the world assumptions count.
  ///   - excludedGrades: effects whose size has one of these grades are set to zero.
  ///   - needed: see ``ScenarioParts``.
  package init(
    _ definition: ScenarioDefinition?, model: CompiledModel, levers: Set<String>? = nil, withWorld: Bool = true,
    excludedGrades: Set<Grade> = [], needed: [Bool]? = nil
  ) throws {
    id = definition?.id ?? "baseline"
    self.excludedGrades = excludedGrades
    let catalog = model.catalog
    var values: [[Double]] = []
    var bases: [[Double]] = []
    var ambitions: [CompiledAmbition] = []
    var (uncertain, delivered) = ([Int: UncertainLever](), [Int: LeverDefinition]())
    try CompiledScenario.checkRanges(definition, model)
    for (index, lever) in catalog.levers.enumerated() {
      let baseline = model.leverBaselines[index]
      let base = model.grid.map(baseline.value)
      bases.append(base)
      guard let choice = definition?.levers.first(where: { $0.lever == lever.id }), levers?.contains(lever.id) ?? true
      else {
        values.append(base)
        continue
      }
      let path = model.grid.map { choice.path.value(in: $0, baseline: baseline.value) }
      values.append(path)
      if let doubt = choice.doubt {
        let stated = UncertainLever.stated(lever, doubt)
        delivered[index] = stated
        if lever.kind == .quantity {
          uncertain[index] = UncertainLever(
            stated, doubt, choice.path, grid: model.grid, values: path, baselines: base)
        }
      }
      if lever.kind == .ambition, !excludedGrades.contains(lever.grade), let race = model.process(PCIRace.self) {
        ambitions.append(try race.ambition(lever: index, definition: lever, percentiles: path, package: choice.on))
      }
    }
    leverValues = values
    leverBaselines = bases
    self.uncertain = uncertain
    self.delivered = delivered
    self.ambitions = ambitions
    var paths: [Int: [Double]] = [:]
    var shocks: [String: [Int: Double]] = [:]
    if withWorld {
      for (driver, path) in definition?.world ?? [:] {
        guard let node = model.nodeIndex(driver), let baseline = model.seriesBaseline(driver) else { continue }
        let mean = { (year: Int) -> Double in
          let h = year - baseline.lastYear - 1
          return baseline.forecast.mean.indices.contains(h)
            ? baseline.transform.inverse(baseline.forecast.mean[h]) : baseline.history[year] ?? 0
        }
        paths[node] = model.grid.map { path.value(in: $0, baseline: mean) }
        shocks[driver] = baseline.impliedShocks { path.value(in: $0, baseline: mean) }
      }
    }
    worldPaths = paths
    worldShocks = shocks
    followsWorld = model.nodes.map { node in
      guard !shocks.isEmpty, case .series(let baseline) = node.kind else { return false }
      return shocks[baseline.indicator] != nil || baseline.loadings.contains { shocks[$0.driver] != nil }
    }
    let moves = ScenarioReach.Moves(
      levers: catalog.levers.indices.map { lever in
        if let uncertain = uncertain[lever] { return uncertain.years }
        // A project runs from its start on; when, delays decide.
        if catalog.levers[lever].kind == .project { return YearSet(values[lever].map { $0 > 0 }).onwards }
        return YearSet(zip(values[lever], bases[lever]).map { $0 != $1 })
      }, ambitions: CompiledAmbition.years(ambitions, of: model.grid.count), world: Set(shocks.keys),
      excludedGrades: excludedGrades)
    let reached = ScenarioReach(model, moves).years
    affectedYears = needed.map { zip(reached, $0).map { $1 ? $0 : .none } } ?? reached
    affected = affectedYears.map { !$0.isEmpty }
  }

  /// Compares amounts with feasible ranges where that takes the fitted baseline of an indicator; the rest was checked when the file
  /// was read.
  ///
  /// - Throws: ``DiagnosticList`` with every problem of the scenario.
  private static func checkRanges(_ definition: ScenarioDefinition?, _ model: CompiledModel) throws {
    guard let definition, let last = model.grid.last else { return }
    var problems: [Diagnostic] = []
    for choice in definition.levers + definition.rules.flatMap(\.levers) where choice.isRangeOpen {
      guard let lever = model.catalog.lever(choice.lever), let baseline = model.leverBaseline(lever.id) else {
        continue
      }
      let check = LeverRangeCheck(
        lever, choice.path, ends: choice.doubt?.spread?.ends ?? [],
        horizon: min(model.catalog.startYear, last)...last, baseline: baseline.value)
      problems += check.problems.map { Diagnostic(.badData, code: "out_of_range", at: choice.location, $0) }
    }
    guard problems.isEmpty else { throw DiagnosticList(problems) }
  }

  /// A lever with the delivery that this scenario states.
  func lever(_ position: Int, _ catalog: ModelCatalog) -> LeverDefinition {
    delivered[position] ?? catalog.levers[position]
  }

  /// Whether the scenario can change a node in a grid year.
  func affects(_ node: Int, _ year: Int) -> Bool { affectedYears[node].contains(year) }

  /// Whether the scenario moves a lever away from its baseline.
  func moves(_ lever: Int) -> Bool { leverValues[lever] != leverBaselines[lever] || uncertain[lever] != nil }

  func isActive(_ link: CompiledLink) -> Bool { !excludedGrades.contains(link.definition.grade) }
}

/// An ambition for a package of sub-indices, in points by year.
struct CompiledAmbition: Sendable {
  let lever: Int
  /// Positions of the sub-indices.
  let package: [Int]
  /// The gain in score points that the ambition asks for, by grid year.
  let gains: [Double]
  /// The share of the province's own persistent shock that the package replaces, by grid year.
  let replacedShare: [Double]
  /// Points of each sub-index per point of the score.
  let spread: [Double]

  /// The years in which any of the packages gains something or replaces luck, delays included.
  static func years(_ ambitions: [CompiledAmbition], of count: Int) -> YearSet {
    YearSet(
      (0..<count).map { year in ambitions.contains { $0.gains[year] != 0 || $0.replacedShare[year] != 0 } }
    ).onwards
  }
}
