import Forecast
import NumericKernels
import ReferenceValues
import Testing

/// Correlations with clustered errors, shrunk, selected and made positive definite.
@Suite struct ShrunkCorrelationTests {
  /// R's corpcor: `Tests/Fixtures/shrunk_correlations.json`.
  @Test func shrinkageIsCorpcors() throws {
    let root = try ReferenceTree("shrunk_correlations").root
    let columns = root["columns"].list.map(\.numbers)
    let (expected, shrunk) = (root["correlations"].list.map(\.numbers), root["shrunk"].list.map(\.numbers))
    // Every row a unit and a period of its own: no clusters.
    let rows = Array(columns[0].indices)
    var pairs: [(correlation: Double, variance: Double)] = []
    for j in columns.indices {
      for i in 0..<j {
        let pair = try #require(PairCorrelation(columns[i], columns[j], units: rows, periods: rows))
        #expect(abs(pair.value - expected[i][j]) < 1e-12)
        #expect(pair.rows == 8 && pair.units == 8 && pair.periods == 8)
        pairs.append((pair.value, CorrelationShrinkage.variance(columns[i], columns[j])))
      }
    }
    let intensity = CorrelationShrinkage.intensity(pairs)
    #expect(relativeDistance(intensity, root["intensity"].number ?? .nan) < 1e-12)
    var place = 0
    for j in columns.indices {
      for i in 0..<j {
        #expect(abs((1 - intensity) * pairs[place].correlation - shrunk[i][j]) < 1e-12)
        place += 1
      }
    }
  }

  @Test func nothingToShrinkIsShrunkToZero() {
    #expect(CorrelationShrinkage.intensity([]) == 1)
    #expect(CorrelationShrinkage.intensity([(0, 0.1)]) == 1)
    #expect(CorrelationShrinkage.intensity([(0.1, 0.5)]) == 1)
    #expect(CorrelationShrinkage.intensity([(0.5, 0)]) == 0)
  }

  /// Four copies of every row say no more than one: the error clustered by unit knows, that of independent rows halves.
  @Test func copiesOfARowAddNothing() throws {
    let stream = RandomStream(seed: 5, id: "copies", purpose: .model)
    let count = 200
    let x = (0..<count).map { stream.normal(item: 0, draw: $0) }
    let y = (0..<count).map { 0.4 * x[$0] + stream.normal(item: 1, draw: $0) }
    let once = try #require(PairCorrelation(x, y, units: Array(0..<count), periods: Array(0..<count)))
    func copied(_ values: [Double]) -> [Double] { values.flatMap { [$0, $0, $0, $0] } }
    let units = (0..<4 * count).map { $0 / 4 }
    for isByPeriod in [false, true] {
      let rows = Array(0..<4 * count)
      let four = try #require(
        PairCorrelation(
          copied(x), copied(y), units: isByPeriod ? rows : units, periods: isByPeriod ? units : rows))
      #expect(abs(four.value - once.value) < 1e-12)
      // For normal columns the error of r is (1 - r^2) / sqrt(n) with n the rows that are no copies.
      let expected = (1 - once.value * once.value) / Double(count).squareRoot()
      #expect(abs(four.standardError / expected - 1) < 0.2)
    }
    // The error of independent rows takes every copy for news.
    let halved = CorrelationShrinkage.variance(copied(x), copied(y)).squareRoot()
    #expect(abs(halved / CorrelationShrinkage.variance(x, y).squareRoot() - 0.5) < 0.01)
  }

  @Test func missingAndConstantColumns() {
    let rows = [0, 1, 2, 3, 4]
    let x = [1, 2, .nan, 4, 7.0]
    let y = [2, .nan, 3, 5, 1.0]
    let pair = PairCorrelation(x, y, units: rows, periods: rows)
    #expect(pair?.rows == 3)
    #expect(PairCorrelation(x, [2, .nan, 3, .nan, 1.0], units: rows, periods: rows) == nil)
    #expect(PairCorrelation(x, [3, 3, 3, 3, 3.0], units: rows, periods: rows) == nil)
  }

  @Test func anImpossibleMatrixIsPulledIn() throws {
    // 0.9, 0.9 and -0.9 cannot hold together: the eigenvalues are 1.9, 1.9 and -0.8.
    let matrix = Matrix(rows: [[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]])
    let (repaired, factor) = try CorrelationShrinkage.positiveDefinite(matrix)
    #expect(abs(factor - 0.99 / 1.8) < 1e-12)
    #expect(abs((try repaired.symmetricEigen().values[0]) - 0.01) < 1e-12)
    #expect(repaired[0, 0] == 1 && abs(repaired[0, 1] - 0.9 * factor) < 1e-15)
    let good = Matrix(rows: [[1, 0.5], [0.5, 1]])
    let (same, one) = try CorrelationShrinkage.positiveDefinite(good)
    #expect(one == 1 && same.storage == good.storage)
  }

  /// The example of Benjamini and Hochberg (1995), section 3.2: the first four of fifteen.
  @Test func theStepUpProcedureFindsTheAuthorsFour() {
    let p = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1,
    ]
    let rejected = CorrelationShrinkage.rejected(p.reversed(), falseDiscoveryRate: 0.05)
    #expect(rejected.reversed().map { $0 } == (0..<15).map { $0 < 4 })
    // It steps up: a later one that passes takes the earlier ones along.
    #expect(CorrelationShrinkage.rejected([0.03, 0.049], falseDiscoveryRate: 0.05) == [true, true])
    #expect(CorrelationShrinkage.rejected([], falseDiscoveryRate: 0.05).isEmpty)
  }
}
