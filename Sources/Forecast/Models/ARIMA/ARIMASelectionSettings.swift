/// What ``ARIMA/selected(fitting:seasonalPeriod:regressors:settings:)`` may choose from; the defaults are those of R's `auto.arima`.
public struct ARIMASelectionSettings: Equatable, Sendable {
  public enum Criterion: Sendable { case aicc, aic, bic }

  /// By steps from neighbour to neighbour, else all orders.
  public var isStepwise = true
  public var maximumAR = 5
  public var maximumMA = 5
  public var maximumSeasonalAR = 2
  public var maximumSeasonalMA = 2
  /// The largest p + q + P + Q of a full search.
  public var maximumOrder = 5
  /// nil: by the KPSS test, at most 2.
  public var differences: Int?
  /// nil: by the seasonal strength, at most 1.
  public var seasonalDifferences: Int?
  public var criterion = Criterion.aicc
  public var allowsConstant = true
  /// Whether orders are compared by conditional sums of squares and only the best is fitted exactly; nil: for more than 150
  /// observations or a period above 12.
  public var isApproximate: Bool?
  /// Models with a root of either polynomial below this modulus are refused.
  public var smallestRoot = 1.01
  /// A stepwise search ends after so many models.
  public var maximumModels = 94

  public init() {}
}
