/// Text that a spreadsheet would run as a formula, made harmless.
///
/// Spreadsheets read a csv cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return as a formula, also behind quotes. An
/// apostrophe before it keeps it text (OWASP, "CSV Injection"). Only text cells are looked at: a negative number stays a number.
/// json has no such readers and keeps the text as it is.
public enum SpreadsheetText {
  /// The text, with an apostrophe before it where it could run.
  public static func guarded(_ text: String) -> String { isFormulaLike(text) ? "'" + text : text }

  /// Also looks behind a byte order mark, spaces and full-width signs, which some programs drop or fold.
  public static func isFormulaLike(_ text: String) -> Bool {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": return true
      case " ", "\u{FEFF}", "\u{A0}": continue
      default: return false
      }
    }
    return false
  }
}
