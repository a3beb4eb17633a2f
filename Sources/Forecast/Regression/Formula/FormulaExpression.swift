/// What one variable of a formula computes from the columns.
public indirect enum FormulaExpression: Equatable, Sendable {
  /// A function of one number.
  public enum Function: String, CaseIterable, Sendable {
    case log, log10, log2, log1p, exp, sqrt, abs
  }

  case number(Double)
  /// A column and where the formula names it.
  case column(String, position: Int)
  case negated(FormulaExpression)
  /// `+`, `-`, `*`, `/` or `^`.
  case binary(Character, FormulaExpression, FormulaExpression)
  /// An expression in parentheses.
  case grouped(FormulaExpression)
  case function(Function, FormulaExpression)
  /// `I(...)`: arithmetic inside a formula.
  case identity(FormulaExpression)
  /// The value `n` rows (or periods) before.
  case lag(FormulaExpression, Int)
  /// The value less the one `n` rows before.
  case difference(FormulaExpression, Int)
  /// Raw powers 1 to k.
  case powers(FormulaExpression, Int)
  /// A column as categories, whatever it holds.
  case categories(String, position: Int)

  /// The columns named, with their places, in the order of the text.
  public var columns: [(name: String, position: Int)] {
    switch self {
    case .number: []
    case .column(let name, let position), .categories(let name, let position): [(name, position)]
    case .negated(let inner), .grouped(let inner), .function(_, let inner), .identity(let inner), .lag(let inner, _),
      .difference(let inner, _), .powers(let inner, _):
      inner.columns
    case .binary(_, let left, let right): left.columns + right.columns
    }
  }

  /// Whether it looks at other rows.
  var looksBack: Bool {
    switch self {
    case .number, .column, .categories: false
    case .lag, .difference: true
    case .negated(let inner), .grouped(let inner), .function(_, let inner), .identity(let inner), .powers(let inner, _):
      inner.looksBack
    case .binary(_, let left, let right): left.looksBack || right.looksBack
    }
  }
}

extension FormulaExpression: CustomStringConvertible {
  /// As R prints it: `log(x + 1)`, `I(x^2)`, `` `my column` ``.
  public var description: String {
    switch self {
    case .number(let value): Self.text(value)
    case .column(let name, _): Self.quoted(name)
    case .negated(let inner): "-\(inner)"
    case .binary(let sign, let left, let right):
      sign == "^" || sign == "/" ? "\(left)\(sign)\(right)" : "\(left) \(sign) \(right)"
    case .grouped(let inner): "(\(inner))"
    case .function(let function, let inner): "\(function.rawValue)(\(inner))"
    case .identity(let inner): "I(\(inner))"
    case .lag(let inner, let steps): "lag(\(inner), \(steps))"
    case .difference(let inner, let steps): steps == 1 ? "diff(\(inner))" : "diff(\(inner), \(steps))"
    case .powers(let inner, let degree): "poly(\(inner), \(degree))"
    case .categories(let name, _): "factor(\(Self.quoted(name)))"
    }
  }

  static func quoted(_ name: String) -> String { FormulaToken.isPlainName(name) ? name : "`\(name)`" }

  /// The shortest text of a number, whole ones without `.0`.
  static func text(_ value: Double) -> String {
    if value.magnitude < 1e15, value == value.rounded() { return Int(value).description }
    return value.description
  }
}
