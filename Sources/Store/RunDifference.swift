import Scenarios
import TextFiles

/// How two runs differ: settings, inputs, published figures, and results.
public struct RunDifference: Sendable {
  public struct Setting: Sendable, Equatable {
    public var name: String
    public var before: String
    public var after: String

    public init(name: String, before: String, after: String) {
      self.name = name
      self.before = before
      self.after = after
    }
  }

  /// A number of the result that is not the same, or stands in one of the runs only.
  public struct Move: Sendable, Equatable {
    public var key: ResultKey
    public var before: Double?
    public var after: Double?
    /// See ``RunDifference``; infinite where one of the two is missing.
    public var size: Double

    public var change: Double? { before.flatMap { before in after.map { $0 - before } } }
  }

  public var before: RunEntry
  public var after: RunEntry
  public var settings: [Setting]
  /// Files whose content differs, or that only one of the runs had.
  public var files: [InputChange]
  /// Published figures that were revised, added or withdrawn between the runs.
  public var revisions: [Move]
  /// Computed numbers that moved, the largest move first.
  public var moves: [Move]
  /// How many computed numbers both runs have.
  public var compared: Int
  /// Scenarios, and indicators, that stand in one of the runs only.
  public var onlyBefore: [String]
  public var onlyAfter: [String]

  public var isSame: Bool {
    settings.isEmpty && files.isEmpty && revisions.isEmpty && moves.isEmpty && onlyBefore.isEmpty && onlyAfter.isEmpty
  }
}

extension RunDifference {
  /// Compares two runs of a ledger.
  ///
  /// The size of a move is its amount divided by the width of the 80% band (p90 - p10) that the first run gave for the same
  /// scenario, indicator and period, so that indicators of different units can be put in one order; where there is no band (whole
  /// facts, published figures) it is the share of the larger of the two numbers.
  ///
  /// - Throws: ``Diagnostic``, ``DiagnosticList`` if the ledger cannot be read.
  public static func between(_ before: RunEntry, _ after: RunEntry, in ledger: Ledger) throws -> RunDifference {
    let (old, new) = (
      try ResultNumbers(csv: ledger.table(RunRecord.resultTable, of: before), name: "run \(before.id)"),
      try ResultNumbers(csv: ledger.table(RunRecord.resultTable, of: after), name: "run \(after.id)")
    )
    var difference = RunDifference(
      before: before, after: after, settings: settings(before, after),
      files: InputChange.between(try ledger.inputs(of: before), try ledger.inputs(of: after)), revisions: [], moves: [],
      compared: 0, onlyBefore: [], onlyAfter: [])
    let parts = (Parts(old), Parts(new))
    difference.onlyBefore = parts.0.missing(in: parts.1)
    difference.onlyAfter = parts.1.missing(in: parts.0)
    let common = (
      parts.0.scenarios.intersection(parts.1.scenarios), parts.0.indicators.intersection(parts.1.indicators)
    )
    let added = new.keys.filter { !old.contains($0) }
    for key in old.keys + added where common.0.contains(key.scenario) && common.1.contains(key.indicator) {
      let isFact = key.statistic == "observed"
      let (was, has) = (old.contains(key), new.contains(key))
      if !isFact, was, has { difference.compared += 1 }
      // A longer projection has more years: that is a setting, not a move.
      if !isFact, !(was && has) { continue }
      let (a, b) = (old.value(key), new.value(key))
      if was == has, a == b { continue }
      let move = Move(key: key, before: a, after: b, size: size(key, a, b, old))
      if isFact { difference.revisions.append(move) } else { difference.moves.append(move) }
    }
    difference.moves.sort { $0.size != $1.size ? $0.size > $1.size : order($0.key) < order($1.key) }
    difference.revisions.sort { $0.size != $1.size ? $0.size > $1.size : order($0.key) < order($1.key) }
    return difference
  }

  private static func order(_ key: ResultKey) -> String {
    [key.scenario, key.indicator, key.period, key.statistic, key.lever].joined(separator: "\u{1F}")
  }

  static func size(_ key: ResultKey, _ before: Double?, _ after: Double?, _ numbers: ResultNumbers) -> Double {
    guard let before, let after else { return .infinity }
    let amount = abs(after - before)
    func band(_ statistic: String) -> Double? {
      numbers.value(
        ResultKey(
          scenario: key.scenario, indicator: key.indicator, period: key.period, lever: "", statistic: statistic))
    }
    if let high = band("p90"), let low = band("p10"), high > low { return amount / (high - low) }
    let scale = max(abs(before), abs(after))
    return scale > 0 ? amount / scale : 0
  }

  private static func settings(_ a: RunEntry, _ b: RunEntry) -> [Setting] {
    let pairs: [(String, String, String)] = [
      ("version", a.version, b.version), ("seed", String(a.seed), String(b.seed)),
      ("draws", String(a.draws), String(b.draws)), ("until", String(a.until), String(b.until)),
      ("as_of", a.asOf ?? "", b.asOf ?? ""), ("by_lever", a.byLever ? "yes" : "no", b.byLever ? "yes" : "no"),
      ("blas_kernel", a.blasKernel, b.blasKernel),
    ]
    return pairs.filter { $0.1 != $0.2 }.map { Setting(name: $0.0, before: $0.1, after: $0.2) }
  }

  private struct Parts {
    var scenarios: Set<String>
    var indicators: Set<String>

    init(_ numbers: ResultNumbers) {
      scenarios = Set(numbers.keys.map(\.scenario))
      indicators = Set(numbers.keys.map(\.indicator))
    }

    func missing(in other: Parts) -> [String] {
      scenarios.subtracting(other.scenarios).sorted() + indicators.subtracting(other.indicators).sorted()
    }
  }
}
