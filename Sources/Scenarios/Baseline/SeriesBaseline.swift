import Forecast
import NumericKernels

/// The baseline of one indicator from its own observations: a combination of models on the transformed scale, with the declared
/// interventions, the widening measured on other yearly series, and the plan of the running year as an expert forecast.
public struct SeriesBaseline: Sendable {
  public let indicator: String
  public let transform: RangeTransform
  /// Observed values used, by year.
  public let history: [Int: Double]
  public let lastYear: Int
  public let firstUsedYear: Int
  /// From the year after `lastYear` on.
  public let forecast: LinearForecast
  public let memberNames: [String]
  public let skipped: [Combination.Skipped]
  /// Standard deviation of later revisions of the last figure, on the transformed scale.
  public let revision: Double
  /// Correlations of the yearly shock with world drivers, in the order of their ids.
  public private(set) var loadings: [(driver: String, loading: Double)]
  public let plan: PlanForecast?
  public let mixture: Mixture?
  /// Observations that carry information on trend and variance.
  public let usableCount: Int
  /// Those of them that are better than press (``Observation/Status/isBetterThanPress``).
  public let supportedCount: Int
  /// Whether the path is a planner's own (grade D, scenario-only): nothing was fitted.
  public let isAssumed: Bool

  /// A jump of the level whose permanence is uncertain.
  public struct Mixture: Sendable, Equatable {
    public let year: Int
    /// The jump beyond ordinary growth, on the transformed scale.
    public let jump: Double
    public let permanentProbability: Double
    public let fadingShare: Double
    public let fadeYears: Int
  }

  /// The widening measured on yearly series of this length.
  public let calibration: YearlyCalibration
  private let deviations: [Double]
  private let anchor: (mean: Double, deviation: Double)?

  /// The fewest observations with which anything is fitted.
  public static let fewestObservations = 4
  /// The rule of eight (MODEL 8): the fewest usable observations better than press with which an indicator gets a model, unless
  /// the model folder declares an exception with its reason. A replay of an earlier day tests a model that the figures of today
  /// carry: there the indicator may have fewer (``isFew``).
  public static let fewestSupported = 8
  /// Whether it was fitted to fewer usable observations better than press than the rule of eight asks for: its band is not testable.
  public var isFew: Bool { !isAssumed && supportedCount < SeriesBaseline.fewestSupported }

  /// Fits the baseline.
  ///
  /// - Parameters:
  ///   - until: the last year to project.
  ///   - isExempt: whether the rule of eight does not bind here: a declared exception, or a replay.
  /// - Throws: ``ScenarioError``.
  init(
    _ definition: IndicatorDefinition, _ specification: SeriesSpecification, store: ObservationStore, area: String,
    until: Int, isExempt: Bool
  )
    throws
  {
    let series = try UsableSeries(definition, specification, store: store, area: area)
    guard series.observations.count >= SeriesBaseline.fewestObservations else {
      throw ScenarioError.tooFewObservations(
        indicator: definition.id, needed: SeriesBaseline.fewestObservations, found: series.observations.count)
    }
    guard isExempt || series.supportedCount >= SeriesBaseline.fewestSupported else {
      throw ScenarioError.belowRuleOfEight(
        indicator: definition.id, usable: series.usableCount, supported: series.supportedCount)
    }
    let (transform, observations, first, last) = (
      series.transform, series.observations, series.firstYear, series.lastYear
    )
    var values = series.values
    var jumps = 0.0
    var mixture: Mixture?
    for intervention in specification.interventions {
      switch intervention {
      case .levelShift(let year):
        jumps += SeriesBaseline.removeJump(&values, at: year - first)
      case .mixture(let year, let probability, let share, let fadeYears):
        let jump = SeriesBaseline.removeJump(&values, at: year - first)
        jumps += jump
        mixture = Mixture(
          year: year, jump: jump, permanentProbability: probability, fadingShare: share, fadeYears: fadeYears)
      default: break
      }
    }
    let steps = max(until - last, 1)
    do {
      let model = try Combination(fitting: values)
      var forecast = try model.linearForecast(horizon: steps)
      for h in forecast.mean.indices { forecast.mean[h] += jumps }
      self.forecast = forecast
      memberNames = model.members.map(\.name)
      skipped = model.skipped
    } catch { throw ScenarioError.fit(indicator: definition.id, reason: "\(error)") }
    isAssumed = false
    indicator = definition.id
    self.transform = transform
    history = observations.mapValues(\.value)
    lastYear = last
    firstUsedYear = first
    (usableCount, supportedCount) = (series.usableCount, series.supportedCount)
    let percent = observations[last].map { store.revisionPercent($0) } ?? 0
    revision = definition.range == .real ? 0 : percent / 100
    loadings = specification.loadings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    self.mixture = mixture
    deviations = forecast.standardDeviations
    plan = specification.plan.flatMap { PlanForecast($0, year: last + 1, store: store, area: area) }
    calibration = YearlyCalibration(
      observations: usableCount, scale: definition.range == .positive ? .logarithm : .plain)
    anchor = SeriesBaseline.anchor(plan, forecast: forecast, calibration, range: definition.range)
  }

  /// A planner's own path: what is published stays, the path goes on after it (or starts with its first year if nothing is).
  init(
    _ definition: IndicatorDefinition, _ specification: SeriesSpecification,
    assuming assumption: AssumptionSpecification,
    store: ObservationStore, area: String, until: Int
  ) throws {
    if let day = store.asOf, day < assumption.stated {
      throw ScenarioError.pathNotStated(indicator: definition.id, stated: assumption.stated)
    }
    let transform = RangeTransform(definition.range)
    let observations = store.annual(
      specification.observedIndicator ?? definition.id, area: specification.observedArea ?? area
    ).filter { $0.value.status != .plan }
    var history = observations.mapValues(\.value)
    if history.isEmpty, let first = assumption.path.keys.min() { history[first] = assumption.path[first] }
    guard let first = history.keys.min(), let last = history.keys.max() else {
      throw ScenarioError.tooFewObservations(indicator: definition.id, needed: 1, found: 0)
    }
    for (year, value) in history.merging(assumption.path, uniquingKeysWith: { published, _ in published })
      .sorted(by: { $0.key < $1.key }) where !transform.contains(value)
    {
      throw ScenarioError.outsideRange(indicator: definition.id, year: year, value: value)
    }
    let years = Array((last + 1)...max(until, last + 1))
    // The scatter is given in the indicator's own unit at the start of the path, and keeps its size on the transformed scale.
    let start = assumption.value(in: last + 1)
    let yearly = transform.shift(at: start, by: assumption.yearlyDeviation)
    var response = yearly
    var responses: [Double] = []
    for _ in years {
      responses.append(response)
      response *= assumption.carry
    }
    let doubt = transform.shift(at: start, by: assumption.pathDeviation)
    forecast = LinearForecast(
      mean: years.map { transform.forward(assumption.value(in: $0)) }, shockResponses: responses,
      parameterDeviations: years.map { year in
        guard let restart = assumption.restart, year >= restart.year else { return doubt }
        return transform.shift(at: assumption.value(in: restart.year), by: restart.deviation)
      })
    isAssumed = true
    indicator = definition.id
    self.transform = transform
    self.history = history
    (firstUsedYear, lastYear, usableCount) = (first, last, observations.count)
    supportedCount = observations.values.count { $0.status.isBetterThanPress }
    (memberNames, skipped) = ([], [])
    let percent = observations[last].map { store.revisionPercent($0) } ?? 0
    revision = definition.range == .real ? 0 : percent / 100
    loadings = specification.loadings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    (plan, mixture, anchor) = (nil, nil, nil)
    calibration = .none
    // No scale, so that the widening measured on fitted models is not applied to a planner's own numbers.
    deviations = [Double](repeating: 0, count: years.count)
  }

  /// Takes the jump between `index - 1` and `index` out of the later values, as far as it exceeds the median yearly change.
  private static func removeJump(_ values: inout [Double], at index: Int) -> Double {
    guard index > 0, index < values.count, !values[index].isNaN, !values[index - 1].isNaN else { return 0 }
    var changes: [Double] = []
    var previous: Int?
    for i in values.indices where !values[i].isNaN {
      if let p = previous, i != index { changes.append((values[i] - values[p]) / Double(i - p)) }
      previous = i
    }
    guard !changes.isEmpty else { return 0 }
    let jump = values[index] - values[index - 1] - Quantiles.median(changes)
    for i in index..<values.count { values[i] -= jump }
    return jump
  }

  /// Precision-weighted mean of the models' forecast of the running year and the corrected plan (Bates and Granger 1969).
  private static func anchor(
    _ plan: PlanForecast?, forecast: LinearForecast, _ calibration: YearlyCalibration, range: ValueRange
  ) -> (
    mean: Double, deviation: Double
  )? {
    guard let plan, range == .positive, let mean = forecast.mean.first else { return nil }
    let own = forecast.standardDeviations[0] * calibration.stretched(1, step: 1)
    guard own > 0 else { return nil }
    let (a, b) = (1 / (own * own), 1 / (plan.deviation * plan.deviation))
    let planned = VectorMath.log(plan.planned) + plan.bias
    return ((a * mean + b * planned) / (a + b), (1 / (a + b)).squareRoot())
  }

  /// Draws paths on the transformed scale for the years of `grid`.
  ///
  /// - Parameters:
  ///   - range: which draws.
  ///   - worldShock: the standardised shock of a world driver in a grid year, for each of these draws.
  ///   - ownShift: what correlation with other indicators adds to the own shock of a year (``CorrelatedShocks``).
  ///   - output: one buffer per grid year, each as long as `range`.
  func sample(
    grid: [Int], seed: Dice, range: Range<Int>, worldShock: (_ driver: String, _ year: Int) -> [Double]?,
    ownShift: (_ year: Int) -> [Double]? = { _ in nil }, into output: [UnsafeMutableBufferPointer<Double>]
  ) {
    let count = range.count
    let innovation = RandomStream(seed: seed, id: indicator, purpose: .innovation)
    let parameter = RandomStream(seed: seed, id: indicator, purpose: .model)
    var shocks: [[Double]] = []
    var own = 1.0
    for (_, loading) in loadings { own -= loading * loading }
    own = max(own, 0).squareRoot()
    for h in forecast.mean.indices {
      var z = [Double](repeating: 0, count: count)
      z.withUnsafeMutableBufferPointer {
        innovation.normals(item: lastYear + 1 + h, firstDraw: range.lowerBound, into: $0)
      }
      if let shift = ownShift(lastYear + 1 + h) { for d in 0..<count { z[d] += shift[d] } }
      if !loadings.isEmpty {
        for d in 0..<count { z[d] *= own }
        for (driver, loading) in loadings {
          guard let world = worldShock(driver, lastYear + 1 + h) else { continue }
          for d in 0..<count { z[d] += loading * world[d] }
        }
      }
      shocks.append(z)
    }
    var parameterShock = [Double](repeating: 0, count: count)
    var revisionShock = [Double](repeating: 0, count: count)
    var permanence = [Double](repeating: 0, count: count)
    parameterShock.withUnsafeMutableBufferPointer { parameter.normals(item: 0, firstDraw: range.lowerBound, into: $0) }
    if revision > 0 {
      revisionShock.withUnsafeMutableBufferPointer { parameter.normals(item: 1, firstDraw: range.lowerBound, into: $0) }
    }
    if mixture != nil {
      permanence.withUnsafeMutableBufferPointer { parameter.uniforms(item: 2, firstDraw: range.lowerBound, into: $0) }
    }
    var anchorShift = [Double](repeating: 0, count: count)
    var values = anchorShift
    for h in forecast.mean.indices {
      let year = lastYear + 1 + h
      let target = grid.firstIndex(of: year)
      guard target != nil || (h == 0 && anchor != nil) else { continue }
      let own = forecast.parameterDeviations[h]
      for d in 0..<count { values[d] = own * parameterShock[d] }
      for j in 0...h { SeriesBaseline.add(forecast.shockResponses[h - j], times: shocks[j], to: &values) }
      let scale = deviations[h]
      if scale > 0 { calibration.stretch(&values, scale: scale, step: h + 1) }
      // The plan narrows the models' own deviation.
      let stretched = h == 0 && anchor != nil ? values : []
      if scale > 0 { calibration.temper(&values) }
      let mean = forecast.mean[h]
      if h == 0, let anchor {
        let spread = scale * calibration.stretched(1, step: 1)
        for d in 0..<count {
          anchorShift[d] = anchor.mean + anchor.deviation * stretched[d] / spread - (mean + values[d])
        }
      }
      guard let target else { continue }
      let (place, faded) = (output[target], fading(step: h + 1))
      for d in 0..<count {
        place[d] =
          mean + values[d] + (anchorShift[d] + revision * revisionShock[d] + faded.value(atUniform: permanence[d]))
      }
    }
    for (index, year) in grid.enumerated() where year <= lastYear {
      let value = history[year].map(transform.forward) ?? interpolated(year)
      for d in 0..<count { output[index][d] = value + (year == lastYear ? revision * revisionShock[d] : 0) }
    }
  }

  /// By how much a path has fallen back in a year, from a uniform number up.
  private struct Fading {
    var from: Double
    var fall: Double

    func value(atUniform uniform: Double) -> Double { uniform >= from ? fall : 0 }
  }

  private func fading(step: Int) -> Fading {
    guard let mixture else { return Fading(from: .infinity, fall: 0) }
    // What has faded by the last observed year is in the figures already.
    func faded(_ year: Int) -> Double { min(max(Double(year - mixture.year) / Double(mixture.fadeYears), 0), 1) }
    return Fading(
      from: mixture.permanentProbability,
      fall: -mixture.jump * mixture.fadingShare * (faded(lastYear + step) - faded(lastYear)))
  }

  private static func add(_ weight: Double, times shocks: [Double], to values: inout [Double]) {
    shocks.withUnsafeBufferPointer { shocks in
      values.withUnsafeMutableBufferPointer { for d in $0.indices { $0[d] += weight * shocks[d] } }
    }
  }

  /// The transformed value of a year without a figure between years that have one.
  private func interpolated(_ year: Int) -> Double {
    let before = history.keys.filter { $0 < year }.max() ?? firstUsedYear
    let after = history.keys.filter { $0 > year }.min() ?? lastYear
    let (a, b) = (transform.forward(history[before] ?? .nan), transform.forward(history[after] ?? .nan))
    return a + (b - a) * Double(year - before) / Double(max(after - before, 1))
  }

  /// The published figure of a year, a value between published ones, or the middle of the projection (with what the plan of the running
  /// year makes of it, and the jump of a mixture as if it stayed); nil beyond its horizon.
  func middle(in year: Int) -> Double? {
    guard year > lastYear else { return history[year] ?? transform.inverse(interpolated(year)) }
    let h = year - lastYear - 1
    guard forecast.mean.indices.contains(h) else { return nil }
    let planned = anchor.map { $0.mean - forecast.mean[0] } ?? 0
    return transform.inverse(forecast.mean[h] + planned)
  }

  /// The shocks that would make the path of a world driver equal to `values` from the year after `lastYear` on.
  func impliedShocks(_ values: (Int) -> Double) -> [Int: Double] {
    var shocks: [Double] = []
    for h in forecast.mean.indices {
      // The calibration of the bands acts on the whole deviation: the shocks are those before it.
      var rest = uncalibrated(transform.forward(values(lastYear + 1 + h)) - forecast.mean[h], step: h + 1)
      for j in 0..<h { rest -= forecast.shockResponses[h - j] * shocks[j] }
      let unit = forecast.shockResponses[0]
      shocks.append(unit > 0 ? rest / unit : 0)
    }
    return Dictionary(uniqueKeysWithValues: shocks.enumerated().map { (lastYear + 1 + $0, $1) })
  }

  /// The deviation that the calibration turns into `calibrated`.
  private func uncalibrated(_ calibrated: Double, step: Int) -> Double {
    let deviation = calibration.scale == .logarithm ? YearlyCalibration.untempered(calibrated) : calibrated
    let scale = deviations[step - 1]
    guard scale > 0, deviation.isFinite else { return deviation }
    let target = abs(deviation) / scale
    var (low, high) = (0.0, 1.0)
    while calibration.stretched(high, step: step) < target { high *= 2 }
    for _ in 0..<100 {
      let middle = 0.5 * (low + high)
      if calibration.stretched(middle, step: step) < target { low = middle } else { high = middle }
    }
    return (deviation < 0 ? -scale : scale) * 0.5 * (low + high)
  }

  /// The same baseline with every loading multiplied by `factor`, but by no more than leaves nothing of the own residual.
  package func scalingLoadings(by factor: Double) -> SeriesBaseline {
    let explained = loadings.reduce(0) { $0 + $1.loading * $1.loading }
    guard explained > 0 else { return self }
    let used = min(factor, 1 / explained.squareRoot())
    var result = self
    result.loadings = factor == 0 ? [] : loadings.map { ($0.driver, used * $0.loading) }
    return result
  }

  /// The driver's own standardised shocks of one year.
  func shocks(year: Int, seed: Dice, range: Range<Int>, into output: UnsafeMutableBufferPointer<Double>) {
    RandomStream(seed: seed, id: indicator, purpose: .innovation)
      .normals(item: year, firstDraw: range.lowerBound, into: output)
  }
}
