import NumericKernels

/// How the years of a panel series go with the macro factor: what the panel can say about a loading.
///
/// From both a straight line is taken out first. Growth rose from 2012 to 2018, and so did much else: without that, a trend that two
/// series share would pass for shocks that they share (state-budget investment +0.85, with the line out +0.17).
public struct YearEffectCorrelation: Sendable, Equatable {
  /// Years in which both are known and the driver had no declared exceptional year.
  public let years: [Int]
  /// Given a linear trend; nil with fewer than six years.
  public let correlation: Double?
  /// 95% by Fisher's z, with one year less for the trend.
  public let interval: ClosedRange<Double>?
  /// Whether there are enough years and the interval leaves zero out.
  public let isDistinguishable: Bool

  /// - Parameters:
  ///   - effects: by year; see ``PanelInnovations``.
  ///   - shocks: the driver's own news, by year; see ``shocks(_:id:store:area:)``.
  init(_ effects: [Int: Double], _ shocks: [Int: Double], fewestYears: Int) {
    years = effects.keys.filter { shocks[$0] != nil }.sorted()
    guard years.count >= 6 else {
      (correlation, interval, isDistinguishable) = (nil, nil, false)
      return
    }
    let x = YearEffectCorrelation.withoutTrend(years.map { effects[$0] ?? 0 }, years)
    let y = YearEffectCorrelation.withoutTrend(years.map { shocks[$0] ?? 0 }, years)
    let cross = Reductions.sum(zip(x, y).map { $0 * $1 })
    let scale = (Reductions.sum(x.map { $0 * $0 }) * Reductions.sum(y.map { $0 * $0 })).squareRoot()
    guard scale > 0 else {
      (correlation, interval, isDistinguishable) = (nil, nil, false)
      return
    }
    let r = min(max(cross / scale, -0.999_999), 0.999_999)
    let z = 0.5 * VectorMath.log((1 + r) / (1 - r))
    let half = VectorMath.normalQuantile(0.975) / Double(years.count - 4).squareRoot()
    func back(_ z: Double) -> Double { 1 - 2 / (VectorMath.exp(2 * z) + 1) }
    let interval = back(z - half)...back(z + half)
    correlation = r
    self.interval = interval
    isDistinguishable = years.count >= fewestYears && !interval.contains(0)
  }

  /// The residuals of a straight line through the years.
  private static func withoutTrend(_ values: [Double], _ years: [Int]) -> [Double] {
    let mean = Reductions.mean(values)
    let middle = Reductions.mean(years.map(Double.init))
    let times = years.map { Double($0) - middle }
    let square = Reductions.sum(times.map { $0 * $0 })
    let slope = square > 0 ? Reductions.sum(zip(times, values).map { $0 * ($1 - mean) }) / square : 0
    return zip(times, values).map { $1 - mean - slope * $0 }
  }

  /// The yearly news of a world driver: what an autoregression of order one, fitted to pairs of neighbouring years, leaves.
  ///
  /// Years that the model declares exceptional (pulse and rebound) are no shocks of the kind that is drawn, so they are left out.
  static func shocks(
    _ specification: SeriesSpecification, id: String, store: ObservationStore, area: String
  ) -> [Int:
    Double]
  {
    var values = store.annual(specification.observedIndicator ?? id, area: specification.observedArea ?? area)
      .filter { $0.value.status != .plan && $0.key >= specification.from ?? .min }.mapValues(\.value)
    for intervention in specification.interventions {
      switch intervention {
      case .pulse(let years), .rebound(let years): for year in years { values[year] = nil }
      default: break
      }
    }
    let years = values.keys.filter { values[$0 - 1] != nil }.sorted()
    guard years.count >= 4 else { return [:] }
    let (now, before) = (years.map { values[$0] ?? 0 }, years.map { values[$0 - 1] ?? 0 })
    let (meanNow, meanBefore) = (Reductions.mean(now), Reductions.mean(before))
    let square = Reductions.sum(before.map { ($0 - meanBefore) * ($0 - meanBefore) })
    let cross = Reductions.sum(zip(now, before).map { ($0 - meanNow) * ($1 - meanBefore) })
    let slope = square > 0 ? cross / square : 0
    return Dictionary(
      uniqueKeysWithValues: years.indices.map { i in
        (years[i], now[i] - meanNow - slope * (before[i] - meanBefore))
      })
  }
}
