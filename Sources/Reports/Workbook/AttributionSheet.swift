import Scenarios
import TextFiles

/// What each lever brings in the last year; the sums are formulas, beside the mean changes that they must give.
struct AttributionSheet {
  let content: PackContent
  let sheet: Sheet

  init(_ content: PackContent, _ sheet: Sheet) {
    self.content = content
    self.sheet = sheet
  }

  private var say: Phrases { content.say }

  func write() {
    sheet.text(
      0, 0, say("Đóng góp của từng giải pháp năm \(content.until)", "What each lever brings in \(content.until)"),
      .title)
    sheet.text(
      1, 0,
      say(
        "Thay đổi trung bình so với không có chính sách, chia theo giải pháp (giá trị Shapley).",
        "Mean change against no policy, by lever (Shapley values)."), .note)
    var row = 3
    for option in content.scenarios {
      sheet.text(row, 0, content.numbered(option), .heading)
      row += 1
      if let attribution = content.attribution(option.outcome.id) {
        row = write(option, attribution, from: row)
      } else {
        sheet.text(
          row, 0,
          say(
            "Chưa chia theo giải pháp; chạy lại với --by-lever.", "Not split by lever; run again with --by-lever."),
          .note)
        row += 1
      }
      row += 1
    }
    sheet.widths([44] + [Double](repeating: 15, count: max(sheet.lastColumn, 1)))
    sheet.freeze(3, 1)
    sheet.setPrintArea()
  }

  private func write(_ option: PackOption, _ attribution: Attribution, from header: Int) -> Int {
    let last = content.last
    let nodes = content.sheetNodes.flatMap(\.nodes).filter {
      (option.outcome.statistics[$0][last].changeMean ?? 0) != 0
    }
    sheet.text(header, 0, say("Giải pháp", "Lever"), .header)
    for (column, node) in nodes.enumerated() {
      sheet.text(header, column + 1, content.marked(node) + " (\(content.unit(node)))", .header)
    }
    sheet.height(header, 62)
    let count = attribution.levers.count
    let first = header + 1
    for (position, lever) in attribution.levers.enumerated() {
      sheet.text(first + position, 0, content.leverName(lever))
      for (column, node) in nodes.enumerated() {
        sheet.number(
          first + position, column + 1, content.shown(attribution.effects[position][node][last], node),
          content.changeStyle(node))
      }
    }
    let sum = first + count
    sheet.text(sum, 0, say("Cộng", "Sum"), .label)
    sheet.text(sum + 1, 0, say("Thay đổi trung bình", "Mean change"))
    sheet.text(sum + 2, 0, say("Chênh lệch (phải bằng 0)", "Difference (must be 0)"), .note)
    for (column, node) in nodes.enumerated() {
      let total = (0..<count).reduce(0) { $0 + content.shown(attribution.effects[$1][node][last], node) }
      let mean = content.shown(option.outcome.statistics[node][last].changeMean ?? 0, node)
      let (a, b) = (
        CellAddress(row: first, column: column + 1).relative, CellAddress(row: sum - 1, column: column + 1).relative
      )
      var bold = content.changeStyle(node)
      bold.isBold = true
      sheet.formula(sum, column + 1, "=SUM(\(a):\(b))", value: total, bold)
      sheet.number(sum + 1, column + 1, mean, content.changeStyle(node))
      // Rounded, because the sum of rounded binary numbers may miss by their last bits.
      let (s, m) = (
        CellAddress(row: sum, column: column + 1).relative, CellAddress(row: sum + 1, column: column + 1).relative
      )
      sheet.formula(sum + 2, column + 1, "=ROUND(\(s)-\(m),6)", value: 0, .number(6))
    }
    guard count > 1, let node = content.leading.first(where: nodes.contains), let column = nodes.firstIndex(of: node)
    else { return sum + 3 }
    let chart = SheetChart(
      kind: .bar, title: content.marked(node), yTitle: content.unit(node),
      series: [
        .init(
          name: content.name(node),
          categories: CellAddress.range(sheet.name, .init(row: first, column: 0), .init(row: sum - 1, column: 0)),
          values: CellAddress.range(
            sheet.name, .init(row: first, column: column + 1), .init(row: sum - 1, column: column + 1)),
          color: 0x0072B2, hasLabels: true, labelFormat: "+#,##0.0;-#,##0.0;0")
      ], isOverlaid: true, hasLegend: false)
    sheet.chart(sum + 4, 0, chart, width: 720, height: Double(100 + 26 * count))
    return sum + 5 + (100 + 26 * count) / 20
  }
}
