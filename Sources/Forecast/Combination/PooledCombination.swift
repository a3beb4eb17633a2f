import NumericKernels

/// The default method: eight simple forecasts of the seasonally adjusted series, joined and calibrated by what the file's series
/// show together.
///
/// Short series cannot choose a model or say how far it will miss. A file of them can: all are held back at the same distance, and
/// the pooled errors choose the members' weights, the strength of trends, the share of seasonal models and the width of the bands.
/// Everything learned from S series is blended with what the developers' series showed, as if that had been twenty series; a
/// single series therefore gets the shipped values.
///
/// 1. ``ShrunkenSeasonalIndices`` take the season out.
/// 2. Members: dynamic optimised theta, ETS without season, a damped trend on logarithms (squared error) and on values (absolute
///    error), theta on logarithms, the last value with the median change, and two ``SmootherGrid`` mixtures (values, logarithms).
/// 3. At every step the smallest and the largest of the eight go, the rest are averaged with weights OWA^-4, pooled over the file.
/// 4. The distance to the naive forecast is multiplied by a pooled trend factor.
/// 5. Where the season is strong, the mean of seasonal ETS and complex exponential smoothing takes a pooled share.
/// 6. Bands: a scale per series and step from the ETS band, the mixture's rolling errors and the members' disagreement; the pooled
///    quantiles of the standardised errors, lower and upper apart, on a square-root scale that keeps positive series positive.
///
/// What the series of a file share at the end of their past (a boom, a slump) looks like evidence and is not: trend factor, seasonal
/// share and bands follow the file by a part only, however many series it has.
///
/// Sources: Bates and Granger, Operational Research Quarterly 20 (1969); Jose and Winkler, International Journal of Forecasting 24
/// (2008) for trimmed means; Fiorucci et al., International Journal of Forecasting 32 (2016) for dynamic optimised theta.
struct PooledCombination: Sendable {
  static let name = "combination"

  /// What the file's series have taught.
  let constants: CombinationConstants

  /// A forecast and the scale of its errors by step, in the normalised unit, with the season.
  struct Outcome: Sendable {
    var mean: [Double]
    var scale: [Double]
  }

  func outcome(_ fit: CombinationFit) -> Outcome {
    let series = fit.series
    let last = series.values.last ?? 0
    var mean = constants.trimmedMean(fit.members)
    let share = constants.seasonalWeight * CombinationConstants.ramp(series.indices.strength)
    for step in mean.indices {
      mean[step] = (last + constants.trendFactor * (mean[step] - last)) * series.futureIndex(step)
      if !fit.seasonalForecast.isEmpty {
        mean[step] = CombinationConstants.joined(mean[step], fit.seasonalForecast[step], share)
      }
    }
    return Outcome(mean: mean, scale: constants.scale(fit))
  }
}
