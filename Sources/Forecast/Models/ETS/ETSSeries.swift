import NumericKernels

/// A series ready for fitting: without unit (and, for additive errors, origin), from the first observation to the last.
///
/// Additive forms see `(y - first) / mean absolute change`, multiplicative ones `y / mean`. The search sees both rounded to 30
/// binary digits, so that a change of unit does not alter its path.
struct ETSSeries: Sendable {
  /// One way to look at the series: `normalized = (y - origin) / unit`.
  struct View: Sendable {
    /// NaN where missing.
    var normalized: [Double]
    var rounded: [Double]
    /// The normalised mean absolute change: the natural step of the states.
    var change: Double
    /// The values with missing ones interpolated, for the starts of the search.
    var filled: [Double]
    /// Sums of squares of errors below this count as exact.
    var floor: Double
  }

  let name: String
  let seasonalPeriod: Int
  let observations: Observations
  let additive: View
  /// Nil unless all values are strictly positive.
  let multiplicative: View?
  private let binade: Double
  private let mean: Double

  /// - Throws: as ``Observations/init(_:model:needed:)``; ``ForecastError/badDesign(model:reason:)`` for a period below 1.
  init(_ series: [Double], seasonalPeriod: Int, name: String, needed: Int) throws(ForecastError) {
    guard seasonalPeriod >= 1 else {
      throw .badDesign(model: name, reason: "the seasonal period must be at least 1, not \(seasonalPeriod)")
    }
    self.name = name
    self.seasonalPeriod = seasonalPeriod
    let data = try Observations(series, model: name, needed: needed)
    observations = data
    let length = data.normalized.count - data.trailingMissing
    let count = Double(data.values.count)
    additive = View(
      Array(data.normalized[..<length]), change: data.isConstant ? 0 : 1, count: count)
    var (largest, lowest) = (0.0, Double.infinity)
    for value in data.values {
      largest = max(largest, abs(value))
      lowest = min(lowest, value)
    }
    let binade = largest > 0 ? largest.binade : 1
    var sum = 0.0
    for value in data.values { sum += value / binade }
    let mean = sum / count
    self.binade = binade
    self.mean = mean
    // The smallest values must be far above the rounding of the search, or the division by them has no meaning.
    if lowest > 0, lowest / binade > 0x1p-28 {
      let first = data.positions[0]
      let last = data.positions[data.positions.count - 1]
      let values = series[first...last].map { $0 / binade / mean }
      multiplicative = View(values, change: data.rescaled(1) / binade / mean, count: count)
    } else {
      multiplicative = nil
    }
  }

  /// Usable observations.
  var count: Int { observations.values.count }

  func view(of form: ETSForm) -> View? { form.isAdditive ? additive : multiplicative }

  /// The logarithm of the unit of a form's view.
  func logUnit(of form: ETSForm) -> Double {
    form.isAdditive ? observations.logUnit : VectorMath.log(mean) + VectorMath.log(binade)
  }

  /// A normalised difference in the unit of the series.
  func rescaled(_ difference: Double, form: ETSForm) -> Double {
    form.isAdditive ? observations.rescaled(difference) : difference * mean * binade
  }

  /// A difference in the unit of the series, normalised.
  func normalized(_ difference: Double, form: ETSForm) -> Double {
    form.isAdditive ? difference / observations.rescaled(1) : difference / binade / mean
  }

  /// What to add to a rescaled level.
  func origin(of form: ETSForm) -> Double { form.isAdditive ? observations.origin : 0 }
}

extension ETSSeries.View {
  init(_ normalized: [Double], change: Double, count: Double) {
    self.normalized = normalized
    self.change = change
    rounded = normalized.map { ($0 * 0x1p30).rounded() * 0x1p-30 }
    floor = 1e-24 * count * (change > 0 ? change * change : 1)
    filled = rounded
    guard filled.contains(where: \.isNaN) else { return }
    var last = 0
    for t in filled.indices where !filled[t].isNaN {
      for gap in last + 1..<max(t, last + 1) {
        filled[gap] = filled[last] + (filled[t] - filled[last]) * Double(gap - last) / Double(t - last)
      }
      last = t
    }
  }
}
