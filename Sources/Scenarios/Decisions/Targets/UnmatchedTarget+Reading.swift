import TextFiles

extension UnmatchedTarget {
  /// The preferred rows of evidence/targets.csv that ``TargetReader`` leaves out, in the order of the file.
  ///
  /// - Throws: ``DiagnosticList`` with every problem of these rows.
  static func read(_ folder: DataFolder, catalog: ModelCatalog) throws -> [UnmatchedTarget] {
    let table = try CSVTable.read(
      path: folder.path + "/evidence/targets.csv",
      requiredColumns: ["indicator", "period", "comparison", "value", "document", "preferred"],
      optionalColumns: ["area", "unit", "note"])
    var problems: [Diagnostic] = []
    var result: [UnmatchedTarget] = []
    for row in table where row.optionalString("preferred") == "yes" {
      do throws(Diagnostic) {
        let indicator = try row.string("indicator")
        let area = row.optionalString("area") ?? catalog.area
        let isKnown = catalog.indicator(indicator) != nil
        if isKnown && area == catalog.area { continue }
        result.append(
          UnmatchedTarget(
            indicator: indicator, area: area, period: try row.string("period"),
            comparison: try row.string("comparison"), value: try row.double("value"),
            unit: row.optionalString("unit") ?? "", document: try row.string("document"),
            note: row.optionalString("note") ?? "", reason: area == catalog.area ? .noIndicator : .otherArea))
      } catch { problems.append(error) }
    }
    guard problems.isEmpty else { throw DiagnosticList(problems) }
    return result
  }
}
