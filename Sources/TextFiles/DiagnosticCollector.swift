/// Gathers the problems of an input, so that all of them are reported at once.
///
/// Only the first ``limit`` are kept; the rest are counted and summed up in one closing line.
///
///     var problems = DiagnosticCollector()
///     let value = problems.attempt { () throws(Diagnostic) in try row.double("value") }
///     try problems.throwIfAny()
public struct DiagnosticCollector: Sendable {
  public let limit: Int
  public private(set) var diagnostics: [Diagnostic] = []
  /// How many problems came after the limit was reached.
  public private(set) var omitted = 0

  public init(limit: Int = 100) { self.limit = max(limit, 1) }

  public var isEmpty: Bool { diagnostics.isEmpty }
  public var count: Int { diagnostics.count + omitted }

  public mutating func add(_ diagnostic: Diagnostic) {
    if diagnostics.count < limit { diagnostics.append(diagnostic) } else { omitted += 1 }
  }

  public mutating func add(_ other: DiagnosticList) {
    for diagnostic in other.diagnostics { add(diagnostic) }
  }

  public mutating func add(_ other: DiagnosticCollector) {
    for diagnostic in other.diagnostics { add(diagnostic) }
    omitted += other.omitted
  }

  /// The value of `body`, or nil after gathering the problem it threw.
  public mutating func attempt<Value>(_ body: () throws(Diagnostic) -> Value) -> Value? {
    do { return try body() } catch {
      add(error)
      return nil
    }
  }

  /// Everything gathered, with a closing line when the limit was passed.
  public var list: DiagnosticList {
    guard omitted > 0, let last = diagnostics.last else { return DiagnosticList(diagnostics) }
    let more = Diagnostic(
      last.kind, code: "more_problems", at: last.location.map { SourceLocation(file: $0.file) }, "and \(omitted) more")
    return DiagnosticList(diagnostics + [more])
  }

  /// Throws everything gathered, if there is anything.
  public func throwIfAny() throws(DiagnosticList) {
    if !isEmpty { throw list }
  }
}
