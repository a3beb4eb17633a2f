import Scenarios
import TextFiles

/// The comparison of options for people: one paragraph to read out, then the tables it rests on.
public struct CompareReport {
  private let comparison: Comparison
  let words: CompareWords
  var say: Phrases { words.say }

  public init(_ comparison: Comparison, language: Language) {
    self.comparison = comparison
    words = CompareWords(comparison, language)
  }

  public func text(markdown: Bool, width: Int) -> String {
    var layout = ReportLayout(markdown: markdown, width: width)
    layout.title(say("So sánh các phương án đến năm \(words.until)", "Options compared, to \(words.until)"))
    layout.paragraph(CompareParagraph(words).text)
    layout.heading(say("Thứ hạng", "Ranking"))
    layout.table(ranking)
    for line in rankingNotes { layout.bullet(line) }
    layout.gap()
    layout.heading(say("Phương án nào hơn phương án nào", "Which beats which"))
    layout.table(pairs)
    layout.paragraph(pairNote)
    layout.heading(say("Chỉ tiêu chính thức: xác suất đạt", "Official targets: probability of meeting them"))
    layout.table(targets)
    layout.paragraph(targetNote)
    for option in comparison.options where !option.isBaseline { section(option, &layout) }
    layout.paragraph(outcomeNote)
    layout.heading(say("Chi phí và ngân sách", "Cost and budget"))
    layout.table(costs)
    for line in costNotes { layout.bullet(line) }
    layout.gap()
    if let table = comparison.futures { futures(table, &layout) }
    if let weighted = comparison.weighted { weights(weighted, &layout) }
    for option in comparison.options { levers(option, &layout) }
    let notes = comparison.options.flatMap { self.notes($0) }
    if !notes.isEmpty {
      layout.heading(say("Cần biết khi đọc", "To know when reading"))
      for line in notes { layout.bullet(line) }
      layout.gap()
    }
    layout.paragraph(precision)
    layout.paragraph(
      say("Dấu vân tay", "Fingerprint")
        + ": \(comparison.fingerprint.combined) · \(say.numbers.integer(comparison.monteCarlo.draws)) "
        + say("lượt mô phỏng, hạt giống", "draws, seed") + " \(comparison.settings.seed)")
    return layout.text
  }

  // MARK: ranking

  private var ranking: TextTable {
    var table = TextTable([
      .number(say("Hạng", "Rank")), .text(say("Phương án", "Option")), .number(words.objectiveTitle),
      .number(say("P(tốt nhất)", "P(best)") + (comparison.isOpinion ? say(", ý kiến", ", opinion") : "")),
      .number(say("Hối tiếc kỳ vọng", "Expected regret")),
      .number(say("Hối tiếc 95%", "95% regret"), isOptional: true),
      .number(say("Chỉ tiêu đạt (trong \(comparison.targetCount))", "Targets met (of \(comparison.targetCount))")),
      .number(say("Hạng khi bỏ D", "Rank without D")),
      .text(say("Mức yếu nhất", "Weakest grade"), isOptional: true),
      .number(say("Phần dựa trên P", "Resting on P"), isOptional: true),
      .number(say("Phần dựa trên D", "Resting on D"), isOptional: true),
    ])
    for option in comparison.options {
      table.addRow([
        words.rank(option), words.number(option.id) + " " + option.name[say.language],
        words.objective(option.objective.value), words.withError(option.probabilityBest),
        words.regret(option.expectedRegret), words.regret(option.regret95),
        say.numbers.fixed(option.expectedTargetsMet, decimals: 2), words.rankWithoutD(option),
        option.support.weakest?.rawValue ?? "–", say.share(option.support.shareP), say.share(option.support.shareD),
      ])
    }
    return table
  }

  private var rankingNotes: [String] {
    [
      say(
        "Hạng theo \(words.objectiveMeaning). «=»: các lượt mô phỏng không phân biệt được (mức 95% cho mọi cặp).",
        "Ranked by \(words.objectiveMeaning). \"=\": the draws cannot separate them (95% for all pairs together)."),
      say(
        "P(tốt nhất): tỷ lệ tương lai mô phỏng trong đó phương án tốt nhất, ± sai số Monte Carlo (điểm phần trăm)."
          + (comparison.isOpinion ? " Vì dựa vào mức D, đây là một ý kiến, không phải số đo." : ""),
        "P(best): share of simulated futures in which the option is best, ± Monte Carlo error (percentage points)."
          + (comparison.isOpinion ? " As it rests on grade D, it is an opinion, not a measurement." : "")),
      say(
        "Hối tiếc: phần kém phương án tốt nhất trong cùng một tương lai; trung bình, và mức chỉ 5% tương lai vượt quá.",
        "Regret: what is given up against the best option of the same future; on average, and what only 5% of the futures exceed."
      ),
    ]
  }

  // MARK: pairs

  /// A matrix for a few options; for many, the first against each.
  private var pairs: TextTable {
    let options = comparison.options
    func chance(_ a: String, _ b: String) -> String {
      for pair in comparison.pairs {
        let isForward = pair.first == a && pair.second == b
        guard isForward || pair.first == b && pair.second == a else { continue }
        let value = isForward ? pair.probabilityFirstBetter.value : 1 - pair.probabilityFirstBetter.value
        return say.probability(value) + (pair.isSeparated ? "" : " ≈")
      }
      return "·"
    }
    guard options.count <= 8 else {
      var table = TextTable([
        .text(say("Phương án đứng đầu so với", "The first option against")),
        .number(say("tốt hơn trong", "is better in")),
        .number(say("± điểm %", "± points"), isOptional: true),
      ])
      for pair in comparison.pairs where pair.first == options[0].id {
        table.addRow([
          words.number(pair.second) + " " + words.name(pair.second), chance(pair.first, pair.second),
          say.numbers.fixed(100 * pair.probabilityFirstBetter.error, decimals: 1),
        ])
      }
      return table
    }
    var table = TextTable(
      [.text(say("Dòng hơn cột", "Row beats column"))] + options.map { .number(words.number($0.id)) })
    for option in options {
      table.addRow(
        [words.number(option.id) + " " + option.name[say.language]] + options.map { chance(option.id, $0.id) })
    }
    return table
  }

  private var pairNote: String {
    let largest = comparison.pairs.map(\.probabilityFirstBetter.error).max() ?? 0
    let points = say.numbers.fixed(100 * largest, decimals: 1)
    var text = say(
      "Tỷ lệ tương lai, trên cùng một bộ số ngẫu nhiên; bằng nhau tính một nửa; ± nhiều nhất \(points) điểm phần trăm; ≈: không phân biệt được.",
      "Share of futures, on the same dice; equal ones count half; ± at most \(points) percentage points; ≈: not separated."
    )
    let open = comparison.pairs.filter { !$0.isSeparated }.compactMap(\.drawsToSeparate).filter { $0 <= 1_000_000 }
    if let most = open.max(), most > comparison.monteCarlo.draws {
      text += say(
        " Muốn phân biệt các cặp còn lại cần đến \(say.numbers.integer(most)) lượt mô phỏng.",
        " To separate the pairs that can be takes up to \(say.numbers.integer(most)) draws.")
    }
    return text
  }

  // MARK: targets

  private var targets: TextTable {
    var table = TextTable(
      [.text(say("Chỉ tiêu", "Target"))]
        + comparison.options.map { .number(words.number($0.id)) })
    for (position, item) in comparison.items.enumerated() where item.target != nil {
      table.addRow(
        [words.label(item)] + comparison.options.map { words.probability($0.outcomes[position].probability) })
    }
    return table
  }

  private var targetNote: String {
    let largest = comparison.options.flatMap { $0.outcomes.compactMap(\.probability?.error) }.max() ?? 0
    var text =
      say("Sai số Monte Carlo nhiều nhất ", "Monte Carlo error at most ")
      + say.numbers.fixed(100 * largest, decimals: 1) + say(" điểm phần trăm.", " percentage points.")
    if comparison.items.contains(where: { $0.restsOnPlannersPath }) {
      text += say(
        " [D]: đường cơ sở là ước tính của người lập kế hoạch nên không có xác suất đạt chỉ tiêu, chỉ có thay đổi.",
        " [D]: the path without policy is a planner's own, so there is no probability of the target, only a change.")
    }
    if comparison.items.contains(where: \.restsOnFewObservations) { text += " " + say.fewMarkExplained }
    return text
  }

  // MARK: one option

  private func section(_ option: Comparison.Option, _ layout: inout ReportLayout) {
    layout.heading(words.number(option.id) + " " + option.name[say.language])
    let changed = comparison.items.indices.filter { option.outcomes[$0].change.map { $0.mean.value != 0 } ?? false }
    guard !changed.isEmpty else {
      layout.paragraph(
        say(
          "Không thay đổi chỉ tiêu chính thức hay chỉ tiêu chính nào.",
          "It changes no official target and no headline indicator."
        ))
      return
    }
    var table = TextTable([
      .text(say("Chỉ tiêu", "Indicator")), .number(say("Thay đổi", "Change")),
      .number(say("80%", "80%")), .number(say("Cộng dồn", "Cumulated")),
      .number(say("80% cộng dồn", "80% cumulated"), isOptional: true),
      .number(say("Năm để nhận ra", "Years to detect"), isOptional: true),
    ])
    // When a target is met and what a unit of gain costs stands apart, so that a narrow terminal shows it too.
    var aims = TextTable([
      .text(say("Chỉ tiêu", "Indicator")), .number(say("P(đạt)", "P(met)")),
      .text(say("Đạt lần đầu", "First met")), .number(say("Tỷ đồng/đơn vị", "Billion VND per unit")),
    ])
    for position in changed {
      let (item, outcome) = (comparison.items[position], option.outcomes[position])
      table.addRow([
        words.label(item), words.change(outcome.change, item), words.band(outcome.change, item),
        words.change(outcome.cumulated, item), words.band(outcome.cumulated, item),
        words.years(outcome.detectableYears),
      ])
      guard outcome.probability != nil || option.costPerUnit[position] != nil else { continue }
      aims.addRow([
        words.label(item), words.probability(outcome.probability), words.firstMet(outcome.firstMet),
        words.unitCost(option.costPerUnit[position], item),
      ])
    }
    layout.table(table)
    if !aims.isEmpty { layout.table(aims) }
    for (rule, share) in option.triggered {
      let name = comparison.model.catalog.indicator(rule.indicator)?.name[say.language] ?? rule.indicator
      layout.bullet(
        say(
          "Quyết định sau khi biết \(name) năm \(rule.year) được dùng trong \(say.probability(share)) số tương lai.",
          "What is decided on \(name) in \(rule.year) acts in \(say.probability(share)) of the futures."))
    }
  }

  private var outcomeNote: String {
    say(
      "Thay đổi: trung vị và dải 80% của chênh lệch với không có chính sách mới trong từng tương lai. Cộng dồn: tổng các năm dự báo; với tỷ lệ, điểm số và thứ hạng hãy chia cho số năm. Đạt lần đầu: năm đầu tiên mà một nửa số tương lai đã đạt. Năm để nhận ra: số năm số liệu trước và sau để phân biệt tác động với ngẫu nhiên.",
      "Change: median and 80% band of the difference to no new policy, future by future. Cumulated: the sum over the projected years; divide it by their number for rates, scores and ranks. First met: the first year by which half of the futures have met it. Years to detect: years of data before and after that it takes to tell the effect from chance."
    )
  }

  private func notes(_ option: Comparison.Option) -> [String] {
    let mark = words.number(option.id) + " "
    var lines: [String] = []
    if option.assumesWorld {
      lines.append(
        mark
          + say(
            "có giả định riêng về bên ngoài: so với các phương án khác không chỉ là chính sách; hãy dùng --future cho tương lai.",
            "assumes a world of its own: more than policy is compared; give worlds with --future."))
    }
    for lever in option.beyondValidity {
      lines.append(
        mark
          + say(
            "«\(words.leverName(lever))» vượt phạm vi của bằng chứng; phần vượt không được tính.",
            "\"\(words.leverName(lever))\" goes beyond what its evidence covers; the excess does not count."))
    }
    for lever in option.earlyStarts {
      lines.append(
        mark
          + say(
            "«\(words.leverName(lever))» bắt đầu trước khi số liệu kết thúc: một phần tác động có thể đã nằm trong dự báo cơ sở.",
            "\"\(words.leverName(lever))\" starts before the data end: part of its effect may be in the baseline already."
          ))
    }
    return lines
  }

  private var precision: String {
    let error = say.numbers.fixed(100 * comparison.monteCarlo.largestError, decimals: 2)
    guard let wanted = comparison.monteCarlo.requested else {
      return say(
        "Sai số Monte Carlo lớn nhất của các xác suất: \(error) điểm phần trăm.",
        "Largest Monte Carlo error of the probabilities: \(error) percentage points.")
    }
    let asked = say.numbers.automatic(100 * wanted)
    return comparison.monteCarlo.isReached
      ? say(
        "Sai số Monte Carlo lớn nhất \(error) điểm phần trăm, yêu cầu \(asked).",
        "Largest Monte Carlo error \(error) percentage points, \(asked) asked for.")
      : say(
        "Không đạt độ chính xác yêu cầu \(asked) điểm phần trăm với \(say.numbers.integer(comparison.monteCarlo.draws)) lượt mô phỏng (nhiều nhất được phép): sai số \(error).",
        "The precision of \(asked) percentage points is not reached with \(say.numbers.integer(comparison.monteCarlo.draws)) draws, the most that are made: the error is \(error)."
      )
  }
}
