import ArgumentParser
import Forecast
import Reports
import Scenarios
import TextFiles

extension Simulate {
  struct BacktestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "backtest",
      abstract: "Test forecasts on the past: those of the model, or of forecasting methods on a CSV file's series.",
      discussion: """
        Without --input the model's own past is replayed: at the end of each year it is fitted to what was known then (release \
        lags are data) and its projection compared with what came: the error against the last known figure, and the coverage of \
        the 50%, 80% and 95% bands. The PCI and foreign projects are also tested over all provinces. One day, by default that of \
        the conference of October 2023, is shown forecast by forecast.

        With --input the file is that of simulate forecast. From each of the last origins every method forecasts what was then \
        the future and is compared with what came: errors (sMAPE, MASE, RMSSE), coverage of the 80% and 95% bands, scores of \
        the bands (MSIS, CRPS), and the test of Diebold and Mariano against the naive forecast.

        Examples:
          simulate backtest --model notebooks-data --format md --lang en --output track-record.md
          grep -E '^indicator|^pci_score,(nghe-an|da-nang),' notebooks-data/observations/pci.csv > pci.csv
          simulate backtest --input pci.csv --id area --time period --value value --horizon 2
          simulate backtest --input pci.csv --id area --time period --value value --horizon 1 --method naive drift
        """)

    @OptionGroup(title: "Replay of the model") var replay: ReplayOptions

    @Option(
      name: .long,
      help: ArgumentHelp(
        "How many times ahead are forecast (1 to 1000); of the model, years after the last known figure (1 to 5, default: 3).",
        valueName: "count"))
    var horizon: Int?

    @OptionGroup var work: SeriesWorkOptions
    @OptionGroup(title: "Series of a file") var file: BacktestFileOptions
    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
      guard file.input != nil else {
        if let name = file.given.first ?? (work.season == nil ? nil : "--season") {
          throw ValidationError(
            "\(name) belongs to the series of a file: give the file with --input, or leave \(name) out to replay the model."
          )
        }
        if let horizon, !(1...5).contains(horizon) {
          throw ValidationError("--horizon of the model must lie between 1 and 5 years, not \(horizon).")
        }
        return
      }
      if let name = replay.given.first {
        throw ValidationError(
          "\(name) belongs to the replay of the model, --input to the series of a file: give one of the two.")
      }
      guard let horizon else {
        throw ValidationError("--input needs --horizon: how many times ahead are forecast (1 to 1000).")
      }
      guard (1...1000).contains(horizon) else {
        throw ValidationError("--horizon must lie between 1 and 1000, not \(horizon).")
      }
    }

    func run() throws {
      if let input = file.input { try testSeries(input) } else { try replayModel() }
    }

    private func replayModel() throws {
      let folder = try replay.model.folder()
      let progress = SharedProgress(isEnabled: !output.quiet)
      defer { progress.finish() }
      progress.update("reading")
      try output.write { sink in
        let settings = replay.settings(horizon: horizon ?? 3, threads: work.threadCount)
        let result = try Replay.run(
          readCatalog(folder), folder: folder, settings: settings, isCancelled: { Interruption.isRequested },
          progress: { progress.update("replaying", $0) })
        progress.finish()
        try ReplayReport.write(
          result, language: language.language, format: output.format.rawValue, width: output.width, to: sink)
      }
    }

    private func testSeries(_ input: String) throws {
      let progress = SharedProgress(isEnabled: !output.quiet)
      defer { progress.finish() }
      progress.update("reading")
      try output.write { sink in
        var reader = try SeriesReader(path: input, columns: file.columns.columns)
        let name = reader.file
        let all = try reader.readAll()
        var finder = SeasonFinder(work.season)
        for one in all { try finder.add(one, file: name) }
        var forecast = BatchForecast.Settings(horizon: horizon ?? 1)
        forecast.seasonalPeriod = finder.season
        forecast.calibration = file.calibrate ?? .file
        forecast.threads = work.threadCount
        var settings = BatchBacktest.Settings(forecast: forecast)
        settings.methods = file.method.map(\.method)
        if file.method.isEmpty {
          settings.methods =
            [.naive, .drift, .ets, .theta, .arima, .combination] + (finder.season > 1 ? [.snaive] : [])
        }
        settings.origins = file.origins ?? 10
        settings.window = file.window
        let test = try reportingForecastErrors(file: name) {
          try BatchBacktest.run(
            all.map { SeriesInput(id: $0.id, values: $0.values) }, settings: settings,
            isCancelled: { Interruption.isRequested }, progress: { progress.update("forecasting", $0) })
        }
        progress.finish()
        try BacktestReport.write(
          test, settings: settings, language: language.language, format: output.format.rawValue, width: output.width,
          to: sink)
      }
    }
  }
}
