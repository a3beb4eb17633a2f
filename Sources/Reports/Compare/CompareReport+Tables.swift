import Scenarios
import TextFiles

/// Cost, named futures, weights and contributions.
extension CompareReport {
  private var comparison: Comparison { words.comparison }

  // MARK: cost

  var costs: TextTable {
    let rate = comparison.request.discountRate
    var columns: [TextTableColumn] = [
      .text(say("Phương án", "Option")), .number(say("Đầu tư một lần", "Capital")),
      .number(say("Chi hằng năm, năm \(words.until)", "Yearly, \(words.until)")), .number(say("Tổng", "Total")),
    ]
    if let rate {
      columns.append(
        .number(
          say("Chiết khấu \(say.numbers.automatic(100 * rate))%", "Discounted \(say.numbers.automatic(100 * rate))%")))
    }
    columns.append(.number(say("Năm cao nhất", "Highest year"), isOptional: true))
    if comparison.request.budget != nil { columns.append(.text(say("Trong ngân sách", "Within budget"))) }
    columns.append(.text(say("Hiệu quả theo tiền", "Efficient for the money"), isOptional: true))
    var table = TextTable(columns)
    for option in comparison.options {
      let unknown = option.cost.isKnown ? "" : say(" + chưa rõ", " + unknown")
      var cells = [
        words.number(option.id) + " " + option.name[say.language], words.money(option.cost.totalCapital) + unknown,
        words.money(option.cost.yearly.last ?? 0) + unknown, words.money(option.cost.total) + unknown,
      ]
      if rate != nil { cells.append(option.discountedCost.map { words.money($0) } ?? say("chưa rõ", "unknown")) }
      cells.append(words.money(option.cost.largestYear) + unknown)
      if comparison.request.budget != nil {
        switch option.fitsBudget {
        case true?: cells.append(say("có", "yes"))
        case false?:
          cells.append(
            say("không: ", "no: ") + option.yearsAboveBudget.map { say.numbers.year($0) }.joined(separator: ", "))
        case nil: cells.append(say("chưa thể nói", "cannot be said"))
        }
      }
      cells.append(efficiency(option))
      table.addRow(cells)
    }
    return table
  }

  private func efficiency(_ option: Comparison.Option) -> String {
    if !option.dominatedBy.isEmpty {
      return say("bị trội bởi ", "dominated by ") + option.dominatedBy.map { words.number($0) }.joined(separator: ", ")
    }
    switch option.isEfficient {
    case true?: return say("có", "yes")
    case false?: return say("không", "no")
    case nil: return say("không xếp", "not ranked")
    }
  }

  var costNotes: [String] {
    var lines = [
      say(
        "Tỷ đồng, thêm so với không có chính sách mới, cộng \(comparison.model.grid.first ?? 0)–\(words.until), tính theo quyết định (dự án chậm hay hỏng vẫn tính)."
          + (comparison.request.discountRate == nil
            ? " Chưa chiết khấu: dùng --discount-rate."
            : " Chiết khấu về năm \(comparison.model.grid.first ?? 0)."),
        "Billion VND beyond no new policy, summed over \(comparison.model.grid.first ?? 0)–\(words.until), as decided (a project that slips or fails is counted)."
          + (comparison.request.discountRate == nil
            ? " Not discounted: give --discount-rate." : " Discounted to \(comparison.model.grid.first ?? 0)."))
    ]
    for option in comparison.options where !option.cost.uncosted.isEmpty {
      lines.append(
        words.number(option.id) + " "
          + say("chưa có chi phí: ", "no cost stated for: ")
          + option.cost.uncosted.map { words.leverName($0) }.joined(separator: ", ")
          + say(
            "; không phải miễn phí: phương án này không được xếp theo tiền.",
            "; that is not free: this option is left out of rankings for the money."))
    }
    for option in comparison.options where !option.cost.stated.isEmpty {
      lines.append(
        words.number(option.id) + " "
          + say("chi phí do người lập kế hoạch nhập (mức D): ", "costs entered by the planner (grade D): ")
          + option.cost.stated.map { words.leverName($0) }.joined(separator: ", ") + ".")
    }
    return lines
  }

  // MARK: futures

  func futures(_ table: FutureTable, _ layout: inout ReportLayout) {
    layout.heading(say("Trong các tương lai đã đặt tên", "In named futures"))
    for (position, future) in table.futures.enumerated() {
      layout.item("F\(position + 1) " + future.name[say.language] + " [\(future.id)]", nil)
    }
    var regrets = TextTable(
      [.text(say("Phương án", "Option"))]
        + table.futures.indices.map { .number("F\($0 + 1): " + words.objectiveTitle) }
        + table.futures.indices.map { .number(say("hối tiếc", "regret") + " F\($0 + 1)") }
        + [.number(say("Hối tiếc lớn nhất", "Largest regret"))])
    for option in comparison.options {
      guard let row = table.options.firstIndex(of: option.id) else { continue }
      regrets.addRow(
        [words.number(option.id) + " " + option.name[say.language]]
          + table.objectives[row].map { words.objective($0) } + table.regrets[row].map { words.regret($0) }
          + [words.regret(table.regrets[row].max() ?? 0)])
    }
    layout.table(regrets)
    layout.paragraph(
      say(
        "Hối tiếc lớn nhất nhỏ nhất: \(words.quoted(table.minimaxRegret)). Tương lai là giả định, không có xác suất.",
        "The smallest largest regret: \(words.quoted(table.minimaxRegret)). Futures are assumptions without a probability."
      ))
  }

  // MARK: weights

  func weights(_ weighted: WeightedRanking, _ layout: inout ReportLayout) {
    layout.heading(say("Theo trọng số của bạn", "Under your weights"))
    let names = weighted.criteria.map { criterion -> String in
      switch criterion {
      case "cost": return say("Chi phí", "Cost")
      case "targets": return say("Chỉ tiêu đạt", "Targets met")
      case "improvement": return say("Cải thiện", "Improvement")
      default: return comparison.model.catalog.indicator(criterion)?.name[say.language] ?? criterion
      }
    }
    guard weighted.rows.count > 1 else {
      layout.paragraph(
        say(
          "Chưa đủ hai phương án có chi phí rõ để xếp theo các trọng số này.",
          "Fewer than two options have a known cost, so these weights rank nothing."))
      return
    }
    var table = TextTable(
      [.text(say("Phương án", "Option")), .number(say("Tổng", "Total"))] + names.map { .number($0, isOptional: true) })
    for row in weighted.rows {
      table.addRow(
        [words.number(row.option) + " " + words.name(row.option), say.numbers.fixed(row.total, decimals: 2)]
          + row.scores.map { say.numbers.fixed($0, decimals: 2) })
    }
    layout.table(table)
    layout.bullet(
      say(
        "Mỗi tiêu chí được đưa về 0 (phương án kém nhất) đến 1 (tốt nhất), theo trung bình năm \(words.until).",
        "Each criterion is scaled from 0 (the worst option) to 1 (the best), by its mean in \(words.until)."))
    if weighted.winners.count > 1 {
      layout.bullet(
        say("Trọng số này không quyết định được giữa ", "These weights do not decide between ")
          + words.list(weighted.winners.map { words.quoted($0) }) + ".")
    }
    for (name, range) in zip(names, weighted.ranges) {
      let share = { (value: Double) in say.numbers.percent(100 * value, decimals: 0) }
      var text =
        name + ": "
        + say(
          "trọng số \(share(range.weight)); phương án đầu giữ nguyên từ \(share(range.lower)) đến \(share(range.upper))",
          "weight \(share(range.weight)); the first stays first from \(share(range.lower)) to \(share(range.upper))")
      if let below = range.winnerBelow { text += say("; thấp hơn thì ", "; below it is ") + words.quoted(below) }
      if let above = range.winnerAbove { text += say("; cao hơn thì ", "; above it is ") + words.quoted(above) }
      layout.bullet(text + ".")
    }
    if !weighted.leftOut.isEmpty {
      layout.bullet(
        say("Không xếp vì chưa rõ chi phí: ", "Left out because their cost is unknown: ")
          + words.list(weighted.leftOut.map { words.quoted($0) }) + ".")
    }
    layout.gap()
  }

  // MARK: levers

  func levers(_ option: Comparison.Option, _ layout: inout ReportLayout) {
    guard let attribution = option.attribution else { return }
    layout.heading(
      say("Giải pháp nào mang lại cải thiện: ", "Which lever brings the improvement: ") + option.name[say.language])
    var columns: [TextTableColumn] = [
      .text(say("Giải pháp", "Lever")), .number(say("Cải thiện", "Improvement")), .number(say("Phần", "Share")),
    ]
    if !attribution.isExact { columns.append(.number(say("± lấy mẫu", "± sampling"), isOptional: true)) }
    var table = TextTable(columns)
    let total = attribution.improvement.reduce(0, +)
    for (position, lever) in attribution.levers.enumerated() {
      var cells = [
        words.leverName(lever), say.numbers.fixed(attribution.improvement[position], decimals: 3, signed: true),
        total != 0 ? say.numbers.percent(100 * attribution.improvement[position] / total, decimals: 0) : "–",
      ]
      if !attribution.isExact { cells.append(say.numbers.fixed(attribution.improvementErrors[position], decimals: 3)) }
      table.addRow(cells)
    }
    table.addRow([
      say("Cộng", "Sum"), say.numbers.fixed(total, decimals: 3, signed: true), total != 0 ? "100%" : "–", "",
    ])
    layout.table(table)
    layout.paragraph(
      say(
        "Giá trị Shapley. Cả gói mang lại \(say.numbers.fixed(attribution.improvementInteraction, decimals: 3, signed: true)) so với tổng của từng giải pháp khi làm riêng.",
        "Shapley values. The package gives \(say.numbers.fixed(attribution.improvementInteraction, decimals: 3, signed: true)) beyond what its parts bring one by one."
      ))
  }
}
