import Scenarios
import TextFiles

/// A tidy table of an export: columns with their meaning, and rows.
public struct ExportTable: Sendable {
  public enum ColumnType: String, Sendable {
    case string, integer, number, boolean
  }

  public struct Column: Sendable {
    public var name: String
    public var type: ColumnType
    public var meaning: LocalizedText

    init(_ name: String, _ type: ColumnType = .string, vi: String, en: String) {
      self.name = name
      self.type = type
      meaning = LocalizedText(vi: vi, en: en)
    }
  }

  public enum Cell: Sendable, Equatable {
    case text(String)
    /// NaN and nil are missing.
    case number(Double?)
    case integer(Int?)
    case flag(Bool)

    static func text(_ text: String?) -> Cell { .text(text ?? "") }
  }

  /// The name of its file without the ending, and of its member in json.
  public var name: String
  public var title: LocalizedText
  public var columns: [Column]
  let forEachRow: @Sendable (([Cell]) throws -> Void) throws -> Void

  init(
    _ name: String, vi: String, en: String, _ columns: [Column],
    forEachRow: @escaping @Sendable (([Cell]) throws -> Void) throws -> Void
  ) {
    self.name = name
    title = LocalizedText(vi: vi, en: en)
    self.columns = columns
    self.forEachRow = forEachRow
  }

  init(_ name: String, vi: String, en: String, _ columns: [Column], rows: [[Cell]]) {
    self.init(name, vi: vi, en: en, columns) { body in
      for row in rows { try body(row) }
    }
  }
}

extension ExportTable {
  /// As csv: UTF-8, commas, a decimal point, an empty field for what is missing, `true` and `false`; text that a spreadsheet would
  /// run gets an apostrophe (``SpreadsheetText``).
  ///
  /// - Parameter mark: whether a byte order mark stands first, by which Excel knows UTF-8.
  public func writeCSV(to sink: any TextSink, mark: Bool = false) throws {
    if mark { try sink.write("\u{FEFF}") }
    var writer = CSVWriter(to: sink)
    try writer.record(columns.map(\.name))
    try forEachRow { row in
      for cell in row {
        switch cell {
        case .text(let text): writer.field(SpreadsheetText.guarded(text))
        case .number(let value): writer.field(value)
        case .integer(let value): writer.field(value)
        case .flag(let value): writer.field(value ? "true" : "false")
        }
      }
      try writer.endRecord()
    }
    try writer.finish()
  }

  /// As csv in memory.
  public func csv() throws -> [UInt8] {
    let buffer = TextBuffer()
    try writeCSV(to: buffer)
    return buffer.bytes
  }

  /// As an array of objects; what is missing is null.
  func writeJSON(_ json: inout JSONWriter) throws {
    // A closure cannot hold an inout value: the rows are handed over in pieces.
    var pending: [[Cell]] = []
    try json.array { json in
      try forEachRow { pending.append($0) }
      for row in pending {
        try json.object { json in
          for (column, cell) in zip(columns, row) {
            try json.key(column.name)
            switch cell {
            case .text(let text): try json.value(text.isEmpty ? nil : text)
            case .number(let value): try json.value(value)
            case .integer(let value): try json.value(value)
            case .flag(let value): try json.value(value)
            }
          }
        }
      }
    }
  }
}
