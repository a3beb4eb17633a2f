import NumericKernels
import Scenarios
import Testing

@Suite struct ProjectChoiceTests {
  /// Published instances of the 0-1 knapsack problem with their optimum (J. Burkardt's collection KNAPSACK_01: P01,
  /// P07 and P08; the last after Kreher and Stinson, Combinatorial Algorithms, 1999).
  private static let published: [(costs: [Double], gains: [Double], budget: Double, optimum: Double)] = [
    (
      [23, 31, 29, 44, 53, 38, 63, 85, 89, 82], [92, 57, 49, 68, 60, 43, 67, 84, 87, 72], 165, 309
    ),
    (
      [70, 73, 77, 80, 82, 87, 90, 94, 98, 106, 110, 113, 115, 118, 120],
      [135, 139, 149, 150, 156, 163, 173, 184, 192, 201, 210, 214, 221, 229, 240], 750, 1458
    ),
    (
      [
        382745, 799601, 909247, 729069, 467902, 44328, 34610, 698150, 823460, 903959, 853665, 551830, 610856, 670702,
        488960, 951111, 323046, 446298, 931161, 31385, 496951, 264724, 224916, 169684,
      ],
      [
        825594, 1_677_009, 1_676_628, 1_523_970, 943972, 97426, 69666, 1_296_457, 1_679_693, 1_902_996, 1_844_992,
        1_049_289, 1_252_836, 1_319_836, 953277, 2_067_538, 675367, 853655, 1_826_027, 65731, 901489, 577243, 466257,
        369261,
      ], 6_404_180, 13_549_094
    ),
  ]

  @Test func publishedInstances() throws {
    for instance in ProjectChoiceTests.published {
      let search = try KnapsackSearch(costs: instance.costs, gains: instance.gains, budget: instance.budget)
      #expect(search.isProven && search.package.gain == instance.optimum && search.package.cost <= instance.budget)
      let chains = try ProjectFront(costs: instance.costs, gains: instance.gains, limit: instance.budget)
      #expect(chains.best(budget: instance.budget)?.gain == instance.optimum)
    }
  }

  @Test func enumerationOfThePublishedInstances() throws {
    for instance in ProjectChoiceTests.published.prefix(2) {
      let front = try ProjectFront(costs: instance.costs, gains: instance.gains, interactions: [])
      #expect(front.best(budget: instance.budget)?.gain == instance.optimum)
    }
  }

  private func random(_ count: Int, _ id: String) -> (costs: [Double], gains: [Double]) {
    (
      TestFunctions.uniforms(count, item: 0, id: id).map { 1 + 9 * $0 },
      TestFunctions.uniforms(count, item: 1, id: id).map { 10 * $0 - 1 }
    )
  }

  /// All subsets, the plain way.
  private func brute(
    _ costs: [Double], _ budget: Double, _ gain: (Int) -> Double
  ) -> Double {
    var best = -Double.infinity
    for mask in 0..<(1 << costs.count) {
      let cost = costs.indices.reduce(0) { mask >> $1 & 1 == 1 ? $0 + costs[$1] : $0 }
      if cost <= budget { best = max(best, gain(mask)) }
    }
    return best
  }

  @Test func againstBruteForce() throws {
    for trial in 0..<10 {
      let (costs, gains) = random(13, "brute\(trial)")
      let interactions = (0..<12).map { ProjectInteraction($0, $0 + 1, gain: Double(($0 * 7 + trial) % 5) - 2) }
      func pairwise(_ mask: Int) -> Double {
        let own = gains.indices.reduce(0) { mask >> $1 & 1 == 1 ? $0 + gains[$1] : $0 }
        return interactions.reduce(own) { mask >> $1.first & 1 == 1 && mask >> $1.second & 1 == 1 ? $0 + $1.gain : $0 }
      }
      let front = try ProjectFront(costs: costs, gains: gains, interactions: interactions)
      let called = try ProjectFront(costs: costs) { pairwise(Int($0)) }
      let additive = try ProjectFront(costs: costs, gains: gains)
      var before = -Double.infinity
      for budget in stride(from: 0.0, through: 70, by: 3.5) {
        let best = brute(costs, budget, pairwise)
        #expect(abs((front.best(budget: budget)?.gain ?? .nan) - best) < 1e-9)
        #expect(abs((called.best(budget: budget)?.gain ?? .nan) - best) < 1e-9)
        // A bigger budget is never worse.
        #expect(best >= before)
        before = best
        let plain = brute(costs, budget) { mask in gains.indices.reduce(0) { mask >> $1 & 1 == 1 ? $0 + gains[$1] : $0 }
        }
        #expect(abs((additive.best(budget: budget)?.gain ?? .nan) - plain) < 1e-9)
        #expect(abs(try KnapsackSearch(costs: costs, gains: gains, budget: budget).package.gain - plain) < 1e-9)
      }
      for (a, b) in zip(front.packages, front.packages.dropFirst()) { #expect(a.cost < b.cost && a.gain < b.gain) }
    }
  }

  @Test func manyProjects() throws {
    let (costs, gains) = random(60, "many")
    let front = try ProjectFront(costs: costs, gains: gains, limit: 120)
    var before = 0.0
    for budget in [10.0, 30, 60, 90, 120] {
      let search = try KnapsackSearch(costs: costs, gains: gains, budget: budget)
      #expect(search.isProven && search.package.cost <= budget + 1e-9)
      #expect(abs(search.package.gain - (front.best(budget: budget)?.gain ?? .nan)) < 1e-9)
      #expect(search.package.gain >= before)
      before = search.package.gain
    }
    let stopped = try KnapsackSearch(costs: costs, gains: gains, budget: 60, maximumNodes: 3)
    #expect(!stopped.isProven && stopped.upperBound >= (front.best(budget: 60)?.gain ?? .infinity))
  }

  @Test func conditionsBetweenProjects() throws {
    // 1 needs 0; 2 excludes 0.
    let front = try ProjectFront(costs: [1, 1, 1]) { mask in
      if mask & 2 != 0 && mask & 1 == 0 { return nil }
      if mask & 4 != 0 && mask & 1 != 0 { return nil }
      return Double(mask & 1) + (mask & 2 != 0 ? 10 : 0) + (mask & 4 != 0 ? 5 : 0)
    }
    #expect(front.packages.map(\.projects) == [[], [2], [0, 1]])
    #expect(front.next(budget: 1)?.cost == 2)
    // The package for 1 lies under the line from nothing to the package for 2.
    #expect(front.shadowPrice(budget: 1) == 5.5 && front.shadowPrice(budget: 5) == 0)
  }

  @Test func roundingDoesNotCloseABudget() throws {
    let front = try ProjectFront(costs: [0.1, 0.2], gains: [1, 1])
    #expect(front.best(budget: 0.3)?.projects == [0, 1])
    #expect(try KnapsackSearch(costs: [0.1, 0.2], gains: [1, 1], budget: 0.3).package.projects == [0, 1])
  }

  @Test func badInput() throws {
    #expect(throws: DecisionError.tooMany(method: "the choice of projects", what: "projects", allowed: 25, found: 26)) {
      try ProjectFront(costs: [Double](repeating: 1, count: 26)) { _ in 0 }
    }
    #expect(throws: DecisionError.self) { try ProjectFront(costs: [-1], gains: [1]) }
    #expect(throws: DecisionError.self) { try ProjectFront(costs: [1], gains: [.nan]) }
    #expect(throws: DecisionError.self) {
      try ProjectFront(costs: [1, 1], gains: [1, 1], interactions: [ProjectInteraction(0, 2, gain: 1)])
    }
    #expect(throws: DecisionError.self) { try KnapsackSearch(costs: [1], gains: [1], budget: -1) }
    #expect(try ProjectFront(costs: [], gains: []).packages.map(\.projects) == [[]])
  }

  @Test func paretoFrontOfOptions() {
    let costs: [Double?] = [5, 3, nil, 3, 8, 5]
    let gains: [Double?] = [4, 2, 9, 1, 4, 4]
    #expect(ParetoFront.efficient(costs: costs, gains: gains) == [1, 0, 5])
    #expect(ParetoFront.dominators(costs: costs, gains: gains) == [[], [], [], [1], [0, 5], []])
  }
}

@Suite struct LeverSearchTests {
  @Test func linearProgram() throws {
    // Gains 3, 2, 4 at costs 1, 1, 3 within [0, 2]: 0 first, then 1, then 2.
    let problem = try LeverProblem(
      lower: [0, 0, 0], upper: [2, 2, 2], budget: 5, cost: { $0[0] + $0[1] + 3 * $0[2] },
      objective: { 3 * $0[0] + 2 * $0[1] + 4 * $0[2] })
    let optimum = try LeverSearch.maximize(problem)
    #expect(optimum.isFeasible && optimum.cost <= 5 + 1e-9)
    #expect(abs(optimum.objective - (6 + 4 + 4.0 / 3)) < 1e-5)
    #expect(optimum.atUpper == [0, 1] && optimum.spendsBudget)
    #expect(abs(LeverSearch.shadowPrice(problem, at: optimum) - 4.0 / 3) < 1e-3)
  }

  @Test func quadraticWithALagrangeMultiplier() throws {
    // -(x - 3)^2 - (y - 2)^2 on x + y <= 3: x = 2, y = 1, multiplier 2.
    func peak(_ levers: [Double]) -> Double {
      let (x, y) = (levers[0] - 3, levers[1] - 2)
      return -x * x - y * y
    }
    let problem = try LeverProblem(
      lower: [-5, -5], upper: [5, 5], budget: 3, cost: { $0[0] + $0[1] }, objective: peak)
    let optimum = try LeverSearch.maximize(problem)
    #expect(abs(optimum.levers[0] - 2) < 1e-4 && abs(optimum.levers[1] - 1) < 1e-4)
    #expect(abs(optimum.objective + 2) < 1e-6)
    #expect(abs(LeverSearch.shadowPrice(problem, at: optimum) - 2) < 0.02)
    let rich = try LeverProblem(
      lower: [-5, -5], upper: [5, 5], budget: 9, cost: { $0[0] + $0[1] }, objective: peak)
    let free = try LeverSearch.maximize(rich)
    #expect(abs(free.objective) < 1e-9 && !free.spendsBudget)
    #expect(LeverSearch.shadowPrice(rich, at: free) < 1e-6)
  }

  @Test func severalPeaks() throws {
    // The higher of two peaks, (0.8, 0.8), lies away from the lower one at (0.2, 0.2).
    let problem = try LeverProblem(lower: [0, 0], upper: [1, 1]) { point in
      func hill(_ centre: Double, _ width: Double) -> Double {
        let (x, y) = (point[0] - centre, point[1] - centre)
        return VectorMath.exp(-(x * x + y * y) / width)
      }
      return 0.8 * hill(0.2, 0.05) + hill(0.8, 0.01)
    }
    let optimum = try LeverSearch.maximize(problem)
    #expect(abs(optimum.levers[0] - 0.8) < 1e-4 && abs(optimum.levers[1] - 0.8) < 1e-4)
  }

  @Test func biggerBudgetIsNeverWorse() throws {
    // A step, a saturating part, a straight one and a bump.
    func gain(_ x: [Double]) -> Double {
      (x[0] >= 1.5 ? 1 : 0) + 2 * (1 - VectorMath.exp(-x[1])) + x[2] - 0.5 * (x[3] - 1) * (x[3] - 1)
    }
    let problem = try LeverProblem(
      lower: [0, 0, 0, 0], upper: [4, 4, 4, 4], cost: { $0[0] + 2 * $0[1] + 3 * $0[2] * $0[2] + $0[3] },
      objective: gain)
    let budgets = [8.0, 0.5, 2, 16, 1, 4]
    let front = try LeverSearch.front(problem, budgets: budgets)
    let sorted = zip(budgets, front).sorted { $0.0 < $1.0 }
    for (a, b) in zip(sorted, sorted.dropFirst()) { #expect(a.1.objective <= b.1.objective) }
    for (budget, optimum) in zip(budgets, front) { #expect(optimum.isFeasible && optimum.cost <= budget + 1e-9) }
  }

  @Test func whatCannotBeMetIsSaid() throws {
    let problem = try LeverProblem(lower: [0, 0], upper: [1, 1], conditions: [{ $0[0] + $0[1] - 3 }]) { -$0[0] }
    let optimum = try LeverSearch.maximize(problem)
    #expect(!optimum.isFeasible && optimum.levers == [1, 1])
    #expect(throws: DecisionError.self) { try LeverProblem(lower: [1], upper: [0]) { $0[0] } }
    #expect(throws: DecisionError.self) { try LeverProblem(lower: [], upper: []) { _ in 0 } }
  }
}
