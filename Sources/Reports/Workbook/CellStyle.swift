/// How a cell looks.
struct CellStyle: Hashable, Sendable {
  enum Alignment: Sendable { case left, right, centre }

  var isBold = false
  var isItalic = false
  var wraps = false
  var alignment: Alignment?
  /// Excel's own code, such as `#,##0.0`; its marks follow the reader's own settings.
  var numberFormat: String?
  /// Red, green and blue.
  var fill: UInt32?
  var color: UInt32?
  var hasRule = false
  var size = 11.0

  static let text = CellStyle()
  static let wrapped = CellStyle(wraps: true)
  static let title = CellStyle(isBold: true, size: 16)
  static let heading = CellStyle(isBold: true, size: 13)
  static let note = CellStyle(isItalic: true, color: 0x555555, size: 10)
  static let header = CellStyle(isBold: true, wraps: true, alignment: .centre, fill: 0xD9E8F3, hasRule: true)
  static let label = CellStyle(isBold: true)

  /// A number with so many decimals; changes carry their sign.
  static func number(_ decimals: Int, signed: Bool = false, suffix: String = "", bold: Bool = false) -> CellStyle {
    let digits = "#,##0" + (decimals > 0 ? "." + String(repeating: "0", count: decimals) : "")
    let tail = suffix.isEmpty ? "" : "\"\(suffix)\""
    let code = signed ? "+\(digits)\(tail);-\(digits)\(tail);\(digits)\(tail)" : digits + tail
    return CellStyle(isBold: bold, numberFormat: code)
  }

  static let year = CellStyle(
    isBold: true, alignment: .centre, numberFormat: "0", fill: 0xD9E8F3, hasRule: true)
  /// A share of one as whole percent.
  static let share = CellStyle(numberFormat: "0%")
}
