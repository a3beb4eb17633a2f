/// Which components an exponential smoothing state-space model has, and how they enter.
///
/// Written ETS(error, trend, season), for example ETS(M,Ad,N). The thirty forms of the literature less those with a multiplicative
/// trend (prone to explosive forecasts) and those with additive errors and a multiplicative season (unstable variances) leave the
/// fifteen of ``all``, the same that R's `ets` tries by default.
///
/// Source: Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing (2008), table 2.1.
public struct ETSForm: Hashable, Sendable, CustomStringConvertible {
  public enum Error: Int, Hashable, Sendable, CaseIterable {
    /// Errors in the unit of the series.
    case additive
    /// Errors relative to the one-step forecast; for strictly positive series only.
    case multiplicative
  }

  public enum Trend: Int, Hashable, Sendable, CaseIterable {
    case none
    /// A slope that changes like the level does.
    case additive
    /// A slope that fades out.
    case damped
  }

  public enum Season: Int, Hashable, Sendable, CaseIterable {
    case none
    /// Added to level and trend; the states of a period add up to about 0.
    case additive
    /// Multiplied with level and trend; the states of a period average about 1.
    case multiplicative
  }

  public let error: Error
  public let trend: Trend
  public let season: Season

  /// Nil for additive errors with a multiplicative season.
  public init?(_ error: Error, _ trend: Trend = .none, _ season: Season = .none) {
    guard error == .multiplicative || season != .multiplicative else { return nil }
    self.init(checked: error, trend, season)
  }

  private init(checked error: Error, _ trend: Trend, _ season: Season) {
    self.error = error
    self.trend = trend
    self.season = season
  }

  /// The form of a short name, as "ANN", "MAdM" or "ETS(M,Ad,M)"; nil for anything else.
  public init?(_ name: String) {
    var letters = name
    if letters.hasPrefix("ETS(") && letters.hasSuffix(")") {
      letters = String(letters.dropFirst(4).dropLast().filter { $0 != "," })
    }
    guard let form = Self.all.first(where: { $0.shortName == letters }) else { return nil }
    self = form
  }

  /// ETS(A,N,N), simple exponential smoothing.
  public static let simple = ETSForm(checked: .additive, .none, .none)

  /// All fifteen forms, from simple to rich; of forms that fit equally well the selection takes the first.
  public static let all: [ETSForm] = Season.allCases.flatMap { season in
    Trend.allCases.flatMap { trend in
      Error.allCases.compactMap { error in ETSForm(error, trend, season) }
    }
  }

  /// The six forms without a season.
  public static let nonSeasonal: [ETSForm] = all.filter { $0.season == .none }

  public var hasTrend: Bool { trend != .none }
  public var isSeasonal: Bool { season != .none }

  /// Whether every value enters additively, so that the forecast is linear in the data.
  public var isAdditive: Bool { error == .additive }

  /// Estimated values without the variance: smoothing parameters and initial states, of which a season has one fewer than its
  /// period because of its normalisation.
  public func parameterCount(seasonalPeriod: Int) -> Int {
    2 + (trend == .none ? 0 : 2) + (trend == .damped ? 1 : 0) + (isSeasonal ? seasonalPeriod : 0)
  }

  private var letters: (String, String, String) {
    (
      error == .additive ? "A" : "M", trend == .none ? "N" : trend == .additive ? "A" : "Ad",
      season == .none ? "N" : season == .additive ? "A" : "M"
    )
  }

  /// For example "MAdN".
  public var shortName: String {
    let (error, trend, season) = letters
    return error + trend + season
  }

  /// For example "ETS(M,Ad,N)".
  public var description: String {
    let (error, trend, season) = letters
    return "ETS(\(error),\(trend),\(season))"
  }
}
