import NumericKernels
import TextFiles

/// Answers "what must the remaining quarters and items do to reach this growth?" from a model's growth account.
///
/// ```swift
/// let arithmetic = try GrowthArithmetic(engine, shares: QuarterShares.read(folder, catalog: catalog))
/// let answer = try arithmetic.answer(year: 2026, reach: 11)
/// print(answer.need.central)
/// ```
///
/// With levels L of the year before at constant prices, quarter shares s and growth G of the first k quarters,
///
///     needed = ((1 + T)·ΣLs - (1 + G)·Σ(q <= k)Ls) / Σ(q > k)Ls - 1
///
/// and for an item i, the others growing with g as without new policy,
///
///     needed(i) = ((1 + T)·ΣL - Σ(j != i)L(1 + g)) / L(i) - 1.
///
/// Bands come from the draws of the baseline and of the quarter shares; middle values from their medians, so that the sums of a table
/// can be checked by hand. The arithmetic is exact; what it rests on is graded where it is printed.
public struct GrowthArithmetic {
  let engine: EngineRun
  let accounts: GrowthAccounts
  let shares: QuarterShares
  var model: CompiledModel { engine.model }
  /// The catalog of the model.
  public var catalog: ModelCatalog { engine.model.catalog }

  /// - Throws: ``DiagnosticList`` when the model has no such account or an item has no quarter shares.
  public init(_ engine: EngineRun, shares: QuarterShares, growth: String = "grdp_growth") throws {
    self.engine = engine
    self.shares = shares
    accounts = try GrowthAccounts(engine.model.catalog, growth: growth)
    let without = accounts.items.map(\.level).filter { shares.central[$0] == nil }
    guard without.isEmpty else {
      throw DiagnosticList([
        Diagnostic(
          .badData, code: "missing_row", "no quarter shares are given for \(without.joined(separator: ", "))",
          hint: "add four rows for each to evidence/quarter_shares.csv")
      ])
    }
  }

  /// The first year without a figure for the whole year.
  public var runningYear: Int { (facts(accounts.growth).keys.max() ?? model.grid[0]) + 1 }

  /// The growth that official documents ask of a year: a yearly target, else an average over a period that holds the year.
  public func officialTarget(year: Int) -> TargetDefinition? {
    let targets = model.catalog.targets.filter { $0.indicator == accounts.growth && $0.comparison == .atLeast }
    return targets.first { $0.aggregate == .year && $0.period.calendarYear == year }
      ?? targets.first { $0.aggregate == .average && ($0.period.firstYear...$0.period.lastYear).contains(year) }
  }

  /// - Parameters:
  ///   - year: nil for the running year.
  ///   - reach: the growth to be reached, in percent; nil for the official target of the year.
  ///   - entered: figures of the year (or of the year before) that the planner has and the data do not; they replace published ones of
  ///     the same indicator and period.
  /// - Throws: ``DiagnosticList`` for a year that cannot be answered or has no target, a figure that does not belong to it, or a
  ///   target out of range.
  public func answer(
    year: Int? = nil, reach: Double? = nil, entered: [PartYearGrowth] = []
  ) throws -> GrowthAnswer {
    let year = year ?? runningYear
    let base = try GrowthBase(self, year: year)
    let official = officialTarget(year: year)
    guard let reach = reach ?? official?.value else {
      throw DiagnosticList([
        Diagnostic(
          .wrongUse, code: "no_target", "no official document sets the growth of \(year)", hint: "give one with --reach"
        )
      ])
    }
    try check(year: year, reach: reach, entered: entered)
    let isClosed = facts(accounts.growth)[year] != nil
    let ids = [accounts.growth] + accounts.items.map(\.growth)
    let figures = ids.map { self.figures($0, year: year, entered).filter { $0.quarters != 1...4 } }
    let before = self.figures(accounts.growth, year: year - 1, entered)
    let profile = QuarterlyProfile(figures[0], weights: base.quarterWeights)
    let profileBefore = QuarterlyProfile(before, weights: base.quarterWeights)
    let work = GrowthWork(base: base, reach: reach, known: min(profile.known, 3), soFar: profile.cumulated)
    let itemProfiles = accounts.items.indices.map {
      QuarterlyProfile(figures[$0 + 1], weights: base.items[$0].shares)
    }
    let items = accounts.items.indices.map { work.item($0, known: itemProfiles[$0]) }
    // Of a year that is over, the figure for the whole year tells what the remaining quarters did.
    var quarters =
      isClosed
      ? work.quarters(
        QuarterlyProfile(self.figures(ids[0], year: year, entered), weights: base.quarterWeights),
        accounts.items.indices.map {
          QuarterlyProfile(self.figures(ids[$0 + 1], year: year, entered), weights: base.items[$0].shares)
        })
      : work.quarters(profile, itemProfiles)
    if let next = try? GrowthBase(self, year: year + 1) {
      quarters += GrowthWork(base: next, reach: reach, known: 0, soFar: 0).quarters(
        QuarterlyProfile([], weights: next.quarterWeights),
        accounts.items.indices.map { QuarterlyProfile([], weights: next.items[$0].shares) })
    }
    return GrowthAnswer(
      accounts: accounts, year: year, reach: reach,
      document: official.flatMap { $0.value == reach ? $0.document : nil },
      isClosed: isClosed, outturn: facts(accounts.growth)[year], figures: figures.flatMap { $0 },
      knownQuarters: work.known,
      growthSoFar: work.known == 0 ? 0 : work.soFar, figuresBefore: before, quarters: quarters,
      needs: work.needs(profileBefore), need: work.need, items: items, total: work.total,
      implied: try implied(year: year, reach: reach), shocks: shocks(base), apart: apart(base, reach: reach),
      record: record(before: year, base),
      baselineIgnoresFigures: !isClosed && !figures.allSatisfy(\.isEmpty))
  }

  private func check(year: Int, reach: Double, entered: [PartYearGrowth]) throws {
    var problems: [Diagnostic] = []
    if !(reach > -50 && reach < 100) {
      problems.append(
        Diagnostic(
          .wrongUse, code: "outside_range", "a growth of \(reach)% cannot be reached; give one between -50 and 100"))
    }
    let ids = [accounts.growth] + accounts.items.map(\.growth)
    for figure in entered {
      if !ids.contains(figure.indicator) {
        problems.append(
          Diagnostic(
            .wrongUse, code: "unknown_id", "'\(figure.indicator)' is no growth of this account",
            hint: Suggestion.hint(for: figure.indicator, among: ids)))
      }
      if figure.year != year && figure.year != year - 1 {
        problems.append(
          Diagnostic(
            .wrongUse, code: "outside_range",
            "the figure for \(figure.period) does not belong to \(year) or the year before"))
      }
    }
    guard problems.isEmpty else { throw DiagnosticList(problems) }
  }

  /// Published figures of a year, with those that the planner entered in their place.
  private func figures(_ indicator: String, year: Int, _ entered: [PartYearGrowth]) -> [PartYearGrowth] {
    let own = entered.filter { $0.indicator == indicator && $0.year == year }
    let published = PartYearGrowth.published(indicator, area: model.catalog.area, store: model.store)
      .filter { figure in figure.year == year && !own.contains { $0.quarters == figure.quarters } }
    // What was typed in is taken first where figures contradict each other.
    return own + published
  }

  /// Yearly facts of an indicator.
  func facts(_ id: String) -> [Int: Double] { model.nodeIndex(id).map { model.nodes[$0].facts } ?? [:] }

  /// All draws of an indicator in a year of the projection.
  func draws(_ id: String, year: Int) -> [Double]? {
    guard let node = model.nodeIndex(id), let index = model.grid.firstIndex(of: year) else { return nil }
    return Array(engine.baselineDraws.draws(node, index))
  }

  /// Earlier years with figures for their first quarters and for the whole.
  private func record(before year: Int, _ base: GrowthBase) -> [GrowthAnswer.Record] {
    let weights = base.quarterWeights
    let total = weights.reduce(0, +)
    return facts(accounts.growth).sorted { $0.key < $1.key }.compactMap { past, growth in
      guard past < year else { return nil }
      let figures = figures(accounts.growth, year: past, []).filter { $0.quarters != 1...4 }
      let profile = QuarterlyProfile(figures, weights: weights)
      guard (1...3).contains(profile.known) else { return nil }
      let first = weights[..<profile.known].reduce(0, +)
      func rest(_ yearly: Double) -> Double { (yearly * total - profile.cumulated * first) / (total - first) }
      let target = model.catalog.targets.first {
        $0.indicator == accounts.growth && $0.aggregate == .year && $0.period.calendarYear == past
      }?.value
      return GrowthAnswer.Record(
        year: past, knownQuarters: profile.known, growthSoFar: profile.cumulated, target: target,
        needed: target.map(rest), done: rest(growth), growth: growth)
    }
  }

  /// Effects of the outside world that enter an item through a factor of its level.
  private func shocks(_ base: GrowthBase) -> [GrowthAnswer.Shock] {
    worldEffects.map { position, link in
      let (prior, share) = (link.definition.prior, base.items[position].weight / 100)
      let ends = [prior.low, prior.high].map { share * $0 }
      return GrowthAnswer.Shock(
        driver: link.definition.cause, item: accounts.items[position].level,
        points: Band80(central: share * prior.central, low: ends.min(), high: ends.max()),
        grade: link.definition.grade)
    }
  }

  /// The links by which the outside world enters an item, by the item's place.
  var worldEffects: [(position: Int, link: CompiledLink)] {
    accounts.items.enumerated().flatMap { position, item -> [(position: Int, link: CompiledLink)] in
      guard case .identity(.product(let factors, _))? = catalog.indicator(item.level)?.source else { return [] }
      return model.links.filter { link in
        let definition = link.definition
        return factors.contains(definition.effect) && definition.form == .semiElasticity && definition.estimate == nil
          && catalog.indicator(definition.cause)?.isWorld == true
      }.map { (position, $0) }
    }
  }
}
