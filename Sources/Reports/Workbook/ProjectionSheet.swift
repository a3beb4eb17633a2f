import Scenarios
import TextFiles

/// Every indicator over the years with no new policy: published figures, median and bands; and native fan charts over these rows.
final class ProjectionSheet {
  private let content: PackContent
  private let sheet: Sheet
  private let years: [Int]
  private var rows: [Int: Rows] = [:]

  /// The rows of one indicator.
  struct Rows {
    var observed: Int
    var median: Int
    var low80: Int
    var high80: Int
    var low95: Int
    var high95: Int
  }

  private static let firstColumn = 3
  private static let headerRow = 3
  /// Observed years before the projection.
  private static let history = 10

  init(_ content: PackContent, _ sheet: Sheet) {
    self.content = content
    self.sheet = sheet
    let first = content.model.grid.first ?? content.until
    years = Array((first - Self.history)...max(content.until, first))
  }

  private var say: Phrases { content.say }
  var name: String { sheet.name }

  private func column(_ year: Int) -> Int { Self.firstColumn + year - (years.first ?? year) }

  /// The cell of the median of an indicator in a year.
  func median(_ node: Int, _ year: Int) -> CellAddress? {
    rows[node].map { CellAddress(row: $0.median, column: column(year)) }
  }

  func low80(_ node: Int, _ year: Int) -> CellAddress? {
    rows[node].map { CellAddress(row: $0.low80, column: column(year)) }
  }

  func high80(_ node: Int, _ year: Int) -> CellAddress? {
    rows[node].map { CellAddress(row: $0.high80, column: column(year)) }
  }

  /// The cell of the last published figure, with its year.
  func latest(_ node: Int) -> (cell: CellAddress, year: Int, value: Double)? {
    let facts = content.model.nodes[node].facts.filter { years.contains($0.key) }
    guard let last = facts.max(by: { $0.key < $1.key }), let row = rows[node]?.observed else { return nil }
    return (CellAddress(row: row, column: column(last.key)), last.key, content.shown(last.value, node))
  }

  func write() {
    sheet.text(0, 0, say("Dự báo khi không có chính sách mới", "Projections with no new policy"), .title)
    sheet.text(
      1, 0,
      say(
        "Trung vị và dải của \(say.numbers.integer(content.result.settings.draws)) tương lai mô phỏng. [D]: đường cơ sở do người lập kế hoạch ước tính. Hàng in nghiêng là công thức.",
        "Median and bands of \(say.numbers.integer(content.result.settings.draws)) simulated futures. [D]: the path with no policy is a planner's own estimate. Rows in italics are formulas."
      ), .note)
    sheet.text(Self.headerRow, 0, say("Chỉ tiêu", "Indicator"), .header)
    sheet.text(Self.headerRow, 1, say("Đơn vị", "Unit"), .header)
    sheet.text(Self.headerRow, 2, say("Thống kê", "Statistic"), .header)
    for year in years { sheet.number(Self.headerRow, column(year), Double(year), .year) }
    var row = Self.headerRow + 1
    for (system, nodes) in content.sheetNodes {
      sheet.text(row, 0, system, .heading)
      row += 1
      for node in nodes { row = write(node, from: row) }
    }
    sheet.widths([38, 15, 20])
    sheet.width(Self.firstColumn...column(content.until), 11)
    sheet.freeze(Self.headerRow + 1, Self.firstColumn, repeating: Self.headerRow...Self.headerRow)
    sheet.setPrintArea()
  }

  private func write(_ node: Int, from first: Int) -> Int {
    let display = content.display(node)
    let statistics = content.result.baseline.statistics[node]
    let style = CellStyle.number(display.decimals)
    let place = Rows(
      observed: first, median: first + 1, low80: first + 2, high80: first + 3, low95: first + 4, high95: first + 5)
    rows[node] = place
    func label(_ row: Int, _ text: String, _ style: CellStyle = .text) {
      sheet.text(row, 0, content.marked(node), row == place.median ? .label : .text)
      sheet.text(row, 1, content.unit(node))
      sheet.text(row, 2, text, style)
    }
    label(place.observed, say("đã công bố", "published"))
    for (year, value) in content.model.nodes[node].facts where years.contains(year) {
      sheet.number(place.observed, column(year), content.shown(value, node), style)
    }
    let quantiles = [
      (place.median, 4, say("trung vị", "median")), (place.low80, 2, say("80% thấp", "80% low")),
      (place.high80, 6, say("80% cao", "80% high")), (place.low95, 0, say("95% thấp", "95% low")),
      (place.high95, 8, say("95% cao", "95% high")),
    ]
    for (row, quantile, name) in quantiles {
      label(row, name, row == place.median ? .label : .text)
      let bold = row == place.median
      for (index, year) in content.model.grid.enumerated() where years.contains(year) {
        let value = content.shown(statistics[index].quantiles[quantile], node)
        sheet.number(row, column(year), value, bold ? .number(display.decimals, bold: true) : style)
      }
    }
    writeFormulas(node, place, label)
    return first + 8
  }

  /// The change on the year before, in percent for amounts and in units else, and the width of the 80% band.
  private func writeFormulas(_ node: Int, _ place: Rows, _ label: (Int, String, CellStyle) -> Void) {
    let statistics = content.result.baseline.statistics[node]
    let range = content.model.nodes[node].definition.range
    let isAmount = range == .positive
    let italic = CellStyle(isItalic: true)
    let (changeRow, widthRow) = (place.high95 + 1, place.high95 + 2)
    label(
      changeRow,
      isAmount ? say("thay đổi/năm, %", "change a year, %") : say("thay đổi/năm", "change a year"), italic)
    label(widthRow, say("bề rộng dải 80%", "width of the 80% band"), italic)
    var changeStyle = isAmount ? CellStyle.number(1, signed: true) : content.changeStyle(node)
    changeStyle.isItalic = true
    var widthStyle = CellStyle.number(content.display(node).decimals)
    widthStyle.isItalic = true
    for (index, year) in content.model.grid.enumerated() where years.contains(year) {
      let now = content.shown(statistics[index].median, node)
      let nowCell = CellAddress(row: place.median, column: column(year)).relative
      var before: (value: Double, cell: String)?
      if index > 0 {
        before = (
          content.shown(statistics[index - 1].median, node),
          CellAddress(row: place.median, column: column(year - 1)).relative
        )
      } else if let fact = content.model.nodes[node].facts[year - 1] {
        before = (content.shown(fact, node), CellAddress(row: place.observed, column: column(year - 1)).relative)
      }
      if let before {
        if isAmount, before.value != 0 {
          sheet.formula(
            changeRow, column(year), "=(\(nowCell)/\(before.cell)-1)*100", value: (now / before.value - 1) * 100,
            changeStyle)
        } else if !isAmount {
          sheet.formula(changeRow, column(year), "=\(nowCell)-\(before.cell)", value: now - before.value, changeStyle)
        }
      }
      let (low, high) = statistics[index].interval80
      sheet.formula(
        widthRow, column(year),
        "=\(CellAddress(row: place.high80, column: column(year)).relative)-\(CellAddress(row: place.low80, column: column(year)).relative)",
        value: content.shown(high, node) - content.shown(low, node), widthStyle)
    }
  }

  /// Fan charts of the headline indicators, two beside each other.
  func writeCharts(on charts: Sheet) {
    charts.text(0, 0, say("Biểu đồ các chỉ tiêu chính", "Charts of the headline indicators"), .title)
    charts.text(
      1, 0,
      say(
        "Vẽ từ trang «\(sheet.name)»: sửa số ở đó thì biểu đồ đổi theo.",
        "Drawn from the sheet \"\(sheet.name)\": they follow when figures change there."), .note)
    charts.hideGridlines()
    guard let first = years.first, let last = years.last else { return }
    for (position, node) in content.leading.enumerated() {
      guard let place = rows[node] else { continue }
      func range(_ row: Int) -> String {
        CellAddress.range(
          sheet.name, CellAddress(row: row, column: column(first)), CellAddress(row: row, column: column(last)))
      }
      let categories = range(Self.headerRow)
      let lines: [(String, Int, UInt32, Float, Bool, Bool)] = [
        (say("95% thấp", "95% low"), place.low95, 0x9DC3DC, 1, true, false),
        (say("80% thấp", "80% low"), place.low80, 0x3F8FC0, 1.5, true, false),
        (say("đã công bố", "published"), place.observed, 0x222222, 2.25, false, true),
        (say("trung vị", "median"), place.median, 0x0072B2, 2.75, false, false),
        (say("80% cao", "80% high"), place.high80, 0x3F8FC0, 1.5, true, false),
        (say("95% cao", "95% high"), place.high95, 0x9DC3DC, 1, true, false),
      ]
      let chart = SheetChart(
        kind: .line, title: content.marked(node), yTitle: content.unit(node),
        series: lines.map { name, row, color, width, dashed, markers in
          .init(
            name: name, categories: categories, values: range(row), color: color, width: width, isDashed: dashed,
            hasMarkers: markers)
        }, isReversed: content.model.nodes[node].definition.unit == "rank",
        axisFormat: content.display(node).decimals > 1 ? "#,##0.0" : "#,##0")
      charts.chart(3 + position / 2 * 17, position % 2 * 9, chart, width: 560, height: 320)
    }
    charts.setPrintArea(rows: 2 + (content.leading.count + 1) / 2 * 17, columns: 17)
  }
}
