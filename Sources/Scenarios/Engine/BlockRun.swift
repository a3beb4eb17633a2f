import NumericKernels

/// The work on one block of draws under one scenario: values go to `values`, deviations on the transformed scale are kept here.
public final class BlockRun {
  let model: CompiledModel
  let scenario: CompiledScenario
  let seed: Dice
  /// The number of the block, and its draws.
  private let block: Int
  let range: Range<Int>
  /// This scenario's values.
  let values: DrawTable
  /// The baseline's values, and its series on the transformed scale.
  let baseline: DrawTable
  let transformed: DrawTable
  private let states: [any ProcessState]
  private var deviations: [[Double]?]
  private var projectSizes: [Int: [[Double]]] = [:]
  private let effects: EffectDraws
  /// By link and year: what a cause gives its link, once it was needed (later years need it again); nil inside where it gives nothing.
  private var drivers: [[Double]??]
  /// The same for links on growth: the sum of what they gave in all years so far.
  private var sums: [[Double]??]

  var count: Int { range.count }
  var yearCount: Int { model.grid.count }

  init(
    model: CompiledModel, scenario: CompiledScenario, seed: Dice, block: Int, range: Range<Int>, values: DrawTable,
    baseline: DrawTable, transformed: DrawTable, states: [any ProcessState], effects: EffectDraws
  ) {
    self.model = model
    self.scenario = scenario
    self.seed = seed
    self.block = block
    self.range = range
    self.values = values
    self.baseline = baseline
    self.transformed = transformed
    self.states = states
    self.effects = effects
    deviations = [[Double]?](repeating: nil, count: model.nodes.count * model.grid.count)
    drivers = [[Double]??](repeating: nil, count: model.links.count * model.grid.count)
    sums = drivers
  }

  /// The deviation of a node from its baseline in a grid year on the transformed scale; nil where there is none.
  func deviation(_ node: Int, _ year: Int) -> [Double]? { deviations[node * yearCount + year] }

  /// This block's values of a node in a grid year: the baseline's where the scenario cannot change it.
  func current(_ node: Int, _ year: Int) -> UnsafeMutableBufferPointer<Double> {
    (isBaseline || scenario.affected[node] ? values : baseline).draws(node, year, range)
  }

  var isBaseline: Bool { values === baseline }

  // MARK: evaluation

  /// Evaluates the whole scenario for this block.
  func run() throws {
    for year in 0..<yearCount {
      for unit in model.units {
        switch unit {
        case .node(let node): try evaluateNode(node, year)
        case .process(let process):
          let outputs = model.processes[process].outputIds.compactMap { model.nodeIndex($0) }
          guard outputs.contains(where: { scenario.affected[$0] }) else { continue }
          for node in outputs { accumulateLinks(node, year) }
          model.processes[process].evaluate(self, year: year, states[process])
          for node in outputs { try requireFinite(node, year) }
        }
      }
    }
  }

  /// Draws the baseline of this block: series first, then processes, then what is computed from them.
  func runBaseline() throws {
    let sampler = BaselineSampler(model: model, seed: seed, range: range, assumed: [:])
    for (node, content) in model.nodes.enumerated() {
      guard case .series(let series) = content.kind else { continue }
      sampler.sample(series, assumedPath: nil, into: (0..<yearCount).map { transformed.draws(node, $0, range) })
      for year in 0..<yearCount {
        let output = values.draws(node, year, range)
        _ = output.update(fromContentsOf: transformed.draws(node, year, range))
        content.transform.inverse(inPlace: output)
      }
    }
    for (process, state) in zip(model.processes, states) { process.drawBaseline(self, state) }
    for year in 0..<yearCount {
      for case .node(let node) in model.units {
        if case .identity(let identity) = model.nodes[node].kind {
          IdentityEvaluation(identity, self, node: node, seed: seed).evaluate(year: year)
        }
      }
      for node in model.nodes.indices { try requireFinite(node, year) }
    }
  }

  private func evaluateNode(_ node: Int, _ year: Int) throws {
    guard scenario.affected[node] else { return }
    switch model.nodes[node].kind {
    case .series(let baseline):
      // What has been observed is a fact under every scenario.
      if model.grid[year] > baseline.lastYear { accumulateLinks(node, year) }
      if year == 0 && scenario.shiftsWorld(of: baseline) { resample(node, baseline) }
      let output = values.draws(node, year, range)
      if !scenario.shiftsWorld(of: baseline) {
        _ = output.update(fromContentsOf: transformed.draws(node, year, range))
      }
      if let deviation = deviation(node, year) { for d in output.indices { output[d] += deviation[d] } }
      model.nodes[node].transform.inverse(inPlace: output)
    case .identity(let identity):
      IdentityEvaluation(identity, self, node: node, seed: seed).evaluate(year: year)
    case .process: break
    }
    try requireFinite(node, year)
  }

  /// Keeps the baseline of some nodes in a year, where a scenario does not change them although it changes later years.
  func copyBaseline(of ids: [String], _ year: Int) {
    for node in ids.compactMap({ model.nodeIndex($0) }) {
      _ = values.draws(node, year, range).update(fromContentsOf: baseline.draws(node, year, range))
    }
  }

  private func requireFinite(_ node: Int, _ year: Int) throws {
    let output = values.draws(node, year, range)
    if let draw = output.firstIndex(where: { !$0.isFinite }) {
      throw ScenarioError.nonFinite(node: model.nodes[node].id, year: model.grid[year], draw: range.lowerBound + draw)
    }
  }

  /// Draws a series anew with world shocks that follow the scenario's assumption.
  private func resample(_ node: Int, _ baseline: SeriesBaseline) {
    let output = (0..<yearCount).map { values.draws(node, $0, range) }
    BaselineSampler(model: model, seed: seed, range: range, assumed: scenario.worldShocks)
      .sample(baseline, assumedPath: scenario.worldPaths[node], into: output)
  }

  // MARK: links

  private func accumulateLinks(_ node: Int, _ year: Int) {
    var total: [Double]?
    for link in model.linksInto[node] {
      guard scenario.isActive(model.links[link]), let added = contribution(link, year) else { continue }
      if total == nil { total = added } else { for d in added.indices { total?[d] += added[d] } }
    }
    deviations[node * yearCount + year] = total
  }

  /// What a link adds to its effect's deviation in a year; nil if nothing.
  private func contribution(_ index: Int, _ year: Int) -> [Double]? {
    let link = model.links[index]
    guard var driver = link.definition.on == .growth ? accumulatedDriver(index, year) : laggedDriver(index, year) else {
      return nil
    }
    let sizes = effects.sizes(index, block: block) { link.sizes(seed: seed, range: range) }
    for d in driver.indices { driver[d] *= sizes[d] }
    if link.definition.form == .level {
      let transform = model.nodes[link.effect].transform
      if let level = model.level(of: link.effect) {
        let base = [Double](repeating: level, count: count)
        base.withUnsafeBufferPointer { transform.shift(at: $0, by: &driver) }
      } else {
        transform.shift(at: UnsafeBufferPointer(baseline.draws(link.effect, year, range)), by: &driver)
      }
    }
    return driver
  }

  /// For a link on growth: what it gave in all years whose growth is not a published fact, this one included.
  ///
  /// The yearly change of the effect's deviation is then what the link gives in the year: per cent of a positive effect add up on the
  /// logarithmic scale, units of a `level` effect as units, before the baseline of the year turns them into a shift.
  private func accumulatedDriver(_ link: Int, _ year: Int) -> [Double]? {
    let place = link * yearCount + year
    if let known = sums[place] { return known }
    var result: [Double]?
    if !isFact(model.links[link].effect, year) {
      result = laggedDriver(link, year)
      if year > 0, let before = accumulatedDriver(link, year - 1) {
        result = result.map { now in zip(before, now).map { $0 + $1 } } ?? before
      }
    }
    sums[place] = .some(result)
    return result
  }

  /// Whether a node's value of a year is published.
  private func isFact(_ node: Int, _ year: Int) -> Bool {
    guard case .series(let baseline) = model.nodes[node].kind else { return false }
    return model.grid[year] <= baseline.lastYear
  }

  /// The cause's deviation, spread over the lags.
  private func laggedDriver(_ link: Int, _ year: Int) -> [Double]? {
    var total: [Double]?
    for (lag, weight) in model.links[link].definition.lag.enumerated() where weight != 0 && year - lag >= 0 {
      guard let driver = carriedDriver(link, year - lag) else { continue }
      guard total != nil else {
        total = weight == 1 ? driver : driver.map { weight * $0 }
        continue
      }
      for d in driver.indices { total?[d] += weight * driver[d] }
    }
    return total
  }

  /// With `carry_over: stays`, the largest deviation so far; else that of the year.
  private func carriedDriver(_ link: Int, _ year: Int) -> [Double]? {
    let place = link * yearCount + year
    if let known = drivers[place] { return known }
    var result = measuredDriver(model.links[link], year)
    if model.links[link].definition.carryOver == .stays, year > 0, let before = carriedDriver(link, year - 1) {
      result = result.map { now in zip(before, now).map { abs($1) > abs($0) ? $1 : $0 } } ?? before
    }
    drivers[place] = .some(result)
    return result
  }

  /// The cause's deviation of a year, or its change on the year before, which is 0 before the projection.
  private func measuredDriver(_ link: CompiledLink, _ year: Int) -> [Double]? {
    let now = driver(link, year)
    guard link.definition.causeAs == .change, year > 0, let before = driver(link, year - 1) else { return now }
    return now.map { now in zip(before, now).map { $1 - $0 } } ?? before.map { -$0 }
  }

  private func driver(_ link: CompiledLink, _ year: Int) -> [Double]? {
    switch link.cause {
    case .lever(let lever):
      if let uncertain = scenario.uncertain[lever] {
        return uncertain.driver(link.definition, year: year, seed: seed, range: range)
      }
      if model.catalog.levers[lever].kind == .project { return project(lever)?[year] }
      let (value, base) = (scenario.leverValues[lever][year], scenario.leverBaselines[lever][year])
      guard value != base else { return nil }
      return [Double](repeating: CauseScale.deviation(link.definition, value: value, base: base), count: count)
    case .node(let node):
      guard scenario.affected[node] else { return nil }
      return CauseScale.deviations(
        link.definition, values: values.draws(node, year, range), bases: baseline.draws(node, year, range))
    }
  }

  /// The size at which a project runs in each year and draw: 0 before it starts or when it fails.
  private func project(_ lever: Int) -> [[Double]]? {
    if let sizes = projectSizes[lever] { return sizes }
    let definition = scenario.lever(lever, model.catalog)
    guard scenario.leverValues[lever].contains(where: { $0 > 0 }) else { return nil }
    let delays = DeliveryDraws(lever: definition, seed: seed, range: range)
    let stream = RandomStream(seed: seed, id: definition.id, purpose: .size)
    let size = definition.size ?? Prior(low: 1, central: 1, high: 1)
    var sizes = [[Double]](repeating: [Double](repeating: 0, count: count), count: yearCount)
    for d in 0..<count {
      guard let delay = delays.delay(d) else { continue }
      let z = stream.normal(item: 0, draw: range.lowerBound + d)
      let value = max(size.value(atNormal: z, widening: 1), 0) * delays.share(d)
      for year in 0..<yearCount where year - delay >= 0 {
        sizes[year][d] = value * scenario.leverValues[lever][year - delay]
      }
    }
    projectSizes[lever] = sizes
    return sizes
  }
}

/// The deviation of a cause in the unit that its effect's form needs, saturated at the ends of its validity.
enum CauseScale {
  static func deviation(_ link: LinkDefinition, value: Double, base: Double) -> Double {
    let v = saturated(link.validity, value: value, base: base)
    let base = saturated(link.validity, value: base, base: base)
    switch link.form {
    case .elasticity:
      guard base > 0, v > 0 else { return 0 }
      return VectorMath.log(v / base)
    case .semiElasticity: return link.estimate == nil ? (v - base) / 100 : v - base
    case .level: return v - base
    }
  }

  /// ``deviation(_:value:base:)`` of many draws.
  static func deviations(
    _ link: LinkDefinition, values: UnsafeMutableBufferPointer<Double>, bases: UnsafeMutableBufferPointer<Double>
  ) -> [Double] {
    guard link.form == .elasticity else {
      return values.indices.map { deviation(link, value: values[$0], base: bases[$0]) }
    }
    return VectorMath.log(
      values.indices.map { d in
        let v = saturated(link.validity, value: values[d], base: bases[d])
        let base = saturated(link.validity, value: bases[d], base: bases[d])
        return base > 0 && v > 0 ? v / base : 1
      })
  }

  static func saturated(_ validity: AmountRange?, value: Double, base: Double) -> Double {
    switch validity {
    case .multiples(let range)?: return min(max(value, range.lowerBound * base), range.upperBound * base)
    case .values(let range)?: return min(max(value, range.lowerBound), range.upperBound)
    case nil: return value
    }
  }
}

/// Whether and with what delay a lever is delivered, draw by draw; the same draws in every scenario.
struct DeliveryDraws {
  private let delays: [Int?]
  /// Nil where all of what is delivered comes.
  private let shares: [Double]?

  init(lever: LeverDefinition, seed: Dice, range: Range<Int>) {
    guard let delivery = lever.delivery else {
      delays = [Int?](repeating: 0, count: range.count)
      shares = nil
      return
    }
    let stream = RandomStream(seed: seed, id: lever.id, purpose: .delivery)
    var success = [Double](repeating: 0, count: range.count)
    var timing = success
    success.withUnsafeMutableBufferPointer { stream.uniforms(item: 0, firstDraw: range.lowerBound, into: $0) }
    timing.withUnsafeMutableBufferPointer { stream.uniforms(item: 1, firstDraw: range.lowerBound, into: $0) }
    delays = zip(success, timing).map { success, timing in
      guard success < delivery.probability else { return nil }
      var cumulated = 0.0
      for (delay, probability) in delivery.delay.enumerated() {
        cumulated += probability
        if timing < cumulated { return delay }
      }
      return delivery.delay.count - 1
    }
    shares = delivery.partial.map { partial in
      var part = success
      part.withUnsafeMutableBufferPointer { stream.uniforms(item: 3, firstDraw: range.lowerBound, into: $0) }
      return part.map { $0 < partial.probability ? partial.share : 1 }
    }
  }

  /// How much of what is delivered comes.
  func share(_ draw: Int) -> Double { shares?[draw] ?? 1 }

  /// Years of delay; nil when the measure is not delivered at all.
  func delay(_ draw: Int) -> Int? { delays[draw] }
}
