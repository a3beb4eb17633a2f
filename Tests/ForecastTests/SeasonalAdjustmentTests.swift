import Forecast
import ReferenceValues
import Testing

/// Known answers of the seasonality test and the classical decomposition.
@Suite struct SeasonalAdjustmentTests {
  @Test func autocorrelationsOfAShortSeries() {
    // Deviations -1.5, -0.5, 0.5, 1.5: squares 5, lag 1 gives 1.25, lag 2 gives -1.5.
    let r = SeasonalityTest.autocorrelations([1, 2, 3, 4], lags: 2)
    #expect(largestDistance(r, [0.25, -0.3]) < 1e-14)
    #expect(SeasonalityTest.autocorrelations([2, 2, 2, 2], lags: 2).isEmpty)
    #expect(SeasonalityTest.autocorrelations([1, 2], lags: 2).isEmpty)
  }

  @Test func seasonsAreFoundFromThreeOn() {
    let pattern = [10.0, 20, 30, 15]
    let y = (0..<16).map { pattern[$0 % 4] }
    #expect(SeasonalityTest.isSeasonal(y, seasonalPeriod: 4))
    #expect(!SeasonalityTest.isSeasonal(Array(y.prefix(11)), seasonalPeriod: 4))
    #expect(!SeasonalityTest.isSeasonal(y, seasonalPeriod: 1))
    #expect(!SeasonalityTest.isSeasonal([Double](repeating: 0.1, count: 16), seasonalPeriod: 4))
  }

  @Test(arguments: [3, 4])
  func decompositionRecoversAnExactSeason(m: Int) throws {
    let ratios = m == 3 ? [0.5, 1.2, 1.3] : [0.5, 1.2, 1.3, 1]
    let y = (0..<(4 * m)).map { 50 * ratios[$0 % m] }
    let ratio = try ClassicalDecomposition(y, seasonalPeriod: m, kind: .multiplicative)
    #expect(largestDistance(ratio.figures, ratios) < 1e-14)
    #expect(largestDistance(ratio.adjusted(y), [Double](repeating: 50, count: 4 * m)) < 1e-14)
    #expect(ratio.trend.prefix(m / 2).allSatisfy { $0.isNaN } && ratio.trend.suffix(m / 2).allSatisfy { $0.isNaN })
    let steps = ratios.map { $0 - 1 }
    let z = (0..<(4 * m)).map { Double($0) + steps[$0 % m] }
    let difference = try ClassicalDecomposition(z, seasonalPeriod: m, kind: .additive)
    #expect(largestDistance(difference.figures, steps, floor: 1) < 1e-13)
    #expect(largestDistance(difference.reseasonalized(difference.adjusted(z), from: 0), z, floor: 1) < 1e-13)
  }

  @Test func shortAndZeroSeriesAreErrors() {
    #expect(throws: ForecastError.tooFewObservations(model: "classical decomposition", needed: 8, found: 7)) {
      try ClassicalDecomposition([1, 2, 3, 4, 5, 6, 7], seasonalPeriod: 4, kind: .additive)
    }
    #expect(throws: ForecastError.self) {
      try ClassicalDecomposition([Double](repeating: 0, count: 12), seasonalPeriod: 4, kind: .multiplicative)
    }
    #expect(throws: ForecastError.self) { try ClassicalDecomposition([1, 2, 3], seasonalPeriod: 1, kind: .additive) }
  }
}
