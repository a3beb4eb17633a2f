/// One thing wrong with a formula: where, what, and which names would have been possible.
public struct FormulaProblem: Equatable, Sendable, CustomStringConvertible {
  /// The place in the formula's text, in characters from 1.
  public var column: Int
  /// What is wrong and what was expected, as one sentence without a full stop.
  public var message: String
  /// A name that is not known; empty ``candidates`` otherwise.
  public var unknownName: String?
  /// The names that would be possible in its place.
  public var candidates: [String]

  init(_ column: Int, _ message: String, unknown: String? = nil, candidates: [String] = []) {
    self.column = column
    self.message = message
    unknownName = unknown
    self.candidates = candidates
  }

  public var description: String { "formula, column \(column): \(message)" }
}

/// All the problems of a formula at once, in the order of their columns.
public struct FormulaError: Error, Equatable, Sendable, CustomStringConvertible {
  public var problems: [FormulaProblem]

  public var description: String { problems.map(\.description).joined(separator: "\n") }
}
