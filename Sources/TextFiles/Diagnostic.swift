/// A place in a text file; lines and columns count from 1, columns in characters as a person sees them.
public struct SourceLocation: Sendable, Equatable {
  public var file: String
  public var line: Int?
  public var column: Int?

  public init(file: String, line: Int? = nil, column: Int? = nil) {
    self.file = file
    self.line = line
    self.column = column
  }
}

/// One problem with an input or an output: where it is, what was expected, what to do.
public struct Diagnostic: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of problem it is, which also decides the exit code of the command.
  public enum Kind: Int32, Sendable {
    case wrongUse = 64
    case badData = 65
    case missingInput = 66
    case internalError = 70
    case cannotWrite = 73
    case busy = 75
  }

  public var kind: Kind
  /// A stable machine-readable name, such as `unknown_id`.
  public var code: String
  public var location: SourceLocation?
  /// What is wrong and what was expected, as one sentence without a full stop.
  public var message: String
  /// What to do about it, if there is something to add.
  public var hint: String?

  public init(
    _ kind: Kind, code: String, at location: SourceLocation? = nil, _ message: String, hint: String? = nil
  ) {
    self.kind = kind
    self.code = code
    self.location = location
    self.message = message
    self.hint = hint
  }

  /// `file:line:column: message; hint`
  public var description: String {
    var text = ""
    if let location {
      text = location.file
      if let line = location.line { text += ":\(line)" }
      if let column = location.column { text += ":\(column)" }
      text += ": "
    }
    text += message
    if let hint { text += "; \(hint)" }
    return text
  }
}

/// All the problems of an input at once.
public struct DiagnosticList: Error, Sendable, CustomStringConvertible {
  public var diagnostics: [Diagnostic]

  public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

  public var description: String { diagnostics.map(\.description).joined(separator: "\n") }

  /// The exit code of the worst kind: a missing input or an unwritable output before bad data.
  public var exitCode: Int32 {
    let kinds = Set(diagnostics.map(\.kind))
    for kind: Diagnostic.Kind in [.internalError, .cannotWrite, .missingInput, .busy, .badData, .wrongUse]
    where kinds.contains(kind) { return kind.rawValue }
    return Diagnostic.Kind.internalError.rawValue
  }
}
