/// The theta method in its standard form: the mean of the least-squares line and of the smoothed line of double curvature.
///
/// It equals simple exponential smoothing with half the slope of the least-squares line as drift (Hyndman and Billah 2003). With
/// l the smoothed level, b the slope, and the line itself smoothed alike from its own start:
///
///     mean[h] = l + (b / 2) (h - 1) + (line[n + 1] - smoothed line) / 2,   variance[h] = sigma^2 (1 + (h - 1) alpha^2)
///
/// On a complete series line[n + 1] - smoothed line = b (1 - (1 - alpha)^n) / alpha, as in R's `thetaf` for series without
/// seasons. Shock responses are sigma, alpha sigma, alpha sigma, ...; sigma and the residuals are those of the smoothing.
///
/// Edge cases: needs three usable observations; missing ones are left out of the line and filtered by the smoothing; a constant
/// series has no slope and variance 0.
///
/// Source: Assimakopoulos and Nikolopoulos, International Journal of Forecasting 16 (2000); Hyndman and Billah, International
/// Journal of Forecasting 19 (2003).
public struct Theta: LinearForecastModel {
  public static let name = "Theta"

  /// The smoothing of the level.
  public let smoothing: SimpleExponentialSmoothing
  /// Half the slope of the least-squares line: the change per step far ahead.
  public let drift: Double
  /// What is added to the smoothed level one step ahead.
  public let firstStep: Double

  public init(fitting series: [Double]) throws(ForecastError) {
    let data = try Observations(series, model: Self.name, needed: 3)
    let smoothing = try SimpleExponentialSmoothing(fitting: series)
    self.init(data, smoothing: smoothing, drift: data.rescaled(0.5 * data.slope))
  }

  private init(_ data: Observations, smoothing: SimpleExponentialSmoothing, drift: Double) {
    // The lag behind a line of unit slope, smoothed from its own start with the gaps of the series.
    let line = data.normalized.enumerated().map { $1.isNaN ? Double.nan : Double($0) }
    let pass = SmoothingFilter(smoothingLevel: smoothing.smoothingLevel).pass(line, level: 0, trend: 0)
    self.smoothing = smoothing
    self.drift = drift
    firstStep = drift * (Double(line.count) - pass.level)
  }

  /// Keeps alpha, the variance and the drift.
  public func refitted(to series: [Double]) throws(ForecastError) -> Theta {
    let data = try Observations(series, model: Self.name, needed: 1)
    return Theta(data, smoothing: try smoothing.refitted(to: series), drift: drift)
  }

  public var residuals: [Double] { smoothing.residuals }

  public var innovationVariance: Double { smoothing.innovationVariance }

  public func linearForecast(horizon: Int) throws(ForecastError) -> LinearForecast {
    var result = try smoothing.linearForecast(horizon: horizon)
    for h in 0..<horizon { result.mean[h] += firstStep + Double(h) * drift }
    return result
  }
}

extension Observations {
  /// The slope per step of the least-squares line through the usable observations, normalised.
  fileprivate var slope: Double {
    let first = positions.first ?? 0
    let times = positions.map { Double($0 - first) }
    let centre = times.reduce(0, +) / Double(times.count)
    var (cross, squares) = (0.0, 0.0)
    for (time, position) in zip(times, positions) {
      cross += (time - centre) * normalized[position - first]
      squares += (time - centre) * (time - centre)
    }
    return squares > 0 ? cross / squares : 0
  }
}
