import TextFiles

/// What a search may move, and what is decided already.
public struct LeverPlan: Sendable {
  /// The levers that may be moved; empty for all that can move what is looked at.
  public var levers: [String] = []
  /// Prices that the planner enters, billion VND a year per unit of the lever (grade D).
  public var prices: [String: Double] = [:]
  /// The first year in which levers move; nil for the year after the last figures.
  public var from: Int?
  /// The sub-indices of ambitions; empty for all.
  public var package: [String] = []
  /// What is decided already, and assumptions about the world.
  public var decided: ScenarioDefinition?

  public init() {}

  /// Checks ids, that nothing is both decided and searched for, and that what is decided has no rules.
  ///
  /// - Throws: ``DiagnosticList`` with every problem.
  public func check(_ catalog: ModelCatalog, until: Int) throws {
    let known = catalog.levers.map(\.id)
    var problems: [Diagnostic] = []
    for id in levers + prices.keys.sorted() where !known.contains(id) {
      problems.append(
        Diagnostic(
          .wrongUse, code: "unknown_id", "the model has no lever '\(id)'", hint: Suggestion.hint(for: id, among: known))
      )
    }
    for choice in decided?.levers ?? [] where levers.contains(choice.lever) {
      problems.append(
        Diagnostic(
          .wrongUse, code: "already_decided", at: choice.location,
          "'\(choice.lever)' is decided in this file and also to be searched for", hint: "take it out of one of the two"
        ))
    }
    if let problem = decided?.severalCoursesProblem { problems.append(problem) }
    let subs = catalog.processes.first { $0.kind == "pci_race" }?.lists["sub_indices"] ?? []
    for name in package where !subs.contains(name) {
      problems.append(
        Diagnostic(
          .wrongUse, code: "unknown_id", "there is no sub-index '\(name)'",
          hint: Suggestion.hint(for: name, among: subs)))
    }
    if let from, from < catalog.startYear || from > until {
      problems.append(
        Diagnostic(
          .wrongUse, code: "outside_horizon",
          "measures cannot start in \(from): the projection goes from \(catalog.startYear) to \(until)"))
    }
    guard problems.isEmpty else { throw DiagnosticList(problems) }
  }

  /// The levers of this plan that may move some nodes, by structure; those that cannot are named.
  func candidates(
    _ model: CompiledModel, measures: [OutcomeMeasure]
  ) -> (levers: [LeverDefinition], cannotMove: [String]) {
    let reaching = model.upstream(of: measures.compactMap { model.nodeIndex($0.indicator) }).levers
    let decidedLevers = Set(decided?.levers.map(\.lever) ?? [])
    var (found, cannotMove) = ([LeverDefinition](), [String]())
    for (index, lever) in model.catalog.levers.enumerated() {
      guard levers.isEmpty ? !decidedLevers.contains(lever.id) : levers.contains(lever.id) else { continue }
      if reaching.contains(index) { found.append(lever) } else if !levers.isEmpty { cannotMove.append(lever.id) }
    }
    return (found, cannotMove)
  }

  /// A lever with an end of its way in one direction; nil where it has no way to go.
  ///
  /// A search moves one number per lever. For a lever whose baseline is the same in every year that is its value from the start on; for
  /// one whose baseline is a path, the multiple of that path (1 is the baseline), so that a budget that grows by itself is not cut by
  /// holding it. A range in the lever's unit then allows the multiples that stay inside in every year. Multiples need a path above zero:
  /// a lever whose path touches zero is not searched (see ``isSearchable(_:_:lastYear:)``).
  func planned(
    _ lever: LeverDefinition, _ model: CompiledModel, upward: Bool, lastYear: Int
  ) -> PlannedLever? {
    let start = start(model, lastYear: lastYear)
    guard let scale = scale(lever, model, lastYear: lastYear), let base = scale.base,
      let rangeEnd = scale.end(lever.range, upward: upward)
    else { return nil }
    var end = rangeEnd
    var limit = lever.kind == .project ? PlannedLever.Limit.whole : .range
    if lever.kind == .quantity, let valid = validity(lever, model, scale, upward: upward) {
      let isNearer = upward ? valid.value < end : valid.value > end
      if isNearer { (end, limit) = (valid.value, .evidence(link: valid.link)) }
    }
    guard upward ? end > base : end < base else { return nil }
    let subs = model.catalog.processes.first { $0.kind == "pci_race" }?.lists["sub_indices"] ?? []
    return PlannedLever(
      definition: lever, base: base, end: end, rangeEnd: rangeEnd, meanBaseline: scale.meanBaseline, limit: limit,
      price: prices[lever.id] ?? lever.knownPrice,
      isPriceEntered: prices[lever.id] != nil, from: start, complete: min(start + 2, max(lastYear, start)),
      package: package.isEmpty ? subs : package)
  }

  /// Whether the values of a lever can be searched: a baseline that is the same in every year, or a path above zero.
  func isSearchable(_ lever: LeverDefinition, _ model: CompiledModel, lastYear: Int) -> Bool {
    scale(lever, model, lastYear: lastYear)?.base != nil
  }

  /// The first year in which levers move.
  private func start(_ model: CompiledModel, lastYear: Int) -> Int {
    let lastData = model.nodes.compactMap(\.lastObservedYear).max()
    return min(from ?? max((lastData ?? model.grid[0]) + 1, model.catalog.startYear), lastYear)
  }

  private func scale(_ lever: LeverDefinition, _ model: CompiledModel, lastYear: Int) -> Scale? {
    let start = start(model, lastYear: lastYear)
    return model.leverBaseline(lever.id).map { Scale($0, Array(start...max(lastYear, start))) }
  }

  /// How far the evidence of all the lever's links goes: where every one of them has an end, the farthest.
  private func validity(
    _ lever: LeverDefinition, _ model: CompiledModel, _ scale: Scale, upward: Bool
  ) -> (value: Double, link: String)? {
    var farthest: (value: Double, link: String)?
    for link in model.catalog.links where link.cause == lever.id {
      guard let validity = link.validity, let end = scale.end(validity, upward: upward) else { return nil }
      if let known = farthest, upward ? known.value >= end : known.value <= end { continue }
      farthest = (end, link.cause + " -> " + link.effect)
    }
    return farthest
  }

  /// What the searched number of a lever means.
  private struct Scale {
    /// The baseline's values in the years that count.
    private let baselines: [Double]
    private let isMultiple: Bool

    init(_ baseline: LeverBaseline, _ years: [Int]) {
      baselines = years.map(baseline.value(in:))
      isMultiple = !baseline.isConstant(years)
    }

    /// The number that stands for the baseline; nil where multiples have no meaning.
    var base: Double? { isMultiple ? (baselines.allSatisfy { $0 > 0 } ? 1 : nil) : baselines.first }

    /// See ``PlannedLever/meanBaseline``.
    var meanBaseline: Double? { isMultiple ? baselines.reduce(0, +) / Double(max(baselines.count, 1)) : nil }

    /// The farthest number that stays inside a range in every year.
    func end(_ range: AmountRange, upward: Bool) -> Double? {
      let ends = baselines.map { base -> Double in
        let values = range.values(base: base)
        let end = upward ? values.upperBound : values.lowerBound
        return isMultiple ? end / base : end
      }
      if isMultiple, case .multiples(let multiples) = range {
        return upward ? multiples.upperBound : multiples.lowerBound
      }
      return upward ? ends.min() : ends.max()
    }
  }
}
