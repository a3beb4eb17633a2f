import NumericKernels

/// A series without gaps, unit and season: what the members of ``PooledCombination`` are fitted to.
///
/// Values are divided by the mean magnitude and rounded to 40 binary digits, so that a change of unit takes the same path through
/// every search. Gaps are bridged by straight lines through the seasonally adjusted neighbours; missing values at the end move the
/// origin back.
package struct AdjustedSeries: Sendable {
  /// Seasonally adjusted values.
  package let values: [Double]
  /// Their logarithms, or the values themselves if one is not positive.
  let logs: [Double]
  let isPositive: Bool
  let seasonalPeriod: Int
  let indices: ShrunkenSeasonalIndices
  /// The values with their season.
  let seasonal: [Double]
  /// mean |change| of the adjusted values: the unit of losses.
  package let meanChange: Double
  /// mean |change over a season| with the season: the scale of the MASE.
  let seasonalChange: Double
  /// What a value is multiplied by to have its own unit again.
  package let unit: Double
  /// Missing values that were bridged.
  let bridged: Int
  /// Missing values after the last observation: steps of a forecast that come before its first.
  let trailing: Int

  /// - Parameter series: NaN where missing, at least one value, none infinite.
  package init(_ series: [Double], seasonalPeriod: Int) throws(ForecastError) {
    let bridge = try BridgedSeries(series, seasonalPeriod: seasonalPeriod, model: PooledCombination.name)
    let largest = bridge.values.reduce(0) { max($0, abs($1)) }
    let binade = largest > 0 ? largest.binade : 1
    let magnitude = bridge.values.reduce(0) { $0 + abs($1 / binade) } / Double(bridge.values.count)
    let scale = magnitude > 0 ? magnitude : 1
    self.init(
      bridge.values.map { Self.rounded($0 / binade / scale) }, seasonalPeriod: seasonalPeriod, unit: scale * binade,
      bridged: bridge.count, trailing: bridge.trailing)
  }

  private init(_ filled: [Double], seasonalPeriod m: Int, unit: Double, bridged: Int, trailing: Int) {
    seasonal = filled
    seasonalPeriod = m
    indices = ShrunkenSeasonalIndices(filled, seasonalPeriod: m)
    let found = indices
    values = filled.enumerated().map { $1 / found.index(at: $0) }
    isPositive = filled.allSatisfy { $0 > 0 }
    logs = isPositive ? VectorMath.log(values) : values
    let adjusted = values
    let changes = zip(adjusted, adjusted.dropFirst()).reduce(0) { $0 + abs($1.1 - $1.0) }
    // One value says nothing of changes; the magnitude is 1.
    meanChange = filled.count > 1 ? changes / Double(filled.count - 1) : abs(filled[0]) * Self.typicalRelativeChange
    let lag = filled.count > m ? m : 1
    let seasonalChanges = zip(filled, filled.dropFirst(lag)).reduce(0) { $0 + abs($1.1 - $1.0) }
    seasonalChange = filled.count > lag ? seasonalChanges / Double(filled.count - lag) : 0
    self.unit = unit
    self.bridged = bridged
    self.trailing = trailing
  }

  /// The series as it was `count` observations ago.
  func before(_ count: Int) -> AdjustedSeries {
    AdjustedSeries(
      Array(seasonal.dropLast(count)), seasonalPeriod: seasonalPeriod, unit: unit, bridged: bridged, trailing: 0)
  }

  /// The usual mean |change| of a yearly series relative to its mean size, for a series of one value.
  static let typicalRelativeChange = 0.1

  var count: Int { values.count }

  /// Whether all values are equal.
  var isConstant: Bool { !(meanChange > 0) }

  /// The index of a step of the forecast, from 0.
  func futureIndex(_ step: Int) -> Double { indices.index(at: count + step) }

  /// A number without its last 13 binary digits.
  private static func rounded(_ x: Double) -> Double {
    let lifted = x * 8193
    let kept = lifted - (lifted - x)
    return kept.isFinite ? kept : x
  }
}
