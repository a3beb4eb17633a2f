import TextFiles

/// What can be said of an official target: how likely it is met with no new policy, when first, by how much it is missed, and what
/// growth it needs from the figure it was set on and from the figure as revised since.
public struct TargetOutlook: Sendable {
  /// Where a target stands.
  public enum State: String, Sendable {
    /// Its period is over, and it was met or missed.
    case met, missed
    /// Its period is over, and no figure tells.
    case noFigure = "no_figure"
    case open
    /// Its period ends after the projection.
    case beyondHorizon = "beyond_horizon"
  }

  /// Growth from one published figure to the target.
  public struct Base: Sendable, Equatable {
    public var year: Int
    public var value: Double
    /// The label of the vintage; empty where the row carries none.
    public var vintage: String
    /// Whether it has been replaced by another figure for the same year since.
    public var isReplaced: Bool
    /// What is needed per year from here to the target: percent a year for levels, units a year for everything else.
    public var neededPerYear: Double
  }

  public var target: TargetDefinition
  public var state: State
  /// The period that was evaluated (an open-ended target is read at the last year of the projection).
  public var period: Period
  /// The published value of a period that is over.
  public var outturn: Double?
  /// How many provinces a rank is counted among, in the middle of the projection.
  public var rankedAmong: Double?
  /// Whether the indicator rests on a planner's own path (grade D): then there is no probability (MODEL 8).
  public var isScenarioOnly: Bool
  /// The value that the target looks at, with no new policy.
  public var projected: Band80?
  /// The share of the draws that meet it; nil where the target is scenario-only or cannot be evaluated.
  public var probability: Double?
  /// Mean and median amount by which it is missed, draws that meet it counting 0.
  public var shortfall: Double?
  public var medianShortfall: Double?
  /// The median over the draws of the year in which the value first meets the target (a sum: in which it is full); nil where half of
  /// the draws do not within the horizon, and for averages. Where scenario-only: the first year of the middle path.
  public var firstMet: Int?
  /// The share of the draws that do not meet it in any year of the horizon; nil where scenario-only, and for averages.
  public var shareNotMet: Double?
  /// Latest figures: as revised first, then those it replaced.
  public var bases: [Base]
  /// Whether `neededPerYear` and `projectedPerYear` are percent a year (levels) or units a year.
  public var isGrowth: Bool
  /// The projection from the latest figure on, per year in the same unit.
  public var projectedPerYear: Band80?
  /// For a sum or an average that is partly over: what each remaining year must be.
  public var neededRest: Double?
}

/// A row of the targets' file that no indicator of the model matches.
public struct UnmatchedTarget: Sendable, Equatable {
  public enum Reason: String, Sendable {
    /// The model has no such indicator.
    case noIndicator = "no_indicator"
    /// It is about another area than the model.
    case otherArea = "other_area"
  }

  public var indicator: String
  public var area: String
  public var period: String
  public var comparison: String
  public var value: Double
  public var unit: String
  public var document: String
  public var note: String
  public var reason: Reason
}

/// All official targets of a model with what can be said of each, and what has none.
public struct TargetOverview: Sendable {
  public let outlooks: [TargetOutlook]
  public let unmatched: [UnmatchedTarget]
  /// Headline indicators, and systems none of whose indicators has a target.
  public let indicatorsWithout: [String]
  public let systemsWithout: [String]
  /// The last year of the projection.
  public let horizon: Int

  /// - Throws: ``DiagnosticList`` for problems of the targets' file, ``ScenarioError`` for a run that was cancelled.
  public init(_ engine: EngineRun, folder: DataFolder) throws {
    let model = engine.model
    let work = TargetWork(model: model, table: engine.baselineDraws)
    outlooks = model.catalog.targets
      .sorted { ($0.indicator, $0.period, $0.value) < ($1.indicator, $1.period, $1.value) }
      .map(work.outlook)
    unmatched = try UnmatchedTarget.read(folder, catalog: model.catalog)
    let with = Set(model.catalog.targets.map(\.indicator))
    indicatorsWithout = model.catalog.indicators.filter { $0.headline && !with.contains($0.id) }.map(\.id)
    systemsWithout = model.catalog.systems.map(\.id).filter { system in
      let own = model.catalog.indicators.filter { $0.system == system && !$0.isWorld }
      return own.contains { $0.headline || $0.good != .none } && !own.contains { with.contains($0.id) }
    }
    horizon = model.grid.last ?? model.catalog.startYear
  }
}
