import NumericKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Computes the variables of a formula, column by column. Each operation allocates one column.
struct FormulaEvaluator {
  let table: FormulaTable
  let order: RowOrder
  /// Rows in which no column of the formula is missing: only there a value without meaning is an error.
  let complete: [Bool]
  /// Whether `lag` gives the value itself and `diff` zero: a state that has lasted, for predictions.
  var isSteady = false
  /// Complete rows whose lag is missing.
  private(set) var lost: [Bool]

  init(table: FormulaTable, order: RowOrder, complete: [Bool]) {
    self.table = table
    self.order = order
    self.complete = complete
    lost = [Bool](repeating: false, count: table.rowCount)
  }

  mutating func values(_ expression: FormulaExpression) throws(DesignError) -> [Double] {
    switch expression {
    case .number(let value): return [Double](repeating: value, count: table.rowCount)
    case .column(let name, _), .categories(let name, _): return try table.numbers(name)
    case .grouped(let inner), .identity(let inner), .powers(let inner, _): return try values(inner)
    case .negated(let inner):
      var result = try values(inner)
      for row in result.indices { result[row] = -result[row] }
      return result
    case .function(let function, let inner):
      let input = try values(inner)
      let result = FormulaEvaluator.apply(function, input)
      if let row = firstUndefined(result, input, nil) {
        throw .undefined(
          expression: expression.description, row: row,
          reason: "\(function.rawValue) of \(FormulaExpression.text(input[row]))")
      }
      return result
    case .binary("^", let left, .number(let exponent)):
      let input = try values(left)
      let result = FormulaEvaluator.power(input, exponent)
      try check(result, input, nil, expression)
      return result
    case .binary(let sign, let left, let right):
      let first = try values(left)
      let second = try values(right)
      var result = first
      switch sign {
      case "+": for row in result.indices { result[row] += second[row] }
      case "-": for row in result.indices { result[row] -= second[row] }
      case "*": for row in result.indices { result[row] *= second[row] }
      case "/": for row in result.indices { result[row] /= second[row] }
      default: for row in result.indices { result[row] = pow(first[row], second[row]) }
      }
      try check(result, first, second, expression)
      return result
    case .lag(let inner, let steps):
      let input = try values(inner)
      if isSteady { return input }
      let result = order.lagged(input, by: steps)
      markLost(result)
      return result
    case .difference(let inner, let steps):
      var result = try values(inner)
      if isSteady { return [Double](repeating: 0, count: result.count) }
      let before = order.lagged(result, by: steps)
      for row in result.indices { result[row] -= before[row] }
      markLost(result)
      return result
    }
  }

  /// The powers 1 to k, by repeated multiplication: one rounding a step.
  static func powers(of base: [Double], upTo degree: Int) -> [[Double]] {
    var columns = [base]
    while columns.count < degree {
      var next = columns[columns.count - 1]
      for row in next.indices { next[row] *= base[row] }
      columns.append(next)
    }
    return columns
  }

  private mutating func markLost(_ values: [Double]) {
    for row in values.indices where values[row].isNaN { lost[row] = true }
  }

  private func check(
    _ result: [Double], _ first: [Double], _ second: [Double]?, _ expression: FormulaExpression
  ) throws(DesignError) {
    guard let row = firstUndefined(result, first, second) else { return }
    var reason = result[row].isNaN ? "it is not a number" : "it is too large"
    if case .binary("/", _, _) = expression, second?[row] == 0 { reason = "division by zero" }
    throw .undefined(expression: expression.description, row: row, reason: reason)
  }

  private func firstUndefined(_ result: [Double], _ first: [Double], _ second: [Double]?) -> Int? {
    for row in result.indices where !result[row].isFinite && complete[row] && !first[row].isNaN {
      if let second, second[row].isNaN { continue }
      return row
    }
    return nil
  }

  private static func apply(_ function: FormulaExpression.Function, _ input: [Double]) -> [Double] {
    switch function {
    case .log: return VectorMath.log(input)
    case .exp: return VectorMath.exp(input)
    case .log10: return input.map { log10($0) }
    case .log2: return input.map { log2($0) }
    case .log1p: return input.map { log1p($0) }
    case .sqrt: return input.map { $0.squareRoot() }
    case .abs: return input.map { $0.magnitude }
    }
  }

  private static func power(_ input: [Double], _ exponent: Double) -> [Double] {
    if exponent == 2 { return input.map { $0 * $0 } }
    return input.map { $0.isNaN ? $0 : pow($0, exponent) }
  }
}
