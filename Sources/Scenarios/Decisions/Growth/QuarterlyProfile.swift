/// What published figures say about growth in each quarter of a year.
///
/// With weights w (the year before, by quarter) a figure for the quarters a...b fixes the sum of w·g over them. Sums from the first
/// quarter on are found by adding and subtracting such figures; between two quarters whose sum is known, growth is taken as equal.
/// A figure for a single quarter, for a half-year, for nine months and for the year can all be used together; a figure that
/// contradicts a sum known already (a later vintage) is not used.
public struct QuarterlyProfile: Sendable, Equatable {
  /// Growth by quarter in percent; nil where no figure reaches it.
  public let growth: [Double?]
  /// Whether a quarter's growth follows from figures alone, without spreading one figure over several quarters.
  public let isExact: [Bool]
  /// The number of first quarters whose joint growth is known, 0 to 4.
  public let known: Int
  /// The joint growth of the first `known` quarters, in percent; 0 when none is known.
  public let cumulated: Double

  /// - Parameter weights: four positive numbers, the year before by quarter.
  public init(_ figures: [PartYearGrowth], weights: [Double]) {
    func weight(_ quarters: ClosedRange<Int>) -> Double { quarters.reduce(0) { $0 + weights[$1 - 1] } }
    // sums[k]: weighted growth of the quarters 1...k.
    var sums: [Double?] = [0, nil, nil, nil, nil]
    // Figures from the first quarter on come first: they need no other.
    let ordered = figures.sorted {
      ($0.quarters.lowerBound, $0.quarters.count) < ($1.quarters.lowerBound, $1.quarters.count)
    }
    var isMoving = true
    while isMoving {
      isMoving = false
      for figure in ordered {
        let (before, end) = (figure.quarters.lowerBound - 1, figure.quarters.upperBound)
        let sum = figure.value * weight(figure.quarters)
        if let start = sums[before], sums[end] == nil {
          sums[end] = start + sum
          isMoving = true
        } else if let last = sums[end], sums[before] == nil {
          sums[before] = last - sum
          isMoving = true
        }
      }
    }
    var growth = [Double?](repeating: nil, count: 4)
    var isExact = [Bool](repeating: false, count: 4)
    var last = 0
    for k in 1...4 {
      guard let now = sums[k], let start = sums[last] else { continue }
      for quarter in last + 1...k {
        growth[quarter - 1] = (now - start) / weight(last + 1...k)
        isExact[quarter - 1] = k == last + 1
      }
      last = k
    }
    self.growth = growth
    self.isExact = isExact
    known = last
    cumulated = last == 0 ? 0 : (sums[last] ?? 0) / weight(1...max(last, 1))
  }
}
