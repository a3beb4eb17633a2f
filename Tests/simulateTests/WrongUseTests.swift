import Foundation
import Testing

/// Wrong use of the command line: exit code 64, and what would be right.
@Suite struct WrongUseTests {
  @Test(arguments: [
    (["run", "--draws", "0"], "--draws must lie between 1 and 1000000, not 0."),
    (["run", "--draws", "1000001"], "--draws must lie between 1 and 1000000, not 1000001."),
    (["run", "--draws", "many"], "'many'"), (["run", "--draws", "1e4"], "'1e4'"),
    (["run", "--draws", "99999999999999999999"], "'99999999999999999999'"),
    (["run", "--seed", "-1"], "seed"), (["run", "--seed", "x"], "'x'"),
    (["run", "--until", "2020"], "--until must lie between 2026 and 2050, not 2020."),
    (["run", "--until", "2051"], "--until must lie between 2026 and 2050, not 2051."),
    (["run", "--threads", "0"], "--threads must lie between 1 and 256, not 0."),
    (["run", "--as-of", "yesterday"], "--as-of must be a day such as 2024-06-30, not 'yesterday'."),
    (["run", "--as-of", "2023-02-30"], "--as-of must be a day such as 2024-06-30, not '2023-02-30'."),
    (["run", "--lang", "fr"], "'fr'"), (["run", "--format", "xls"], "'xls'"),
    (["targets", "--format", "xls"], "'xls'"), (["explain", "pci_score", "--lang", "fr"], "'fr'"),
    (["compare", "x.yaml", "--format", "pdf"], "'pdf'"), (["compare"], "scenarios"), (["explain"], "<id>"),
    (["compair", "x.yaml"], "simulate: there is no subcommand 'compair'; did you mean 'compare'?"),
    (["zzz"], "simulate: there is no subcommand 'zzz'; expected one of run, compare"),
    (["run", "--drows", "10"], "--drows"), (["--nothing"], "--nothing"),
    (["run", "--model"], "--model"),
  ])
  func wrongOptionsAreRefused(_ arguments: [String], _ part: String) throws {
    let outcome = try simulate(arguments)
    #expect(outcome.code == 64)
    #expect(outcome.bytes.isEmpty)
    #expect(outcome.errors.contains(part), "\(outcome.errors)")
  }

  @Test func anUnknownIndicatorIsNamedWithASuggestion() throws {
    let outcome = try simulate(["run", "--indicator", "tourism_revenu", "--indicator", "pci_scor"])
    #expect(outcome.code == 64)
    #expect(
      outcome.errors == """
        simulate: the model has no indicator 'tourism_revenu'; did you mean 'tourism_revenue'?
        simulate: the model has no indicator 'pci_scor'; did you mean 'pci_score'?

        """)
  }

  @Test func anUnknownIdToExplainIsNamedWithASuggestion() throws {
    let outcome = try simulate(["explain", "reform_pakage"])
    #expect(outcome.code == 64)
    #expect(
      outcome.errors
        == "simulate: the model has nothing called 'reform_pakage'; did you mean 'reform_package'?\n")
    let far = try simulate(["explain", "zzz"])
    #expect(far.code == 64)
    #expect(far.errors.hasPrefix("simulate: the model has nothing called 'zzz'; expected one of "))
  }

  @Test func withoutArgumentsTheHelpIsShown() throws {
    let outcome = try simulate([])
    #expect(outcome.code == 0)
    #expect(outcome.errors.isEmpty)
    #expect(outcome.bytes == (try simulate(["--help"]).bytes))
  }

  @Test func theVersionIsShown() throws {
    let outcome = try simulate(["--version"])
    #expect(outcome.code == 0)
    #expect(outcome.text.range(of: #"^\d+\.\d+\.\d+\n$"#, options: .regularExpression) != nil)
  }
}
