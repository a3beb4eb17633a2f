import ArgumentParser
import Scenarios
import TextFiles

/// What `goal` and `optimise` may move, and what is decided.
struct PlanOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("Only this lever may be moved (may be repeated). (default: all)", valueName: "id"))
  var lever: [String] = []

  @Option(
    name: .customLong("cost"),
    help: ArgumentHelp(
      "Your own estimate of what a unit of a lever costs, billion VND a year (grade D; may be repeated).",
      valueName: "lever=value"))
  var costs: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The first year in which levers move. (default: the year after the last figures)", valueName: "year"))
  var from: Int?

  @Option(
    name: .long,
    help: ArgumentHelp("A sub-index that reforms are to improve (may be repeated). (default: all)", valueName: "id"))
  var on: [String] = []

  @Option(
    name: .customLong("with"),
    help: ArgumentHelp("A scenario file with what is decided already, or a state of the world.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var decided: String?

  /// Everything that was asked, in a fixed order.
  var question: [String] {
    lever.sorted().map { "lever " + $0 } + costs.sorted().map { "cost " + $0 } + on.sorted().map { "on " + $0 }
      + [from.map { "from \($0)" } ?? ""]
  }

  /// - Throws: all problems at once.
  func plan(_ session: ModelSession) throws -> LeverPlan {
    let (catalog, until) = (session.catalog, session.settings.until)
    var plan = LeverPlan()
    var problems: [Diagnostic] = []
    plan.levers = lever
    plan.from = from
    plan.package = on.map { name in
      catalog.indicator(name) == nil && catalog.indicator("pci_" + name) != nil ? "pci_" + name : name
    }
    for text in costs {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let price = Double(parts[1]), price.isFinite, price >= 0 else {
        problems.append(
          Diagnostic(
            .wrongUse, code: "bad_cost", "--cost needs a lever and what a unit costs, not '\(text)'",
            hint: "for example --cost tourism_year=15"))
        continue
      }
      plan.prices[parts[0]] = price
    }
    do {
      if let decided {
        plan.decided = try session.scenarios([decided]).first
      }
      try plan.check(catalog, until: until)
    } catch let list as DiagnosticList { problems += list.diagnostics }
    guard problems.isEmpty else { throw DiagnosticList(problems) }
    return plan
  }
}

/// A value of an indicator in a period: `ID=VALUE@YEAR`, with `>=` or `<=` instead of `=`, and `YEAR-YEAR` for an
/// average.
struct ValueArgument {
  var indicator: String
  var value: Double
  var direction: GoalTarget.Direction?
  var firstYear: Int
  var lastYear: Int

  init(_ text: String, option: String) throws {
    func wrong() -> Diagnostic {
      Diagnostic(
        .wrongUse, code: "bad_target", "\(option) needs an indicator, a value and a year, not '\(text)'",
        hint: "for example \(option) 'tourism_revenue=80000@2030'")
    }
    guard let at = text.lastIndex(of: "@"), let equals = text.firstIndex(of: "="), equals < at else { throw wrong() }
    var name = text[..<equals]
    if name.last == ">" || name.last == "<" {
      direction = name.last == ">" ? .atLeast : .atMost
      name = name.dropLast()
    }
    guard let value = Double(text[text.index(after: equals)..<at]), value.isFinite, !name.isEmpty else { throw wrong() }
    let years = text[text.index(after: at)...].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(years.count), let first = years[0], let last = years[years.count - 1] else { throw wrong() }
    indicator = String(name)
    self.value = value
    (firstYear, lastYear) = (first, last)
  }

  /// In one way of writing.
  var text: String { "\(indicator) \(value) \(firstYear) \(lastYear) \(direction.map { "\($0)" } ?? "")" }

  init(indicator: String, value: Double, year: Int) {
    self.indicator = indicator
    self.value = value
    (firstYear, lastYear) = (year, year)
  }

  func measure(_ model: CompiledModel) throws -> OutcomeMeasure {
    try OutcomeMeasure(indicator, firstYear: firstYear, lastYear: lastYear, in: model)
  }

  /// At least for what is better when it goes up, at most for what is better when it goes down.
  func direction(_ catalog: ModelCatalog) -> GoalTarget.Direction {
    direction ?? (catalog.indicator(indicator)?.good == .down ? .atMost : .atLeast)
  }
}

extension ModelSession {
  func decisionRun(draws: Int) -> DecisionRun {
    DecisionRun(
      draws: draws, seed: settings.seed, threads: settings.threads, isCancelled: { Interruption.isRequested })
  }

  /// - Parameter question: what was asked beyond the files, in a fixed order.
  func fingerprint(_ files: [String], draws: Int, question: [String]) throws -> Fingerprint {
    var used = settings
    used.draws = draws
    return try Fingerprint(folder: folder, scenarioPaths: files, settings: used).asking(question)
  }
}

/// How precise a probability is to be, which decides the number of draws.
struct PrecisionOption: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The standard error that the draws may leave, in percentage points; decides their number instead of --draws.",
      valueName: "points"))
  var precision: Double?

  func validate() throws {
    if let precision, !(precision >= 0.05 && precision <= 20) {
      throw ValidationError("--precision must lie between 0.05 and 20 percentage points, not \(precision).")
    }
  }

  /// Draws at which the standard error of a share near `probability` is as wanted.
  func draws(_ given: Int, probability: Double) -> Int {
    guard let precision else { return given }
    let share = precision / 100
    return min(max(Int((probability * (1 - probability) / (share * share)).rounded(.up)), 200), 1_000_000)
  }
}
