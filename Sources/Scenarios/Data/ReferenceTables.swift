import TextFiles

/// The tables of a data folder's `reference` folder that observations are checked and listed with.
///
/// A table that cannot be read is nil: what depends on it is left out, and the problem stands among the findings.
struct ReferenceTables: Sendable {
  var indicators: [Indicator]?
  var areas: [Area]?
  var units: [Unit]?
  var sources: [Source]?
  var releaseRules: Set<String>?
  var identities: [Identity] = []
  var exceptions: [Exception] = []
  var scoreWeights: [ScoreWeights] = []
  var merger: Merger?

  /// The number of tables that are read.
  static let fileCount = 9

  /// The number of provinces that are ranked in a year: those that exist at some time in it, or the merged ones if the
  /// merger took effect before it.
  func provinceCount(in year: Int) -> Int? {
    if let merger, merger.effectiveFrom.number <= year * 10000 + 101 { return merger.provinceCount }
    return areas?.count { area in
      area.kind == "province" && (area.validFrom?.number ?? 0) <= year * 10000 + 1231
        && (area.validUntil?.number ?? .max) > year * 10000 + 101
    }
  }

  /// Reads all tables and gathers every problem in them.
  static func read(_ folder: DataFolder) -> (tables: ReferenceTables, findings: [DataCheckFinding]) {
    var reader = ReferenceReader(folder: folder.path + "/reference/")
    var tables = ReferenceTables()
    tables.units = reader.entries("units", ["unit", "kind", "name_vi", "name_en"], key: "unit", unit)
    let unitIDs = tables.units.map { Set($0.map(\.id)) }
    tables.indicators = reader.entries(
      "indicators", ["indicator", "unit", "min", "max", "name_vi", "name_en", "definition"], key: "indicator"
    ) { row throws(Diagnostic) in
      let entry = try indicator(row)
      try known(entry.unit, in: unitIDs, row, "unit", .unknownUnit, "reference/units.csv")
      return entry
    }
    tables.areas = reader.entries(
      "areas", ["area", "kind", "name_vi", "name_en", "parent", "valid_from", "valid_until"], key: "area", area)
    tables.sources = reader.entries("sources", ["id", "url", "title", "publisher"], key: "id", source)
    tables.releaseRules = reader.entries("release_rules", ["id", "months_after_period_end"], key: "id") {
      row throws(Diagnostic) in
      _ = try row.integer("months_after_period_end")
      return try row.string("id")
    }.map { Set($0) }

    let indicatorIDs = tables.indicators.map { Set($0.map(\.id)) }
    let areaIDs = tables.areas.map { Set($0.map(\.id)) }
    let sourceIDs = tables.sources.map { Set($0.map(\.id)) }
    tables.identities =
      reader.entries(
        "identities", ["id", "total", "parts", "tolerance", "tolerance_kind", "area"], key: "id"
      ) { row throws(Diagnostic) in
        let entry = try identity(row)
        if case .indicator(let id) = entry.total {
          try known(id, in: indicatorIDs, row, "total", .unknownIndicator, "reference/indicators.csv")
        }
        for id in entry.parts {
          try known(id, in: indicatorIDs, row, "parts", .unknownIndicator, "reference/indicators.csv")
        }
        try known(entry.area, in: areaIDs, row, "area", .unknownArea, "reference/areas.csv")
        return entry
      } ?? []
    let checks = Set(DataCheckName.allCases.map(\.rawValue) + DataCheckRemark.allCases.map(\.rawValue))
    tables.exceptions =
      reader.entries(
        "exceptions", ["check", "indicator", "area", "period", "reason", "source"], key: nil
      ) { row throws(Diagnostic) in
        let entry = try exception(row)
        try known(entry.check, in: checks, row, "check", .unknownCheck, "the list of checks")
        try known(entry.indicator, in: indicatorIDs, row, "indicator", .unknownIndicator, "reference/indicators.csv")
        try known(entry.area, in: areaIDs, row, "area", .unknownArea, "reference/areas.csv")
        try known(entry.source, in: sourceIDs, row, "source", .unknownSource, "reference/sources.csv")
        return entry
      } ?? []
    tables.scoreWeights =
      reader.entries("pci_weights", ["first_year", "last_year"], key: nil) { row throws(Diagnostic) in
        try scoreWeights(row, indicators: indicatorIDs ?? [])
      } ?? []
    tables.merger = reader.merger()
    return (tables, reader.findings)
  }

  private static func indicator(_ row: CSVRow) throws(Diagnostic) -> Indicator {
    let low = try row.optionalDouble("min") ?? -.infinity
    let high = try row.optionalDouble("max") ?? .infinity
    guard low <= high else {
      throw row.diagnostic("max", code: DataCheckName.reference.rawValue, "the greatest value lies below the least")
    }
    return Indicator(
      id: try row.string("indicator"), unit: try row.string("unit"), range: low...high,
      nameVietnamese: try row.string("name_vi"), nameEnglish: try row.string("name_en"),
      definition: row.optionalString("definition") ?? "")
  }

  private static func area(_ row: CSVRow) throws(Diagnostic) -> Area {
    Area(
      id: try row.string("area"), kind: try row.string("kind"), nameVietnamese: try row.string("name_vi"),
      nameEnglish: try row.string("name_en"), validFrom: try date(row, "valid_from"),
      validUntil: try date(row, "valid_until"))
  }

  private static func unit(_ row: CSVRow) throws(Diagnostic) -> Unit {
    Unit(
      id: try row.string("unit"), kind: try row.string("kind"), nameVietnamese: try row.string("name_vi"),
      nameEnglish: try row.string("name_en"))
  }

  private static func source(_ row: CSVRow) throws(Diagnostic) -> Source {
    Source(
      id: try row.string("id"), title: row.optionalString("title") ?? "", url: row.optionalString("url") ?? "",
      publisher: row.optionalString("publisher") ?? "")
  }

  private static func identity(_ row: CSVRow) throws(Diagnostic) -> Identity {
    let total = try row.string("total")
    let kind = try row.string("tolerance_kind")
    guard kind == "absolute" || kind == "relative" else {
      throw row.diagnostic(
        "tolerance_kind", code: DataCheckName.unknownValue.rawValue, "'\(kind)' is neither absolute nor relative")
    }
    let parts = try row.string("parts").split(separator: "+", omittingEmptySubsequences: false).map(String.init)
    let number = try? parseNumber(total)
    return Identity(
      id: try row.string("id"), total: number.map { .number($0) } ?? .indicator(total), parts: parts,
      tolerance: try row.double("tolerance"), isRelative: kind == "relative", area: row.optionalString("area"))
  }

  private static func exception(_ row: CSVRow) throws(Diagnostic) -> Exception {
    Exception(
      check: try row.string("check"), indicator: row.optionalString("indicator"), area: row.optionalString("area"),
      period: row.optionalString("period"), reason: try row.string("reason"), source: try row.string("source"),
      location: row.location("check"))
  }

  /// A column names a sub-index if it is an indicator with `pci_` before it.
  private static func scoreWeights(_ row: CSVRow, indicators: Set<String>) throws(Diagnostic) -> ScoreWeights {
    var weights: [(indicator: String, weight: Double)] = []
    for id in indicators.sorted() where id.hasPrefix("pci_") {
      if let weight = try row.optionalDouble(String(id.dropFirst(4))), weight != 0 { weights.append((id, weight)) }
    }
    let first = try row.integer("first_year")
    let last = try row.integer("last_year")
    guard first <= last else {
      throw row.diagnostic("last_year", code: DataCheckName.reference.rawValue, "the last year lies before the first")
    }
    guard weights.isEmpty || abs(weights.reduce(0) { $0 + $1.weight } - 1) < 1e-9 else {
      throw row.diagnostic("first_year", code: DataCheckName.reference.rawValue, "the weights do not add up to 1")
    }
    return ScoreWeights(years: first...last, weights: weights)
  }

  private static func date(_ row: CSVRow, _ column: String) throws(Diagnostic) -> CalendarDate? {
    guard let text = row.optionalString(column) else { return nil }
    if let date = CalendarDate(text) { return date }
    throw row.diagnostic(
      column, code: DataCheckName.badDate.rawValue, "'\(text)' is no date", hint: "write 2025-01-31 or 2025-01")
  }

  private static func known(
    _ id: String?, in ids: Set<String>?, _ row: CSVRow, _ column: String, _ check: DataCheckName, _ table: String
  ) throws(Diagnostic) {
    guard let id, let ids, !ids.contains(id) else { return }
    throw row.diagnostic(
      column, code: check.rawValue, "'\(id)' is not in \(table)",
      hint: Suggestion.hint(for: id, among: ids.sorted()))
  }
}
