/// Some years of a projection's grid, by position.
///
/// From the 64th position on all years share one mark: a set may then hold more years than were put in, never fewer.
struct YearSet: Equatable, Sendable {
  private var bits: UInt64

  private static let lastBit = 63

  static let none = YearSet(bits: 0)
  static let all = YearSet(bits: .max)

  private init(bits: UInt64) { self.bits = bits }

  /// The years whose element is true.
  init(_ years: [Bool]) {
    bits = 0
    for (year, isIn) in years.enumerated() where isIn { bits |= 1 << UInt64(min(year, YearSet.lastBit)) }
  }

  var isEmpty: Bool { bits == 0 }

  func contains(_ year: Int) -> Bool { bits >> UInt64(min(year, YearSet.lastBit)) & 1 == 1 }

  mutating func formUnion(_ other: YearSet) { bits |= other.bits }

  func intersection(_ other: YearSet) -> YearSet { YearSet(bits: bits & other.bits) }

  /// The same years, `lag` years later.
  func later(by lag: Int) -> YearSet {
    YearSet(bits: bits << UInt64(min(lag, YearSet.lastBit)) | bits & (1 << UInt64(YearSet.lastBit)))
  }

  /// The first of the years and all after it.
  var onwards: YearSet { isEmpty ? self : YearSet(bits: .max << UInt64(bits.trailingZeroBitCount)) }
}
