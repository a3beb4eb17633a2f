import TextFiles

extension ReferenceTables {
  /// One row of reference/indicators.csv.
  struct Indicator: Sendable {
    var id: String
    var unit: String
    /// Hard bounds of a value; infinite where the table has none.
    var range: ClosedRange<Double>
    var nameVietnamese: String
    var nameEnglish: String
    var definition: String
  }

  /// One row of reference/areas.csv.
  struct Area: Sendable {
    var id: String
    var kind: String
    var nameVietnamese: String
    var nameEnglish: String
    /// The days between which the area exists; nil where the table leaves them open.
    var validFrom: CalendarDate?
    var validUntil: CalendarDate?
  }

  /// One row of reference/units.csv.
  struct Unit: Sendable {
    var id: String
    var kind: String
    var nameVietnamese: String
    var nameEnglish: String
  }

  /// One row of reference/sources.csv.
  struct Source: Sendable {
    var id: String
    var title: String
    var url: String
    var publisher: String
  }

  /// One row of reference/identities.csv: `total` is the sum of `parts`.
  struct Identity: Sendable {
    enum Total: Sendable {
      case indicator(String)
      case number(Double)
    }

    var id: String
    var total: Total
    var parts: [String]
    var tolerance: Double
    var isRelative: Bool
    /// The only area it holds for; nil for all.
    var area: String?
  }

  /// One row of reference/exceptions.csv; an empty field stands for anything.
  struct Exception: Sendable {
    var check: String
    var indicator: String?
    var area: String?
    var period: String?
    var reason: String
    var source: String
    var location: SourceLocation
  }

  /// One row of reference/pci_weights.csv: the weights of the sub-indices that count in the edition, by indicator.
  struct ScoreWeights: Sendable {
    var years: ClosedRange<Int>
    var weights: [(indicator: String, weight: Double)]
  }

  /// The provinces after the merger, from reference/province_crosswalk.csv.
  struct Merger: Sendable {
    var effectiveFrom: CalendarDate
    var provinceCount: Int
  }
}
