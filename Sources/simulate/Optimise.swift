import ArgumentParser
import Reports
import Scenarios
import TextFiles

extension Simulate {
  struct Optimise: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The best package of levers and projects under a budget, and for every budget.",
      discussion: """
        The objective is the probability of reaching a value (--reach), the mean of an indicator (without --reach), or a \
        weighted sum of several (--weight), each in standard deviations of its projection. A lever without a known cost is \
        left out and named, never free; enter your own estimate with --cost. Money is counted in billion VND a year.

        Examples:
          simulate optimise --indicator tourism_revenue --year 2030 --reach 70000 --budget 30 \
        --cost tourism_year=15 --cost night_economy=40 --cost off_season_festivals=0.5
          simulate optimise --indicator fdi_new_projects --year 2030 --budget 5
        """)

    @Option(name: .long, help: ArgumentHelp("The indicator that counts.", valueName: "id"))
    var indicator: String?

    @Option(name: .long, help: ArgumentHelp("The year that counts.", valueName: "year"))
    var year: Int?

    @Option(
      name: .long, parsing: .unconditional,
      help: ArgumentHelp("The value whose probability counts. (default: the mean counts)", valueName: "value"))
    var reach: Double?

    @Option(
      name: .customLong("weight"),
      help: ArgumentHelp("An indicator with its weight in a sum (may be repeated).", valueName: "id=weight@year"))
    var weights: [String] = []

    @Option(
      name: .long, parsing: .unconditional,
      help: ArgumentHelp("The most that may be spent, billion VND a year. (default: all budgets)", valueName: "value"))
    var budget: Double?

    @OptionGroup var plan: PlanOptions
    @OptionGroup var precision: PrecisionOption
    @OptionGroup var model: ModelOptions
    @OptionGroup var options: RunOptions
    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
      if let budget, !(budget >= 0 && budget.isFinite) { throw ValidationError("--budget must be a number from 0.") }
      if let reach, !reach.isFinite { throw ValidationError("--reach must be a number.") }
      guard (indicator == nil) == (year == nil) else {
        throw ValidationError("--indicator and --year belong together.")
      }
      guard (indicator == nil) != weights.isEmpty else {
        throw ValidationError("Say what counts: --indicator and --year, or --weight.")
      }
      if indicator == nil, reach != nil { throw ValidationError("--reach needs --indicator and --year.") }
    }

    func run() throws {
      let session = try ModelSession(model, options, quiet: output.quiet)
      var wanted = try weights.map { try ValueArgument($0, option: "--weight") }
      if let indicator, let year { wanted = [ValueArgument(indicator: indicator, value: reach ?? 0, year: year)] }
      _ = try checkedIndicators(wanted.map(\.indicator), session.catalog)
      let plan = try plan.plan(session)
      try output.write { sink in
        defer { session.progress.finish() }
        let compiled = try session.compile()
        let measures = try wanted.map { try $0.measure(compiled) }
        let draws = precision.draws(session.settings.draws, probability: 0.5)
        let fingerprint = try session.fingerprint(
          [self.plan.decided].compactMap { $0 }, draws: draws,
          question: [reach == nil ? "mean" : "reach", budget.map { "\($0)" } ?? ""] + wanted.map(\.text)
            + self.plan.question)
        let objective = try objective(wanted, measures, session.catalog, compiled)
        session.progress.update("searching")
        let result = try PackageOptimiser.solve(
          OptimiseRequest(objective: objective, plan: plan, budget: budget), model: compiled,
          run: session.decisionRun(draws: draws))
        session.progress.finish()
        let report = OptimiseReport(result, model: compiled, fingerprint: fingerprint)
        try report.write(output.format, language: language.language, width: output.width, to: sink)
      }
    }

    private func objective(
      _ wanted: [ValueArgument], _ measures: [OutcomeMeasure], _ catalog: ModelCatalog, _ model: CompiledModel
    ) throws -> OptimiseRequest.Objective {
      guard weights.isEmpty else {
        return .weighted(
          zip(measures, wanted).map { (measure: $0, weight: $1.value, direction: $1.direction(catalog)) })
      }
      let direction = wanted[0].direction(catalog)
      guard let reach else { return .mean(measures[0], direction) }
      let aim = GoalAim(measures[0], value: reach, direction: direction, probability: nil, in: model)
      guard !aim.isAssumed else {
        throw Diagnostic(
          .wrongUse, code: "no_probability",
          "'\(measures[0].indicator)' rests on a planner's own path (grade D): there is no probability of reaching a value",
          hint: "leave out --reach, then the mean counts")
      }
      return .probability(aim)
    }
  }
}
