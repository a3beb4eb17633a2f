/// One line of ``DataListing/list(_:)``: an indicator and how much is known of it.
public struct IndicatorSummary: Sendable, Equatable {
  public var id: String
  public var nameVietnamese: String
  public var nameEnglish: String
  /// The id of a row of reference/units.csv.
  public var unit: String
  public var areaCount: Int
  /// The years that observations touch; nil without observations.
  public var firstYear: Int?
  public var lastYear: Int?
  public var observationCount: Int
  public var preferredCount: Int
  public var sourceCount: Int
  /// The day from which the newest figure was known.
  public var lastKnownFrom: CalendarDate?
}
