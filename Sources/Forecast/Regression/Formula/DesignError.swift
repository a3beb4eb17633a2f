/// Why a formula and its data give no regression.
public enum DesignError: Error, Equatable, Sendable, CustomStringConvertible {
  case noColumn(String)
  /// A column of text is used in arithmetic.
  case needsNumbers(column: String)
  /// An expression has no finite value in a row that is otherwise complete (`row` counts from 0).
  case undefined(expression: String, row: Int, reason: String)
  /// Every row misses something.
  case noCompleteRows(rows: Int)
  /// A factor that has one level only beside an intercept.
  case oneLevel(variable: String, level: String)
  case tooManyColumns(columns: Int, rows: Int, largest: String)
  case tooLarge(columns: Int, rows: Int, largest: String)
  case duplicateTime(unit: String?, time: String, firstRow: Int, secondRow: Int)
  /// A weight that is negative.
  case badWeight(row: Int, value: Double)
  case constantOutcome(name: String, value: Double)

  public var description: String {
    switch self {
    case .noColumn(let name): "there is no column '\(name)'"
    case .needsNumbers(let column): "'\(column)' holds text, numbers are needed"
    case .undefined(let expression, let row, let reason): "\(expression) has no value in row \(row + 1): \(reason)"
    case .noCompleteRows(let rows):
      rows == 0
        ? "the data have no rows"
        : "no row is left: each of the \(rows) rows misses a value in some column of the formula (or in its lags)"
    case .oneLevel(let variable, let level):
      "\(variable) is '\(level)' in every complete row; a category needs at least two"
    case .tooManyColumns(let columns, let rows, let largest):
      "the formula makes \(columns) columns but only \(rows) complete rows are left; \(largest) alone makes the most"
    case .tooLarge(let columns, let rows, let largest):
      "the design would have \(columns) columns and \(rows) rows, too large for memory; put \(largest) behind '|' as a "
        + "fixed effect"
    case .duplicateTime(let unit, let time, let first, let second):
      "rows \(first + 1) and \(second + 1) are both of the time \(time)" + (unit.map { " of \($0)" } ?? "")
    case .badWeight(let row, let value): "the weight in row \(row + 1) is \(value), a number >= 0 is expected"
    case .constantOutcome(let name, let value):
      "the outcome \(name) is \(FormulaExpression.text(value)) in every complete row; there is nothing to explain"
    }
  }

  /// The row that is to blame, from 0.
  public var row: Int? {
    switch self {
    case .undefined(_, let row, _), .badWeight(let row, _), .duplicateTime(_, _, _, let row): row
    default: nil
    }
  }
}
