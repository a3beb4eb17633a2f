import TextFiles

/// The growth of a part of a year made of whole quarters, on the same part of the year before, in percent.
public struct PartYearGrowth: Sendable, Equatable {
  /// The id of the growth indicator.
  public var indicator: String
  public var year: Int
  /// The quarters it covers, 1 to 4.
  public var quarters: ClosedRange<Int>
  public var value: Double
  /// The id of a row of reference/sources.csv; nil for a figure that the planner typed in (grade D).
  public var source: String?
  public var status: Observation.Status?

  public init(
    indicator: String, year: Int, quarters: ClosedRange<Int>, value: Double, source: String? = nil,
    status: Observation.Status? = nil
  ) {
    self.indicator = indicator
    self.year = year
    self.quarters = quarters
    self.value = value
    self.source = source
    self.status = status
  }

  /// A figure typed in by the planner: `2026-Q1=8.5`, `2026-01/2026-06=8.1` or `INDICATOR:2026-Q1=11`.
  ///
  /// - Throws: ``Diagnostic`` when the text is none of these.
  public init(parsing text: String, defaultIndicator: String) throws(Diagnostic) {
    func problem(_ message: String) -> Diagnostic {
      Diagnostic(
        .wrongUse, code: "bad_figure", "'\(text)': \(message)",
        hint: "write 2026-Q1=8.5, 2026-01/2026-06=8.1 or grdp_growth_services:2026-Q1=8.0")
    }
    let sides = text.split(separator: "=", omittingEmptySubsequences: false)
    guard sides.count == 2 else { throw problem("a period and a figure in percent are expected") }
    let left = sides[0].split(separator: ":", omittingEmptySubsequences: false)
    guard left.count <= 2, let periodText = left.last, let period = Period(String(periodText)) else {
      throw problem("'\(sides[0])' names no period")
    }
    guard let quarters = PartYearGrowth.quarters(of: period) else {
      throw problem("the period must consist of whole quarters of one year")
    }
    let bytes = Array(sides[1].utf8)
    guard case .success(let value) = bytes.withUnsafeBufferPointer({ NumberText.parse($0) }), abs(value) < 1000 else {
      throw problem("'\(sides[1])' is no growth in percent")
    }
    self.init(
      indicator: left.count == 2 ? String(left[0]) : defaultIndicator, year: period.firstYear, quarters: quarters,
      value: value)
  }

  /// `2026-Q1`, `2026-01/2026-06` or `2026`.
  public var period: String {
    if quarters == 1...4 { return "\(year)" }
    if quarters.count == 1 { return "\(year)-Q\(quarters.lowerBound)" }
    func month(_ month: Int) -> String { (month < 10 ? "0" : "") + "\(month)" }
    return "\(year)-\(month(3 * quarters.lowerBound - 2))/\(year)-\(month(3 * quarters.upperBound))"
  }

  /// The quarters that a period consists of; nil if it does not start and end with quarters of one year.
  static func quarters(of period: Period) -> ClosedRange<Int>? {
    guard period.firstYear == period.lastYear, period.kind != .days else { return nil }
    let first = period.firstDay / 100 % 100
    let last = period.lastDay / 100 % 100
    guard first % 3 == 1, last % 3 == 0, first < last else { return nil }
    return (first + 2) / 3...last / 3
  }

  /// What the store knows of an indicator's growth in parts of years and in whole years: of several figures for one period the
  /// preferred one, else the one known last. Plans are left out.
  static func published(_ indicator: String, area: String, store: ObservationStore) -> [PartYearGrowth] {
    var best: [Period: Observation] = [:]
    for observation in store.observations
    where observation.indicator == indicator && observation.area == area && observation.status != .plan {
      guard quarters(of: observation.period) != nil else { continue }
      if let other = best[observation.period], other.isBetter(than: observation) { continue }
      best[observation.period] = observation
    }
    return best.sorted { $0.key < $1.key }.compactMap { period, observation in
      quarters(of: period).map {
        PartYearGrowth(
          indicator: indicator, year: period.firstYear, quarters: $0, value: observation.value,
          source: observation.source, status: observation.status)
      }
    }
  }
}
