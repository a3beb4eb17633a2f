/// The ranking under a user's weights, and how far each weight can move before another option wins.
///
/// Every criterion is scaled to 0 for the worst option and 1 for the best, so a total depends on which options take part; the share of a
/// weight is relative to all. Options without a known cost take no part when cost has a weight.
public struct WeightedRanking: Sendable {
  public struct Row: Sendable, Equatable {
    public let option: String
    public let total: Double
    /// By criterion.
    public let scores: [Double]
  }

  public struct Range: Sendable, Equatable {
    public let criterion: String
    /// As a share of all weights.
    public let weight: Double
    /// The winner stays first while the share lies in between.
    public let lower: Double
    public let upper: Double
    public let winnerBelow: String?
    public let winnerAbove: String?
  }

  public let criteria: [String]
  /// Best first.
  public let rows: [Row]
  /// More than one if the weights do not decide.
  public let winners: [String]
  public let ranges: [Range]
  public let leftOut: [String]

  /// - Parameter outcomes: by option: id and the value of each criterion, larger being better; nil where unknown.
  init?(_ outcomes: [(id: String, values: [Double?])], weights: [ComparisonRequest.Weight]) throws {
    guard !weights.isEmpty else { return nil }
    let known = outcomes.compactMap { option -> (id: String, values: [Double])? in
      let values = option.values.compactMap { $0 }
      return values.count == weights.count ? (option.id, values) : nil
    }
    leftOut = outcomes.map(\.id).filter { id in !known.contains { $0.id == id } }
    let ids = known.map(\.id)
    criteria = weights.map(\.criterion)
    guard !known.isEmpty else {
      (rows, winners, ranges) = ([], [], [])
      return
    }
    let scores = try WeightRanking.scaled(known.map(\.values), largerIsBetter: weights.map { _ in true })
    let ranking = try WeightRanking(scores: scores, weights: weights.map(\.weight))
    rows = ranking.order.map { Row(option: ids[$0], total: ranking.totals[$0], scores: scores[$0]) }
    winners = ranking.winners.map { ids[$0] }
    let names = criteria
    ranges = ranking.ranges.map {
      Range(
        criterion: names[$0.criterion], weight: $0.weight, lower: $0.lower, upper: $0.upper,
        winnerBelow: $0.winnerBelow.map { ids[$0] }, winnerAbove: $0.winnerAbove.map { ids[$0] })
    }
  }
}
