/// A regression formula in the notation of R: `y ~ x1 + x2 | fe1 + fe2`.
///
/// ```swift
/// let formula = try Formula("log(y) ~ poly(x, 2) + region * treated | firm + year", columns: header)
/// print(formula)  // log(y) ~ poly(x, 2) + region + treated + region:treated | firm + year
/// ```
///
/// | written | means |
/// |---|---|
/// | `a + b`, `a - b` | both terms; all but b |
/// | `0 +`, `- 1` | no intercept |
/// | `a:b`, `a*b`, `(a + b)^2` | interaction; with the main effects; all pairs |
/// | `.` | all columns that the formula does not use otherwise |
/// | `log(x)`, `log10`, `log2`, `log1p`, `exp`, `sqrt`, `abs` | functions of arithmetic, also on the left |
/// | `I(x^2 / z)` | arithmetic |
/// | `poly(x, k)` | raw powers 1 to k (not orthogonal ones as in R) |
/// | `lag(x, n)`, `diff(x, n)` | the value n rows before, the change since then; n is 1 if left out |
/// | `factor(x)` | categories; columns of text always are |
/// | `` `my column` `` | a name with other characters |
/// | `\| a + b` | fixed effects, absorbed |
///
/// Main effects come before interactions, as in R. Left out on purpose: nesting (`a/b`, `%in%`), `offset()`, orthogonal
/// polynomials, splines.
public struct Formula: Equatable, Sendable {
  /// A variable: what is computed and how it is printed.
  public struct Variable: Equatable, Sendable {
    public var expression: FormulaExpression
    /// Where it first stands in the text.
    public var position: Int
    public var label: String { expression.description }
  }

  /// A column absorbed as fixed effects.
  public struct Effect: Equatable, Sendable {
    public var name: String
    public var position: Int
  }

  public internal(set) var response: FormulaExpression
  /// The distinct variables of the right side in the order of the text.
  public internal(set) var variables: [Variable]
  /// Each term as ascending indices into ``variables``; lower orders first.
  public internal(set) var terms: [[Int]]
  public internal(set) var hasIntercept: Bool
  public internal(set) var effects: [Effect]

  /// Reads a formula.
  ///
  /// - Parameters:
  ///   - columns: the columns there are; without them names are not checked, and `.` cannot be used.
  ///   - reserved: columns that `.` leaves out (units, weights, clusters).
  public init(_ text: String, columns: [String]? = nil, reserved: [String] = []) throws(FormulaError) {
    var parser = FormulaParser(text, columns: columns, reserved: reserved)
    self = try parser.formula()
  }

  init(
    response: FormulaExpression, variables: [Variable], terms: [[Int]], hasIntercept: Bool, effects: [Effect]
  ) {
    self.response = response
    self.variables = variables
    self.terms = terms
    self.hasIntercept = hasIntercept
    self.effects = effects
  }

  /// How a term is printed: `a:b`.
  public func label(of term: [Int]) -> String { term.map { variables[$0].label }.joined(separator: ":") }

  /// All columns that are read, each once: outcome, regressors, effects.
  public var columns: [String] {
    var seen: Set<String> = []
    let names = response.columns.map(\.name) + variables.flatMap { $0.expression.columns.map(\.name) }
    return (names + effects.map(\.name)).filter { seen.insert($0).inserted }
  }

  /// The columns that must hold numbers: all but plain variables, categories and effects.
  public var numericColumns: Set<String> {
    var names = Set(response.columns.map(\.name))
    for variable in variables {
      switch variable.expression {
      case .column, .categories: continue
      default: names.formUnion(variable.expression.columns.map(\.name))
      }
    }
    return names
  }

  /// The columns used as categories or fixed effects.
  public var categoryColumns: Set<String> {
    var names = Set(effects.map(\.name))
    for variable in variables { if case .categories(let name, _) = variable.expression { names.insert(name) } }
    return names
  }

  /// The columns that stand as variables of their own: numbers, or categories if they hold text.
  public var plainColumns: Set<String> {
    Set(
      variables.compactMap { variable in
        if case .column(let name, _) = variable.expression { name } else { nil }
      })
  }
}

extension Formula: CustomStringConvertible {
  /// The canonical form, in which everything is spelt out.
  public var description: String {
    var parts = terms.map { label(of: $0) }
    if !hasIntercept { parts.insert("0", at: 0) }
    if parts.isEmpty { parts = ["1"] }
    let absorbed = effects.map { FormulaExpression.quoted($0.name) }.joined(separator: " + ")
    return "\(response) ~ " + parts.joined(separator: " + ") + (absorbed.isEmpty ? "" : " | " + absorbed)
  }
}
