import NumericKernels

/// What a fitted regression says about one column: predictions along its values, everything else held at a typical
/// value (numbers at their mean, categories at the commonest one, lags in a steady state).
public struct PartialEffect: Sendable {
  /// Predictions, one per value.
  public struct Point: Equatable, Sendable {
    /// The value of the column: a number, or a category.
    public var number: Double?
    public var category: String?
    public var prediction: Double
    public var lower: Double
    public var upper: Double
  }

  public let column: String
  public let level: Double
  public let points: [Point]

  /// Predictions are of the outcome as the formula writes it (`log(y)` stays a logarithm); of a Poisson regression of
  /// its mean. Beside fixed effects they are at the mean effect, and the interval is that of the difference to the mean
  /// of the columns.
  ///
  /// - Parameters:
  ///   - steps: how many values of a numeric column, evenly from the lowest to the highest.
  ///   - level: the confidence level of the intervals.
  /// - Throws: `badDesign` if the column is not among the regressors or a prediction is undefined.
  public init(_ fit: FormulaFit, of column: String, steps: Int = 41, level: Double = 0.95) throws(ForecastError) {
    let model = "partial effect"
    let design = fit.design
    guard let own = design.typical[column] else {
      throw .badDesign(model: model, reason: "'\(column)' is not among the regressors of the formula")
    }
    var numbers: [Double] = []
    var names: [String] = []
    switch own {
    case .number(_, let lowest, let highest):
      let last = max(steps, 2) - 1
      numbers = (0...last).map { $0 == last ? highest : lowest + (highest - lowest) * Double($0) / Double(last) }
    case .category(let levels, _): names = levels
    }
    let count = max(numbers.count, names.count)
    var columns: [String: FormulaTable.Column] = [:]
    for (name, value) in design.typical {
      switch value {
      case .number(let mean, _, _):
        columns[name] = .numbers(name == column ? numbers : [Double](repeating: mean, count: count))
      case .category(let levels, let commonest):
        let codes = name == column ? (0..<count).map { Int32($0) } : [Int32](repeating: Int32(commonest), count: count)
        columns[name] = .categories(FormulaTable.Categories(texts: levels, codes: codes))
      }
    }
    let made: [RegressionColumn]
    do {
      made = try design.columns(at: FormulaTable(rowCount: count, columns: columns))
    } catch {
      throw .badDesign(model: model, reason: error.description)
    }
    var byName: [String: [Double]] = [:]
    for item in made { byName[item.name] = item.values }
    let hasEffects = !design.effects.isEmpty
    var offset = 0.0
    // Rows of the design at the grid, about the means of the columns beside fixed effects.
    var rows: [[Double]] = []
    var used: [Int] = []
    for row in fit.fitted.indices where fit.fitted[row].isFinite { used.append(row) }
    let isPoisson = fit.family == .poisson
    if hasEffects {
      let average = used.reduce(0) { $0 + (isPoisson ? VectorMath.log(fit.fitted[$1]) : fit.fitted[$1]) }
      offset = average / Double(max(used.count, 1))
    }
    for name in fit.table.names {
      var values = byName[name] ?? [Double](repeating: 1, count: count)
      if hasEffects, let original = design.columns.first(where: { $0.name == name }) {
        let mean = used.reduce(0) { $0 + original.values[$1] } / Double(max(used.count, 1))
        for index in values.indices { values[index] -= mean }
      }
      rows.append(values)
    }
    let reach = fit.table.reference.quantile(twoSided: 1 - level)
    let estimates = fit.table.estimates
    let covariance = fit.table.covariance
    points = (0..<count).map { index in
      var center = offset
      var variance = 0.0
      for i in estimates.indices {
        center += estimates[i] * rows[i][index]
        for j in estimates.indices { variance += rows[i][index] * covariance[i, j] * rows[j][index] }
      }
      let half = reach * max(variance, 0).squareRoot()
      let ends = [center, center - half, center + half].map { isPoisson ? VectorMath.exp($0) : $0 }
      return Point(
        number: numbers.isEmpty ? nil : numbers[index], category: names.isEmpty ? nil : names[index],
        prediction: ends[0], lower: ends[1], upper: ends[2])
    }
    self.column = column
    self.level = level
  }
}

extension ReferenceDistribution {
  /// The x with P(|X| >= x) = `probability`, by bisection to rounding error.
  public func quantile(twoSided probability: Double) -> Double {
    guard probability > 0, probability < 1 else { return probability >= 1 ? 0 : .infinity }
    var low = 0.0
    var high = 1.0
    while twoSided(high) > probability, high < 1e300 {
      low = high
      high *= 2
    }
    while true {
      let middle = low + 0.5 * (high - low)
      guard middle > low, middle < high else { return high }
      if twoSided(middle) > probability { low = middle } else { high = middle }
    }
  }
}
