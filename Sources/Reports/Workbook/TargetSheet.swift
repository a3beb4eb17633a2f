import Scenarios
import TextFiles

/// Official targets with the probability of meeting them under every option; the expected number met is a sum.
struct TargetSheet {
  let content: PackContent
  let sheet: Sheet

  init(_ content: PackContent, _ sheet: Sheet) {
    self.content = content
    self.sheet = sheet
  }

  private var say: Phrases { content.say }

  func write() {
    sheet.text(
      0, 0, say("Chỉ tiêu chính thức: xác suất đạt", "Official targets: probability of meeting them"), .title)
    sheet.text(1, 0, RunReport(content.result, indicators: nil, language: say.language).targetNote, .note)
    let header = 3
    var titles = [
      say("Chỉ tiêu", "Target"), say("Kỳ", "Period"), say("So sánh", "Comparison"), say("Mức", "Value"),
      say("Đơn vị", "Unit"), say("Văn bản", "Document"),
    ]
    titles += content.options.map(content.numbered)
    let gains = content.best == nil ? 0 : 1
    if let best = content.best {
      titles.append(say("(\(best.number)) so với không có chính sách", "(\(best.number)) against no policy"))
    }
    for (column, title) in titles.enumerated() { sheet.text(header, column, title, .header) }
    sheet.height(header, 62)
    let firstOption = 6
    var row = header
    for (position, target) in content.result.baseline.targets.enumerated() {
      guard let node = content.model.nodeIndex(target.target.indicator) else { continue }
      row += 1
      sheet.text(row, 0, content.marked(node))
      sheet.text(row, 1, target.period.description)
      sheet.text(row, 2, comparison(target.target))
      sheet.number(row, 3, content.shown(target.target.value, node), .number(content.display(node).decimals))
      sheet.text(row, 4, content.unit(node))
      sheet.text(row, 5, target.target.document, .wrapped)
      for (column, option) in content.options.enumerated() {
        let result = option.outcome.targets[position]
        if result.isScenarioOnly {
          sheet.text(row, firstOption + column, say.scenarioOnly)
        } else {
          sheet.number(row, firstOption + column, result.probability, .share)
        }
      }
      guard let best = content.best, !target.isScenarioOnly else { continue }
      let with = CellAddress(row: row, column: firstOption + best.number).relative
      let without = CellAddress(row: row, column: firstOption).relative
      sheet.formula(
        row, firstOption + content.options.count, "=\(with)-\(without)",
        value: best.outcome.targets[position].probability - target.probability,
        CellStyle(numberFormat: "+0%;-0%;0%"))
    }
    if row > header {
      let sum = row + 1
      sheet.text(sum, 0, say("Số chỉ tiêu đạt kỳ vọng", "Expected targets met"), .label)
      for column in 0..<(content.options.count + gains) {
        let (a, b) = (
          CellAddress(row: header + 1, column: firstOption + column).relative,
          CellAddress(row: row, column: firstOption + column).relative
        )
        let value: Double
        if column < content.options.count {
          value = content.options[column].outcome.targets.filter { !$0.isScenarioOnly }
            .reduce(0) { $0 + $1.probability }
        } else {
          value =
            zip(content.best?.outcome.targets ?? [], content.result.baseline.targets)
            .filter { !$0.1.isScenarioOnly }.reduce(0) { $0 + $1.0.probability - $1.1.probability }
        }
        sheet.formula(
          sum, firstOption + column, "=SUM(\(a):\(b))", value: value,
          .number(2, signed: column == content.options.count, bold: true))
      }
    }
    sheet.widths([36, 12, 11, 12, 14, 40] + [Double](repeating: 14, count: content.options.count + gains))
    sheet.freeze(header + 1, 1, repeating: header...header)
    sheet.setPrintArea()
  }

  private func comparison(_ target: TargetDefinition) -> String {
    switch target.comparison {
    case .atLeast: return "≥"
    case .atMost: return "≤"
    case .within: return say("trong khoảng", "within")
    }
  }
}
