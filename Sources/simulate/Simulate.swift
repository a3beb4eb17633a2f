import ArgumentParser
import Scenarios

/// The command `simulate`.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract:
      "Forecasts and what-if scenarios for a province: where are we heading, what would a package of measures change?",
    discussion: """
      Examples:
        simulate run
        simulate run notebooks-data/scenarios/both.yaml --by-lever
        simulate run --format csv --output result.csv
        simulate compare notebooks-data/scenarios/*.yaml
        simulate explain tourism_revenue
        simulate targets

      The model folder is --model, else $SIMULATE_HOME, else notebooks-data here or above, else the installed one.
      The language is --lang, else $SIMULATE_LANG, else that of the locale, else Vietnamese.
      Exit codes: 0 done, 1 a check failed, 64 wrong use, 65 bad data, 66 missing input, 70 internal error, \
      73 cannot write, 75 busy, 130 or 143 interrupted.
      """,
    version: Fingerprint.toolkitVersion,
    subcommands: [
      Run.self, Compare.self, Robust.self, Goal.self, Growth.self, Optimise.self, Sensitivity.self, Explain.self,
      Targets.self, ReportCommand.self, ExportCommand.self, RunsCommand.self, DataCommand.self, Fit.self,
      ForecastCommand.self, BacktestCommand.self,
    ])
}
