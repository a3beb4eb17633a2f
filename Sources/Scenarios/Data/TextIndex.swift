import TextFiles

/// Numbers the distinct texts of a column; 0 is the empty text.
///
/// Files are sorted, so that most fields repeat the one above: those cost one comparison of bytes.
struct TextIndex {
  private(set) var texts: [String] = [""]
  /// Whether each text is among the allowed ones; the empty one never is.
  private var isAllowed: [Bool] = [false]
  private let allowed: Set<String>?
  private var ids: [String: Int32] = ["": 0]
  private var previousBytes: [UInt8] = []
  private var previousID: Int32 = 0
  private var hints: [Int32: String] = [:]

  /// - Parameter allowed: nil allows everything.
  init(allowed: Set<String>? = nil) { self.allowed = allowed }

  /// The number of the text in a field, without the spaces around it.
  mutating func id(_ reader: borrowing CSVReader, _ field: Int) -> Int32 {
    if reader.matches(field, previousBytes) { return previousID }
    previousBytes = reader.withBytes(field) { Array($0) }
    var bytes = previousBytes[...]
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
    let text = String(decoding: bytes, as: UTF8.self)
    previousID = ids[text] ?? add(text)
    return previousID
  }

  /// The number of a text that has occurred.
  func id(of text: String) -> Int32? { ids[text] }

  func text(_ id: Int32) -> String { texts[Int(id)] }

  /// Whether a required field may not hold this text: it is empty or not among the allowed ones.
  func refuses(_ id: Int32) -> Bool { !isAllowed[Int(id)] }

  /// What to write instead of a text that is not allowed.
  mutating func hint(_ id: Int32) -> String? {
    guard let allowed, id != 0 else { return nil }
    if let hint = hints[id] { return hint }
    let hint = Suggestion.hint(for: text(id), among: allowed.sorted())
    hints[id] = hint
    return hint
  }

  private mutating func add(_ text: String) -> Int32 {
    let id = Int32(texts.count)
    texts.append(text)
    isAllowed.append(allowed?.contains(text) ?? true)
    ids[text] = id
    return id
  }
}
