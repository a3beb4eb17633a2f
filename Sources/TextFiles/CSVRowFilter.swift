/// Which rows of a file are wanted: those whose field in one column is one of some texts.
///
/// Most files have rows with the same text one behind the other: the answer for the last text is kept.
public struct CSVRowFilter: Sendable {
  public let column: String
  public let texts: Set<String>
  private var last: [UInt8] = []
  private var keepsLast: Bool

  /// - Parameter texts: without spaces around them, which do not count in the file either.
  public init(column: String, texts: Set<String>) {
    self.column = column
    self.texts = texts
    keepsLast = texts.contains("")
  }

  /// Whether the reader's row is not wanted; a column that does not exist reads as empty.
  mutating func drops(_ reader: borrowing CSVReader) -> Bool {
    guard let field = reader.column(column) else { return !texts.contains("") }
    if !reader.matches(field, last) {
      last = reader.withBytes(field) { Array($0) }
      let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
      let text = last.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
      keepsLast = texts.contains(String(decoding: text, as: UTF8.self))
    }
    return !keepsLast
  }
}
