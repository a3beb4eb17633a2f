/// Point forecasts of the dynamic optimised theta model (DOTM) for a series without season: the short way through
/// ``ThetaModel``.
///
/// Missing observations are NaN. Needs four usable observations.
public struct DynamicOptimizedTheta: Sendable {
  private let core: ThetaCore

  /// - Parameter series: observations in time order, already seasonally adjusted; of any sign.
  public init(fitting series: [Double]) throws(ForecastError) {
    core = try ThetaCore(fitting: series, variant: .dynamicOptimized)
  }

  /// Point forecasts of steps 1 ... horizon; empty for a horizon below 1.
  public func pointForecast(horizon: Int) -> [Double] { core.pointForecast(horizon: max(horizon, 0)) }

  public var parameters: ThetaParameters { core.parameters }
}
