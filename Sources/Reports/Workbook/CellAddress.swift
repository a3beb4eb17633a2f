/// A place in a sheet; rows and columns count from 0.
struct CellAddress: Equatable, Sendable {
  var row: Int
  var column: Int

  /// `C5`
  var relative: String { Self.letters(column) + "\(row + 1)" }
  /// `$C$5`
  var absolute: String { "$" + Self.letters(column) + "$\(row + 1)" }

  /// `'Dự báo'!C5`
  func on(_ sheet: String) -> String { Self.quoted(sheet) + "!" + relative }

  /// `='Dự báo'!$C$5:$H$5`, for charts.
  static func range(_ sheet: String, _ first: CellAddress, _ last: CellAddress) -> String {
    "=" + quoted(sheet) + "!" + first.absolute + ":" + last.absolute
  }

  private static func quoted(_ sheet: String) -> String {
    "'" + sheet.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }

  private static func letters(_ column: Int) -> String {
    var (text, rest) = ("", column)
    repeat {
      text = String(Character(Unicode.Scalar(UInt8(65 + rest % 26)))) + text
      rest = rest / 26 - 1
    } while rest >= 0
    return text
  }
}
