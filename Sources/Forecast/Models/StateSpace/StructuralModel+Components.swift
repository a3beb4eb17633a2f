import NumericKernels

extension StructuralModel {
  /// Values with their standard deviations, one per period.
  public struct Estimate: Equatable, Sendable {
    public var values: [Double]
    public var deviations: [Double]
  }

  /// The components of a series given all its observations, in its unit.
  public struct Components: Equatable, Sendable {
    public var level: Estimate
    /// The change of the level per period; nil without a slope.
    public var slope: Estimate?
    public var season: Estimate?
    public var cycle: Estimate?
    /// x[t]'β; nil without regressors.
    public var regression: Estimate?
    /// β; nil without regressors.
    public var coefficients: Estimate?
  }

  /// The smoothed components.
  public func components() -> Components {
    let smoothed = smoothed(layout)
    let n = periodCount
    func constant(_ row: [(index: Int, value: Double)]) -> [[(index: Int, value: Double)]] {
      Array(repeating: row, count: n)
    }
    var level = estimate(smoothed, constant([(layout.level, 1)]))
    level.values = level.values.map { data.origin + $0 }
    var result = Components(level: level)
    if form.hasSlope { result.slope = estimate(smoothed, constant([(layout.slope, 1)])) }
    if form.hasSeason { result.season = estimate(smoothed, constant(layout.seasonEntries)) }
    if form.hasCycle { result.cycle = estimate(smoothed, constant([(layout.cycle, 1)])) }
    guard !layout.regressors.isEmpty else { return result }
    let count = layout.regressors.count
    result.regression = estimate(
      smoothed,
      (0..<n).map { t in layout.regressors.enumerated().map { (layout.coefficients + $0.offset, $0.element[t]) } })
    let rows = (0..<count).map { k in [(index: layout.coefficients + k, value: 1 / data.regressorUnits[k])] }
    result.coefficients = estimate(smoothed, rows)
    return result
  }

  /// The value of each period given all observations: what was observed, or its distribution.
  ///
  /// The values of periods inside an observed sum add up to it.
  public func interpolated() -> Estimate {
    let smoothed = smoothed(layout)
    var result = estimate(
      smoothed, (0..<periodCount).map(layout.signal), noise: layout.system.noiseVariance)
    for t in 0..<periodCount { result.values[t] += data.origin }
    for (event, place) in zip(data.events, data.places) where event.first == event.last {
      result.values[event.last] = observations[place].number
      result.deviations[event.last] = 0
    }
    return result
  }

  /// The sum of the values of the periods `from ... through`, observed or not, past or future, and its standard deviation.
  ///
  /// So the nowcast of a year of which some months are known, or of a quarter still to come.
  ///
  /// - Throws: `badDesign` for a span out of order or before period 0, or without regressors.
  public func sum(from: Int, through: Int) throws(ForecastError) -> (mean: Double, deviation: Double) {
    guard let result = try sums([from...max(from, through)]).first, from <= through else {
      throw .badDesign(model: name, reason: "the periods \(from) to \(through) are out of order")
    }
    return result
  }

  /// The sums of several spans of periods, which may overlap.
  ///
  /// - Throws: as ``sum(from:through:)``.
  public func sums(_ spans: [ClosedRange<Int>]) throws(ForecastError) -> [(mean: Double, deviation: Double)] {
    if let bad = spans.first(where: { $0.lowerBound < 0 }) {
      throw .badDesign(model: name, reason: "periods count from 0; \(bad.lowerBound) is before the first")
    }
    let last = spans.map(\.upperBound).max() ?? 0
    guard last < StructuralData.mostPeriods else {
      throw .badDesign(model: name, reason: "period \(last) is further than it can go (\(StructuralData.mostPeriods))")
    }
    let periods = max(periodCount, last + 1)
    try checkRegressors(periods)
    var extended = StructuralLayout(
      form, data, periodCount: periods, asking: spans.map { ($0.lowerBound, $0.upperBound) })
    extended.set(relative)
    let smoothed = smoothed(extended)
    let m = extended.system.stateCount
    return zip(spans, extended.queries).map { span, query in
      let system = extended.system
      let entries = system.vectorStart[query.vector]..<system.vectorStart[query.vector + 1]
      var (mean, variance) = (0.0, 0.0)
      for k in entries {
        mean += system.vectorValue[k] * smoothed.states[query.period * m + system.vectorIndex[k]]
        for l in entries {
          variance +=
            system.vectorValue[k] * system.vectorValue[l]
            * smoothed.covariances[(query.period * m + system.vectorIndex[l]) * m + system.vectorIndex[k]]
        }
      }
      return (
        Double(span.count) * data.origin + data.rescaled(mean), data.rescaled((scale * max(0, variance)).squareRoot())
      )
    }
  }

  private func smoothed(_ layout: StructuralLayout) -> KalmanSmoother {
    KalmanSmoother(layout.system, KalmanPass(layout.system, detail: .states))
  }

  /// Row t of `rows` read from the states of period t.
  private func estimate(
    _ smoothed: KalmanSmoother, _ rows: [[(index: Int, value: Double)]], noise: Double = 0
  ) -> Estimate {
    let m = layout.system.stateCount
    var result = Estimate(values: [], deviations: [])
    for (t, row) in rows.enumerated() {
      var (mean, variance) = (0.0, noise)
      for (i, x) in row {
        mean += x * smoothed.states[t * m + i]
        for (j, y) in row { variance += x * y * smoothed.covariances[(t * m + j) * m + i] }
      }
      result.values.append(data.rescaled(mean))
      result.deviations.append(data.rescaled((scale * max(0, variance)).squareRoot()))
    }
    return result
  }
}
