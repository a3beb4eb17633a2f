/// Observations of units over periods: an outcome, named regressors, and which unit and period each row belongs to.
///
/// ```swift
/// let sample = try PanelSample(
///   outcome: registered, regressors: [RegressionColumn(name: "pci", values: score)], units: province, periods: year)
/// let fit = try LinearRegression(sample)
/// ```
///
/// The panel need not be balanced, and rows may come in any order. A row is one observation; rows with a missing value
/// (NaN) in any column are left out and counted in ``droppedRows``. Infinite values are refused.
public struct PanelSample: Sendable {
  public let outcome: [Double]
  public let regressors: [RegressionColumn]
  public let units: Factor
  public let periods: Factor
  /// For each row kept, its position in the input.
  public let rows: [Int]
  /// Positions in the input of the rows left out because a value was missing.
  public let droppedRows: [Int]

  /// - Throws: `badDesign` for columns of different lengths or repeated names, `nonFinite` for an infinite value,
  ///   `tooFewObservations` if no complete row remains.
  public init<Unit, Period>(
    outcome: [Double], regressors: [RegressionColumn], units: [Unit], periods: [Period]
  ) throws(ForecastError)
  where
    Unit: Hashable & Comparable & CustomStringConvertible, Period: Hashable & Comparable & CustomStringConvertible
  {
    let model = "panel sample"
    let count = outcome.count
    guard units.count == count, periods.count == count else {
      throw .badDesign(
        model: model,
        reason: "\(count) outcomes but \(units.count) units and \(periods.count) periods; give one of each per row")
    }
    try checkColumns(regressors, count: count, model: model)
    if let position = outcome.firstIndex(where: \.isInfinite) { throw .nonFinite(model: model, position: position) }
    var kept: [Int] = []
    var dropped: [Int] = []
    for row in 0..<count {
      let complete = !outcome[row].isNaN && regressors.allSatisfy { !$0.values[row].isNaN }
      if complete { kept.append(row) } else { dropped.append(row) }
    }
    guard !kept.isEmpty else { throw .tooFewObservations(model: model, needed: 1, found: 0) }
    self.outcome = kept.map { outcome[$0] }
    self.regressors = regressors.map { column in
      RegressionColumn(name: column.name, values: kept.map { column.values[$0] })
    }
    self.units = Factor(kept.map { units[$0] })
    self.periods = Factor(kept.map { periods[$0] })
    rows = kept
    droppedRows = dropped
  }

  init(
    outcome: [Double], regressors: [RegressionColumn], units: Factor, periods: Factor, rows: [Int], droppedRows: [Int]
  ) {
    self.outcome = outcome
    self.regressors = regressors
    self.units = units
    self.periods = periods
    self.rows = rows
    self.droppedRows = droppedRows
  }

  public var count: Int { outcome.count }

  /// The sample of the chosen rows (positions in this sample).
  func selecting(_ chosen: [Int]) -> PanelSample {
    PanelSample(
      outcome: chosen.map { outcome[$0] },
      regressors: regressors.map { column in
        RegressionColumn(name: column.name, values: chosen.map { column.values[$0] })
      },
      units: units.selecting(rows: chosen), periods: periods.selecting(rows: chosen), rows: chosen.map { rows[$0] },
      droppedRows: droppedRows)
  }
}

/// Checks that columns have `count` values each, none infinite, and names of their own.
func checkColumns(_ columns: [RegressionColumn], count: Int, model: String) throws(ForecastError) {
  var names: Set<String> = []
  for column in columns {
    guard column.values.count == count else {
      throw .badDesign(
        model: model, reason: "column \(column.name) has \(column.values.count) values for \(count) outcomes")
    }
    guard names.insert(column.name).inserted else {
      throw .badDesign(model: model, reason: "two columns are named \(column.name); rename one")
    }
    if let position = column.values.firstIndex(where: \.isInfinite) {
      throw .nonFinite(model: "\(model), column \(column.name)", position: position)
    }
  }
}
