/// An indicator with all its rows, from ``DataListing/show(_:area:in:)``.
public struct IndicatorDetail: Sendable, Equatable {
  public var id: String
  public var nameVietnamese: String
  public var nameEnglish: String
  public var unit: String
  public var definition: String
  public var rows: [ObservationListing]
}
