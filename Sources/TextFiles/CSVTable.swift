/// A CSV file in memory, with typed access by column name and the place of every field.
///
///     let table = try CSVTable.read(path: "evidence.csv", requiredColumns: ["id", "value"], optionalColumns: ["note"])
///     var problems = DiagnosticCollector()
///     for row in table {
///       guard let value = problems.attempt({ () throws(Diagnostic) in try row.double("value") }) else { continue }
///       let note = row.optionalString("note") ?? ""
///       ...
///     }
///     try problems.throwIfAny()
///
/// For large files use ``CSVReader``. A table of up to 2 GiB is held; the limit is an option.
public struct CSVTable: Sendable {
  let storage: Storage

  /// The name for messages: the path, or `standard input`.
  public var file: String { storage.file }
  /// The names of the columns, in the order of the file.
  public var columns: [String] { storage.header }

  /// Reads a whole file; `-` is standard input. All problems of the file are thrown at once. Columns named in neither
  /// list are kept and do no harm; an optional column that is absent reads as empty.
  ///
  /// - Parameter filter: when given, only its rows are held; the others are checked for their form all the same.
  public static func read(
    path: String, requiredColumns: [String] = [], optionalColumns: [String] = [], options: CSVOptions = CSVOptions(),
    keeping filter: CSVRowFilter? = nil
  ) throws(DiagnosticList) -> CSVTable {
    var reader = try CSVReader(path: path, requiredColumns: requiredColumns, options: options)
    var rows = Builder()
    var filter = filter
    while try reader.next() {
      if filter?.drops(reader) ?? false { continue }
      guard rows.append(reader, limit: options.maximumTableBytes) else {
        reader.report(
          Diagnostic(
            .badData, code: "table_too_large", at: SourceLocation(file: reader.file, line: reader.line),
            "the file is larger than \(options.maximumTableBytes) bytes"))
        throw reader.problems.list
      }
    }
    return CSVTable(
      storage: Storage(
        file: reader.file, header: reader.header, optionalColumns: Set(optionalColumns), text: rows.text,
        ends: rows.ends, rows: rows.lines, marks: rows.marks))
  }

  public func hasColumn(_ name: String) -> Bool { storage.columns[name] != nil }
}

extension CSVTable: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { storage.lines.count }
  public subscript(position: Int) -> CSVRow { CSVRow(storage: storage, index: position) }
}

extension CSVTable {
  /// The shared, unchangeable content.
  final class Storage: Sendable {
    let file: String
    let header: [String]
    let columns: [String: Int]
    let optionalColumns: Set<String>
    let text: [UInt8]
    /// Where each field ends in `text`; fields lie one behind the other.
    let ends: [UInt32]
    /// The line on which each row starts.
    let lines: [UInt32]
    /// Line and column of each field, packed: how many lines below the row's first one, and the column.
    let marks: [UInt32]

    init(
      file: String, header: [String], optionalColumns: Set<String>, text: [UInt8], ends: [UInt32], rows: [UInt32],
      marks: [UInt32]
    ) {
      self.file = file
      self.header = header
      self.optionalColumns = optionalColumns
      self.text = text
      self.ends = ends
      self.lines = rows
      self.marks = marks
      columns = Dictionary(header.enumerated().map { ($1, $0) }) { first, _ in first }
    }
  }

  /// Collects rows from a reader.
  struct Builder {
    var text: [UInt8] = []
    var ends: [UInt32] = []
    var lines: [UInt32] = []
    var marks: [UInt32] = []

    /// False if the table would become too large.
    mutating func append(_ reader: borrowing CSVReader, limit: Int) -> Bool {
      lines.append(UInt32(clamping: reader.line))
      for field in 0..<reader.fieldCount {
        reader.withBytes(field) { text.append(contentsOf: $0) }
        ends.append(UInt32(clamping: text.count))
      }
      reader.appendMarks(to: &marks)
      return text.count <= limit
    }
  }
}
