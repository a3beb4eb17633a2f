import ArgumentParser
import Forecast
import Reports
import TextFiles

extension Simulate {
  struct BacktestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "backtest",
      abstract: "Test the forecasting methods on the past of a CSV file's own series: would they have been right?",
      discussion: """
        The file is that of simulate forecast. From each of the last origins every method forecasts what was then the \
        future and is compared with what came: errors (sMAPE, MASE, RMSSE), coverage of the 80% and 95% bands, scores of \
        the bands (MSIS, CRPS), and the test of Diebold and Mariano against the naive forecast.

        Examples:
          grep -E '^indicator|^pci_score,(nghe-an|da-nang),' notebooks-data/observations/pci.csv > pci.csv
          simulate backtest --input pci.csv --id area --time period --value value --horizon 2
          simulate backtest --input pci.csv --id area --time period --value value --horizon 1 --method naive drift
        """)

    @OptionGroup var series: SeriesOptions

    @Option(
      name: .long, parsing: .upToNextOption,
      help: ArgumentHelp(
        "The methods; naive always takes part. (default: naive, snaive for seasons, drift, ets, theta, arima, combination)",
        valueName: "name"), completion: .list(MethodOption.allValueStrings))
    var method: [MethodOption] = []

    @Option(
      name: .long,
      help: ArgumentHelp("From how many times the forecasts start; a short series has fewer.", valueName: "count"))
    var origins = 10

    @Option(
      name: .long,
      help: ArgumentHelp("Each forecast sees only so many last times. (default: all before it)", valueName: "count"))
    var window: Int?

    @Option(name: .long, help: "What the bands are calibrated on: all series of the file, or each series alone.")
    var calibrate = BatchForecast.Calibration.file

    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
      for problem in method.compactMap(\.problem) { throw ValidationError(problem) }
      guard (1...1000).contains(origins) else {
        throw ValidationError("--origins must lie between 1 and 1000, not \(origins).")
      }
      if let window, window < 1 { throw ValidationError("--window must be at least 1, not \(window).") }
    }

    func run() throws {
      let progress = SharedProgress(isEnabled: !output.quiet)
      defer { progress.finish() }
      progress.update("reading")
      try output.write { sink in
        var reader = try SeriesReader(path: series.input, columns: series.columns)
        let file = reader.file
        let all = try reader.readAll()
        var finder = SeasonFinder(series.season)
        for one in all { try finder.add(one, file: file) }
        var forecast = BatchForecast.Settings(horizon: series.horizon)
        forecast.seasonalPeriod = finder.season
        forecast.calibration = calibrate
        forecast.threads = series.threadCount
        var settings = BatchBacktest.Settings(forecast: forecast)
        settings.methods = method.map(\.method)
        if method.isEmpty {
          settings.methods =
            [.naive, .drift, .ets, .theta, .arima, .combination] + (finder.season > 1 ? [.snaive] : [])
        }
        settings.origins = origins
        settings.window = window
        let test = try reportingForecastErrors(file: file) {
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
