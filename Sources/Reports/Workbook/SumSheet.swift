import Scenarios
import TextFiles

/// Where figures are made from others: totals as sums of means, and figures per head from medians.
///
/// Means of parts add up to the mean of the total; medians do not, so sums stand here only for means.
struct SumSheet {
  let content: PackContent
  let sheet: Sheet
  let projections: ProjectionSheet

  init(_ content: PackContent, _ sheet: Sheet, _ projections: ProjectionSheet) {
    self.content = content
    self.sheet = sheet
    self.projections = projections
  }

  private var say: Phrases { content.say }
  private var grid: [Int] { content.model.grid }

  func write() {
    sheet.text(0, 0, say("Phép cộng và bình quân đầu người", "Sums and figures per head"), .title)
    sheet.text(
      1, 0,
      say(
        "Khi không có chính sách mới. Trung bình của các phần cộng lại thành trung bình của tổng; trung vị thì không.",
        "With no new policy. Means of parts add up to the mean of the total; medians do not."), .note)
    sheet.text(3, 0, say("Chỉ tiêu", "Indicator"), .header)
    sheet.text(3, 1, say("Đơn vị", "Unit"), .header)
    for (index, year) in grid.enumerated() { sheet.number(3, 2 + index, Double(year), .year) }
    var row = 4
    for node in content.model.nodes.indices {
      guard case .identity(.sum(let parts)) = content.model.nodes[node].definition.source else { continue }
      row = total(node, parts.compactMap { content.model.nodeIndex($0) }, from: row)
    }
    perHead(from: row)
    sheet.widths([46, 18] + [Double](repeating: 13, count: grid.count))
    sheet.freeze(4, 2, repeating: 3...3)
    sheet.setPrintArea()
  }

  private func mean(_ node: Int, _ index: Int) -> Double {
    content.shown(content.result.baseline.statistics[node][index].mean, node)
  }

  private func total(_ node: Int, _ parts: [Int], from first: Int) -> Int {
    // Shown in one unit, or the cells would not add up.
    guard !parts.isEmpty, parts.allSatisfy({ content.display($0).scale == content.display(node).scale }) else {
      return first
    }
    let decimals = content.display(node).decimals + 1
    for (position, part) in parts.enumerated() {
      sheet.text(first + position, 0, content.marked(part) + say(" (trung bình)", " (mean)"))
      sheet.text(first + position, 1, content.unit(part))
      for index in grid.indices { sheet.number(first + position, 2 + index, mean(part, index), .number(decimals)) }
    }
    let sum = first + parts.count
    sheet.text(sum, 0, content.marked(node) + say(" (tổng)", " (sum)"), .label)
    sheet.text(sum, 1, content.unit(node))
    sheet.text(sum + 1, 0, content.marked(node) + say(" (trung bình mô phỏng)", " (simulated mean)"), .note)
    for index in grid.indices {
      let (a, b) = (
        CellAddress(row: first, column: 2 + index).relative, CellAddress(row: sum - 1, column: 2 + index).relative
      )
      sheet.formula(
        sum, 2 + index, "=SUM(\(a):\(b))", value: parts.reduce(0) { $0 + mean($1, index) },
        .number(decimals, bold: true))
      sheet.number(sum + 1, 2 + index, mean(node, index), .number(decimals))
    }
    return sum + 3
  }

  /// Amounts of money over the average population, from medians.
  private func perHead(from first: Int) {
    guard
      let population = content.model.nodes.indices.first(where: {
        content.model.nodes[$0].id == "population" && content.model.nodes[$0].definition.unit == "thousand_persons"
      }), projections.median(population, content.until) != nil
    else { return }
    sheet.text(first, 0, say("Bình quân đầu người (từ trung vị)", "Per head (from medians)"), .heading)
    var row = first + 1
    for node in content.sheetNodes.flatMap(\.nodes) {
      let definition = content.model.nodes[node].definition
      let (factor, unit): (Double, String)
      switch definition.unit {
      // A billion over a thousand is a million; a million over a thousand is a thousand.
      case "billion_vnd": (factor, unit) = (1, say("triệu đồng/người", "million VND a head"))
      case "million_usd": (factor, unit) = (1000, say("USD/người", "USD a head"))
      default: continue
      }
      sheet.text(row, 0, content.marked(node))
      sheet.text(row, 1, unit)
      // Cells hold what people see; the scales lead back to the units of the model.
      let constant = factor * content.display(population).scale / content.display(node).scale
      for (index, year) in grid.enumerated() {
        guard let amount = projections.median(node, year), let heads = projections.median(population, year) else {
          continue
        }
        let statistics = content.result.baseline.statistics
        let top = content.shown(statistics[node][index].median, node)
        let bottom = content.shown(statistics[population][index].median, population)
        guard bottom != 0 else { continue }
        let times = constant == 1 ? "" : "*" + NumberText.shortest(constant)
        sheet.formula(
          row, 2 + index, "=\(amount.on(projections.name))/\(heads.on(projections.name))\(times)",
          value: top / bottom * constant, .number(factor == 1 ? 1 : 0))
      }
      row += 1
    }
  }
}
