import NumericKernels

extension ComplexExponentialSmoothing {
  /// The unit of a series: its mean magnitude, by way of a power of two. The origin stays.
  struct Scale: Sendable {
    /// The position of the first usable observation.
    let first: Int
    private let unit: Double
    private let mean: Double

    init(_ series: [Double], needed: Int) throws(ForecastError) {
      // Checks the values and their number.
      let data = try Observations(series, model: ComplexExponentialSmoothing.label, needed: needed)
      first = data.positions.first ?? 0
      let largest = data.values.reduce(0) { max($0, abs($1)) }
      let unit = largest > 0 ? largest.binade : 1
      self.unit = unit
      let mean = data.values.reduce(0) { $0 + abs($1 / unit) } / Double(data.values.count)
      self.mean = mean > 0 ? mean : 1
    }

    /// From the first usable observation on, in units of the mean magnitude.
    func normalized(_ series: [Double]) -> [Double] { series[first...].map { $0 / unit / mean } }

    func rescaled(_ value: Double) -> Double { value * mean * unit }

    var logUnit: Double { VectorMath.log(mean) + VectorMath.log(unit) }
  }
}
