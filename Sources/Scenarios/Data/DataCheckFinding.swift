import TextFiles

/// One thing that is wrong with a data folder, or a warning about it.
public struct DataCheckFinding: Sendable, Equatable {
  public var check: DataCheckName
  public var isWarning: Bool
  /// Where it is, what is wrong, what to do. Its code is the check's name, except in the checks `file` and `bad_number`.
  public var diagnostic: Diagnostic
  /// What an exception for this finding has to name.
  public var indicator: String?
  public var area: String?
  public var period: String?
  /// The column whose place in the line is still to be found.
  var pendingColumn: String?

  init(
    check: DataCheckName, isWarning: Bool = false, diagnostic: Diagnostic, indicator: String? = nil,
    area: String? = nil, period: String? = nil, pendingColumn: String? = nil
  ) {
    self.check = check
    self.isWarning = isWarning
    self.diagnostic = diagnostic
    self.indicator = indicator
    self.area = area
    self.period = period
    self.pendingColumn = pendingColumn
  }
}
