/// The last value of the seasonally adjusted series put back into season: the reference method "Naive2" of the M
/// competitions.
///
/// The adjustment is a multiplicative classical decomposition, made only where ``SeasonalityTest`` finds a season and
/// the figures are finite and not zero. This type gives point forecasts alone; it is what others are measured against.
///
/// Edge cases: needs one usable observation, the last of which is carried forward.
///
/// Source: Makridakis, Spiliotis and Assimakopoulos, International Journal of Forecasting 36 (2020).
public struct SeasonallyAdjustedNaive: Sendable {
  /// The seasonal figures; nil where the series is not seasonal.
  public let decomposition: ClassicalDecomposition?
  private let last: Double
  private let count: Int

  /// - Throws: ``ForecastError/tooFewObservations(model:needed:found:)``, ``ForecastError/nonFinite(model:position:)``.
  public init(fitting series: [Double], seasonalPeriod: Int) throws(ForecastError) {
    if let position = series.firstIndex(where: \.isInfinite) {
      throw .nonFinite(model: "Naive2", position: position + 1)
    }
    guard let position = series.lastIndex(where: { !$0.isNaN }) else {
      throw .tooFewObservations(model: "Naive2", needed: 1, found: 0)
    }
    decomposition =
      SeasonalityTest.isSeasonal(series, seasonalPeriod: seasonalPeriod)
      ? try? ClassicalDecomposition(series, seasonalPeriod: seasonalPeriod, kind: .multiplicative) : nil
    last = series[position] / (decomposition?.figure(at: position) ?? 1)
    count = series.count
  }

  /// Point forecasts of steps 1 ... horizon.
  public func pointForecast(horizon: Int) throws(ForecastError) -> [Double] {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    let flat = [Double](repeating: last, count: horizon)
    return decomposition?.reseasonalized(flat, from: count) ?? flat
  }
}
