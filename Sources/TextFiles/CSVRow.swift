/// One row of a ``CSVTable``.
///
/// Each access looks the column up by name. An empty field (nothing or only spaces) is missing: the plain accessors
/// throw, those that begin with `optional` return nil.
public struct CSVRow: Sendable {
  let storage: CSVTable.Storage
  /// The place of the row in the table, from 0.
  public let index: Int

  /// The line on which the row starts.
  public var line: Int { Int(storage.lines[index]) }

  /// The text of a field, without the spaces around it; throws if it is empty or the column does not exist.
  public func string(_ column: String) throws(Diagnostic) -> String {
    if let text = optionalString(column) { return text }
    throw missing(column)
  }

  /// The text of a field, without the spaces around it; nil if it is empty or the column does not exist.
  public func optionalString(_ column: String) -> String? {
    withBytes(column) { bytes in
      var start = 0
      var end = bytes.count
      while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
      while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
      return start == end ? nil : String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
    }
  }

  public func double(_ column: String) throws(Diagnostic) -> Double {
    if let value = try optionalDouble(column) { return value }
    throw missing(column)
  }

  /// The number in a field; nil if it is empty or the column does not exist; throws if it is not a number.
  public func optionalDouble(_ column: String) throws(Diagnostic) -> Double? {
    try value(column, withBytes(column) { NumberText.parse($0) })
  }

  public func integer(_ column: String) throws(Diagnostic) -> Int {
    if let value = try optionalInteger(column) { return value }
    throw missing(column)
  }

  /// The whole number in a field; nil if it is empty or the column does not exist; throws if it is not one.
  public func optionalInteger(_ column: String) throws(Diagnostic) -> Int? {
    try value(column, withBytes(column) { NumberText.parseInteger($0) })
  }

  /// Where a field starts; the place of the row if the column does not exist.
  public func location(_ column: String) -> SourceLocation {
    guard let field = storage.columns[column] else { return SourceLocation(file: storage.file, line: line) }
    let mark = storage.marks[index * storage.header.count + field]
    let below = Int(mark >> 20)
    let place = Int(mark & 0xF_FFFF)
    return SourceLocation(file: storage.file, line: line + below, column: place == 0 ? nil : place)
  }

  /// A problem with the content of a field, for the caller's own checks.
  public func diagnostic(
    _ column: String, code: String, _ message: String, hint: String? = nil
  ) -> Diagnostic {
    Diagnostic(.badData, code: code, at: location(column), "\(column): \(message)", hint: hint)
  }

  private func withBytes<Result>(_ column: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    guard let field = storage.columns[column] else { return body(UnsafeBufferPointer(start: nil, count: 0)) }
    let place = index * storage.header.count + field
    let start = place == 0 ? 0 : Int(storage.ends[place - 1])
    let end = Int(storage.ends[place])
    return storage.text.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<end])) }
  }

  private func value<Value>(_ column: String, _ parsed: Result<Value, NumberProblem>) throws(Diagnostic) -> Value? {
    switch parsed {
    case .success(let value): return value
    case .failure(let problem) where problem.kind == .empty: return nil
    case .failure(let problem):
      throw diagnostic(column, code: problem.kind.rawValue, problem.message, hint: problem.hint)
    }
  }

  private func missing(_ column: String) -> Diagnostic {
    if storage.columns[column] == nil {
      let hint = Suggestion.hint(for: column, among: storage.header.filter { !$0.isEmpty })
      return Diagnostic(
        .badData, code: "missing_column", at: location(column), "there is no column '\(column)'", hint: hint)
    }
    return diagnostic(column, code: "empty_field", "the field is empty, a value is expected")
  }
}
