import ArgumentParser
import Reports
import Scenarios
import TextFiles

extension Simulate {
  struct Targets: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Official targets: how likely, when first, by how much missed, what growth they need.",
      usage: "simulate targets [<options>]",
      discussion: """
        A target whose indicator rests on a planner's own path has no probability: it is marked scenario-only.

        Examples:
          simulate targets
          simulate targets --until 2035 --lang en
          simulate targets --format csv --output targets.csv
        """)

    @OptionGroup var model: ModelOptions
    @OptionGroup var options: RunOptions
    @OptionGroup var language: LanguageOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
      try output.write { sink in
        let session = try ModelSession(model, options, quiet: output.quiet)
        let (fingerprint, engine) = (try session.fingerprint([]), try session.drawBaseline())
        try TargetsReport.write(
          TargetOverview(engine, folder: session.folder), engine.model, fingerprint, language: language.language,
          format: output.format.rawValue, width: output.width, to: sink)
      }
    }
  }
}
