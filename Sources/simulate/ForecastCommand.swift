import ArgumentParser
import Forecast
import Foundation
import Reports
import TextFiles

extension Simulate {
  struct ForecastCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "forecast",
      abstract: "Forecast the series of a CSV file, with 80% and 95% bands.",
      discussion: """
        The file has a row for every series and time, in any order: columns unique_id, t and y, or those named by \
        --id, --time and --value. Without a column of ids it holds one series, named after the column of values.
        Times are whole numbers (1, 2, 3 or years), 2027-Q1, 2027-06 or 2027-06-30, equally spaced within a series: a gap \
        or a doubled time is an error. A missing value is a row with an empty value.

        The result has the columns unique_id,step,mean,lo80,hi80,lo95,hi95; step 1 is the time after a series' last row.

        With --calibrate file the bands rest on the errors of all series of the file. With --calibrate series each stands \
        alone, and a file in which the rows of a series stand together is never held in memory as a whole.

        Examples:
          grep -E '^indicator|^pci_score,(nghe-an|da-nang),' notebooks-data/observations/pci.csv > pci.csv
          simulate forecast --input pci.csv --id area --time period --value value --horizon 3 --format table --explain
          simulate forecast --input pci.csv --id area --time period --value value --horizon 3 --chart pci.vl.json
        """)

    @OptionGroup var series: SeriesOptions

    @Option(
      name: .long,
      help: ArgumentHelp(
        "The method; naive carries the last value forward, snaive the last season.",
        valueName: "name"),
      completion: .list(MethodOption.allValueStrings))
    var method = MethodOption.combination

    @Option(name: .long, help: ArgumentHelp("The levels of the bands in percent.", valueName: "percent,..."))
    var level = LevelsOption()

    @Option(name: .long, help: "What the bands are calibrated on: all series of the file, or each series alone.")
    var calibrate = BatchForecast.Calibration.file

    @Option(
      name: .long,
      help: ArgumentHelp(
        "A CSV file with known columns for the times ahead; the input has them for the past. For arima and structural.",
        valueName: "file"), completion: .file())
    var futureRegressors: String?

    @Option(
      name: .long,
      help: ArgumentHelp(
        "A CSV file for the parts of past and forecast: unique_id,t,component,value.", valueName: "file"),
      completion: .file())
    var components: String?

    @Flag(
      name: .long,
      help: "Say which model was taken and why: on standard error, or within json, table and md.")
    var explain = false

    @Option(
      name: .long,
      help: ArgumentHelp("A file for a Vega-Lite chart of up to \(FanChart.seriesLimit) series.", valueName: "file"),
      completion: .file())
    var chart: String?

    @Option(name: .long, help: "The form of the result: csv and json for programs, table and md for people.")
    var format = OutputFormat.csv

    @Option(
      name: .shortAndLong, help: ArgumentHelp("A file instead of standard output.", valueName: "file"),
      completion: .file())
    var output: String?

    @Flag(name: .shortAndLong, help: "No progress and no remarks on standard error.")
    var quiet = false

    @OptionGroup var language: LanguageOptions

    func validate() throws {
      for problem in [method.problem, level.problem].compactMap({ $0 }) { throw ValidationError(problem) }
      if futureRegressors != nil, ![.arima, .structural].contains(method.method) {
        throw ValidationError(
          "--future-regressors needs --method arima or --method structural, \(method.method.rawValue) has no use for it."
        )
      }
      if series.input == "-", futureRegressors == "-" {
        throw ValidationError("--input and --future-regressors cannot both be standard input.")
      }
      for (option, path) in [("--components", components), ("--chart", chart)] where path == "-" || path == "" {
        throw ValidationError("\(option) needs the name of a file.")
      }
      let paths = [components, chart, output].compactMap { $0 }.filter { $0 != "-" && !$0.hasPrefix("/dev/") }
      if Set(paths).count < paths.count {
        throw ValidationError("--output, --components and --chart must be different files.")
      }
    }

    func run() throws {
      var settings = BatchForecast.Settings(horizon: series.horizon)
      settings.method = method.method
      settings.levels = level.levels
      settings.calibration = calibrate
      settings.wantsComponents = components != nil
      settings.threads = series.threadCount
      let progress = SharedProgress(isEnabled: !quiet)
      defer { progress.finish() }
      progress.update("reading")
      var remarks = Remarks(
        isExplained: explain && [.csv].contains(format), isQuiet: quiet || explain, language: language.language)
      try OutputOptions.write(to: output) { sink in
        try Self.withFile(components) { componentSink in
          try Self.withFile(chart) { chartSink in
            let source = try ForecastSource(self, settings: settings)
            settings.seasonalPeriod = source.season
            var context = ForecastReport.Context(settings: settings, language: language.language)
            context.isExplained = explain
            context.width = output == nil || output == "-" ? Terminal.width : 120
            var parts = try componentSink.map { try ComponentsFile(to: $0) }
            var charted: [ForecastReport.Entry] = []
            try ForecastReport.write(context, format: format.rawValue, to: sink) { emit in
              try source.forEachChunk(settings, progress) { entry in
                try emit(entry)
                try parts?.append(entry)
                if chartSink != nil { charted.append(entry) }
                remarks.add(entry.forecast)
              }
            }
            try parts?.finish()
            if let chartSink {
              try FanChart(valueName: source.valueName, language: language.language).write(charted, to: chartSink)
            }
          }
        }
      }
      progress.finish()
      writeToStandardError(remarks.text)
    }

    private static func withFile(_ path: String?, _ body: (CheckedOutput?) throws -> Void) throws {
      guard let path else { return try body(nil) }
      try OutputOptions.write(to: path, body)
    }
  }
}

/// What goes to standard error after the result.
private struct Remarks {
  let isExplained: Bool
  let isQuiet: Bool
  let language: Language
  private var lines = ""
  private var noteCount = 0

  init(isExplained: Bool, isQuiet: Bool, language: Language) {
    self.isExplained = isExplained
    self.isQuiet = isQuiet
    self.language = language
  }

  mutating func add(_ forecast: SeriesForecast) {
    if isExplained { lines += ForecastReport.explanation(forecast, language: language) }
    if !forecast.notes.isEmpty { noteCount += 1 }
  }

  var text: String {
    if isExplained { return lines }
    let summary = isQuiet ? "" : ForecastReport.noteCount(noteCount, language: language)
    return summary.isEmpty ? "" : "simulate: \(summary)\n"
  }
}

/// The series of a run: in memory, or read and forecast in chunks.
private struct ForecastSource {
  let season: Int
  let valueName: String
  private let path: String
  private let columns: SeriesColumns
  private let file: String
  /// Nil if the file is streamed.
  private let held: (series: [FileSeries], regressors: [[SeriesInput.Regressor]])?

  /// Reads the file, so that every problem is known before anything is written.
  init(_ command: Simulate.ForecastCommand, settings: BatchForecast.Settings) throws {
    let path = command.series.input
    let columns = command.series.columns
    (self.path, self.columns) = (path, columns)
    valueName = columns.value ?? SeriesColumns.defaultValue
    var finder = SeasonFinder(command.series.season)
    let isStreamable =
      settings.calibration == .series && command.futureRegressors == nil && command.chart == nil
      && (command.format == .csv || command.format == .json) && Self.isRegularFile(path)
    if isStreamable {
      var reader = try SeriesReader(path: path, columns: columns)
      let file = reader.file
      if try reader.forEachSeries({ try finder.add($0, file: file) }) {
        self.file = file
        held = nil
        season = finder.season
        return
      }
      finder = SeasonFinder(command.series.season)
    }
    let future = try command.futureRegressors.map { try FutureRegressors(path: $0, columns: columns) }
    var reader = try SeriesReader(path: path, columns: columns, regressors: future?.names ?? [])
    file = reader.file
    let series = try reader.readAll()
    if command.chart != nil, series.count > FanChart.seriesLimit {
      throw Diagnostic(
        .wrongUse, code: "too_many_series",
        "--chart shows up to \(FanChart.seriesLimit) series, the file has \(series.count)",
        hint: "leave it out, or put the series to be shown into a file of their own")
    }
    for one in series { try finder.add(one, file: file) }
    season = finder.season
    held = (series, try future?.join(series, horizon: settings.horizon) ?? [])
  }

  private static func isRegularFile(_ path: String) -> Bool {
    var status = stat()
    return path != "-" && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private func run(
    _ inputs: [SeriesInput], _ settings: BatchForecast.Settings, _ progress: @escaping @Sendable (Double) -> Void
  ) throws -> [SeriesForecast] {
    try reportingForecastErrors(file: file) {
      try BatchForecast.run(inputs, settings: settings, isCancelled: { Interruption.isRequested }, progress: progress)
    }
  }

  func forEachChunk(
    _ settings: BatchForecast.Settings, _ progress: SharedProgress, _ body: (ForecastReport.Entry) throws -> Void
  ) throws {
    if let held {
      let inputs = held.series.enumerated().map { index, one in
        SeriesInput(
          id: one.id, values: one.values, regressors: held.regressors.isEmpty ? [] : held.regressors[index])
      }
      let forecasts = try run(inputs, settings) { progress.update("forecasting", $0) }
      for (one, forecast) in zip(held.series, forecasts) {
        try body(ForecastReport.Entry(forecast: forecast, axis: one.axis, history: one.values))
      }
      return
    }
    var chunk: [FileSeries] = []
    var (values, done) = (0, 0)
    func flush() throws {
      try Interruption.check()
      let inputs = chunk.map { SeriesInput(id: $0.id, values: $0.values) }
      let forecasts = try run(inputs, settings) { _ in }
      for (one, forecast) in zip(chunk, forecasts) {
        try body(ForecastReport.Entry(forecast: forecast, axis: one.axis, history: one.values))
      }
      done += chunk.count
      progress.update("\(done) series")
      chunk.removeAll(keepingCapacity: true)
      values = 0
    }
    var reader = try SeriesReader(path: path, columns: columns)
    let isGrouped = try reader.forEachSeries { series in
      chunk.append(series)
      values += series.values.count
      if chunk.count >= 1024 || values > 1 << 20 { try flush() }
    }
    guard isGrouped else {
      throw Diagnostic(
        .badData, code: "changed", at: SourceLocation(file: file), "the file was changed while it was read")
    }
    if !chunk.isEmpty { try flush() }
  }
}
