/// A streaming reader of CSV (RFC 4180) with a header line.
///
/// Memory stays constant: one record at a time is held in a reused buffer. Gzip is recognised by its first bytes, a
/// UTF-8 byte order mark is skipped, LF, CRLF and CR end lines, quoted fields may hold line breaks and doubled quotes.
/// Blank lines are skipped (an empty field that is alone on its line must be written `""`). Spaces around the names in
/// the header are dropped.
///
///     var reader = try CSVReader(path: "series.csv", requiredColumns: ["unique_id", "value"])
///     let value = reader.column("value") ?? 0
///     while try reader.next() {
///       guard let number = reader.double(value) else { continue }   // the problem is remembered
///       ...
///     }
///
/// A bad record is skipped and its problem remembered; ``next()`` throws all of them once the end is reached. So a loop
/// that runs to its end without an error has seen every record of a sound file.
///
/// An interrupted read is a problem like any other: a command looks at ``Interruption/exitCode`` first.
///
/// Left out on purpose: guessing the delimiter, files without a header, encodings other than UTF-8.
public struct CSVReader: ~Copyable {
  /// The name for messages: the path, or `standard input`.
  public let file: String
  /// The names of the columns.
  public private(set) var header: [String] = []
  /// Problems met so far; add your own with ``report(_:)``.
  public private(set) var problems = DiagnosticCollector()
  /// The line on which the current record starts.
  public private(set) var line = 0

  private var source: ByteSource?
  private let options: CSVOptions
  private var scanner: RecordScanner
  private var buffer: [UInt8]
  private var filled = 0
  private var cursor = 0
  private var recordStart = 0
  private var nextLine = 1
  private var baseOffset = 0
  private var sourceEnded = false
  private var isFinished = false
  private var columns: [String: Int] = [:]

  /// Opens a file (`-` is standard input) and reads its header.
  ///
  /// Throws every problem of the header at once: a missing or empty file, missing columns, a column named twice.
  public init(path: String, requiredColumns: [String] = [], options: CSVOptions = CSVOptions()) throws(DiagnosticList) {
    let source: ByteSource
    do { source = try ByteSource(path: path) } catch { throw DiagnosticList([error]) }
    try self.init(source, path == "-" ? "standard input" : path, requiredColumns, options)
  }

  /// Reads text that is in memory already; `name` stands for the file in messages.
  public init(
    bytes: [UInt8], name: String, requiredColumns: [String] = [], options: CSVOptions = CSVOptions()
  ) throws(DiagnosticList) {
    try self.init(ByteSource(bytes: bytes, name: name), name, requiredColumns, options)
  }

  private init(
    _ source: ByteSource, _ file: String, _ requiredColumns: [String], _ options: CSVOptions
  ) throws(DiagnosticList) {
    self.file = file
    self.source = source
    self.options = options
    scanner = RecordScanner(delimiter: options.delimiter, maximumFieldBytes: options.maximumFieldBytes)
    buffer = [UInt8](repeating: 0, count: min(1 << 18, options.maximumRecordBytes))
    fill()
    try problems.throwIfAny()
    skipMark()
    try problems.throwIfAny()
    guard advance(), problems.isEmpty else {
      if problems.isEmpty {
        report(
          Diagnostic(
            .badData, code: "empty_file", at: SourceLocation(file: file),
            "the file is empty, a header line with the names of the columns is expected"))
      }
      throw problems.list
    }
    readHeader(requiredColumns)
    try problems.throwIfAny()
  }

  /// Moves to the next record; false at the end of a sound file, throws every problem met at the end of another one.
  public mutating func next() throws(DiagnosticList) -> Bool {
    while advance() {
      if scanner.fields.count == header.count { return true }
      reportFieldCount()
    }
    try problems.throwIfAny()
    return false
  }

  /// The place of a column by its name.
  public func column(_ name: String) -> Int? { columns[name] }

  /// The number of fields of the current record, always that of the header.
  public var fieldCount: Int { scanner.fields.count }

  /// Remembers a problem that the caller found, to be thrown with the others.
  public mutating func report(_ diagnostic: Diagnostic) { problems.add(diagnostic) }

  // MARK: Fields of the current record; a field that does not exist is empty.

  /// The bytes of a field, valid inside `body` only.
  public func withBytes<Result>(_ field: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    guard scanner.fields.indices.contains(field) else { return body(UnsafeBufferPointer(start: nil, count: 0)) }
    let place = scanner.fields[field]
    if place.isUnescaped {
      return scanner.unescaped.withUnsafeBufferPointer {
        body(UnsafeBufferPointer(rebasing: $0[place.start..<place.end]))
      }
    }
    return buffer.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[place.start..<place.end])) }
  }

  public func string(_ field: Int) -> String { withBytes(field) { String(decoding: $0, as: UTF8.self) } }

  /// Whether the field holds nothing or only spaces.
  public func isEmpty(_ field: Int) -> Bool { withBytes(field) { $0.allSatisfy { $0 == 0x20 || $0 == 0x09 } } }

  /// Whether the field is exactly this text; cheaper than making a string of it.
  public func matches(_ field: Int, _ text: [UInt8]) -> Bool { withBytes(field) { $0.elementsEqual(text) } }

  /// The number in a field, or why there is none.
  public func number(_ field: Int) -> Result<Double, NumberProblem> { withBytes(field) { NumberText.parse($0) } }

  /// The number in a field; nil after remembering the problem (an empty field is one too).
  public mutating func double(_ field: Int) -> Double? {
    switch number(field) {
    case .success(let value): return value
    case .failure(let problem):
      report(diagnostic(problem, field: field))
      return nil
    }
  }

  /// The whole number in a field, such as a year; nil after remembering the problem.
  public mutating func integer(_ field: Int) -> Int? {
    switch withBytes(field, { NumberText.parseInteger($0) }) {
    case .success(let value): return value
    case .failure(let problem):
      report(diagnostic(problem, field: field))
      return nil
    }
  }

  /// Where a field of the current record starts. Costs a look at the record: for messages only.
  public func location(_ field: Int) -> SourceLocation {
    let start = scanner.fields.indices.contains(field) ? scanner.fields[field].rawStart : scanner.contentEnd
    return location(byte: start)
  }

  /// Adds, for every field of the current record, how many lines it starts below the record's first one (12 bits) and
  /// its column (20 bits; 0 if unknown). One pass over the record.
  func appendMarks(to marks: inout [UInt32]) {
    guard scanner.hasHighBytes || scanner.lineBreaksInside > 0 else {
      for field in scanner.fields { marks.append(UInt32(min(field.rawStart - recordStart + 1, 0xF_FFFF))) }
      return
    }
    var below = 0
    var column = 1
    var index = recordStart
    buffer.withUnsafeBufferPointer { bytes in
      for field in scanner.fields {
        var lineStart = index
        for place in index..<field.rawStart where Self.endsLine(bytes, at: place) {
          below += 1
          column = 1
          lineStart = place + 1
        }
        column +=
          String(decoding: UnsafeBufferPointer(rebasing: bytes[lineStart..<field.rawStart]), as: UTF8.self).count
        index = field.rawStart
        marks.append(UInt32(min(below, 0xFFF)) << 20 | UInt32(min(column, 0xF_FFFF)))
      }
    }
  }

  /// A problem with the number in a field, naming its column.
  public func diagnostic(_ problem: NumberProblem, field: Int) -> Diagnostic {
    let name = header.indices.contains(field) ? "\(header[field]): " : ""
    return Diagnostic(
      .badData, code: problem.kind.rawValue, at: location(field), name + problem.message, hint: problem.hint)
  }
}

// MARK: - Reading

extension CSVReader {
  /// Moves to the next record that can be split into fields; false at the end.
  private mutating func advance() -> Bool {
    while !isFinished {
      if cursor >= filled, sourceEnded { break }
      switch Self.scan(buffer, filled, cursor, sourceEnded, &scanner) {
      case .needsMore: fill()
      case .fieldTooLong(let start, let isQuoted):
        begin()
        reportLongField(start, isQuoted)
        isFinished = true
      case .complete:
        begin()
        cursor = scanner.end
        nextLine += 1 + scanner.lineBreaksInside
        if scanner.fields.count == 1, scanner.contentEnd == recordStart { continue }
        if isSound() { return true }
      }
    }
    isFinished = true
    return false
  }

  private mutating func begin() {
    recordStart = cursor
    line = nextLine
  }

  private static func scan(
    _ buffer: [UInt8], _ filled: Int, _ cursor: Int, _ isEnd: Bool, _ scanner: inout RecordScanner
  ) -> RecordScanner.Outcome {
    buffer.withUnsafeBufferPointer {
      scanner.scan(UnsafeBufferPointer(rebasing: $0[..<filled]), from: cursor, isEnd: isEnd)
    }
  }

  /// Moves the unfinished record to the front of the buffer and reads on.
  private mutating func fill() {
    if cursor > 0 {
      let rest = filled - cursor
      buffer.withUnsafeMutableBufferPointer { bytes in
        for index in 0..<rest { bytes[index] = bytes[cursor + index] }
      }
      baseOffset += cursor
      filled = rest
      cursor = 0
    } else if filled == buffer.count {
      guard buffer.count < options.maximumRecordBytes else {
        begin()
        report(
          Diagnostic(
            .badData, code: "record_too_long", at: SourceLocation(file: file, line: line),
            "the record that starts here is longer than \(options.maximumRecordBytes) bytes",
            hint: "look for a quote that is never closed, or for missing line ends"))
        isFinished = true
        return
      }
      let larger = min(buffer.count * 2, options.maximumRecordBytes)
      buffer.append(contentsOf: repeatElement(0, count: larger - buffer.count))
    }
    do {
      filled += try source?.read(into: &buffer, from: filled) ?? 0
      if filled < buffer.count { sourceEnded = true }
    } catch {
      report(error)
      isFinished = true
    }
  }

  private mutating func skipMark() {
    let start = buffer.prefix(min(filled, 4))
    if start.starts(with: [0xEF, 0xBB, 0xBF]) {
      cursor = 3
    } else if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
      report(
        Diagnostic(
          .badData, code: "not_utf8", at: SourceLocation(file: file), "the text is UTF-16, UTF-8 is expected",
          hint: "save it as 'CSV UTF-8'"))
    } else if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
      report(
        Diagnostic(
          .badData, code: "not_csv", at: SourceLocation(file: file),
          "this is a workbook or a ZIP archive, not CSV text",
          hint: "save the sheet as 'CSV UTF-8'"))
    }
  }

  private mutating func readHeader(_ requiredColumns: [String]) {
    header = (0..<fieldCount).map { trimmed(string($0)) }
    for (index, name) in header.enumerated() where !name.isEmpty {
      if let first = columns[name] {
        report(
          Diagnostic(
            .badData, code: "duplicate_column", at: location(index),
            "the column '\(name)' is named twice (columns \(first + 1) and \(index + 1))", hint: "rename one of them"))
      } else {
        columns[name] = index
      }
    }
    let place = SourceLocation(file: file, line: line)
    for name in requiredColumns where columns[name] == nil {
      let present = header.filter { !$0.isEmpty && !requiredColumns.contains($0) }
      var hint = "the columns are " + header.joined(separator: ", ")
      if header.count == 1, let mark = ([";", "\t", "|"] as [Character]).first(where: { header[0].contains($0) }) {
        hint = "the fields seem to be separated by '\(mark == "\t" ? "tab" : String(mark))', commas are expected"
      } else if let nearest = Suggestion.nearest(to: name, among: present) {
        hint = "did you mean '\(nearest)'? " + hint
      }
      report(Diagnostic(.badData, code: "missing_column", at: place, "there is no column '\(name)'", hint: hint))
    }
  }

  private func trimmed(_ text: String) -> String {
    var rest = Substring(text)
    while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return String(rest)
  }
}

// MARK: - Problems

extension CSVReader {
  /// Reports what is wrong inside the record; false if there is anything.
  private mutating func isSound() -> Bool {
    var found: [Diagnostic] = []
    if let open = scanner.openQuote {
      found.append(
        Diagnostic(
          .badData, code: "unterminated_quote", at: location(byte: open), "the quote opened here is never closed",
          hint: "close it, or double it if it belongs to the text"))
    }
    if let stray = scanner.strayQuote {
      found.append(
        Diagnostic(
          .badData, code: "stray_quote", at: location(byte: stray),
          scanner.strayFollowsQuoted
            ? "a comma or the end of the line is expected after the closing quote" : "a quote inside an unquoted field",
          hint: "quote the whole field and double the quotes inside it"))
    }
    if let zero = scanner.firstNUL {
      found.append(
        Diagnostic(
          .badData, code: "nul_byte", at: location(byte: zero), "a NUL byte (byte \(baseOffset + zero) of the text)",
          hint: "the file is damaged or not text"))
    }
    if scanner.hasHighBytes, let bad = firstInvalidByte() {
      let value = String(buffer[bad], radix: 16, uppercase: true)
      found.append(
        Diagnostic(
          .badData, code: "invalid_utf8", at: location(byte: bad),
          "not UTF-8 (byte 0x\(value) at offset \(baseOffset + bad) of the text)", hint: "save the file as 'CSV UTF-8'")
      )
    }
    for diagnostic in found { report(diagnostic) }
    return found.isEmpty
  }

  private func firstInvalidByte() -> Int? {
    buffer.withUnsafeBufferPointer { UTF8Check.firstInvalid($0, in: recordStart..<scanner.contentEnd) }
  }

  private mutating func reportFieldCount() {
    let count = scanner.fields.count
    let isLong = count > header.count
    report(
      Diagnostic(
        .badData, code: isLong ? "too_many_fields" : "too_few_fields", at: SourceLocation(file: file, line: line),
        "the row has \(count) field\(count == 1 ? "" : "s"), the header has \(header.count)",
        hint: isLong ? "quote the fields that hold a comma" : nil))
  }

  private mutating func reportLongField(_ start: Int, _ isQuoted: Bool) {
    report(
      Diagnostic(
        .badData, code: "field_too_long", at: location(byte: start),
        "the field that starts here is longer than \(options.maximumFieldBytes) bytes",
        hint: isQuoted ? "look for a quote that is never closed" : nil))
  }

  /// The place of a byte of the current record.
  private func location(byte: Int) -> SourceLocation {
    buffer.withUnsafeBufferPointer { bytes in
      var row = line
      var lineStart = recordStart
      var index = recordStart
      while index < byte, index < bytes.count {
        if Self.endsLine(bytes, at: index) {
          row += 1
          lineStart = index + 1
        }
        index += 1
      }
      let before = String(
        decoding: UnsafeBufferPointer(rebasing: bytes[lineStart..<max(byte, lineStart)]), as: UTF8.self)
      return SourceLocation(file: file, line: row, column: before.count + 1)
    }
  }

  /// Whether a line ends with this byte: LF, or a CR that no LF follows.
  private static func endsLine(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    switch bytes[index] {
    case 0x0A: true
    case 0x0D: index + 1 == bytes.count || bytes[index + 1] != 0x0A
    default: false
    }
  }
}
