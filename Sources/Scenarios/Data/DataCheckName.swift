/// The checks that a data folder goes through, as they are named in findings and in reference/exceptions.csv.
public enum DataCheckName: String, Sendable, CaseIterable {
  /// Files and columns that are missing, empty files, text that is no CSV; the findings carry the reader's own codes.
  case file
  /// A reference table contradicts itself.
  case reference
  case emptyField = "empty_field"
  /// A value that is no number; the findings carry the code of the reason, such as `decimal_comma`.
  case badNumber = "bad_number"
  case badPeriod = "bad_period"
  case badDate = "bad_date"
  /// A status, basis, price basis or `preferred` that is none of the allowed words.
  case unknownValue = "unknown_value"
  case unknownIndicator = "unknown_indicator"
  case unknownArea = "unknown_area"
  case unknownUnit = "unknown_unit"
  case unknownSource = "unknown_source"
  case unknownReleaseRule = "unknown_release_rule"
  /// The unit is not that of the indicator.
  case unitMismatch = "unit_mismatch"
  case outOfRange = "out_of_range"
  /// Printed before the period began, and no plan.
  case publishedEarly = "published_early"
  case duplicateRow = "duplicate_row"
  case twoPreferred = "two_preferred"
  /// The weighted sub-indices do not give the PCI score.
  case pciWeightedSum = "pci_weighted_sum"
  /// A rank that is no whole number from 1 to the number of provinces.
  case rankField = "rank_field"
  /// A rank that several provinces hold without a tie.
  case rankDoubled = "rank_doubled"
  /// Ranks that contradict the order of the scores.
  case rankOrder = "rank_order"
  /// An identity of reference/identities.csv that does not hold.
  case identity
  /// The figure of several years is not the sum of these years.
  case multiYearTotal = "multi_year_total"
  case mixedVintage = "mixed_vintage"
  /// An exception for a check that does not exist.
  case unknownCheck = "unknown_check"
  /// An exception that excuses nothing: a warning.
  case unusedException = "unused_exception"
}
