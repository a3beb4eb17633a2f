import TextFiles

/// What a data folder holds: every indicator at a glance, or every row of one of them, as plain values for a table.
///
///     for entry in try DataListing.list(folder) { print(entry.id, entry.firstYear ?? "-", entry.lastYear ?? "-") }
///     let detail = try DataListing.show("tourism_arrivals", area: "thanh-hoa", in: folder)
public enum DataListing {
  /// All indicators of reference/indicators.csv in the order of the table, also those without observations.
  ///
  /// - Throws: ``DiagnosticList`` with every problem of the reference tables and observation files.
  public static func list(_ folder: DataFolder) throws -> [IndicatorSummary] {
    let indicators = try indicators(folder)
    var gathered: [String: Gathered] = [:]
    for row in try ObservationStore.read(folder).observations { gathered[row.indicator, default: Gathered()].add(row) }
    return indicators.map { entry in
      let found = gathered[entry.id] ?? Gathered()
      return IndicatorSummary(
        id: entry.id, nameVietnamese: entry.nameVietnamese, nameEnglish: entry.nameEnglish, unit: entry.unit,
        areaCount: found.areas.count, firstYear: found.firstYear, lastYear: found.lastYear,
        observationCount: found.count, preferredCount: found.preferred, sourceCount: found.sources.count,
        lastKnownFrom: found.lastKnownFrom)
    }
  }

  /// Every row of one indicator, also those that are not preferred, by area, period, preference and source.
  ///
  /// An area that is known but has no rows gives none.
  /// - Throws: ``DiagnosticList``; a wrong use with the code `unknown_id` for an indicator or area that does not exist.
  public static func show(_ indicator: String, area: String? = nil, in folder: DataFolder) throws -> IndicatorDetail {
    let (tables, findings) = ReferenceTables.read(folder)
    guard let indicators = tables.indicators, let areas = tables.areas else {
      throw DiagnosticList(findings.map(\.diagnostic))
    }
    var problems: [Diagnostic] = []
    let entry = indicators.first { $0.id == indicator }
    if entry == nil { problems.append(unknown("indicator", indicator, indicators.map(\.id))) }
    if let area, !areas.contains(where: { $0.id == area }) { problems.append(unknown("area", area, areas.map(\.id))) }
    guard problems.isEmpty, let entry else { throw DiagnosticList(problems) }

    let names = Dictionary(areas.map { ($0.id, $0) }) { first, _ in first }
    let sources = Dictionary((tables.sources ?? []).map { ($0.id, $0) }) { first, _ in first }
    let rows = try ObservationStore.read(folder, indicators: [indicator]).observations
      .filter { area == nil || $0.area == area }
      .sorted { a, b in
        (a.area, a.period, a.isPreferred ? 0 : 1, a.source) < (b.area, b.period, b.isPreferred ? 0 : 1, b.source)
      }
    return IndicatorDetail(
      id: entry.id, nameVietnamese: entry.nameVietnamese, nameEnglish: entry.nameEnglish, unit: entry.unit,
      definition: entry.definition,
      rows: rows.map { row in
        ObservationListing(row, area: names[row.area], source: sources[row.source])
      })
  }

  private static func indicators(_ folder: DataFolder) throws -> [ReferenceTables.Indicator] {
    let (tables, findings) = ReferenceTables.read(folder)
    guard let indicators = tables.indicators else { throw DiagnosticList(findings.map(\.diagnostic)) }
    return indicators
  }

  private static func unknown(_ kind: String, _ id: String, _ known: [String]) -> Diagnostic {
    Diagnostic(
      .wrongUse, code: "unknown_id", "there is no \(kind) '\(id)'",
      hint: Suggestion.hint(for: id, among: known) ?? "see `simulate data list`")
  }

  /// What is counted of one indicator.
  private struct Gathered {
    var areas: Set<String> = []
    var sources: Set<String> = []
    var firstYear: Int?
    var lastYear: Int?
    var count = 0
    var preferred = 0
    var lastKnownFrom: CalendarDate?

    mutating func add(_ row: Observation) {
      areas.insert(row.area)
      sources.insert(row.source)
      firstYear = min(firstYear ?? row.period.firstYear, row.period.firstYear)
      lastYear = max(lastYear ?? row.period.lastYear, row.period.lastYear)
      count += 1
      if row.isPreferred { preferred += 1 }
      lastKnownFrom = max(lastKnownFrom ?? row.knownFrom, row.knownFrom)
    }
  }
}
