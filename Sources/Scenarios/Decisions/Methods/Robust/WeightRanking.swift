import NumericKernels

/// A ranking of options under a user's weights, and how far each weight can move before another option wins.
///
/// An option's total is the weighted sum of its scores. When one weight moves, the others shrink or grow in
/// proportion so that all still add up to 1; totals are then straight lines in that weight, so the range that keeps
/// the winner is exact.
public struct WeightRanking: Sendable {
  public struct Range: Equatable, Sendable {
    public let criterion: Int
    public let weight: Double
    /// The winner stays (at least equal) first while the weight lies in `lower...upper`.
    public let lower: Double
    public let upper: Double
    /// Who takes over below `lower`; nil if nobody does before the weight reaches 0.
    public let winnerBelow: Int?
    /// Who takes over above `upper`; nil if nobody does before the weight reaches 1.
    public let winnerAbove: Int?
  }

  /// By option.
  public let totals: [Double]
  /// Best first; of equal totals the earlier option.
  public let order: [Int]
  public var winner: Int { order.first ?? 0 }
  /// Options whose total equals the winner's up to rounding; more than one means that the weights do not decide.
  public let winners: [Int]
  /// By criterion.
  public let ranges: [Range]

  /// - Parameters:
  ///   - scores: by option and criterion; larger is better. Scales must be comparable, see ``scaled(_:)``.
  ///   - weights: by criterion, not negative, not all 0; they are divided by their sum.
  /// - Throws: `tooFew` (1 option, 1 criterion), `lengths`, `nonFinite`, `outside`.
  public init(scores: [[Double]], weights: [Double]) throws(DecisionError) {
    let name = "the weighted ranking"
    let criteria = try DecisionError.requireColumns(scores, "option", rows: 1, method: name)
    guard weights.count == criteria else {
      throw .lengths(method: name, what: "the weights", expected: criteria, found: weights.count)
    }
    try DecisionError.requireFinite(weights, "the weights", method: name)
    let sum = Reductions.sum(weights)
    guard weights.allSatisfy({ $0 >= 0 }), sum > 0, sum.isFinite else {
      throw .outside(method: name, what: "the weights", expected: "not negative and not all 0")
    }
    let shares = weights.map { $0 / sum }
    let totals = scores.map { option in Reductions.sum(zip(option, shares).map { $0 * $1 }) }
    let order = scores.indices.sorted { (totals[$0], $1) > (totals[$1], $0) }
    let best = order[0]
    let slack = 1e-12 * totals.reduce(0) { max($0, abs($1)) }
    self.totals = totals
    self.order = order
    winners = scores.indices.filter { totals[$0] >= totals[best] - slack }
    ranges = (0..<criteria).map { WeightRanking.range($0, scores, shares, best, totals, slack) }
  }

  private static func range(
    _ criterion: Int, _ scores: [[Double]], _ weights: [Double], _ best: Int, _ totals: [Double], _ slack: Double
  ) -> Range {
    let weight = weights[criterion]
    // What an option has from the other criteria when they share the whole weight in their present proportion
    // (equally, if they have none).
    let others = weights.indices.filter { $0 != criterion }
    let rest = Reductions.sum(others.map { weights[$0] })
    let remainders = scores.map { option -> Double in
      guard !others.isEmpty else { return 0 }
      return Reductions.sum(
        others.map { option[$0] * (rest > 0 ? weights[$0] / rest : 1 / Double(others.count)) })
    }
    var (lower, upper) = (0.0, 1.0)
    var (below, above): (Int?, Int?) = (nil, nil)
    guard !others.isEmpty else {
      return Range(criterion: criterion, weight: weight, lower: 1, upper: 1, winnerBelow: nil, winnerAbove: nil)
    }
    for option in scores.indices where option != best {
      // The lead at weight t is remainder + t slope; it is not negative at the present weight.
      let remainder = remainders[best] - remainders[option]
      let slope = scores[best][criterion] - scores[option][criterion] - remainder
      let lead = max(totals[best] - totals[option], 0)
      if slope == 0 || abs(slope) <= slack { continue }
      let crossing = weight - lead / slope
      if slope > 0, crossing > lower {
        (lower, below) = (crossing, option)
      } else if slope < 0, crossing < upper {
        (upper, above) = (crossing, option)
      }
    }
    return Range(
      criterion: criterion, weight: weight, lower: lower, upper: upper, winnerBelow: below, winnerAbove: above)
  }

  /// Scores from outcomes in any units: by criterion, 0 for the worst option and 1 for the best; 1 for all where they
  /// do not differ.
  ///
  /// - Parameters:
  ///   - outcomes: by option and criterion.
  ///   - largerIsBetter: by criterion.
  /// - Throws: `tooFew`, `lengths`, `nonFinite`.
  public static func scaled(_ outcomes: [[Double]], largerIsBetter: [Bool]) throws(DecisionError) -> [[Double]] {
    let name = "the scaling of scores"
    let criteria = try DecisionError.requireColumns(outcomes, "option", rows: 1, method: name)
    guard largerIsBetter.count == criteria else {
      throw .lengths(method: name, what: "the directions", expected: criteria, found: largerIsBetter.count)
    }
    let lowest = (0..<criteria).map { c in outcomes.reduce(Double.infinity) { min($0, $1[c]) } }
    let highest = (0..<criteria).map { c in outcomes.reduce(-Double.infinity) { max($0, $1[c]) } }
    return outcomes.map { option in
      (0..<criteria).map { c in
        let width = highest[c] - lowest[c]
        guard width > 0 else { return 1 }
        return largerIsBetter[c] ? (option[c] - lowest[c]) / width : (highest[c] - option[c]) / width
      }
    }
  }
}
