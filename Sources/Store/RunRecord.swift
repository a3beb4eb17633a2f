import Scenarios

/// A run as it is handed to the ledger.
public struct RunRecord: Sendable {
  /// The subcommand that made it.
  public var command: String
  public var fingerprint: Fingerprint
  public var byLever: Bool
  /// What `--indicator` asked for; the tables hold all indicators whatever it says.
  public var indicators: [String]
  public var modelFolder: String
  public var inputs: [InputFile]
  /// Tables as csv by name; ``resultTable`` is always there.
  public var tables: [(name: String, csv: [UInt8])]

  /// The name of the tidy table of results.
  public static let resultTable = "result"

  public init(
    command: String, fingerprint: Fingerprint, byLever: Bool, indicators: [String], modelFolder: String,
    inputs: [InputFile], tables: [(name: String, csv: [UInt8])]
  ) {
    self.command = command
    self.fingerprint = fingerprint
    self.byLever = byLever
    self.indicators = indicators
    self.modelFolder = modelFolder
    self.inputs = inputs
    self.tables = tables
  }
}
