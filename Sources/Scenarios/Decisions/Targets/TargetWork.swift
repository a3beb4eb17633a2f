import NumericKernels
import TextFiles

/// The sums behind a ``TargetOutlook``.
struct TargetWork {
  let model: CompiledModel
  let table: ScenarioDraws
  private let evaluator: TargetEvaluator

  init(model: CompiledModel, table: ScenarioDraws) {
    self.model = model
    self.table = table
    evaluator = TargetEvaluator(model)
  }

  func outlook(_ target: TargetDefinition) -> TargetOutlook {
    var outlook = TargetOutlook(
      target: target, state: .beyondHorizon, period: target.period,
      isScenarioOnly: model.restsOnPlannersPath(target.indicator), bases: [], isGrowth: false)
    guard let node = model.nodeIndex(target.indicator) else { return outlook }
    outlook.isGrowth = isLevel(node)
    guard let item = evaluator.items.first(where: { $0.target == target }) else {
      close(&outlook, node)
      return outlook
    }
    outlook.state = .open
    outlook.period = item.period
    let values = evaluator.values(item, table)
    let shortfalls = values.map { max(evaluator.shortfall(target, $0), 0) }
    outlook.projected = Band80(values)
    outlook.shortfall = Reductions.mean(shortfalls)
    outlook.medianShortfall = Quantiles.median(shortfalls)
    if !outlook.isScenarioOnly {
      outlook.probability = Double(shortfalls.count { $0 <= 0 }) / Double(max(shortfalls.count, 1))
    }
    outlook.rankedAmong = rankedAmong(target.indicator, year: item.period.lastYear)
    firstMet(&outlook, node)
    bases(&outlook, node)
    rest(&outlook, item)
    return outlook
  }

  /// A quantity that grows in percent: neither a share, a score, a rank nor a rate.
  private func isLevel(_ node: Int) -> Bool { model.nodes[node].definition.range == .positive }

  // MARK: periods that are over

  private func close(_ outlook: inout TargetOutlook, _ node: Int) {
    let target = outlook.target
    let facts = model.nodes[node].facts
    guard let last = facts.keys.max(), target.period.lastYear <= last else {
      // A figure of an earlier year of the period is missing.
      if target.period.lastYear <= model.grid.last ?? 0 { outlook.state = .noFigure }
      return
    }
    outlook.rankedAmong = rankedAmong(target.indicator, year: target.period.lastYear)
    let years = Array(target.period.firstYear...target.period.lastYear)
    let found = years.compactMap { facts[$0] }
    guard found.count == years.count else {
      outlook.state = .noFigure
      return
    }
    let sum = found.reduce(0, +)
    let value = target.aggregate == .average ? sum / Double(found.count) : sum
    outlook.outturn = value
    // Rates and levels are printed with few digits: what rounds to the target has met it.
    outlook.state = evaluator.shortfall(target, value) <= 1e-9 * abs(target.value) ? .met : .missed
  }

  // MARK: when first

  private func firstMet(_ outlook: inout TargetOutlook, _ node: Int) {
    let target = outlook.target
    guard target.aggregate != .average else { return }
    let facts = model.nodes[node].facts
    if target.aggregate == .year, let latest = facts.max(by: { $0.key < $1.key }),
      evaluator.shortfall(target, latest.value) <= 0
    {
      (outlook.firstMet, outlook.shareNotMet) = (latest.key, 0)
      return
    }
    // A sum is full within its period or never.
    let last = target.aggregate == .sum ? target.period.lastYear : .max
    let years = model.grid.indices.filter { model.grid[$0] > (facts.keys.max() ?? 0) && model.grid[$0] <= last }
    if outlook.isScenarioOnly {
      let middles = years.map { (year: $0, value: Quantiles.median(Array(table.draws(node, $0)))) }
      outlook.firstMet = middles.first { evaluator.shortfall(target, $0.value) <= 0 }.map { model.grid[$0.year] }
      return
    }
    var reached = [Int](repeating: 0, count: years.count)
    var sums = [Double](repeating: 0, count: table.drawCount)
    if target.aggregate == .sum {
      let observed = facts.filter { target.period.firstYear...target.period.lastYear ~= $0.key }.map(\.value)
      sums = [Double](repeating: observed.reduce(0, +), count: table.drawCount)
    }
    var isOpen = [Bool](repeating: true, count: table.drawCount)
    for (position, year) in years.enumerated() {
      let draws = table.draws(node, year)
      let counts = target.aggregate == .sum && model.grid[year] >= target.period.firstYear
      for d in isOpen.indices {
        if counts { sums[d] += draws[d] }
        let value = target.aggregate == .sum ? sums[d] : draws[d]
        if isOpen[d] && evaluator.shortfall(target, value) <= 0 {
          isOpen[d] = false
          reached[position] += 1
        }
      }
    }
    var count = 0
    for (position, year) in years.enumerated() {
      count += reached[position]
      if 2 * count >= table.drawCount && outlook.firstMet == nil { outlook.firstMet = model.grid[year] }
    }
    outlook.shareNotMet = Double(table.drawCount - count) / Double(max(table.drawCount, 1))
  }

  // MARK: growth needed

  /// From the last figure, as revised and as it was, to a target for one year.
  private func bases(_ outlook: inout TargetOutlook, _ node: Int) {
    let target = outlook.target
    guard target.aggregate == .year, let (year, value) = model.nodes[node].facts.max(by: { $0.key < $1.key }) else {
      return
    }
    let steps = Double(outlook.period.lastYear - year)
    guard steps > 0 else { return }
    // A rank among 63 says nothing of the way to a rank among 34.
    guard outlook.rankedAmong == rankedAmong(target.indicator, year: year) else { return }
    let goal = target.comparison == .within && value > target.value ? min(value, target.upper ?? value) : target.value
    let all = figures(node, year: year)
    let current = all.first { $0.value == value }
    outlook.bases = [
      TargetOutlook.Base(
        year: year, value: value, vintage: current?.vintage ?? "", isReplaced: false,
        neededPerYear: perYear(from: value, to: goal, steps, node))
    ]
    // Only a labelled vintage is an earlier state of the same figure; other rows are misprints or second-hand.
    for older in all where older.value != value && !older.vintage.isEmpty && older.status != .secondary {
      outlook.bases.append(
        TargetOutlook.Base(
          year: year, value: older.value, vintage: older.vintage, isReplaced: true,
          neededPerYear: perYear(from: older.value, to: goal, steps, node)))
    }
    guard let index = model.grid.firstIndex(of: outlook.period.lastYear) else { return }
    outlook.projectedPerYear = Band80(table.draws(node, index).map { perYear(from: value, to: $0, steps, node) })
  }

  private func perYear(from base: Double, to goal: Double, _ steps: Double, _ node: Int) -> Double {
    guard isLevel(node), base > 0, goal > 0 else { return (goal - base) / steps }
    return 100 * (VectorMath.exp(VectorMath.log(goal / base) / steps) - 1)
  }

  /// Every figure for a whole year, the latest known first; each value once.
  private func figures(_ node: Int, year: Int) -> [Observation] {
    var id = model.nodes[node].id
    var area = model.catalog.area
    if case .series(let series) = model.nodes[node].definition.source {
      id = series.observedIndicator ?? id
      area = series.observedArea ?? area
    }
    var result: [Observation] = []
    for observation in model.store.observations
    where observation.indicator == id && observation.area == area && observation.period == .year(year)
      && observation.status != .plan && !result.contains(where: { $0.value == observation.value })
    {
      result.append(observation)
    }
    return result.sorted { $0.isBetter(than: $1) }
  }

  /// What each remaining year of a period must be.
  private func rest(_ outlook: inout TargetOutlook, _ item: TargetEvaluator.Item) {
    let target = outlook.target
    guard target.aggregate != .year else { return }
    let facts = model.nodes[item.node].facts
    let years = Array(item.period.firstYear...item.period.lastYear)
    let known = years.compactMap { facts[$0] }
    guard known.count < years.count else { return }
    let whole = target.aggregate == .average ? target.value * Double(years.count) : target.value
    outlook.neededRest = (whole - known.reduce(0, +)) / Double(years.count - known.count)
  }

  // MARK: ranks

  /// The field of a rank that a process makes: the provinces ranked in that year, or before mergers.
  private func rankedAmong(_ indicator: String, year: Int) -> Double? {
    for process in model.catalog.processes {
      guard let id = process.texts["rank_of"], let node = model.nodeIndex(id) else { continue }
      if process.texts["rank"] == indicator {
        return model.nodes[node].facts[year]
          ?? model.grid.firstIndex(of: year).map { Quantiles.median(Array(table.draws(node, $0))) }
      }
      if process.texts["rank_before_merger"] == indicator {
        return model.nodes[node].facts.max { $0.key < $1.key }?.value
      }
    }
    return nil
  }
}
