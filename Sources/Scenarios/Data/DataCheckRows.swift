import TextFiles

/// Reads observation files for the checks: tests every field of every row and keeps the sound rows.
struct DataCheckRows {
  let tables: ReferenceTables
  private(set) var files: [String] = []
  private(set) var rows: [DataCheckRow] = []
  private(set) var findings: [DataCheckFinding] = []
  private(set) var rowCount = 0
  private(set) var publishedCount = 0

  private(set) var indicators: TextIndex
  private(set) var areas: TextIndex
  private(set) var periods = TextIndex()
  private(set) var vintages = TextIndex()
  /// By the number of the text: nil where it is no period.
  private(set) var parsedPeriods: [Period?] = [nil]
  /// By the number of the text: nil where it is no known indicator.
  private(set) var entries: [ReferenceTables.Indicator?] = [nil]

  private var sources: TextIndex
  private var units: TextIndex
  private var rules: TextIndex
  private var bases = TextIndex(allowed: ["reported", "derived"])
  private var statuses = TextIndex(allowed: Set(Observation.Status.allCases.map(\.rawValue)))
  private var priceBases = TextIndex(allowed: ["current", "constant_2010", "constant_1994", "none"])
  private var preferences = TextIndex(allowed: ["yes", "no"])
  private var dates = TextIndex()
  private var parsedDates: [CalendarDate?] = [nil]
  private let entryByID: [String: ReferenceTables.Indicator]

  init(tables: ReferenceTables) {
    self.tables = tables
    entryByID = Dictionary((tables.indicators ?? []).map { ($0.id, $0) }) { first, _ in first }
    indicators = TextIndex(allowed: tables.indicators.map { Set($0.map(\.id)) })
    areas = TextIndex(allowed: tables.areas.map { Set($0.map(\.id)) })
    sources = TextIndex(allowed: tables.sources.map { Set($0.map(\.id)) })
    units = TextIndex(allowed: tables.units.map { Set($0.map(\.id)) })
    rules = TextIndex(allowed: tables.releaseRules)
  }

  /// Reads one file.
  mutating func read(_ path: String) {
    files.append(path)
    do throws(DiagnosticList) {
      var reader = try CSVReader(path: path, requiredColumns: Observation.columns)
      let columns = Columns(reader)
      let before = rowCount
      while try reader.next() {
        rowCount += 1
        readRow(reader, columns)
      }
      if rowCount == before { reportNoRows(path) }
    } catch {
      findings += error.diagnostics.map { DataCheckFinding(check: .file, diagnostic: $0) }
    }
  }

  private mutating func reportNoRows(_ path: String) {
    let diagnostic = Diagnostic(
      .badData, code: "no_rows", at: SourceLocation(file: path, line: 1), "there are no rows below the header",
      hint: "add observations, or remove the file")
    findings.append(DataCheckFinding(check: .file, diagnostic: diagnostic))
  }

  private mutating func readRow(_ reader: borrowing CSVReader, _ columns: Columns) {
    let key = DataCheckRow.Key(
      indicator: indicators.id(reader, columns.indicator), area: areas.id(reader, columns.area),
      period: periods.id(reader, columns.period))
    while entries.count < indicators.texts.count { entries.append(entryByID[indicators.texts[entries.count]]) }
    while parsedPeriods.count < periods.texts.count { parsedPeriods.append(Period(periods.texts[parsedPeriods.count])) }

    if indicators.refuses(key.indicator) {
      refuse(
        reader, columns.indicator, .unknownIndicator, key, indicators.text(key.indicator), "is not in indicators.csv",
        indicators.hint(key.indicator))
    }
    if areas.refuses(key.area) {
      refuse(reader, columns.area, .unknownArea, key, areas.text(key.area), "is not in areas.csv", areas.hint(key.area))
    }
    let source = sources.id(reader, columns.source)
    if sources.refuses(source) {
      refuse(
        reader, columns.source, .unknownSource, key, sources.text(source), "is not in sources.csv", sources.hint(source)
      )
    }
    let rule = rules.id(reader, columns.releaseRule)
    if rules.refuses(rule) {
      refuse(
        reader, columns.releaseRule, .unknownReleaseRule, key, rules.text(rule), "is not in release_rules.csv",
        rules.hint(rule))
    }
    let basis = bases.id(reader, columns.basis)
    if bases.refuses(basis) {
      refuse(reader, columns.basis, .unknownValue, key, bases.text(basis), "is no basis", bases.hint(basis))
    }
    let status = statuses.id(reader, columns.status)
    if statuses.refuses(status) {
      refuse(reader, columns.status, .unknownValue, key, statuses.text(status), "is no status", statuses.hint(status))
    }
    let priceBasis = priceBases.id(reader, columns.priceBasis)
    if priceBases.refuses(priceBasis) {
      refuse(
        reader, columns.priceBasis, .unknownValue, key, priceBases.text(priceBasis), "is no price basis",
        priceBases.hint(priceBasis))
    }
    let preferred = preferences.id(reader, columns.preferred)
    if preferences.refuses(preferred) {
      refuse(
        reader, columns.preferred, .unknownValue, key, preferences.text(preferred), "is neither yes nor no",
        preferences.hint(preferred))
    }
    let entry = entries[Int(key.indicator)]
    testUnit(reader, columns, key, entry)
    let period = testPeriod(reader, columns, key)
    testPublished(reader, columns, key, period, isPlan: statuses.text(status) == "plan")

    guard let value = testValue(reader, columns, key, entry), period != nil, key.indicator != 0, key.area != 0 else {
      return
    }
    rows.append(
      DataCheckRow(
        key: key, value: value, source: source, vintage: vintages.id(reader, columns.vintage),
        isPreferred: preferences.text(preferred) == "yes", file: Int32(files.count - 1), line: Int32(reader.line)))
  }

  /// Reports a required field that is empty or holds a text that is not allowed.
  private mutating func refuse(
    _ reader: borrowing CSVReader, _ field: Int, _ check: DataCheckName, _ key: DataCheckRow.Key, _ text: String,
    _ wording: String, _ hint: String?
  ) {
    if text.isEmpty {
      report(reader, field, .emptyField, key, "the field is empty, a value is expected")
    } else {
      report(reader, field, check, key, "'\(text)' \(wording)", hint: hint)
    }
  }

  private mutating func testUnit(
    _ reader: borrowing CSVReader, _ columns: Columns, _ key: DataCheckRow.Key, _ entry: ReferenceTables.Indicator?
  ) {
    let unit = units.id(reader, columns.unit)
    if units.refuses(unit) {
      refuse(reader, columns.unit, .unknownUnit, key, units.text(unit), "is not in units.csv", units.hint(unit))
    }
    if let entry, !units.refuses(unit), units.text(unit) != entry.unit {
      report(
        reader, columns.unit, .unitMismatch, key, "'\(units.text(unit))' is not the unit of '\(entry.id)'",
        hint: "the indicator is kept in '\(entry.unit)'")
    }
  }

  private mutating func testPeriod(
    _ reader: borrowing CSVReader, _ columns: Columns, _ key: DataCheckRow.Key
  ) -> Period? {
    if let period = parsedPeriods[Int(key.period)] { return period }
    if key.period == 0 {
      report(reader, columns.period, .emptyField, key, "the field is empty, a value is expected")
    } else {
      report(
        reader, columns.period, .badPeriod, key, "'\(periods.text(key.period))' is no period",
        hint: "write 2024, 2024-06, 2024-Q1, 2024-01/2024-05 or 2021/2025")
    }
    return nil
  }

  /// A document cannot report on a period that has not begun; a plan can. A month stands for its last day.
  private mutating func testPublished(
    _ reader: borrowing CSVReader, _ columns: Columns, _ key: DataCheckRow.Key, _ period: Period?, isPlan: Bool
  ) {
    let id = dates.id(reader, columns.published)
    guard id != 0 else { return }
    publishedCount += 1
    while parsedDates.count < dates.texts.count { parsedDates.append(CalendarDate(dates.texts[parsedDates.count])) }
    guard let date = parsedDates[Int(id)] else {
      report(
        reader, columns.published, .badDate, key, "'\(dates.text(id))' is no date",
        hint: "write 2025-01-31 or 2025-01")
      return
    }
    if let period, !isPlan, date.number < period.firstDay {
      report(
        reader, columns.published, .publishedEarly, key,
        "\(dates.text(id)) lies before the period \(period.description) begins",
        hint: "correct the date or the period, or set the status to plan")
    }
  }

  private mutating func testValue(
    _ reader: borrowing CSVReader, _ columns: Columns, _ key: DataCheckRow.Key, _ entry: ReferenceTables.Indicator?
  ) -> Double? {
    switch reader.number(columns.value) {
    case .failure(let problem) where problem.kind == .empty:
      report(reader, columns.value, .emptyField, key, "the field is empty, a value is expected")
    case .failure(let problem):
      report(reader, columns.value, .badNumber, key, problem.message, hint: problem.hint, code: problem.kind.rawValue)
    case .success(let value):
      if let entry, !entry.range.contains(value) {
        let low = NumberText.shortest(entry.range.lowerBound)
        let high = NumberText.shortest(entry.range.upperBound)
        report(
          reader, columns.value, .outOfRange, key,
          "\(NumberText.shortest(value)) is outside the range of '\(entry.id)'",
          hint: "\(low) to \(high) \(entry.unit) is allowed")
      }
      return value
    }
    return nil
  }

  private mutating func report(
    _ reader: borrowing CSVReader, _ field: Int, _ check: DataCheckName, _ key: DataCheckRow.Key, _ message: String,
    hint: String? = nil, code: String? = nil
  ) {
    findings.append(
      DataCheckFinding(
        check: check,
        diagnostic: Diagnostic(
          .badData, code: code ?? check.rawValue, at: reader.location(field), "\(reader.header[field]): \(message)",
          hint: hint),
        indicator: indicators.text(key.indicator), area: areas.text(key.area), period: periods.text(key.period)))
  }

  /// The places of the columns in one file.
  private struct Columns {
    let indicator, area, period, value, unit, basis, status, priceBasis, preferred, vintage, published: Int
    let releaseRule, source: Int

    init(_ reader: borrowing CSVReader) {
      // The reader has refused a file that lacks one of them.
      indicator = reader.column("indicator") ?? 0
      area = reader.column("area") ?? 0
      period = reader.column("period") ?? 0
      value = reader.column("value") ?? 0
      unit = reader.column("unit") ?? 0
      basis = reader.column("basis") ?? 0
      status = reader.column("status") ?? 0
      priceBasis = reader.column("price_basis") ?? 0
      preferred = reader.column("preferred") ?? 0
      vintage = reader.column("vintage") ?? 0
      published = reader.column("published") ?? 0
      releaseRule = reader.column("release_rule") ?? 0
      source = reader.column("source") ?? 0
    }
  }
}
