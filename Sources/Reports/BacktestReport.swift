import Forecast
import TextFiles

/// What `simulate backtest` prints of the methods on a file's own series.
public enum BacktestReport {
  /// - Parameter format: table, md, csv (rows without an id are those over all series) or json.
  public static func write(
    _ test: BatchBacktest, settings: BatchBacktest.Settings, language: Language, format: String, width: Int,
    to sink: any TextSink
  ) throws {
    switch format {
    case "csv": try writeCSV(test, to: sink)
    case "json": try writeJSON(test, settings, to: sink)
    default:
      let text = BacktestText(test: test, say: Phrases(language)).text(markdown: format == "md", width: width)
      try sink.write(text)
    }
  }

  private static func writeCSV(_ test: BatchBacktest, to sink: any TextSink) throws {
    var writer = CSVWriter(to: sink)
    try writer.record([
      "unique_id", "method", "origins", "points", "smape", "mase", "rmsse", "coverage80", "coverage95", "msis95",
      "crps",
      "dm_p",
    ])
    func rows(_ id: String?, _ origins: Int, _ results: [BatchBacktest.MethodResult]) throws {
      for result in results {
        writer.field(id)
        writer.field(result.method.rawValue)
        writer.field(origins)
        writer.field(result.accuracy.points)
        for value in Measures(result).all { writer.field(value ?? .nan) }
        try writer.endRecord()
      }
    }
    try rows(nil, test.mostOrigins, test.overall)
    for series in test.series { try rows(series.id, series.origins, series.results) }
    try writer.finish()
  }

  private static func writeJSON(
    _ test: BatchBacktest, _ settings: BatchBacktest.Settings, to sink: any TextSink
  ) throws {
    var json = JSONWriter(to: sink)
    try json.object { json in
      try json.member("horizon", test.horizon)
      try json.member("season", settings.forecast.seasonalPeriod)
      try json.member("calibration", settings.forecast.calibration.rawValue)
      try json.member("window", settings.window)
      try json.member("origins", test.mostOrigins)
      try json.key("overall")
      try json.object { json in
        try results(test.overall, &json)
        try sentence(test, nil, &json)
      }
      try json.key("series")
      try json.array { json in
        for series in test.series {
          try json.object { json in
            try json.member("unique_id", series.id)
            try json.member("origins", series.origins)
            try results(series.results, &json)
            try sentence(test, series, &json)
          }
        }
      }
    }
    try json.finish()
  }

  private static func results(_ results: [BatchBacktest.MethodResult], _ json: inout JSONWriter) throws {
    try json.key("methods")
    try json.array { json in
      for result in results {
        try json.object { json in
          try json.member("method", result.method.rawValue)
          try json.member("points", result.accuracy.points)
          for (name, value) in zip(Measures.names, Measures(result).all) { try json.member(name, value) }
        }
      }
    }
  }

  private static func sentence(
    _ test: BatchBacktest, _ series: BatchBacktest.SeriesResult?, _ json: inout JSONWriter
  ) throws {
    try json.key("sentence")
    try json.object { json in
      for language in Language.allCases {
        try json.member(
          language.rawValue, BacktestText(test: test, say: Phrases(language)).sentence(series))
      }
    }
  }

  /// The columns of a method.
  fileprivate struct Measures {
    static let names = ["smape", "mase", "rmsse", "coverage80", "coverage95", "msis95", "crps", "dm_p"]
    let all: [Double?]

    init(_ result: BatchBacktest.MethodResult) {
      let accuracy = result.accuracy
      func interval(_ level: Double) -> SeriesAccuracy.IntervalAccuracy? {
        accuracy.intervals.first { $0.level == level }
      }
      all = [
        accuracy.smape, accuracy.mase, accuracy.rmsse, interval(0.8)?.coverage, interval(0.95)?.coverage,
        interval(0.95)?.msis, result.crps, result.pValue,
      ]
    }
  }
}

extension BatchBacktest {
  fileprivate var mostOrigins: Int { series.map(\.origins).max() ?? 0 }
}

/// The text for people.
private struct BacktestText {
  /// More series than this are summed up.
  private static let shownSeries = 20

  let test: BatchBacktest
  let say: Phrases

  func text(markdown: Bool, width: Int) -> String {
    var layout = ReportLayout(markdown: markdown, width: width)
    layout.title(
      say(
        "Kiểm tra ngược: tầm \(test.horizon) kỳ, \(test.mostOrigins) mốc",
        "Backtest: horizon \(test.horizon), \(test.mostOrigins) origins"))
    let tested = test.series.filter { $0.origins > 0 }
    if tested.count > 1 {
      layout.heading(say("Cả \(count(tested.count)) chuỗi", "All \(count(tested.count)) series"))
      layout.table(table(test.overall))
      layout.paragraph(sentence(nil))
      layout.paragraph(winners(tested))
    }
    for series in test.series.prefix(Self.shownSeries) {
      layout.heading(series.id)
      if series.origins > 0 { layout.table(table(series.results)) }
      layout.paragraph(sentence(series))
    }
    let rest = test.series.count - Self.shownSeries
    if rest > 0 {
      layout.paragraph(
        say(
          "Còn \(count(rest)) chuỗi; --format csv hoặc json cho kết quả của mọi chuỗi.",
          "\(count(rest)) more series; --format csv or json has the results of all."))
    }
    layout.heading(say("Cách đọc", "How to read this"))
    layout.bullet(
      say(
        "MASE, RMSSE: sai số so với sai số của cách lấy kỳ (mùa) trước trong mẫu; càng nhỏ càng tốt.",
        "MASE, RMSSE: the error in units of that of last period's (season's) value within the sample; small is good."))
    layout.bullet(
      say(
        "80%, 95%: tỷ lệ giá trị thực tế rơi vào dải; càng gần tên dải càng tốt.",
        "80%, 95%: the share of actual values inside the band; it should be near the band's name."))
    layout.bullet(
      say(
        "MSIS (95%), CRPS: chấm điểm cả dải và phân phối; càng nhỏ càng tốt.",
        "MSIS (95%), CRPS: scores of the band and of the whole distribution; small is good."))
    layout.bullet(
      say(
        "p: xác suất thấy chênh lệch với naive lớn chừng này nếu hai cách chính xác như nhau (Diebold-Mariano).",
        "p: how likely so large a difference to naive is if both are equally accurate (Diebold-Mariano)."))
    return layout.text
  }

  private func table(_ results: [BatchBacktest.MethodResult]) -> TextTable {
    var table = TextTable([
      .text(say("Phương pháp", "Method")), .number("sMAPE"), .number("MASE"), .number("RMSSE", isOptional: true),
      .number("80%"), .number("95%"), .number("MSIS", isOptional: true), .number("CRPS", isOptional: true),
      .number("p"),
    ])
    for result in results {
      let all = BacktestReport.Measures(result).all.map { $0 ?? .nan }
      table.addRow([
        result.method.rawValue, say.numbers.percent(all[0], decimals: 2), fixed(all[1]), fixed(all[2]),
        say.share(all[3]), say.share(all[4]), fixed(all[5]), fixed(all[6]), fixed(all[7]),
      ])
    }
    return table
  }

  /// Does anything beat naive, and how wide is the fan?
  func sentence(_ series: BatchBacktest.SeriesResult?) -> String {
    let origins = series?.origins ?? test.series.reduce(0) { $0 + $1.origins }
    guard let verdict = BatchBacktest.Verdict(series?.results ?? test.overall, forecasts: origins) else {
      return say("Chuỗi quá ngắn để kiểm tra.", "The series is too short to be tested.")
    }
    return gain(verdict) + " " + fan(verdict)
  }

  private func gain(_ verdict: BatchBacktest.Verdict) -> String {
    let name = verdict.best.method.rawValue
    guard verdict.gain > 0 else {
      return say(
        "Không phương pháp nào tốt hơn naive (giữ nguyên giá trị cuối).",
        "No method beats naive (the last value carried forward).")
    }
    let share = say.numbers.percent(100 * verdict.gain, decimals: 0)
    let start = say("\(name) sai ít hơn naive \(share)", "\(name) misses by \(share) less than naive")
    guard let p = verdict.best.pValue else {
      return start + say("; quá ít mốc để kiểm định.", "; there are too few origins for a test.")
    }
    if p < 0.05 { return start + say(", khác biệt rõ rệt", ", a clear difference") + " (p = \(fixed(p)))." }
    return start + say(", nhưng có thể do ngẫu nhiên", ", but that may be chance") + " (p = \(fixed(p)))."
  }

  private func fan(_ verdict: BatchBacktest.Verdict) -> String {
    let name = verdict.fan.method.rawValue
    let shares = verdict.fan.accuracy.intervals.map { interval in
      (level: say.numbers.percent(100 * interval.level, decimals: 0), held: say.share(interval.coverage))
    }
    guard let first = shares.first else { return "" }
    let others = shares.dropFirst().map {
      say(", dải \($0.level) chứa \($0.held)", ", its \($0.level) band \($0.held)")
    }.joined()
    let held = say(
      "Dải \(first.level) của \(name) chứa \(first.held) giá trị thực tế\(others)",
      "The \(first.level) band of \(name) held \(first.held) of the actual values\(others)")
    switch verdict.width {
    case .asPromised:
      return held
        + say(
          ": không lệch quá mức ngẫu nhiên, dải đáng tin.", ": within what chance allows, so the fan can be trusted.")
    case .tooNarrow: return held + say(": dải quá hẹp, hãy dè dặt hơn.", ": the fan is too narrow, be more careful.")
    case .tooWide: return held + say(": dải rộng hơn cần thiết.", ": the fan is wider than needed.")
    }
  }

  private func winners(_ series: [BatchBacktest.SeriesResult]) -> String {
    let best = series.compactMap { BatchBacktest.Verdict($0.results, forecasts: $0.origins)?.best.method }
    let counts = test.methods.map { method in (method, best.count { $0 == method }) }.filter { $0.1 > 0 }
      .sorted { $0.1 > $1.1 }
    let list = counts.map { "\($0.0.rawValue) \(count($0.1))" }.joined(separator: ", ")
    return say("Số chuỗi mà phương pháp tốt nhất: ", "Series for which a method is best: ") + list + "."
  }

  private func fixed(_ value: Double) -> String { say.numbers.fixed(value, decimals: 3) }

  private func count(_ value: Int) -> String { say.numbers.integer(value) }
}
