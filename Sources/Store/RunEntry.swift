import Scenarios

/// A run in the ledger, without its inputs and tables.
public struct RunEntry: Sendable, Equatable {
  /// Ten hexadecimal digits; a beginning of it names the run on the command line.
  public var id: String
  /// UTC, as in `2026-11-25T05:10:11.123Z`.
  public var recordedAt: String
  public var command: String
  public var fingerprint: String
  public var version: String
  public var modelHash: String
  public var dataHash: String
  public var scenariosHash: String
  public var seed: UInt64
  public var draws: Int
  public var until: Int
  public var asOf: String?
  public var blasKernel: String
  public var byLever: Bool
  public var indicators: [String]
  public var modelFolder: String
  /// The stems of the scenario files, in their order.
  public var scenarios: [String]
  /// Place in the order of recording.
  var number: Int64

  /// The settings as a run takes them; the number of threads is the caller's.
  public var settings: RunSettings {
    var settings = RunSettings()
    settings.draws = draws
    settings.seed = seed
    settings.until = until
    settings.asOf = asOf.flatMap { CalendarDate($0) }
    settings.byLever = byLever
    return settings
  }
}
