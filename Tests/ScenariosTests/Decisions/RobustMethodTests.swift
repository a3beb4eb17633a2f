import NumericKernels
import ReferenceValues
import Scenarios
import Testing

@Suite struct PRIMTests {
  /// The example of `decisions.py`: a box in the first two inputs, every tenth answer turned round.
  private func example(_ count: Int, _ inputs: Int) -> (inputs: [[Double]], isCase: [Bool]) {
    let primes = [2.0, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71]
    func fraction(_ k: Int, _ root: Double) -> Double { (Double(k) * root).truncatingRemainder(dividingBy: 1) }
    let columns = primes.prefix(inputs).map { prime in (1...count).map { fraction($0, prime.squareRoot()) } }
    let isCase = (0..<count).map { row in
      (columns[0][row] > 0.62 && columns[1][row] < 0.41) != (fraction(row + 1, 73.0.squareRoot()) < 0.1)
    }
    return (Array(columns), isCase)
  }

  @Test func sameTrajectoryAsTheWorkbench() throws {
    let tree = try ReferenceTree("decisions_prim").root
    #expect(tree["cases"].list.count == 2)
    for reference in tree["cases"].list {
      let count = Int(try #require(reference["n"].number))
      let (inputs, isCase) = example(count, Int(try #require(reference["inputs"].number)))
      var settings = PRIM.Settings()
      settings.objective = reference["objective"].text == "LENIENT1" ? .gainPerLoss : .density
      let prim = try PRIM(inputs: inputs, isCase: isCase, settings: settings)
      #expect(prim.caseCount == Int(try #require(reference["cases_of_interest"].number)))
      let steps = prim.peel()
      #expect(largestDistance(steps.map(\.quality.coverage), reference["coverage"].numbers) < 1e-12)
      #expect(largestDistance(steps.map(\.quality.density), reference["density"].numbers) < 1e-12)
      #expect(largestDistance(steps.map(\.quality.mass), reference["mass"].numbers) < 1e-12)
      let frames = reference["limits"].list.map { $0.list.map(\.numbers) }
      for (step, frame) in zip(steps, frames) {
        for input in inputs.indices {
          let limits = step.box.limits.first { $0.input == input }
          #expect(abs((limits?.lower ?? frames[0][input][0]) - frame[input][0]) < 1e-12)
          #expect(abs((limits?.upper ?? frames[0][input][1]) - frame[input][1]) < 1e-12)
        }
        #expect(prim.quality(step.box) == step.quality)
      }
      let last = try #require(steps.last)
      let found = prim.significance(last.box)
      #expect(!found.isEmpty)
      for limit in found {
        let theirs = reference["qp"]["x\(limit.input)"].numbers[limit.isUpper ? 1 : 0]
        #expect(relativeDistance(limit.quasiP, theirs) < 1e-9)
      }
    }
  }

  @Test func findsABoxWithoutNoise() throws {
    let inputs = (0..<6).map { TestFunctions.uniforms(4000, item: $0, id: "prim") }
    let isCase = (0..<4000).map { inputs[1][$0] < 0.4 && inputs[4][$0] > 0.55 }
    let prim = try PRIM(inputs: inputs, isCase: isCase)
    let steps = prim.peel()
    let chosen = steps[prim.recommended(steps)]
    #expect(chosen.box.limits.map(\.input) == [1, 4])
    #expect(abs((chosen.box.limits[0].upper ?? 9) - 0.4) < 0.03)
    #expect(abs((chosen.box.limits[1].lower ?? 9) - 0.55) < 0.03)
    #expect(chosen.box.limits[0].lower == nil && chosen.box.limits[1].upper == nil)
    #expect(chosen.quality.coverage > 0.9 && chosen.quality.density > 0.9)
    #expect(prim.significance(chosen.box).allSatisfy { $0.quasiP < 1e-6 })
    // Every step is smaller and, for this objective, purer.
    for (before, after) in zip(steps, steps.dropFirst()) {
      #expect(after.quality.count < before.quality.count && after.quality.density > before.quality.density)
    }
    #expect(steps.allSatisfy { $0.quality.mass >= 0.05 })
  }

  @Test func pastingWidensABoxThatIsTooSmall() throws {
    let inputs = (0..<2).map { TestFunctions.uniforms(3000, item: $0, id: "paste") }
    let isCase = (0..<3000).map { inputs[0][$0] > 0.5 }
    let prim = try PRIM(inputs: inputs, isCase: isCase)
    let small = ScenarioBox([.init(input: 0, lower: 0.45, upper: 0.7)])
    let steps = prim.paste(small)
    #expect(steps.count > 1)
    for (before, after) in zip(steps, steps.dropFirst()) {
      #expect(after.quality.density > before.quality.density && after.quality.count > before.quality.count)
    }
    #expect(steps.last?.box.limits == [.init(input: 0, lower: 0.45, upper: nil)])
    #expect(steps.last?.quality.coverage == 1)
  }

  @Test func yesNoInputsAndEqualValues() throws {
    let coin = (0..<400).map { Double($0 % 2) }
    let prim = try PRIM(inputs: [coin, coin.map { _ in 3 }], isCase: coin.map { $0 == 1 })
    let steps = prim.peel()
    #expect(steps.count == 2)
    #expect(steps[1].box.limits == [.init(input: 0, lower: 0.5, upper: nil)])
    #expect(steps[1].quality.density == 1 && steps[1].quality.coverage == 1)
  }

  @Test func bumpingIsNeverBeatenByThePlainTrajectory() throws {
    let (inputs, isCase) = example(600, 6)
    let prim = try PRIM(inputs: inputs, isCase: isCase)
    let bumped = try prim.bump(rounds: 20, seed: 3)
    for step in prim.peel() {
      #expect(
        bumped.contains {
          $0.quality.coverage >= step.quality.coverage && $0.quality.density >= step.quality.density
            && $0.box.limits.count <= step.box.limits.count
        })
    }
    for a in bumped {
      #expect(
        !bumped.contains {
          $0 != a && $0.quality.coverage >= a.quality.coverage && $0.quality.density >= a.quality.density
            && $0.box.limits.count <= a.box.limits.count
        })
    }
    #expect(try prim.bump(rounds: 20, seed: 3, threads: 3) == bumped)
    #expect(bumped.count > 3)
  }

  @Test func badInput() {
    let x = (0..<30).map { Double($0) }
    #expect(throws: DecisionError.tooFew(method: "scenario discovery", what: "cases of interest", needed: 1, found: 0))
    {
      try PRIM(inputs: [x], isCase: x.map { _ in false })
    }
    #expect(throws: DecisionError.self) { try PRIM(inputs: [x], isCase: [true]) }
    #expect(throws: DecisionError.self) { try PRIM(inputs: [x.map { $0 == 3 ? .nan : $0 }], isCase: x.map { $0 > 3 }) }
  }
}

@Suite struct DecisionTreeTests {
  @Test func twoQuestions() throws {
    let inputs = (0..<4).map { TestFunctions.uniforms(2000, item: $0, id: "tree") }
    let isCase = (0..<2000).map { inputs[2][$0] > 0.7 && inputs[0][$0] < 0.5 }
    let tree = try DecisionTree(inputs: inputs, isCase: isCase, depth: 2)
    let leaf = try #require(tree.leaves.first { $0.isCase })
    #expect(leaf.box.limits.map(\.input) == [0, 2])
    #expect(leaf.quality.density > 0.99 && leaf.quality.coverage > 0.99)
    #expect(tree.leaves.reduce(0) { $0 + $1.quality.count } == 2000)
    #expect(abs(tree.leaves.reduce(0) { $0 + $1.quality.coverage } - 1) < 1e-12)
    #expect(abs(tree.splits.reduce(0) { $0 + $1.gain } - 1) < 0.02)
  }

  @Test func firstSplitIsTheBestOfAll() throws {
    let inputs = (0..<3).map { item in TestFunctions.uniforms(60, item: item, id: "split").map { ($0 * 20).rounded() } }
    let isCase = (0..<60).map { (inputs[0][$0] + 0.5 * inputs[1][$0]) > 14 }
    let tree = try DecisionTree(inputs: inputs, isCase: isCase, depth: 1, minimumShare: 0.1)
    func impurity(_ rows: [Int]) -> Double {
      let cases = Double(rows.count { isCase[$0] })
      return rows.isEmpty ? 0 : 2 * cases * (Double(rows.count) - cases) / Double(rows.count)
    }
    var best = 0.0
    for input in inputs {
      for cut in Set(input) {
        let left = (0..<60).filter { input[$0] <= cut }
        let right = (0..<60).filter { input[$0] > cut }
        guard left.count >= 6, right.count >= 6 else { continue }
        best = max(best, impurity(Array(0..<60)) - impurity(left) - impurity(right))
      }
    }
    #expect(abs((try #require(tree.splits.first)).gain - best / impurity(Array(0..<60))) < 1e-12)
  }

  @Test func nothingToSplit() throws {
    let tree = try DecisionTree(inputs: [[1, 2, 3]], isCase: [true, true, true])
    #expect(tree.splits.isEmpty && tree.leaves.count == 1 && tree.leaves[0].quality.density == 1)
    #expect(throws: DecisionError.self) {
      try DecisionTree(inputs: [[1, 2, 3]], isCase: [true, false, true], depth: 4)
    }
  }
}

@Suite struct RegretTests {
  @Test func byHand() throws {
    let table = try RegretTable([[10, 0, 5], [6, 6, 4], [2, 8, 1]])
    #expect(table.regrets == [[0, 8, 0], [4, 2, 1], [8, 0, 4]])
    #expect(table.rows.map(\.largestRegret) == [8, 4, 8])
    #expect(table.rows.map(\.worstFuture) == [1, 0, 0])
    #expect(table.minimaxRegret == 1)
    #expect(abs(table.rows[1].expectedRegret - 7.0 / 3) < 1e-12)
    // Type 7: h = 1.9 between 2 and 4.
    #expect(abs(table.rows[1].regret95 - 3.8) < 1e-12)
    let shares = table.satisficing(threshold: 5).map { ($0 * 3).rounded() }
    #expect(shares == [2, 2, 1])
    #expect(try table.hurwicz(optimism: 0.5) == [5, 5, 4.5])
    #expect(try table.hurwicz(optimism: 0) == table.rows.map(\.worstOutcome))
  }

  @Test func withProbabilities() throws {
    let table = try RegretTable([[10, 0, 5], [6, 6, 4]], probabilities: [0.5, 0.04, 0.46])
    #expect(abs(table.rows[0].expectedRegret - 0.24) < 1e-12)
    #expect(table.rows[0].regret95 == 0)
    #expect(abs(table.satisficing(threshold: 5)[0] - 0.96) < 1e-12)
    #expect(throws: DecisionError.self) { try RegretTable([[1, 2]], probabilities: [0.5, 0.4]) }
    #expect(throws: DecisionError.self) { try RegretTable([[1, 2], [1]]) }
  }
}

@Suite struct OptionComparisonTests {
  @Test func commonDrawsSeparateWhatMovesTogether() throws {
    let common = TestFunctions.normals(1000, item: 0, id: "compare").map { 100 * $0 }
    let noise = (1...3).map { TestFunctions.normals(1000, item: $0, id: "compare") }
    let outcomes = [
      zip(common, noise[0]).map { $0 + $1 }, zip(common, noise[1]).map { $0 + $1 + 1 },
      zip(common, noise[2]).map { $0 + $1 },
    ]
    let comparison = try OptionComparison(outcomes)
    #expect(comparison.order.first == 1)
    #expect(comparison.options.map(\.rank) == [2, 1, 2])
    #expect(comparison.options[0].tiedWith == [2] && comparison.options[1].tiedWith.isEmpty)
    #expect(abs(comparison.options.reduce(0) { $0 + $1.probabilityBest } - 1) < 1e-12)
    let pair = comparison.pairs[0]
    #expect(pair.first == 0 && pair.second == 1 && pair.isSeparated)
    #expect(abs(pair.probabilityFirstBetter - StandardNormal.cumulative(-1 / 2.0.squareRoot())) < 0.05)
    #expect(abs(pair.differenceError - (2.0 / 1000).squareRoot()) < 0.01)
    #expect((pair.drawsToSeparate ?? 0) < 100)
  }

  @Test func equalOptionsAreTies() throws {
    let draws = TestFunctions.normals(200, item: 0, id: "equal")
    let comparison = try OptionComparison([draws, draws, draws.map { $0 - 1 }])
    #expect(comparison.pairs[0].adjustedP == 1 && !comparison.pairs[0].isSeparated)
    #expect(comparison.pairs[0].probabilityFirstBetter == 0.5 && comparison.pairs[0].drawsToSeparate == nil)
    #expect(comparison.options.map(\.rank) == [1, 1, 3])
    #expect(comparison.options.map(\.probabilityBest) == [0.5, 0.5, 0])
  }

  /// Of 15 pairs without a difference hardly any family shows one at the 5% level.
  @Test func familyErrorIsKept() throws {
    var wrong = 0
    for family in 0..<100 {
      let outcomes = (0..<6).map { TestFunctions.normals(200, item: family * 6 + $0, id: "family") }
      if try OptionComparison(outcomes).pairs.contains(where: \.isSeparated) { wrong += 1 }
    }
    #expect(wrong <= 12)
  }

  @Test func badInput() throws {
    #expect(throws: DecisionError.self) { try OptionComparison([]) }
    // One draw separates nothing.
    let single = try OptionComparison([[1], [2]])
    #expect(single.options.map(\.rank) == [1, 1] && !single.pairs[0].isSeparated && single.order == [1, 0])
    #expect(throws: DecisionError.self) { try OptionComparison([[1, 2], [2, .infinity]]) }
  }
}

@Suite struct WeightRankingTests {
  @Test func rangesAreWhereTheWinnerChanges() throws {
    let scores = (0..<5).map { TestFunctions.uniforms(4, item: $0, id: "weights") }
    let weights = [3.0, 1, 2, 4]
    let ranking = try WeightRanking(scores: scores, weights: weights)
    #expect(ranking.winners == [ranking.winner])
    #expect(ranking.ranges.contains { $0.winnerBelow != nil || $0.winnerAbove != nil })
    for range in ranking.ranges {
      func winner(_ weight: Double) throws -> Int {
        let rest = weights.indices.filter { $0 != range.criterion }.reduce(0) { $0 + weights[$1] }
        let moved = weights.indices.map { $0 == range.criterion ? weight : weights[$0] / rest * (1 - weight) }
        return try WeightRanking(scores: scores, weights: moved).winner
      }
      for step in 0...200 {
        let weight = Double(step) / 200
        if abs(weight - range.lower) < 1e-9 || abs(weight - range.upper) < 1e-9 { continue }
        let isInside = weight > range.lower && weight < range.upper
        #expect(try winner(weight) == ranking.winner ? isInside : !isInside)
      }
      if let below = range.winnerBelow { #expect(try winner(range.lower - 1e-6) == below) }
      if let above = range.winnerAbove { #expect(try winner(range.upper + 1e-6) == above) }
    }
  }

  @Test func scalingAndDominance() throws {
    let scaled = try WeightRanking.scaled([[10, 3, 7], [20, 1, 7]], largerIsBetter: [true, false, true])
    #expect(scaled == [[0, 0, 1], [1, 1, 1]])
    let ranking = try WeightRanking(scores: scaled, weights: [1, 1, 1])
    #expect(ranking.winner == 1)
    #expect(ranking.ranges.map(\.lower) == [0, 0, 0] && ranking.ranges.map(\.upper) == [1, 1, 1])
    #expect(throws: DecisionError.self) { try WeightRanking(scores: scaled, weights: [0, 0, 0]) }
    #expect(throws: DecisionError.self) { try WeightRanking(scores: scaled, weights: [1, -1, 1]) }
  }
}
