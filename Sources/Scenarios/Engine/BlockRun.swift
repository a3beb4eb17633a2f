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
  private var drivers: [LinkDriver??]
  /// The same for links on growth: the sum of what they gave in all years so far.
  private var sums: [LinkDriver??]

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
    drivers = [LinkDriver??](repeating: nil, count: model.links.count * model.grid.count)
    sums = drivers
  }

  /// The deviation of a node from its baseline in a grid year on the transformed scale; nil where there is none.
  func deviation(_ node: Int, _ year: Int) -> [Double]? { deviations[node * yearCount + year] }

  /// This block's values of a node in a grid year: the baseline's where the scenario cannot change it.
  func current(_ node: Int, _ year: Int) -> UnsafeMutableBufferPointer<Double> {
    (isBaseline || scenario.affects(node, year) ? values : baseline).draws(node, year, range)
  }

  var isBaseline: Bool { values === baseline }

  /// The drawn multipliers of an identity: the same in all years and scenarios.
  func multipliers(of node: Int, _ draw: () -> [Double]) -> [Double] {
    effects.sizes(model.links.count + node, block: block, draw)
  }

  // MARK: evaluation

  /// Evaluates the whole scenario for this block.
  func run() throws {
    if !scenario.worldShocks.isEmpty { resampleFollowers() }
    let outputs = model.processes.map { process in process.outputIds.compactMap { model.nodeIndex($0) } }
    for year in 0..<yearCount {
      for unit in model.units {
        switch unit {
        case .node(let node): try evaluateNode(node, year)
        case .process(let process):
          let outputs = outputs[process]
          guard outputs.contains(where: { scenario.affects($0, year) }) else { continue }
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
    guard scenario.affects(node, year) else { return }
    switch model.nodes[node].kind {
    case .series:
      accumulateLinks(node, year)
      let output = values.draws(node, year, range)
      // What follows a world driver stands in its place already.
      let start = scenario.followsWorld[node] ? output : transformed.draws(node, year, range)
      if let deviation = deviation(node, year) {
        for d in output.indices { output[d] = start[d] + deviation[d] }
      } else if start.baseAddress != output.baseAddress {
        _ = output.update(fromContentsOf: start)
      }
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
    guard !BlockRun.areFinite(output), let draw = output.firstIndex(where: { !$0.isFinite }) else { return }
    throw ScenarioError.nonFinite(node: model.nodes[node].id, year: model.grid[year], draw: range.lowerBound + draw)
  }

  /// One pass without a branch: an exponent of ones and one more runs over into the sign bit.
  private static func areFinite(_ values: UnsafeMutableBufferPointer<Double>) -> Bool {
    var found: UInt64 = 0
    for value in values { found |= (value.bitPattern & 0x7ff0_0000_0000_0000) &+ 0x0010_0000_0000_0000 }
    return found >> 63 == 0
  }

  /// Draws series anew, on the transformed scale, whose world shocks follow the scenario's assumption.
  private func resampleFollowers() {
    let sampler = BaselineSampler(model: model, seed: seed, range: range, assumed: scenario.worldShocks)
    for (node, content) in model.nodes.enumerated() where scenario.affected[node] && scenario.followsWorld[node] {
      guard case .series(let baseline) = content.kind else { continue }
      let output = (0..<yearCount).map { values.draws(node, $0, range) }
      sampler.sample(baseline, assumedPath: scenario.worldPaths[node], into: output)
    }
  }

  // MARK: links

  private func accumulateLinks(_ node: Int, _ year: Int) {
    var total: [Double]?
    for index in model.linksInto[node] {
      let link = model.links[index]
      guard scenario.isActive(link),
        let driver = link.definition.on == .growth ? accumulatedDriver(index, year) : laggedDriver(index, year)
      else { continue }
      let sizes = effects.sizes(index, block: block) { link.sizes(seed: seed, range: range) }
      if link.definition.form == .level {
        var added = driver.times(sizes)
        shift(&added, link.effect, year)
        LinkDriver.add(added, to: &total)
      } else {
        driver.add(times: sizes, to: &total)
      }
    }
    deviations[node * yearCount + year] = total
  }

  /// Turns changes of an indicator in its own unit into changes on its transformed scale.
  private func shift(_ changes: inout [Double], _ node: Int, _ year: Int) {
    let transform = model.nodes[node].transform
    if let level = model.level(of: node) {
      let base = [Double](repeating: level, count: count)
      base.withUnsafeBufferPointer { transform.shift(at: $0, by: &changes) }
    } else {
      transform.shift(at: UnsafeBufferPointer(baseline.draws(node, year, range)), by: &changes)
    }
  }

  /// For a link on growth: what it gave in all years whose growth is not a published fact, this one included.
  ///
  /// The yearly change of the effect's deviation is then what the link gives in the year: per cent of a positive effect add up on the
  /// logarithmic scale, units of a `level` effect as units, before the baseline of the year turns them into a shift.
  private func accumulatedDriver(_ link: Int, _ year: Int) -> LinkDriver? {
    let place = link * yearCount + year
    if let known = sums[place] { return known }
    var result: LinkDriver?
    if !isFact(model.links[link].effect, year) {
      result = laggedDriver(link, year)
      if year > 0, let before = accumulatedDriver(link, year - 1) { result = result?.plus(before) ?? before }
    }
    sums[place] = .some(result)
    return result
  }

  /// Whether a node's value of a year is published.
  private func isFact(_ node: Int, _ year: Int) -> Bool {
    guard case .series(let baseline) = model.nodes[node].kind else { return false }
    return model.grid[year] <= baseline.lastYear
  }

  /// The cause's deviation, spread over the lags; nil where it gives its link nothing.
  private func laggedDriver(_ link: Int, _ year: Int) -> LinkDriver? {
    var total: LinkDriver?
    for (lag, weight) in model.links[link].definition.lag.enumerated() where weight != 0 && year - lag >= 0 {
      guard let driver = carriedDriver(link, year - lag) else { continue }
      let part = driver.times(weight)
      total = total?.plus(part) ?? part
    }
    return total
  }

  /// With `carry_over: stays`, the largest deviation so far; else that of the year.
  private func carriedDriver(_ link: Int, _ year: Int) -> LinkDriver? {
    let place = link * yearCount + year
    if let known = drivers[place] { return known }
    var result = measuredDriver(model.links[link], year)
    if model.links[link].definition.carryOver == .stays, year > 0, let before = carriedDriver(link, year - 1) {
      result = result?.larger(orEqually: before) ?? before
    }
    drivers[place] = .some(result)
    return result
  }

  /// The cause's deviation of a year, or its change on the year before, which is 0 before the projection.
  private func measuredDriver(_ link: CompiledLink, _ year: Int) -> LinkDriver? {
    let now = driver(link, year)
    guard link.definition.causeAs == .change, year > 0, let before = driver(link, year - 1) else { return now }
    return now?.plus(before.times(-1)) ?? before.times(-1)
  }

  private func driver(_ link: CompiledLink, _ year: Int) -> LinkDriver? {
    switch link.cause {
    case .lever(let lever):
      if let uncertain = scenario.uncertain[lever] {
        return .byDraw(uncertain.driver(link.definition, year: year, seed: seed, range: range))
      }
      if model.catalog.levers[lever].kind == .project { return project(lever).map { .byDraw($0[year]) } }
      let (value, base) = (scenario.leverValues[lever][year], scenario.leverBaselines[lever][year])
      return value == base ? nil : .same(CauseScale.deviation(link.definition, value: value, base: base))
    case .node(let node):
      guard scenario.affects(node, year) else { return nil }
      return .byDraw(
        CauseScale.deviations(
          link.definition, values: values.draws(node, year, range), bases: baseline.draws(node, year, range)))
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
