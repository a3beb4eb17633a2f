import Scenarios
import TextFiles

/// Goals, inputs and boxes in words.
struct RobustWords {
  let result: Robustness
  let say: Phrases

  init(_ result: Robustness, _ language: Language) {
    self.result = result
    say = Phrases(language)
  }

  var until: Int { result.settings.until }

  func quoted(_ name: LocalizedText) -> String { say("«\(name.vi)»", "\"\(name.en)\"") }

  func option(_ id: String, in goal: Robustness.Goal) -> String {
    goal.options.first { $0.id == id }.map { quoted($0.name) } ?? id
  }

  /// "Tourism revenue 2026 ≥ 49,500 billion VND"; for a range "between".
  func goal(_ item: OutcomeItem) -> String {
    let display = item.definition.display
    let wanted = item.target.map { say.comparison($0, display) } ?? ""
    return "\(item.definition.name[say.language]) \(item.period) \(wanted) \(display.unit[say.language])"
      + say.marks(item)
  }

  /// An amount of the goal's indicator that is given up.
  func regret(_ value: Double, _ item: OutcomeItem) -> String {
    let display = item.definition.display
    let scaled = value * display.scale
    return say.numbers.fixed(scaled, decimals: abs(scaled) < 10 ? max(display.decimals, 2) : display.decimals)
  }

  func list(_ parts: [String]) -> String {
    guard parts.count > 1, let last = parts.last else { return parts.first ?? "" }
    return parts.dropLast().joined(separator: ", ") + say(" và ", " and ") + last
  }

  // MARK: boxes

  func conditions(_ region: Discovery.Region, _ inputs: [UncertainInput]) -> String {
    list(region.limits.filter { inputs.indices.contains($0.input) }.map { condition($0, inputs[$0.input]) })
  }

  /// One limit as it is read out: "national growth averages under 5.1%".
  private func condition(_ limit: Discovery.Limit, _ input: UncertainInput) -> String {
    switch input.kind {
    case .world(let id):
      guard let definition = result.model.catalog.indicator(id) else { return id }
      let unit = definition.display.unit[say.language]
      return say("\(definition.name.vi) bình quân ", "\(definition.name.en) averages ")
        + bounds(limit) { say.value($0, precise(definition.display)) + (unit == "%" ? "%" : " " + unit) }
    case .delay(let lever): return delay(limit, input, lever)
    case .share(let lever):
      let isPart = limit.upper != nil
      return isPart
        ? say("chỉ một phần của «\(name(lever))» được thực hiện", "only a part of \"\(name(lever))\" comes")
        : say("toàn bộ «\(name(lever))» được thực hiện", "all of \"\(name(lever))\" comes")
    case .effect(let cause, let effect):
      return say(
        "tác động của «\(name(cause))» lên «\(name(effect))» ",
        "the effect of \"\(name(cause))\" on \"\(name(effect))\" is ")
        + bounds(limit) { say.numbers.automatic($0, significantDigits: 2) }
    case .size(let lever):
      return say("quy mô của «\(name(lever))» ", "the size of \"\(name(lever))\" is ")
        + bounds(limit) { say.numbers.automatic($0, significantDigits: 2) }
    case .value(let lever):
      return say("mức của «\(name(lever))» ", "the value of \"\(name(lever))\" is ")
        + bounds(limit) { say.numbers.automatic($0, significantDigits: 3) + (input.isMultiple ? "x" : "") }
        + (input.isMultiple ? say(" đường cơ sở", " of its baseline path") : "")
    }
  }

  private func delay(_ limit: Discovery.Limit, _ input: UncertainInput, _ lever: String) -> String {
    let quoted = say("«\(name(lever))»", "\"\(name(lever))\"")
    var parts: [String] = []
    if let lower = limit.lower {
      // A limit lies between two whole numbers of years; the largest stands for never.
      let years = input.values.filter { $0 > lower }.min() ?? lower
      if let never = input.never, years >= never {
        parts.append(say("\(quoted) không thực hiện được", "\(quoted) never comes"))
      } else {
        let count = say.numbers.fixed(years, decimals: 0)
        parts.append(
          say(
            "\(quoted) chậm từ \(count) năm hoặc không thực hiện được",
            "\(quoted) slips \(count) year\(years == 1 ? "" : "s") or more, or never comes"))
      }
    }
    if let upper = limit.upper {
      let years = input.values.filter { $0 < upper }.max() ?? upper
      let count = say.numbers.fixed(years, decimals: 0)
      parts.append(
        years == 0
          ? say("\(quoted) đúng hạn", "\(quoted) comes on time")
          : say(
            "\(quoted) chậm nhiều nhất \(count) năm", "\(quoted) slips at most \(count) year\(years == 1 ? "" : "s")"))
    }
    return parts.joined(separator: say(" và ", " and "))
  }

  private func bounds(_ limit: Discovery.Limit, _ format: (Double) -> String) -> String {
    switch (limit.lower, limit.upper) {
    case (let lower?, let upper?): return say("từ ", "between ") + format(lower) + say(" đến ", " and ") + format(upper)
    case (let lower?, nil): return say("trên ", "over ") + format(lower)
    case (nil, let upper?): return say("dưới ", "under ") + format(upper)
    case (nil, nil): return ""
    }
  }

  private func precise(_ display: IndicatorDefinition.Display) -> IndicatorDefinition.Display {
    var display = display
    display.decimals = max(display.decimals, 1)
    return display
  }

  private func name(_ id: String) -> String {
    result.model.catalog.lever(id)?.name[say.language] ?? result.model.catalog.indicator(id)?.name[say.language] ?? id
  }

  // MARK: sentences

  /// What discovery found, in one or two sentences. Of a goal on a planner's own path no share of all futures is said, which would be
  /// its probability under another name.
  func sentence(_ discovery: Discovery, _ goal: Robustness.Goal) -> String {
    let option = option(discovery.option, in: goal)
    let aim = say("«\(self.goal(goal.item))»", "\"\(self.goal(goal.item))\"")
    let (vi, en) = discovery.isFailure ? ("không đạt", "misses") : ("đạt", "meets")
    guard let box = discovery.box else { return nothingFound(discovery, goal, option, aim) }
    let (place, quality) = (conditions(box, discovery.inputs), box.quality)
    let (mass, coverage) = (say.probability(quality.mass), say.probability(quality.coverage))
    let isMostly = goal.item.hasProbability && quality.density > 0.5
    let start = say(
      "\(option) \(isMostly ? "thường" : "hay") \(vi) mục tiêu \(aim)\(isMostly ? "" : " hơn") khi \(place). Điều đó xảy ra trong \(mass) số tương lai mô phỏng và bao gồm \(coverage) số lần \(vi); ",
      "\(option) \(en) \(aim) \(isMostly ? "mostly" : "more often") when \(place). That is so in \(mass) of the simulated futures and holds \(coverage) of the cases; "
    )
    guard goal.item.hasProbability else {
      let lift = say.numbers.fixed(quality.density / max(discovery.share, 1e-12), decimals: 1)
      return start
        + say(
          "khi đó điều này hay gặp gấp \(lift) lần bình quân.", "there they are \(lift) times as frequent as in all.")
    }
    let (density, all) = (say.probability(quality.density), say.probability(discovery.share))
    return start
      + say(
        "khi đó tỷ lệ \(vi) là \(density), so với \(all) bình quân.",
        "there it \(en) it in \(density), against \(all) in all.")
  }

  private func nothingFound(
    _ discovery: Discovery, _ goal: Robustness.Goal, _ option: String, _ aim: String
  ) -> String {
    let (vi, en) = discovery.isFailure ? ("không đạt", "misses") : ("đạt", "meets")
    guard discovery.outcome == .tooRare else {
      return say(
        "Khi nào \(option) \(vi) mục tiêu \(aim) không nói được bằng các yếu tố có tên: biến động riêng của chỉ tiêu quyết định.",
        "When \(option) \(en) \(aim) cannot be said by the named inputs: the indicator's own ups and downs decide.")
    }
    guard goal.item.hasProbability else {
      return say(
        "Quá ít lượt mô phỏng ở một phía để mô tả khi nào \(option) đạt mục tiêu \(aim).",
        "Too few draws lie on one side to describe when \(option) meets \(aim).")
    }
    return say(
      "\(option) hầu như không bao giờ \(vi) mục tiêu \(aim) trong các tương lai mô phỏng.",
      "\(option) hardly ever \(en) \(aim) in the simulated futures.")
  }

  /// One leaf of the tree.
  func leaf(_ leaf: Discovery.Region, _ discovery: Discovery, _ item: OutcomeItem) -> String {
    let (vi, en) = discovery.isFailure ? ("không đạt", "missed") : ("đạt", "met")
    let coverage = say.probability(leaf.quality.coverage)
    guard item.hasProbability else {
      return conditions(leaf, discovery.inputs)
        + say(" (\(coverage) số lần \(vi))", " (\(coverage) of the cases in which it is \(en))")
    }
    return conditions(leaf, discovery.inputs)
      + say(
        ": \(vi) trong \(say.probability(leaf.quality.density)), bao gồm \(coverage) số lần",
        ": \(en) in \(say.probability(leaf.quality.density)), \(coverage) of the cases")
  }

  /// The paragraph to read out.
  var paragraph: String {
    guard let first = result.goals.first else { return "" }
    let draws = say.numbers.integer(result.settings.draws)
    let named = result.futures.count
    var parts = [
      say(
        "\(first.options.count) phương án (kể cả không có chính sách mới) được thử trong cùng \(draws) tương lai mô phỏng"
          + (named == 0 ? "." : " và \(named) tương lai đã đặt tên."),
        "\(first.options.count) options (no new policy included) were tried in the same \(draws) simulated futures"
          + (named == 0 ? "." : " and \(named) named one\(named == 1 ? "" : "s")."))
    ]
    if result.goals.count == 1 {
      parts.append(standing(first))
      parts += first.discoveries.map { sentence($0, first) }
    } else {
      parts += standings
    }
    if result.goals.contains(where: { $0.options.contains { $0.weakestGrade == .d } }) {
      parts.append(
        say(
          "Một phần tác động là ước tính của người lập kế hoạch (mức D): đây là một ý kiến, không phải số đo.",
          "Some of the effects are planners' own estimates (grade D): this is an opinion, not a measurement."))
    }
    return parts.joined(separator: " ")
  }

  /// Many goals: by option, the goals that it meets most often, those first in which it gains most over no new policy.
  private var standings: [String] {
    let judged = result.goals.filter(\.item.hasProbability)
    guard !judged.isEmpty else { return result.goals.map { standing($0) } }
    var sentences: [String] = []
    var seen: [String] = []
    for best in judged.compactMap({ $0.options.first }) where !best.isBaseline && !seen.contains(best.id) {
      seen.append(best.id)
      let won = judged.filter { goal in
        goal.options.first?.id == best.id && (gain(goal) ?? 0) > 0
          && !goal.options.dropFirst().contains { $0.satisficing.value == goal.options[0].satisficing.value }
      }.sorted { (gain($0) ?? 0) > (gain($1) ?? 0) }
      guard !won.isEmpty else { continue }
      let shown = won.prefix(3).map { goal -> String in
        let base = goal.options.first(where: \.isBaseline)?.satisficing.value ?? .nan
        return "\(self.goal(goal.item)): \(say.probability(goal.options[0].satisficing.value)) "
          + say("(không có chính sách mới \(say.probability(base)))", "(no new policy \(say.probability(base)))")
      }
      sentences.append(
        say(
          "\(quoted(best.name)) đạt \(won.count) trong \(judged.count) mục tiêu nhiều hơn các phương án khác; trong số đó ",
          "\(quoted(best.name)) meets \(won.count) of \(judged.count) goals more often than the others, among them ")
          + shown.joined(separator: "; ") + ".")
    }
    if sentences.isEmpty {
      sentences.append(
        say(
          "Không phương án nào đạt mục tiêu nào nhiều hơn rõ rệt.",
          "No option meets any goal more often than the others."))
    }
    let minimax = Set(result.goals.compactMap(\.minimaxRegret))
    if minimax.count == 1, let id = minimax.first, let goal = result.goals.first {
      sentences.append(
        say(
          "Trong các tương lai đã đặt tên, \(option(id, in: goal)) có hối tiếc lớn nhất nhỏ nhất ở mọi mục tiêu.",
          "Over the named futures \(option(id, in: goal)) has the smallest largest regret for every goal."))
    }
    return sentences
  }

  private func gain(_ goal: Robustness.Goal) -> Double? {
    guard let best = goal.options.first, let base = goal.options.first(where: \.isBaseline) else { return nil }
    return best.satisficing.value - base.satisficing.value
  }

  private func standing(_ goal: Robustness.Goal) -> String {
    guard let best = goal.options.first else { return "" }
    let aim = say("Mục tiêu «\(self.goal(goal.item))»: ", "\"\(self.goal(goal.item))\": ")
    guard goal.item.hasProbability else {
      return aim
        + say(
          "đường cơ sở là của người lập kế hoạch nên không nói được xác suất; ít hối tiếc nhất là \(option(goal.leastExpectedRegret, in: goal)).",
          "the path without policy is a planner's own, so no probability can be given; the least regret has \(option(goal.leastExpectedRegret, in: goal))."
        )
    }
    let same = goal.options.filter { $0.satisficing.value == best.satisficing.value }
    let base = goal.options.first(where: \.isBaseline)
    var text = aim
    if same.count > 1 {
      text += say(
        "\(list(same.map { quoted($0.name) })) đạt như nhau, trong \(say.probability(best.satisficing.value)) số tương lai",
        "\(list(same.map { quoted($0.name) })) meet it alike, in \(say.probability(best.satisficing.value)) of the futures"
      )
    } else {
      text += say(
        "\(quoted(best.name)) đạt nhiều nhất, trong \(say.probability(best.satisficing.value)) số tương lai",
        "\(quoted(best.name)) meets it most often, in \(say.probability(best.satisficing.value)) of the futures")
    }
    if let base, !same.contains(where: \.isBaseline) {
      text += say(
        " (không có chính sách mới: \(say.probability(base.satisficing.value)))",
        " (no new policy: \(say.probability(base.satisficing.value)))")
    }
    if let minimax = goal.minimaxRegret {
      text += say(
        "; trong các tương lai đã đặt tên, \(option(minimax, in: goal)) có hối tiếc lớn nhất nhỏ nhất",
        "; over the named futures \(option(minimax, in: goal)) has the smallest largest regret")
    }
    return text + "."
  }
}
