import Forecast

/// How forecasts of one indicator and horizon fared.
///
/// Errors are in the unit of the indicator. Forecasts of neighbouring origins share years, and provinces share what
/// happened to the country, so counts say less than they would for independent trials.
public struct ReplayScore: Sendable, Equatable {
  public var horizon: Int
  /// Whether target years that the model declares passing breaks are left out.
  public var withoutBreaks: Bool
  public var count: Int
  public var areas: Int
  public var firstOrigin: CalendarDate
  public var lastOrigin: CalendarDate
  /// Of the median, and of the last known figure carried forward.
  public var meanAbsoluteError: Double
  public var naiveError: Double
  /// Mean absolute error of the median in units of the mean absolute yearly change known at the origin (Hyndman and
  /// Koehler 2006, with the scale of each origin); NaN where there was no scale above zero.
  public var scaledError: Double
  /// The share of actual values inside the bands, in the order of ``ReplayBand``.
  public var coverage: [Double]
  /// The mean score of the bands, in the order of ``ReplayBand``: their width, and the misses times 2 / (1 - level). It
  /// is lowest for bands that are as narrow as their coverage allows (Gneiting and Raftery 2007).
  public var intervalScores: [Double]

  /// The error relative to naive: below 1 the model was better. NaN when naive was never wrong.
  public var ratio: Double { naiveError > 0 ? meanAbsoluteError / naiveError : .nan }

  public func coverage(_ band: ReplayBand) -> Double {
    ReplayBand.allCases.firstIndex(of: band).map { coverage[$0] } ?? .nan
  }

  public func intervalScore(_ band: ReplayBand) -> Double {
    ReplayBand.allCases.firstIndex(of: band).map { intervalScores[$0] } ?? .nan
  }

  /// Whether the 80% band clearly misses its name: outside 70-90% of at least 30 forecasts.
  public var isClearMiss: Bool {
    count >= ReplayScore.countForVerdict && !(0.7...0.9).contains(coverage(.wide))
  }

  /// The fewest forecasts on which a verdict on a band rests.
  public static let countForVerdict = 30

  /// - Returns: nil without forecasts.
  init?(_ forecasts: [ReplayForecast], horizon: Int, withoutBreaks: Bool) {
    guard let first = forecasts.map(\.asOf).min(), let last = forecasts.map(\.asOf).max() else { return nil }
    let count = Double(forecasts.count)
    self.horizon = horizon
    self.withoutBreaks = withoutBreaks
    self.count = forecasts.count
    areas = Set(forecasts.map(\.area)).count
    (firstOrigin, lastOrigin) = (first, last)
    let actuals = forecasts.map(\.actual)
    meanAbsoluteError = AccuracyMeasures.meanAbsoluteError(actuals, forecasts.map(\.median))
    naiveError = AccuracyMeasures.meanAbsoluteError(actuals, forecasts.map(\.lastKnown))
    let scaled = forecasts.filter { $0.scale > 0 }.map { abs($0.error) / $0.scale }
    scaledError = scaled.isEmpty ? .nan : scaled.reduce(0, +) / Double(scaled.count)
    coverage = ReplayBand.allCases.map { band in Double(forecasts.count { $0.isInside(band) }) / count }
    intervalScores = ReplayBand.allCases.map { band in
      let (low, high) = band.positions
      return AccuracyMeasures.meanIntervalScore(
        actuals, lower: forecasts.map { $0.quantiles[low] }, upper: forecasts.map { $0.quantiles[high] },
        level: band.level)
    }
  }

  /// One score for each horizon, with a second one without breaks where they make a difference.
  static func all(_ forecasts: [ReplayForecast], horizons: ClosedRange<Int>) -> [ReplayScore] {
    horizons.flatMap { horizon -> [ReplayScore] in
      let of = forecasts.filter { $0.horizon == horizon }
      let ordinary = of.filter { !$0.isBreak }
      let rest = ordinary.count < of.count ? ReplayScore(ordinary, horizon: horizon, withoutBreaks: true) : nil
      return [ReplayScore(of, horizon: horizon, withoutBreaks: false), rest].compactMap { $0 }
    }
  }
}
