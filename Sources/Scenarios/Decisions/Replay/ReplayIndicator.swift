/// What the replay says about one indicator.
public struct ReplayIndicator: Sendable {
  public enum Outcome: Sendable, Equatable {
    case tested([ReplayScore])
    case notTestable(Reason)
  }

  /// Why an indicator cannot be tested.
  public enum Reason: Sendable, Equatable {
    /// Nothing is published of it; it is computed from others or assumed.
    case noFigures
    /// Its band has no width: it is no forecast.
    case noFan
    /// Too few forecasts could be compared with what came.
    case tooFew(count: Int)

    public var code: String {
      switch self {
      case .noFigures: return "no_figures"
      case .noFan: return "no_fan"
      case .tooFew: return "too_few"
      }
    }
  }

  public let definition: IndicatorDefinition
  public let pool: ReplayPool
  public let forecasts: [ReplayForecast]
  public let outcome: Outcome

  public var isPooled: Bool { pool != .own }

  public var scores: [ReplayScore] {
    guard case .tested(let scores) = outcome else { return [] }
    return scores
  }

  /// The 80% band by target year at one horizon: a year in which all provinces missed together is one event, not sixty.
  public func years(horizon: Int) -> [ReplayYear] {
    Dictionary(grouping: forecasts.filter { $0.horizon == horizon }, by: \.year).sorted { $0.key < $1.key }.map {
      ReplayYear($1, year: $0)
    }
  }

  /// Fewer comparable forecasts than this, over all horizons, are an anecdote.
  static let fewestForecasts = 4

  init(
    _ definition: IndicatorDefinition, pool: ReplayPool, forecasts: [ReplayForecast], horizons: ClosedRange<Int>,
    hasFigures: Bool = true, hasFan: Bool = true
  ) {
    self.definition = definition
    self.pool = pool
    self.forecasts = forecasts
    if !hasFigures {
      outcome = .notTestable(.noFigures)
    } else if forecasts.isEmpty && !hasFan {
      outcome = .notTestable(.noFan)
    } else if forecasts.count < ReplayIndicator.fewestForecasts {
      outcome = .notTestable(.tooFew(count: forecasts.count))
    } else {
      outcome = .tested(ReplayScore.all(forecasts, horizons: horizons))
    }
  }
}

/// How the forecasts of one target year fared.
public struct ReplayYear: Sendable, Equatable {
  public var year: Int
  public var count: Int
  /// The shares of actual values inside the 80% band, below and above it.
  public var inside: Double
  public var below: Double
  public var above: Double

  init(_ forecasts: [ReplayForecast], year: Int) {
    let count = Double(forecasts.count)
    self.year = year
    self.count = forecasts.count
    inside = Double(forecasts.count { $0.isInside(.wide) }) / count
    below = Double(forecasts.count { $0.actual < $0.band80.low }) / count
    above = Double(forecasts.count { $0.actual > $0.band80.high }) / count
  }
}
