extension TextTable {
  /// The table as plain text whose lines take at most `width` columns, each ending with a line break.
  ///
  /// Two spaces stand between columns and a line of `─` under the header. If the table is too wide, the optional
  /// columns are dropped from the right; then the first column that is aligned left is wrapped (to 12 columns at
  /// least); then each row becomes a block of `title: value` lines, with the optional columns again.
  public func rendered(width: Int) -> String {
    guard !columns.isEmpty else { return "" }
    let width = max(width, 1)
    let natural = columns.indices.map { index in
      rows.reduce(DisplayWidth.of(columns[index].title)) { max($0, DisplayWidth.of($1[index])) }
    }
    var shown = Array(columns.indices)
    while total(shown, natural) > width, let last = shown.last(where: { columns[$0].isOptional }) {
      shown.removeAll { $0 == last }
    }
    var widths = natural
    let excess = total(shown, natural) - width
    if excess > 0 {
      guard let wrapped = shown.first(where: { columns[$0].alignment == .left }),
        natural[wrapped] - excess >= min(12, natural[wrapped])
      else { return stacked(width: width) }
      widths[wrapped] = natural[wrapped] - excess
    }
    if shown.isEmpty { return stacked(width: width) }
    return laidOut(shown, widths)
  }

  private var rows: [[String]] {
    lines.compactMap { line in if case .row(let cells) = line { cells } else { nil } }
  }

  private func total(_ shown: [Int], _ widths: [Int]) -> Int {
    shown.reduce(0) { $0 + widths[$1] } + 2 * max(shown.count - 1, 0)
  }

  private func laidOut(_ shown: [Int], _ widths: [Int]) -> String {
    let width = total(shown, widths)
    var text = ""
    appendRow(columns.map(\.title), shown, widths, to: &text)
    text += String(repeating: "─", count: width) + "\n"
    for line in lines {
      switch line {
      case .row(let cells): appendRow(cells, shown, widths, to: &text)
      case .group(let title):
        for part in DisplayWidth.wrapped(title, to: width) { text += part + "\n" }
      }
    }
    return text
  }

  private func appendRow(_ cells: [String], _ shown: [Int], _ widths: [Int], to text: inout String) {
    let parts = shown.map { index in
      DisplayWidth.of(cells[index]) > widths[index]
        ? DisplayWidth.wrapped(cells[index], to: widths[index]) : [cells[index]]
    }
    let height = parts.reduce(1) { max($0, $1.count) }
    for row in 0..<height {
      var line = ""
      for (place, index) in shown.enumerated() {
        let cell = row < parts[place].count ? parts[place][row] : ""
        if place > 0 { line += "  " }
        line += DisplayWidth.padded(cell, to: widths[index], columns[index].alignment)
      }
      text += Self.trimmingEnd(line) + "\n"
    }
  }

  private func stacked(width: Int) -> String {
    let labels = columns.map { $0.title.isEmpty ? "" : $0.title + ":" }
    let widest = labels.reduce(0) { max($0, DisplayWidth.of($1)) }
    // Values stand beside their labels if that leaves them room, else below.
    let isBeside = widest + 1 + 8 <= width
    let room = isBeside ? width - widest - 1 : max(width - 2, 1)
    var text = ""
    for line in lines {
      if !text.isEmpty { text += "\n" }
      switch line {
      case .group(let title):
        for part in DisplayWidth.wrapped(title, to: width) { text += part + "\n" }
      case .row(let cells):
        for (label, cell) in zip(labels, cells) {
          let parts = DisplayWidth.wrapped(cell, to: room)
          if isBeside {
            for (place, part) in parts.enumerated() {
              text += Self.trimmingEnd(DisplayWidth.padded(place == 0 ? label : "", to: widest) + " " + part) + "\n"
            }
          } else {
            for part in DisplayWidth.wrapped(label, to: width) { text += part + "\n" }
            for part in parts { text += "  " + part + "\n" }
          }
        }
      }
    }
    return text
  }

  private static func trimmingEnd(_ line: String) -> String {
    var line = Substring(line)
    while line.last == " " { line.removeLast() }
    return String(line)
  }
}
