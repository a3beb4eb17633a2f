import CXLSXWriter
import TextFiles

/// An XLSX file being written through libxlsxwriter; this and ``Sheet`` and ``SheetChart`` are all that see the library.
///
/// Texts are written as texts whatever they look like; a formula is only what ``Sheet/formula(_:_:_:value:_:)`` writes, always with
/// its value, so that a reader that does not compute shows it too. The same calls give the same bytes: dates inside are fixed.
final class WorkbookFile {
  /// Has all Vietnamese letters and is on every office computer.
  static let font = "Times New Roman"

  private var book: UnsafeMutablePointer<lxw_workbook>?
  private let path: String
  private var formats: [CellStyle: UnsafeMutablePointer<lxw_format>] = [:]

  /// - Throws: ``Diagnostic`` if the library has no memory.
  init(path: String, title: String, subject: String) throws {
    self.path = path
    guard let book = workbook_new(path) else { throw Self.failure(path, "no memory") }
    self.book = book
    // 1 January 2025: the time of writing would make every file another one.
    title.composed.withCString { title in
      subject.composed.withCString { subject in
        "simulate".withCString { author in
          var properties = lxw_doc_properties()
          properties.title = UnsafeMutablePointer(mutating: title)
          properties.subject = UnsafeMutablePointer(mutating: subject)
          properties.author = UnsafeMutablePointer(mutating: author)
          properties.created = 1_735_689_600
          _ = workbook_set_properties(book, &properties)
        }
      }
    }
  }

  deinit { if let book { lxw_workbook_free(book) } }

  /// A new sheet; its name has at most 31 characters and none of `[ ] : * ? / \`.
  func sheet(_ name: String) throws -> Sheet {
    guard let book, let sheet = workbook_add_worksheet(book, name.composed) else {
      throw Self.failure(path, "the sheet '\(name)' cannot be added")
    }
    return Sheet(name: name.composed, sheet: sheet, book: self)
  }

  func format(_ style: CellStyle) -> UnsafeMutablePointer<lxw_format>? {
    if let known = formats[style] { return known }
    guard let book, let format = workbook_add_format(book) else { return nil }
    format_set_font_name(format, Self.font)
    format_set_font_size(format, style.size)
    if style.isBold { format_set_bold(format) }
    if style.isItalic { format_set_italic(format) }
    if style.wraps { format_set_text_wrap(format) }
    format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
    switch style.alignment {
    case .left: format_set_align(format, UInt8(LXW_ALIGN_LEFT.rawValue))
    case .right: format_set_align(format, UInt8(LXW_ALIGN_RIGHT.rawValue))
    case .centre: format_set_align(format, UInt8(LXW_ALIGN_CENTER.rawValue))
    case nil: break
    }
    if let code = style.numberFormat { format_set_num_format(format, code) }
    if let fill = style.fill { format_set_bg_color(format, lxw_color_t(fill)) }
    if let color = style.color { format_set_font_color(format, lxw_color_t(color)) }
    if style.hasRule { format_set_bottom(format, UInt8(LXW_BORDER_THIN.rawValue)) }
    formats[style] = format
    return format
  }

  func makeChart(_ type: lxw_chart_type) -> UnsafeMutablePointer<lxw_chart>? {
    book.flatMap { workbook_add_chart($0, UInt8(type.rawValue)) }
  }

  /// Writes the file.
  ///
  /// - Throws: ``Diagnostic`` of kind `cannotWrite`.
  func close() throws {
    guard let book else { return }
    self.book = nil
    let code = workbook_close(book)
    guard code == LXW_NO_ERROR else {
      throw Self.failure(path, lxw_strerror(code).map { String(cString: $0) } ?? "error \(code.rawValue)")
    }
  }

  private static func failure(_ path: String, _ reason: String) -> Diagnostic {
    Diagnostic(
      .cannotWrite, code: "cannot_write", at: SourceLocation(file: path), "cannot write the workbook (\(reason))",
      hint: "free some space, or leave it out with --formats")
  }
}
