/// What a growth target asks of the remaining quarters and of each item of the account: made by ``GrowthArithmetic``.
///
/// Growth, shares and contributions are in percent and points; levels in the unit of the model's account.
public struct GrowthAnswer: Sendable, Equatable {
  public var accounts: GrowthAccounts
  public var year: Int
  /// The growth to be reached in the year, in percent, and the official document that sets it (nil when the planner chose it).
  public var reach: Double
  public var document: String?
  /// Whether the growth of the whole year is published: then what stands for "without new policy" is what happened.
  public var isClosed: Bool
  /// The published growth of a year that is over, in percent; the items may be of another vintage.
  public var outturn: Double?
  /// Figures of the year itself that are used: published ones and those that the planner typed in.
  public var figures: [PartYearGrowth]
  /// How many first quarters are covered by a figure of the whole, and its growth over them.
  public var knownQuarters: Int
  public var growthSoFar: Double
  /// Figures of the year before that shape the pattern.
  public var figuresBefore: [PartYearGrowth]
  /// Quarters of the year and of the next.
  public var quarters: [Quarter]
  /// What each remaining quarter must do.
  public var needs: [QuarterNeed]
  /// What the remaining quarters must do together.
  public var need: Band80
  public var items: [ItemNeed]
  /// The whole, in the form of an item.
  public var total: ItemNeed
  public var implied: Implied?
  public var shocks: [Shock]
  /// What the whole looks like without a producer that a driver of the outside world stands for.
  public var apart: [Apart]
  public var record: [Record]
  /// Whether figures of the year exist that the baseline of the items does not know.
  public var baselineIgnoresFigures: Bool

  /// One item (or the whole: `item` nil) in one quarter.
  public struct Quarter: Sendable, Equatable {
    public enum Origin: String, Sendable {
      /// Follows from figures alone.
      case published
      /// One figure spread evenly over several quarters.
      case spread
      /// The middle of the projection without new policy, spread evenly.
      case baseline
      /// The growth needed for the target.
      case needed
    }

    public var item: String?
    public var year: Int
    public var quarter: Int
    public var level: Double
    public var growth: Double
    /// Growth of the year so far, up to and with this quarter.
    public var cumulated: Double
    public var origin: Origin
  }

  public struct QuarterNeed: Sendable, Equatable {
    public var quarter: Int
    /// The same growth in every remaining quarter.
    public var equal: Band80
    /// Growth in proportion to that of the same quarters of the year before; nil where it is not published by quarter.
    public var pattern: Band80?
    /// Growth of the same quarter of the year before; nil where no figure reaches it.
    public var before: Double?
  }

  public struct ItemNeed: Sendable, Equatable {
    /// The level's id.
    public var item: String
    /// Its share of the year before, in percent at constant prices.
    public var weight: Double
    public var growthBefore: Double?
    /// Growth without new policy.
    public var baseline: Band80
    /// Points that it adds to the growth of the whole without new policy.
    public var contribution: Band80
    /// Growth with which it would reach the target alone, the others growing as without new policy.
    public var alone: Band80
    /// The same for its remaining quarters, where its growth so far is known.
    public var aloneRemaining: Band80?
    /// Growth when all items rise in proportion to their growth without new policy; nil when the whole does not grow.
    public var together: Band80?
    public var contributionTogether: Band80?
  }

  /// What the target implies for investment and labour.
  public struct Implied: Sendable, Equatable {
    /// Investment over product over growth of a year with figures, and the investment that the target needs with it.
    public struct PastICOR: Sendable, Equatable {
      public var year: Int
      public var icor: Double
      public var investmentNeeded: Band80
    }

    /// Product at current prices if the target is met.
    public var nominal: Band80
    public var past: [PastICOR]
    /// Investment without new policy, and the ICOR with which it would give the target.
    public var investmentBaseline: Band80?
    public var icorBaseline: Band80?
    /// The official plan of investment, the ICOR with which it would give the target, and the growth that it gives with the ICOR of
    /// the last year with figures.
    public var investmentPlan: Double?
    public var icorPlan: Band80?
    public var growthOfPlan: Band80?
    /// Real growth of product per worker, and the level at current prices (unit of product / unit of employment).
    public var productivityGrowth: Band80?
    public var productivityGrowthBaseline: Band80?
    public var productivity: Band80?
  }

  /// A driver of the outside world inside an item: points of growth of the whole for one unit of the driver.
  public struct Shock: Sendable, Equatable {
    public var driver: String
    public var item: String
    public var points: Band80
    public var grade: Grade
  }

  /// The whole without a producer inside an item, whose output is proportional to a driver with 100 = normal (a refinery).
  ///
  /// No figure of the producer is published: its share is what the link from the driver to the item says (its grade), so everything
  /// here is as uncertain as that. All investment and all employed persons are counted with the rest.
  public struct Apart: Sendable, Equatable {
    public var driver: String
    public var item: String
    public var grade: Grade
    /// Its share of the whole in the year before, in percent at constant prices.
    public var share: Band80
    /// Growth of its output without new policy, and of the rest, in percent.
    public var driverGrowth: Band80
    public var growth: Band80
    /// Growth of the rest with which the whole reaches the target.
    public var needed: Band80
    /// Investment over product over growth without new policy: of the whole and of the rest.
    public var icor: Band80?
    public var icorWithout: Band80?
    /// Product at current prices per worker: of the whole and of the rest.
    public var productivity: Band80?
    public var productivityWithout: Band80?
  }

  /// How an earlier year went on after the figures that were known of its first quarters.
  public struct Record: Sendable, Equatable {
    public var year: Int
    public var knownQuarters: Int
    public var growthSoFar: Double
    /// The official target of that year; nil where there is none.
    public var target: Double?
    /// What the remaining quarters needed for that target.
    public var needed: Double?
    /// What they did.
    public var done: Double
    public var growth: Double
  }
}
