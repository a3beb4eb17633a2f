import Scenarios
import TextFiles

/// Options ranked, and what they change by indicator in the last year, as formulas over medians.
struct OptionSheet {
  let content: PackContent
  let sheet: Sheet
  let projections: ProjectionSheet

  init(_ content: PackContent, _ sheet: Sheet, _ projections: ProjectionSheet) {
    self.content = content
    self.sheet = sheet
    self.projections = projections
  }

  private var say: Phrases { content.say }

  func write() {
    sheet.text(0, 0, say("Các phương án năm \(content.until)", "Options in \(content.until)"), .title)
    let next = ranking(from: 2)
    changes(from: next + 1)
  }

  private func ranking(from header: Int) -> Int {
    let titles = [
      say("Phương án", "Option"), say("Hạng", "Rank"),
      say(
        "Chỉ tiêu đạt (trong \(content.input.comparison.targetCount))",
        "Targets met (of \(content.input.comparison.targetCount))"), say("Cải thiện", "Improvement"),
      say("P(tốt nhất)", "P(best)"), say("Hạng khi bỏ D", "Rank without D"), say("Mức yếu nhất", "Weakest grade"),
      say("Dựa trên P", "Resting on P"), say("Dựa trên D", "Resting on D"),
      say("Chi phí thêm, tỷ đồng/năm", "Extra cost, billion VND a year"),
      say("Có chi phí chưa rõ", "Unknown cost in it"),
    ]
    for (column, title) in titles.enumerated() { sheet.text(header, column, title, .header) }
    let ranked = content.options.sorted { $0.place < $1.place }
    for (position, option) in ranked.enumerated() {
      let row = header + 1 + position
      let support = option.outcome.support
      sheet.text(row, 0, content.numbered(option), option.rank == 1 ? .label : .text)
      sheet.number(row, 1, Double(option.rank), .number(0))
      sheet.number(row, 2, option.expectedTargetsMet, .number(2))
      sheet.number(row, 3, option.improvement, .number(2, signed: true))
      sheet.number(row, 4, option.probabilityBest, .share)
      sheet.number(row, 5, Double(option.rankWithoutD), .number(0))
      sheet.text(row, 6, support.weakest?.rawValue ?? "–", CellStyle(alignment: .centre))
      sheet.number(row, 7, support.shareP, .share)
      sheet.number(row, 8, support.shareD, .share)
      sheet.number(row, 9, option.outcome.cost, .number(0))
      sheet.text(row, 10, option.outcome.hasUnknownCost ? say("có", "yes") : say("không", "no"))
    }
    let last = header + ranked.count
    let chart = SheetChart(
      kind: .bar, title: say("Chỉ tiêu đạt kỳ vọng", "Expected targets met"),
      series: [
        .init(
          name: say("Chỉ tiêu đạt", "Targets met"),
          categories: CellAddress.range(sheet.name, .init(row: header + 1, column: 0), .init(row: last, column: 0)),
          values: CellAddress.range(sheet.name, .init(row: header + 1, column: 2), .init(row: last, column: 2)),
          color: 0x0072B2, hasLabels: true, labelFormat: "0.00")
      ], hasLegend: false, axisFormat: "0.0")
    sheet.chart(last + 2, 0, chart, width: 760, height: Double(90 + 34 * ranked.count))
    return last + 3 + (90 + 34 * ranked.count) / 20 + 1
  }

  /// Three columns per option: median, change and change in percent.
  private func changes(from header: Int) {
    sheet.text(header - 1, 0, say("Trung vị theo chỉ tiêu", "Medians by indicator"), .heading)
    let titles = [say("Chỉ tiêu", "Indicator"), say("Đơn vị", "Unit"), say("Không có chính sách", "No policy")]
    for (column, title) in titles.enumerated() { sheet.text(header, column, title, .header) }
    for (position, option) in content.scenarios.enumerated() {
      let column = 3 + 3 * position
      sheet.text(header, column, content.numbered(option), .header)
      sheet.text(header, column + 1, say("thay đổi", "change"), .header)
      sheet.text(header, column + 2, say("thay đổi, %", "change, %"), .header)
    }
    sheet.height(header, 62)
    var row = header
    for (_, nodes) in content.sheetNodes {
      for node in nodes {
        let isMoved = content.scenarios.contains { ($0.outcome.statistics[node][content.last].changeMean ?? 0) != 0 }
        guard isMoved, let base = projections.median(node, content.until) else { continue }
        row += 1
        write(node, row, base)
      }
    }
    sheet.widths([40, 15, 13] + [Double](repeating: 12, count: max(3 * content.scenarios.count, 8)))
    sheet.freeze(3, 1)
    sheet.setPrintArea()
  }

  private func write(_ node: Int, _ row: Int, _ base: CellAddress) {
    let style = CellStyle.number(content.display(node).decimals)
    let without = content.shown(content.result.baseline.statistics[node][content.last].median, node)
    sheet.text(row, 0, content.marked(node))
    sheet.text(row, 1, content.unit(node))
    sheet.formula(row, 2, "=" + base.on(projections.name), value: without, style)
    let baseCell = "$C\(row + 1)"
    for (position, option) in content.scenarios.enumerated() {
      let column = 3 + 3 * position
      let with = content.shown(option.outcome.statistics[node][content.last].median, node)
      let cell = CellAddress(row: row, column: column).relative
      sheet.number(row, column, with, style)
      sheet.formula(row, column + 1, "=\(cell)-\(baseCell)", value: with - without, content.changeStyle(node))
      guard without != 0, content.model.nodes[node].definition.range == .positive else { continue }
      sheet.formula(
        row, column + 2, "=(\(cell)/\(baseCell)-1)*100", value: (with / without - 1) * 100, .number(1, signed: true))
    }
  }
}
