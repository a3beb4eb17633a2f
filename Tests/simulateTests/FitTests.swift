import Foundation
import Testing

/// `simulate fit`, run as users run it.
@Suite struct FitTests {
  private static let file = Spawned.package + "/Tests/Fixtures/formula_fit.csv"

  private func fit(_ formula: String, _ more: [String] = [], input: String = FitTests.file) throws -> Spawned.Outcome {
    try simulate(["fit", "--input", input, "--formula", formula] + more)
  }

  @Test func theJSONHasTheContractsKeys() throws {
    let outcome = try fit("y ~ x + g", ["--format", "json"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let json = try JSONValue(outcome.bytes)
    #expect(
      json.keys == [
        "formula", "family", "standard_errors", "coefficients", "residual_sd", "r_squared", "n", "df",
        "adjusted_r_squared", "within_r_squared", "log_likelihood", "aic", "aicc", "bic", "deviance", "f_test", "rows",
        "aliased",
      ])
    let rows = json["coefficients"]?.elements ?? []
    #expect(rows.map { $0["name"]?.string } == ["(Intercept)", "x", "gnorth", "gsouth"])
    #expect(rows.allSatisfy { $0.keys == ["name", "estimate", "std_error", "t", "p"] })
    // The values of R's lm (Fixtures/formula_fit.json).
    let reference = try JSONValue(
      Array(try Data(contentsOf: URL(fileURLWithPath: Spawned.package + "/Tests/Fixtures/formula_fit.json"))))
    let expected = reference["fits"]?.elements.first?["estimate"]?.elements ?? []
    #expect(expected.count == 4)
    for (row, value) in zip(rows, expected) {
      #expect(abs((row["estimate"]?.number ?? 0) - (value.number ?? 1)) < 1e-12)
    }
    #expect(json["n"]?.number == 12 && json["df"]?.number == 8)
  }

  @Test(arguments: [
    ["y ~ x + g"], ["y ~ x + I(2 * x) + z | g + h", "--effect", "x"],
    ["y ~ g + x", "--family", "poisson", "--effect", "g"],
    ["y ~ 1"], ["y ~ x + lag(z, 1)", "--se", "hc1", "--weights", "w"],
  ])
  func theJSONFitsItsSchema(_ arguments: [String]) throws {
    let outcome = try fit(arguments[0], ["--format", "json"] + arguments.dropFirst())
    #expect(outcome.code == 0, "\(outcome.errors)")
    var check = SchemaCheck(try Sample.schema("fit"))
    check.check(try JSONValue(outcome.bytes))
    #expect(check.failures.isEmpty, "\(check.failures)")
  }

  @Test func theCSVHasOneLinePerCoefficient() throws {
    let outcome = try fit("y ~ x | g", ["--format", "csv", "--se", "cluster:g"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.lines.count == 3 && outcome.lines[0] == "name,estimate,std_error,t,p")
    #expect(outcome.lines[1].hasPrefix("x,1.0"))
  }

  @Test func theTableSaysWhatWasDroppedAndAliased() throws {
    let english = try fit("y ~ x + lag(x, 1) + z", ["--lang", "en"])
    #expect(english.code == 0)
    let text = english.text.replacingOccurrences(of: "\n", with: " ")
    #expect(text.contains("1 of 12 rows dropped because a value is missing."))
    #expect(text.contains("1 rows dropped because there is no earlier value."))
    #expect(text.contains("lag(x, 1) is not estimated: it equals −(Intercept) + x."))
    let vietnamese = try fit("y ~ x + lag(x, 1) + z", ["--lang", "vi"])
    #expect(vietnamese.text.contains("Hồi quy tuyến tính"))
    #expect(vietnamese.text.replacingOccurrences(of: "\n", with: " ").contains("Bỏ 1 trên 12 dòng vì thiếu số liệu."))
  }

  @Test func residualsAndEffectsAreFiles() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/residuals.csv"
    let outcome = try fit("y ~ x + z", ["--residuals", path, "--effect", "x", "--format", "csv"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.lines[0] == "x,prediction,lower,upper" && outcome.lines.count == 43)
    let lines = try folder.text("residuals.csv").split(separator: "\n")
    #expect(lines.count == 12 && lines[0] == "row,outcome,fitted,residual")
    for line in lines.dropFirst() {
      let cells = line.split(separator: ",").compactMap { Double($0) }
      #expect(cells.count == 4 && abs(cells[1] - cells[2] - cells[3]) < 1e-12)
    }
    // Row 9 misses z.
    #expect(!lines.contains { $0.hasPrefix("9,") })
    let categories = try fit("y ~ x + g", ["--effect", "g", "--format", "csv"])
    #expect(categories.lines.dropFirst().map { $0.prefix(5) } == ["east,", "north", "south", ""])
  }

  @Test func standardInputAndQuotedNamesWork() throws {
    let outcome = try shell(
      "printf 'giá trị,x 1,skip\\n1,1,a\\n2,2,b\\n2.5,3,c\\n4,4,d\\n' | \"$simulate\" fit --input - "
        + "--formula '`giá trị` ~ `x 1`' --format csv")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.lines[2].hasPrefix("`x 1`,0.9"))
  }

  @Test func allMistakesOfTheCommandLineAtOnce() throws {
    let outcome = try fit("y ~ xx + log(z +) | gg", ["--weights", "ww"])
    #expect(outcome.code == 64)
    let start = "simulate: formula, column "
    let lines = outcome.errors.split(separator: "\n").map(String.init)
    #expect(lines.count == 4)
    #expect(lines.first?.hasPrefix(start + "5: there is no column 'xx'; ") ?? false)
    #expect(lines.dropFirst().first == start + "17: a column, a number or a function is expected, not ')'")
    #expect(lines.last?.hasPrefix("simulate: --weights: there is no column 'ww'; ") ?? false)
    let near = try fit("y ~ yeer")
    #expect(near.errors == "simulate: formula, column 5: there is no column 'yeer'; did you mean 'year'?\n")
  }

  @Test func diagnosticsComeWithSentences() throws {
    let folder = try TemporaryFolder()
    let rows = (1...30).map { "\(Double($0) * 0.5 + Double($0 * 7 % 5)),\($0),\($0 * $0 % 11)" }
    let path = try folder.file("d.csv", "y,x,z\n" + rows.joined(separator: "\n") + "\n")
    let arguments = ["fit", "--input", path, "--formula", "y ~ x + z"]
    let outcome = try simulate(arguments + ["--se", "hac", "--lags", "2", "--diagnostics", "--format", "json"])
    #expect(outcome.code == 0)
    #expect(outcome.text.contains("\"Durbin-Watson\"") && outcome.text.contains("\"RESET(3)\""))
    let text = try simulate(arguments + ["--se", "hc3", "--diagnostics", "--lang", "en"])
    #expect(text.text.contains("Diagnostic tests") && text.text.contains("HC3 robust"))
    let refused = try simulate(arguments + ["--lags", "2"])
    #expect(refused.code == 64 && refused.errors.contains("--lags is a number of lags"))
    let weighted = try simulate(arguments + ["--weights", "x", "--diagnostics"])
    #expect(weighted.code == 65 && weighted.errors.contains("without fixed effects and without weights"))
  }

  @Test(arguments: [
    ("cluster:a,b,c", "--se cluster: takes one column or two, as in --se cluster:firm,year."),
    ("cluster:", "--se cluster: needs a column, as in --se cluster:firm."),
    ("white", "--se must be one of classical, hc0, hc1, hc2, hc3, hac, cluster:COLUMN, not 'white'."),
  ])
  func otherStandardErrorsAreRefused(_ kind: String, _ message: String) throws {
    let outcome = try fit("y ~ x", ["--se", kind])
    #expect(outcome.code == 64 && outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test(arguments: [
    ("y,x\n1,2\n2,3\n3,two\n", "y ~ x", ":4:3: x: 'two' is not a number; write factor(x) in the formula if"),
    ("y,x\n1,a\n2,b\n", "y ~ log(x)", ":2:3: x: 'a' is not a number; the formula or an option needs numbers"),
    ("y,x\n1,2\n2,NA\n3,4\n", "y ~ x", ":3:3: x: 'NA' is not a finite number; leave a missing value empty"),
    ("y,x\n1,2\n2,\"3\n3\"\n", "y ~ x", ":3:3: x: "),
    ("y,x\n1,2\n\n2,0\n3,1\n", "y ~ log(x)", ":4: log(x) has no value in row 2: log of 0"),
    ("y,x\n1,2\n1,3\n1,4\n", "y ~ x", ": the outcome y is 1 in every complete row; there is nothing to explain"),
    ("y,x\n,2\n1,\n", "y ~ x", ": no row is left: each of the 2 rows misses a value"),
    ("y,x\n", "y ~ x", ": the data have no rows"),
    ("y,x\n1,a\n2,b\n4,c\n", "y ~ x + x:x + factor(y)", ": the formula makes 5 columns but only 3 complete rows"),
    ("y,x\n1,2\n2,4\n", "y ~ x", ": least squares needs at least 3 observations, found 2"),
    ("y,x\n1,a\n2,a\n4,a\n", "y ~ x", ": x is 'a' in every complete row; a category needs at least two"),
  ])
  func badDataAreNamedWithTheirPlace(_ data: String, _ formula: String, _ message: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try fit(formula, input: try folder.file("data.csv", data))
    #expect(outcome.code == 65)
    #expect(outcome.bytes.isEmpty)
    #expect(outcome.errors.contains("data.csv" + message), "\(outcome.errors)")
  }

  @Test func aMissingFileIsNamed() throws {
    let outcome = try fit("y ~ x", input: "/nonexistent/data.csv")
    #expect(outcome.code == 66)
  }
}
