/// A series whose gaps are bridged, for models that know none.
///
/// Gaps are closed by straight lines through the seasonally adjusted neighbours. Missing values before the first and after the last
/// observation are left out.
struct BridgedSeries: Sendable {
  let values: [Double]
  /// Missing values that were bridged.
  let count: Int
  /// Missing values after the last observation: steps of a forecast that come before its first.
  let trailing: Int

  /// - Throws: ``ForecastError/nonFinite(model:position:)``, or ``ForecastError/tooFewObservations(model:needed:found:)`` for a series
  ///   without a value.
  init(_ series: [Double], seasonalPeriod: Int, model: String = "a forecast") throws(ForecastError) {
    if let bad = series.firstIndex(where: { abs($0) > 0x1p1000 }) { throw .nonFinite(model: model, position: bad + 1) }
    guard let first = series.firstIndex(where: { !$0.isNaN }), let last = series.lastIndex(where: { !$0.isNaN }) else {
      throw .tooFewObservations(model: model, needed: 1, found: 0)
    }
    let cut = Array(series[first...last])
    count = cut.count { $0.isNaN }
    trailing = series.count - 1 - last
    guard count > 0 else {
      values = cut
      return
    }
    let rough = Self.interpolated(cut)
    let indices = ShrunkenSeasonalIndices(rough, seasonalPeriod: seasonalPeriod)
    let adjusted = Self.interpolated(cut.enumerated().map { $1 / indices.index(at: $0) })
    values = cut.enumerated().map { $1.isNaN ? adjusted[$0] * indices.index(at: $0) : $1 }
  }

  /// Straight lines over the gaps; the ends are known.
  private static func interpolated(_ series: [Double]) -> [Double] {
    var result = series
    var previous = 0
    for t in series.indices where !series[t].isNaN {
      if t - previous > 1 {
        for k in previous + 1..<t {
          let share = Double(k - previous) / Double(t - previous)
          result[k] = (1 - share) * series[previous] + share * series[t]
        }
      }
      previous = t
    }
    return result
  }
}
