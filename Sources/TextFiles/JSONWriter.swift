/// Writes JSON in the order in which it is called, without building it in memory.
///
///     var json = JSONWriter(to: output, indentation: 2)
///     try json.object { json throws in
///       try json.member("indicator", "grdp")
///       try json.key("values")
///       try json.array { json throws in
///         for value in values { try json.value(value) }
///       }
///     }
///     try json.finish()
///
/// Numbers are written in their shortest round-trip form; NaN and infinity become `null`. Strings keep their
/// characters; only quotes, backslashes and control characters are escaped (and U+2028, U+2029, so that the text may
/// stand in a script). A key outside an object, a value without its key or a second root is a mistake in the calling
/// code and stops it; no data can cause it.
public struct JSONWriter {
  private enum Level {
    case array(isEmpty: Bool)
    case object(isEmpty: Bool, hasKey: Bool)
  }

  private let sink: any TextSink
  private let indentation: Int?
  private var levels: [Level] = []
  private var pending: [UInt8] = []
  private var hasRoot = false

  /// `indentation` is the number of spaces a level; nil writes everything on one line.
  public init(to sink: any TextSink, indentation: Int? = nil) {
    self.sink = sink
    self.indentation = indentation.map { max($0, 0) }
  }

  public mutating func object(_ body: (inout JSONWriter) throws -> Void) throws {
    try open(.object(isEmpty: true, hasKey: false), "{")
    try body(&self)
    guard case .object(let isEmpty, let hasKey) = levels.popLast() else {
      preconditionFailure("an object was left open")
    }
    precondition(!hasKey, "a key without a value")
    try close(isEmpty, "}")
  }

  public mutating func array(_ body: (inout JSONWriter) throws -> Void) throws {
    try open(.array(isEmpty: true), "[")
    try body(&self)
    guard case .array(let isEmpty) = levels.popLast() else { preconditionFailure("an array was left open") }
    try close(isEmpty, "]")
  }

  /// The name of the next value of an object.
  public mutating func key(_ name: String) throws {
    guard case .object(let isEmpty, false) = levels.last else { preconditionFailure("a key outside an object") }
    levels[levels.count - 1] = .object(isEmpty: false, hasKey: true)
    if !isEmpty { pending.append(0x2C) }
    breakLine()
    append(quoted: name)
    pending.append(0x3A)
    if indentation != nil { pending.append(0x20) }
  }

  public mutating func value(_ text: String) throws {
    begin()
    append(quoted: text)
    try handOn()
  }

  public mutating func value(_ number: Double) throws {
    begin()
    pending.append(contentsOf: number.isFinite ? Array(NumberText.shortest(number).utf8) : Self.null)
    try handOn()
  }

  public mutating func value(_ number: Int) throws {
    begin()
    pending.append(contentsOf: number.description.utf8)
    try handOn()
  }

  public mutating func value(_ truth: Bool) throws {
    begin()
    pending.append(contentsOf: truth ? "true".utf8 : "false".utf8)
    try handOn()
  }

  public mutating func null() throws {
    begin()
    pending.append(contentsOf: Self.null)
    try handOn()
  }

  public mutating func value(_ text: String?) throws { if let text { try value(text) } else { try null() } }
  public mutating func value(_ number: Double?) throws { if let number { try value(number) } else { try null() } }
  public mutating func value(_ number: Int?) throws { if let number { try value(number) } else { try null() } }

  /// A key with its value; nil becomes `null`.
  public mutating func member(_ name: String, _ text: String?) throws {
    try key(name)
    try value(text)
  }

  public mutating func member(_ name: String, _ number: Double?) throws {
    try key(name)
    try value(number)
  }

  public mutating func member(_ name: String, _ number: Int?) throws {
    try key(name)
    try value(number)
  }

  public mutating func member(_ name: String, _ truth: Bool) throws {
    try key(name)
    try value(truth)
  }

  /// Ends the text with a line break and hands everything on to the sink.
  public mutating func finish() throws {
    precondition(hasRoot && levels.isEmpty, "the text is not complete")
    pending.append(0x0A)
    try flush()
  }

  // MARK: Parts

  private mutating func open(_ level: Level, _ mark: Unicode.Scalar) throws {
    begin()
    levels.append(level)
    pending.append(UInt8(ascii: mark))
    try handOn()
  }

  private mutating func close(_ isEmpty: Bool, _ mark: Unicode.Scalar) throws {
    if !isEmpty { breakLine() }
    pending.append(UInt8(ascii: mark))
    try handOn()
  }

  private mutating func begin() {
    switch levels.last {
    case nil:
      precondition(!hasRoot, "a second root value")
      hasRoot = true
    case .array(let isEmpty):
      if !isEmpty { pending.append(0x2C) }
      levels[levels.count - 1] = .array(isEmpty: false)
      breakLine()
    case .object(let isEmpty, let hasKey):
      precondition(hasKey, "a value without a key")
      levels[levels.count - 1] = .object(isEmpty: isEmpty, hasKey: false)
    }
  }

  private mutating func breakLine() {
    guard let indentation else { return }
    pending.append(0x0A)
    pending.append(contentsOf: repeatElement(0x20, count: indentation * levels.count))
  }

  private mutating func append(quoted text: String) {
    var text = text
    pending.append(0x22)
    text.withUTF8 { bytes in
      var index = 0
      while index < bytes.count {
        let byte = bytes[index]
        switch byte {
        case 0x22, 0x5C: pending.append(contentsOf: [0x5C, byte])
        case 0x08: pending.append(contentsOf: "\\b".utf8)
        case 0x09: pending.append(contentsOf: "\\t".utf8)
        case 0x0A: pending.append(contentsOf: "\\n".utf8)
        case 0x0C: pending.append(contentsOf: "\\f".utf8)
        case 0x0D: pending.append(contentsOf: "\\r".utf8)
        case 0..<0x20, 0x7F:
          let digits = String(byte, radix: 16)
          pending.append(contentsOf: ("\\u00" + (byte < 0x10 ? "0" : "") + digits).utf8)
        case 0xE2 where index + 2 < bytes.count && bytes[index + 1] == 0x80 && bytes[index + 2] | 1 == 0xA9:
          pending.append(contentsOf: (bytes[index + 2] == 0xA8 ? "\\u2028" : "\\u2029").utf8)
          index += 2
        default: pending.append(byte)
        }
        index += 1
      }
    }
    pending.append(0x22)
  }

  private mutating func handOn() throws { if pending.count >= 1 << 14 { try flush() } }

  private mutating func flush() throws {
    try sink.write(pending)
    pending.removeAll(keepingCapacity: true)
  }

  private static let null = Array("null".utf8)
}
