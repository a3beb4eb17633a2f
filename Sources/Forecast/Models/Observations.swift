import NumericKernels

/// A checked series: where its usable observations are, and the same numbers without unit and origin.
///
/// Fits run on `(y - first usable value) / mean absolute change`, so they do not depend on the unit or the origin of the data.
/// The division goes through a power of two of the largest magnitude first, so that neither huge nor tiny values overflow or
/// vanish on the way.
package struct Observations: Sendable {
  /// The length of the series, missing observations included.
  package let count: Int
  /// Indices of the usable (not NaN) observations, ascending.
  package let positions: [Int]
  /// The usable observations, in their own unit.
  package let values: [Double]
  /// The first usable observation.
  package let origin: Double
  /// From the first usable observation to the end of the series: without origin and unit, NaN where missing.
  package let normalized: [Double]
  private let unit: Double
  private let meanChange: Double

  /// Magnitudes from here on are refused: the difference of two of them, or a trend over some steps, could overflow.
  private static let largestMagnitude = 0x1p1000

  /// - Parameters:
  ///   - model: the name to give in an error.
  ///   - needed: how many usable observations the model needs.
  /// - Throws: ``ForecastError/nonFinite(model:position:)`` with a one-based position, for an infinity or a magnitude above
  ///   2^1000; ``ForecastError/tooFewObservations(model:needed:found:)``.
  package init(_ series: [Double], model: String, needed: Int) throws(ForecastError) {
    var positions: [Int] = []
    var largest = 0.0
    for (t, value) in series.enumerated() where !value.isNaN {
      guard abs(value) <= Self.largestMagnitude else { throw .nonFinite(model: model, position: t + 1) }
      positions.append(t)
      largest = max(largest, abs(value))
    }
    guard positions.count >= needed, let first = positions.first else {
      throw .tooFewObservations(model: model, needed: max(needed, 1), found: positions.count)
    }
    let unit = largest > 0 ? largest.binade : 1
    let start = series[first] / unit
    let shifted = series[first...].map { $0 / unit - start }
    var change = 0.0
    for (earlier, later) in zip(positions, positions.dropFirst()) {
      change += abs(shifted[later - first] - shifted[earlier - first])
    }
    let meanChange = change / Double(max(positions.count - 1, 1))
    count = series.count
    self.positions = positions
    values = positions.map { series[$0] }
    origin = series[first]
    self.unit = unit
    isConstant = !(meanChange > 0)
    self.meanChange = meanChange > 0 ? meanChange : 1
    normalized = meanChange > 0 ? shifted.map { $0 / meanChange } : shifted
  }

  /// Whether all usable observations are equal; their magnitude then stands for the mean change.
  package let isConstant: Bool

  /// The steps from the last usable observation to the end of the series.
  package var trailingMissing: Int { count - 1 - (positions.last ?? count - 1) }

  /// The steps from the first to the last usable observation.
  package var span: Int { (positions.last ?? 0) - (positions.first ?? 0) }

  /// A normalised difference in the unit of the series.
  package func rescaled(_ difference: Double) -> Double { difference * meanChange * unit }

  /// The logarithm of the unit in which normalised differences are counted.
  package var logUnit: Double { VectorMath.log(meanChange) + VectorMath.log(unit) }

  /// The normalised series with 30 binary digits after the point, for choosing parameters.
  ///
  /// A change of unit or origin alters the last bits of the data; rounding them away first makes the search take the same path,
  /// and so find the same parameters, in any unit.
  package var rounded: [Double] { normalized.map { ($0 * 0x1p30).rounded() * 0x1p-30 } }

  /// Normalised errors of consecutive usable observations, in the unit of the series and at their places in it.
  ///
  /// - Parameter skipping: how many usable observations start the model and have no error.
  package func placed(_ errors: [Double], skipping: Int = 0) -> [Double] {
    var result = [Double](repeating: .nan, count: count)
    for (position, error) in zip(positions.dropFirst(skipping), errors) { result[position] = error }
    return result
  }
}
