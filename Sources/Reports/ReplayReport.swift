import Scenarios
import TextFiles

/// What `simulate backtest` prints of the model's own past: a page for people, or tables for programs.
public enum ReplayReport {
  /// - Parameter format: table, md, csv (one row per indicator, horizon and choice of years) or json.
  public static func write(
    _ replay: Replay, language: Language, format: String, width: Int, to sink: any TextSink
  ) throws {
    switch format {
    case "csv": try writeCSV(replay, to: sink)
    case "json": try writeJSON(replay, to: sink)
    default:
      try sink.write(ReplayText(replay: replay, say: Phrases(language)).text(markdown: format == "md", width: width))
    }
  }

  /// The columns of a score, by name.
  private static func numbers(_ score: ReplayScore) -> [(name: String, value: Double)] {
    [
      ("mae", score.meanAbsoluteError), ("naive_mae", score.naiveError), ("ratio", score.ratio),
      ("mase", score.scaledError),
    ] + zip(ReplayBand.allCases, score.coverage).map { ("coverage\($0.rawValue)", $1) }
      + zip(ReplayBand.allCases, score.intervalScores).map { ("interval_score\($0.rawValue)", $1) }
  }

  private static func pool(_ indicator: ReplayIndicator) -> String { indicator.pool.rawValue }

  private static func years(_ score: ReplayScore) -> String { score.withoutBreaks ? "without_breaks" : "all" }

  private static func writeCSV(_ replay: Replay, to sink: any TextSink) throws {
    var writer = CSVWriter(to: sink)
    try writer.record([
      "indicator", "pool", "horizon", "years", "count", "areas", "first_origin", "last_origin", "mae", "naive_mae",
      "ratio", "mase", "coverage50", "coverage80", "coverage95", "interval_score50", "interval_score80",
      "interval_score95", "not_testable",
    ])
    for indicator in replay.indicators {
      if case .notTestable(let reason) = indicator.outcome {
        writer.field(indicator.definition.id)
        writer.field(pool(indicator))
        for _ in 0..<16 { writer.emptyField() }
        writer.field(reason.code)
        try writer.endRecord()
      }
      for score in indicator.scores {
        writer.field(indicator.definition.id)
        writer.field(pool(indicator))
        writer.field(score.horizon)
        writer.field(years(score))
        writer.field(score.count)
        writer.field(score.areas)
        writer.field(score.firstOrigin.description)
        writer.field(score.lastOrigin.description)
        for (_, value) in numbers(score) { writer.field(value) }
        writer.emptyField()
        try writer.endRecord()
      }
    }
    try writer.finish()
  }

  private static func writeJSON(_ replay: Replay, to sink: any TextSink) throws {
    var json = JSONWriter(to: sink)
    try json.object { json in
      try json.key("replay")
      try json.object { json in
        try json.member("version", replay.fingerprint.version)
        try json.member("fingerprint", replay.fingerprint.combined)
        try json.member("area", replay.area)
        try json.member("draws", replay.settings.draws)
        try json.member("seed", "\(replay.settings.seed)")
        try json.member("horizon", replay.settings.horizons.upperBound)
        try json.member("day", replay.settings.day?.description)
        try json.key("origins")
        try json.array { json in for origin in replay.origins { try json.value(origin.description) } }
        try json.key("skipped")
        try json.array { json in
          for skipped in replay.skipped {
            try json.object { json in
              try json.member("as_of", skipped.asOf.description)
              try json.member("reason", skipped.reason)
            }
          }
        }
      }
      try json.key("indicators")
      try json.array { json in for indicator in replay.indicators { try write(indicator, &json) } }
      try json.key("day")
      try json.array { json in
        for forecast in replay.dayForecasts { try json.object { try members(forecast, &$0) } }
      }
    }
    try json.finish()
  }

  private static func write(_ indicator: ReplayIndicator, _ json: inout JSONWriter) throws {
    try json.object { json in
      try json.member("indicator", indicator.definition.id)
      try json.key("names")
      try json.object { json in
        for language in Language.allCases { try json.member(language.rawValue, indicator.definition.name[language]) }
      }
      try json.member("unit", indicator.definition.unit)
      try json.member("pool", pool(indicator))
      var reason: ReplayIndicator.Reason?
      if case .notTestable(let found) = indicator.outcome { reason = found }
      try json.member("not_testable", reason?.code)
      try json.key("scores")
      try json.array { json in
        for score in indicator.scores {
          try json.object { json in
            try json.member("horizon", score.horizon)
            try json.member("years", years(score))
            try json.member("count", score.count)
            try json.member("areas", score.areas)
            try json.member("first_origin", score.firstOrigin.description)
            try json.member("last_origin", score.lastOrigin.description)
            for (name, value) in numbers(score) { try json.member(name, value) }
            try json.member("clear_miss", score.isClearMiss)
          }
        }
      }
      // Thousands of forecasts of other provinces would drown the province's own.
      try json.key("forecasts")
      try json.array { json in
        for forecast in indicator.isPooled ? [] : indicator.forecasts {
          try json.object { try members(forecast, &$0) }
        }
      }
    }
  }

  private static func members(_ forecast: ReplayForecast, _ json: inout JSONWriter) throws {
    try json.member("indicator", forecast.indicator)
    try json.member("as_of", forecast.asOf.description)
    try json.member("last_known_year", forecast.lastKnownYear)
    try json.member("last_known", forecast.lastKnown)
    try json.member("year", forecast.year)
    for (name, value) in zip(NodeStatistics.names, forecast.quantiles) { try json.member(name, value) }
    try json.member("actual", forecast.actual)
    try json.member("inside80", forecast.isInside(.wide))
    try json.member("declared_break", forecast.isBreak)
  }
}
