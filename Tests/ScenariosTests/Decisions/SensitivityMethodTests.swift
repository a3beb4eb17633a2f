import NumericKernels
import ReferenceValues
import Scenarios
import Testing

@Suite struct SobolSequenceTests {
  @Test func plainPointsEqualPublishedOnes() throws {
    let tree = try ReferenceTree("decisions_sobol").root
    let columns = try SobolSequence(dimensions: 256, isScrambled: false).columns(count: 64)
    #expect(tree["points"].list.count == 11)
    for point in tree["points"].list {
      let dimension = Int(try #require(point["dimension"].number))
      #expect(columns[dimension] == point["values"].numbers)
    }
    #expect(columns.map { $0.reduce(0, +) } == tree["point_sums"].numbers)
  }

  @Test func scrambledPointsFillEveryInterval() throws {
    let columns = try SobolSequence(dimensions: 200, seed: 5).columns(count: 256)
    for column in columns {
      #expect(Set(column.map { Int($0 * 256) }) == Set(0..<256))
      #expect(column.allSatisfy { $0 > 0 && $0 < 1 })
    }
    // Pairs of dimensions: the first two fill every elementary rectangle of area 1/256.
    for bits in 0...8 {
      let (wide, high) = (1 << bits, 1 << (8 - bits))
      let cells = (0..<256).map { Int(columns[0][$0] * Double(wide)) * high + Int(columns[1][$0] * Double(high)) }
      #expect(Set(cells).count == 256)
    }
  }

  @Test func pointsAreAddressed() throws {
    let few = try SobolSequence(dimensions: 3, seed: 2, id: "a").columns(count: 100)
    let many = try SobolSequence(dimensions: 40, seed: 2, id: "a").columns(first: 37, count: 63)
    for dimension in 0..<3 { #expect(Array(few[dimension][37...]) == many[dimension]) }
    #expect(try SobolSequence(dimensions: 3, seed: 3, id: "a").columns(count: 100) != few)
    #expect(try SobolSequence(dimensions: 3, seed: 2, id: "b").columns(count: 100) != few)
  }

  @Test func badDimensions() {
    #expect(throws: DecisionError.tooMany(method: "Sobol's sequence", what: "dimensions", allowed: 256, found: 257)) {
      try SobolSequence(dimensions: 257)
    }
    #expect(throws: DecisionError.tooFew(method: "Sobol's sequence", what: "dimensions", needed: 1, found: 0)) {
      try SobolSequence(dimensions: 0)
    }
  }
}

@Suite struct SobolIndicesTests {
  @Test func sameSampleSameIndicesAsSALib() throws {
    let tree = try ReferenceTree("decisions_sobol").root
    #expect(tree["cases"].list.count == 3)
    for reference in tree["cases"].list {
      let count = Int(try #require(reference["count"].number))
      let inputs = Int(try #require(reference["inputs"].number))
      let groups = reference["groups"].list.map { $0.numbers.map { Int($0) } }
      let design = try SaltelliDesign(
        inputs: inputs, groups: groups, count: count, isScrambled: false, pairing: .following)
      // SALib's blocks: A, AB by group, B.
      let order = [.base] + groups.indices.map { SaltelliDesign.Block.mixed(group: $0) } + [.alternate]
      let sums = order.map { design.columns($0).reduce(0) { $0 + $1.reduce(0, +) } }
      #expect(largestDistance(sums, reference["sample_sum"].numbers) < 1e-12)
      let outputs = reference["outputs"].list.map(\.numbers)
      let indices = try SobolIndices(
        base: outputs[0], alternate: outputs[outputs.count - 1], mixed: Array(outputs[1..<outputs.count - 1]))
      for (ours, theirs) in zip(indices.firstOrder, reference["s1"].numbers) {
        #expect(abs(ours.value - theirs) < 1e-10)
      }
      for (ours, theirs) in zip(indices.total, reference["st"].numbers) { #expect(abs(ours.value - theirs) < 1e-10) }
      // Their interval is 1.96 bootstrap errors from 100 resamples of their own.
      for (ours, theirs) in zip(indices.total, reference["st_conf"].numbers) where theirs > 1e-3 {
        #expect(abs(ours.standardError * 1.96 / theirs - 1) < 0.5)
      }
    }
  }

  private func check(
    _ indices: SobolIndices, _ known: (first: [Double], total: [Double]), within tolerance: Double
  ) {
    for i in known.first.indices {
      #expect(abs(indices.firstOrder[i].value - known.first[i]) < tolerance)
      #expect(abs(indices.total[i].value - known.total[i]) < tolerance)
      #expect(abs(indices.firstOrder[i].value - known.first[i]) <= 4 * indices.firstOrder[i].standardError)
      #expect(abs(indices.total[i].value - known.total[i]) <= 4 * indices.total[i].standardError)
      #expect(indices.total[i].lower <= indices.total[i].value && indices.total[i].value <= indices.total[i].upper)
    }
  }

  @Test func ishigami() throws {
    let design = try SaltelliDesign(inputs: 3, count: 4096, seed: 1)
    for estimator in [SobolIndices.FirstOrderEstimator.saltelli, .jansen] {
      let indices = try SobolIndices(design, estimator: estimator) {
        TestFunctions.map($0, TestFunctions.ishigami)
      }
      check(indices, TestFunctions.ishigamiIndices, within: 0.02)
      #expect(abs(indices.mean - 3.5) < 0.02)
    }
  }

  @Test func sobolG() throws {
    let a = [0, 1, 4.5, 9, 99, 99, 99, 99]
    let design = try SaltelliDesign(inputs: 8, count: 4096, seed: 2)
    let indices = try SobolIndices(design) { TestFunctions.map($0, TestFunctions.g(a)) }
    check(indices, TestFunctions.gIndices(a), within: 0.02)
  }

  @Test func morris() throws {
    let design = try SaltelliDesign(inputs: 20, count: 4096, seed: 3)
    let indices = try SobolIndices(design) { TestFunctions.map($0, TestFunctions.morris) }
    let known = TestFunctions.morrisIndices(inputs: 20)
    #expect(known.total[9] > 0.01 && known.total[3] > known.first[3])
    for i in 0..<10 {
      for (estimate, value) in [(indices.firstOrder[i], known.first[i]), (indices.total[i], known.total[i])] {
        #expect(abs(estimate.value - value) < min(0.05, 3.5 * estimate.standardError))
      }
    }
    // Inputs without influence have a total index of exactly 0.
    for i in 10..<20 { #expect(indices.total[i].value == 0) }
  }

  /// Where A and B are dimensions that follow each other, single indices of this function are off by four errors for
  /// every seed.
  @Test func intervalsCoverForManyInputs() throws {
    let known = TestFunctions.morrisIndices(inputs: 20)
    var outside = 0
    for seed in 1...8 as ClosedRange<UInt64> {
      let design = try SaltelliDesign(inputs: 20, count: 1024, seed: seed)
      let indices = try SobolIndices(design, resamples: 200) { TestFunctions.map($0, TestFunctions.morris) }
      for i in 0..<10 where !(indices.total[i].lower...indices.total[i].upper).contains(known.total[i]) { outside += 1 }
    }
    // 5% of 80 are 4.
    #expect(outside <= 9)
  }

  @Test func groupsOfAnAdditiveFunctionAddUp() throws {
    let weights = (0..<100).map { Double($0 % 7) }
    let design = try SaltelliDesign(
      inputs: 100, groups: [Array(0..<50), Array(50..<99), [99]], count: 1024, seed: 4)
    #expect(design.runs == 5 * 1024)
    let indices = try SobolIndices(design) { columns in
      TestFunctions.map(columns) { u in zip(u, weights).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    let all = weights.reduce(0) { $0 + $1 * $1 }
    let first = weights[..<50].reduce(0) { $0 + $1 * $1 } / all
    for estimate in [indices.firstOrder[0], indices.total[0]] {
      #expect(abs(estimate.value - first) < min(0.04, 3 * estimate.standardError))
    }
    #expect(abs(indices.firstOrder.reduce(0) { $0 + $1.value } - 1) < 0.04)
  }

  @Test func shiftAndScaleOfTheOutputDoNotMatter() throws {
    let design = try SaltelliDesign(inputs: 3, count: 256, seed: 6)
    let plain = try SobolIndices(design) { TestFunctions.map($0, TestFunctions.ishigami) }
    let moved = try SobolIndices(design) { TestFunctions.map($0) { 1e6 - 250 * TestFunctions.ishigami($0) } }
    for i in 0..<3 { #expect(abs(plain.firstOrder[i].value - moved.firstOrder[i].value) < 1e-6) }
  }

  @Test func constantOutputAndBadInput() throws {
    let design = try SaltelliDesign(inputs: 2, count: 8)
    let indices = try SobolIndices(design) { $0[0].map { _ in 0.1 } }
    #expect(indices.isConstant && indices.total.allSatisfy { $0.value == 0 && $0.standardError == 0 })
    #expect(throws: DecisionError.self) { try SaltelliDesign(inputs: 2, count: 12) }
    #expect(throws: DecisionError.self) { try SaltelliDesign(inputs: 129, count: 8) }
    #expect(throws: DecisionError.self) { try SaltelliDesign(inputs: 2, groups: [[0], [0, 1]], count: 8) }
    #expect(throws: DecisionError.self) { try SobolIndices(design) { $0[0].map { $0 < 0.5 ? .nan : 1 } } }
    #expect(throws: DecisionError.self) { try SobolIndices(base: [1, 2], alternate: [1], mixed: [[1, 2]]) }
  }
}

@Suite struct GivenDataTests {
  @Test func ishigamiFromPlainDraws() throws {
    let inputs = (0..<4).map { TestFunctions.uniforms(20_000, item: $0, id: "given") }
    let output = TestFunctions.map(inputs, TestFunctions.ishigami)
    let found = try GivenDataIndices.estimate(inputs: inputs, output: output)
    for (estimate, known) in zip(found, TestFunctions.ishigamiIndices.first + [0]) {
      #expect(abs(estimate.value - known) < 0.02)
      #expect(estimate.standardError > 0 && estimate.standardError < 0.02)
    }
  }

  @Test func noBiasForInputsWithoutInfluence() throws {
    let output = TestFunctions.normals(300, item: 1000, id: "null")
    let inputs = (0..<100).map { TestFunctions.uniforms(300, item: $0, id: "null") }
    let found = try GivenDataIndices.estimate(inputs: inputs, output: output, resamples: 0).map(\.value)
    #expect(abs(found.reduce(0, +) / 100) < 0.01)
    // Without the correction the mean would be about (13 - 1) / 299.
    #expect(found.contains { $0 < 0 })
  }

  @Test func yesNoInputsAndConstants() throws {
    let coin = TestFunctions.uniforms(4000, item: 0, id: "coin").map { $0 < 0.3 ? 1.0 : 0 }
    let noise = TestFunctions.normals(4000, item: 1, id: "coin")
    let output = zip(coin, noise).map { 2 * $0 + $1 }
    let found = try GivenDataIndices.estimate(inputs: [coin, coin.map { _ in 1 }], output: output, resamples: 0)
    #expect(abs(found[0].value - 0.84 / 1.84) < 0.03)
    #expect(found[1].value == 0)
    #expect(found[0].standardError.isNaN)
  }
}

@Suite struct OneAtATimeTests {
  @Test func linearModel() throws {
    let draws = [2.0, 10, 1].map { width in (0...100).map { width * (Double($0) / 100 - 0.5) } }
    let tornado = try OneAtATime(draws: draws) { columns in
      TestFunctions.map(columns) { 5 + 3 * $0[0] - $0[1] + 0 * $0[2] }
    }
    #expect(abs(tornado.centre - 5) < 1e-12)
    #expect(tornado.arms.map(\.input) == [1, 0, 2])
    #expect(abs(tornado.arms[0].swing + 8) < 1e-12)
    #expect(abs(tornado.arms[1].swing - 4.8) < 1e-12)
    #expect(tornado.arms[2].swing == 0)
  }

  @Test func spiderShowsWhatTurnsBack() throws {
    let draws = [(0...100).map { Double($0) / 100 }]
    let spider = try OneAtATime(draws: draws, probabilities: OneAtATime.spider) {
      TestFunctions.map($0) { ($0[0] - 0.5) * ($0[0] - 0.5) }
    }
    #expect(abs(spider.arms[0].swing) < 1e-12)
    #expect(abs(spider.arms[0].range - 0.16) < 1e-12)
    #expect(throws: DecisionError.self) { try OneAtATime(draws: draws, probabilities: [0.9, 0.1]) { $0[0] } }
  }
}

@Suite struct ValueOfInformationTests {
  /// One option is worth 0, the other N(mean, x^2 + y^2): E[max(0, U)] is known.
  @Test func closedForm() throws {
    let draws = 20_000
    let x = TestFunctions.normals(draws, item: 0, id: "voi")
    let y = TestFunctions.normals(draws, item: 1, id: "voi")
    let other = TestFunctions.normals(draws, item: 2, id: "voi")
    let value = zip(x, y).map { 0.5 + 2 * $0 + $1 }
    let information = try ValueOfInformation([value.map { _ in 0 }, value])
    #expect(information.choice == 1)
    func worth(_ spread: Double) -> Double {
      let z = 0.5 / spread
      let density = VectorMath.exp(-z * z / 2) / (2 * Double.pi).squareRoot()
      return spread * density - 0.5 * StandardNormal.cumulative(-z)
    }
    let perfect = information.perfect
    #expect(abs(perfect.value - worth(5.0.squareRoot())) < 4 * perfect.standardError)
    for (inputs, spread) in [([x], 2.0), ([y], 1.0), ([x, y], 5.0.squareRoot())] {
      let partial = try information.partial(inputs)
      #expect(abs(partial.value - worth(spread)) < 0.02)
      #expect(partial.standardError > 0 && partial.standardError < 0.02)
    }
    let nothing = try information.partial([other])
    #expect(nothing.value < 0.003)
    // A straight line through x: exactly the share in which 0.5 + 2 x < 0.
    #expect(abs(try information.partial([x]).changeProbability - StandardNormal.cumulative(-0.25)) < 0.01)
  }

  @Test func whatCannotChangeTheChoiceIsWorthNothing() throws {
    let x = TestFunctions.normals(500, item: 0, id: "sure")
    let information = try ValueOfInformation([x, x.map { $0 - 1 }, x.map { $0 - 2 }])
    #expect(information.perfect.value == 0 && information.perfect.changeProbability == 0)
    #expect(try information.partial([x]).value < 1e-12)
  }
}
