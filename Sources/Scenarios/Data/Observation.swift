import NumericKernels
import TextFiles

/// One published figure.
public struct Observation: Sendable {
  public enum Status: String, Sendable, CaseIterable {
    case official, secondary, estimate, plan

    /// Whether a figure comes from those who count it: published by an office, or printed by it before its books closed. What
    /// only the press, a thesis or a trade site prints does not, nor does a plan. Counted by the rule of eight
    /// (``SeriesBaseline/fewestSupported``).
    public var isBetterThanPress: Bool { self == .official || self == .estimate }
  }

  public let indicator: String
  public let area: String
  public let period: Period
  public let value: Double
  public let status: Status
  public let isPreferred: Bool
  /// When it became known; see ``ObservationStore``.
  public let knownFrom: CalendarDate
  let row: CSVRow

  /// Preferred before not preferred, then the later known one.
  func isBetter(than other: Observation) -> Bool {
    isPreferred != other.isPreferred ? isPreferred : knownFrom > other.knownFrom
  }

  public var unit: String { row.optionalString("unit") ?? "" }
  public var basis: String { row.optionalString("basis") ?? "" }
  public var priceBasis: String { row.optionalString("price_basis") ?? "none" }
  public var vintage: String { row.optionalString("vintage") ?? "" }
  public var releaseRule: String { row.optionalString("release_rule") ?? "" }
  /// The id of a row of reference/sources.csv.
  public var source: String { row.optionalString("source") ?? "" }
  public var note: String { row.optionalString("note") ?? "" }
  public func location(_ column: String = "value") -> SourceLocation { row.location(column) }

  static let columns = [
    "indicator", "area", "period", "value", "unit", "basis", "status", "price_basis", "preferred", "vintage",
    "published",
    "release_rule", "source", "note",
  ]
}

/// When figures of a source become known, and how much estimates are still revised.
public struct ReleaseRule: Sendable, Equatable {
  public var id: String
  public var monthsAfterPeriodEnd: Int
  /// Standard deviation of later revisions of an estimate, in percent; 0 where none were seen.
  public var revisionPercent: Double
  public var description: String

  /// Whether figures under this rule have no regular release.
  var isIrregular: Bool { id == "publication" }
}

/// The observations of a data folder.
public struct ObservationStore: Sendable {
  public let observations: [Observation]
  public let rules: [String: ReleaseRule]
  /// The day whose knowledge it is; nil for everything.
  public let asOf: CalendarDate?
  /// Positions in `observations`, by indicator and area.
  private let positions: [String: [String: [Int]]]

  private init(observations: [Observation], rules: [String: ReleaseRule], asOf: CalendarDate?) {
    self.observations = observations
    self.rules = rules
    self.asOf = asOf
    var positions: [String: [String: [Int]]] = [:]
    for (position, observation) in observations.enumerated() {
      positions[observation.indicator, default: [:]][observation.area, default: []].append(position)
    }
    self.positions = positions
  }

  /// Reads the folder's observation files.
  ///
  /// - Parameters:
  ///   - indicators: when given, only rows of these indicators (the rest is skipped unread).
  ///   - asOf: when given, only what was known on that day.
  ///   - threads: files are read side by side; the result does not depend on it.
  /// - Throws: ``DiagnosticList`` with every problem of every file.
  public static func read(
    _ folder: DataFolder, indicators: Set<String>? = nil, asOf: CalendarDate? = nil, threads: Int = 1
  ) throws -> ObservationStore {
    let rules = try readRules(folder)
    let files = try Parallel.map(folder.observationFiles(), threads: threads) { path in
      file(path, rules, indicators: indicators, asOf: asOf)
    }
    let problems = files.flatMap(\.problems)
    guard problems.isEmpty else { throw DiagnosticList(problems) }
    return ObservationStore(observations: files.flatMap(\.observations), rules: rules, asOf: asOf)
  }

  private static func file(
    _ path: String, _ rules: [String: ReleaseRule], indicators: Set<String>?, asOf: CalendarDate?
  ) -> (observations: [Observation], problems: [Diagnostic]) {
    var problems: [Diagnostic] = []
    var observations: [Observation] = []
    do {
      let filter = indicators.map { CSVRowFilter(column: "indicator", texts: $0) }
      let table = try CSVTable.read(path: path, requiredColumns: Observation.columns, keeping: filter)
      for row in table {
        switch observation(row, rules) {
        case .success(let observation):
          if asOf.map({ observation.knownFrom <= $0 }) ?? true { observations.append(observation) }
        case .failure(let list): problems += list.diagnostics
        }
      }
    } catch { problems += error.diagnostics }
    return (observations, problems)
  }

  /// What of these observations was known on a day: the release rule of each figure decides.
  public func known(on day: CalendarDate) -> ObservationStore {
    ObservationStore(observations: observations.filter { $0.knownFrom <= day }, rules: rules, asOf: day)
  }

  private static func observation(_ row: CSVRow, _ rules: [String: ReleaseRule]) -> Result<Observation, DiagnosticList>
  {
    var problems: [Diagnostic] = []
    func attempt<Value>(_ body: () throws(Diagnostic) -> Value) -> Value? {
      do { return try body() } catch {
        problems.append(error)
        return nil
      }
    }
    let indicator = attempt { () throws(Diagnostic) in try row.string("indicator") }
    let area = attempt { () throws(Diagnostic) in try row.string("area") }
    let value = attempt { () throws(Diagnostic) in try row.double("value") }
    let periodText = row.optionalString("period") ?? ""
    let period = Period(periodText)
    if period == nil {
      problems.append(
        row.diagnostic(
          "period", code: "bad_period", "'\(periodText)' is no period",
          hint: "write 2024, 2024-06, 2024-Q1, 2024-01/2024-05 or 2021/2025"))
    }
    let statusText = row.optionalString("status") ?? ""
    let status = Observation.Status(rawValue: statusText)
    if status == nil {
      let allowed = Observation.Status.allCases.map(\.rawValue)
      problems.append(
        row.diagnostic(
          "status", code: "unknown_value", "'\(statusText)' is no status",
          hint: Suggestion.hint(for: statusText, among: allowed)))
    }
    let preferred = row.optionalString("preferred") ?? ""
    if preferred != "yes" && preferred != "no" {
      problems.append(row.diagnostic("preferred", code: "unknown_value", "must be yes or no, not '\(preferred)'"))
    }
    var published: CalendarDate?
    if let text = row.optionalString("published") {
      published = CalendarDate(text)
      if published == nil {
        problems.append(
          row.diagnostic(
            "published", code: "bad_date", "'\(text)' is no date", hint: "write 2025-01-31 or 2025-01"))
      }
    }
    let ruleName = row.optionalString("release_rule") ?? ""
    let rule = rules[ruleName]
    if rule == nil, published == nil || !ruleName.isEmpty {
      problems.append(
        row.diagnostic(
          "release_rule", code: "unknown_release_rule", "'\(ruleName)' is not in reference/release_rules.csv",
          hint: Suggestion.hint(for: ruleName, among: rules.keys.sorted())))
    }
    let known = period.flatMap {
      knownFrom($0, published: published, rule: rule, isVintage: row.optionalString("vintage") != nil)
    }
    guard problems.isEmpty, let indicator, let area, let value, let period, let status, let known else {
      return .failure(DiagnosticList(problems))
    }
    return .success(
      Observation(
        indicator: indicator, area: area, period: period, value: value, status: status, isPreferred: preferred == "yes",
        knownFrom: known, row: row))
  }

  /// The date printed in `published` is that of the document a figure was read in, often years after it first became public: the
  /// release rule decides, unless the document is earlier. Only one of several vintages, and a figure without a regular release,
  /// is known from its document on.
  private static func knownFrom(
    _ period: Period, published: CalendarDate?, rule: ReleaseRule?, isVintage: Bool
  )
    -> CalendarDate?
  {
    guard let rule else { return published }
    let regular = CalendarDate.months(rule.monthsAfterPeriodEnd, after: period.lastDay)
    guard let published else { return regular }
    return isVintage || rule.isIrregular ? published : min(published, regular)
  }

  private static func readRules(_ folder: DataFolder) throws -> [String: ReleaseRule] {
    let table = try CSVTable.read(
      path: folder.path + "/reference/release_rules.csv",
      requiredColumns: ["id", "months_after_period_end", "revision_sd_percent", "description"])
    var rules: [String: ReleaseRule] = [:]
    for row in table {
      do {
        let id = try row.string("id")
        rules[id] = ReleaseRule(
          id: id, monthsAfterPeriodEnd: try row.integer("months_after_period_end"),
          revisionPercent: try row.optionalDouble("revision_sd_percent") ?? 0,
          description: row.optionalString("description") ?? "")
      } catch { throw DiagnosticList([error]) }
    }
    return rules
  }

  /// The preferred yearly figures of an indicator in an area.
  ///
  /// As of an earlier day, a year whose preferred figure was not known yet takes the latest figure that was.
  public func annual(_ indicator: String, area: String) -> [Int: Observation] {
    var result: [Int: Observation] = [:]
    for position in positions[indicator]?[area] ?? [] {
      let observation = observations[position]
      guard let year = observation.period.calendarYear, observation.isPreferred || asOf != nil else { continue }
      if let other = result[year], other.isBetter(than: observation) { continue }
      result[year] = observation
    }
    return result
  }

  /// The standard deviation, in percent, with which a figure may still be revised: 0 unless it is an estimate.
  public func revisionPercent(_ observation: Observation) -> Double {
    observation.status == .estimate ? rules[observation.releaseRule]?.revisionPercent ?? 0 : 0
  }
}
