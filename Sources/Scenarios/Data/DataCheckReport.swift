import TextFiles

/// What ``DataCheck/run(_:)`` found.
public struct DataCheckReport: Sendable, Equatable {
  /// How often one check was made and what came out.
  public struct Count: Sendable, Equatable {
    public var check: DataCheckName
    /// The number of things looked at: files, fields, rows, sums or pairs, as fits the check.
    public var examined: Int
    /// Findings that no exception excuses.
    public var findings: Int
    /// Findings that an exception excuses.
    public var excused: Int
  }

  /// A known exception and the number of findings that it excuses.
  public struct AppliedException: Sendable, Equatable {
    public var check: DataCheckName
    /// Nil stands for anything.
    public var indicator: String?
    public var area: String?
    public var period: String?
    public var reason: String
    /// The id of a row of reference/sources.csv.
    public var source: String
    public var location: SourceLocation
    public var excused: Int
  }

  /// Everything that no exception excuses, by file and line; warnings among them.
  public let findings: [DataCheckFinding]
  /// One count for every check, in the order of ``DataCheckName``.
  public let counts: [Count]
  /// The exceptions that excused something, in the order of the table.
  public let appliedExceptions: [AppliedException]
  /// Rows of reference/exceptions.csv that are remarks and excuse nothing.
  public let remarkCount: Int
  public let fileCount: Int
  public let rowCount: Int

  public var errors: [Diagnostic] { findings.filter { !$0.isWarning }.map(\.diagnostic) }
  public var warnings: [Diagnostic] { findings.filter(\.isWarning).map(\.diagnostic) }
  /// Whether nothing is wrong; warnings are allowed.
  public var passes: Bool { !findings.contains { !$0.isWarning } }

  public func count(_ check: DataCheckName) -> Count {
    counts.first { $0.check == check } ?? Count(check: check, examined: 0, findings: 0, excused: 0)
  }
}
