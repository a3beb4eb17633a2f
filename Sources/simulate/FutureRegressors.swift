import Forecast
import TextFiles

/// The file of `--future-regressors`: values of known columns for the times after the sample.
struct FutureRegressors {
  let file: String
  /// All its columns but those of ids and times.
  let names: [String]
  private let hasIDs: Bool
  private var rows: [String: [Row]] = [:]

  private struct Row {
    var time: TimeLabel
    var values: [Double]
    var line: Int
  }

  init(path: String, columns: SeriesColumns) throws {
    let time = columns.time ?? SeriesColumns.defaultTime
    var reader = try CSVReader(path: path, requiredColumns: [time] + [columns.id].compactMap { $0 })
    file = reader.file
    let idName = columns.id ?? SeriesColumns.defaultID
    let timeField = reader.column(time) ?? 0
    let idField = reader.column(idName)
    hasIDs = idField != nil
    let used = Set([time, idName, columns.value ?? SeriesColumns.defaultValue])
    names = reader.header.filter { !$0.isEmpty && !used.contains($0) }
    var fields: [Int] = []
    for name in names { if let field = reader.column(name) { fields.append(field) } }
    guard !names.isEmpty else {
      throw Diagnostic(
        .badData, code: "no_regressors", at: SourceLocation(file: file, line: reader.line),
        "there is no column beside those of ids and times", hint: "add a column for every regressor")
    }
    while try reader.next() {
      var values: [Double] = []
      for field in fields { values.append(reader.double(field) ?? .nan) }
      switch reader.withBytes(timeField, { TimeLabel.parse($0) }) {
      case .success(let label):
        let id = if let idField { reader.trimmedText(idField) } else { "" }
        rows[id, default: []].append(Row(time: label, values: values, line: reader.line))
      case .failure(let problem):
        reader.report(
          Diagnostic(
            .badData, code: problem.code, at: reader.location(timeField), "\(time): \(problem.message)",
            hint: problem.hint))
      }
    }
  }

  /// The regressors of every series, sample and horizon; times of the sample and beyond the horizon are passed over.
  func join(_ series: [FileSeries], horizon: Int) throws -> [[SeriesInput.Regressor]] {
    var problems = DiagnosticCollector()
    if hasIDs {
      let known = Set(series.map(\.id))
      for (id, rows) in rows.sorted(by: { ($0.value.first?.line ?? 0) < ($1.value.first?.line ?? 0) })
      where !known.contains(id) {
        problems.add(
          Diagnostic(
            .badData, code: "unknown_series", at: SourceLocation(file: file, line: rows.first?.line),
            "the input has no series '\(id)'", hint: Suggestion.hint(for: id, among: series.map(\.id))))
      }
    }
    var result: [[SeriesInput.Regressor]] = []
    for one in series {
      var future = names.map { _ in [Double](repeating: .nan, count: horizon) }
      var lines = [Int?](repeating: nil, count: horizon)
      let own = rows[hasIDs ? one.id : ""] ?? []
      for row in own {
        let place = SourceLocation(file: file, line: row.line)
        guard let index = one.axis.index(of: row.time) else {
          problems.add(
            Diagnostic(
              .badData, code: "irregular_time", at: place,
              "\(row.time) is not one of the times of series '\(one.id)', which go on with \(one.axis.text(at: one.values.count))"
            ))
          continue
        }
        let step = index - one.values.count
        guard (0..<horizon).contains(step) else { continue }
        if let line = lines[step] {
          problems.add(
            Diagnostic(
              .badData, code: "duplicate_time", at: place,
              "series '\(one.id)' has the time \(row.time) twice, first in line \(line)"))
          continue
        }
        lines[step] = row.line
        for (name, value) in row.values.enumerated() { future[name][step] = value }
      }
      if let step = lines.firstIndex(of: nil) {
        let missing = lines.count { $0 == nil }
        problems.add(
          Diagnostic(
            .badData, code: "missing_future", at: SourceLocation(file: file, line: own.last?.line),
            "series '\(one.id)' has no row for \(one.axis.text(at: one.values.count + step))"
              + (missing > 1 ? " and \(missing - 1) more" : ""),
            hint: "every series needs the \(horizon) times after its last row"))
      }
      result.append(
        zip(names, zip(one.regressors, future)).map { SeriesInput.Regressor(name: $0, values: $1.0 + $1.1) })
    }
    try problems.throwIfAny()
    return result
  }
}

extension CSVReader {
  /// A field without the spaces around it.
  fileprivate func trimmedText(_ field: Int) -> String {
    var text = Substring(string(field))
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }
}
