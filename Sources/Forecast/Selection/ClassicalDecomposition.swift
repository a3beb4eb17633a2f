/// The classical decomposition of a seasonal series by centred moving averages, as R's `decompose`.
///
/// The trend is the moving average over one season (of weights 1/2, 1, ..., 1, 1/2 for an even period). The figure of a
/// phase is the mean of y / trend (multiplicative) or y - trend (additive) over its seasons, brought to mean 1 or 0
/// over the phases.
///
/// Edge cases: missing observations (NaN) make the trend missing around them and count in no mean; a phase never
/// observed together with a trend is an error.
///
/// Source: Kendall and Stuart, The Advanced Theory of Statistics, volume 3 (1983).
public struct ClassicalDecomposition: Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    /// y = trend + figure + remainder
    case additive
    /// y = trend * figure * remainder
    case multiplicative
  }

  public let kind: Kind
  /// The seasonal figure of each phase, from that of the first observation.
  public let figures: [Double]
  /// The centred moving average; NaN in the first and last half season.
  public let trend: [Double]

  /// - Parameters:
  ///   - series: observations in time order.
  ///   - seasonalPeriod: at least 2.
  /// - Throws: ``ForecastError/tooFewObservations(model:needed:found:)`` below two seasons, and
  ///   ``ForecastError/badDesign(model:reason:)`` for a period below 2 or figures that are not finite (or are zero, when they divide).
  public init(_ series: [Double], seasonalPeriod m: Int, kind: Kind) throws(ForecastError) {
    let name = "classical decomposition"
    guard m >= 2 else { throw .badDesign(model: name, reason: "the seasonal period must be at least 2, not \(m)") }
    let n = series.count
    guard n / m >= 2 else { throw .tooFewObservations(model: name, needed: 2 * m, found: n) }
    let half = m / 2
    var trend = [Double](repeating: .nan, count: n)
    let scale = 1 / Double(m)
    for t in half..<(n - half) {
      var sum = 0.0
      if m.isMultiple(of: 2) {
        for k in (t - half + 1)..<(t + half) { sum += series[k] * scale }
        sum += 0.5 * scale * series[t - half] + 0.5 * scale * series[t + half]
      } else {
        for k in (t - half)...(t + half) { sum += series[k] * scale }
      }
      trend[t] = sum
    }
    var sums = [Double](repeating: 0, count: m)
    var counts = [Double](repeating: 0, count: m)
    var phase = half % m
    for t in half..<(n - half) {
      let value = kind == .multiplicative ? series[t] / trend[t] : series[t] - trend[t]
      if !value.isNaN {
        sums[phase] += value
        counts[phase] += 1
      }
      phase = phase + 1 == m ? 0 : phase + 1
    }
    var figures = zip(sums, counts).map { $0 / $1 }
    let mean = figures.reduce(0, +) * scale
    for j in 0..<m { figures[j] = kind == .multiplicative ? figures[j] / mean : figures[j] - mean }
    guard figures.allSatisfy({ $0.isFinite && (kind == .additive || $0 != 0) }) else {
      throw .badDesign(model: name, reason: "the seasonal figures cannot be worked out; some are not finite or zero")
    }
    self.kind = kind
    self.figures = figures
    self.trend = trend
  }

  public var seasonalPeriod: Int { figures.count }

  /// The figure of a time step, counted from 0 at the first observation; steps beyond the series continue the season.
  public func figure(at step: Int) -> Double { figures[step % figures.count] }

  /// A series that starts in the phase of the decomposed one, without its season.
  public func adjusted(_ series: [Double]) -> [Double] {
    var phase = 0
    return series.map { value in
      let figure = figures[phase]
      phase = phase + 1 == figures.count ? 0 : phase + 1
      return kind == .multiplicative ? value / figure : value - figure
    }
  }

  /// Values of consecutive steps with the season put back.
  ///
  /// - Parameter step: the step of the first value, from 0 at the first observation.
  public func reseasonalized(_ values: [Double], from step: Int) -> [Double] {
    values.enumerated().map { index, value in
      let figure = figure(at: step + index)
      return kind == .multiplicative ? value * figure : value + figure
    }
  }
}
