import NumericKernels

/// Something that nobody knows and that a result depends on: a driver of the outside world, whether and when a project comes, how
/// strong an effect is, how large a measure will be.
public struct UncertainInput: Sendable {
  public enum Kind: Sendable, Equatable {
    /// The mean of a world driver over the projected years up to the goal's last.
    case world(String)
    /// Years of delay of a lever; one that never comes counts as delayed beyond the projection.
    case delay(String)
    /// The share of a lever that comes where only a part may.
    case share(String)
    /// The size of an effect, in the unit of its link.
    case effect(cause: String, effect: String)
    /// The size at which a project runs.
    case size(String)
    /// The value of a lever that is only known to lie in a range.
    case value(String)
  }

  public let kind: Kind
  /// By draw.
  public let values: [Double]
  /// From which delay on it stands for "never comes".
  public let never: Double?
  /// Whether the values of a lever are multiples of its baseline path.
  public var isMultiple: Bool = false

  /// A stable name for machines.
  public var id: String {
    switch kind {
    case .world(let id): return id
    case .delay(let id): return "delay:" + id
    case .share(let id): return "share:" + id
    case .effect(let cause, let effect): return "effect:" + cause + "->" + effect
    case .size(let id): return "size:" + id
    case .value(let id): return "value:" + id
    }
  }
}

extension EngineRun {
  /// The inputs on which a node depends under a scenario, with their values in every draw; those that never vary are left out.
  ///
  /// An indicator's own shocks are not among them: they have no name that a planner could act on or watch. A world driver counts where
  /// its draws reach the node: by a loading, an identity, or a link whose cause the scenario moves (links carry deviations only).
  func uncertainInputs(of node: Int, through lastYear: Int, _ evaluated: EvaluatedScenario) -> [UncertainInput] {
    let upstream = model.upstream(of: [node]) { [model] in
      switch model.links[$0].cause {
      case .lever(let lever): return evaluated.moves(lever)
      case .node(let cause): return evaluated.affected[cause]
      }
    }
    let range = 0..<draws
    var inputs: [UncertainInput] = []
    for position in upstream.nodes.sorted() where model.nodes[position].definition.isWorld {
      let observed = model.nodes[position].lastObservedYear ?? Int.min
      let years = model.grid.indices.filter { model.grid[$0] > observed && model.grid[$0] <= lastYear }
      guard !years.isEmpty else { continue }
      var values = [Double](repeating: 0, count: draws)
      for year in years {
        let path = evaluated.draws.draws(position, year)
        for d in values.indices { values[d] += path[d] / Double(years.count) }
      }
      inputs.append(UncertainInput(kind: .world(model.nodes[position].id), values: values, never: nil))
    }
    for index in upstream.levers.sorted() where evaluated.moves(index) {
      guard let scenario = evaluated.variants.last(where: { $0.scenario.moves(index) })?.scenario else { continue }
      let lever = scenario.lever(index, model.catalog)
      if let delivery = lever.delivery {
        let drawn = DeliveryDraws(lever: lever, seed: Dice(seed: seed), range: range)
        let never = Double(max(model.grid.count, delivery.delay.count))
        inputs.append(
          UncertainInput(
            kind: .delay(lever.id), values: range.map { drawn.delay($0).map(Double.init) ?? never }, never: never))
        if delivery.partial != nil {
          inputs.append(UncertainInput(kind: .share(lever.id), values: range.map { drawn.share($0) }, never: nil))
        }
      }
      if lever.kind == .project, let size = lever.size, size.low != size.high {
        var z = [Double](repeating: 0, count: draws)
        z.withUnsafeMutableBufferPointer {
          RandomStream(seed: seed, id: lever.id, purpose: .size).normals(item: 0, firstDraw: 0, into: $0)
        }
        inputs.append(
          UncertainInput(
            kind: .size(lever.id), values: z.map { max(size.value(atNormal: $0, widening: 1), 0) }, never: nil))
      }
      let choices = evaluated.variants.flatMap(\.definition.levers)
      if let spread = choices.first(where: { $0.lever == lever.id && $0.doubt?.spread != nil })?.doubt?.spread,
        let shifts = UncertainLever.shifts(spread, lever: lever.id, seed: Dice(seed: seed), range: range)
      {
        inputs.append(
          UncertainInput(
            kind: .value(lever.id), values: shifts.map { spread.central + $0 }, never: nil,
            isMultiple: spread.isMultiple))
      }
    }
    for index in upstream.links.sorted() {
      let link = model.links[index]
      inputs.append(
        UncertainInput(
          kind: .effect(cause: link.definition.cause, effect: link.definition.effect),
          values: link.sizes(seed: Dice(seed: seed), range: range), never: nil))
    }
    return inputs.filter { input in input.values.contains { $0 != input.values.first } }
  }
}
