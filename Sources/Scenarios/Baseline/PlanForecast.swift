import NumericKernels

/// The plan of the running year, read as an expert's forecast whose past record says how far to trust it.
public struct PlanForecast: Sendable, Equatable {
  public let year: Int
  /// The planned value.
  public let planned: Double
  /// Mean of log(actual / plan) over the record: how far results usually end above the plan.
  public let bias: Double
  /// Standard deviation of the corrected plan as a forecast, on the log scale.
  public let deviation: Double
  /// Years of the record.
  public let recordYears: [Int]

  /// The fewest years of record with which a plan counts.
  static let fewestYears = 4
  /// A record of a few years that happens to be tight is not believed beyond this (log scale).
  static let smallestDeviation = 0.03

  /// Nil if there is no plan for `year`, or too short a record.
  init?(_ specification: PlanSpecification, year: Int, store: ObservationStore, area: String) {
    guard let plan = store.annual(specification.of, area: area)[year]?.value else { return nil }
    var planned = plan
    if let less = specification.less {
      guard let part = store.annual(less, area: area)[year]?.value else { return nil }
      planned -= part
    }
    let actuals = store.annual(specification.recordActual, area: area)
    let plans = store.annual(specification.recordPlan, area: area)
    var (years, errors) = ([Int](), [Double]())
    for (pastYear, past) in plans.sorted(by: { $0.key < $1.key })
    where pastYear < year && !specification.exceptYears.contains(pastYear) {
      guard let actual = actuals[pastYear]?.value, actual > 0, past.value > 0 else { continue }
      years.append(pastYear)
      errors.append(VectorMath.log(actual / past.value))
    }
    guard years.count >= PlanForecast.fewestYears, planned > 0 else { return nil }
    let spread = Reductions.standardDeviation(errors) * (1 + 1 / Double(errors.count)).squareRoot()
    self.year = year
    self.planned = planned
    bias = Reductions.mean(errors)
    deviation = max(spread, PlanForecast.smallestDeviation)
    recordYears = years
  }
}
