import NumericKernels

/// The theta family with seasonal adjustment: STM, OTM, DSTM and DOTM of Fiorucci and others.
///
/// A seasonal series (by ``SeasonalityTest``) is divided by its classical seasonal figures, or freed of additive ones
/// where it is not positive. On what is left, with w = 1 - 1 / theta and t counted from 1,
///
///     y[t] = l[t - 1] + w (q^(t - 1) A[t - 1] + (1 - q^t) / alpha B[t - 1]) + e[t],   l[t] = l[t - 1] + alpha (y[t] - l[t - 1])
///
/// where q = 1 - alpha and A + B t is the least-squares line of all observations (static variants) or of those so far
/// (dynamic ones). alpha (in 0.1 ... 0.99) and, where estimated, w (in 0 ... 1, theta at least 1) minimise the squares
/// of the one-step errors as ``ThetaEstimation`` says. For a given alpha the rest is solved exactly, see
/// `ThetaProfile`.
///
/// All variants are linear in their shocks, dynamic ones with responses that change with time; so the predictive
/// variance is exact given the parameters: sigma^2 times the sum of squared responses. sigma^2 is the sum of squares
/// over the number of counted errors less the number of parameters. Seasonal figures are taken as known.
///
/// ``Theta`` is the plain standard method as a linear model, without seasons.
///
/// Edge cases: needs four usable observations; with fewer than four errors that count theta stays 2, with fewer than
/// three alpha 1/2. Missing observations (NaN) are interpolated on the way, but have no error and no weight. A constant
/// series is forecast by its constant with variance 0. The residuals whose squares do not count (the first, or the
/// first three) are NaN.
///
/// Source: Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler, International Journal of Forecasting 32 (2016).
public struct ThetaModel: ForecastModel {
  public let variant: ThetaVariant
  public let seasonalPeriod: Int
  /// The seasonal figures; nil where the series is not seasonal.
  public let decomposition: ClassicalDecomposition?
  public let innovationVariance: Double
  public let residuals: [Double]
  /// The square root of the variance, which may itself be too large or small for a number.
  private let deviation: Double
  private let core: ThetaCore
  private let count: Int

  /// Fits one variant.
  ///
  /// - Parameters:
  ///   - series: observations in time order, NaN where missing.
  ///   - seasonalPeriod: 1 for none.
  ///   - variant: by default the dynamic optimised one.
  ///   - estimation: how the parameters are chosen.
  /// - Throws: ``ForecastError/tooFewObservations(model:needed:found:)``, ``ForecastError/nonFinite(model:position:)``.
  public init(
    fitting series: [Double], seasonalPeriod: Int, variant: ThetaVariant = .dynamicOptimized,
    estimation: ThetaEstimation = .anchored
  ) throws(ForecastError) {
    let (adjusted, decomposition) = Self.adjusted(series, seasonalPeriod: seasonalPeriod)
    let core = try ThetaCore(fitting: adjusted, variant: variant, estimation: estimation)
    self.init(core, seasonalPeriod, decomposition, deviation: nil, count: series.count)
  }

  /// Fits all four variants and keeps that with the least squared one-step errors; of equal ones the first of
  /// ``ThetaVariant``'s cases.
  public init(
    selecting series: [Double], seasonalPeriod: Int, estimation: ThetaEstimation = .anchored
  )
    throws(ForecastError)
  {
    let (adjusted, decomposition) = Self.adjusted(series, seasonalPeriod: seasonalPeriod)
    var best = try ThetaCore(fitting: adjusted, variant: .standard, estimation: estimation)
    for variant in ThetaVariant.allCases.dropFirst() {
      let core = try ThetaCore(fitting: adjusted, variant: variant, estimation: estimation)
      if core.squares < best.squares * (1 - 1e-9) { best = core }
    }
    self.init(best, seasonalPeriod, decomposition, deviation: nil, count: series.count)
  }

  /// The model with given parameters instead of estimated ones; a static variant's line and the season are still the
  /// series' own.
  ///
  /// - Parameter parameters: the initial level in the unit of the (seasonally adjusted) series.
  public init(
    evaluating series: [Double], seasonalPeriod: Int, variant: ThetaVariant, parameters: ThetaParameters
  ) throws(ForecastError) {
    let name = variant.abbreviation
    guard parameters.smoothingLevel > 0, parameters.smoothingLevel <= 1, parameters.lineWeight.isFinite,
      parameters.initialLevel.isFinite
    else {
      throw .badDesign(model: name, reason: "alpha must lie in 0 ... 1 and all parameters must be finite")
    }
    let (adjusted, decomposition) = Self.adjusted(series, seasonalPeriod: seasonalPeriod)
    let core = try ThetaCore(series: adjusted, variant: variant, parameters: parameters)
    self.init(core, seasonalPeriod, decomposition, deviation: nil, count: series.count)
  }

  private init(
    _ core: ThetaCore, _ seasonalPeriod: Int, _ decomposition: ClassicalDecomposition?, deviation: Double?,
    count: Int
  ) {
    variant = core.variant
    self.seasonalPeriod = seasonalPeriod
    self.decomposition = decomposition
    self.core = core
    self.count = count
    let left = Double(max(core.countedErrors - core.estimation.parameters(core.variant), 1))
    self.deviation = deviation ?? core.data.rescaled((core.squares / left).squareRoot())
    innovationVariance = self.deviation * self.deviation
    let first = core.data.positions.first ?? 0
    var residuals = [Double](repeating: .nan, count: count)
    for position in core.data.positions where position - first >= core.estimation.skipped {
      let error = core.data.rescaled(core.errors[position - first])
      let isRatio = decomposition?.kind == .multiplicative
      residuals[position] = isRatio ? error * (decomposition?.figure(at: position) ?? 1) : error
    }
    self.residuals = residuals
  }

  /// The series without its season, if it has one by the test.
  private static func adjusted(
    _ series: [Double], seasonalPeriod: Int
  )
    -> ([Double], ClassicalDecomposition?)
  {
    guard SeasonalityTest.isSeasonal(series, seasonalPeriod: seasonalPeriod) else { return (series, nil) }
    let isPositive = series.allSatisfy { $0 > 0 || $0.isNaN }
    if isPositive,
      let ratio = try? ClassicalDecomposition(series, seasonalPeriod: seasonalPeriod, kind: .multiplicative),
      ratio.figures.allSatisfy({ $0 >= 0.01 })
    {
      return (ratio.adjusted(series), ratio)
    }
    guard let difference = try? ClassicalDecomposition(series, seasonalPeriod: seasonalPeriod, kind: .additive) else {
      return (series, nil)
    }
    return (difference.adjusted(series), difference)
  }

  public var name: String { decomposition == nil ? variant.abbreviation : "\(variant.abbreviation)[\(seasonalPeriod)]" }

  public var parameters: ThetaParameters { core.parameters }

  /// Keeps alpha, theta, the initial level, a static line, the seasonal figures and the variance; the series must start
  /// at the same time.
  public func refitted(to series: [Double]) throws(ForecastError) -> ThetaModel {
    let core = try core.refitted(to: decomposition?.adjusted(series) ?? series)
    return ThetaModel(core, seasonalPeriod, decomposition, deviation: deviation, count: series.count)
  }

  /// Point forecasts alone.
  public func pointForecast(horizon: Int) throws(ForecastError) -> [Double] {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    let mean = core.pointForecast(horizon: horizon)
    return decomposition?.reseasonalized(mean, from: count) ?? mean
  }

  public func forecast(horizon: Int) throws(ForecastError) -> Prediction {
    let mean = try pointForecast(horizon: horizon)
    let factors = shockFactors(horizon: horizon)
    let deviations = zip(core.responses(horizon: horizon), factors).map { row, factor in
      deviation * factor * row.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    return Prediction(mean: mean, deviations: deviations)
  }

  public func simulate(horizon: Int, paths: Int, stream: RandomStream) throws(ForecastError) -> SimulatedPaths {
    let mean = try pointForecast(horizon: horizon)
    guard paths >= 1 else { throw .badDesign(model: name, reason: "a simulation needs at least one path") }
    let factors = shockFactors(horizon: horizon)
    let rows = core.responses(horizon: horizon)
    var result = SimulatedPaths(horizon: horizon, count: paths)
    var normals = [[Double]](repeating: [Double](repeating: 0, count: paths), count: horizon)
    for h in 0..<horizon {
      normals[h].withUnsafeMutableBufferPointer { stream.normals(item: h + 1, firstDraw: 0, into: $0) }
      for path in 0..<paths { result.values[h * paths + path] = mean[h] }
      for j in 0...h {
        let response = deviation * factors[h] * rows[h][j]
        for path in 0..<paths { result.values[h * paths + path] += response * normals[j][path] }
      }
    }
    return result
  }

  /// What the season multiplies a step's error by.
  private func shockFactors(horizon: Int) -> [Double] {
    (0..<horizon).map { step in
      guard let decomposition, decomposition.kind == .multiplicative else { return 1 }
      return abs(decomposition.figure(at: count + step))
    }
  }
}
