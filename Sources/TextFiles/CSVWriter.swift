/// Writes CSV (RFC 4180) with LF line ends; fields are quoted only when they must be.
///
///     var csv = CSVWriter(to: output)
///     try csv.record(["unique_id", "step", "mean"])
///     csv.field("a"); csv.field(1); csv.field(2.5)
///     try csv.endRecord()
///     try csv.finish()
///
/// A field is quoted if it holds a comma, a quote or a line break, starts or ends with a space, or is empty and alone
/// on its line. Call ``finish()`` at the end; it hands on what is still held back.
public struct CSVWriter {
  private let sink: any TextSink
  private var pending: [UInt8] = []
  private var recordStart = 0
  private var fieldCount = 0

  public init(to sink: any TextSink) {
    self.sink = sink
    pending.reserveCapacity(Self.threshold + 4096)
  }

  public mutating func field(_ text: String) {
    separate()
    var text = text
    text.withUTF8 { bytes in
      guard Self.needsQuotes(bytes) else {
        pending.append(contentsOf: bytes)
        return
      }
      pending.append(0x22)
      for byte in bytes {
        if byte == 0x22 { pending.append(0x22) }
        pending.append(byte)
      }
      pending.append(0x22)
    }
  }

  /// A number in its shortest round-trip form; NaN and infinity leave the field empty.
  public mutating func field(_ value: Double) {
    separate()
    pending.append(contentsOf: NumberText.shortest(value).utf8)
  }

  public mutating func field(_ value: Int) {
    separate()
    pending.append(contentsOf: value.description.utf8)
  }

  /// A missing value.
  public mutating func emptyField() { separate() }

  /// Nil leaves the field empty.
  public mutating func field(_ text: String?) { if let text { field(text) } else { emptyField() } }
  public mutating func field(_ value: Double?) { if let value { field(value) } else { emptyField() } }
  public mutating func field(_ value: Int?) { if let value { field(value) } else { emptyField() } }

  public mutating func endRecord() throws {
    if fieldCount == 1, pending.count == recordStart { pending.append(contentsOf: [0x22, 0x22]) }
    pending.append(0x0A)
    fieldCount = 0
    recordStart = pending.count
    if pending.count >= Self.threshold { try finish() }
  }

  public mutating func record(_ fields: [String]) throws {
    for text in fields { field(text) }
    try endRecord()
  }

  /// Hands everything on to the sink.
  public mutating func finish() throws {
    try sink.write(pending)
    pending.removeAll(keepingCapacity: true)
    recordStart = 0
  }

  private mutating func separate() {
    if fieldCount > 0 { pending.append(0x2C) }
    fieldCount += 1
  }

  private static func needsQuotes(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = bytes.first, let last = bytes.last else { return false }
    if first == 0x20 || first == 0x09 || last == 0x20 || last == 0x09 { return true }
    return bytes.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
  }

  private static let threshold = 1 << 14
}
