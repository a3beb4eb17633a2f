import NumericKernels

/// Which lever brought how much of a scenario's mean change, per indicator and year: Shapley values (``ShapleyValues``).
///
/// The players are the levers, the rules and, as one, the world assumptions. Players that move no common indicator are taken apart
/// first: their contributions do not depend on each other. In a group of up to five players all subsets are computed; in a larger
/// one, a fixed number of orders drawn by the run's seed, each with its reverse. Either way the contributions add up to the mean
/// change for every kind of indicator, ranks and caps too; sampled orders leave a sampling error, which is reported. Beside a
/// player's share stands what it brings alone; what the package gives beyond its parts is the interaction, which Shapley values
/// divide among those who make it.
public struct Attribution: Sendable {
  /// Levers, rules (`when-INDICATOR-YEAR`), and `world` for the world assumptions.
  public let levers: [String]
  /// By lever, node and grid year.
  public let effects: [[[Double]]]
  /// Standard error of the sampled orders, by lever, node and grid year; zero when all subsets were computed.
  public let samplingErrors: [[[Double]]]
  /// What each brings when nothing else is done, by lever, node and grid year.
  public let alone: [[[Double]]]
  /// The mean change less the sum of what each brings alone, by node and grid year.
  public let interaction: [[Double]]
  /// The same for the improvement of the headline indicators that options are ranked by: by lever.
  public let improvement: [Double]
  public let improvementErrors: [Double]
  public let improvementInteraction: Double
  public var isExact: Bool { orders == 0 }
  /// Orders that were sampled; 0 when all subsets were computed.
  public let orders: Int

  static let mostForExact = 5
  static let orderPairs = 6

  init(
    _ definition: ScenarioDefinition, engine: EngineRun, scale: HeadlineScale? = nil, progress: (String) -> Void
  ) throws {
    let players = Players(definition)
    levers = players.names
    let (model, scale) = (engine.model, try scale ?? HeadlineScale(engine))
    let (nodes, years) = (model.nodes.count, model.grid.count)
    let baselineMeans = model.nodes.indices.map { node in
      model.grid.indices.map { Reductions.mean(UnsafeBufferPointer(engine.baseline.draws(node, $0))) }
    }
    let start = Array(baselineMeans.joined()) + [0.0]
    let zero = [Double](repeating: 0, count: nodes * years + 1)
    var effects = [[Double]](repeating: zero, count: levers.count)
    var (errors, alone, interaction, sampled) = (effects, effects, zero, 0)
    for group in try players.groups(model) {
      let result = try ShapleyValues(
        players: group.count, exactUpTo: Attribution.mostForExact, orderPairs: Attribution.orderPairs,
        seed: engine.seed,
        id: definition.id
      ) { mask -> [Double] in
        guard mask != 0 else { return start }
        progress(definition.id)
        let chosen = group.indices.filter { mask >> UInt64($0) & 1 == 1 }.map { group[$0] }
        let draws = try engine.evaluate(definition, players.parts(chosen)).draws
        let means: [[Double]] = engine.means(draws, baselineMeans: baselineMeans)
        return Array(means.joined()) + [Reductions.mean(try scale.improvement(draws).byDraw)]
      }
      sampled = max(sampled, result.orders)
      for (position, player) in group.enumerated() {
        effects[player] = result.values[position]
        errors[player] = result.samplingErrors[position]
        alone[player] = result.alone[position]
      }
      for output in zero.indices { interaction[output] += result.interaction[output] }
    }
    let byNode = { (flat: [Double]) -> [[Double]] in (0..<nodes).map { Array(flat[$0 * years..<($0 + 1) * years]) } }
    self.effects = effects.map(byNode)
    samplingErrors = errors.map(byNode)
    self.alone = alone.map(byNode)
    self.interaction = byNode(interaction)
    improvement = effects.map { $0[nodes * years] }
    improvementErrors = errors.map { $0[nodes * years] }
    improvementInteraction = interaction[nodes * years]
    orders = sampled
  }

  /// What can be left out of a scenario.
  private struct Players {
    enum Player {
      case lever(String)
      case rule(Int)
      case world
    }

    let definition: ScenarioDefinition
    let all: [Player]

    init(_ definition: ScenarioDefinition) {
      self.definition = definition
      all =
        definition.levers.map { .lever($0.lever) } + definition.rules.indices.map { .rule($0) }
        + (definition.world.isEmpty ? [] : [.world])
    }

    var names: [String] {
      all.map {
        switch $0 {
        case .lever(let id): return id
        case .rule(let position): return definition.rules[position].id
        case .world: return "world"
        }
      }
    }

    func parts(_ chosen: [Int]) -> ScenarioParts {
      var parts = ScenarioParts()
      (parts.levers, parts.rules, parts.withWorld) = ([], [], false)
      for player in chosen {
        switch all[player] {
        case .lever(let id): parts.levers?.insert(id)
        case .rule(let position): parts.rules?.insert(position)
        case .world: parts.withWorld = true
        }
      }
      return parts
    }

    /// Players in groups that move no common indicator, by position. A rule depends on whatever moves the indicator that it looks at.
    func groups(_ model: CompiledModel) throws -> [[Int]] {
      var groups: [(players: [Int], nodes: Set<Int>)] = []
      for position in all.indices {
        var reach: Set<Int> = []
        switch all[position] {
        case .lever(let id): reach = try self.reach(model, levers: [id])
        case .world: reach = try self.reach(model, levers: [], withWorld: true)
        case .rule(let rule):
          var alone = definition
          alone.levers = definition.rules[rule].levers
          reach = try Players(alone).reach(model, levers: Set(alone.levers.map(\.lever)))
          if let node = model.nodeIndex(definition.rules[rule].indicator) { reach.insert(node) }
        }
        var merged = (players: [position], nodes: reach)
        for group in groups where !group.nodes.isDisjoint(with: merged.nodes) {
          merged = (group.players + merged.players, group.nodes.union(merged.nodes))
        }
        groups.removeAll { !$0.nodes.isDisjoint(with: merged.nodes) }
        groups.append(merged)
      }
      return groups.map { $0.players.sorted() }
    }

    private func reach(_ model: CompiledModel, levers: Set<String>, withWorld: Bool = false) throws -> Set<Int> {
      let alone = try CompiledScenario(definition, model: model, levers: levers, withWorld: withWorld)
      return Set(model.nodes.indices.filter { alone.affected[$0] })
    }
  }
}
