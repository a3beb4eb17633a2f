import Forecast
import Testing

/// The parser of formulas: canonical forms, and every mistake with its column.
@Suite struct RegressionFormulaTests {
  private let columns = ["y", "x", "z", "g", "h", "my col", "năm", "log"]

  @Test(arguments: [
    ("y ~ x", "y ~ x"), ("y~x+z", "y ~ x + z"), ("y ~ 1", "y ~ 1"), ("y ~ 0 + x", "y ~ 0 + x"),
    ("y ~ x - 1", "y ~ 0 + x"), ("y ~ x + 0", "y ~ 0 + x"), ("y ~ -1 + x", "y ~ 0 + x"), ("y ~ x - 0", "y ~ x"),
    ("y ~ 0 + x + 1", "y ~ x"), ("y ~ x + x", "y ~ x"), ("y ~ x*z", "y ~ x + z + x:z"),
    ("y ~ x:z + x", "y ~ x + x:z"), ("y ~ z:x", "y ~ z:x"), ("y ~ x + z + z:x", "y ~ x + z + x:z"),
    ("y ~ x*g*h", "y ~ x + g + h + x:g + x:h + g:h + x:g:h"), ("y ~ (x + z)^2", "y ~ x + z + x:z"),
    ("y ~ (x + z):g", "y ~ x:g + z:g"), ("y ~ x*z - x", "y ~ z + x:z"), ("y ~ x:x", "y ~ x"),
    ("y ~ (x)", "y ~ x"), ("log(y) ~ log( x+1 )", "log(y) ~ log(x + 1)"), ("y/z ~ x", "y/z ~ x"),
    ("y ~ I(x^2)", "y ~ I(x^2)"), ("y ~ I((x+1) /2*z)", "y ~ I((x + 1)/2 * z)"), ("y ~ I(-x^2)", "y ~ I(-x^2)"),
    ("y ~ poly(x,3)", "y ~ poly(x, 3)"), ("y ~ lag(x)", "y ~ lag(x, 1)"), ("y ~ lag(log(x), 2)", "y ~ lag(log(x), 2)"),
    ("y ~ diff(x) + diff(z, 4)", "y ~ diff(x) + diff(z, 4)"), ("y ~ factor(g)*x", "y ~ factor(g) + x + factor(g):x"),
    ("y ~ x | g", "y ~ x | g"), ("y ~ x | g + h", "y ~ x | g + h"), ("y ~ 1 | g", "y ~ 1 | g"),
    ("y ~ `my col` + năm", "y ~ `my col` + năm"), ("y ~ `x`", "y ~ x"), ("y ~ log", "y ~ log"),
    ("y ~ log(log)", "y ~ log(log)"), ("y ~ . - log", "y ~ x + z + g + h + `my col` + năm"),
    ("log(y) ~ . | g + h", "log(y) ~ x + z + `my col` + năm + log"),
    ("y ~ I(1e3*x) + I(.5*x)", "y ~ I(1000 * x) + I(0.5 * x)"),
    ("y\n~ x\t+ z", "y ~ x + z"),
  ])
  func theCanonicalForm(_ text: String, _ canonical: String) throws {
    let formula = try Formula(text, columns: columns)
    let expected = text.contains(". | g") ? canonical + " | g + h" : canonical
    #expect(formula.description == expected)
    // The canonical form means the same; the order within an interaction is that of the text.
    let again = try Formula(expected, columns: columns)
    #expect(Set(meaning(again)) == Set(meaning(formula)) && again.hasIntercept == formula.hasIntercept)
  }

  @Test(arguments: [
    ("", ["1: the formula is empty, 'y ~ x1 + x2' is expected"]),
    ("y", ["2: '~' is expected between the outcome and the regressors"]),
    ("~ x", ["1: the outcome is expected before '~'"]),
    ("y ~", ["4: a column or a function is expected, not the end of the formula"]),
    ("y ~ x +", ["8: a column or a function is expected, not the end of the formula"]),
    ("y ~ x z", ["7: '+', '*', ':' or '|' is expected before 'z'"]),
    ("y ~ 2", ["5: only 0 and 1 (the intercept) may stand alone in a formula, not 2"]),
    ("y ~ x / z", ["7: '/' has no meaning between terms; write a + a:b, or I(a / b) for a quotient"]),
    (
      "y ~ x & z",
      [
        "7: '&' has no meaning in a formula; write the names of other columns between backticks",
        "9: '+', '*', ':' or '|' is expected before 'z'",
      ]
    ),
    ("y ~ lox + zz | q", ["5: there is no column 'lox'", "11: there is no column 'zz'", "16: there is no column 'q'"]),
    (
      "y ~ foo(x) + poly(z) + q",
      [
        "5: there is no function 'foo'", "20: poly() needs the degree after a comma, as in poly(x, 2), not ')'",
        "24: there is no column 'q'",
      ]
    ),
    ("y ~ poly(x, 0)", ["13: the degree of poly() must be a whole number from 1 to 30, not '0'"]),
    ("y ~ poly(x, 1.5)", ["13: the degree of poly() must be a whole number from 1 to 30, not '1.5'"]),
    ("y ~ lag(x, -1)", ["12: the number of rows back of lag() must be a whole number from 1 to 100000, not '-'"]),
    ("y ~ log(x", ["10: ')' is expected to close log( of column 5, not the end of the formula"]),
    ("y ~ (x + z", ["11: ')' is expected to close the parenthesis of column 5, not the end of the formula"]),
    ("y ~ x)", ["6: '+', '*', ':' or '|' is expected before ')'"]),
    ("y ~ x ~ z", ["7: a second '~'"]),
    ("y ~ y + x", ["5: the outcome y cannot explain itself"]),
    ("y ~ log(factor(g))", ["9: factor() gives categories; no arithmetic is possible with them"]),
    ("y ~ x | g | h", ["11: a second '|'; join fixed effects with '+'"]),
    ("y ~ x | log(g)", ["12: '+' or the end is expected between fixed effects, not '('"]),
    ("y ~ x | g + g", ["13: the fixed effect 'g' is named twice"]),
    ("y ~ `x", ["5: the backtick opened here is never closed"]),
    ("y ~ x^z", ["7: a whole number from 1 to 9 is expected after '^'; write I(x^2) for a square"]),
    ("y ~ x:1", ["7: '1' stands for the intercept, a column is expected"]),
    ("1 ~ x", ["1: the outcome names no column"]),
  ])
  func mistakesAreNamedWithTheirColumns(_ text: String, _ expected: [String]) throws {
    let error = #expect(throws: FormulaError.self) { try Formula(text, columns: columns) }
    #expect(error?.problems.map { "\($0.column): \($0.message)" } == expected)
  }

  private func meaning(_ formula: Formula) -> [Set<String>] {
    formula.terms.map { Set($0.map { formula.variables[$0].label }) }
  }

  @Test func unknownNamesCarryTheirCandidates() throws {
    let error = #expect(throws: FormulaError.self) { try Formula("y ~ xx", columns: columns) }
    #expect(error?.problems.first?.unknownName == "xx")
    #expect(error?.problems.first?.candidates == columns)
  }

  @Test func noTextIsTooDeepOrTooOdd() throws {
    for text in [
      "y ~ " + String(repeating: "(", count: 10_000), "y ~ I(" + String(repeating: "-", count: 10_000) + "x)",
      "y ~ " + String(repeating: "log(", count: 500) + "x", "~~~", "|", "y ~ |", "y ~ +", "`", "y ~ )))", "y ~ 1:1",
      "y ~ I()", "y ~ .5x", "y ~ \u{301}", "log( ~ x",
    ] {
      #expect(throws: FormulaError.self) { try Formula(text) }
    }
  }

  @Test func rolesOfTheColumns() throws {
    let formula = try Formula("log(y) ~ x + I(z^2) + factor(h) | g", columns: columns)
    #expect(formula.columns == ["y", "x", "z", "h", "g"])
    #expect(formula.numericColumns == ["y", "z"])
    #expect(formula.plainColumns == ["x"])
    #expect(formula.categoryColumns == ["g", "h"])
  }
}
