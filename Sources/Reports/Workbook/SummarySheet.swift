import TextFiles

/// The question, the answer, and the headline indicators with formulas that point at the projections.
struct SummarySheet {
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
    let answer = BriefAnswer(content)
    sheet.text(0, 0, content.areaName + say(" đến năm \(content.until)", " to \(content.until)"), .title)
    sheet.text(1, 0, answer.question, .label)
    var row = 2
    for sentence in answer.sentences {
      sheet.text(row, 0, sentence)
      row += 1
    }
    row += 1
    let header = row
    let titles = [
      say("Chỉ tiêu", "Indicator"), say("Đơn vị", "Unit"), say("Năm mới nhất", "Latest year"),
      say("Mới nhất", "Latest"), say("\(content.until), trung vị", "\(content.until), median"),
      say("80% thấp", "80% low"), say("80% cao", "80% high"), say("Thay đổi", "Change"),
      say("Thay đổi, %", "Change, %"),
      say("Mỗi năm, %", "A year, %"), say("Độ đúng của dải 80%", "Coverage of the 80% band"),
    ]
    for (column, title) in titles.enumerated() { sheet.text(header, column, title, .header) }
    for node in content.headline {
      row += 1
      write(node, row)
    }
    row += 2
    for option in content.scenarios {
      sheet.text(row, 0, content.numbered(option), .label)
      sheet.text(row, 1, option.outcome.description?[say.language] ?? "")
      row += 1
    }
    sheet.text(
      row + 1, 0,
      say("Dấu vân tay", "Fingerprint") + ": " + content.result.fingerprint.combined, .note)
    sheet.widths([40, 15, 9, 12, 13, 12, 12, 12, 11, 11, 46])
    sheet.freeze(header + 1, 1, repeating: header...header)
    sheet.setPrintArea()
  }

  private func write(_ node: Int, _ row: Int) {
    let display = content.display(node)
    let style = CellStyle.number(display.decimals)
    let statistics = content.result.baseline.statistics[node][content.last]
    sheet.text(row, 0, content.marked(node))
    sheet.text(row, 1, content.unit(node))
    sheet.text(row, 10, content.coverage(node), .wrapped)
    let median = content.shown(statistics.median, node)
    let cells = [
      (4, projections.median(node, content.until), median),
      (5, projections.low80(node, content.until), content.shown(statistics.interval80.low, node)),
      (6, projections.high80(node, content.until), content.shown(statistics.interval80.high, node)),
    ]
    for (column, cell, value) in cells {
      guard let cell else { continue }
      sheet.formula(row, column, "=" + cell.on(projections.name), value: value, style)
    }
    guard let latest = projections.latest(node) else { return }
    sheet.number(row, 2, Double(latest.year), CellStyle(alignment: .centre, numberFormat: "0"))
    sheet.formula(row, 3, "=" + latest.cell.on(projections.name), value: latest.value, style)
    let (now, then) = (CellAddress(row: row, column: 4).relative, CellAddress(row: row, column: 3).relative)
    sheet.formula(row, 7, "=\(now)-\(then)", value: median - latest.value, content.changeStyle(node))
    guard content.model.nodes[node].definition.range == .positive, latest.value > 0, median > 0 else { return }
    sheet.formula(
      row, 8, "=(\(now)/\(then)-1)*100", value: (median / latest.value - 1) * 100, .number(1, signed: true))
    let years = content.until - latest.year
    guard years > 0 else { return }
    let year = CellAddress(row: row, column: 2).relative
    sheet.formula(
      row, 9, "=((\(now)/\(then))^(1/(\(content.until)-\(year)))-1)*100",
      value: (Self.power(median / latest.value, 1 / Double(years)) - 1) * 100, .number(1, signed: true))
  }
}
