import ArgumentParser
import Forecast
import Foundation
import Synchronization
import TextFiles

/// Which series are read, and how far they are forecast.
struct SeriesOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, help: ArgumentHelp("The CSV file (also gzip), or - for standard input.", valueName: "file"),
    completion: .file())
  var input: String

  @OptionGroup var columnOptions: SeriesColumnOptions

  @Option(name: .long, help: ArgumentHelp("How many times ahead are forecast (1 to 1000).", valueName: "count"))
  var horizon: Int

  @OptionGroup var work: SeriesWorkOptions

  var columns: SeriesColumns { columnOptions.columns }
  var season: Int? { work.season }
  var threadCount: Int { work.threadCount }

  func validate() throws {
    guard (1...1000).contains(horizon) else {
      throw ValidationError("--horizon must lie between 1 and 1000, not \(horizon).")
    }
  }
}

/// Where ids, times and values stand in a file.
struct SeriesColumnOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The column of the series' ids. (default: unique_id; without such a column the file holds one series)",
      valueName: "column"))
  var id: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The column of times: whole numbers, 2027-Q1, 2027-06 or 2027-06-30. (default: t)", valueName: "column"))
  var time: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The column of values; an empty one is missing. (default: y)", valueName: "column"))
  var value: String?

  var columns: SeriesColumns { SeriesColumns(id: id, time: time, value: value) }
}

/// The season of series, and the threads that work on them.
struct SeriesWorkOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Times per season. (default: 12 for months, 4 for quarters, else 1)", valueName: "count"))
  var season: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How many threads work; the result does not depend on it. (default: one for each core)", valueName: "count"))
  var threads: Int?

  var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  func validate() throws {
    if let season, !(1...1000).contains(season) {
      throw ValidationError("--season must lie between 1 and 1000, not \(season).")
    }
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads must lie between 1 and 256, not \(threads).")
    }
  }
}

/// A method named on the command line.
struct MethodOption: ExpressibleByArgument {
  var method = BatchForecast.Method.combination
  /// Why the name cannot be used.
  var problem: String?

  static let combination = MethodOption(.combination)

  init(_ method: BatchForecast.Method) { self.method = method }

  init?(argument: String) {
    if let known = BatchForecast.Method(rawValue: argument) {
      method = known
      return
    }
    let names = BatchForecast.Method.allCases.map(\.rawValue)
    problem = "--method must be one of \(names.joined(separator: ", ")), not '\(argument)'"
    problem? += Suggestion.nearest(to: argument, among: names).map { "; did you mean '\($0)'?" } ?? "."
  }

  var defaultValueDescription: String { method.rawValue }

  static var allValueStrings: [String] { BatchForecast.Method.allCases.map(\.rawValue) }
}

/// The value of `--level`: percentages between 0 and 100, narrow first.
struct LevelsOption: ExpressibleByArgument {
  var levels = [0.8, 0.95]
  var problem: String?

  init() {}

  init?(argument: String) {
    levels = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let percent = try? parseNumber(String(part)), percent >= 1, percent <= 99.99 else {
        problem = "--level takes percentages from 1 to 99.99 as in --level 80,95, not '\(part)'."
        return
      }
      levels.append(percent / 100)
    }
    levels.sort()
    if Set(levels).count < levels.count { problem = "--level names a percentage twice: '\(argument)'." }
    if levels.count > 20 { problem = "--level takes up to 20 percentages." }
  }

  var defaultValueDescription: String { "80,95" }
}

extension BatchForecast.Calibration: ExpressibleByArgument {}

/// The season of a run: the one asked for, else that of the times, which must agree.
struct SeasonFinder {
  private let asked: Int?
  private var found: (season: Int, id: String)?

  init(_ asked: Int?) { self.asked = asked }

  var season: Int { asked ?? found?.season ?? 1 }

  /// A series of a single time does not count.
  mutating func add(_ series: FileSeries, file: String) throws {
    guard asked == nil, series.values.count > 1 else { return }
    let season = series.axis.timesPerYear
    guard let found else {
      self.found = (season, series.id)
      return
    }
    if season == found.season { return }
    throw Diagnostic(
      .badData, code: "mixed_seasons", at: SourceLocation(file: file, line: series.lastLine),
      "series '\(series.id)' has \(season) times a year, series '\(found.id)' has \(found.season)",
      hint: "put them into files of their own, or give --season")
  }
}

/// A progress line that several threads move on.
final class SharedProgress: Sendable {
  private let state: Mutex<(line: ProgressLine, share: Double)>

  init(isEnabled: Bool) { state = Mutex((ProgressLine(isEnabled: isEnabled), 0)) }

  /// Shows a share of the work; never goes back.
  func update(_ what: String, _ share: Double) {
    state.withLock { state in
      state.share = max(state.share, share)
      state.line.update("simulate: \(what) \(Int(100 * min(state.share, 1)))%")
    }
  }

  func update(_ text: String) { state.withLock { $0.line.update("simulate: " + text) } }

  func finish() { state.withLock { $0.line.finish() } }
}

/// Turns the errors of forecasting into those that a command reports.
func reportingForecastErrors<Result>(file: String, _ body: () throws -> Result) throws -> Result {
  do { return try body() } catch let error as ForecastError {
    throw Diagnostic(.badData, code: "cannot_forecast", at: SourceLocation(file: file), error.description)
  } catch let error as CancellationError {
    try Interruption.check()
    throw error
  }
}
