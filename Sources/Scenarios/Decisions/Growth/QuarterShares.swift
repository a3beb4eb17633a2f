import NumericKernels
import TextFiles

/// How the output of a year at constant prices is spread over its quarters, item by item.
///
/// Quarterly levels at constant prices are not published for the province, so the shares are a planner's estimate (grade D) with a
/// range; the file says what each rests on. One distribution serves every year.
public struct QuarterShares: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    public var indicator: String
    public var quarter: Int
    public var prior: Prior
    public var grade: Grade
    public var evidence: String
  }

  public let entries: [Entry]
  /// The central shares by level indicator, in the order of the quarters; each adds up to 1.
  public let central: [String: [Double]]

  /// The path of the file inside a model folder.
  public static let fileName = "/evidence/quarter_shares.csv"

  /// Reads evidence/quarter_shares.csv.
  ///
  /// - Throws: ``DiagnosticList`` with every problem: shares that do not add up to 1, a quarter missing or twice, values out of
  ///   order or not above zero, an indicator that the model does not have.
  public static func read(_ folder: DataFolder, catalog: ModelCatalog) throws -> QuarterShares {
    let table = try CSVTable.read(
      path: folder.path + fileName,
      requiredColumns: ["indicator", "quarter", "low", "central", "high", "grade", "evidence"])
    var problems: [Diagnostic] = []
    var entries: [Entry] = []
    var firstRow: [String: CSVRow] = [:]
    let known = catalog.indicators.map(\.id)
    for row in table {
      do throws(Diagnostic) {
        let entry = try entry(row, known: known)
        if entries.contains(where: { $0.indicator == entry.indicator && $0.quarter == entry.quarter }) {
          throw row.diagnostic("quarter", code: "duplicate_row", "quarter \(entry.quarter) is given twice")
        }
        entries.append(entry)
        if firstRow[entry.indicator] == nil { firstRow[entry.indicator] = row }
      } catch { problems.append(error) }
    }
    var central: [String: [Double]] = [:]
    for (indicator, row) in firstRow.sorted(by: { $0.key < $1.key }) {
      let own = entries.filter { $0.indicator == indicator }.sorted { $0.quarter < $1.quarter }
      let sum = own.reduce(0) { $0 + $1.prior.central }
      if own.count != 4 {
        problems.append(
          row.diagnostic("quarter", code: "missing_row", "'\(indicator)' has \(own.count) quarters, four are expected"))
      } else if abs(sum - 1) > 1e-9 {
        problems.append(
          row.diagnostic("central", code: "wrong_sum", "the shares of '\(indicator)' add up to \(sum), not to 1"))
      } else {
        central[indicator] = own.map(\.prior.central)
      }
    }
    guard problems.isEmpty else { throw DiagnosticList(problems) }
    return QuarterShares(entries: entries, central: central)
  }

  private static func entry(_ row: CSVRow, known: [String]) throws(Diagnostic) -> Entry {
    let indicator = try row.string("indicator")
    guard known.contains(indicator) else {
      throw row.diagnostic(
        "indicator", code: "unknown_id", "the model has no indicator '\(indicator)'",
        hint: Suggestion.hint(for: indicator, among: known))
    }
    let quarter = try row.integer("quarter")
    guard (1...4).contains(quarter) else {
      throw row.diagnostic("quarter", code: "outside_range", "a quarter is 1, 2, 3 or 4, not \(quarter)")
    }
    let prior = Prior(
      low: try row.double("low"), central: try row.double("central"), high: try row.double("high"))
    guard 0 < prior.low, prior.low <= prior.central, prior.central <= prior.high, prior.high < 1 else {
      throw row.diagnostic("central", code: "wrong_order", "0 < low <= central <= high < 1 is expected")
    }
    let text = try row.string("grade")
    guard let grade = Grade(rawValue: text) else {
      throw row.diagnostic("grade", code: "unknown_value", "'\(text)' is no grade; write A, B, C, P or D")
    }
    return Entry(
      indicator: indicator, quarter: quarter, prior: prior, grade: grade, evidence: try row.string("evidence"))
  }

  /// Shares in every draw, by quarter: each quarter drawn from its prior, then scaled so that the four add up to 1.
  ///
  /// - Returns: nil for an indicator without shares.
  func draws(_ indicator: String, count: Int, seed: UInt64, rules: GradeRules) -> [[Double]]? {
    let own = entries.filter { $0.indicator == indicator }.sorted { $0.quarter < $1.quarter }
    guard own.count == 4 else { return nil }
    let stream = RandomStream(seed: seed, id: "quarter_share " + indicator, purpose: .effect)
    var result = own.map { entry -> [Double] in
      var z = [Double](repeating: 0, count: count)
      z.withUnsafeMutableBufferPointer { stream.normals(item: entry.quarter, firstDraw: 0, into: $0) }
      // A share far in the upper tail would leave nothing for the others: half of the year is the most.
      return z.map { min(max(entry.prior.value(atNormal: $0, widening: rules.widening(entry.grade)), 1e-3), 0.5) }
    }
    for d in 0..<count {
      let sum = result[0][d] + result[1][d] + result[2][d] + result[3][d]
      for q in 0..<4 { result[q][d] /= sum }
    }
    return result
  }
}
