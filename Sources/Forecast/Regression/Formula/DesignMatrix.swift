/// The outcome and the columns of a regression, made from a formula and its data.
///
/// ```swift
/// let formula = try Formula("log(y) ~ x * region", columns: ["y", "x", "region"])
/// let table = try FormulaTable(["y": .numbers(y), "x": .numbers(x), "region": .categories(.init(region))])
/// let design = try DesignMatrix(formula, table: table)
/// let fit = try LinearRegression(
///   outcome: design.outcome, regressors: design.columns, intercept: design.hasIntercept)
/// ```
///
/// Columns are named as in R (`x:regionnorth`, `poly(x, 2)1`); the intercept is not among them. A row with a missing
/// value in any column that the formula, the weights or the clusters use is left out; so is one whose `lag` or `diff`
/// is missing. Factors are coded by treatment contrasts with the first level (sorted) as reference.
///
/// Memory: one column of doubles per column of the design and per operation under way; no allocation per row.
public struct DesignMatrix: Sendable {
  public let formula: Formula
  public let outcome: [Double]
  public let columns: [RegressionColumn]
  /// Whether the regression has a constant of its own; not beside fixed effects.
  public let hasIntercept: Bool
  public let weights: [Double]?
  /// The factors after `|`.
  public let effects: [Factor]
  /// The factors of `clusters`.
  public let clusters: [Factor]
  /// The rows of the input that are kept; nil if all are.
  public let rows: [Int]?
  /// How many rows missed a value, and how many more missed only a lag.
  public let missingRowCount: Int
  public let lagRowCount: Int
  public let inputRowCount: Int

  let blueprint: DesignBlueprint
  let typical: [String: TypicalValue]

  /// What a column is like in the rows kept.
  enum TypicalValue: Sendable {
    case number(mean: Double, lowest: Double, highest: Double)
    case category(levels: [String], commonest: Int)
  }

  /// - Parameters:
  ///   - unit: a column of panel units: `lag` and `diff` stay within one.
  ///   - time: a column of numbers that orders the rows (within units).
  ///   - weights: a column of non-negative weights.
  ///   - clusters: columns to cluster by.
  /// - Throws: ``DesignError``.
  public init(
    _ formula: Formula, table: FormulaTable, unit: String? = nil, time: String? = nil, weights: String? = nil,
    clusters: [String] = []
  ) throws(DesignError) {
    let count = table.rowCount
    var complete = [Bool](repeating: true, count: count)
    let used = formula.columns + [unit, time, weights].compactMap { $0 } + clusters
    for name in used {
      guard table.columns[name] != nil else { throw .noColumn(name) }
      table.markMissing(name, in: &complete)
    }
    let missing = complete.count { !$0 }

    var evaluator = FormulaEvaluator(
      table: table, order: try RowOrder(table, unit: unit, time: time), complete: complete)
    var response = try evaluator.values(formula.response)
    let isFactor = formula.variables.map { DesignMatrix.isFactor($0.expression, table) }
    var numbers: [[Double]] = []
    for (index, variable) in formula.variables.enumerated() {
      numbers.append(isFactor[index] ? [] : try evaluator.values(variable.expression))
    }
    var kept: [Int]?
    let lost = evaluator.lost.indices.count { complete[$0] && evaluator.lost[$0] }
    if missing + lost > 0 { kept = complete.indices.filter { complete[$0] && !evaluator.lost[$0] } }
    let keptCount = kept?.count ?? count
    guard keptCount > 0 else { throw .noCompleteRows(rows: count) }
    if let kept {
      response = kept.map { response[$0] }
      for index in numbers.indices where !isFactor[index] { numbers[index] = DesignMatrix.chosen(numbers[index], kept) }
    }

    var blocks: [DesignBlueprint.Block] = []
    for (index, variable) in formula.variables.enumerated() {
      if isFactor[index], let name = variable.expression.columns.first?.name {
        blocks.append(.factor(try table.categories(name).factor(rows: kept)))
      } else {
        blocks.append(DesignMatrix.numericBlock(variable.expression, numbers[index]))
      }
      numbers[index] = []
    }
    let blueprint = DesignBlueprint(formula: formula, blocks: blocks)
    try DesignMatrix.checkSize(blueprint, rowCount: keptCount)
    self.blueprint = blueprint
    self.formula = formula
    columns = DesignMatrix.withExactPowers(blueprint.columns(blocks, rowCount: keptCount), formula)
    hasIntercept = formula.hasIntercept && formula.effects.isEmpty
    if let first = response.first, keptCount > 1, response.allSatisfy({ $0 == first }) {
      throw .constantOutcome(name: formula.response.description, value: first)
    }
    outcome = response
    if let weights {
      let values = DesignMatrix.chosen(try table.numbers(weights), kept)
      if let bad = values.firstIndex(where: { !($0 >= 0) }) {
        throw .badWeight(row: kept?[bad] ?? bad, value: values[bad])
      }
      self.weights = values
    } else {
      self.weights = nil
    }
    var factors: [Factor] = []
    for name in formula.effects.map(\.name) + clusters {
      factors.append(try table.categories(name).factor(rows: kept))
    }
    effects = Array(factors.prefix(formula.effects.count))
    self.clusters = Array(factors.dropFirst(formula.effects.count))
    typical = try DesignMatrix.typicalValues(formula, table, kept)
    rows = kept
    missingRowCount = missing
    lagRowCount = lost
    inputRowCount = count
  }

  /// The columns of the design at other rows; `lag` takes the value itself and `diff` zero.
  func columns(at table: FormulaTable) throws(DesignError) -> [RegressionColumn] {
    let complete = [Bool](repeating: true, count: table.rowCount)
    var evaluator = FormulaEvaluator(table: table, order: RowOrder(rowCount: table.rowCount), complete: complete)
    evaluator.isSteady = true
    var blocks: [DesignBlueprint.Block] = []
    for (index, variable) in formula.variables.enumerated() {
      if let levels = blueprint.levels[index], let name = variable.expression.columns.first?.name {
        let categories = try table.categories(name)
        let places = categories.texts.map { text in levels.firstIndex(of: text) ?? 0 }
        blocks.append(.factor(Factor(levels: levels, codes: categories.codes.map { places[Int($0)] })))
      } else {
        blocks.append(DesignMatrix.numericBlock(variable.expression, try evaluator.values(variable.expression)))
      }
    }
    return blueprint.columns(blocks, rowCount: table.rowCount)
  }

  private static func isFactor(_ expression: FormulaExpression, _ table: FormulaTable) -> Bool {
    switch expression {
    case .categories: return true
    case .column(let name, _): if case .categories = table.columns[name] { return true } else { return false }
    default: return false
    }
  }

  private static func numericBlock(_ expression: FormulaExpression, _ values: [Double]) -> DesignBlueprint.Block {
    guard case .powers(_, let degree) = expression else { return .numeric([("", values)]) }
    let powers = FormulaEvaluator.powers(of: values, upTo: degree)
    return .numeric(powers.enumerated().map { ("\($0.offset + 1)", $0.element) })
  }

  /// Gives the columns of `poly` terms what their rounding lost: on an off-centre variable, rounded powers would cost a polynomial of
  /// high degree half its digits. Interactions stay rounded.
  private static func withExactPowers(_ columns: [RegressionColumn], _ formula: Formula) -> [RegressionColumn] {
    var result = columns
    for variable in formula.variables {
      guard case .powers(_, let degree) = variable.expression,
        let first = columns.first(where: { $0.name == variable.label + "1" })
      else { continue }
      for (position, exact) in PolynomialColumns.powers(of: first, degree: degree).enumerated().dropFirst() {
        guard let index = result.firstIndex(where: { $0.name == variable.label + "\(position + 1)" }) else { continue }
        result[index].values = exact.values
        result[index].lowParts = exact.lowParts
      }
    }
    return result
  }

  private static func chosen(_ values: [Double], _ rows: [Int]?) -> [Double] {
    guard let rows else { return values }
    return rows.map { values[$0] }
  }

  private static func checkSize(_ blueprint: DesignBlueprint, rowCount: Int) throws(DesignError) {
    let formula = blueprint.formula
    for (variable, levels) in zip(formula.variables, blueprint.levels) {
      if let levels, levels.count < 2, formula.hasIntercept || !formula.effects.isEmpty {
        throw .oneLevel(variable: variable.label, level: levels.first ?? "")
      }
    }
    var total = formula.hasIntercept && formula.effects.isEmpty ? 1 : 0
    for count in blueprint.columnCounts { total = min(total + count, Int.max / 4) }
    let largest = blueprint.columnCounts.indices.max { blueprint.columnCounts[$0] < blueprint.columnCounts[$1] }
    let name = largest.map { formula.label(of: formula.terms[$0]) } ?? "the intercept"
    if total > rowCount { throw .tooManyColumns(columns: total, rows: rowCount, largest: name) }
    // 16 GB of doubles.
    if total > (1 << 31) / max(rowCount, 1) { throw .tooLarge(columns: total, rows: rowCount, largest: name) }
  }

  private static func typicalValues(
    _ formula: Formula, _ table: FormulaTable, _ kept: [Int]?
  ) throws(DesignError) -> [String: TypicalValue] {
    var result: [String: TypicalValue] = [:]
    for variable in formula.variables {
      for (name, _) in variable.expression.columns where result[name] == nil {
        if DesignMatrix.isFactor(variable.expression, table) {
          let factor = try table.categories(name).factor(rows: kept)
          var counts = [Int](repeating: 0, count: factor.levels.count)
          for code in factor.codes { counts[code] += 1 }
          let commonest = counts.indices.max { (counts[$0], $1) < (counts[$1], $0) } ?? 0
          result[name] = .category(levels: factor.levels, commonest: commonest)
        } else {
          let values = try table.numbers(name)
          var sum = 0.0
          var lowest = Double.infinity
          var highest = -Double.infinity
          let count = kept?.count ?? values.count
          for position in 0..<count {
            let value = values[kept?[position] ?? position]
            sum += value
            lowest = min(lowest, value)
            highest = max(highest, value)
          }
          result[name] = .number(mean: sum / Double(count), lowest: lowest, highest: highest)
        }
      }
    }
    return result
  }
}
