import NumericKernels
import ReferenceValues
import Testing

@Suite struct QRUpdateTests {
  /// Uniform numbers in -1..<1 that are the same in every run.
  private struct Uniform {
    var state: UInt64
    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-52 - 1
    }
  }

  /// One thousand additions and removals in random order, each against a refined solve of what is held.
  @Test func aThousandSteps() throws {
    var random = Uniform(state: 11)
    let p = 5
    var held: [(row: [Double], outcome: Double, weight: Double)] = []
    var update = QRUpdate(columnCount: p)
    var largest = 0.0
    for step in 0..<1_000 {
      if held.count < 12 || (held.count < 60 && random.next() > 0) {
        // Columns of different size, an intercept among them.
        let row = (0..<p).map { $0 == 0 ? 1 : random.next() * [1, 100, 1e-3, 7, 1e4][$0] }
        let one = (row: row, outcome: 3 + row[1] - 500 * row[2] + random.next(), weight: step % 3 == 0 ? 2.5 : 1)
        held.append(one)
        try update.add(one.row, outcome: one.outcome, weight: one.weight)
      } else {
        let one = held.remove(at: min(held.count - 1, Int((random.next() + 1) / 2 * Double(held.count))))
        try update.remove(one.row, outcome: one.outcome, weight: one.weight)
      }
      #expect(update.observationCount == held.count)
      guard held.count > p + 1 else { continue }
      let solved = try RefinedLeastSquares(
        columns: (0..<p).map { k in .init(held.map { $0.row[k] }) }, outcome: held.map(\.outcome),
        weights: held.map(\.weight))
      let found = try update.coefficients()
      for k in 0..<p {
        let spread = (solved.inverseGram[k, k]).squareRoot()
        #expect(abs(found[k] - solved.coefficients[k].value) < 1e-10 * max(spread, abs(solved.coefficients[k].value)))
      }
      largest = max(largest, solved.residualSumOfSquares.value)
      #expect(abs(update.residualSumOfSquares - solved.residualSumOfSquares.value) < 1e-11 * largest)
    }
    let gram = try Matrix(rows: held.map { one in one.row.map { $0 * one.weight.squareRoot() } }).qr().inverseGram()
    let triangle = update.triangle
    #expect((0..<p).allSatisfy { triangle[$0, $0] > 0 })
    let inverse = try triangle.qr().inverseGram()
    for k in 0..<p { #expect(relativeDistance(inverse[k, k], gram[k, k]) < 1e-9) }
  }

  @Test func byHand() throws {
    // A line through (0, 1), (1, 3), (2, 2): slope 1/2, intercept 3/2, RSS 3/2.
    var update = try QRUpdate(Matrix(rows: [[1, 0], [1, 1], [1, 2]]), outcome: [1, 3, 2])
    #expect(zip(try update.coefficients(), [1.5, 0.5]).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(abs(update.residualSumOfSquares - 1.5) < 1e-15)
    try update.remove([1, 1], outcome: 3)
    #expect(zip(try update.coefficients(), [1, 0.5]).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(update.residualSumOfSquares < 1e-14 && update.observationCount == 2)
    #expect(throws: LinearAlgebraError.rankDeficient(rank: 1, needed: 2)) { try update.remove([1, 0], outcome: 1) }
    #expect(zip(try update.coefficients(), [1, 0.5]).allSatisfy { abs($0 - $1) < 1e-15 })
  }

  @Test func losingRankIsAnError() throws {
    // Only the third row tells the second column from the first.
    var update = try QRUpdate(Matrix(rows: [[1, 1], [2, 2], [1, 4], [3, 3]]), outcome: [1, 2, 3, 4])
    let before = try update.coefficients()
    #expect(throws: LinearAlgebraError.rankDeficient(rank: 1, needed: 2)) { try update.remove([1, 4], outcome: 3) }
    #expect(try update.coefficients() == before && update.observationCount == 4)
    try update.remove([2, 2], outcome: 2)
    // A row that was never there, of a leverage above one.
    #expect(throws: LinearAlgebraError.self) { try update.remove([100, 0], outcome: 1) }
    let few = try QRUpdate(Matrix(rows: [[1, 2]]), outcome: [1])
    #expect(throws: LinearAlgebraError.rankDeficient(rank: 1, needed: 2)) { try few.coefficients() }
  }

  @Test func badInputChangesNothing() throws {
    var update = try QRUpdate(Matrix(rows: [[1, 0], [1, 1], [1, 2]]), outcome: [1, 3, 2])
    let before = update.triangle
    #expect(throws: LinearAlgebraError.self) { try update.add([1], outcome: 1) }
    #expect(throws: LinearAlgebraError.nonFinite(operation: "QR update")) { try update.add([1, .nan], outcome: 1) }
    #expect(throws: LinearAlgebraError.nonFinite(operation: "QR update")) {
      try update.remove([1, 1], outcome: .infinity)
    }
    #expect(throws: LinearAlgebraError.self) { try update.add([1, 1], outcome: 1, weight: -1) }
    #expect(throws: LinearAlgebraError.self) { try QRUpdate(Matrix(rows: [[1]]), outcome: [1, 2]) }
    #expect(update.triangle == before && update.observationCount == 3)
    let none = QRUpdate(columnCount: 0)
    #expect(try none.coefficients().isEmpty && none.residualSumOfSquares == 0)
  }
}
