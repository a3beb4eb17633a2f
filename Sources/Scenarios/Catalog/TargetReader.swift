import TextFiles

/// Reads evidence/targets.csv: official targets and plans with the document that sets each.
public enum TargetReader {
  /// The preferred targets of indicators that the model has.
  ///
  /// - Throws: ``DiagnosticList`` with every problem of the file.
  public static func read(_ folder: DataFolder, catalog: ModelCatalog) throws -> [TargetDefinition] {
    let table = try CSVTable.read(
      path: folder.path + "/evidence/targets.csv",
      requiredColumns: ["indicator", "period", "aggregate", "comparison", "value", "document", "preferred"],
      optionalColumns: ["area", "low", "high", "note"])
    var problems: [Diagnostic] = []
    var targets: [TargetDefinition] = []
    for row in table {
      do throws(Diagnostic) {
        let indicator = try row.string("indicator")
        guard catalog.indicator(indicator) != nil, row.optionalString("preferred") == "yes",
          row.optionalString("area") ?? catalog.area == catalog.area
        else { continue }
        let periodText = try row.string("period")
        guard let period = Period(openEnded(periodText)) else {
          throw row.diagnostic("period", code: "bad_period", "'\(periodText)' is no period")
        }
        let aggregateText = try row.string("aggregate")
        guard let aggregate = TargetDefinition.Aggregate(rawValue: aggregateText) else {
          throw row.diagnostic(
            "aggregate", code: "unknown_value", "'\(aggregateText)' is not year, sum or average")
        }
        if aggregate == .year, period.calendarYear == nil, !periodText.hasSuffix("/") {
          throw row.diagnostic(
            "aggregate", code: "wrong_aggregate", "a target over several years is a sum or an average",
            hint: "write sum or average")
        }
        let comparisonText = try row.string("comparison")
        guard let comparison = TargetDefinition.Comparison(rawValue: comparisonText) else {
          throw row.diagnostic("comparison", code: "unknown_value", "'\(comparisonText)' is not >=, <= or range")
        }
        let low = try row.optionalDouble("low")
        let value: Double
        if comparison == .within, let low { value = low } else { value = try row.double("value") }
        targets.append(
          TargetDefinition(
            indicator: indicator, period: period, aggregate: aggregate, comparison: comparison,
            value: value,
            upper: comparison == .within ? try row.optionalDouble("high") : nil, document: try row.string("document"),
            note: row.optionalString("note") ?? ""))
      } catch { problems.append(error) }
    }
    guard problems.isEmpty else { throw DiagnosticList(problems) }
    return targets
  }

  /// A target "from 2015 on" is written `2015/`: it holds for every year, and is read at the last year of the projection.
  private static func openEnded(_ text: String) -> String { text.hasSuffix("/") ? text + "2100" : text }
}
