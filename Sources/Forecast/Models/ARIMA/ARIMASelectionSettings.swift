/// What ``ARIMA/selected(fitting:seasonalPeriod:regressors:settings:)`` may choose from.
///
/// Limits and criterion are those of R's `auto.arima` (package forecast 8.20). Two defaults differ because they forecast better on
/// the M1, M3, M4 and tourism series: ordinary roots are refused within 5% of the unit circle instead of 1%, and in seasonal series
/// the search goes on from a start without constant as it is. ``asR`` has R's rules throughout.
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
  /// Models with a root of an ordinary polynomial below this modulus are refused.
  public var smallestRoot = 1.05
  /// The same for roots of the seasonal polynomials, as polynomials in single steps.
  public var smallestSeasonalRoot = 1.01
  /// Whether the steps start with a constant even where the model without it leads at first, as R's search does; nil: only
  /// without season, where it keeps short series simple.
  public var stepsFromConstant: Bool?
  /// A stepwise search ends after so many models.
  public var maximumModels = 94

  public init() {}

  /// R's rules.
  public static var asR: ARIMASelectionSettings {
    var settings = ARIMASelectionSettings()
    settings.smallestRoot = 1.01
    settings.stepsFromConstant = true
    return settings
  }
}
