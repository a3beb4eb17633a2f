import Forecast
import TextFiles

/// The columns of a file of series, as named by options.
struct SeriesColumns {
  static let defaultID = "unique_id"
  static let defaultTime = "t"
  static let defaultValue = "y"

  var id: String?
  var time: String?
  var value: String?
}

/// A series of a file with its times.
struct FileSeries {
  var id: String
  var values: [Double]
  var axis: TimeAxis
  /// Columns that are known beyond the sample, in the order asked for.
  var regressors: [[Double]]
  /// The line of its last row in time.
  var lastLine: Int
}

/// Reads the series of a CSV file: rows in any order, every series with equally spaced times.
///
/// An empty value is a missing one. Everything that is wrong with a file is reported at once, each problem with its line.
struct SeriesReader: ~Copyable {
  private var reader: CSVReader
  private let idField: Int?
  private let timeField: Int
  private let valueField: Int
  private let regressors: [(name: String, field: Int)]
  private let loneID: String
  private var kind: TimeLabel.Kind?
  private var reported = 0
  private var rows = 0
  /// What is wrong with whole series.
  private var seriesProblems = DiagnosticCollector(limit: 1000)

  var file: String { reader.file }

  /// - Parameter regressors: further columns of numbers.
  init(path: String, columns: SeriesColumns, regressors names: [String] = []) throws {
    let reader = try CSVReader(path: path)
    var finder = ColumnFinder(header: reader.header, file: reader.file, line: reader.line)
    let id = finder.id(columns.id)
    let time = finder.find(columns.time, default: SeriesColumns.defaultTime, option: "--time")
    let value = finder.find(columns.value, default: SeriesColumns.defaultValue, option: "--value")
    for name in names where !reader.header.contains(name) { finder.missingRegressor(name) }
    if finder.problems.isEmpty, Set([id, time, value].compactMap { $0 }).count < (id == nil ? 2 : 3) {
      finder.problems.append(
        Diagnostic(.wrongUse, code: "same_column", "--id, --time and --value must name different columns"))
    }
    if !finder.problems.isEmpty { throw DiagnosticList(finder.problems) }
    idField = if let id { reader.column(id) } else { nil }
    timeField = if let time { reader.column(time) ?? 0 } else { 0 }
    valueField = if let value { reader.column(value) ?? 0 } else { 0 }
    var found: [(name: String, field: Int)] = []
    for name in names { if let field = reader.column(name) { found.append((name, field)) } }
    regressors = found
    self.reader = reader
    loneID = value ?? SeriesColumns.defaultValue
  }

  /// All series, in the order of their first rows.
  mutating func readAll() throws -> [FileSeries] {
    var codes = TextCodes()
    var builders: [Builder] = []
    while let row = try nextRow() {
      let code = reader.code(idField, &codes)
      if code == builders.count { builders.append(Builder(regressors.count)) }
      builders[code].add(row)
    }
    var result: [FileSeries] = []
    result.reserveCapacity(builders.count)
    for index in builders.indices {
      let id = idField == nil ? loneID : codes.text(index)
      if let series = finish(&builders[index], id: id) { result.append(series) }
      builders[index] = Builder(0)
    }
    try throwProblems(isEmpty: builders.isEmpty)
    return result
  }

  /// One series after the other, as long as the rows of each stand together; no more than one is held.
  ///
  /// - Returns: false as soon as a series goes on after another one has begun; what was met until then is no result.
  mutating func forEachSeries(_ body: (FileSeries) throws -> Void) throws -> Bool {
    var codes = TextCodes()
    var current = -1
    var builder = Builder(regressors.count)
    while let row = try nextRow() {
      let known = codes.count
      let code = reader.code(idField, &codes)
      if code != current {
        guard code == known else { return false }
        if current >= 0, let series = finish(&builder, id: codes.text(current)) { try body(series) }
        current = code
        builder = Builder(regressors.count)
      }
      builder.add(row)
    }
    if current >= 0, let series = finish(&builder, id: idField == nil ? loneID : codes.text(current)) {
      try body(series)
    }
    try throwProblems(isEmpty: current < 0)
    return true
  }
}

// MARK: - Rows

extension SeriesReader {
  fileprivate struct Row {
    var line: Int
    /// Nil if the row has none that can be read.
    var time: TimeLabel?
    var value: Double
    /// Whether the value could not be read; an empty one is no mistake.
    var isValueBad = false
    var regressors: [Double]
  }

  /// The next row that belongs to a series; nil at the end.
  private mutating func nextRow() throws -> Row? {
    do {
      while try reader.next() {
        rows += 1
        if rows & 0x3FFF == 0 { try Interruption.check() }
        if let idField, reader.isEmpty(idField) {
          report(Diagnostic(.badData, code: "empty", at: reader.location(idField), "the series has no id here"))
          continue
        }
        var row = Row(line: reader.line, time: readTime(), value: .nan, regressors: [])
        switch reader.number(valueField) {
        case .success(let value): row.value = value
        case .failure(let problem):
          if problem.kind != .empty {
            row.isValueBad = true
            report(reader.diagnostic(problem, field: valueField))
          }
        }
        for regressor in regressors { row.regressors.append(readRegressor(regressor.field)) }
        return row
      }
    } catch is DiagnosticList {
      // Kept by the reader too, to be thrown with those of the series.
    }
    return nil
  }

  private mutating func readTime() -> TimeLabel? {
    switch reader.withBytes(timeField, { TimeLabel.parse($0) }) {
    case .failure(let problem):
      report(
        Diagnostic(
          .badData, code: problem.code, at: reader.location(timeField),
          "\(reader.header[timeField]): \(problem.message)", hint: problem.hint))
      return nil
    case .success(let time):
      guard let kind else {
        self.kind = time.kind
        return time
      }
      if time.kind == kind { return time }
      report(
        Diagnostic(
          .badData, code: "mixed_times", at: reader.location(timeField),
          "\(reader.header[timeField]): '\(time)' is \(time.kind.noun), the times before are \(kind.plural)",
          hint: "write all times of a file in one form"))
      return nil
    }
  }

  private mutating func readRegressor(_ field: Int) -> Double {
    switch reader.number(field) {
    case .success(let value): return value
    case .failure(let problem):
      report(reader.diagnostic(problem, field: field))
      return .nan
    }
  }

  private mutating func report(_ diagnostic: Diagnostic) {
    reported += 1
    reader.report(diagnostic)
  }

  // MARK: Whole series

  /// Puts the rows in order and checks their times; nil after reporting a problem.
  private mutating func finish(_ builder: inout Builder, id: String) -> FileSeries? {
    guard let kind, !builder.times.isEmpty else { return nil }
    builder.sort()
    let (axis, problems) = TimeAxis.find(in: builder.times.map { TimeLabel(kind: kind, position: $0) })
    // A row that could not be read leaves a gap that is none.
    let isWhole = !builder.isBroken && reader.problems.count == reported
    for problem in problems where isWhole || problem.isDuplicate { report(problem, builder, id, kind) }
    if problems.isEmpty, isWhole, !builder.hasBadValue, builder.values.allSatisfy(\.isNaN) {
      let place = SourceLocation(file: reader.file, line: Int(builder.lines[0]))
      seriesProblems.add(
        Diagnostic(.badData, code: "no_values", at: place, "\(named(id)) has no value in any of its rows"))
    }
    return FileSeries(
      id: id, values: builder.values, axis: axis, regressors: builder.regressors,
      lastLine: Int(builder.lines.last ?? 0))
  }

  private mutating func report(_ problem: TimeAxis.Problem, _ builder: Builder, _ id: String, _ kind: TimeLabel.Kind) {
    let place = problem.place
    let time = TimeLabel(kind: kind, position: builder.times[place])
    let before = TimeLabel(kind: kind, position: builder.times[place - 1])
    let location = SourceLocation(file: reader.file, line: Int(builder.lines[place]))
    let earlier = "line \(builder.lines[place - 1])"
    switch problem {
    case .duplicate:
      seriesProblems.add(
        Diagnostic(
          .badData, code: "duplicate_time", at: location,
          "\(named(id)) has the time \(time) twice, first in \(earlier)"
            + (time == before ? "" : " as \(before)"),
          hint: idField == nil ? "if the file holds several series, name the column of their ids with --id" : nil))
    case .gap(_, let missing, let first):
      let what = missing == 1 ? "\(first) is missing" : "\(missing) times from \(first) on are missing"
      seriesProblems.add(
        Diagnostic(
          .badData, code: "gap", at: location, "\(named(id)) has a gap before \(time): \(what) after \(earlier)",
          hint: "add the rows with an empty value"))
    case .irregular:
      seriesProblems.add(
        Diagnostic(
          .badData, code: "irregular_time", at: location,
          "\(named(id)) has irregular times: \(time) follows \(before) (\(earlier))",
          hint: "times must be equally spaced; else number the rows 1, 2, 3 ..."))
    }
  }

  private func named(_ id: String) -> String { idField == nil ? "the series" : "series '\(id)'" }

  private func throwProblems(isEmpty: Bool) throws {
    var all = DiagnosticCollector()
    var sorted = seriesProblems.diagnostics
    sorted.sort { ($0.location?.line ?? 0) < ($1.location?.line ?? 0) }
    all.add(reader.problems)
    all.add(DiagnosticList(sorted))
    try all.throwIfAny()
    if isEmpty {
      throw Diagnostic(
        .badData, code: "no_rows", at: SourceLocation(file: reader.file), "the file has a header but no rows")
    }
  }
}

extension CSVReader {
  /// The number of the current row's series; 0 without a column of ids.
  fileprivate func code(_ field: Int?, _ codes: inout TextCodes) -> Int {
    guard let field else {
      var none: [UInt8] = [0x2D]
      return none.withUnsafeMutableBufferPointer { Int(codes.code(UnsafeBufferPointer($0))) }
    }
    return withBytes(field) { Int(codes.code($0)) }
  }
}

/// The rows of a series so far, in the order of the file.
private struct Builder {
  var times: [Int] = []
  var values: [Double] = []
  var regressors: [[Double]]
  var lines: [UInt32] = []
  /// Whether a row had no time.
  var isBroken = false
  var hasBadValue = false
  private var isSorted = true

  init(_ regressorCount: Int) { regressors = Array(repeating: [], count: regressorCount) }

  mutating func add(_ row: SeriesReader.Row) {
    if row.isValueBad { hasBadValue = true }
    guard let time = row.time?.position else {
      isBroken = true
      return
    }
    if let last = times.last, time < last { isSorted = false }
    times.append(time)
    values.append(row.value)
    lines.append(UInt32(clamping: row.line))
    for index in regressors.indices { regressors[index].append(row.regressors[index]) }
  }

  mutating func sort() {
    if isSorted { return }
    let order = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
    times = order.map { times[$0] }
    values = order.map { values[$0] }
    lines = order.map { lines[$0] }
    for index in regressors.indices { regressors[index] = order.map { [column = regressors[index]] in column[$0] } }
    isSorted = true
  }
}

/// Finds the columns that the options name, with every problem at once.
private struct ColumnFinder {
  let header: [String]
  let file: String
  let line: Int
  var problems: [Diagnostic] = []

  init(header: [String], file: String, line: Int) {
    self.header = header
    self.file = file
    self.line = line
  }

  /// Without the default column the file holds one series, unless a column's name is nearly the default.
  mutating func id(_ name: String?) -> String? {
    if let name { return find(name, default: SeriesColumns.defaultID, option: "--id") }
    if header.contains(SeriesColumns.defaultID) { return SeriesColumns.defaultID }
    guard let near = Suggestion.nearest(to: SeriesColumns.defaultID, among: header) else { return nil }
    problems.append(
      Diagnostic(
        .badData, code: "missing_column", at: SourceLocation(file: file, line: line),
        "there is no column '\(SeriesColumns.defaultID)'",
        hint: "if '\(near)' holds the series' ids, add --id '\(near)'"))
    return nil
  }

  mutating func find(_ name: String?, default usual: String, option: String) -> String? {
    let wanted = name ?? usual
    if header.contains(wanted) { return wanted }
    let columns = header.filter { !$0.isEmpty }
    if name != nil {
      problems.append(
        Diagnostic(
          .wrongUse, code: "unknown_name", "\(option): there is no column '\(wanted)'",
          hint: Suggestion.hint(for: wanted, among: columns)))
    } else {
      problems.append(
        Diagnostic(
          .badData, code: "missing_column", at: SourceLocation(file: file, line: line),
          "there is no column '\(wanted)'", hint: hint(wanted, option, columns)))
    }
    return nil
  }

  mutating func missingRegressor(_ name: String) {
    problems.append(
      Diagnostic(
        .badData, code: "missing_column", at: SourceLocation(file: file, line: line),
        "there is no column '\(name)', which the file of future regressors has",
        hint: Suggestion.nearest(to: name, among: header).map { "did you mean '\($0)'?" }))
  }

  private func hint(_ wanted: String, _ option: String, _ columns: [String]) -> String {
    if columns.count == 1, let mark = ([";", "\t", "|"] as [Character]).first(where: { columns[0].contains($0) }) {
      return "the fields seem to be separated by '\(mark == "\t" ? "tab" : String(mark))', commas are expected"
    }
    let list = columns.joined(separator: ", ")
    if let near = Suggestion.nearest(to: wanted, among: columns) {
      return "did you mean '\(near)'? Then add \(option) '\(near)'; the columns are \(list)"
    }
    return "name another one with \(option); the columns are \(list)"
  }
}

extension TimeAxis.Problem {
  fileprivate var isDuplicate: Bool { if case .duplicate = self { true } else { false } }
}

extension TimeLabel.Kind {
  fileprivate var noun: String {
    switch self {
    case .number: "a number"
    case .quarter: "a quarter"
    case .month: "a month"
    case .day: "a day"
    }
  }

  fileprivate var plural: String {
    switch self {
    case .number: "numbers"
    case .quarter: "quarters"
    case .month: "months"
    case .day: "days"
    }
  }
}
