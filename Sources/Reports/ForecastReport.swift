import Forecast
import TextFiles

/// What `simulate forecast` prints: means and bands of the steps of every series.
public enum ForecastReport {
  /// What the whole file shares.
  public struct Context: Sendable {
    public var settings: BatchForecast.Settings
    public var isExplained = false
    public var language: Language
    public var width = 100

    public init(settings: BatchForecast.Settings, language: Language) {
      self.settings = settings
      self.language = language
    }
  }

  /// A forecast with the times and values that came before.
  public struct Entry: Sendable {
    public var forecast: SeriesForecast
    public var axis: TimeAxis
    public var history: [Double]

    public init(forecast: SeriesForecast, axis: TimeAxis, history: [Double]) {
      self.forecast = forecast
      self.axis = axis
      self.history = history
    }

    /// The time of a step, from 0.
    func time(_ step: Int) -> String { axis.text(at: history.count + step) }
  }

  /// - Parameters:
  ///   - format: csv, json, table or md; the first two hold one series at a time.
  ///   - produce: hands the forecasts over, one after the other.
  public static func write(
    _ context: Context, format: String, to sink: any TextSink,
    produce: (_ emit: (Entry) throws -> Void) throws -> Void
  ) throws {
    switch format {
    case "csv": try writeCSV(context, to: sink, produce)
    case "json": try writeJSON(context, to: sink, produce)
    default:
      var entries: [Entry] = []
      try produce { entries.append($0) }
      try sink.write(
        ForecastText(context: context, say: Phrases(context.language)).text(entries, markdown: format == "md"))
    }
  }

  static func steps(_ count: Int) -> String { count == 1 ? "1 step" : "\(count) steps" }

  /// The name of a level in columns: 80, 99.5.
  static func name(_ level: Double) -> String { NumberText.shortest((level * 1e6).rounded() / 1e4) }

  private static func writeCSV(
    _ context: Context, to sink: any TextSink, _ produce: (_ emit: (Entry) throws -> Void) throws -> Void
  ) throws {
    var writer = CSVWriter(to: sink)
    try writer.record(
      ["unique_id", "step", "mean"] + context.settings.levels.flatMap { ["lo" + name($0), "hi" + name($0)] })
    try produce { entry in
      let forecast = entry.forecast
      for step in forecast.mean.indices {
        writer.field(forecast.id)
        writer.field(step + 1)
        writer.field(forecast.mean[step])
        for band in forecast.bands {
          writer.field(band.lower[step])
          writer.field(band.upper[step])
        }
        try writer.endRecord()
      }
    }
    try writer.finish()
  }

  private static func writeJSON(
    _ context: Context, to sink: any TextSink, _ produce: (_ emit: (Entry) throws -> Void) throws -> Void
  ) throws {
    var json = JSONWriter(to: sink)
    try json.object { json in
      let settings = context.settings
      try json.member("method", settings.method.rawValue)
      try json.member("horizon", settings.horizon)
      try json.member("season", settings.seasonalPeriod)
      try json.member("calibration", settings.calibration.rawValue)
      try json.key("series")
      try json.array { json in
        try produce { entry in
          let forecast = entry.forecast
          try json.object { json in
            try json.member("unique_id", forecast.id)
            if context.isExplained { try explain(forecast, &json) }
            try json.key("steps")
            try json.array { json in
              for step in forecast.mean.indices {
                try json.object { json in
                  try json.member("step", step + 1)
                  try json.member("time", entry.time(step))
                  try json.member("mean", forecast.mean[step])
                  for band in forecast.bands {
                    try json.member("lo" + name(band.level), band.lower[step])
                    try json.member("hi" + name(band.level), band.upper[step])
                  }
                }
              }
            }
          }
        }
      }
    }
    try json.finish()
  }

  private static func explain(_ forecast: SeriesForecast, _ json: inout JSONWriter) throws {
    try json.member("model", forecast.model)
    try json.key("explanation")
    try sentence(forecast.explanation, &json)
    try json.key("notes")
    try json.array { json in for note in forecast.notes { try sentence(note, &json) } }
  }

  private static func sentence(_ sentence: BilingualSentence, _ json: inout JSONWriter) throws {
    try json.object { json in
      try json.member("vi", sentence.vi)
      try json.member("en", sentence.en)
    }
  }

  /// `id: sentence` for the model, then for every note.
  public static func explanation(_ forecast: SeriesForecast, language: Language) -> String {
    let say = Phrases(language)
    return ([forecast.explanation] + forecast.notes).map { "\(forecast.id): \(say($0.vi, $0.en))\n" }.joined()
  }

  /// That so many forecasts carry notes; empty for none.
  public static func noteCount(_ count: Int, language: Language) -> String {
    guard count > 0 else { return "" }
    let say = Phrases(language)
    let number = say.numbers.integer(count)
    return say(
      "Có lưu ý về \(number) chuỗi (thiếu số liệu, chuỗi ngắn, đổi phương pháp); xem bằng --explain.",
      "there are remarks on \(number) series (missing values, short series, another method); --explain shows them")
  }
}

/// Rows unique_id,t,component,value of what the forecasts are made of, sample and horizon.
public struct ComponentsFile {
  private var writer: CSVWriter

  public init(to sink: any TextSink) throws {
    writer = CSVWriter(to: sink)
    try writer.record(["unique_id", "t", "component", "value"])
  }

  /// Values that do not exist have no row.
  public mutating func append(_ entry: ForecastReport.Entry) throws {
    for component in entry.forecast.components {
      let start = entry.history.count - component.sample.count
      for (index, value) in component.sample.enumerated() { try row(entry, start + index, component.name, value) }
      for (step, value) in component.forecast.enumerated() {
        try row(entry, entry.history.count + step, component.name, value)
      }
    }
  }

  public mutating func finish() throws { try writer.finish() }

  private mutating func row(_ entry: ForecastReport.Entry, _ index: Int, _ name: String, _ value: Double) throws {
    guard value.isFinite else { return }
    writer.field(entry.forecast.id)
    writer.field(entry.axis.text(at: index))
    writer.field(name)
    writer.field(value)
    try writer.endRecord()
  }
}

/// The text for people.
private struct ForecastText {
  let context: ForecastReport.Context
  let say: Phrases

  func text(_ entries: [ForecastReport.Entry], markdown: Bool) -> String {
    var layout = ReportLayout(markdown: markdown, width: context.width)
    layout.title(
      say("Dự báo \(context.settings.horizon) kỳ", "Forecast of \(ForecastReport.steps(context.settings.horizon))")
        + ": "
        + context.settings.method.rawValue)
    for entry in entries {
      layout.heading(entry.forecast.id)
      layout.table(table(entry))
      if context.isExplained {
        for sentence in [entry.forecast.explanation] + entry.forecast.notes {
          layout.paragraph(say(sentence.vi, sentence.en))
        }
      }
    }
    return layout.text
  }

  private func table(_ entry: ForecastReport.Entry) -> TextTable {
    let forecast = entry.forecast
    var table = TextTable(
      [.text(say("Kỳ", "Time")), .number(say("Dự báo", "Forecast"))]
        + forecast.bands.map { .text(say("Khoảng ", "") + percent($0.level) + say("", " interval")) })
    for step in forecast.mean.indices {
      table.addRow(
        [entry.time(step), number(forecast.mean[step])]
          + forecast.bands.map { number($0.lower[step]) + " – " + number($0.upper[step]) })
    }
    return table
  }

  private func percent(_ level: Double) -> String {
    let text = ForecastReport.name(level)
    return (say.language == .vietnamese ? String(text.map { $0 == "." ? "," : $0 }) : text) + "%"
  }

  private func number(_ value: Double) -> String { say.numbers.automatic(value, significantDigits: 5) }
}
