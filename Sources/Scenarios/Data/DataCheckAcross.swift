import TextFiles

/// The checks that compare rows with each other.
///
/// Arithmetic is tested on the preferred figures only.
struct DataCheckAcross {
  typealias Key = DataCheckRow.Key

  let rows: DataCheckRows
  /// The preferred row of every indicator, area and period; the first one where there are two.
  let preferred: [Key: Int]
  private(set) var findings: [DataCheckFinding] = []
  private(set) var examined: [DataCheckName: Int] = [:]

  var tables: ReferenceTables { rows.tables }

  /// Indexes the rows, and reports duplicates and double preferences on the way.
  ///
  /// The same figure of the same source may stand in two files if exactly one of the rows is preferred: a table is then
  /// kept whole beside the file of the subject. Within one file it is a duplicate in any case.
  init(_ rows: DataCheckRows) {
    self.rows = rows
    var preferred: [Key: Int] = [:]
    var latest: [Figure: Int] = [:]
    var earlier = Array(repeating: -1, count: rows.rows.count)
    preferred.reserveCapacity(rows.rows.count)
    latest.reserveCapacity(rows.rows.count)
    var duplicates: [(index: Int, first: Int)] = []
    var doubled: [(index: Int, first: Int)] = []
    for (index, row) in rows.rows.enumerated() {
      let figure = Figure(key: row.key, source: row.source, value: row.value)
      if let other = latest.updateValue(index, forKey: figure) {
        earlier[index] = other
        var candidate = other
        while candidate >= 0 {
          let first = rows.rows[candidate]
          if first.file == row.file || first.isPreferred == row.isPreferred {
            duplicates.append((index, candidate))
            break
          }
          candidate = earlier[candidate]
        }
      }
      guard row.isPreferred else { continue }
      if let first = preferred[row.key] { doubled.append((index, first)) } else { preferred[row.key] = index }
    }
    self.preferred = preferred
    examined[.duplicateRow] = rows.rows.count
    examined[.twoPreferred] = preferred.count
    for (index, first) in duplicates {
      report(
        .duplicateRow, index, "value", "the same figure of the same source stands in \(place(first))",
        hint: "remove one of the rows")
    }
    for (index, first) in doubled {
      report(
        .twoPreferred, index, "preferred", "\(place(first)) is preferred already for this indicator, area and period",
        hint: "set one of the rows to no")
    }
  }

  private struct Figure: Hashable {
    var key: Key
    var source: Int32
    var value: Double
  }

  // MARK: For the checks in the extensions

  mutating func count(_ check: DataCheckName, _ number: Int = 1) { examined[check, default: 0] += number }

  /// Remembers a finding about a field of a row.
  mutating func report(
    _ check: DataCheckName, _ index: Int, _ column: String, _ message: String, hint: String? = nil,
    indicator: String? = nil, period: String? = nil
  ) {
    let row = rows.rows[index]
    findings.append(
      DataCheckFinding(
        check: check,
        diagnostic: Diagnostic(
          .badData, code: check.rawValue, at: SourceLocation(file: rows.files[Int(row.file)], line: Int(row.line)),
          "\(column): \(message)", hint: hint),
        indicator: indicator ?? rows.indicators.text(row.key.indicator), area: rows.areas.text(row.key.area),
        period: period ?? rows.periods.text(row.key.period), pendingColumn: column))
  }

  func period(_ index: Int) -> Period? { rows.parsedPeriods[Int(rows.rows[index].key.period)] }
  func entry(_ index: Int) -> ReferenceTables.Indicator? { rows.entries[Int(rows.rows[index].key.indicator)] }

  /// The preferred rows of the yearly figures for which `isIncluded` holds, in the order of the files.
  func yearly(where isIncluded: (DataCheckRow) -> Bool) -> [(index: Int, year: Int)] {
    rows.rows.indices.compactMap { index in
      let row = rows.rows[index]
      guard row.isPreferred, isIncluded(row), preferred[row.key] == index, let year = period(index)?.calendarYear else {
        return nil
      }
      return (index, year)
    }
  }

  /// The preferred figure of another indicator in the same area and period.
  func value(_ indicator: Int32?, like key: Key) -> Double? {
    guard let indicator else { return nil }
    return preferred[Key(indicator: indicator, area: key.area, period: key.period)].map { rows.rows[$0].value }
  }

  /// `file:line` without the folder.
  private func place(_ index: Int) -> String {
    let row = rows.rows[index]
    let file = rows.files[Int(row.file)]
    return "\(file.split(separator: "/").last.map(String.init) ?? file):\(row.line)"
  }
}
