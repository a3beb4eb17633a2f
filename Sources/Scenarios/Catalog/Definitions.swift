import TextFiles

/// An indicator of the model: what it measures and where its baseline comes from.
public struct IndicatorDefinition: Sendable {
  public var id: String
  public var name: LocalizedText
  public var system: String
  public var unit: String
  public var range: ValueRange
  public var good: Direction
  public var priceBasis: PriceBasis
  /// Whether comparisons of options look at it.
  public var headline: Bool
  public var source: IndicatorSource
  public var display: Display
  /// A remark that is printed with the indicator, such as "2022 method, hypothetical".
  public var note: LocalizedText?
  public var location: SourceLocation

  /// How people see its values.
  public struct Display: Equatable, Sendable {
    public var unit: LocalizedText
    public var scale: Double
    public var decimals: Int
    /// Whether the projection table of the terminal shows it.
    public var inTable: Bool

    public init(unit: LocalizedText, scale: Double, decimals: Int, inTable: Bool) {
      self.unit = unit
      self.scale = scale
      self.decimals = decimals
      self.inTable = inTable
    }
  }
}

/// Where an indicator's values come from.
public enum IndicatorSource: Sendable {
  case series(SeriesSpecification)
  case identity(IdentitySpecification)
  /// An output of a special process, such as the race of provinces for PCI ranks.
  case process(String)
}

/// How a baseline is fitted to a series of observations.
public struct SeriesSpecification: Sendable, Equatable {
  /// The id and area of its observations, where they differ from the indicator's own.
  public var observedIndicator: String?
  public var observedArea: String?
  /// The first year used.
  public var from: Int?
  public var interventions: [Intervention]
  /// Correlation of the yearly shock with that of a world driver (a planner's estimate where data are too short).
  public var loadings: [String: Double]
  public var plan: PlanSpecification?
  /// Where too few figures are published: the planner's own path instead of a fitted model.
  public var assumption: AssumptionSpecification?
  /// Whether it is a driver of the outside world, which a scenario may assume.
  public var isWorld: Bool
  /// Why it is fitted although fewer than eight of its usable figures are better than press; nil where the rule of eight holds
  /// (``SeriesBaseline/fewestSupported``).
  public var few: LocalizedText?
}

/// A declared break of a series; nothing is removed silently.
public enum Intervention: Sendable, Equatable {
  /// Years thrown off their course, such as a pandemic: they say nothing about the trend.
  case pulse(years: [Int])
  /// The recovery after a pulse: its growth is no evidence of the trend.
  case rebound(years: [Int])
  /// A lasting jump between two years, kept in the level and left out of trend and variance.
  case levelShift(year: Int)
  /// A jump that is permanent with some probability and otherwise fades by a share over some years (partly a change of reporting).
  case mixture(year: Int, permanentProbability: Double, fadingShare: Double, fadeYears: Int)
}

/// A planner's own path of an indicator without enough observations for a model (grade D, scenario-only): a straight line between the
/// years it names, constant after the last, with scatter in the indicator's own unit.
///
/// The deviation from the path in step h is `pathDeviation` times one normal per draw plus the sum over past steps k of `carry`^k times
/// `yearlyDeviation` times the normal of the year k steps back: carry 0 scatters each year anew, carry 1 is a random walk.
///
/// Where the measure itself changes (a new poverty line), the path restarts: what lies before says nothing about the level after, whose
/// doubt is then `restart.deviation`.
public struct AssumptionSpecification: Sendable, Equatable {
  /// Values by year.
  public var path: [Int: Double]
  public var yearlyDeviation: Double
  public var pathDeviation: Double
  public var carry: Double
  /// The day on which it was written down: replays of earlier days do not know it.
  public var stated: CalendarDate
  public var evidence: String
  public var restart: Restart? = nil

  /// From `year` on the indicator is measured in another way.
  public struct Restart: Sendable, Equatable {
    public var year: Int
    /// What takes the place of `pathDeviation` from `year` on, in the indicator's own unit at the path's value of that year.
    public var deviation: Double
  }

  /// The value of the path in `year`; before its first year the first value.
  public func value(in year: Int) -> Double {
    LeverPath.interpolated(path, in: year)
  }
}

/// An official plan for the running year, read as an expert's forecast with its past record.
public struct PlanSpecification: Sendable, Equatable {
  public var of: String
  /// A plan subtracted from the first, where the plan covers more than the indicator.
  public var less: String?
  public var recordActual: String
  public var recordPlan: String
  public var exceptYears: [Int]
}

public enum IdentitySpecification: Sendable {
  case sum([String])
  case product([String], scale: Double)
  case ratio(String, String, scale: Double)
  /// An index with value `base` in `baseYear`, growing by the percentages of `growth`.
  case chain(growth: String, baseYear: Int, base: Double)
  /// The change on the year before, in percent.
  case growth(of: String)
  /// The last published figure or stated level of the indicator itself, plus what came in and less what went out since. No more can
  /// go out than there is.
  case stock(StockSpecification)
  /// A multiple of past and present values of several indicators.
  case distributedLag([LagTerm], multiplier: Prior, grade: Grade, evidence: String)

  public struct LagTerm: Sendable {
    public var of: String
    public var weights: [Double]
  }

  /// The indicators it is computed from.
  public var inputs: [String] {
    switch self {
    case .sum(let ids), .product(let ids, _): return ids
    case .ratio(let a, let b, _): return [a, b]
    case .chain(let growth, _, _): return [growth]
    case .growth(let of): return [of]
    case .stock(let stock): return stock.inputs
    case .distributedLag(let terms, _, _, _): return terms.map(\.of)
    }
  }
}

/// A policy instrument or a dated project.
public struct LeverDefinition: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    /// Money or another quantity per year.
    case quantity
    /// A percentile of what provinces achieved, for a package of sub-indices.
    case ambition
    /// A project with a size, a start, a probability and a delay.
    case project
  }

  public var id: String
  public var name: LocalizedText
  public var system: String
  public var owner: LocalizedText
  public var kind: Kind
  public var unit: String
  /// What the baseline implies for it, year by year.
  public var baselinePath: BaselinePath
  /// Feasible amounts.
  public var range: AmountRange
  public var cost: Cost
  /// For a project: its size when it runs.
  public var size: Prior?
  public var delivery: Delivery?
  public var grade: Grade
  public var evidence: String
  public var note: LocalizedText?
  public var location: SourceLocation
  /// What it costs once, in billion VND for each unit by which it is raised above its baseline; nil if nothing is stated.
  public var capitalPerUnit: Double? = nil

  /// What the lever costs the budget, in billion VND a year.
  public enum Cost: Sendable, Equatable {
    case unknown
    /// The lever's own value is its yearly cost.
    case own
    case perUnit(Double)
  }

  /// Whether and when a measure is delivered once it is decided.
  public struct Delivery: Sendable, Equatable {
    public var probability: Double
    /// Probability of each whole year of delay; sums to 1.
    public var delay: [Double]
    /// That of what is delivered only a part comes; nil if never.
    public var partial: Partial?

    /// With `probability` only `share` of a delivered measure comes.
    public struct Partial: Sendable, Equatable {
      public var probability: Double
      public var share: Double
    }
  }
}

/// Cause -> effect.
public struct LinkDefinition: Sendable {
  public enum Form: String, Sendable, CaseIterable {
    /// Percent of effect per percent of cause.
    case elasticity
    /// Percent of effect per unit of cause.
    case semiElasticity = "semi_elasticity"
    /// Units of effect per unit of cause.
    case level
  }

  public enum Scope: String, Sendable, CaseIterable {
    case total, structural
  }

  public enum CarryOver: String, Sendable, CaseIterable {
    /// The effect ends with the lever.
    case none
    /// The effect stays after the lever returns.
    case stays
  }

  /// What of the effect a link moves.
  public enum EffectMeasure: String, Sendable, CaseIterable {
    /// The deviation of the effect's level in a year.
    case level
    /// The effect's change on the year before: the deviation of its level is the sum of what the link gave in all years so far.
    case growth
  }

  /// What of the cause a link follows.
  public enum CauseMeasure: String, Sendable, CaseIterable {
    /// The cause's deviation from its baseline.
    case level
    /// The change of that deviation on the year before (an accelerator): nothing while the cause stays where it is.
    case change
  }

  public var cause: String
  public var effect: String
  public var form: Form
  public var scope: Scope
  public var prior: Prior
  /// The name of a panel estimate that supplies the prior, instead of numbers in the file.
  public var estimate: String?
  /// A factor that carries the evidence's effect over to the indicator, with its own uncertainty (grade D).
  public var conversion: Prior?
  /// Shares of the long-run effect after 0, 1, ... years; they sum to 1.
  public var lag: [Double]
  public var carryOver: CarryOver
  /// Beyond these multiples (or values) of the baseline, the cause counts no further.
  public var validity: AmountRange?
  public var grade: Grade
  public var evidence: String
  public var location: SourceLocation
  /// Whether it moves the effect's level or its growth.
  public var on: EffectMeasure = .level
  /// Whether it follows the cause's deviation or the change of that.
  public var causeAs: CauseMeasure = .level
}

/// A special process: its kind and its parameters by name.
public struct ProcessDefinition: Sendable {
  public var id: String
  public var kind: String
  public var numbers: [String: Double]
  public var texts: [String: String]
  public var lists: [String: [String]]
  public var location: SourceLocation

  /// The outputs that take effects of links.
  var linkTargets: [String] {
    switch kind {
    case "pci_race": return lists["sub_indices"] ?? []
    case "fdi_projects": return ["projects", "ordinary", "mega"].compactMap { texts[$0] }
    default: return []
    }
  }

  /// The outputs with a yearly shock of their own, which may be correlated with others'.
  var shockOutputs: [String] {
    switch kind {
    case "pci_race": return ["score"].compactMap { texts[$0] }
    case "fdi_projects": return ["projects"].compactMap { texts[$0] }
    default: return []
    }
  }

  /// Which output follows from which within the process.
  var edges: [(String, String)] {
    switch kind {
    case "pci_race":
      let followers = ["score", "gap", "rank", "percentile", "rank_before_merger"].compactMap { texts[$0] }
      return (lists["sub_indices"] ?? []).flatMap { sub in followers.map { (sub, $0) } }
    case "fdi_projects":
      guard let projects = texts["projects"], let ordinary = texts["ordinary"] else { return [] }
      return [(projects, ordinary)]
    default: return []
    }
  }
}

/// An official target or plan.
public struct TargetDefinition: Sendable, Equatable {
  public enum Aggregate: String, Sendable, CaseIterable {
    case year, sum, average
  }

  public enum Comparison: String, Sendable {
    case atLeast = ">="
    case atMost = "<="
    case within = "range"
  }

  public var indicator: String
  public var period: Period
  public var aggregate: Aggregate
  public var comparison: Comparison
  public var value: Double
  /// The upper end of a range.
  public var upper: Double?
  public var document: String
  /// What to know about it, for example that it is passed already.
  public var note: String
}

/// A model folder, read and checked.
public struct ModelCatalog: Sendable {
  public var indicators: [IndicatorDefinition]
  public var levers: [LeverDefinition]
  public var links: [LinkDefinition]
  public var processes: [ProcessDefinition]
  public var targets: [TargetDefinition]
  public var grades: GradeRules
  public var area: String
  public var startYear: Int
  public var systems: [SystemDefinition]
  /// Which own shocks the panel may correlate.
  public var dependence = DependenceDefinition.none

  public struct SystemDefinition: Sendable {
    public var id: String
    public var name: LocalizedText
  }

  public func indicator(_ id: String) -> IndicatorDefinition? { indicators.first { $0.id == id } }
  public func lever(_ id: String) -> LeverDefinition? { levers.first { $0.id == id } }
}

/// A scenario: what differs from the baseline.
public struct ScenarioDefinition: Sendable {
  public struct LeverChoice: Sendable {
    public var lever: String
    public var path: LeverPath
    /// For an ambition: the sub-indices of the package.
    public var on: [String]
    public var location: SourceLocation
    /// What the planner does not know about the measure itself (grade D).
    public var doubt: LeverDoubt? = nil
    /// What the planner says it costs here (grade D); nil leaves it to the model.
    public var cost: PlannedCost? = nil
    /// Whether its amounts can be compared with the feasible range only once the baseline that the lever follows is fitted.
    public var isRangeOpen: Bool = false
  }

  /// The file's stem.
  public var id: String
  public var name: LocalizedText
  /// A paragraph that says what it assumes.
  public var description: LocalizedText?
  public var levers: [LeverChoice]
  public var world: [String: LeverPath]
  public var path: String
  /// What is decided later, when it is known how things went.
  public var rules: [AdaptiveRule] = []
}
