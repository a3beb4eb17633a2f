import TextFiles

/// One observation with its origin in plain words, for a table.
public struct ObservationListing: Sendable, Equatable {
  public var area: String
  public var areaNameVietnamese: String
  public var areaNameEnglish: String
  public var period: Period
  public var value: Double
  public var unit: String
  /// `reported` or `derived`.
  public var basis: String
  public var status: Observation.Status
  public var priceBasis: String
  public var isPreferred: Bool
  /// Empty where the row carries no label.
  public var vintage: String
  /// The printed date as it stands; nil where none is known.
  public var published: String?
  /// The printed date, else by the release rule.
  public var knownFrom: CalendarDate
  public var releaseRule: String
  public var source: String
  public var sourceTitle: String
  public var sourceURL: String
  public var note: String
  public var location: SourceLocation

  init(_ row: Observation, area: ReferenceTables.Area?, source entry: ReferenceTables.Source?) {
    self.area = row.area
    areaNameVietnamese = area?.nameVietnamese ?? row.area
    areaNameEnglish = area?.nameEnglish ?? row.area
    period = row.period
    value = row.value
    unit = row.unit
    basis = row.basis
    status = row.status
    priceBasis = row.priceBasis
    isPreferred = row.isPreferred
    vintage = row.vintage
    published = row.row.optionalString("published")
    knownFrom = row.knownFrom
    releaseRule = row.releaseRule
    source = row.source
    sourceTitle = entry?.title ?? ""
    sourceURL = entry?.url ?? ""
    note = row.note
    location = row.location()
  }
}
