/// What the joint uncertainty of the baseline matters: the same draws with and without correlations and loadings.
public struct JointResult: Sendable {
  /// How the own shocks of a year hang together.
  public enum Variant: String, Sendable, CaseIterable {
    case stated
    case withoutCorrelations = "without_correlations"
    case withoutLoadings = "without_loadings"
    /// Every loading times ``JointStudy/strongerFactor``, at most until nothing of an indicator's own residual is left.
    case strongerLoadings = "stronger_loadings"
  }

  /// The 80% interval of an indicator under one variant.
  public struct Band: Sendable, Equatable {
    public let low: Double
    public let median: Double
    public let high: Double
    /// Its width as a multiple of the stated one; nil where nothing scatters.
    public let widthRatio: Double?
    /// The Monte Carlo error of that ratio, from parts of the draws; 0 for the stated variant.
    public let ratioError: Double?
  }

  public struct Outcome: Sendable {
    public let indicator: String
    public let isScenarioOnly: Bool
    /// In the order of ``Variant``.
    public let bands: [Band]
  }

  public struct Target: Sendable {
    public let target: TargetDefinition
    public let period: Period
    /// In the order of ``Variant``.
    public let probabilities: [Double]
  }

  /// Two outcomes and their rank correlation over the draws.
  public struct OutcomePair: Sendable {
    public let first: String
    public let second: String
    /// In the order of ``Variant``.
    public let correlations: [Double]
    /// Between the largest and the smallest.
    public var spread: Double { (correlations.max() ?? 0) - (correlations.min() ?? 0) }
  }

  public let year: Int
  public let draws: Int
  public let outcomes: [Outcome]
  /// Targets with a probability: those that rest on a planner's path have none.
  public let targets: [Target]
  /// Pairs of headline outcomes whose correlation the variants change most; those with a spread below 0.05 are left out.
  public let pairs: [OutcomePair]
}
