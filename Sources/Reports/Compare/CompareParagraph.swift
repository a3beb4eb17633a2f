import Scenarios
import TextFiles

/// The comparison in one plain paragraph that can be read out in a meeting: every number in it is one of the result, and nothing is said
/// that the numbers do not carry.
struct CompareParagraph {
  private let words: CompareWords
  private var say: Phrases { words.say }
  private var comparison: Comparison { words.comparison }

  init(_ words: CompareWords) { self.words = words }

  init(_ comparison: Comparison, language: Language) { words = CompareWords(comparison, language) }

  var text: String {
    [winner, runnerUp, outcomes, targets, cost, dominated, evidence, worst].compactMap { $0 }.joined(separator: " ")
  }

  private var best: Comparison.Option? { comparison.options.first }

  /// Options that the draws cannot separate from the first.
  private var tied: [Comparison.Option] {
    guard let best else { return [] }
    return comparison.options.filter { best.tiedWith.contains($0.id) }
  }

  private var winner: String? {
    guard let best else { return nil }
    let chance = say.probability(best.probabilityBest.value)
    let (draws, objective) = (say.numbers.integer(comparison.monteCarlo.draws), words.objectiveMeaning)
    let considered = say(
      "So \(comparison.options.count) phương án (kể cả không có chính sách mới) trên cùng \(draws) tương lai mô phỏng, theo \(objective).",
      "\(comparison.options.count) options (no new policy included) were compared in the same \(draws) simulated futures by \(objective)."
    )
    guard !tied.isEmpty else {
      return considered + " "
        + say(
          "Phương án \(words.quoted(best.id)) đứng đầu về trung bình: tốt nhất trong \(chance) số tương lai.",
          "\(words.quoted(best.id)) comes first on average: it is best in \(chance) of the futures.")
    }
    let all = words.list(([best] + tied).map { words.quoted($0.id) })
    return considered + " "
      + say(
        "Các lượt mô phỏng không phân biệt được \(all): coi như ngang nhau ở hạng đầu.",
        "The draws cannot separate \(all): they share the first place.")
  }

  private var runnerUp: String? {
    guard let best, tied.isEmpty,
      let pair = comparison.pairs.first(where: { $0.first == best.id && $0.isSeparated })
    else { return nil }
    let chance = say.probability(pair.probabilityFirstBetter.value)
    return say(
      "So với phương án kế tiếp, \(words.quoted(pair.second)), nó tốt hơn trong \(chance) số tương lai.",
      "Against the next, \(words.quoted(pair.second)), it is better in \(chance) of them.")
  }

  /// The largest moves of the first option, in standard deviations of nothing: just the headline indicators whose change is separated.
  private var outcomes: String? {
    guard let best, !best.isBaseline else { return nil }
    let moved = comparison.items.indices.filter { position in
      guard comparison.items[position].target == nil || isFirstOfIndicator(position),
        comparison.items[position].definition.headline, let change = best.outcomes[position].change
      else { return false }
      return change.mean.isSeparated
    }
    // Relative to the width of the 80% band: what stands out most from what nobody can know.
    let strength = { (position: Int) -> Double in
      let outcome = best.outcomes[position]
      let width = outcome.high - outcome.low
      return width > 0 ? abs(outcome.change?.mean.value ?? 0) / width : 0
    }
    let shown = moved.sorted { strength($0) > strength($1) }.prefix(3)
    guard !shown.isEmpty else { return nil }
    let parts = shown.map { position -> String in
      let (item, outcome) = (comparison.items[position], best.outcomes[position])
      let unit = item.definition.display.unit[say.language]
      return "\(item.definition.name[say.language]) \(item.period): \(words.change(outcome.change, item)) \(unit) ("
        + "80%: \(words.band(outcome.change, item)))"
    }
    return say("So với không có chính sách mới, trung vị: ", "Against no new policy, medians: ")
      + parts.joined(separator: "; ") + "."
  }

  private func isFirstOfIndicator(_ position: Int) -> Bool {
    let items = comparison.items
    let last = items.indices.filter { items[$0].definition.id == items[position].definition.id }
      .max { items[$0].period.lastYear < items[$1].period.lastYear }
    return last == position
  }

  private var targets: String? {
    guard let best, !best.isBaseline else { return nil }
    let shown = comparison.items.indices.filter { best.outcomes[$0].probabilityGain?.isSeparated == true }
      .sorted {
        abs(best.outcomes[$0].probabilityGain?.value ?? 0) > abs(best.outcomes[$1].probabilityGain?.value ?? 0)
      }.prefix(2)
    guard !shown.isEmpty, let base = comparison.options.first(where: \.isBaseline) else { return nil }
    let parts = shown.map { position in
      "\(words.label(comparison.items[position])) "
        + say("từ ", "from ") + words.probability(base.outcomes[position].probability) + say(" lên ", " to ")
        + words.probability(best.outcomes[position].probability)
    }
    return say("Xác suất đạt chỉ tiêu thay đổi: ", "The probability of meeting targets moves: ")
      + parts.joined(separator: "; ") + "."
  }

  private var cost: String? {
    guard let best, !best.isBaseline else { return nil }
    if !best.cost.isKnown {
      let names = words.shortList(best.cost.uncosted.map { words.leverName($0) })
      return say(
        "Chưa thể nói phương án này tốn bao nhiêu: chưa có chi phí cho \(names).",
        "What it costs cannot be said: nobody has stated a cost for \(names).")
    }
    let years = "\(best.cost.years.first ?? 0)–\(best.cost.years.last ?? 0)"
    var text = say(
      "Chi phí thêm \(years): \(words.money(best.cost.total)) tỷ đồng",
      "Its extra cost over \(years) is \(words.money(best.cost.total)) billion VND")
    if let rate = comparison.request.discountRate, let discounted = best.discountedCost {
      text += say(
        ", chiết khấu \(say.numbers.automatic(100 * rate))% là \(words.money(discounted))",
        ", \(words.money(discounted)) discounted at \(say.numbers.automatic(100 * rate))%")
    }
    text += "."
    if let budget = comparison.request.budget, best.fitsBudget == false {
      text +=
        " "
        + say(
          "Vượt ngân sách \(words.money(budget)) tỷ đồng/năm ở các năm \(best.yearsAboveBudget.map(String.init).joined(separator: ", ")).",
          "It is above the budget of \(words.money(budget)) billion VND a year in \(best.yearsAboveBudget.map(String.init).joined(separator: ", "))."
        )
    }
    return text
  }

  private var dominated: String? {
    let beaten = comparison.options.filter { !$0.dominatedBy.isEmpty }
    guard !beaten.isEmpty else { return nil }
    let parts = beaten.map { option in
      say(
        "\(words.quoted(option.id)) thua \(words.quoted(option.dominatedBy[0]))",
        "\(words.quoted(option.id)) by \(words.quoted(option.dominatedBy[0]))")
    }
    return say(
      "Bị trội hơn về mọi mặt (không rẻ hơn, không tốt hơn ở chỉ tiêu chính nào): \(words.list(parts)).",
      "Dominated, being no cheaper and better in no headline indicator: \(words.list(parts)).")
  }

  private var evidence: String? {
    guard let best, comparison.isOpinion else { return nil }
    var text = ""
    if !best.isBaseline, best.support.shareD.isFinite {
      text =
        say(
          "\(say.share(best.support.shareD)) thay đổi của \(words.quoted(best.id)) dựa trên ước tính của người lập kế hoạch (mức D).",
          "\(say.share(best.support.shareD)) of what \(words.quoted(best.id)) changes rests on planners' own estimates (grade D)."
        ) + " "
    }
    text += say(
      "Vì vậy thứ hạng và xác suất tốt nhất là một ý kiến, không phải số đo.",
      "So the ranking and the chance of being best are an opinion, not a measurement.")
    let first = comparison.options.filter { $0.rankWithoutD == 1 }
    guard !first.isEmpty else { return text }
    let names = words.list(first.map { words.quoted($0.id) })
    return text + " "
      + (first.count == 1
        ? say("Bỏ mọi tác động mức D thì đứng đầu là \(names).", "Without effects of grade D the first is \(names).")
        : say(
          "Bỏ mọi tác động mức D thì không phân biệt được \(names) ở hạng đầu.",
          "Without effects of grade D the first place is shared by \(names)."))
  }

  private var worst: String? {
    guard let best, let regret = best.largestRegret, let table = comparison.futures else { return nil }
    let future = table.futures.first { $0.id == regret.future }?.name[say.language] ?? regret.future
    if regret.regret <= 0 {
      return say(
        "Trong mọi tương lai đã đặt tên, \(words.quoted(best.id)) vẫn tốt nhất.",
        "In every named future \(words.quoted(best.id)) is still best.")
    }
    return say(
      "Trong tương lai «\(future)» nó kém phương án tốt nhất ở đó \(words.regret(regret.regret)).",
      "In the future \"\(future)\" it falls short of the best there by \(words.regret(regret.regret)).")
  }
}
