import NumericKernels

/// Options side by side on the same draws: what each brings, costs and risks, which is best, and how surely.
///
/// Options are ranked by one number per draw (``ComparisonRequest/Objective``). Two that the draws cannot separate share a rank
/// (``OptionComparison``, 95% for all pairs together). P(best) is the share of the draws in which an option is best, ties shared; while
/// any option rests on grade D it is an opinion, not a measurement, and the ranking without effects of grade D stands beside it.
public struct Comparison: Sendable {
  public struct Option: Sendable {
    public let id: String
    public let name: LocalizedText
    public let isBaseline: Bool
    /// 1 plus the number of options that the draws show to be better.
    public let rank: Int
    /// Options that the draws cannot separate from this one.
    public let tiedWith: [String]
    /// The mean of what options are ranked by.
    public let objective: Estimate
    public let probabilityBest: Estimate
    /// What is given up in a draw against the best option there: mean, and what 5% of the draws exceed.
    public let expectedRegret: Double
    public let regret95: Double
    /// Over the named futures; nil without any.
    public let largestRegret: NamedRegret?
    public let expectedTargetsMet: Double
    public let improvement: Double
    /// Ranks when effects whose size has grade D are set to zero.
    public let rankWithoutD: Int
    public let tiedWithoutD: [String]
    public let improvementWithoutD: Double
    public let objectiveWithoutD: Double
    public let support: Support
    public let cost: OptionCost
    /// In the first year's value; nil without a discount rate or with a lever that has no cost.
    public let discountedCost: Double?
    /// Whether every year fits into the budget; nil without a budget, or where a lever has no cost and the others fit.
    public let fitsBudget: Bool?
    public let yearsAboveBudget: [Int]
    /// Options that cost no more and are no worse in any headline indicator, and better in one of both.
    public let dominatedBy: [String]
    /// Whether no option of known cost gives more for no more money; nil where the cost is unknown.
    public let isEfficient: Bool?
    /// By ``Comparison/items``.
    public let outcomes: [OutcomeResult]
    /// Billion VND for each unit by which the mean of an item moves in its good direction; nil where that is not defined.
    public let costPerUnit: [Double?]
    public let attribution: Attribution?
    public let ambitions: [AmbitionReport]
    public let beyondValidity: [String]
    public let earlyStarts: [String]
    /// Whether it assumes a world of its own: then it is not only policy that is compared.
    public let assumesWorld: Bool
    /// By rule: the share of the draws in which it acts.
    public let triggered: [(rule: AdaptiveRule, share: Double)]
  }

  public struct NamedRegret: Sendable, Equatable {
    public var future: String
    public var regret: Double
  }

  public struct Pair: Sendable, Equatable {
    public var first: String
    public var second: String
    /// Draws that are equal count half.
    public var probabilityFirstBetter: Estimate
    public var meanDifference: Estimate
    public var isSeparated: Bool
    /// Draws that would be enough to separate a difference of this size; nil if there is none.
    public var drawsToSeparate: Int?
  }

  public struct MonteCarlo: Sendable, Equatable {
    public var draws: Int
    /// The largest standard error of a reported probability.
    public var largestError: Double
    public var requested: Double?
    public var isReached: Bool { requested.map { largestError <= $0 } ?? true }
  }

  public let model: CompiledModel
  public let settings: RunSettings
  public let request: ComparisonRequest
  public let fingerprint: Fingerprint
  /// Best first; the baseline ("no new policy") is one of them.
  public let options: [Option]
  /// In the order of ``options``.
  public let pairs: [Pair]
  public let items: [OutcomeItem]
  /// As in a run: of the baseline, then of the options in the order of the files.
  public let targets: [TargetResult]
  public let futures: FutureTable?
  public let weighted: WeightedRanking?
  public let monteCarlo: MonteCarlo

  /// How many targets can have a probability.
  public var targetCount: Int { items.count { $0.hasProbability } }
  /// Whether P(best) and the ranks rest on a planner's own estimates.
  public var isOpinion: Bool { options.contains { $0.support.weakest == .d } }
}
