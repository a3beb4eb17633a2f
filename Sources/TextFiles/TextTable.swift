/// A table for people: on a terminal of any width, or in Markdown.
///
///     var table = TextTable([.text("Chỉ tiêu"), .number("2026"), .number("2030", isOptional: true)])
///     table.addGroup("Du lịch")
///     table.addRow(["Khách nội địa", "16.280.000", "18.000.000"])
///     print(table.rendered(width: 80))
///
/// Control characters in cells become spaces. A row with too few cells is filled up with empty ones, cells beyond the
/// last column are left out.
public struct TextTable: Sendable {
  enum Line: Sendable {
    case row([String])
    case group(String)
  }

  public let columns: [TextTableColumn]
  private(set) var lines: [Line] = []

  public init(_ columns: [TextTableColumn]) {
    self.columns = columns.map {
      TextTableColumn(Self.clean($0.title), alignment: $0.alignment, isOptional: $0.isOptional)
    }
  }

  public var isEmpty: Bool { lines.isEmpty }

  public mutating func addRow(_ cells: [String]) {
    var cells = cells.prefix(columns.count).map(Self.clean)
    while cells.count < columns.count { cells.append("") }
    lines.append(.row(cells))
  }

  /// A heading above the rows that follow.
  public mutating func addGroup(_ title: String) { lines.append(.group(Self.clean(title))) }

  private static func clean(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
    var cleaned = ""
    var afterBreak = false
    for scalar in text.unicodeScalars {
      let isControl = scalar.properties.generalCategory == .control
      if !isControl { cleaned.unicodeScalars.append(scalar) } else if !afterBreak { cleaned += " " }
      afterBreak = isControl
    }
    return cleaned
  }
}
