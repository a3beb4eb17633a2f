/// What a row of reference/exceptions.csv may say besides excusing a finding: remarks for the reader, which no check asks
/// for and which therefore never count as unused.
public enum DataCheckRemark: String, Sendable, CaseIterable {
  /// A change of method or basis: levels before and after do not compare.
  case `break`
  /// Sources contradict each other.
  case conflict
  case misprint
  /// A figure was left out of the preferred rows, with the reason.
  case notPreferred = "not_preferred"
  /// A tie at the printed precision that is officially none.
  case rankTie = "rank_tie"
  /// Published for a selection of areas only.
  case selectedSample = "selected_sample"
  /// Belongs to another vintage than a related indicator of the same period.
  case vintageAcrossIndicators = "vintage_across_indicators"
  /// A page shows the figure of somebody else.
  case wrongPage = "wrong_page"
}
