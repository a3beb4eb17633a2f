extension TextTable {
  /// The table in Markdown with all its columns; groups are rows in bold. `|`, `\` and `<` are escaped.
  public func markdown() -> String {
    guard !columns.isEmpty else { return "" }
    var text = Self.markdownRow(columns.map { Self.escaped($0.title) })
    text += Self.markdownRow(
      columns.map { column in
        switch column.alignment {
        case .left: ":---"
        case .right: "---:"
        case .centre: ":---:"
        }
      })
    for line in lines {
      switch line {
      case .row(let cells): text += Self.markdownRow(cells.map(Self.escaped))
      case .group(let title):
        let filler = [String](repeating: "", count: columns.count - 1)
        text += Self.markdownRow(["**\(Self.escaped(title))**"] + filler)
      }
    }
    return text
  }

  private static func markdownRow(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if character == "|" || character == "\\" || character == "<" { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped
  }
}
