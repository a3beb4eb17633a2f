/// What is wrong with the arguments of a decision method.
///
/// The methods know arrays, not files: the caller adds the file and the place.
public enum DecisionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Fewer items than the method needs.
  case tooFew(method: String, what: String, needed: Int, found: Int)
  /// More items than the method can handle.
  case tooMany(method: String, what: String, allowed: Int, found: Int)
  /// Two arguments that belong together differ in length.
  case lengths(method: String, what: String, expected: Int, found: Int)
  /// A value is NaN or infinite; positions count from 0.
  case nonFinite(method: String, what: String, position: Int)
  /// An argument lies outside what is allowed.
  case outside(method: String, what: String, expected: String)

  /// A stable name of the kind, for machines.
  public var code: String {
    switch self {
    case .tooFew: return "too-few"
    case .tooMany: return "too-many"
    case .lengths: return "lengths-differ"
    case .nonFinite: return "not-finite"
    case .outside: return "outside-range"
    }
  }

  public var description: String {
    switch self {
    case .tooFew(let method, let what, let needed, let found):
      return "\(method) needs at least \(needed) \(what), found \(found); add \(what)"
    case .tooMany(let method, let what, let allowed, let found):
      return "\(method) takes at most \(allowed) \(what), found \(found); leave some out or group them"
    case .lengths(let method, let what, let expected, let found):
      return "\(method): \(what) should have \(expected) values, found \(found)"
    case .nonFinite(let method, let what, let position):
      return "\(method): value \(position) of \(what) is not a finite number; check the model at that point"
    case .outside(let method, let what, let expected): return "\(method): \(what) should be \(expected)"
    }
  }

  /// Throws unless all values are finite.
  static func requireFinite(_ values: [Double], _ what: String, method: String) throws(DecisionError) {
    if let position = values.firstIndex(where: { !$0.isFinite }) {
      throw .nonFinite(method: method, what: what, position: position)
    }
  }

  /// Throws unless there are columns, all of one length (at least `rows`) and finite; the length.
  static func requireColumns(
    _ columns: [[Double]], _ what: String, rows needed: Int, method: String
  ) throws(DecisionError) -> Int {
    guard let rows = columns.first?.count else { throw .tooFew(method: method, what: what, needed: 1, found: 0) }
    guard rows >= needed else { throw .tooFew(method: method, what: "values of \(what)", needed: needed, found: rows) }
    for (j, column) in columns.enumerated() {
      guard column.count == rows else {
        throw .lengths(method: method, what: "\(what) \(j)", expected: rows, found: column.count)
      }
      try requireFinite(column, "\(what) \(j)", method: method)
    }
    return rows
  }
}
