import Forecast
import NumericKernels
import ReferenceValues
import Testing

/// Against numpy, scipy and hierarchicalforecast on tourism of two Australian states: `Tests/Fixtures/reconciliation.json`.
@Suite struct ReconciliationTests {
  let root: ReferenceTree.Node
  let hierarchy: Hierarchy
  /// Nodes x steps.
  let base: [[Double]]
  let residuals: [[Double]]

  init() throws {
    root = try ReferenceTree("reconciliation").root
    hierarchy = try Hierarchy(paths: root["paths"].list.map { $0.list.map(\.text) })
    base = root["base"].list.map(\.numbers)
    residuals = root["residuals"].list.map(\.numbers)
    #expect(hierarchy.count == 52 && hierarchy.bottomCount == 36 && base.count == 52 && residuals.count == 52)
  }

  private func methods() throws -> [(key: String, method: Reconciliation.Method)] {
    [
      ("ordinary_least_squares", .ordinaryLeastSquares), ("structural", .structural),
      ("variances", .minimumTrace(try .variances(of: residuals))),
      ("sample", .minimumTrace(try .sample(residuals))), ("shrunk", .minimumTrace(try .shrunk(residuals))),
    ]
  }

  private func step(_ h: Int) -> [Double] { base.map { $0[h] } }

  @Test func valuesAreTheReferences() throws {
    for (key, method) in try methods() {
      let reconciliation = try Reconciliation(of: hierarchy, by: method)
      let expected = root["values"][key].list.map(\.numbers)
      let theirs = root["hierarchicalforecast"][key].list.map(\.numbers)
      for h in 0..<8 {
        let ours = reconciliation.reconciled(step(h))
        let size = ours.map { abs($0) }.max() ?? 0
        #expect(largestDistance(ours, expected.map { $0[h] }, floor: size) < 1e-9, "\(key) \(h)")
        // The package centres the errors, whose mean is 1e-5.
        if key != "sample" { #expect(largestDistance(ours, theirs.map { $0[h] }, floor: size) < 1e-8, "\(key) \(h)") }
        #expect(hierarchy.incoherence(ours).allSatisfy { abs($0) <= 1e-9 * size }, "\(key) \(h)")
        #expect(ours == hierarchy.aggregated(Array(ours[hierarchy.aggregateCount...])))
        // The map and the two-step form are one.
        let mapped = try reconciliation.mapping.multiplied(by: step(h))
        #expect(largestDistance(mapped, Array(ours[hierarchy.aggregateCount...]), floor: size) < 1e-12)
      }
    }
    let shrinkage = try #require(root["shrinkage"].number)
    #expect(relativeDistance(try ErrorCovariance.shrunk(residuals).shrinkage, shrinkage) < 1e-10)
  }

  @Test func deviationsAreTheReferences() throws {
    let before = root["deviations_in"].numbers
    for (key, method) in try methods() where key != "sample" {
      let reconciliation = try Reconciliation(of: hierarchy, by: method)
      let after = try reconciliation.reconciledDeviations(before)
      #expect(largestDistance(after, root["deviations"][key].numbers) < 1e-8, "\(key)")
      let predictions = try reconciliation.reconciled(
        base.indices.map {
          Prediction(mean: [base[$0][0], base[$0][3]], deviations: [before[$0], 1e-200 * before[$0]])
        })
      #expect(predictions.map { $0.mean[1] } == reconciliation.reconciled(step(3)))
      #expect(predictions.map { $0.deviations[0] } == after)
      #expect(largestDistance(predictions.map { $0.deviations[1] * 1e200 }, after) < 1e-9)
      // With the covariance the weights were made of, no variance grows.
      if key == "shrunk" { for i in after.indices { #expect(after[i] <= before[i] * (1 + 1e-9)) } }
    }
  }

  @Test func topDownIsTheReference() throws {
    let history = root["train"].list.map(\.numbers)
    for h in 0..<8 {
      for (key, shares) in [
        ("average_proportions", try TopDown.averageProportions(hierarchy, history: history)),
        ("proportions_of_averages", try TopDown.proportionsOfAverages(hierarchy, history: history)),
        ("forecast_proportions", try TopDown.forecastProportions(hierarchy, base: step(h))),
      ] {
        let ours = try Reconciliation(of: hierarchy, by: .topDown(shares)).reconciled(step(h))
        let expected = root["top_down"][key].list.map { $0.numbers[h] }
        // The history has six digits after the point.
        #expect(largestDistance(ours, expected) < 1e-7, "\(key) \(h)")
        #expect(relativeDistance(ours[0], base[0][h]) < 1e-12)
      }
    }
  }

  @Test func middleOutKeepsTheMiddle() throws {
    let middle = [1, 2]
    let shares = try TopDown.forecastProportions(hierarchy, base: step(0), anchors: middle)
    let ours = try Reconciliation(of: hierarchy, by: .topDown(shares)).reconciled(step(0))
    for node in middle { #expect(relativeDistance(ours[node], base[node][0]) < 1e-12) }
    #expect(relativeDistance(ours[0], base[1][0] + base[2][0]) < 1e-12)
    #expect(hierarchy.names[1] == "South Australia" && hierarchy.names[2] == "Tasmania")
  }

  /// What adds up already stays as it is, to the bit.
  @Test func coherentForecastsAreUnchanged() throws {
    let coherent = hierarchy.aggregated(Array(step(2)[hierarchy.aggregateCount...]))
    for (key, method) in try methods() + [("bottom_up", .bottomUp)] {
      let reconciliation = try Reconciliation(of: hierarchy, by: method)
      #expect(reconciliation.reconciled(coherent) == coherent, "\(key)")
      let twice = reconciliation.reconciled(reconciliation.reconciled(step(1)))
      #expect(twice == reconciliation.reconciled(step(1)), "\(key)")
      #expect(try reconciliation.reconciledNonNegative(coherent) == coherent, "\(key)")
    }
  }

  @Test(arguments: [1e6, 1e-6, 1e150, -1])
  func rescaling(factor: Double) throws {
    let scaled = residuals.map { $0.map { $0 * factor } }
    for (covariance, other) in [
      (try ErrorCovariance.shrunk(residuals), try ErrorCovariance.shrunk(scaled)),
      (try .variances(of: residuals), try .variances(of: scaled)),
    ] {
      let a = try Reconciliation(of: hierarchy, by: .minimumTrace(covariance)).reconciled(step(0))
      let b = try Reconciliation(of: hierarchy, by: .minimumTrace(other)).reconciled(step(0).map { $0 * factor })
      #expect(largestDistance(b, a.map { $0 * factor }) < 1e-9)
    }
  }

  @Test func nonNegativeIsTheMinimum() throws {
    let shifted = root["shifted"].numbers
    let summing = hierarchy.summing
    for (key, method) in try methods() where key != "sample" {
      let reconciliation = try Reconciliation(of: hierarchy, by: method)
      #expect(reconciliation.reconciled(shifted).contains { $0 < 0 })
      let ours = try reconciliation.reconciledNonNegative(shifted)
      let bottom = Array(ours[hierarchy.aggregateCount...])
      let size = shifted.map { abs($0) }.max() ?? 0
      #expect(largestDistance(ours, root["nonnegative"][key].numbers, floor: size) < 1e-9, "\(key)")
      #expect(ours == hierarchy.aggregated(bottom) && bottom.allSatisfy { $0 >= 0 })
      // The conditions of the minimum, with the covariance rebuilt here.
      var weights = Matrix.identity(hierarchy.count)
      for i in 0..<hierarchy.count {
        if key == "structural" { weights[i, i] = summing.row(i).reduce(0, +) }
        if key == "variances" { weights[i, i] = residuals[i].reduce(0) { $0 + $1 * $1 / 68 } }
        guard key == "shrunk" else { continue }
        for j in 0..<hierarchy.count {
          let product = zip(residuals[i], residuals[j]).reduce(0) { $0 + $1.0 * $1.1 / 68 }
          weights[i, j] = i == j ? product : product * (1 - (root["shrinkage"].number ?? .nan))
        }
      }
      let missed = zip(ours, shifted).map { $0 - $1 }
      let gradient = try summing.multiplied(by: weights.cholesky().solve(missed), transposed: true)
      let scale =
        try summing.multiplied(by: weights.cholesky().solve(shifted), transposed: true).map { abs($0) }.max() ?? 0
      for i in bottom.indices {
        #expect(gradient[i] >= -1e-9 * scale, "\(key) \(i)")
        #expect(bottom[i] == 0 || abs(gradient[i]) <= 1e-9 * scale, "\(key) \(i)")
      }
      #expect(bottom.contains(0))
    }
    let clipped = try Reconciliation(of: hierarchy, by: .bottomUp).reconciledNonNegative(shifted)
    #expect(Array(clipped[hierarchy.aggregateCount...]) == shifted[hierarchy.aggregateCount...].map { max($0, 0) })
  }

  @Test func pathsAreMappedDrawByDraw() throws {
    let reconciliation = try Reconciliation(of: hierarchy, by: .minimumTrace(try .shrunk(residuals)))
    let stream = RandomStream(seed: 1, id: "paths", purpose: .innovation)
    var paths: [SimulatedPaths] = []
    for node in base.indices {
      var one = SimulatedPaths(horizon: 2, count: 50)
      for i in one.values.indices { one.values[i] = base[node][i / 50] * (1 + 2 * stream.normal(item: node, draw: i)) }
      paths.append(one)
    }
    let coherent = try reconciliation.reconciled(paths)
    let positive = try reconciliation.reconciled(paths, nonNegative: true)
    for index in [0, 17, 99] {
      let draw = coherent.map { $0.values[index] }
      #expect(draw == reconciliation.reconciled(paths.map { $0.values[index] }))
      #expect(draw == hierarchy.aggregated(Array(draw[hierarchy.aggregateCount...])))
    }
    #expect(positive.allSatisfy { $0.values.allSatisfy { $0 >= 0 } })
    #expect(coherent.contains { $0.values.contains { $0 < 0 } })
    #expect(throws: ForecastError.self) { try reconciliation.reconciled(Array(paths.dropLast())) }
  }

  @Test func hierarchiesByHand() throws {
    let tree = try Hierarchy(paths: [["A", "x"], ["B"], ["A", "y"]])
    #expect(tree.names == ["Total", "A", "A/x", "B", "A/y"] && tree.isTree)
    #expect(tree.aggregated([1, 2, 4]) == [7, 5, 1, 2, 4])
    #expect(tree.incoherence([8, 5, 1, 2, 4]) == [1, 0])
    #expect(try Hierarchy(names: tree.names, summing: tree.summing) == tree)
    let grouped = try Hierarchy(
      bottom: ["ax", "ay", "bx", "by"],
      aggregates: [("all", [0, 1, 2, 3]), ("a", [0, 1]), ("b", [2, 3]), ("x", [0, 2]), ("y", [1, 3])])
    #expect(!grouped.isTree)
    let base: [Double] = [11, 5, 5, 6, 3, 1, 2, 3, 4]
    let ours = try Reconciliation(of: grouped, by: .ordinaryLeastSquares).reconciled(base)
    #expect(grouped.incoherence(ours).allSatisfy { abs($0) < 1e-12 })
    #expect(throws: ForecastError.self) { try TopDown.forecastProportions(grouped, base: base) }
    // A single series has nothing to reconcile.
    let single = try Hierarchy(bottom: ["one"], aggregates: [])
    #expect(try Reconciliation(of: single, by: .structural).reconciled([3]) == [3])
    for bad: [[String]] in [[], [[]], [["A"], ["A"]], [["A"], ["A", "x"]]] {
      #expect(throws: ForecastError.self) { try Hierarchy(paths: bad) }
    }
    #expect(throws: ForecastError.self) { try Hierarchy(bottom: ["a"], aggregates: [("t", [1])]) }
    #expect(throws: ForecastError.self) {
      try Hierarchy(names: ["t", "a", "b"], summing: Matrix(rows: [[1, 1], [1, 0], [1, 1]]))
    }
  }

  @Test func unusableCovariancesAreRefused() throws {
    let tree = try Hierarchy(paths: [["A", "x"], ["A", "y"], ["B", "z"], ["B", "w"]])
    let two = (0..<tree.count).map { [Double($0), 1 - Double($0 * $0)] }
    #expect(throws: ForecastError.self) { try Reconciliation(of: tree, by: .minimumTrace(.sample(two))) }
    #expect(throws: ForecastError.self) { try ErrorCovariance.variances([0, 0]) }
    #expect(throws: ForecastError.self) { try ErrorCovariance.variances([1, .nan]) }
    #expect(throws: ForecastError.self) { try ErrorCovariance.shrunk([[1], [2]]) }
    #expect(throws: ForecastError.self) { try ErrorCovariance.shrunk([[1, 2], [2]]) }
    #expect(throws: ForecastError.self) { try ErrorCovariance.shrunk([[1, 2], [2, .infinity]]) }
    #expect(throws: ForecastError.self) { try Reconciliation(of: tree, by: .minimumTrace(.variances([1, 1]))) }
    // A missing error drops its time, a constant node keeps its variance of 0.
    let gappy = try ErrorCovariance.shrunk([[1, 2, .nan, 3, -1], [1, 1, 7, -2, 2]])
    #expect(gappy == (try ErrorCovariance.shrunk([[1, 2, 3, -1], [1, 1, -2, 2]])))
    #expect(try ErrorCovariance.shrunk([[0, 0, 0], [1, -2, 2]]).shrinkage == 1)
    #expect(throws: ForecastError.self) { try TopDown(tree, shares: [0.5, 0.5, 0.5, 0.5]) }
    #expect(throws: ForecastError.self) { try TopDown(tree, shares: [1, 0, 0, 1], anchors: [1]) }
    #expect(throws: ForecastError.self) {
      try TopDown.averageProportions(tree, history: [[0, 0], [0, 0], [0, 0], [0, 0]])
    }
  }

  /// Series of zeros are common in small districts: they and their sums stay, and nothing fails.
  @Test func nodesThatNeverErredStay() throws {
    let tree = try Hierarchy(paths: [["A", "x"], ["A", "y"], ["B", "z"], ["B", "w"]])
    let zeros = [Double](repeating: 0, count: 6)
    let (z, w): ([Double], [Double]) = ([1, -2, 0.5, 3, -1, 0.5], [2, 1, -1, 0.5, -2, 1])
    let errors = [zip(z, w).map { 0.7 * $0 + $1 }, zeros, zip(z, w).map { $0 + 1.2 * $1 }, zeros, zeros, z, w]
    for covariance in [try ErrorCovariance.variances(of: errors), try .shrunk(errors)] {
      let reconciliation = try Reconciliation(of: tree, by: .minimumTrace(covariance))
      let ours = try reconciliation.reconciledNonNegative([12, 0, 11, 0, 0, 4, 6])
      for node in [1, 3, 4] { #expect(ours[node] >= 0 && ours[node] < 1e-9) }
      #expect(abs(ours[2] - ours[0]) < 1e-9 && ours[0] > 5 && ours[0] < 15)
      #expect(try reconciliation.reconciledDeviations([2, 0, 2, 0, 0, 1, 1])[1] < 1e-5)
    }
  }

  @Test func temporalIsTheReference() throws {
    let temporal = try TemporalHierarchy(seasonalPeriod: 4)
    #expect(temporal.factors == [4, 2, 1] && temporal.hierarchy.count == 7)
    let reference = root["temporal"]
    let base = reference["base"].list.map(\.numbers)
    for (key, method) in [
      ("ordinary_least_squares", TemporalHierarchy.Method.ordinaryLeastSquares), ("structural", .structural),
      ("level_variances", .levelVariances(reference["level_variances"].numbers)),
    ] {
      let ours = try temporal.reconciled(base, by: method)
      let expected = reference["values"][key].list.map(\.numbers)
      for level in 0..<3 { #expect(largestDistance(ours[level], expected[level]) < 1e-12, "\(key)") }
      #expect(largestDistance(temporal.aggregated(ours[2], over: 4), ours[0]) < 1e-14)
      #expect(largestDistance(temporal.aggregated(ours[2], over: 2), ours[1]) < 1e-14)
    }
    let up = try temporal.reconciled(base, by: .bottomUp)
    #expect(up[2] == base[2] && largestDistance(up[0], temporal.aggregated(base[2], over: 4)) < 1e-14)
  }

  @Test func temporalByHand() throws {
    let temporal = try TemporalHierarchy(seasonalPeriod: 12)
    #expect(temporal.factors == [12, 6, 4, 3, 2, 1] && temporal.hierarchy.count == 28)
    #expect(try TemporalHierarchy(seasonalPeriod: 12, factors: [3]).factors == [12, 3, 1])
    let quarters = try TemporalHierarchy(seasonalPeriod: 4)
    let series: [Double] = [9, 1, 2, 3, 4, 5, 6, 7, .nan]
    #expect(quarters.aggregated(series.dropLast(0).map { $0 }, over: 2).count == 4)
    #expect(quarters.aggregated([9, 1, 2, 3, 4, 5, 6, 7, 8], over: 4) == [10, 26])
    #expect(quarters.aggregated(series, over: 4)[1].isNaN && quarters.aggregated(series, over: 4)[0] == 10)
    let cycles = try quarters.cycles(of: [[10, 20], [4, 6, 9, 11], [1, 2, 3, 4, 5, 6, 7, 8]])
    #expect(cycles == [[10, 20], [4, 9], [6, 11], [1, 5], [2, 6], [3, 7], [4, 8]])
    #expect(TemporalHierarchy.levelVariances(of: [[1, .nan, 3], [2]]) == [5, 4])
    #expect(throws: ForecastError.self) { try TemporalHierarchy(seasonalPeriod: 1) }
    #expect(throws: ForecastError.self) { try TemporalHierarchy(seasonalPeriod: 12, factors: [5]) }
    #expect(throws: ForecastError.self) { try quarters.reconciled([[1], [1, 2], [1, 2, 3]], by: .structural) }
    let positive = try quarters.reconciled([[1], [3, -9], [1, -5, 2, 1]], by: .structural, nonNegative: true)
    #expect(positive.joined().allSatisfy { $0 >= 0 })
  }
}
