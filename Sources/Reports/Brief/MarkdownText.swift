/// Texts from data inside Markdown.
package enum MarkdownText {
  /// The text on one line, with everything that Markdown or HTML would read as a mark made plain.
  package static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "#", "$", "~", "^", "{", "}", "@", "!", "&":
        escaped.append("\\")
        escaped.append(character)
      case _ where character.isNewline: escaped.append(" ")
      default: escaped.append(character)
      }
    }
    // A number and a point at the start would be a list, + and - one without numbers.
    if let first = escaped.first, "+-=".contains(first) { escaped = "\\" + escaped }
    if let point = escaped.firstIndex(of: "."), escaped[..<point].allSatisfy(\.isNumber), point > escaped.startIndex,
      escaped.index(after: point) == escaped.endIndex || escaped[escaped.index(after: point)] == " "
    {
      escaped.insert("\\", at: point)
    }
    return escaped
  }
}
