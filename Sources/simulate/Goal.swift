import ArgumentParser
import Reports
import Scenarios
import TextFiles

extension GoalRequest.Yardstick: ExpressibleByArgument {}

extension Simulate {
  struct Goal: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What it takes to reach a value: the smallest or cheapest change of levers, or how far one gets.",
      discussion: """
        The levers start in the year after the last figures and stay; reforms take three years, projects are done or not. A \
        lever without a known cost is left out where costs count, never free; enter your own estimate with --cost.

        With --given nothing is moved: the futures of the projection in which an indicator comes out at a value are \
        picked out, and what the other indicators look like in them.

        Examples:
          simulate goal --indicator tourism_arrivals_international --year 2028 --reach 1300000 --probability 0.7
          simulate goal --indicator fdi_new_projects --year 2030 --reach 16 --by cost --lever investment_promotion
          simulate goal --target 'pci_score>=70@2030' --target 'pci_rank<=12@2030'
          simulate goal --given 'fdi_registered_new=1000@2030'
        """)

    @Option(name: .long, help: ArgumentHelp("The indicator that is to reach a value.", valueName: "id"))
    var indicator: String?

    @Option(name: .long, help: ArgumentHelp("The year in which it is to be reached.", valueName: "year"))
    var year: Int?

    @Option(
      name: .long, parsing: .unconditional,
      help: ArgumentHelp(
        "The value, in the indicator's unit: at least, or at most where less is better.", valueName: "value"))
    var reach: Double?

    @Option(
      name: .long,
      help: ArgumentHelp(
        "A further value to reach: >= or <= instead of =, 2026-2030 for the average of years (may be repeated).",
        valueName: "id=value@year"))
    var target: [String] = []

    @Option(
      name: .long,
      help: ArgumentHelp(
        "Condition on a value instead of searching: what does it imply? (may be repeated)", valueName: "id=value@year"))
    var given: [String] = []

    @Option(name: .long, help: ArgumentHelp("The probability with which every value is to be reached.", valueName: "p"))
    var probability = 0.5

    @Option(name: .long, help: "What is to be small: effort (shares of the feasible ranges) or cost.")
    var by = GoalRequest.Yardstick.effort

    @Option(
      name: .long, parsing: .unconditional,
      help: ArgumentHelp("The most that may be spent, billion VND a year.", valueName: "value"))
    var budget: Double?

    @OptionGroup var plan: PlanOptions
    @OptionGroup var precision: PrecisionOption
    @OptionGroup var model: ModelOptions
    @OptionGroup var options: RunOptions
    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
      guard probability > 0, probability < 1 else {
        throw ValidationError("--probability must lie between 0 and 1, not \(probability).")
      }
      if let budget, !(budget >= 0) { throw ValidationError("--budget must not be negative.") }
      if let reach, !reach.isFinite { throw ValidationError("--reach must be a number.") }
      let isPart = [indicator == nil, year == nil, reach == nil]
      if given.isEmpty {
        guard Set(isPart).count == 1 else {
          throw ValidationError("--indicator, --year and --reach belong together.")
        }
        if indicator == nil, target.isEmpty {
          throw ValidationError("Say what is to be reached: --indicator, --year and --reach, or --target.")
        }
      } else if indicator != nil || year != nil || reach != nil || !target.isEmpty {
        throw ValidationError("--given asks what a value implies; leave out --indicator, --year, --reach and --target.")
      }
    }

    func run() throws {
      let session = try ModelSession(model, options, quiet: output.quiet)
      let (wanted, option) = given.isEmpty ? (try targets(), "--target") : (try parsed(given, "--given"), "--given")
      _ = try checkedIndicators(wanted.map(\.indicator), session.catalog)
      let plan = try plan.plan(session)
      try output.write { sink in
        defer { session.progress.finish() }
        let compiled = try session.compile()
        let measures = try wanted.map { try $0.measure(compiled) }
        let draws = precision.draws(session.settings.draws, probability: probability)
        let fingerprint = try session.fingerprint(
          [self.plan.decided].compactMap { $0 }, draws: draws,
          question: [option, "\(probability)", by.rawValue, budget.map { "\($0)" } ?? ""] + wanted.map(\.text)
            + self.plan.question)
        session.progress.update(option == "--given" ? "conditioning" : "searching")
        let run = session.decisionRun(draws: draws)
        let view: DecisionView
        if option == "--given" {
          let path = try ConditionalPath(
            zip(measures, wanted).map { (measure: $0, value: $1.value) }, model: compiled, run: run)
          view = ConditionalReport(path, model: compiled, fingerprint: fingerprint)
        } else {
          let aims = zip(measures, wanted).map {
            GoalAim(
              $0, value: $1.value, direction: $1.direction(session.catalog), probability: probability, in: compiled)
          }
          let request = GoalRequest(aims: aims, plan: plan, yardstick: by, budget: budget)
          view = GoalReport(
            try GoalSolver.solve(request, model: compiled, run: run), model: compiled, fingerprint: fingerprint)
        }
        session.progress.finish()
        try view.write(output.format, language: language.language, width: output.width, to: sink)
      }
    }

    private func parsed(_ texts: [String], _ option: String) throws -> [ValueArgument] {
      var (found, problems) = ([ValueArgument](), [Diagnostic]())
      for text in texts {
        do { found.append(try ValueArgument(text, option: option)) } catch let problem as Diagnostic {
          problems.append(problem)
        }
      }
      guard problems.isEmpty else { throw DiagnosticList(problems) }
      return found
    }

    private func targets() throws -> [ValueArgument] {
      var result: [ValueArgument] = []
      if let indicator, let year, let reach {
        result.append(ValueArgument(indicator: indicator, value: reach, year: year))
      }
      return result + (try parsed(target, "--target"))
    }
  }
}

extension DecisionView {
  /// The view in the form that was asked for.
  func write(_ format: OutputFormat, language: Language, width: Int, to sink: any TextSink) throws {
    switch format {
    case .json: try writeJSON(to: sink)
    case .csv: try writeCSV(to: sink)
    case .table, .md: try sink.write(text(language: language, markdown: format == .md, width: width))
    }
  }
}
