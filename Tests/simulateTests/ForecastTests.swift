import Foundation
import Testing

/// `simulate forecast`, run as users run it.
@Suite struct ForecastTests {
  static let file = Spawned.package + "/Tests/Fixtures/series_quarterly.csv"

  private func forecast(_ more: [String], input: String = ForecastTests.file) throws -> Spawned.Outcome {
    try simulate(["forecast", "--input", input, "--horizon", "3"] + more)
  }

  private func cells(_ outcome: Spawned.Outcome) -> [[String]] {
    outcome.lines.dropLast().map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  @Test(arguments: [["--method", "naive"], ["--method", "drift", "--calibrate", "series"], []])
  func theCSVHasEveryStepOnce(_ options: [String]) throws {
    let outcome = try forecast(options + ["--quiet"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let rows = cells(outcome)
    #expect(rows[0] == ["unique_id", "step", "mean", "lo80", "hi80", "lo95", "hi95"])
    let expected = ["hotels,1", "hotels,2", "hotels,3", "=SUM(A1),1", "=SUM(A1),2", "=SUM(A1),3"]
    #expect(rows.dropFirst().map { $0[0] + "," + $0[1] } == expected)
    for row in rows.dropFirst() {
      let numbers = row.dropFirst(2).compactMap(Double.init)
      try #require(numbers.count == 5)
      #expect(numbers.allSatisfy { $0.isFinite })
      #expect(numbers[3] <= numbers[1] && numbers[1] <= numbers[2] && numbers[2] <= numbers[4])
      // The shortest decimals that read back.
      for (text, number) in zip(row.dropFirst(2), numbers) { #expect(text.count <= "\(number)".count) }
    }
  }

  @Test func naiveCarriesTheLastValueForward() throws {
    let rows = cells(try forecast(["--method", "naive"]))
    #expect(rows.dropFirst().map { $0[2] } == ["130", "130", "130", "15", "15", "15"])
  }

  @Test func levelsAreSortedAndNamed() throws {
    let outcome = try forecast(["--method", "naive", "--level", "99.5,50"])
    #expect(outcome.lines[0] == "unique_id,step,mean,lo50,hi50,lo99.5,hi99.5")
  }

  @Test func everyWayInGivesTheSameForecasts() throws {
    let folder = try TemporaryFolder()
    let text = try String(contentsOfFile: Self.file, encoding: .utf8)
    let lines = text.split(separator: "\n").map(String.init)
    let sorted =
      [lines[0]] + lines.dropFirst().filter { $0.hasPrefix("hotels") }.sorted()
      + lines.dropFirst().filter { !$0.hasPrefix("hotels") }.sorted()
    try folder.file("sorted.csv", sorted.joined(separator: "\n") + "\n")
    try folder.file("crlf.csv", "\u{FEFF}" + lines.joined(separator: "\r\n"))
    for calibrate in ["file", "series"] {
      let options = ["--method", "naive", "--calibrate", calibrate]
      let expected = try forecast(options)
      #expect(expected.code == 0 && expected.lines.count == 8)
      for name in ["sorted.csv", "crlf.csv"] {
        #expect(try forecast(options, input: folder.path + "/" + name).bytes == expected.bytes, "\(name) \(calibrate)")
      }
      for way in ["cat sorted.csv |", "gzip -c crlf.csv |"] {
        let piped = try shell(
          "\(way) $simulate forecast --input - --horizon 3 \(options.joined(separator: " "))", in: folder.path)
        #expect(piped.bytes == expected.bytes, "\(way) \(piped.errors)")
      }
      #expect(try forecast(options + ["--threads", "3"]).bytes == expected.bytes)
      let written = try forecast(options + ["--output", folder.path + "/out.csv"])
      #expect(written.code == 0 && written.bytes.isEmpty)
      #expect(try folder.bytes("out.csv") == expected.bytes)
    }
  }

  @Test func aFileWithoutIdsIsOneSeries() throws {
    let folder = try TemporaryFolder()
    let rows = (1...9).map { "2026-0\($0),\($0 * $0 % 7)" }
    let path = try folder.file("one.csv", "period,arrivals\n" + rows.joined(separator: "\n") + "\n")
    let outcome = try forecast(["--time", "period", "--value", "arrivals", "--format", "json"], input: path)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let json = try JSONValue(outcome.bytes)
    #expect(json.keys == ["method", "horizon", "season", "calibration", "series"])
    #expect(json["season"]?.number == 12 && json["method"]?.string == "combination")
    let series = json["series"]?.elements.first
    #expect(series?["unique_id"]?.string == "arrivals")
    #expect(series?["steps"]?.elements.map { $0["time"]?.string } == ["2026-10", "2026-11", "2026-12"])
    #expect(
      series?["steps"]?.elements.allSatisfy { $0.keys == ["step", "time", "mean", "lo80", "hi80", "lo95", "hi95"] }
        ?? false)
  }

  @Test func explanationsStandInTheirPlace() throws {
    let csv = try forecast(["--explain", "--lang", "en"])
    #expect(csv.code == 0)
    #expect(csv.lines[0] == "unique_id,step,mean,lo80,hi80,lo95,hi95" && csv.lines.count == 8)
    let lines = csv.errors.split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("hotels: ") } >= 1 && lines.count { $0.hasPrefix("=SUM(A1): ") } >= 1)
    #expect(lines.allSatisfy { $0.hasPrefix("hotels: ") || $0.hasPrefix("=SUM(A1): ") })
    let json = try JSONValue(try forecast(["--explain", "--format", "json"]).bytes)
    for series in json["series"]?.elements ?? [] {
      #expect(series.keys == ["unique_id", "model", "explanation", "notes", "steps"])
      #expect(series["explanation"]?.keys == ["vi", "en"])
    }
    let table = try forecast(["--format", "table", "--lang", "vi", "--explain"])
    #expect(table.errors.isEmpty)
    #expect(table.text.contains("Dự báo 3 kỳ") && table.text.contains("2025-Q3") && table.text.contains("Khoảng 95%"))
    let plain = try forecast(["--format", "table", "--lang", "vi"])
    #expect(table.lines.count > plain.lines.count)
    #expect(try forecast(["--format", "md", "--lang", "en"]).text.contains("| 2025-Q1 "))
  }

  @Test func componentsAreRows() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/parts.csv"
    #expect(try forecast(["--components", path, "--method", "ets"]).code == 0)
    #expect(try folder.text("parts.csv").hasPrefix("unique_id,t,component,value\n"))
  }

  @Test func theChartHoldsItsData() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/chart.json"
    #expect(try forecast(["--chart", path, "--lang", "en"]).code == 0)
    let chart = try JSONValue(try folder.bytes("chart.json"))
    #expect(chart["$schema"]?.string == "https://vega.github.io/schema/vega-lite/v5.json")
    let rows = chart["data"]?["values"]?.elements ?? []
    #expect(rows.count == 2 * (12 + 3))
    #expect(rows[0]["x"]?.string == "2022-01-01" && rows[0]["time"]?.string == "2022-Q1")
    #expect(rows[0]["observed"]?.number == 120 && rows[8]["observed"] == .null)
    #expect(rows[14].keys == ["series", "x", "time", "mean", "lower1", "upper1", "lower2", "upper2", "name"])
    #expect(chart["facet"]?["field"]?.string == "series")
    // Two bands, two lines, the name of the past in three places, that of the forecast and of the bands.
    #expect(chart["spec"]?["layer"]?.elements.count == 10)
    let single = try shell(
      "grep -E '^unique|^hotels' '\(Self.file)' | $simulate forecast --input - --horizon 2 --chart '\(path)' --lang vi")
    #expect(single.code == 0, "\(single.errors)")
    let alone = try JSONValue(try folder.bytes("chart.json"))
    #expect(alone["facet"] == nil && alone["layer"] != nil)
    #expect(alone["title"]?["text"]?.string == "hotels: dự báo 2 kỳ")
  }

  @Test func aChartOfManySeriesIsRefused() throws {
    let folder = try TemporaryFolder()
    let rows = (1...13).flatMap { id in (1...4).map { "s\(id),\($0),\($0)" } }
    let path = try folder.file("many.csv", "unique_id,t,y\n" + rows.joined(separator: "\n") + "\n")
    let outcome = try forecast(["--chart", folder.path + "/c.json"], input: path)
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("--chart shows up to 12 series, the file has 13"))
    #expect(folder.names == ["many.csv"])
  }

  @Test func futureRegressorsAreChecked() throws {
    let folder = try TemporaryFolder()
    let rows = (1...12).map { "a,\($0),\($0 * $0 % 7),\($0 % 3)" }
    let input = try folder.file("x.csv", "unique_id,t,y,holiday\n" + rows.joined(separator: "\n") + "\n")
    let good = try folder.file("good.csv", "unique_id,t,holiday\na,13,0\na,14,1\na,15,2\na,16,0\n")
    let options = ["--method", "arima", "--future-regressors"]
    #expect(try forecast(options + [good], input: input).code == 0)
    let bad = try folder.file("bad.csv", "unique_id,t,holiday\na,13,0\na,15,\nb,13,1\n")
    let outcome = try forecast(options + [bad], input: input)
    #expect(outcome.code == 65)
    #expect(
      outcome.errors.contains("bad.csv:3:6: holiday: a number is expected, the field is empty"), "\(outcome.errors)")
    let gap = try folder.file("gap.csv", "unique_id,t,holiday\na,13,0\na,15,1\nb,13,1\na,13,2\n")
    let errors = try forecast(options + [gap], input: input).errors
    #expect(errors.contains("gap.csv:4: the input has no series 'b'"))
    #expect(errors.contains("gap.csv:5: series 'a' has the time 13 twice, first in line 2"))
    #expect(errors.contains("series 'a' has no row for 14; every series needs the 3 times after its last row"))
    let other = try folder.file("other.csv", "unique_id,t,holidays\na,13,0\n")
    let missing = try forecast(options + [other], input: input)
    #expect(missing.code == 65 && missing.errors.contains("did you mean 'holiday'?"))
    let useless = try forecast(["--future-regressors", good], input: input)
    #expect(useless.code == 64 && useless.errors.contains("needs --method arima or --method structural"))
  }

  // MARK: Failing

  @Test(arguments: [
    (["--horizon", "0"], "--horizon must lie between 1 and 1000, not 0."),
    (["--method", "combnation"], "not 'combnation'; did you mean 'combination'?"),
    (["--method", "prophet"], "--method must be one of naive, snaive, drift, mean, ses, ets"),
    (["--level", "80,x"], "--level takes percentages from 1 to 99.99 as in --level 80,95, not 'x'."),
    (["--level", "80,100"], "not '100'"), (["--level", "80,80"], "names a percentage twice"),
    (["--season", "0"], "--season must lie between"), (["--threads", "0"], "--threads must lie between"),
    (["--calibrate", "none"], "'none'"), (["--value", "yy"], "--value: there is no column 'yy'"),
    (["--chart", "-"], "--chart needs the name of a file"),
    (["--output", "a.csv", "--components", "a.csv"], "must be different files"),
    (["--id", "t"], "must name different columns"),
  ])
  func wrongUseIsRefused(_ options: [String], _ message: String) throws {
    let outcome = try simulate(["forecast", "--input", Self.file, "--horizon", "3"] + options)
    #expect(outcome.code == 64 && outcome.bytes.isEmpty)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test(arguments: [
    ("", "d.csv: the file is empty"), ("unique_id,t,y\n", "d.csv: the file has a header but no rows"),
    ("uniqe_id,t,y\na,1,2\n", "d.csv:1: there is no column 'unique_id'; if 'uniqe_id' holds"),
    ("unique_id,time,y\na,1,2\n", "d.csv:1: there is no column 't'; name another one with --time"),
    ("unique_id;t;y\na;1;2\n", "the fields seem to be separated by ';'"),
    ("unique_id,t,y\na,1,2\na,2,3\na,1,4\n", "d.csv:4: series 'a' has the time 1 twice, first in line 2"),
    ("t,y\n1,2\n2,3\n2,4\n", "d.csv:4: the series has the time 2 twice, first in line 3; if the file holds several"),
    ("unique_id,t,y\na,1,2\na,2,3\na,4,4\n", "d.csv:4: series 'a' has a gap before 4: 3 is missing after line 3; add"),
    ("unique_id,t,y\na,2026-Q1,2\na,2026-07,3\n", "d.csv:3:3: t: '2026-07' is a month, the times before are quarters"),
    ("unique_id,t,y\na,30/06/2027,2\n", "d.csv:2:3: t: '30/06/2027' is not a time; write"),
    ("unique_id,t,y\na,2027-02-30,2\n", "d.csv:2:3: t: the calendar has no '2027-02-30'"),
    ("unique_id,t,y\na,1,NaN\n", "d.csv:2:5: y: 'NaN' is not a finite number; leave a missing value empty"),
    ("unique_id,t,y\na,1,inf\n", "d.csv:2:5: y: 'inf' is not a finite number"),
    ("unique_id,t,y\na,1,1e999\n", "d.csv:2:5: y: '1e999' is too large"),
    ("unique_id,t,y\na,1,\na,2,\n", "d.csv:2: series 'a' has no value in any of its rows"),
    ("unique_id,t,y\n,1,2\n", "d.csv:2:1: the series has no id here"),
    ("unique_id,t,y\na,1,2,3\n", "d.csv:2: the row has 4 fields, the header has 3"),
    (
      "unique_id,t,y\na,2026-01,1\na,2026-02,2\nb,2026-Q1,1\n",
      "d.csv:4:3: t: '2026-Q1' is a quarter, the times before are months"
    ),
    (
      "unique_id,t,y\na,2026-01,1\na,2026-02,2\nb,2026-01,1\nb,2026-04,1\n",
      "series 'b' has 4 times a year, series 'a' has 12"
    ),
  ])
  func badDataAreNamedWithTheirPlace(_ data: String, _ message: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("d.csv", data)
    for calibrate in ["file", "series"] {
      let outcome = try forecast(["--calibrate", calibrate, "--output", folder.path + "/out.csv"], input: path)
      #expect(outcome.code == 65)
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
      #expect(folder.names == ["d.csv"])
    }
  }

  @Test func allProblemsOfAFileAtOnce() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "d.csv", "unique_id,t,y\na,1,2\na,2,x\na,4,4\nb,1,1\nb,1,2\nc,1,\nd,zz,1\nd,3,1\nd,5,1\nd,6,1\n")
    let outcome = try forecast([], input: path)
    #expect(
      outcome.errors.replacingOccurrences(of: folder.path + "/", with: "") == """
        simulate: d.csv:3:5: y: 'x' is not a number
        simulate: d.csv:8:3: t: 'zz' is not a time; write a whole number such as 12 or 2027, or 2027-Q1, 2027-06, 2027-06-30
        simulate: d.csv:4: series 'a' has a gap before 4: 3 is missing after line 3; add the rows with an empty value
        simulate: d.csv:6: series 'b' has the time 1 twice, first in line 5
        simulate: d.csv:7: series 'c' has no value in any of its rows

        """)
    let rows = (1...150).map { "a,\($0),x" }
    let many = try forecast([], input: try folder.file("many.csv", "unique_id,t,y\n" + rows.joined(separator: "\n")))
    #expect(many.errors.split(separator: "\n").count == 101 && many.errors.contains("and 50 more"))
  }

  @Test func aMissingFileIsNamed() throws {
    let outcome = try forecast([], input: "/nonexistent/series.csv")
    #expect(outcome.code == 66 && outcome.errors.contains("no such file"))
  }

  @Test func failingOutputsAreReported() throws {
    let full = try simulate(["forecast", "--input", Self.file, "--horizon", "3"], output: "/dev/full")
    #expect(full.code == 73 && full.errors.contains("No space left on device"))
    let closed = try shell(
      "$simulate forecast --input '\(Self.file)' --horizon 900 --quiet | head -n 1; echo ${PIPESTATUS[0]}")
    #expect(closed.lines == ["unique_id,step,mean,lo80,hi80,lo95,hi95", "0", ""] && closed.errors.isEmpty)
    for option in ["--output", "--components", "--chart"] {
      #expect(try forecast([option, "/nonexistent/x"]).code == 73)
    }
  }

  @Test func aSignalStopsTheReading() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.path + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    let writer = open(pipe, O_RDWR | O_CLOEXEC)
    #expect(writer >= 0)
    defer { close(writer) }
    let header = Array("unique_id,t,y\n".utf8)
    #expect(write(writer, header, header.count) == header.count)
    let run = try Spawned(
      Spawned.binary, ["forecast", "--input", pipe, "--horizon", "3", "--output", folder.path + "/out.csv"],
      environment: Spawned.cleanEnvironment, directory: Spawned.package)
    // Once the header is taken out of the pipe the command waits for more.
    var waiting: Int32 = 1
    for _ in 0..<5000 where waiting > 0 {
      usleep(2000)
      _ = ioctl(writer, UInt(FIONREAD), &waiting)
    }
    usleep(100_000)
    kill(run.process, SIGINT)
    let outcome = try run.wait(timeout: 20)
    #expect(outcome.code == 130 && outcome.errors.isEmpty, "\(outcome)")
    #expect(folder.names == ["pipe"])
  }
}
