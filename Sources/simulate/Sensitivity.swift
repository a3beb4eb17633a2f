import ArgumentParser
import Reports
import Scenarios
import TextFiles

extension Simulate {
  struct Sensitivity: ParsableCommand {
    /// What of the indicator is looked at.
    enum Measure: String, ExpressibleByArgument, CaseIterable {
      case value, change
    }

    static let configuration = CommandConfiguration(
      abstract: "What the result depends on: tornado, shares of the variation, what learning an unknown is worth.",
      usage: "simulate sensitivity [<scenarios> ...] (--indicator <id> | --joint) [<options>]",
      discussion: """
        The unknowns are the sizes of effects, the sizes and the delivery of projects and reforms, the outside world, and \
        chance: everything else in the projection. Of several scenarios the first is taken apart, and for the choice among \
        all of them it is shown which unknown would change it and what learning it is worth.

        With --joint: how the 80% intervals of all headline indicators and the probabilities of targets change without the \
        correlations of own shocks (estimated from the provinces), without the loadings on the macro factor (planner's \
        estimates), and with stronger loadings.

        Examples:
          simulate sensitivity --indicator grdp_per_capita
          simulate sensitivity notebooks-data/scenarios/four-season-tourism.yaml --indicator tourism_revenue --year 2030
          simulate sensitivity notebooks-data/scenarios/both.yaml --indicator fdi_registered_ordinary --quick
          simulate sensitivity --joint
        """)

    @Argument(help: "Scenario files.", completion: .file(extensions: ["yaml", "yml"]))
    var scenarios: [String] = []

    @Option(name: .long, help: ArgumentHelp("The indicator. (needed without --joint)", valueName: "id"))
    var indicator: String?

    @Flag(
      name: .long,
      help:
        "Instead: what the correlations of the baseline and its loadings on the macro factor matter for every headline."
    )
    var joint = false

    @Option(name: .long, help: ArgumentHelp("The year. (default: the last of the projection)", valueName: "year"))
    var year: Int?

    @Option(
      name: .long, help: "The value itself, or the change against no new policy. (default: change under a scenario)")
    var measure: Measure?

    @Flag(name: .long, help: "Only a quick estimate from the draws of an ordinary run.")
    var quick = false

    @Flag(name: .long, help: "Means at nine percentiles instead of two.")
    var spider = false

    @Option(
      name: .long, help: ArgumentHelp("Points of the design, a power of two from 64 to 16384.", valueName: "count"))
    var points = 1024

    @Option(
      name: .long,
      help: ArgumentHelp(
        "The widest half interval an index may keep, in percentage points; doubles the points until it holds.",
        valueName: "points"))
    var precision: Double?

    @OptionGroup var model: ModelOptions
    @OptionGroup var options: RunOptions
    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
      if joint, !scenarios.isEmpty || indicator != nil || quick || spider || precision != nil || measure != nil {
        throw ValidationError(
          "--joint is about the baseline and every headline: it takes no scenario, indicator or design.")
      }
      if !joint, indicator == nil { throw ValidationError("Missing expected argument '--indicator <id>'") }
      guard (64...16384).contains(points), points & (points - 1) == 0 else {
        throw ValidationError("--points must be a power of two from 64 to 16384, not \(points).")
      }
      if let precision, !(precision >= 0.1 && precision <= 50) {
        throw ValidationError("--precision must lie between 0.1 and 50 percentage points, not \(precision).")
      }
      guard options.draws >= 100 else {
        throw ValidationError("--draws must be at least 100 here, not \(options.draws).")
      }
      if measure == .change, scenarios.isEmpty {
        throw ValidationError("--measure change needs a scenario: with no new policy nothing changes.")
      }
    }

    func run() throws {
      let session = try ModelSession(model, options, quiet: output.quiet)
      guard let indicator else { return try runJoint(session) }
      _ = try checkedIndicators([indicator], session.catalog)
      let definitions = try session.scenarios(scenarios)
      try output.write { sink in
        defer { session.progress.finish() }
        let compiled = try session.compile()
        let year = year ?? compiled.grid.last ?? 0
        let outcome = try OutcomeMeasure(indicator, firstYear: year, lastYear: year, in: compiled)
        var request = SensitivityRequest(
          measure: outcome, scenarios: definitions,
          isChange: (measure ?? (scenarios.isEmpty ? .value : .change)) == .change)
        (request.isQuick, request.withSpider, request.points) = (quick, spider, points)
        request.precision = precision.map { $0 / 100 }
        session.progress.update("taking apart")
        let result = try SensitivityStudy.run(
          request, model: compiled, run: session.decisionRun(draws: session.settings.draws))
        session.progress.finish()
        let fingerprint = try session.fingerprint(
          scenarios, draws: session.settings.draws,
          question: [
            indicator, "\(year)", request.isChange ? "change" : "value", "\(quick) \(spider) \(points)",
            precision.map { "\($0)" } ?? "",
          ])
        try SensitivityReport(result, model: compiled, fingerprint: fingerprint)
          .write(output.format, language: language.language, width: output.width, to: sink)
      }
    }

    private func runJoint(_ session: ModelSession) throws {
      try output.write { sink in
        defer { session.progress.finish() }
        let compiled = try session.compile()
        let year = year ?? compiled.grid.last ?? 0
        session.progress.update("drawing the variants")
        let result = try JointStudy.run(
          compiled, year: year, run: session.decisionRun(draws: session.settings.draws))
        session.progress.finish()
        let fingerprint = try session.fingerprint(
          [], draws: session.settings.draws, question: ["joint", "\(year)"])
        try JointReport(result, model: compiled, fingerprint: fingerprint)
          .write(output.format, language: language.language, width: output.width, to: sink)
      }
    }
  }
}
