import TextFiles

/// Which indicators' own yearly shocks may be drawn together, and the rule by which the panel of provinces decides (the block
/// `correlations` of model.yaml).
///
/// No correlation is written down: it is estimated when the model is compiled, from what was known on the day, so that a replay of an
/// early day uses an early estimate.
public struct DependenceDefinition: Sendable, Equatable {
  /// An indicator of the model and its panel series.
  public struct Series: Sendable, Equatable {
    public var indicator: String
    /// The id of the panel series; the indicator's own unless stated.
    public var observed: String
    /// Added before the transformation: counts can be 0.
    public var offset: Double
    public var from: Int
    public var to: Int
    public var location: SourceLocation
  }

  public var series: [Series]
  /// The fewest province-years, and the fewest years among them, from which a pair gets a correlation.
  public var fewestRows: Int
  public var fewestYears: Int
  /// The share of false ones that is accepted among the correlations that are kept.
  public var falseDiscoveryRate: Double
  /// The macro factor with which the year effects of the panel are compared.
  public var driver: String
  /// The fewest years from which that comparison may say something.
  public var fewestDriverYears: Int

  /// A model without the block: nothing is correlated.
  public static let none = DependenceDefinition(
    series: [], fewestRows: 0, fewestYears: 0, falseDiscoveryRate: 0, driver: "", fewestDriverYears: 0)

  /// What has to be read for it.
  var observedIds: Set<String> { Set(series.map(\.observed)) }
}
