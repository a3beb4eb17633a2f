import NumericKernels

/// Options side by side, ranked.
///
/// The order is by the expected number of targets met, then by the mean improvement of the headline indicators (in standard
/// deviations of their baselines). P(best) is the share of draws in which an option improves the headline indicators most, ties
/// shared; under grade D effects it is an opinion, not a measurement.
public struct Comparison: Sendable {
  public struct Option: Sendable {
    public let id: String
    public let name: LocalizedText
    public let rank: Int
    public let expectedTargetsMet: Double
    public let improvement: Double
    public let probabilityBest: Double
    /// The rank when effects whose size has grade D are set to zero.
    public let rankWithoutD: Int
    public let improvementWithoutD: Double
    public let support: Support
    public let cost: Double
    public let hasUnknownCost: Bool
  }

  /// Best first; the baseline ("no new policy") is one of them.
  public let options: [Option]
  /// How many targets have a probability; those that are scenario-only do not count.
  public let targetCount: Int

  public init(_ result: RunResult) {
    let all = [result.baseline] + result.scenarios
    targetCount = result.baseline.targets.count { !$0.isScenarioOnly }
    let draws = result.settings.draws
    var wins = [Double](repeating: 0, count: all.count)
    for d in 0..<draws {
      let best = all.map { $0.utilityByDraw[d] }.max() ?? 0
      let winners = all.indices.filter { all[$0].utilityByDraw[d] == best }
      for winner in winners { wins[winner] += 1 / Double(winners.count) }
    }
    let met = all.map { Reductions.mean($0.metByDraw) }
    let utility = all.map { Reductions.mean($0.utilityByDraw) }
    let order = all.indices.sorted { (met[$0], utility[$0], $1) > (met[$1], utility[$1], $0) }
    let orderWithoutD = all.indices.sorted {
      (all[$0].targetsMetWithoutD, all[$0].meanUtilityWithoutD, $1)
        > (all[$1].targetsMetWithoutD, all[$1].meanUtilityWithoutD, $0)
    }
    options = order.enumerated().map { position, index in
      let outcome = all[index]
      return Option(
        id: outcome.id, name: outcome.name, rank: position + 1, expectedTargetsMet: met[index],
        improvement: utility[index],
        probabilityBest: wins[index] / Double(max(draws, 1)),
        rankWithoutD: (orderWithoutD.firstIndex(of: index) ?? 0) + 1, improvementWithoutD: outcome.meanUtilityWithoutD,
        support: outcome.support, cost: outcome.cost, hasUnknownCost: outcome.hasUnknownCost)
    }
  }
}
