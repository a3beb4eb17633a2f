import NumericKernels

/// Which lever brought how much of a scenario's mean change: Shapley values.
///
/// The contribution of a lever is its mean marginal change over the orders in which levers can be introduced. Levers that move no
/// common indicator are taken apart first: their contributions do not depend on each other. In a group of up to five levers all
/// subsets are computed; in a larger one, a fixed number of orders drawn by the run's seed, each with its reverse. Either way the
/// contributions of one order telescope, so they add up to the mean change exactly, for ranks and caps too; sampled orders leave
/// a sampling error, which is reported. Source: Shapley (1953); Castro, Gómez and Tejada, Computers & OR 36 (2009).
public struct Attribution: Sendable {
  /// `world` stands for the world assumptions.
  public let levers: [String]
  /// By lever, node and grid year.
  public let effects: [[[Double]]]
  /// Standard error of the sampled orders, by lever, node and grid year; zero when all subsets were computed.
  public let samplingErrors: [[[Double]]]
  public var isExact: Bool { orders == 0 }
  /// Orders that were sampled; 0 when all subsets were computed.
  public let orders: Int

  static let mostForExact = 5
  static let orderPairs = 6

  init(_ definition: ScenarioDefinition, engine: EngineRun, progress: (String) -> Void) throws {
    var names = definition.levers.map(\.lever)
    if !definition.world.isEmpty { names.append("world") }
    levers = names
    let baselineMeans = engine.model.nodes.indices.map { node in
      engine.model.grid.indices.map { Reductions.mean(UnsafeBufferPointer(engine.baseline.draws(node, $0))) }
    }
    let zero = baselineMeans.map { $0.map { _ in 0.0 } }
    var effects = [[[Double]]](repeating: zero, count: names.count)
    var errors = effects
    var sampled = 0
    for group in try Attribution.groups(definition, names, engine.model) {
      let orders: [[Int]]
      if group.count <= Attribution.mostForExact {
        orders = Attribution.allOrders(group)
      } else {
        orders = Attribution.sampledOrders(group, seed: engine.seed, id: definition.id)
        sampled = max(sampled, orders.count)
      }
      var cache: [UInt64: [[Double]]] = [0: baselineMeans]
      func means(_ mask: UInt64) throws -> [[Double]] {
        if let known = cache[mask] { return known }
        let active = Set(names.indices.filter { mask >> UInt64($0) & 1 == 1 }.map { names[$0] })
        let scenario = try CompiledScenario(
          definition, model: engine.model, levers: active, withWorld: active.contains("world"))
        progress(definition.id)
        let result = engine.means(try engine.evaluate(scenario), baselineMeans: baselineMeans)
        cache[mask] = result
        return result
      }
      try Attribution.accumulate(
        orders, baselineMeans, means, exact: group.count <= Attribution.mostForExact, &effects, &errors)
    }
    self.effects = effects
    samplingErrors = errors
    orders = sampled
  }

  /// Mean marginal changes over orders, and the standard errors of sampled ones: an order and its reverse count as one value.
  private static func accumulate(
    _ orders: [[Int]], _ start: [[Double]], _ means: (UInt64) throws -> [[Double]], exact: Bool,
    _ effects: inout [[[Double]]], _ errors: inout [[[Double]]]
  ) throws {
    let zero = start.map { $0.map { _ in 0.0 } }
    let size = exact ? 1 : 2
    let values = Double(max(orders.count / size, 1))
    for first in stride(from: 0, to: orders.count, by: size) {
      var steps: [Int: [[Double]]] = [:]
      for order in orders[first..<min(first + size, orders.count)] {
        var mask: UInt64 = 0
        var before = start
        for lever in order {
          mask |= 1 << UInt64(lever)
          let after = try means(mask)
          var step = steps[lever] ?? zero
          for node in start.indices {
            for year in start[node].indices {
              step[node][year] += (after[node][year] - before[node][year]) / Double(size)
            }
          }
          steps[lever] = step
          before = after
        }
      }
      for (lever, step) in steps {
        for node in start.indices {
          for year in start[node].indices {
            effects[lever][node][year] += step[node][year] / values
            errors[lever][node][year] += step[node][year] * step[node][year] / values
          }
        }
      }
    }
    for lever in orders.first ?? [] {
      for node in start.indices {
        for year in start[node].indices {
          let mean = effects[lever][node][year]
          let variance = max(errors[lever][node][year] - mean * mean, 0)
          errors[lever][node][year] = exact ? 0 : (variance / max(values - 1, 1)).squareRoot()
        }
      }
    }
  }

  /// Levers in groups that move no common indicator, by position in `names`.
  private static func groups(
    _ definition: ScenarioDefinition, _ names: [String], _ model: CompiledModel
  ) throws -> [[Int]] {
    var groups: [(levers: [Int], nodes: Set<Int>)] = []
    for (position, name) in names.enumerated() {
      let alone = try CompiledScenario(definition, model: model, levers: [name], withWorld: name == "world")
      var merged = (levers: [position], nodes: Set(model.nodes.indices.filter { alone.affected[$0] }))
      for group in groups where !group.nodes.isDisjoint(with: merged.nodes) {
        merged = (group.levers + merged.levers, group.nodes.union(merged.nodes))
      }
      groups.removeAll { !$0.nodes.isDisjoint(with: merged.nodes) }
      groups.append(merged)
    }
    return groups.map { $0.levers.sorted() }
  }

  private static func allOrders(_ items: [Int]) -> [[Int]] {
    var result: [[Int]] = [[]]
    for item in items {
      result = result.flatMap { order in (0...order.count).map { Array(order[..<$0]) + [item] + Array(order[$0...]) } }
    }
    return result
  }

  /// Fisher-Yates orders keyed by the scenario's id, each followed by its reverse.
  private static func sampledOrders(_ items: [Int], seed: UInt64, id: String) -> [[Int]] {
    let stream = RandomStream(seed: seed, id: "attribution/" + id, purpose: .model)
    return (0..<orderPairs).flatMap { pair -> [[Int]] in
      var order = items
      for i in stride(from: order.count - 1, to: 0, by: -1) {
        order.swapAt(i, min(Int(stream.uniform(item: pair, substream: i, draw: 0) * Double(i + 1)), i))
      }
      return [order, order.reversed()]
    }
  }
}
