/// The figures to which a baseline is fitted: yearly, without plans, on the transformed scale, declared exceptional years left out.
struct UsableSeries {
  let transform: RangeTransform
  /// Published figures by year, also those of exceptional years.
  let observations: [Int: Observation]
  let firstYear: Int
  let lastYear: Int
  /// From `firstYear` to `lastYear`; NaN where nothing is published or the year says nothing about the trend.
  let values: [Double]

  /// - Throws: ``ScenarioError/tooFewObservations(indicator:needed:found:)`` without any figure, ``ScenarioError/outsideRange(indicator:year:value:)``.
  init(
    _ definition: IndicatorDefinition, _ specification: SeriesSpecification, store: ObservationStore, area: String
  ) throws {
    let id = specification.observedIndicator ?? definition.id
    let observations = store.annual(id, area: specification.observedArea ?? area)
      .filter { $0.key >= specification.from ?? .min && $0.value.status != .plan }
    guard let first = observations.keys.min(), let last = observations.keys.max() else {
      throw ScenarioError.tooFewObservations(
        indicator: definition.id, needed: SeriesBaseline.fewestObservations, found: 0)
    }
    let transform = RangeTransform(definition.range)
    var values = [Double](repeating: .nan, count: last - first + 1)
    for (year, observation) in observations {
      guard transform.contains(observation.value) else {
        throw ScenarioError.outsideRange(indicator: definition.id, year: year, value: observation.value)
      }
      values[year - first] = transform.forward(observation.value)
    }
    func mask(_ years: [Int]) {
      for year in years where values.indices.contains(year - first) { values[year - first] = .nan }
    }
    for case .pulse(let years) in specification.interventions { mask(years) }
    // The projection starts from the last figure, also one of a rebound; a pulse is temporary by declaration, so after it the
    // projection goes on from before.
    let lastValue = values[last - first]
    for case .rebound(let years) in specification.interventions { mask(years) }
    values[last - first] = lastValue
    self.transform = transform
    self.observations = observations
    (firstYear, lastYear, self.values) = (first, last, values)
  }

  /// Figures that carry information on trend and variance.
  var usableCount: Int { values.count { !$0.isNaN } }

  /// Those of them that are better than press.
  var supportedCount: Int {
    observations.count { year, observation in
      !values[year - firstYear].isNaN && observation.status.isBetterThanPress
    }
  }
}
