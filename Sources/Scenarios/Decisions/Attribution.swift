import NumericKernels

/// Which lever brought how much of a scenario's mean change: Shapley values.
///
/// The contribution of a lever is its mean marginal change over the orders in which levers can be introduced. With up to five levers
/// all subsets are computed; with more, a fixed number of orders drawn by the run's seed, each with its reverse. Either way the
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
    var cache: [UInt64: [[Double]]] = [0: baselineMeans]
    let size = names.count
    func means(_ mask: UInt64) throws -> [[Double]] {
      if let known = cache[mask] { return known }
      let active = Set(names.indices.filter { mask >> UInt64($0) & 1 == 1 }.map { names[$0] })
      let scenario = try CompiledScenario(
        definition, model: engine.model, levers: active, withWorld: active.contains("world"))
      progress(definition.id)
      let result = engine.means(
        try engine.evaluate(scenario), affected: scenario.affected, baselineMeans: baselineMeans)
      cache[mask] = result
      return result
    }
    let (nodes, years) = (engine.model.nodes.count, engine.model.grid.count)
    let zero = [[Double]](repeating: [Double](repeating: 0, count: years), count: nodes)
    var sums = [[[Double]]](repeating: zero, count: size)
    var squares = sums
    let permutations: [[Int]]
    if size <= Attribution.mostForExact {
      permutations = Attribution.allOrders(size)
      orders = 0
    } else {
      permutations = Attribution.sampledOrders(size, seed: engine.seed, id: definition.id)
      orders = permutations.count
    }
    for order in permutations {
      var mask: UInt64 = 0
      var before = baselineMeans
      for lever in order {
        mask |= 1 << UInt64(lever)
        let after = try means(mask)
        for node in 0..<nodes {
          for year in 0..<years {
            let step = after[node][year] - before[node][year]
            sums[lever][node][year] += step
            squares[lever][node][year] += step * step
          }
        }
        before = after
      }
    }
    let count = Double(max(permutations.count, 1))
    var errors = [[[Double]]](repeating: zero, count: size)
    for lever in 0..<size {
      for node in 0..<nodes {
        for year in 0..<years {
          let mean = sums[lever][node][year] / count
          let variance = max(squares[lever][node][year] / count - mean * mean, 0)
          sums[lever][node][year] = mean
          errors[lever][node][year] = orders == 0 ? 0 : (variance / count).squareRoot()
        }
      }
    }
    effects = sums
    samplingErrors = errors
  }

  private static func allOrders(_ size: Int) -> [[Int]] {
    guard size > 0 else { return [] }
    var result: [[Int]] = [[]]
    for item in 0..<size {
      result = result.flatMap { order in (0...order.count).map { Array(order[..<$0]) + [item] + Array(order[$0...]) } }
    }
    return result
  }

  /// Fisher-Yates orders keyed by the scenario's id, each followed by its reverse.
  private static func sampledOrders(_ size: Int, seed: UInt64, id: String) -> [[Int]] {
    let stream = RandomStream(seed: seed, id: "attribution/" + id, purpose: .model)
    return (0..<orderPairs).flatMap { pair -> [[Int]] in
      var order = Array(0..<size)
      for i in stride(from: size - 1, to: 0, by: -1) {
        order.swapAt(i, min(Int(stream.uniform(item: pair, substream: i, draw: 0) * Double(i + 1)), i))
      }
      return [order, order.reversed()]
    }
  }
}
