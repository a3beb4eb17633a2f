import CXLSXWriter

/// One sheet of a ``WorkbookFile``; rows and columns count from 0.
final class Sheet {
  let name: String
  private let sheet: UnsafeMutablePointer<lxw_worksheet>
  // The library's memory lives as long as the book.
  private let book: WorkbookFile
  private(set) var lastRow = 0
  private(set) var lastColumn = 0

  init(name: String, sheet: UnsafeMutablePointer<lxw_worksheet>, book: WorkbookFile) {
    self.name = name
    self.sheet = sheet
    self.book = book
    worksheet_set_paper(sheet, 9)  // A4
    worksheet_set_landscape(sheet)
    worksheet_fit_to_pages(sheet, 1, 0)
    worksheet_set_margins(sheet, 0.5, 0.5, 0.6, 0.6)
    worksheet_set_footer(sheet, "&L&A&R&P / &N")
  }

  /// A text, never a formula, at most the 32,767 characters of a cell.
  func text(_ row: Int, _ column: Int, _ text: String, _ style: CellStyle = .text) {
    grow(row, column)
    worksheet_write_string(
      sheet, lxw_row_t(row), lxw_col_t(column), String(text.composed.prefix(32_000)), book.format(style))
  }

  /// A number; nothing where it is not finite.
  func number(_ row: Int, _ column: Int, _ value: Double, _ style: CellStyle) {
    grow(row, column)
    if value.isFinite {
      worksheet_write_number(sheet, lxw_row_t(row), lxw_col_t(column), value, book.format(style))
    } else {
      worksheet_write_blank(sheet, lxw_row_t(row), lxw_col_t(column), book.format(style))
    }
  }

  /// A formula of ours with its value; where the value is not finite nothing is written.
  func formula(_ row: Int, _ column: Int, _ formula: String, value: Double, _ style: CellStyle) {
    guard value.isFinite else { return }
    grow(row, column)
    worksheet_write_formula_num(sheet, lxw_row_t(row), lxw_col_t(column), formula, book.format(style), value)
  }

  /// Widths in characters, from the first column on.
  func widths(_ widths: [Double]) {
    for (column, width) in widths.enumerated() {
      worksheet_set_column(sheet, lxw_col_t(column), lxw_col_t(column), width, nil)
    }
  }

  func width(_ columns: ClosedRange<Int>, _ width: Double) {
    worksheet_set_column(sheet, lxw_col_t(columns.lowerBound), lxw_col_t(columns.upperBound), width, nil)
  }

  func height(_ row: Int, _ points: Double) { worksheet_set_row(sheet, lxw_row_t(row), points, nil) }

  /// Keeps the rows above and the columns left of a cell in sight, and repeats the rows on every printed page.
  func freeze(_ row: Int, _ column: Int, repeating rows: ClosedRange<Int>? = nil) {
    worksheet_freeze_panes(sheet, lxw_row_t(row), lxw_col_t(column))
    if let rows { worksheet_repeat_rows(sheet, lxw_row_t(rows.lowerBound), lxw_row_t(rows.upperBound)) }
  }

  /// Prints everything written so far, and `rows` and `columns` more for charts.
  func setPrintArea(rows: Int = 0, columns: Int = 0) {
    worksheet_print_area(sheet, 0, 0, lxw_row_t(lastRow + rows), lxw_col_t(max(lastColumn, columns)))
  }

  func hideGridlines() { worksheet_gridlines(sheet, UInt8(LXW_HIDE_ALL_GRIDLINES.rawValue)) }

  /// Places a chart of `width` by `height` pixels.
  func chart(_ row: Int, _ column: Int, _ chart: SheetChart, width: Double, height: Double) {
    guard let pointer = chart.make(book) else { return }
    var options = lxw_chart_options()
    // Charts grow from 480 by 288 pixels.
    options.x_scale = width / 480
    options.y_scale = height / 288
    worksheet_insert_chart_opt(sheet, lxw_row_t(row), lxw_col_t(column), pointer, &options)
  }

  private func grow(_ row: Int, _ column: Int) {
    lastRow = max(lastRow, row)
    lastColumn = max(lastColumn, column)
  }
}
