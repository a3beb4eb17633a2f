import TextFiles

/// Reads the tables of a `reference` folder and gathers their problems.
struct ReferenceReader {
  /// The folder with a closing slash.
  let folder: String
  private(set) var findings: [DataCheckFinding] = []

  init(folder: String) { self.folder = folder }

  /// The sound rows of a table; nil if the table cannot be read at all.
  ///
  /// - Parameter key: the column whose values must differ.
  mutating func entries<Entry>(
    _ name: String, _ columns: [String], key: String?, _ entry: (CSVRow) throws(Diagnostic) -> Entry
  ) -> [Entry]? {
    guard let table = table(name, columns) else { return nil }
    var entries: [Entry] = []
    var seen: Set<String> = []
    for row in table {
      do throws(Diagnostic) {
        let value = try entry(row)
        if let key, let id = row.optionalString(key), !seen.insert(id).inserted {
          throw row.diagnostic(key, code: DataCheckName.reference.rawValue, "'\(id)' stands here twice")
        }
        entries.append(value)
      } catch {
        findings.append(DataCheckFinding(check: DataCheckName(rawValue: error.code) ?? .reference, diagnostic: error))
      }
    }
    return entries
  }

  /// The provinces after the merger; nil if the table cannot be read or is empty.
  mutating func merger() -> ReferenceTables.Merger? {
    let column = "province_from_2025_07"
    var provinces: Set<String> = []
    var latest: CalendarDate?
    guard let table = table("province_crosswalk", ["province_before", column, "effective_from"]) else { return nil }
    for row in table {
      guard let province = row.optionalString(column) else { continue }
      provinces.insert(province)
      if let date = CalendarDate(row.optionalString("effective_from") ?? "") { latest = max(latest ?? date, date) }
    }
    return latest.map { ReferenceTables.Merger(effectiveFrom: $0, provinceCount: provinces.count) }
  }

  private mutating func table(_ name: String, _ columns: [String]) -> CSVTable? {
    do throws(DiagnosticList) {
      return try CSVTable.read(path: folder + name + ".csv", requiredColumns: columns)
    } catch {
      findings += error.diagnostics.map { DataCheckFinding(check: .file, diagnostic: $0) }
      return nil
    }
  }
}
