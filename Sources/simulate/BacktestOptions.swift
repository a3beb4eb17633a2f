import ArgumentParser
import Forecast
import Scenarios

/// How the model's past is replayed.
struct ReplayOptions: ParsableArguments {
  @OptionGroup var model: ModelOptions

  @Option(
    name: .long,
    help: ArgumentHelp("How many futures are drawn at each origin (100 to 100000). (default: 1000)", valueName: "count")
  )
  var draws: Int?

  @Option(name: .long, help: ArgumentHelp("The seed of the draws. (default: 1)", valueName: "number"))
  var seed: UInt64?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The day shown forecast by forecast, against the two years after it. (default: 2023-10-31)",
      valueName: "YYYY-MM-DD"))
  var asOf: String?

  /// The options that were given, in the order of the help.
  var given: [String] {
    [
      model.model == nil ? nil : "--model", draws == nil ? nil : "--draws", seed == nil ? nil : "--seed",
      asOf == nil ? nil : "--as-of",
    ].compactMap { $0 }
  }

  func settings(horizon: Int, threads: Int) -> Replay.Settings {
    var settings = Replay.Settings()
    settings.draws = draws ?? settings.draws
    settings.seed = seed ?? settings.seed
    settings.threads = threads
    settings.horizons = 1...horizon
    if let day = CalendarDate(asOf ?? "2023-10-31") {
      settings.day = day
      settings.dayYears = day.year + 1...day.year + 2
    }
    return settings
  }

  func validate() throws {
    if let draws, !(100...100_000).contains(draws) {
      throw ValidationError("--draws must lie between 100 and 100000, not \(draws).")
    }
    if let asOf, CalendarDate(asOf) == nil {
      throw ValidationError("--as-of must be a day such as 2024-06-30, not '\(asOf)'.")
    }
  }
}

/// Which series of a file are tested, and how.
struct BacktestFileOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The CSV file (also gzip), or - for standard input; without it the model is replayed.", valueName: "file"),
    completion: .file())
  var input: String?

  @OptionGroup var columns: SeriesColumnOptions

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp(
      "The methods; naive always takes part. (default: naive, snaive for seasons, drift, ets, theta, arima, combination)",
      valueName: "name"), completion: .list(MethodOption.allValueStrings))
  var method: [MethodOption] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "From how many times the forecasts start; a short series has fewer. (default: 10)", valueName: "count"))
  var origins: Int?

  @Option(
    name: .long,
    help: ArgumentHelp("Each forecast sees only so many last times. (default: all before it)", valueName: "count"))
  var window: Int?

  @Option(
    name: .long,
    help: "What the bands are calibrated on: all series of the file, or each series alone. (default: file)")
  var calibrate: BatchForecast.Calibration?

  /// The options that make no sense without a file, as far as they were given.
  var given: [String] {
    [
      columns.id == nil ? nil : "--id", columns.time == nil ? nil : "--time", columns.value == nil ? nil : "--value",
      method.isEmpty ? nil : "--method", origins == nil ? nil : "--origins", window == nil ? nil : "--window",
      calibrate == nil ? nil : "--calibrate",
    ].compactMap { $0 }
  }

  func validate() throws {
    for problem in method.compactMap(\.problem) { throw ValidationError(problem) }
    if let origins, !(1...1000).contains(origins) {
      throw ValidationError("--origins must lie between 1 and 1000, not \(origins).")
    }
    if let window, window < 1 { throw ValidationError("--window must be at least 1, not \(window).") }
  }
}
