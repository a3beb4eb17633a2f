/// How many columns a text takes on a terminal, and fitting it into a number of columns.
///
/// Combining marks take none (so that accents count the same composed and decomposed), wide East Asian characters and
/// emoji take two, control characters none.
public enum DisplayWidth {
  /// The columns of a text; a fast path serves ASCII.
  public static func of(_ text: String) -> Int {
    var width = 0
    var isSimple = true
    for byte in text.utf8 {
      if byte >= 0x80 {
        isSimple = false
        break
      }
      if byte >= 0x20, byte != 0x7F { width += 1 }
    }
    return isSimple ? width : text.reduce(0) { $0 + of($1) }
  }

  /// The columns of one character: 0, 1 or 2.
  public static func of(_ character: Character) -> Int {
    var width = 0
    for scalar in character.unicodeScalars {
      // An emoji presentation selector makes a narrow sign wide.
      if scalar.value == 0xFE0F, width == 1 { return 2 }
      width = max(width, of(scalar))
    }
    return width
  }

  /// Fills up with spaces to a number of columns; a text that is already as wide stays as it is.
  public static func padded(_ text: String, to width: Int, _ alignment: TextAlignment = .left) -> String {
    let missing = width - of(text)
    guard missing > 0 else { return text }
    let before =
      switch alignment {
      case .left: 0
      case .right: missing
      case .centre: missing / 2
      }
    return String(repeating: " ", count: before) + text + String(repeating: " ", count: missing - before)
  }

  /// Cuts a text to a number of columns, ending it with `…` if something was cut.
  public static func truncated(_ text: String, to width: Int) -> String {
    guard of(text) > width else { return text }
    guard width > 0 else { return "" }
    var kept = ""
    var used = 0
    for character in text {
      let next = of(character)
      if used + next > width - 1 { break }
      kept.append(character)
      used += next
    }
    return kept + "…"
  }

  /// Breaks a text into lines of at most `width` columns at spaces; a longer word is broken anywhere. At least one
  /// line.
  public static func wrapped(_ text: String, to width: Int) -> [String] {
    let width = max(width, 2)
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in text.split(separator: " ") {
      let size = of(String(word))
      if used > 0, used + 1 + size <= width {
        line += " " + word
        used += 1 + size
        continue
      }
      if used > 0 {
        lines.append(line)
        line = ""
        used = 0
      }
      for character in word {
        let next = of(character)
        if used + next > width {
          lines.append(line)
          line = ""
          used = 0
        }
        line.append(character)
        used += next
      }
    }
    if !line.isEmpty || lines.isEmpty { lines.append(line) }
    return lines
  }

  private static func of(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 { return value < 0x20 || (0x7F..<0xA0).contains(value) || value == 0xAD ? 0 : 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .surrogate, .lineSeparator, .paragraphSeparator: return 0
    default: break
    }
    if isWide(value) { return 2 }
    return scalar.properties.isEmojiPresentation ? 2 : 1
  }

  /// The blocks of wide and full-width characters (Unicode Standard Annex 11), without the emoji, which have a property
  /// of their own.
  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
      0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x2FFFD, 0x30000...0x3FFFD:
      true
    default: false
    }
  }
}
