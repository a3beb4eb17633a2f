import ArgumentParser
import Reports
import Scenarios
import TextFiles

extension Simulate {
  struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compare options: targets, gains, cost, P(best), regret, and the ranking without planners' estimates.",
      usage: "simulate compare <scenarios> ... [<options>]",
      discussion: """
        "No new policy" is always one of the options. All options meet the same simulated futures; two that the draws \
        cannot separate share a rank. A lever without a cost is never free: its option is left out of rankings for the money.

        Examples:
          simulate compare notebooks-data/scenarios/both.yaml notebooks-data/scenarios/four-season-tourism.yaml
          simulate compare notebooks-data/scenarios/*.yaml --format json --output comparison.json
          simulate compare notebooks-data/scenarios/both.yaml --future notebooks-data/scenarios/bad-world.yaml
          simulate compare notebooks-data/scenarios/low-effort.yaml --weights tourism_revenue=2,pci_score=1
        """)

    @Argument(help: "Scenario files.", completion: .file(extensions: ["yaml", "yml"]))
    var scenarios: [String]

    @OptionGroup var judging: CompareOptions

    @Option(
      name: .long,
      help: ArgumentHelp("What may be spent beyond the baseline, billion VND a year.", valueName: "amount"))
    var budget: Double?

    @Option(
      name: .long,
      help: ArgumentHelp(
        "Discount costs at so many percent a year (not discounted unless given).", valueName: "percent"))
    var discountRate: Double?

    @Option(
      name: .long,
      help: ArgumentHelp(
        "Rank by weighted criteria too: indicators, targets, improvement or cost, such as tourism_revenue=2,cost=1.",
        valueName: "name=weight,..."))
    var weights: String?

    @Option(
      name: .long,
      help: ArgumentHelp(
        "Add draws until no probability has a larger Monte Carlo error, such as 0.005 (at most 250000 draws).",
        valueName: "error"))
    var precision: Double?

    @Flag(name: .long, help: "Split each option's improvement into contributions of its levers.")
    var byLever = false

    @Option(
      name: .long, help: ArgumentHelp("Which table csv holds.", valueName: "table"))
    var table = CompareCSV.Part.options

    @OptionGroup var model: ModelOptions
    @OptionGroup var options: RunOptions
    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
      if let budget, !(budget >= 0 && budget.isFinite) {
        throw ValidationError("--budget must be 0 or more, not \(budget).")
      }
      if let discountRate, !(discountRate >= 0 && discountRate <= 100) {
        throw ValidationError("--discount-rate must lie between 0 and 100 percent, not \(discountRate).")
      }
      if let precision, !(precision > 0 && precision < 0.5) {
        throw ValidationError("--precision must lie between 0 and 0.5, not \(precision).")
      }
      _ = try parsedWeights()
    }

    func run() throws {
      try output.write { sink in
        let comparison = try compared()
        switch output.format {
        case .json: try CompareJSON.write(comparison, to: sink)
        case .csv: try CompareCSV.write(comparison, part: table, to: sink)
        case .table, .md:
          let report = CompareReport(comparison, language: language.language)
          try sink.write(report.text(markdown: output.format == .md, width: output.width))
        }
      }
    }

    private func compared() throws -> Comparison {
      var request = judging.request
      request.budget = budget
      request.discountRate = discountRate.map { $0 / 100 }
      request.weights = try parsedWeights()
      request.precision = precision
      request.byLever = byLever
      let session = try ModelSession(model, options, byLever: byLever, quiet: output.quiet)
      let definitions = try session.scenarios(scenarios)
      let futures = try readFutures(judging.future, options: definitions, session)
      let fingerprint = try session.fingerprint(scenarios + judging.future)
      defer { session.progress.finish() }
      return try OptionBenchmark.compare(
        session.compile(), options: definitions, futures: futures, request: request, settings: session.settings,
        fingerprint: fingerprint, isCancelled: { Interruption.isRequested }, progress: { session.progress.update($0) })
    }

    private func parsedWeights() throws -> [ComparisonRequest.Weight] {
      guard let weights else { return [] }
      var result: [ComparisonRequest.Weight] = []
      for part in weights.split(separator: ",", omittingEmptySubsequences: false) {
        let words = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 2, !words[0].isEmpty, let weight = Double(words[1]), weight >= 0, weight.isFinite else {
          throw ValidationError("--weights must be such as tourism_revenue=2,cost=1, not '\(weights)'.")
        }
        if result.contains(where: { $0.criterion == words[0] }) {
          throw ValidationError("--weights names '\(words[0])' twice.")
        }
        result.append(.init(criterion: words[0], weight: weight))
      }
      guard result.contains(where: { $0.weight > 0 }) else {
        throw ValidationError("--weights needs at least one weight above 0.")
      }
      return result
    }
  }
}

extension CompareCSV.Part: ExpressibleByArgument {}
