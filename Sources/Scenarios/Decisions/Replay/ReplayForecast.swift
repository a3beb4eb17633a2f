/// One forecast that the model would have made on a past day, beside what came.
public struct ReplayForecast: Sendable, Equatable {
  public var indicator: String
  public var pool = ReplayPool.own
  /// The province; the model's own, or another of a pooled panel.
  public var area: String
  /// The day whose knowledge was used.
  public var asOf: CalendarDate
  /// The last year whose figure was known on that day, and the figure: the naive forecast of every later year.
  public var lastKnownYear: Int
  public var lastKnown: Double
  public var year: Int
  /// In the order of ``NodeStatistics/probabilities``.
  public var quantiles: [Double]
  /// The preferred figure of today.
  public var actual: Double
  /// Mean absolute change from year to year in the figures known on that day: the scale of ``ReplayScore/scaledError``.
  /// NaN where no two neighbouring years were known, 0 where nothing had ever changed.
  public var scale: Double
  /// Whether the model declares the target year a passing break (a `pulse`), which nobody could have foreseen.
  public var isBreak: Bool

  /// Years after the last known figure, 1 or more.
  public var horizon: Int { year - lastKnownYear }
  public var median: Double { quantiles[4] }
  public var error: Double { median - actual }
  public var naiveError: Double { lastKnown - actual }
  /// The ends of the 80% band.
  public var band80: (low: Double, high: Double) { (quantiles[2], quantiles[6]) }

  /// Whether the actual value lies in the band, ends included.
  public func isInside(_ band: ReplayBand) -> Bool {
    let (low, high) = band.positions
    return quantiles[low] <= actual && actual <= quantiles[high]
  }
}

/// Whose forecasts are judged together.
public enum ReplayPool: String, Sendable, CaseIterable {
  /// The model's own province, by the engine.
  case own
  /// All provinces, by the engine's fit.
  case allProvinces = "all_provinces"
  /// All provinces at origins with too few editions of today's method for the engine: see ``ReplayPanel``.
  case allProvincesEarly = "all_provinces_early"
}

/// A band whose coverage is measured.
public enum ReplayBand: Int, Sendable, CaseIterable {
  case half = 50
  case wide = 80
  case outer = 95

  public var level: Double { Double(rawValue) / 100 }

  /// Where its ends lie among ``NodeStatistics/probabilities``.
  var positions: (low: Int, high: Int) {
    switch self {
    case .half: return (3, 5)
    case .wide: return (2, 6)
    case .outer: return (0, 8)
    }
  }
}
