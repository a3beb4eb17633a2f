import NumericKernels

/// Something that is not known and that a result depends on: one or several random numbers of the run.
public struct SensitivityInput: Sendable {
  public enum Kind: String, Sendable {
    /// The size of a link's effect.
    case effect
    /// The size of a project.
    case size
    /// Whether and when a measure is delivered, and how much of it.
    case delivery
    /// The value of a lever that is only known to lie in a range.
    case value
    /// The shocks of a driver of the outside world, all years together.
    case world
    /// The uncertain factor of an identity.
    case multiplier
    /// The stated levels at which a stock starts anew, all restarts together.
    case restart
    /// Everything else: the chance in the baseline of every indicator.
    case chance
  }

  /// The address of one random number of a draw.
  struct Number: Sendable, Equatable {
    let stream: String
    let purpose: RandomStream.Purpose
    let item: Int
  }

  public let kind: Kind
  /// A link by its ends, a lever, a driver or an indicator; empty for chance.
  public let subject: String
  public let grade: Grade?
  let numbers: [Number]

  /// For files: `effect:promotion_budget -> tourism_arrivals_international`.
  public var id: String { kind == .chance ? "chance" : kind.rawValue + ":" + subject }

  /// The inputs of a scenario's outcome, in the order of the model; chance is not among them.
  ///
  /// - Parameters:
  ///   - model: the part of the model that the outcome depends on.
  ///   - definition: what `scenario` is compiled from; without rules.
  ///   - outcome: the node that is looked at.
  static func all(
    _ model: CompiledModel, _ scenario: CompiledScenario, _ definition: ScenarioDefinition?, outcome: Int
  ) -> [SensitivityInput] {
    var result: [SensitivityInput] = []
    let reaches = active(model, scenario, outcome)
    for link in model.links where scenario.affected[link.effect] && reaches[link.effect] {
      switch link.cause {
      case .lever(let lever): guard scenario.moves(lever) else { continue }
      case .node(let node): guard scenario.affected[node] else { continue }
      }
      let items = link.definition.conversion == nil ? [0] : [0, 1]
      result.append(
        .init(
          kind: .effect, subject: link.id, grade: link.definition.grade,
          numbers: items.map { Number(stream: link.id, purpose: .effect, item: $0) }))
    }
    let causes = Set(model.links.map(\.definition.cause))
    for position in model.catalog.levers.indices where scenario.moves(position) {
      let lever = scenario.lever(position, model.catalog)
      let acts = causes.contains(lever.id) || (lever.kind == .ambition && model.process(PCIRace.self) != nil)
      guard acts else { continue }
      if lever.kind == .project, lever.size != nil {
        result.append(
          .init(
            kind: .size, subject: lever.id, grade: lever.grade,
            numbers: [Number(stream: lever.id, purpose: .size, item: 0)]))
      }
      if let delivery = lever.delivery {
        let items = delivery.partial == nil ? [0, 1] : [0, 1, partItem]
        result.append(
          .init(
            kind: .delivery, subject: lever.id, grade: .d,
            numbers: items.map { Number(stream: lever.id, purpose: .delivery, item: $0) }))
      }
      if lever.kind == .quantity, let choice = definition?.levers.first(where: { $0.lever == lever.id }),
        let spread = choice.doubt?.spread, spread.low < spread.high
      {
        result.append(
          .init(
            kind: .value, subject: lever.id, grade: .d,
            numbers: [Number(stream: lever.id, purpose: .delivery, item: 2)]))
      }
    }
    for (index, node) in model.nodes.enumerated() where reaches[index] {
      if case .identity(let identity) = node.kind, case .distributedLag(_, _, let grade, _) = identity.specification {
        result.append(
          .init(
            kind: .multiplier, subject: node.id, grade: grade,
            numbers: [Number(stream: node.id, purpose: .effect, item: 0)]))
      }
    }
    result += restarts(model, reaches)
    for (index, node) in model.nodes.enumerated() where reaches[index] {
      guard case .series(let baseline) = node.kind, node.definition.isWorld, scenario.worldShocks[node.id] == nil else {
        continue
      }
      let years =
        (model.grid.last ?? 0) > baseline.lastYear ? Array((baseline.lastYear + 1)...(model.grid.last ?? 0)) : []
      guard !years.isEmpty else { continue }
      result.append(
        .init(
          kind: .world, subject: node.id, grade: baseline.isAssumed ? .d : nil,
          numbers: years.map { Number(stream: node.id, purpose: .innovation, item: $0) }))
    }
    return result
  }

  /// The stated levels of stocks that are drawn: those of one number are not.
  private static func restarts(_ model: CompiledModel, _ reaches: [Bool]) -> [SensitivityInput] {
    model.nodes.enumerated().compactMap { index, node in
      guard reaches[index], case .identity(let identity) = node.kind, case .stock(let stock) = identity.specification
      else { return nil }
      let years = stock.restartYears.filter { year in stock.restarts[year].map { $0.low < $0.high } ?? false }
      guard !years.isEmpty else { return nil }
      return SensitivityInput(
        kind: .restart, subject: node.id, grade: .d,
        numbers: years.map { Number(stream: node.id, purpose: .effect, item: $0) })
    }
  }

  /// The nodes whose numbers reach the outcome: links count only where the scenario moves their cause, since they
  /// carry deviations.
  private static func active(_ model: CompiledModel, _ scenario: CompiledScenario, _ outcome: Int) -> [Bool] {
    var reaches = [Bool](repeating: false, count: model.nodes.count)
    var open = [outcome]
    reaches[outcome] = true
    func need(_ node: Int) {
      guard !reaches[node] else { return }
      reaches[node] = true
      open.append(node)
    }
    while let next = open.popLast() {
      switch model.nodes[next].kind {
      case .series(let baseline): baseline.loadings.compactMap { model.nodeIndex($0.driver) }.forEach(need)
      case .identity(let identity): identity.inputs.forEach(need)
      case .process(let process): model.processes[process].outputIds.compactMap { model.nodeIndex($0) }.forEach(need)
      }
      for link in model.linksInto[next] {
        if case .node(let cause) = model.links[link].cause, scenario.affected[cause] { need(cause) }
      }
    }
    return reaches
  }

  /// The number of a delivery that decides whether only a part comes.
  private static let partItem = 3

  static let chance = SensitivityInput(kind: .chance, subject: "", grade: nil, numbers: [])

  /// The uniforms at which this input stands at a percentile: a single number there; several shocks each so far that
  /// their sum is there; deliveries each there (low is early and whole, high is late, a part or never).
  func uniforms(at probability: Double) -> [Double] {
    if kind == .delivery {
      // A part comes where its number is low.
      return numbers.map { $0.item == SensitivityInput.partItem ? 1 - probability : probability }
    }
    guard numbers.count > 1 else { return numbers.map { _ in probability } }
    let share = VectorMath.normalQuantile(probability) / Double(numbers.count).squareRoot()
    return numbers.map { _ in StandardNormal.cumulative(share) }
  }

  /// Its own uniforms in some draws, by number.
  func ownUniforms(seed: UInt64, draws: Int) -> [[Double]] {
    numbers.map { number in
      var values = [Double](repeating: 0, count: draws)
      let stream = RandomStream(seed: seed, id: number.stream, purpose: number.purpose)
      values.withUnsafeMutableBufferPointer { stream.uniforms(item: number.item, firstDraw: 0, into: $0) }
      return values
    }
  }
}
