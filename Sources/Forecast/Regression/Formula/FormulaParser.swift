/// Reads formulas by recursive descent; after a mistake it goes on with the next term, so that all are found at once.
struct FormulaParser {
  /// Thrown inside the parser after a problem was noted.
  private struct Mistake: Error {}

  /// One operand of a sum: the numbers 0 and 1 speak of the intercept.
  private enum Operand {
    case zero
    case one
    case terms([[Int]])
  }

  private let tokens: [FormulaToken]
  /// How many parentheses are open before each word.
  private let levels: [Int]
  private let columns: [String]?
  private let known: Set<String>
  private let reserved: Set<String>
  private var place = 0
  private var problems: [FormulaProblem] = []
  private var variables: [Formula.Variable] = []
  private var used: Set<String> = []
  private var hasIntercept = true
  private var depth = 0

  init(_ text: String, columns: [String]?, reserved: [String]) {
    var found: [FormulaProblem] = []
    tokens = FormulaToken.split(text, problems: &found)
    problems = found
    var open = 0
    levels = tokens.map { token in
      defer {
        if token.kind == .symbol("(") { open += 1 }
        if token.kind == .symbol(")") { open = max(open - 1, 0) }
      }
      return open
    }
    self.columns = columns
    known = Set(columns ?? [])
    self.reserved = Set(reserved)
  }

  mutating func formula() throws(FormulaError) -> Formula {
    let tildes = tokens.indices.filter { tokens[$0].kind == .symbol("~") }
    if tokens.count == 1 {
      throw FormulaError(problems: problems + [FormulaProblem(1, "the formula is empty, 'y ~ x1 + x2' is expected")])
    }
    guard let tilde = tildes.first else {
      problems.append(
        FormulaProblem(tokens[tokens.count - 1].column, "'~' is expected between the outcome and the regressors"))
      throw sorted()
    }
    for other in tildes.dropFirst() { problems.append(FormulaProblem(tokens[other].column, "a second '~'")) }
    var response = FormulaExpression.number(0)
    if tilde == 0 {
      problems.append(FormulaProblem(tokens[0].column, "the outcome is expected before '~'"))
    } else if let expression = try? arithmetic() {
      response = expression
      if place != tilde { complain("'~' is expected after the outcome, not \(shown(current))") }
      if expression.columns.isEmpty {
        problems.append(FormulaProblem(tokens[0].column, "the outcome names no column"))
      }
    }
    // The effects are read before the terms: `.` leaves their columns out.
    used = Set(response.columns.map(\.name))
    let bar = tokens.indices.first { $0 > tilde && tokens[$0].kind == .symbol("|") }
    var effects: [Formula.Effect] = []
    if let bar {
      place = bar + 1
      effects = readEffects()
      used.formUnion(effects.map(\.name))
    }
    place = tilde + 1
    let terms = sum(top: true)
    if place != bar, current.kind != .end, current.kind != .symbol("~") {
      complain("'+' or the end of the formula is expected, not \(shown(current))")
    }
    for variable in variables where variable.label == response.description {
      problems.append(FormulaProblem(variable.position, "the outcome \(variable.label) cannot explain itself"))
    }
    guard problems.isEmpty else { throw sorted() }
    let ordered = terms.enumerated().sorted { ($0.element.count, $0.offset) < ($1.element.count, $1.offset) }
    return compacted(
      Formula(
        response: response, variables: variables, terms: ordered.map(\.element), hasIntercept: hasIntercept,
        effects: effects))
  }

  private func sorted() -> FormulaError {
    let order = problems.enumerated().sorted { ($0.element.column, $0.offset) < ($1.element.column, $1.offset) }
    return FormulaError(problems: order.map(\.element))
  }

  /// Without the variables of terms that were taken away again.
  private func compacted(_ formula: Formula) -> Formula {
    let present = Set(formula.terms.joined())
    var renumbered: [Int: Int] = [:]
    for old in formula.variables.indices where present.contains(old) { renumbered[old] = renumbered.count }
    var formula = formula
    formula.variables = formula.variables.indices.filter(present.contains).map { formula.variables[$0] }
    formula.terms = formula.terms.map { $0.map { renumbered[$0, default: 0] } }
    return formula
  }
}

// MARK: - Terms

extension FormulaParser {
  /// Terms added and taken away; a term occurs once.
  private mutating func sum(top: Bool) -> [[Int]] {
    let level = levels[min(place, tokens.count - 1)]
    var terms: [[Int]] = []
    var negative = false
    if isSymbol("-") || isSymbol("+") {
      negative = isSymbol("-")
      place += 1
    }
    while true {
      do {
        switch try product() {
        case .zero: if top { hasIntercept = negative } else { throw misplaced() }
        case .one: if top { hasIntercept = !negative } else { throw misplaced() }
        case .terms(let found):
          if negative { terms.removeAll { found.contains($0) } } else { terms.appendNew(found) }
        }
        if top, !isSymbol("+"), !isSymbol("-"), !isSymbol("|"), current.kind != .end, current.kind != .symbol("~") {
          complain("'+', '*', ':' or '|' is expected before \(shown(current))")
          recover(level)
        }
      } catch {
        recover(level)
      }
      guard isSymbol("+") || isSymbol("-") else { return terms }
      negative = isSymbol("-")
      place += 1
    }
  }

  private mutating func misplaced() -> Mistake {
    place -= 1
    complain("'\(current.text)' stands for the intercept and cannot be used inside parentheses")
    return Mistake()
  }

  /// Moves on to the next sign of the sum that started at `level`, or to its end.
  private mutating func recover(_ level: Int) {
    while current.kind != .end, current.kind != .symbol("~"), levels[place] >= level {
      if levels[place] == level {
        if isSymbol("+") || isSymbol("-") || (level == 0 ? isSymbol("|") : isSymbol(")")) { return }
      }
      place += 1
    }
  }

  private mutating func product() throws -> Operand {
    var left = try interaction()
    while isSymbol("*") {
      place += 1
      let first = try terms(left)
      let second = try terms(try interaction())
      left = .terms(merged(first + second + crossed(first, second)))
    }
    if isSymbol("/") {
      throw mistake("'/' has no meaning between terms; write a + a:b, or I(a / b) for a quotient")
    }
    return left
  }

  private mutating func interaction() throws -> Operand {
    var left = try power()
    while isSymbol(":") {
      place += 1
      let first = try terms(left)
      left = .terms(merged(crossed(first, try terms(try power()))))
    }
    return left
  }

  private mutating func power() throws -> Operand {
    let base = try primary()
    guard isSymbol("^") else { return base }
    place += 1
    guard case .number(let exponent) = current.kind, let order = Int(exactly: exponent), (1...9).contains(order) else {
      throw mistake("a whole number from 1 to 9 is expected after '^'; write I(x^2) for a square")
    }
    place += 1
    let factors = try terms(base)
    var result = factors
    for _ in 1..<order { result = merged(result + crossed(result, factors)) }
    return .terms(result)
  }

  private mutating func primary() throws -> Operand {
    let token = current
    switch token.kind {
    case .number(let value):
      guard value == 0 || value == 1 else {
        throw mistake("only 0 and 1 (the intercept) may stand alone in a formula, not \(token.text)")
      }
      place += 1
      return value == 0 ? .zero : .one
    case .symbol("("):
      place += 1
      try descend(token)
      let inner = sum(top: false)
      depth -= 1
      try expect(")", "to close the parenthesis of column \(token.column)")
      return .terms(inner)
    case .name("."):
      place += 1
      return .terms(try otherColumns(token))
    case .name:
      let expression = try nameOrCall(topLevel: true)
      return .terms([[variable(expression, token.column)]])
    case .symbol, .end: throw mistake("a column or a function is expected, not \(shown(token))")
    }
  }

  private mutating func otherColumns(_ token: FormulaToken) throws -> [[Int]] {
    guard let columns else {
      problems.append(FormulaProblem(token.column, "'.' needs the columns of a file"))
      throw Mistake()
    }
    let others = columns.filter { !$0.isEmpty && !used.contains($0) && !reserved.contains($0) }
    return others.map { [variable(.column($0, position: token.column), token.column)] }
  }

  private mutating func variable(_ expression: FormulaExpression, _ column: Int) -> Int {
    let label = expression.description
    if let index = variables.firstIndex(where: { $0.label == label }) { return index }
    variables.append(Formula.Variable(expression: expression, position: column))
    return variables.count - 1
  }

  private mutating func terms(_ operand: Operand) throws -> [[Int]] {
    if case .terms(let terms) = operand { return terms }
    place -= 1
    throw mistake("'\(current.text)' stands for the intercept, a column is expected")
  }

  private func crossed(_ first: [[Int]], _ second: [[Int]]) -> [[Int]] {
    first.flatMap { a in second.map { b in Set(a + b).sorted() } }
  }

  private func merged(_ terms: [[Int]]) -> [[Int]] {
    var result: [[Int]] = []
    result.appendNew(terms)
    return result
  }

  private mutating func readEffects() -> [Formula.Effect] {
    var effects: [Formula.Effect] = []
    while true {
      let token = current
      if case .name(let name) = token.kind, name != "." {
        place += 1
        check(name, token.column)
        if effects.contains(where: { $0.name == name }) {
          problems.append(FormulaProblem(token.column, "the fixed effect '\(name)' is named twice"))
        } else {
          effects.append(Formula.Effect(name: name, position: token.column))
        }
      } else {
        complain("a column is expected as a fixed effect, not \(shown(token))")
        recover(0)
      }
      if isSymbol("+") {
        place += 1
        continue
      }
      if current.kind != .end, current.kind != .symbol("~") {
        complain(
          isSymbol("|")
            ? "a second '|'; join fixed effects with '+'"
            : "'+' or the end is expected between fixed effects, not \(shown(current))")
      }
      return effects
    }
  }
}

// MARK: - Arithmetic

extension FormulaParser {
  private mutating func arithmetic() throws -> FormulaExpression {
    var left = try factors()
    while isSymbol("+") || isSymbol("-") {
      let sign: Character = isSymbol("+") ? "+" : "-"
      place += 1
      left = .binary(sign, left, try factors())
    }
    return left
  }

  private mutating func factors() throws -> FormulaExpression {
    var left = try signed()
    while isSymbol("*") || isSymbol("/") {
      let sign: Character = isSymbol("*") ? "*" : "/"
      place += 1
      left = .binary(sign, left, try signed())
    }
    return left
  }

  private mutating func signed() throws -> FormulaExpression {
    let token = current
    if isSymbol("-") {
      place += 1
      try descend(token)
      defer { depth -= 1 }
      return .negated(try signed())
    }
    let base = try atom()
    guard isSymbol("^") else { return base }
    place += 1
    try descend(token)
    defer { depth -= 1 }
    return .binary("^", base, try signed())
  }

  private mutating func atom() throws -> FormulaExpression {
    let token = current
    switch token.kind {
    case .number(let value):
      place += 1
      return .number(value)
    case .symbol("("):
      place += 1
      try descend(token)
      let inner = try arithmetic()
      depth -= 1
      try expect(")", "to close the parenthesis of column \(token.column)")
      return .grouped(inner)
    case .name("."): throw mistake("'.' may only stand as a term of its own")
    case .name: return try nameOrCall(topLevel: false)
    case .symbol, .end: throw mistake("a column, a number or a function is expected, not \(shown(token))")
    }
  }

  private mutating func nameOrCall(topLevel: Bool) throws -> FormulaExpression {
    let token = current
    guard case .name(let name) = token.kind else { throw mistake("a column is expected, not \(shown(token))") }
    place += 1
    guard isSymbol("("), !token.text.hasPrefix("`") else {
      check(name, token.column)
      return .column(name, position: token.column)
    }
    place += 1
    try descend(token)
    defer { depth -= 1 }
    let closing = "to close \(name)( of column \(token.column)"
    switch name {
    case "factor":
      guard topLevel else { throw mistake("factor() gives categories; no arithmetic is possible with them", at: token) }
      guard case .name(let column) = current.kind, column != "." else {
        throw mistake("factor() takes one column, not \(shown(current))")
      }
      check(column, current.column)
      let position = current.column
      place += 1
      try expect(")", closing)
      return .categories(column, position: position)
    case "poly":
      guard topLevel else {
        throw mistake("poly() gives several columns; it must stand as a term of its own", at: token)
      }
      let inner = try arithmetic()
      let degree = try count(of: name, what: "the degree", upTo: 30, otherwise: nil)
      try expect(")", closing)
      return .powers(inner, degree)
    case "lag", "diff":
      let inner = try arithmetic()
      let steps = try count(of: name, what: "the number of rows back", upTo: 100_000, otherwise: 1)
      try expect(")", closing)
      return name == "lag" ? .lag(inner, steps) : .difference(inner, steps)
    case "I":
      let inner = try arithmetic()
      try expect(")", closing)
      return .identity(inner)
    default:
      guard let function = FormulaExpression.Function(rawValue: name) else {
        let names = FormulaExpression.Function.allCases.map(\.rawValue) + ["lag", "diff", "poly", "factor", "I"]
        problems.append(
          FormulaProblem(token.column, "there is no function '\(name)'", unknown: name, candidates: names))
        throw Mistake()
      }
      let inner = try arithmetic()
      try expect(")", closing)
      return .function(function, inner)
    }
  }

  /// The whole number after a comma.
  private mutating func count(of function: String, what: String, upTo limit: Int, otherwise: Int?) throws -> Int {
    guard isSymbol(",") else {
      if let otherwise { return otherwise }
      throw mistake("\(function)() needs \(what) after a comma, as in \(function)(x, 2), not \(shown(current))")
    }
    place += 1
    guard case .number(let value) = current.kind, let whole = Int(exactly: value), (1...limit).contains(whole) else {
      throw mistake("\(what) of \(function)() must be a whole number from 1 to \(limit), not \(shown(current))")
    }
    place += 1
    return whole
  }
}

// MARK: - Words

extension FormulaParser {
  private var current: FormulaToken { tokens[min(place, tokens.count - 1)] }

  private func isSymbol(_ character: Character) -> Bool { current.kind == .symbol(character) }

  private func shown(_ token: FormulaToken) -> String {
    token.kind == .end ? "the end of the formula" : "'\(token.text)'"
  }

  private mutating func complain(_ message: String) { problems.append(FormulaProblem(current.column, message)) }

  private mutating func mistake(_ message: String, at token: FormulaToken? = nil) -> Mistake {
    problems.append(FormulaProblem((token ?? current).column, message))
    return Mistake()
  }

  private mutating func expect(_ character: Character, _ purpose: String) throws {
    guard isSymbol(character) else { throw mistake("'\(character)' is expected \(purpose), not \(shown(current))") }
    place += 1
  }

  /// Bounds the nesting, so that no text can exhaust the stack.
  private mutating func descend(_ token: FormulaToken) throws {
    guard depth < 100 else { throw mistake("the formula is nested more than 100 deep", at: token) }
    depth += 1
  }

  private mutating func check(_ name: String, _ column: Int) {
    guard let columns, !known.contains(name), !name.isEmpty else { return }
    problems.append(
      FormulaProblem(
        column, "there is no column '\(name)'", unknown: name, candidates: columns.filter { !$0.isEmpty }))
  }
}

extension [[Int]] {
  fileprivate mutating func appendNew(_ others: [[Int]]) {
    for term in others where !contains(term) { append(term) }
  }
}
