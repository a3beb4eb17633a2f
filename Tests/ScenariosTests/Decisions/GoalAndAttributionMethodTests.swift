import NumericKernels
import Scenarios
import Testing

@Suite struct GoalSearchTests {
  private let base = TestFunctions.normals(2001, item: 0, id: "goal")

  private func kthBest(_ values: [Double], _ k: Int) -> Double { values.sorted(by: >)[k - 1] }

  @Test func closedForm() throws {
    let target = GoalTarget(value: 3, probability: 0.8)
    let goal = try GoalSearch(targets: [target], mostScale: 10) { scale in [base.map { $0 + 2 * scale }] }
    let exact = (3 - kthBest(base, 1601)) / 2
    #expect(abs(goal.scale - exact) < 1e-7)
    #expect(goal.outcome == .reached(scale: goal.scale) && goal.isMonotone)
    #expect(goal.probabilities[0] >= 0.8 && goal.probabilities[0] < 0.801)
    #expect(goal.lowerScale < goal.scale && goal.scale < goal.upperScale)
    // One binomial standard error is 18 draws.
    #expect(abs(goal.upperScale - (3 - kthBest(base, 1619)) / 2) < 1e-4)
    #expect(goal.evaluations < 80)
  }

  @Test func atMostAndSeveralTargets() throws {
    let targets = [
      GoalTarget(value: 1, probability: 0.5), GoalTarget(value: -2, probability: 0.9, direction: .atMost),
    ]
    let goal = try GoalSearch(targets: targets, mostScale: 8) { scale in
      [base.map { $0 + scale }, base.map { $0 - scale }]
    }
    let second = 2 + base.sorted()[1800]
    #expect(abs(goal.scale - second) < 1e-6)
    #expect(goal.bindingTarget == 1 && goal.probabilities[0] > 0.9)
    #expect(abs(goal.valuesReached[1] + 2) < 1e-6)
  }

  @Test func cannotBeReachedSaysHowFar() throws {
    let goal = try GoalSearch(targets: [GoalTarget(value: 5, probability: 0.5)], mostScale: 1) { scale in
      [base.map { $0 + scale * (2 - scale) }]
    }
    #expect(goal.outcome == .cannotBeReached(nearest: 1))
    #expect(abs(goal.valuesReached[0] - (kthBest(base, 1001) + 1)) < 1e-12)
    #expect(goal.upperScale == .infinity)
  }

  @Test func alreadyMetAndFirstOfSeveralCrossings() throws {
    let met = try GoalSearch(targets: [GoalTarget(value: -9, probability: 0.5)], mostScale: 1) { _ in [base] }
    #expect(met.outcome == .alreadyMet && met.scale == 0)
    let hump = try GoalSearch(targets: [GoalTarget(value: 0.5, probability: 1)], mostScale: 4) { scale in
      [[1 - (scale - 1.5) * (scale - 1.5)]]
    }
    #expect(!hump.isMonotone && abs(hump.scale - (1.5 - 0.5.squareRoot())) < 1e-6)
  }

  @Test func moreIsNeededForMore() throws {
    var before = -1.0
    for probability in [0.3, 0.5, 0.7, 0.9, 0.99] {
      let goal = try GoalSearch(targets: [GoalTarget(value: 2, probability: probability)], mostScale: 9) { scale in
        [base.map { $0 + scale * scale / (1 + scale) }]
      }
      #expect(goal.scale > before)
      before = goal.scale
    }
  }

  @Test func badInput() {
    #expect(throws: DecisionError.self) { try GoalSearch(targets: [], mostScale: 1) { _ in [] } }
    #expect(throws: DecisionError.self) {
      try GoalSearch(targets: [GoalTarget(value: 1, probability: 1.5)], mostScale: 1) { _ in [[1]] }
    }
    #expect(throws: DecisionError.self) {
      try GoalSearch(targets: [GoalTarget(value: 1, probability: 0.5)], mostScale: 1) { _ in [[.nan]] }
    }
  }

  @Test func cheapestMixOfLinearCosts() throws {
    // Lever 1 brings 3 for 1.2, lever 0 brings 2 for 1: lever 1 is used up first.
    let target = GoalTarget(value: 10, probability: 0.7)
    let result = try CheapestMix.find(
      targets: [target], lower: [0, 0], upper: [5, 2], cost: { $0[0] + 1.2 * $0[1] },
      draws: { x in [base.map { $0 + 2 * x[0] + 3 * x[1] }] })
    let needed = 10 - kthBest(base, 1401)
    #expect(result.optimum.isFeasible && result.probabilities[0] >= 0.7)
    #expect(abs(result.optimum.levers[1] - 2) < 1e-5)
    #expect(abs(result.optimum.levers[0] - (needed - 6) / 2) < 1e-4)
    #expect(result.optimum.atUpper == [1] && result.optimum.bindingConditions == [0])
  }

  @Test func cheapestMixForAnUpperLimit() throws {
    let result = try CheapestMix.find(
      targets: [GoalTarget(value: -3, probability: 0.6, direction: .atMost)], lower: [0, 0], upper: [9, 9],
      cost: { $0[0] + 3 * $0[1] }, draws: { x in [base.map { $0 - x[0] - 2 * x[1] }] })
    #expect(result.optimum.isFeasible && result.probabilities[0] >= 0.6 && result.optimum.levers[1] < 1e-6)
    #expect(abs(result.optimum.levers[0] - (base.sorted()[1200] + 3)) < 1e-4)
    #expect(abs(result.valuesReached[0] + 3) < 1e-4)
  }

  @Test func cheapestMixOfSquaredCosts() throws {
    let target = GoalTarget(value: 6, probability: 0.5)
    let result = try CheapestMix.find(
      targets: [target], lower: [0, 0], upper: [9, 9], cost: { $0[0] * $0[0] + $0[1] * $0[1] },
      draws: { x in [base.map { $0 + 2 * x[0] + 3 * x[1] }] })
    let needed = 6 - kthBest(base, 1001)
    #expect(abs(result.optimum.levers[0] - 2 * needed / 13) < 1e-3)
    #expect(abs(result.optimum.cost - needed * needed / 13) < 1e-5)
    let far = try CheapestMix.find(
      targets: [GoalTarget(value: 99, probability: 0.5)], lower: [0], upper: [1], cost: { $0[0] },
      draws: { x in [base.map { $0 + x[0] }] })
    #expect(!far.optimum.isFeasible && far.optimum.levers == [1])
    #expect(abs(far.valuesReached[0] - (kthBest(base, 1001) + 1)) < 1e-9)
  }
}

@Suite struct ShapleyValuesTests {
  private func players(_ mask: UInt64, _ count: Int) -> [Int] { (0..<count).filter { mask >> UInt64($0) & 1 == 1 } }

  @Test func glovesGame() throws {
    // One left glove, two right ones: 2/3, 1/6, 1/6.
    let shapley = try ShapleyValues(players: 3) { mask in [mask & 1 == 1 && mask > 1 ? 1 : 0] }
    #expect(zip(shapley.values, [2.0 / 3, 1.0 / 6, 1.0 / 6]).allSatisfy { abs($0[0] - $1) < 1e-15 })
    #expect(shapley.orders == 0 && shapley.total == [1] && shapley.interaction == [1])
  }

  @Test func equalsTheMeanOverAllOrders() throws {
    let sizes = [3.0, 1, 4, 1, 5]
    func value(_ mask: UInt64) -> [Double] {
      let inside = players(mask, 5).map { sizes[$0] }
      return [inside.max() ?? 0, inside.reduce(1) { $0 * (1 + 0.1 * $1) }]
    }
    var orders: [[Int]] = [[]]
    for player in 0..<5 {
      orders = orders.flatMap { o in (0...o.count).map { Array(o[..<$0]) + [player] + Array(o[$0...]) } }
    }
    var expected = [[Double]](repeating: [0, 0], count: 5)
    for order in orders {
      var mask: UInt64 = 0
      for player in order {
        let after = mask | 1 << UInt64(player)
        for k in 0..<2 { expected[player][k] += (value(after)[k] - value(mask)[k]) / 120 }
        mask = after
      }
    }
    let shapley = try ShapleyValues(players: 5, value: value)
    for player in 0..<5 { for k in 0..<2 { #expect(abs(shapley.values[player][k] - expected[player][k]) < 1e-12) } }
  }

  @Test func sampledOrdersTelescopeAndHaveAnError() throws {
    let sizes = (0..<16).map { Double($0 % 5) + 0.5 }
    // A rank-like step, a cap and a product.
    func value(_ mask: UInt64) -> [Double] {
      let sum = players(mask, 16).reduce(0) { $0 + sizes[$1] }
      return [min(sum, 20), (sum / 7).rounded(.down), players(mask, 16).reduce(1) { $0 * (1 + sizes[$1] / 50) }]
    }
    let shapley = try ShapleyValues(players: 16, orderPairs: 60, seed: 4, id: "x", value: value)
    #expect(shapley.orders == 120)
    for k in 0..<3 {
      let sum = shapley.values.reduce(0) { $0 + $1[k] }
      #expect(abs(sum - shapley.total[k]) < 1e-9)
    }
    #expect(shapley.samplingErrors.contains { $0[0] > 0 })
    let exact = try ShapleyValues(players: 16, exactUpTo: 16, value: value)
    var outside = 0
    for player in 0..<16 {
      for k in 0..<3 {
        let off = abs(shapley.values[player][k] - exact.values[player][k])
        if off > 3 * shapley.samplingErrors[player][k] + 1e-12 { outside += 1 }
      }
    }
    #expect(outside <= 2)
    let again = try ShapleyValues(players: 16, orderPairs: 60, seed: 4, id: "x", value: value)
    #expect(again.values == shapley.values)
  }

  @Test func pairwiseGamesAreExactUnderReversedOrders() throws {
    let shapley = try ShapleyValues(players: 14, orderPairs: 2, seed: 1) { mask in
      let inside = players(mask, 14)
      return [inside.reduce(0) { $0 + Double($1) } + 3 * Double(inside.count * (inside.count - 1) / 2)]
    }
    for player in 0..<14 {
      #expect(abs(shapley.values[player][0] - (Double(player) + 3 * 13.0 / 2)) < 1e-9)
      #expect(shapley.samplingErrors[player][0] < 1e-6)
    }
    #expect(abs(shapley.interaction[0] - 3 * 91) < 1e-9)
  }

  @Test func noPlayersAndBadInput() throws {
    #expect(try ShapleyValues(players: 0) { _ in [1] }.total == [0])
    #expect(throws: DecisionError.self) { try ShapleyValues(players: 65) { _ in [1] } }
    #expect(throws: DecisionError.self) { try ShapleyValues(players: 2) { $0 == 3 ? [1, 2] : [1] } }
    #expect(throws: DecisionError.self) { try ShapleyValues(players: 2) { _ in [.nan] } }
  }
}
