import ArgumentParser
import Forecast
import Reports
import TextFiles

extension Simulate {
  struct Fit: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Fit a regression to a CSV file: formulas as in R, fixed effects, robust standard errors.",
      discussion: """
        A formula reads outcome ~ regressors | fixed effects:
          y ~ x1 + x2            with an intercept; 0 + or - 1 leaves it out
          y ~ a:b, y ~ a*b       interaction; with the main effects
          log(y) ~ poly(x, 2)    raw powers 1 and 2; also log10, log2, log1p, exp, sqrt, abs
          y ~ I(x1 / x2)         arithmetic
          y ~ lag(x, 1) + diff(x)   by row order, within --id, by --time
          y ~ region + factor(year)  categories: text columns always are
          y ~ .                  all other columns
          y ~ x | firm + year    fixed effects, absorbed

        Examples:
          simulate fit --input notebooks-data/observations/pci.csv --formula "value ~ period | indicator + area"
          simulate fit --input notebooks-data/observations/pci.csv --formula "value ~ period * indicator" --se cluster:area

        Names with other characters stand between backticks. Rows with a missing value are left out and counted.

        With --format csv and --effect only the predictions are written, else the coefficients.
        """)

    @Option(
      name: .shortAndLong, help: ArgumentHelp("The CSV file (also gzip), or - for standard input.", valueName: "file"),
      completion: .file())
    var input: String

    @Option(name: .long, help: "The formula, such as \"y ~ x1 + x2 | fe1 + fe2\".")
    var formula: String

    @Option(name: .long, help: "linear (least squares) or poisson (pseudo-maximum likelihood, logarithmic link).")
    var family = FormulaFit.Family.linear

    @Option(
      name: .long,
      help: ArgumentHelp(
        "The standard errors: classical, hc0 to hc3, hac, cluster:COLUMN or cluster:COLUMN,COLUMN.",
        valueName: "kind"))
    var se = StandardErrorOption.classical

    @Option(
      name: .long,
      help: ArgumentHelp(
        "Lags of hac, whose rows count in their order; else as Newey and West (1994) choose.", valueName: "count"))
    var lags: Int?

    @Flag(name: .long, help: "Add the diagnostic tests of a linear fit without fixed effects and weights.")
    var diagnostics = false

    @Option(name: .long, help: ArgumentHelp("A column of weights (>= 0).", valueName: "column"))
    var weights: String?

    @Option(name: .long, help: ArgumentHelp("The column of panel units, for lag and diff.", valueName: "column"))
    var id: String?

    @Option(
      name: .long, help: ArgumentHelp("The column of times (numbers), for lag and diff.", valueName: "column"))
    var time: String?

    @Option(
      name: .long,
      help: ArgumentHelp("Predictions along this column, all else at typical values.", valueName: "column"))
    var effect: String?

    @Option(
      name: .long, help: ArgumentHelp("A CSV file for outcome, fitted value and residual by row.", valueName: "file"),
      completion: .file())
    var residuals: String?

    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
      if let problem = se.problem { throw ValidationError(problem) }
      if let lags, lags < 0 || se.kind != .hac {
        throw ValidationError("--lags is a number of lags (0 or more) for --se hac.")
      }
    }

    func run() throws {
      let roles = FitInput.Roles(weights: weights, unit: id, time: time, clusters: se.clusters)
      var input = try FitInput(path: input, formula: formula, roles: roles)
      try Interruption.check()
      let fit: FormulaFit
      var partial: PartialEffect?
      var tests: [DiagnosticTest] = []
      do {
        let design = try DesignMatrix(
          input.formula, table: input.takeTable(), unit: id, time: time, weights: weights, clusters: se.clusters)
        try Interruption.check()
        fit = try FormulaFit(design, family: family, standardErrors: se.kind, lags: lags)
        if diagnostics { tests = try fit.diagnosticTests() }
        if let effect { partial = try PartialEffect(fit, of: effect) }
      } catch let error as DesignError {
        let place = SourceLocation(file: input.file, line: error.row.map(input.line(ofRow:)))
        throw Diagnostic(.badData, code: "bad_design", at: place, error.description)
      } catch let error as ForecastError {
        throw Diagnostic(.badData, code: "cannot_fit", at: SourceLocation(file: input.file), error.description)
      }
      if let residuals {
        try OutputOptions.write(to: residuals) { try FitReport.writeResiduals(fit, to: $0) }
      }
      try output.write { sink in
        try FitReport.write(
          fit, effect: partial, tests: tests, language: language.language, format: output.format.rawValue,
          width: output.width,
          to: sink)
      }
    }
  }
}

extension FormulaFit.Family: ExpressibleByArgument {}

/// The value of `--se`.
struct StandardErrorOption: ExpressibleByArgument {
  var kind: FormulaFit.StandardErrors
  var clusters: [String] = []
  /// Why the value cannot be used.
  var problem: String?

  static let classical = StandardErrorOption(kind: .classical)

  private init(kind: FormulaFit.StandardErrors) { self.kind = kind }

  init?(argument: String) {
    if argument.hasPrefix("cluster:") {
      kind = .cluster
      clusters = argument.dropFirst("cluster:".count).split(separator: ",", omittingEmptySubsequences: false).map(
        String.init)
      if clusters.contains("") { problem = "--se cluster: needs a column, as in --se cluster:firm." }
      if clusters.count > 2 { problem = "--se cluster: takes one column or two, as in --se cluster:firm,year." }
      return
    }
    guard let known = FormulaFit.StandardErrors(rawValue: argument), known != .cluster else {
      kind = .classical
      problem = "--se must be one of classical, hc0, hc1, hc2, hc3, hac, cluster:COLUMN, not '\(argument)'."
      return
    }
    kind = known
  }

  var defaultValueDescription: String { kind.rawValue }
}
