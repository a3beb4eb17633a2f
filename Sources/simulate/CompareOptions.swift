import ArgumentParser
import Scenarios
import TextFiles

/// What options are judged by.
struct CompareOptions: ParsableArguments {
  @Option(
    name: .customLong("by"),
    help: ArgumentHelp(
      "What options are ranked by: improvement (of the headline indicators), targets, or an indicator's id.",
      valueName: "what"))
  var objective = "improvement"

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A named future: a scenario file that holds only assumptions about the world (may be repeated).",
      valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var future: [String] = []

  func validate() throws {
    if objective.isEmpty { throw ValidationError("--by needs improvement, targets or the id of an indicator.") }
  }

  var request: ComparisonRequest {
    var request = ComparisonRequest()
    switch objective {
    case "improvement": request.objective = .improvement
    case "targets": request.objective = .targets
    default: request.objective = .indicator(objective)
    }
    return request
  }
}

/// Reads named futures: scenario files without levers.
func readFutures(
  _ paths: [String], options: [ScenarioDefinition], _ session: ModelSession
) throws -> [ScenarioDefinition] {
  let futures = try session.scenarios(paths)
  var problems: [Diagnostic] = []
  for future in futures {
    if !future.levers.isEmpty || !future.rules.isEmpty {
      problems.append(
        Diagnostic(
          .badData, code: "not_a_future", at: SourceLocation(file: future.path),
          "a future holds only assumptions about the world; this file moves levers",
          hint: "give it as an option, without --future"))
    }
    if options.contains(where: { $0.id == future.id }) {
      problems.append(
        Diagnostic(
          .wrongUse, code: "duplicate_scenario", at: SourceLocation(file: future.path),
          "'\(future.id)' is given as an option and as a future", hint: "leave out one of the two"))
    }
  }
  guard problems.isEmpty else { throw DiagnosticList(problems) }
  return futures
}
