import NumericKernels

/// The headline indicators on one scale, so that options can be compared: the change in the last year, on the indicator's own scale
/// (logarithm of 1 + x for amounts, which may be zero), in the good direction, in standard deviations of its baseline.
///
/// The baseline's part is computed once and kept; an evaluation costs one logarithm per draw and changed indicator.
struct HeadlineScale {
  let nodes: [Int]
  let last: Int
  /// Which nodes the headline indicators follow from, themselves included.
  let needed: [Bool]
  /// By headline indicator: the baseline in the last year on its scale, by draw, and its standard deviation.
  private let bases: [[Double]]
  let deviations: [Double]
  /// By headline indicator: the mean of its `bases`, and the yearly scatter that a change has to stand out from.
  private let baseMeans: [Double]
  private let scatters: [Double?]
  private let engine: EngineRun

  init(_ engine: EngineRun) throws {
    let model = engine.model
    self.engine = engine
    nodes = model.nodes.indices.filter { model.nodes[$0].definition.headline }
    last = max(model.grid.count - 1, 0)
    needed = model.ancestors(of: nodes)
    let (nodes, last, baseline) = (nodes, last, engine.baseline)
    bases = try engine.map(nodes.count) {
      HeadlineScale.scaled(model.nodes[nodes[$0]].transform, baseline.draws(nodes[$0], last))
    }
    deviations = bases.map { Reductions.standardDeviation($0) }
    baseMeans = bases.map { Reductions.mean($0) }
    scatters = try engine.map(nodes.count) { HeadlineScale.scatter(nodes[$0], model, baseline) }
  }

  /// Values on the scale on which an indicator is compared.
  static func scaled(_ transform: RangeTransform, _ values: UnsafeMutableBufferPointer<Double>) -> [Double] {
    switch transform.range {
    case .real: return Array(values)
    case .positive: return VectorMath.log(values.map { 1 + $0 })
    default:
      let upper = transform.range.upperBound ?? 1
      return VectorMath.log(values.map { $0 / (upper - $0) })
    }
  }

  struct Improvement: Sendable {
    /// The mean over the headline indicators, by draw.
    let byDraw: [Double]
    /// The mean over the draws, by headline indicator; up means a larger value, whether that is good or not.
    let changes: [Double]
    /// The same before it is divided by the baseline's standard deviation, so also where that is 0.
    let moves: [Double]
  }

  /// What a scenario changes; indicators without scatter or without a good direction do not count.
  func improvement(_ table: ScenarioDraws) throws -> Improvement {
    let (scale, model) = (ChangeScale(self), engine.model)
    let parts: [[Double]] = try engine.map(nodes.count) { scale.change($0, table) }
    var byDraw = [Double](repeating: 0, count: engine.draws)
    for (position, part) in parts.enumerated() where !part.isEmpty {
      guard deviations[position] > 0 else { continue }
      let weight = model.nodes[nodes[position]].definition.good.sign / Double(nodes.count) / deviations[position]
      if weight != 0 { for d in part.indices { byDraw[d] += weight * part[d] } }
    }
    let moves = parts.map { $0.isEmpty ? 0 : Reductions.mean($0) }
    let changes = zip(moves, deviations).map { $1 > 0 ? $0 / $1 : 0 }
    return Improvement(byDraw: byDraw, changes: changes, moves: moves)
  }

  /// ``Improvement/changes`` alone, for which the draws need not be kept.
  func changes(_ table: ScenarioDraws) throws -> [Double] {
    let scale = ChangeScale(self)
    let moves: [Double] = try engine.map(nodes.count) { position in
      let change = scale.change(position, table)
      return change.isEmpty ? 0 : Reductions.mean(change)
    }
    return zip(moves, deviations).map { $1 > 0 ? $0 / $1 : 0 }
  }

  /// The change of a headline indicator on its scale, for threads.
  private struct ChangeScale: Sendable {
    let nodes: [Int]
    let last: Int
    let transforms: [RangeTransform]
    let bases: [[Double]]

    init(_ scale: HeadlineScale) {
      (nodes, last, bases) = (scale.nodes, scale.last, scale.bases)
      transforms = scale.nodes.map { scale.engine.model.nodes[$0].transform }
    }

    /// By draw; empty where the scenario changes nothing.
    func change(_ position: Int, _ table: ScenarioDraws) -> [Double] {
      let node = nodes[position]
      guard table.affected[node] else { return [] }
      var change = HeadlineScale.scaled(transforms[position], table.draws(node, last))
      let base = bases[position]
      for d in change.indices { change[d] -= base[d] }
      return change
    }
  }

  /// Years until a change could be told from chance, of an indicator that the scenario changes; see ``Detectability``.
  ///
  /// The yearly scatter is that of the baseline in its first year with one, the effect the mean change in the last year.
  func detectableYears(_ node: Int, _ table: ScenarioDraws) -> Double? {
    let transform = engine.model.nodes[node].transform
    let position = nodes.firstIndex(of: node)
    guard table.affected[node],
      let scatter = position.map({ scatters[$0] }) ?? HeadlineScale.scatter(node, engine.model, engine.baseline)
    else { return nil }
    let before =
      position.map { baseMeans[$0] }
      ?? Reductions.mean(HeadlineScale.scaled(transform, engine.baseline.draws(node, last)))
    let after = Reductions.mean(HeadlineScale.scaled(transform, table.draws(node, last)))
    return Detectability.years(effect: after - before, deviation: scatter)
  }

  /// ``detectableYears(_:_:)`` of every headline indicator.
  func detectableYears(_ table: ScenarioDraws) throws -> [Double?] {
    let (scale, means, scatters) = (ChangeScale(self), baseMeans, scatters)
    return try engine.map(nodes.count) { position in
      let node = scale.nodes[position]
      guard table.affected[node], let scatter = scatters[position] else { return nil }
      let values = HeadlineScale.scaled(scale.transforms[position], table.draws(node, scale.last))
      return Detectability.years(effect: Reductions.mean(values) - means[position], deviation: scatter)
    }
  }

  /// The scatter of the first projected year that has one: a stated level may have none in its own year. nil where no year has.
  private static func scatter(_ node: Int, _ model: CompiledModel, _ baseline: DrawTable) -> Double? {
    let known = model.nodes[node].lastObservedYear ?? .min
    for year in model.grid.indices where model.grid[year] > known {
      let deviation = Reductions.standardDeviation(scaled(model.nodes[node].transform, baseline.draws(node, year)))
      if deviation > 1e-12 { return deviation }
    }
    return nil
  }
}

/// Draws that several threads read at once: nobody writes while they do.
struct DrawHandle: @unchecked Sendable {
  let table: ScenarioDraws
  init(_ table: ScenarioDraws) { self.table = table }
}

extension EngineRun {
  /// Independent results on this run's threads, in order.
  func map<Output: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Output) throws -> [Output] {
    do {
      return try Parallel.map(Array(0..<count), threads: threads, isCancelled: isCancelled, body)
    } catch is CancellationError { throw ScenarioError.cancelled }
  }
}
