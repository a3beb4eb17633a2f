import NumericKernels
import Synchronization

/// The race of the provinces for PCI scores and ranks, as a node kind of the engine.
///
/// Baseline: every province's deviation from the national median follows the fitted model (``PCIRaceFit``), with survey noise in
/// every edition and a turbulence of each year that all provinces share (``CommonVolatility``); where the last editions published only the top, rivals are drawn under the bounds by rejection. The province's
/// sub-indices are drawn with their own models and then shifted together until their weighted sum equals the score, so that the
/// identity is exact in every draw and every value keeps its range.
///
/// Scenario: the package's gain is added to its sub-indices; it replaces part of the province's own persistent shock instead of
/// adding to the luck that the fan already holds.
public final class PCIRace: EngineProcess {
  public let fit: PCIRaceFit
  public let outputIds: [String]
  let parameters: PCIRaceParameters
  private let subIds: [String]
  private let names: Names
  private let unmerged: [Int]
  private let mergers: [Merger]
  private let windowCache = Mutex<[[Int]: ReformWindows]>([:])

  /// The ids of the outputs that are not sub-indices.
  private struct Names: Sendable {
    let score, median, gap, rank, rankOf, percentile, rankBefore: String
  }

  /// Provinces merged in July 2025: positions among the rivals, with their weights by new firms.
  private struct Merger: Sendable {
    let parts: [(rival: Int, weight: Double)]
  }

  /// What the baseline pass keeps for scenarios.
  private final class Draws: ProcessState {
    /// The province's own deviation from the median and persistent shock since the last edition, on the logit scale.
    let own: DrawTable
    let shock: DrawTable
    let median: DrawTable
    /// Sub-indices on the logit scale.
    let subs: DrawTable
    /// Deviations of the rivals, then of the merged provinces.
    let rivals: RivalTable

    init(model: CompiledModel, draws: Int, subs: Int, rivals: Int) {
      let years = model.grid.count
      own = DrawTable(nodes: 1, years: years, draws: draws)
      shock = DrawTable(nodes: 1, years: years, draws: draws)
      median = DrawTable(nodes: 1, years: years, draws: draws)
      self.subs = DrawTable(nodes: subs, years: years, draws: draws)
      self.rivals = RivalTable(rows: rivals, years: years, draws: draws)
    }
  }

  private static let logit = RangeTransform(.score100)

  init(_ definition: ProcessDefinition, store: ObservationStore, folder: DataFolder, area: String, until: Int) throws {
    func text(_ key: String) throws -> String {
      guard let value = definition.texts[key] else {
        throw ScenarioError.badProcess(process: definition.id, reason: "the key '\(key)' is missing")
      }
      return value
    }
    subIds = definition.lists["sub_indices"] ?? []
    names = Names(
      score: try text("score"), median: try text("median"), gap: try text("gap"), rank: try text("rank"),
      rankOf: try text("rank_of"), percentile: try text("percentile"), rankBefore: try text("rank_before_merger"))
    outputIds =
      subIds + [names.score, names.median, names.gap, names.rank, names.rankOf, names.percentile, names.rankBefore]
    parameters = try PCIRaceParameters(definition)
    let panel = try PCIPanel(store: store, folder: folder, score: names.score, rank: names.rank, subIndices: subIds)
    fit = try PCIRaceFit(panel: panel, parameters: parameters, area: area, until: until)
    let crosswalk = try ProvinceCrosswalk.read(folder)
    let groups = crosswalk.groups(of: fit.rivals.map(\.province), firms: ProvinceCrosswalk.firms(store))
    unmerged = groups.filter { $0.count == 1 }.map { $0[0].rival }
    mergers = groups.filter { $0.count > 1 }.map { Merger(parts: $0) }
  }

  /// The id of the gap to the median.
  var gapId: String { names.gap }

  /// Gap, percentile and size of the field follow from published scores, medians and ranks.
  public func derivedHistory(of id: String) -> [Int: Double] {
    let panel = fit.panel
    var result: [Int: Double] = [:]
    for year in panel.years {
      let ranked = panel.provinces.indices.count { !panel.rank($0, year).isNaN }
      // The last editions printed part of the list only; the field did not change before 2025.
      let field = year < fit.lastCompleteYear ? ranked : fit.rivals.count + 1
      let (score, rank) = (panel.score(fit.province, year), panel.rank(fit.province, year))
      switch id {
      case names.rankOf: result[year] = Double(field)
      case names.percentile where !rank.isNaN && field > 1:
        result[year] = 100 * (Double(field) - rank) / Double(field - 1)
      case names.rankBefore where !rank.isNaN: result[year] = rank
      case names.median:
        let scores = panel.provinces.indices.map { panel.score($0, year) }.filter { !$0.isNaN }
        if let published = panel.publishedMedians[year] ?? (scores.count >= 60 ? Quantiles.median(scores) : nil) {
          result[year] = published
        }
      case names.gap:
        if let median = derivedHistory(of: names.median)[year], !score.isNaN { result[year] = score - median }
      default: break
      }
    }
    return result
  }

  /// The number of provinces ranked in a calendar year.
  func fieldSize(_ year: Int) -> Int { year >= 2025 ? unmerged.count + mergers.count + 1 : fit.rivals.count + 1 }

  // MARK: ambitions

  /// The windows of a package, computed once.
  public func windows(package: [String]) throws -> ReformWindows {
    let positions = package.compactMap { subIds.firstIndex(of: $0) }.sorted()
    if let known = windowCache.withLock({ $0[positions] }) { return known }
    let last = fit.panel.years.last { year in
      fit.panel.provinces.indices.count { !fit.panel.sub($0, year, 0).isNaN } >= 60
    }
    let start = PCIRaceFit.points(deviation: fit.own.signalMean, median: fit.medians[fit.lastYear] ?? 0)
    let windows = try ReformWindows(
      panel: fit.panel, edition: fit.edition, package: positions, years: fit.firstYear...(last ?? fit.firstYear),
      length: parameters.windowYears, start: start, bandwidth: parameters.startBandwidth)
    windowCache.withLock { $0[positions] = windows }
    return windows
  }

  func ambition(
    lever: Int, definition: LeverDefinition, percentiles: [Double], package: [String]
  ) throws -> CompiledAmbition {
    let windows = try windows(package: package)
    // Only the package's part of the province's luck can be replaced.
    let part = fit.scoreShare(of: windows.package)
    return CompiledAmbition(
      lever: lever, package: windows.package, gains: percentiles.map { windows.gain(percentile: $0) },
      replacedShare: percentiles.map { min(abs(2 * $0 - 1), 1) * parameters.policyShare * part },
      spread: windows.spread)
  }

  public func shockParts(of id: String) -> [CorrelatedShocks.Part]? {
    id == names.score ? PCIRaceSampler.shockParts(fit.scoreModel) : nil
  }

  // MARK: baseline

  public func makeState(draws: Int, model: CompiledModel) -> any ProcessState {
    Draws(model: model, draws: draws, subs: subIds.count, rivals: fit.rivals.count + mergers.count)
  }

  public func drawBaseline(_ block: BlockRun, _ state: any ProcessState) {
    guard let draws = state as? Draws else { return }
    let sampler = PCIRaceSampler(
      fit: fit, seed: block.seed, grid: block.model.grid, range: block.range,
      ownShift: { [names] in
        block.model.correlations.shift(of: names.score, year: $0, seed: block.seed, range: block.range)
      })
    sampler.median(into: draws.median)
    sampler.own(deviation: draws.own, shock: draws.shock)
    sampler.subIndices(own: draws.own, median: draws.median, into: draws.subs)
    sampler.rivals(into: draws.rivals)
    let noise = parameters.mergerNoisePoints / PCIRaceFit.slope(median: fit.medians[fit.lastYear] ?? 0)
    for (position, merger) in mergers.enumerated() {
      sampler.merged(merger.parts, row: fit.rivals.count + position, noise: noise, table: draws.rivals)
    }
    for year in 0..<block.yearCount {
      for k in subIds.indices {
        guard let node = block.model.nodeIndex(subIds[k]) else { continue }
        let output = block.values.draws(node, year, block.range)
        _ = output.update(fromContentsOf: draws.subs.draws(k, year, block.range))
        block.model.nodes[node].transform.inverse(inPlace: output)
      }
      finish(block, year, draws)
    }
  }

  // MARK: scenario

  public func evaluate(_ block: BlockRun, year: Int, _ state: any ProcessState) {
    guard let draws = state as? Draws else { return }
    guard block.model.grid[year] > fit.lastYear else { return block.copyBaseline(of: outputIds, year) }
    let gains = packageGains(block, year)
    let transform = RangeTransform(.score10)
    var adjusted = subIds.indices.map { Array(draws.subs.draws($0, year, block.range)) }
    for ambition in block.scenario.ambitions {
      guard let share = replacedShares(ambition, block, year) else { continue }
      let shock = draws.shock.draws(0, year, block.range)
      let loading = fit.loading.enumerated().map { ambition.package.contains($0.offset) ? $0.element : 0 }
      let logits = currentScores(adjusted)
      let targets = (0..<block.count).map { logits[$0] - share[$0] * shock[$0] }
      SubIndexShift(weights: fit.edition.values, loading: loading).move(&adjusted, toScores: targets)
    }
    for k in subIds.indices {
      guard let node = block.model.nodeIndex(subIds[k]) else { continue }
      let output = block.values.draws(node, year, block.range)
      let deviation = block.deviation(node, year)
      if let gain = gains[k] {
        // By the derivative of the bounded scale, where a value saturates by itself.
        let p = PCIRace.probabilities(adjusted[k])
        for d in 0..<block.count where gain[d] != 0 { adjusted[k][d] += gain[d] / (10 * p[d] * (1 - p[d])) }
      }
      for d in 0..<block.count { output[d] = adjusted[k][d] + (deviation?[d] ?? 0) }
      transform.inverse(inPlace: output)
    }
    finish(block, year, draws)
  }

  /// Points that delivered packages add to each sub-index, by draw.
  private func packageGains(_ block: BlockRun, _ year: Int) -> [Int: [Double]] {
    var result: [Int: [Double]] = [:]
    for ambition in block.scenario.ambitions {
      let delivery = DeliveryDraws(
        lever: block.scenario.lever(ambition.lever, block.model.catalog), seed: block.seed, range: block.range)
      for (position, k) in ambition.package.enumerated() {
        var gain = result[k] ?? [Double](repeating: 0, count: block.count)
        for d in 0..<block.count {
          guard let delay = delivery.delay(d), year - delay >= 0 else { continue }
          gain[d] += ambition.gains[year - delay] * ambition.spread[position] * delivery.share(d)
        }
        result[k] = gain
      }
    }
    return result
  }

  /// The share of the province's persistent shock that a package replaces, by draw; nil where it replaces nothing.
  private func replacedShares(_ ambition: CompiledAmbition, _ block: BlockRun, _ year: Int) -> [Double]? {
    guard ambition.replacedShare[...year].contains(where: { $0 != 0 }) else { return nil }
    let lever = block.scenario.lever(ambition.lever, block.model.catalog)
    let delivery = DeliveryDraws(lever: lever, seed: block.seed, range: block.range)
    return (0..<block.count).map { d in
      guard let delay = delivery.delay(d), year - delay >= 0 else { return 0 }
      return ambition.replacedShare[year - delay] * delivery.share(d)
    }
  }

  /// The score of each draw on the logit scale, from sub-indices on theirs.
  private func currentScores(_ z: [[Double]]) -> [Double] {
    var score = [Double](repeating: 0, count: z.first?.count ?? 0)
    for k in z.indices {
      let p = PCIRace.probabilities(z[k])
      for d in score.indices { score[d] += fit.edition.values[k] * p[d] }
    }
    return VectorMath.log(score.map { $0 / (1 - $0) })
  }

  static func probability(_ z: Double) -> Double { 1 / (1 + VectorMath.exp(-z)) }

  /// 1 / (1 + exp(-z)) of every element.
  static func probabilities(_ z: some Collection<Double>) -> [Double] {
    var result = VectorMath.exp(z.map { -$0 })
    for d in result.indices { result[d] = 1 / (1 + result[d]) }
    return result
  }

  // MARK: score, gap and ranks

  /// Everything that follows from the sub-indices and the rivals.
  private func finish(_ block: BlockRun, _ year: Int, _ draws: Draws) {
    func output(_ id: String) -> UnsafeMutableBufferPointer<Double>? {
      block.model.nodeIndex(id).map { block.values.draws($0, year, block.range) }
    }
    guard let score = output(names.score) else { return }
    for d in score.indices { score[d] = 0 }
    for (k, id) in subIds.enumerated() {
      guard let sub = output(id) else { continue }
      let weight = 10 * fit.edition.values[k]
      for d in score.indices { score[d] += weight * sub[d] }
    }
    let median = draws.median.draws(0, year, block.range)
    let merged = block.model.grid[year] >= 2025
    let size = fieldSize(block.model.grid[year])
    let (medianScore, gap) = (output(names.median), output(names.gap))
    let (rank, rankOf, percentile) = (output(names.rank), output(names.rankOf), output(names.percentile))
    let rankBefore = output(names.rankBefore)
    let mergedRows = mergers.indices.map { fit.rivals.count + $0 }
    let middles = PCIRace.probabilities(median)
    // The logit of the score, for all draws at once.
    let logits = VectorMath.log(score.map { $0 / (100 - $0) })
    let own = (0..<block.count).map { Float(logits[$0] - median[$0]) }
    let before = above(own, rows: Array(fit.rivals.indices), year, block.range, draws.rivals)
    let after = merged ? above(own, rows: unmerged + mergedRows, year, block.range, draws.rivals) : before
    for d in 0..<block.count {
      let middle = 100 * middles[d]
      medianScore?[d] = middle
      gap?[d] = score[d] - middle
      rankBefore?[d] = Double(before[d] + 1)
      percentile?[d] = 100 * Double(fit.rivals.count - Int(before[d])) / Double(fit.rivals.count)
      rank?[d] = Double(after[d] + 1)
      rankOf?[d] = Double(size)
    }
    writeFacts(block.model.grid[year], score: score, rank: rank, output: output)
  }

  /// How many of some rivals lie above the province, by draw.
  private func above(_ own: [Float], rows: [Int], _ year: Int, _ range: Range<Int>, _ table: RivalTable) -> [Int32] {
    [Int32](unsafeUninitializedCapacity: own.count) { count, filled in
      count.initialize(repeating: 0)
      own.withUnsafeBufferPointer { own in
        for row in rows {
          let rival = table.draws(year: year, row: row, range)
          // Never more than there are rivals: without the check for overflow, many draws are compared at a time.
          for d in own.indices { count[d] &+= rival[d] > own[d] ? 1 : 0 }
        }
      }
      filled = own.count
    }
  }

  /// Observed editions are facts: what was published replaces what the field of that year would give.
  private func writeFacts(
    _ calendar: Int, score: UnsafeMutableBufferPointer<Double>, rank: UnsafeMutableBufferPointer<Double>?,
    output: (String) -> UnsafeMutableBufferPointer<Double>?
  ) {
    guard calendar <= fit.lastYear else { return }
    let published = fit.panel.score(fit.province, calendar)
    if !published.isNaN { score.update(repeating: published) }
    let place = fit.panel.rank(fit.province, calendar)
    if !place.isNaN { rank?.update(repeating: place) }
    for id in [names.median, names.gap, names.rankOf, names.percentile, names.rankBefore] {
      if let fact = derivedHistory(of: id)[calendar] { output(id)?.update(repeating: fact) }
    }
  }
}

extension PCIRaceFit {
  /// The part of the score's movement that a package of sub-indices carries (their covariances with the score add up to its
  /// variance).
  func scoreShare(of package: [Int]) -> Double {
    let parts = subIndices.enumerated().map { k, sub -> Double in
      let p = PCIRace.probability(sub.median)
      return edition.values[k] * p * (1 - p) * loading[k]
    }
    let total = parts.reduce(0, +)
    return total > 0 ? package.reduce(0) { $0 + parts[$1] } / total : 0
  }

  /// Points of the score per unit of the logit scale at the median.
  static func slope(median: Double) -> Double {
    let p = PCIRace.probability(median)
    return 100 * p * (1 - p)
  }

  /// A deviation on the logit scale in points of the score.
  static func points(deviation: Double, median: Double) -> Double {
    100 * (PCIRace.probability(median + deviation) - PCIRace.probability(median))
  }
}
