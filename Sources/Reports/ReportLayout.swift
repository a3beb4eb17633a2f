import TextFiles

/// Builds a text of headings, paragraphs, bullets and tables: Markdown, or plain text wrapped to a width.
struct ReportLayout {
  private let markdown: Bool
  private let width: Int
  private var lines: [String] = []

  init(markdown: Bool, width: Int) {
    self.markdown = markdown
    self.width = width
  }

  /// Everything so far, ending in a line break.
  var text: String { lines.joined(separator: "\n") + "\n" }

  mutating func title(_ text: String) {
    if markdown {
      lines += ["# " + text, ""]
    } else {
      lines += DisplayWidth.wrapped(text, to: width)
      lines += [String(repeating: "═", count: min(DisplayWidth.of(text), width)), ""]
    }
  }

  mutating func heading(_ text: String) {
    if markdown {
      lines += ["## " + text, ""]
    } else {
      lines += [""] + DisplayWidth.wrapped(text, to: width)
      lines += [String(repeating: "─", count: min(DisplayWidth.of(text), width))]
    }
  }

  mutating func paragraph(_ text: String) {
    guard !text.isEmpty else { return }
    lines += markdown ? [text, ""] : DisplayWidth.wrapped(text, to: width)
  }

  mutating func item(_ title: String, _ text: String?) {
    if markdown {
      lines += ["**\(title)**" + (text.map { " — " + $0 } ?? ""), ""]
    } else {
      lines += DisplayWidth.wrapped("• " + title + (text.map { ": " + $0 } ?? ""), to: width)
    }
  }

  mutating func bullet(_ text: String) {
    if markdown {
      lines.append("- " + text)
    } else {
      let wrapped = DisplayWidth.wrapped(text, to: max(width - 2, 20))
      lines += wrapped.enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }
    }
  }

  /// Ends a list.
  mutating func gap() {
    if markdown && lines.last?.isEmpty == false { lines.append("") }
  }

  mutating func table(_ table: TextTable) {
    let text = markdown ? table.markdown() : table.rendered(width: width)
    lines.append(String(text.reversed().drop { $0 == "\n" }.reversed()))
    lines.append("")
  }
}
