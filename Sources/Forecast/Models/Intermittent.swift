import NumericKernels

/// Croston's method and its descendants for intermittent demand: many zeros, now and then a positive amount.
///
/// The size z of demands and the time p between them are smoothed apart, each only when a demand comes:
///
///     z = a y + (1 - a) z,   p = a q + (1 - a) p     (q: steps since the last demand; first values: the first demand and its time)
///
///     Croston   mean = z / p
///     SBA       mean = (1 - a / 2) z / p, which removes most of Croston's bias
///     TSB       mean = z b, with the probability of a demand b smoothed at every step: b = a' [y > 0] + (1 - a') b
///
/// The mean is the same at every step. Croston's method states no distribution. Ours is a demand with probability mean
/// / z (at most 1) at each step, independently, whose size is drawn from the past demands multiplied by z / their mean;
/// so the mean is as above and the variance mean * (second moment of sizes / z) - mean^2. Predictions carry paths drawn
/// so.
///
/// Edge cases: zeros only give the mean 0 without spread; missing (NaN) values are steps on which nothing is learned
/// but time passes (TSB: nothing at all); a negative value is an error.
///
/// Sources: Croston, Operational Research Quarterly 23 (1972); Syntetos and Boylan, International Journal of
/// Forecasting 21 (2005); Teunter, Syntetos and Babai, European Journal of Operational Research 214 (2011).
public struct Croston: ForecastModel {
  public enum Variant: Equatable, Sendable {
    case classic
    case syntetosBoylan
    case teunterSyntetosBabai
  }

  public let variant: Variant
  /// The smoothing of the sizes and, but for TSB, of the intervals.
  public let sizeSmoothing: Double
  /// The smoothing of TSB's probability.
  public let probabilitySmoothing: Double
  /// The smoothed size z; 0 before the first demand.
  public let size: Double
  /// The mean of every coming step.
  public let mean: Double
  /// y - the forecast made before; NaN where missing, and up to the first demand (TSB: at the first value).
  public let residuals: [Double]
  /// Past demands divided by their mean, ascending.
  private let relativeSizes: [Double]

  public var name: String {
    switch variant {
    case .classic: "Croston"
    case .syntetosBoylan: "Croston SBA"
    case .teunterSyntetosBabai: "TSB"
    }
  }

  /// - Parameters:
  ///   - sizeSmoothing: in (0, 1].
  ///   - probabilitySmoothing: of TSB only, in (0, 1].
  /// - Throws: ``ForecastError/badDesign(model:reason:)`` for a smoothing outside or a negative value;
  ///   ``ForecastError/tooFewObservations(model:needed:found:)`` without a usable value;
  ///   ``ForecastError/nonFinite(model:position:)``.
  public init(
    fitting series: [Double], variant: Variant = .syntetosBoylan, sizeSmoothing: Double = 0.1,
    probabilitySmoothing: Double = 0.1
  ) throws(ForecastError) {
    guard sizeSmoothing > 0, sizeSmoothing <= 1, probabilitySmoothing > 0, probabilitySmoothing <= 1 else {
      throw .badDesign(model: "Croston", reason: "a smoothing parameter must lie in (0, 1]")
    }
    try self.init(series, variant: variant, sizeSmoothing: sizeSmoothing, probabilitySmoothing: probabilitySmoothing)
  }

  private init(
    _ series: [Double], variant: Variant, sizeSmoothing: Double, probabilitySmoothing: Double
  ) throws(ForecastError) {
    _ = try Observations(series, model: "Croston", needed: 1)
    if let position = series.firstIndex(where: { $0 < 0 }) {
      throw .badDesign(model: "Croston", reason: "observation \(position + 1) is negative")
    }
    let classicFactor = variant == .syntetosBoylan ? 1 - 0.5 * sizeSmoothing : 1
    var residuals = [Double](repeating: .nan, count: series.count)
    var (size, interval, probability) = (0.0, 0.0, 0.0)
    var (started, seen) = (false, false)
    var since = 0
    var forecast = Double.nan
    for t in series.indices {
      let value = series[t]
      since += 1
      if value.isNaN { continue }
      residuals[t] = value - forecast
      let demand = value > 0
      if demand {
        size = started ? sizeSmoothing * value + (1 - sizeSmoothing) * size : value
        interval = started ? sizeSmoothing * Double(since) + (1 - sizeSmoothing) * interval : Double(since)
        started = true
        since = 0
      }
      if variant == .teunterSyntetosBabai {
        let now = demand ? 1.0 : 0.0
        probability = seen ? probabilitySmoothing * now + (1 - probabilitySmoothing) * probability : now
        forecast = probability * size
      } else if started {
        forecast = classicFactor * (size / interval)
      }
      seen = true
    }
    self.variant = variant
    self.sizeSmoothing = sizeSmoothing
    self.probabilitySmoothing = probabilitySmoothing
    self.size = size
    mean = forecast.isNaN ? 0 : forecast
    self.residuals = residuals
    let demands = series.filter { $0 > 0 }
    let largest = demands.max() ?? 1
    let average = demands.reduce(0) { $0 + $1 / largest } / Double(max(demands.count, 1))
    relativeSizes = demands.map { $0 / largest / average }.sorted()
  }

  public func refitted(to series: [Double]) throws(ForecastError) -> Croston {
    try Croston(
      series, variant: variant, sizeSmoothing: sizeSmoothing, probabilitySmoothing: probabilitySmoothing)
  }

  /// The probability of a demand at each coming step.
  public var demandProbability: Double { size > 0 ? min(mean / size, 1) : 0 }

  /// The number of paths that a prediction carries.
  public static let predictionPaths = 1000

  /// Means and deviations are exact; quantiles are those of ``predictionPaths`` paths from a stream of their own.
  public func forecast(horizon: Int) throws(ForecastError) -> Prediction {
    let stream = RandomStream(seed: 0, id: name, purpose: .innovation)
    let paths = try simulate(horizon: horizon, paths: Self.predictionPaths, stream: stream)
    let secondMoment = relativeSizes.reduce(0) { $0 + $1 * $1 } / Double(max(relativeSizes.count, 1))
    let probability = demandProbability
    let deviation = size * max(probability * secondMoment - probability * probability, 0).squareRoot()
    return Prediction(
      mean: Array(repeating: mean, count: horizon), deviations: Array(repeating: deviation, count: horizon),
      paths: paths)
  }

  public func simulate(horizon: Int, paths: Int, stream: RandomStream) throws(ForecastError) -> SimulatedPaths {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    var result = SimulatedPaths(horizon: horizon, count: paths)
    let probability = demandProbability
    guard probability > 0 else { return result }
    var uniforms = [Double](repeating: 0, count: paths)
    for h in 0..<horizon {
      uniforms.withUnsafeMutableBufferPointer { stream.uniforms(item: h + 1, firstDraw: 0, into: $0) }
      // What is left of a uniform below the probability is uniform again and chooses the size.
      for path in 0..<paths where uniforms[path] < probability {
        let index = Int(uniforms[path] / probability * Double(relativeSizes.count))
        result[h, path] = size * relativeSizes[min(index, relativeSizes.count - 1)]
      }
    }
    return result
  }
}
