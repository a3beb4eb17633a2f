import Scenarios
import TextFiles

/// How options hold against the unknown, for people.
public struct RobustReport {
  private let result: Robustness
  private let words: RobustWords
  private var say: Phrases { words.say }

  public init(_ result: Robustness, language: Language) {
    self.result = result
    words = RobustWords(result, language)
  }

  public func text(markdown: Bool, width: Int) -> String {
    var layout = ReportLayout(markdown: markdown, width: width)
    layout.title(
      say("Phương án nào đứng vững, đến năm \(words.until)", "How the options hold, to \(words.until)"))
    layout.paragraph(words.paragraph)
    for (position, future) in result.futures.enumerated() {
      layout.item("F\(position + 1) " + future.name[say.language] + " [\(future.id)]", nil)
    }
    for goal in result.goals { section(goal, &layout) }
    layout.heading(say("Cần biết khi đọc", "To know when reading"))
    for line in notes { layout.bullet(line) }
    layout.gap()
    layout.paragraph(
      say("Dấu vân tay", "Fingerprint")
        + ": \(result.fingerprint.combined) · \(say.numbers.integer(result.settings.draws)) "
        + say("lượt mô phỏng, hạt giống", "draws, seed") + " \(result.settings.seed)")
    return layout.text
  }

  private func section(_ goal: Robustness.Goal, _ layout: inout ReportLayout) {
    let item = goal.item
    layout.heading(words.goal(item))
    if let document = item.target?.document, !document.isEmpty { layout.paragraph(document) }
    var columns: [TextTableColumn] = [
      .text(say("Phương án", "Option")), .number(say("Đạt trong", "Met in")),
      .number(say("Trung bình", "Mean")), .number(say("95% tốt hơn", "95% better than"), isOptional: true),
      .number(say("Hối tiếc kỳ vọng", "Expected regret")), .number(say("Hối tiếc 95%", "95% regret"), isOptional: true),
    ]
    for position in result.futures.indices {
      columns.append(.number(say("F\(position + 1): đạt", "F\(position + 1): met")))
    }
    if !result.futures.isEmpty { columns.append(.number(say("Hối tiếc lớn nhất (F)", "Largest regret (F)"))) }
    columns.append(.text(say("Mức yếu nhất", "Weakest grade"), isOptional: true))
    var table = TextTable(columns)
    for option in goal.options {
      var cells = [
        option.name[say.language], share(option.satisficing, item, withError: true),
        say.value(option.mean.value, item.definition.display), say.value(option.bad95, item.definition.display),
        words.regret(option.expectedRegret, item), words.regret(option.regret95, item),
      ]
      cells += option.named.map { share($0.share, item, withError: false) }
      if let largest = option.largestNamedRegret { cells.append(words.regret(largest, item)) }
      cells.append(option.weakestGrade?.rawValue ?? "–")
      table.addRow(cells)
    }
    layout.table(table)
    for option in goal.options {
      for (rule, share) in option.triggered {
        let indicator = result.model.catalog.indicator(rule.indicator)?.name[say.language] ?? rule.indicator
        layout.bullet(
          say(
            "\(words.quoted(option.name)): quyết định theo \(indicator) năm \(rule.year) được dùng trong \(say.probability(share)) số tương lai.",
            "\(words.quoted(option.name)): what is decided on \(indicator) in \(rule.year) acts in \(say.probability(share)) of the futures."
          ))
      }
    }
    for discovery in goal.discoveries {
      layout.bullet(words.sentence(discovery, goal))
      if !discovery.leaves.isEmpty {
        layout.bullet(
          say("Cây quyết định: ", "Decision tree: ")
            + discovery.leaves.prefix(3).map { words.leaf($0, discovery, goal.item) }.joined(separator: "; ") + ".")
      }
    }
    layout.gap()
  }

  private func share(_ value: Estimate, _ item: OutcomeItem, withError: Bool) -> String {
    guard item.hasProbability else { return NumberFormat.undefined }
    return withError ? say.probability(value.value, error: value.error) : say.probability(value.value)
  }

  private var notes: [String] {
    var lines = [
      say(
        "Đạt trong: tỷ lệ tương lai mô phỏng trong đó mục tiêu đạt được, ± sai số Monte Carlo (điểm phần trăm). Hối tiếc: phần kém phương án tốt nhất trong cùng một tương lai.",
        "Met in: share of simulated futures in which the goal is met, ± Monte Carlo error (percentage points). Regret: what is given up against the best option of the same future."
      ),
      say(
        "Khi nào trượt: hộp PRIM trên các yếu tố bất định có tên (bên ngoài tỉnh, tiến độ dự án, độ lớn tác động); mô tả các lượt mô phỏng, không chứng minh nguyên nhân.",
        "When it fails: a PRIM box over the named uncertain inputs (the outside world, delivery of projects, sizes of effects); it describes the draws and proves no cause."
      ),
    ]
    if !result.futures.isEmpty {
      lines.append(
        say(
          "Tương lai đã đặt tên (F) là giả định, không có xác suất; bên trong mỗi tương lai, phần còn lại vẫn ngẫu nhiên.",
          "Named futures (F) are assumptions without a probability; inside each, the rest is still drawn."))
    }
    if result.goals.contains(where: { $0.item.restsOnPlannersPath }) {
      lines.append(
        say(
          "[D]: đường cơ sở là ước tính của người lập kế hoạch nên không có xác suất đạt; tỷ lệ trong phần mô tả chỉ nói về các lượt mô phỏng quanh đường đó.",
          "[D]: the path without policy is a planner's own, so there is no probability; shares in the description speak of the draws around that path only."
        ))
    }
    if result.goals.contains(where: \.item.restsOnFewObservations) { lines.append(say.fewMarkExplained) }
    return lines
  }
}
