import Foundation
import Testing

/// `simulate backtest`, run as users run it.
@Suite struct BacktestTests {
  private func backtest(_ more: [String], input: String = ForecastTests.file) throws -> Spawned.Outcome {
    try simulate(["backtest", "--input", input, "--horizon", "1"] + more)
  }

  @Test func theCSVHasARowForEveryMethod() throws {
    let outcome = try backtest(["--format", "csv", "--method", "drift", "naive", "--origins", "3"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(
      outcome.lines[0]
        == "unique_id,method,origins,points,smape,mase,rmsse,coverage80,coverage95,msis95,crps,dm_p")
    let rows = outcome.lines.dropFirst().dropLast().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(
      rows.map { Array($0.prefix(4)) } == [
        ["", "naive", "3", "6"], ["", "drift", "3", "6"], ["hotels", "naive", "3", "3"], ["hotels", "drift", "3", "3"],
        ["=SUM(A1)", "naive", "3", "3"], ["=SUM(A1)", "drift", "3", "3"],
      ])
    #expect(rows.allSatisfy { $0.count == 12 })
    for row in rows {
      for share in row[7...8] { #expect((0...1).contains(Double(share) ?? -1)) }
      #expect(row[1] == "naive" ? row[11].isEmpty : true)
    }
  }

  @Test func theDefaultMethodsDependOnTheSeason() throws {
    let quarterly = try JSONValue(try backtest(["--format", "json", "--origins", "2"]).bytes)
    let methods = quarterly["overall"]?["methods"]?.elements.map { $0["method"]?.string }
    #expect(methods == ["naive", "snaive", "drift", "ets", "theta", "arima", "combination"])
    #expect(quarterly["season"]?.number == 4)
    #expect(quarterly.keys == ["horizon", "season", "calibration", "window", "origins", "overall", "series"])
    let plain = try JSONValue(try backtest(["--format", "json", "--origins", "2", "--season", "1"]).bytes)
    #expect(
      plain["overall"]?["methods"]?.elements.map { $0["method"]?.string }
        == ["naive", "drift", "ets", "theta", "arima", "combination"])
    for series in plain["series"]?.elements ?? [] {
      #expect(series.keys == ["unique_id", "origins", "methods", "sentence"])
      #expect(series["sentence"]?["vi"]?.string?.isEmpty == false)
      #expect(series["sentence"]?["en"]?.string?.contains("the fan") ?? false)
    }
  }

  @Test func theTableSaysWhatItMeans() throws {
    let english = try backtest(["--lang", "en", "--method", "drift", "--origins", "4"])
    #expect(english.code == 0)
    #expect(english.text.contains("Backtest: horizon 1, 4 origins") && english.text.contains("All 2 series"))
    #expect(english.text.contains("80% band of") && english.text.contains("How to read this"))
    let vietnamese = try backtest(["--lang", "vi", "--method", "naive", "--format", "md"])
    #expect(vietnamese.text.contains("Không phương pháp nào tốt hơn naive"))
    #expect(vietnamese.text.contains("## hotels"))
  }

  @Test func shortSeriesAreSaid() throws {
    let folder = try TemporaryFolder()
    let long = (1...9).map { "long,\($0),\($0 * 5 % 7)\n" }.joined()
    let path = try folder.file("s.csv", "unique_id,t,y\n" + long + "short,1,2\nshort,2,3\n")
    let outcome = try backtest(["--lang", "en", "--method", "naive"], input: path)
    #expect(outcome.code == 0 && outcome.text.contains("The series is too short to be tested."))
    let none = try backtest(["--window", "9"], input: path)
    #expect(none.code == 65)
    #expect(none.errors.contains("a backtest of horizon 1 needs at least 10 observations, found 9"), "\(none.errors)")
  }

  @Test(arguments: [
    (["--origins", "0"], "--origins must lie between 1 and 1000, not 0."),
    (["--window", "0"], "--window must be at least 1, not 0."), (["--method", "naiv"], "did you mean 'naive'?"),
    (["--horizon", "0"], "--horizon must lie between 1 and 1000, not 0."),
  ])
  func wrongUseIsRefused(_ options: [String], _ message: String) throws {
    let outcome = try backtest(options)
    #expect(outcome.code == 64 && outcome.errors.contains(message), "\(outcome.errors)")
  }
}
