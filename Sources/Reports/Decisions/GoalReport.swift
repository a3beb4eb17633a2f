import Scenarios
import TextFiles

/// What it takes to reach values.
public struct GoalReport: DecisionView {
  private let result: GoalResult
  private let model: CompiledModel
  private let fingerprint: Fingerprint

  public init(_ result: GoalResult, model: CompiledModel, fingerprint: Fingerprint) {
    self.result = result
    self.model = model
    self.fingerprint = fingerprint
  }

  // MARK: text

  public func text(language: Language, markdown: Bool, width: Int) -> String {
    let say = Phrases(language)
    var layout = ReportLayout(markdown: markdown, width: width)
    layout.title(say("Cần gì để đạt mục tiêu", "What it takes"))
    layout.paragraph(paragraph(language))
    aims(say, &layout)
    if !result.settings.isEmpty { settings(say, &layout) }
    if !result.alone.isEmpty, result.alone.count > 1 { alone(say, &layout) }
    notes(say, &layout)
    layout.paragraph(say("Dấu vân tay", "Fingerprint") + ": \(fingerprint.combined)")
    return layout.text
  }

  /// The paragraph that can be read out.
  public func paragraph(_ language: Language) -> String {
    GoalParagraph(result, model, Phrases(language)).text
  }

  private func aims(_ say: Phrases, _ layout: inout ReportLayout) {
    layout.heading(say("Mục tiêu", "Values to be reached"))
    var table = TextTable([
      .text(say("Chỉ tiêu", "Indicator")), .number(say("Cần", "Wanted")),
      .number(say("Xác suất nếu không thêm gì", "Probability with nothing new")),
      .number(say("Xác suất khi thực hiện", "Probability with the measures")),
      .number(say("Giá trị đạt được", "Value reached"), isOptional: true),
    ])
    for aim in result.aims {
      guard let definition = model.catalog.indicator(aim.aim.measure.indicator) else { continue }
      let isAssumed = aim.aim.isAssumed
      table.addRow([
        say.name(aim.aim.measure, model) + (isAssumed ? " [D]" : ""),
        say.aim(aim.aim, definition) + " " + definition.display.unit[say.language],
        isAssumed ? say("không có", "none given") : say.probability(aim.baselineProbability),
        isAssumed
          ? say("không có", "none given")
          : say.probability(aim.probability, error: aim.probabilityError),
        say.value(aim.value, definition.display),
      ])
    }
    layout.table(table)
    if !result.aims.allSatisfy(\.aim.isAssumed) {
      layout.bullet(
        say(
          "Giá trị đạt được: mức đạt với xác suất yêu cầu (\(say.share(result.aims.first?.aim.target.probability ?? 0.5))). ±: sai số chuẩn do số lượt mô phỏng, điểm phần trăm.",
          "Value reached: with the wanted probability (\(say.share(result.aims.first?.aim.target.probability ?? 0.5))). ±: standard error of the draws, percentage points."
        ))
    }
    if result.aims.contains(where: \.aim.isAssumed) {
      layout.bullet(
        say(
          "[D]: chỉ tiêu dựa trên đường đi do người lập kế hoạch nhập; không có xác suất, chỉ tìm cho mức giữa của đường đi đó.",
          "[D]: the indicator rests on a planner's own path; it has no probability, and the search is for the middle of that path."
        ))
    }
    layout.gap()
  }

  private func settings(_ say: Phrases, _ layout: inout ReportLayout) {
    layout.heading(
      result.outcome == .cannotBeReached
        ? say("Mức của các giải pháp khi đi xa nhất có thể", "Levers where one gets farthest")
        : say("Mức cần có của các giải pháp", "Levers as they need to be"))
    var table = TextTable([
      .text(say("Giải pháp", "Lever")), .number(say("Nay", "Today")), .number(say("Cần", "Needed")),
      .number(say("Phần của khoảng khả thi", "Share of feasible range"), isOptional: true),
      .number(say("Chi phí thêm, tỷ đồng/năm", "Extra cost, billion VND a year")),
      .text(say("Giới hạn", "Limit")),
    ])
    for setting in result.settings {
      table.addRow([
        setting.lever.definition.name[say.language] + (setting.lever.isWhole ? "" : " (\(say.unit(setting.lever)))"),
        say.leverValue(setting.lever, setting.lever.base),
        say.leverValue(setting.lever, setting.value), say.share(setting.effort),
        say.money(setting.cost) + (setting.lever.isPriceEntered ? " [D]" : ""),
        setting.isAtLimit ? say.limit(setting.lever) : "",
      ])
    }
    layout.table(table)
  }

  private func alone(_ say: Phrases, _ layout: inout ReportLayout) {
    guard let binding = result.bindingAim, let definition = model.catalog.indicator(binding.aim.measure.indicator)
    else {
      return
    }
    layout.heading(say("Từng giải pháp một mình", "Each lever by itself"))
    var table = TextTable([
      .text(say("Giải pháp", "Lever")), .number(say("Cần", "Needed")),
      .number(say("Chi phí thêm, tỷ đồng/năm", "Extra cost, billion VND a year")),
      .number(say("Đạt được", "Gets to") + " (\(definition.display.unit[say.language]))"),
    ])
    for row in result.alone {
      let end = row.position ?? 1
      table.addRow([
        row.lever.definition.name[say.language],
        row.position.map { say.leverValue(row.lever, row.lever.value($0)) } ?? say("không đủ", "not enough"),
        say.money(row.lever.cost(end)), say.value(row.value, definition.display),
      ])
    }
    layout.table(table)
  }

  private func notes(_ say: Phrases, _ layout: inout ReportLayout) {
    for setting in result.settings where setting.isAtLimit {
      let name = setting.lever.definition.name[say.language]
      switch setting.lever.limit {
      case .evidence(let link):
        layout.bullet(
          say(
            "\(name): bằng chứng (\(link)) không nói gì về mức cao hơn; mô hình không tính thêm hiệu quả nào ngoài mức đó.",
            "\(name): the evidence (\(link)) says nothing about more; beyond, the model counts no further effect."))
      case .range:
        guard let gain = setting.gainOfWiderRange, let binding = result.bindingAim,
          let definition = model.catalog.indicator(binding.aim.measure.indicator)
        else { continue }
        layout.bullet(
          say(
            "\(name): hết khoảng khả thi; nếu đi thêm một phần mười quãng đường, \(definition.name.vi) thêm \(say.change(gain, definition.display)) \(definition.display.unit.vi).",
            "\(name): at the end of its feasible range; a tenth more of the way would bring \(say.change(gain, definition.display)) \(definition.display.unit.en) of \(definition.name.en)."
          ))
      case .whole: break
      }
    }
    if let gain = result.gainPerBillion, let binding = result.bindingAim,
      let definition = model.catalog.indicator(binding.aim.measure.indicator)
    {
      layout.bullet(
        say(
          "Ngân sách đã dùng hết: thêm 1 tỷ đồng một năm thì \(definition.name.vi) thêm \(say.change(gain, definition.display)).",
          "The budget is spent: one billion VND a year more would bring \(say.change(gain, definition.display)) of \(definition.name.en)."
        ))
    }
    let uncosted = result.leftOut.filter { $0.reason == .noCost }.map { leverName($0.lever, say) }
    if !uncosted.isEmpty {
      layout.bullet(
        say(
          "Không xét vì chưa rõ chi phí (không phải miễn phí): \(say.list(uncosted)). Nhập ước tính của bạn bằng --cost.",
          "Left out, because their cost is not known (they are not free): \(say.list(uncosted)). Enter your own estimate with --cost."
        ))
    }
    let unscaled = result.leftOut.filter { $0.reason == .pathTouchesZero }.map { leverName($0.lever, say) }
    if !unscaled.isEmpty { layout.bullet(say.pathTouchesZero(unscaled)) }
    let idle = result.leftOut.filter { $0.reason == .cannotMove }.map { leverName($0.lever, say) }
    if !idle.isEmpty {
      layout.bullet(
        say("Không làm mục tiêu này thay đổi: \(say.list(idle)).", "Do not move it: \(say.list(idle))."))
    }
    if result.outcome == .reached, result.lowerScale.isFinite {
      let low = say.numbers.fixed(result.lowerScale, decimals: 2)
      let high = result.upperScale.isFinite ? say.numbers.fixed(result.upperScale, decimals: 2) : nil
      layout.bullet(
        say(
          "Sai số do số lượt mô phỏng: mức thay đổi cần có từ \(low) lần "
            + (high.map { "đến \($0) lần mức trên." } ?? "trở lên; có thể không đạt được."),
          "Error of the draws: the moves needed are \(low) "
            + (high.map { "to \($0) times those above." } ?? "times those above or more; it may be out of reach.")))
    }
    if !result.isComplete {
      layout.bullet(
        say(
          "Việc tìm kiếm trên các dự án có/không đã dừng sớm: có thể còn cách ít hơn.",
          "The search over yes/no projects was cut short: there may be a smaller way."))
    }
    layout.bullet(
      say(
        "Tìm trên \(say.numbers.integer(result.searchDraws)) tương lai (\(say.numbers.integer(result.evaluations)) lần tính), kiểm tra trên \(say.numbers.integer(result.draws)). Mức bằng chứng yếu nhất: \(result.weakestGrade?.rawValue ?? "–").",
        "Searched on \(say.numbers.integer(result.searchDraws)) futures (\(say.numbers.integer(result.evaluations)) settings), checked on \(say.numbers.integer(result.draws)). Weakest grade: \(result.weakestGrade?.rawValue ?? "–")."
      ))
    layout.gap()
  }

  private func leverName(_ id: String, _ say: Phrases) -> String { model.catalog.lever(id)?.name[say.language] ?? id }

  // MARK: machines

  public func writeCSV(to sink: any TextSink) throws {
    var writer = CSVWriter(to: sink)
    try writer.record(["kind", "id", "period", "field", "value"])
    func row(_ kind: String, _ id: String, _ period: String, _ field: String, _ value: Double?) throws {
      for text in [kind, id, period, field] { writer.field(text) }
      writer.field(value)
      try writer.endRecord()
    }
    for aim in result.aims {
      let (id, period) = (aim.aim.measure.indicator, aim.aim.measure.code)
      let isAssumed = aim.aim.isAssumed
      try row("aim", id, period, "wanted", aim.aim.target.value)
      try row("aim", id, period, "wanted_probability", isAssumed ? nil : aim.aim.target.probability)
      try row("aim", id, period, "baseline_probability", isAssumed ? nil : aim.baselineProbability)
      try row("aim", id, period, "baseline_value", aim.baselineValue)
      try row("aim", id, period, "probability", isAssumed ? nil : aim.probability)
      try row("aim", id, period, "probability_error", isAssumed ? nil : aim.probabilityError)
      try row("aim", id, period, "value", aim.value)
    }
    for setting in result.settings {
      try row("lever", setting.lever.id, String(setting.lever.from), "today", setting.lever.base)
      try row("lever", setting.lever.id, String(setting.lever.from), "needed", setting.value)
      if let mean = setting.lever.meanBaseline {
        try row("lever", setting.lever.id, String(setting.lever.from), "mean_baseline", mean)
      }
      try row("lever", setting.lever.id, String(setting.lever.from), "share_of_range", setting.effort)
      try row("lever", setting.lever.id, String(setting.lever.from), "cost_billion_vnd_per_year", setting.cost)
    }
    for row_ in result.alone {
      try row("alone", row_.lever.id, String(row_.lever.from), "needed", row_.position.map { row_.lever.value($0) })
      try row("alone", row_.lever.id, String(row_.lever.from), "value", row_.value)
    }
    for left in result.leftOut { try row("left_out", left.lever, "", left.reason.rawValue, nil) }
    try row("total", result.outcome.rawValue, "", "cost_billion_vnd_per_year", result.cost)
    try row("total", result.outcome.rawValue, "", "effort", result.effort)
    try writer.finish()
  }

  public func writeJSON(to sink: any TextSink) throws {
    var json = JSONWriter(to: sink)
    try json.object { json in
      try JSONReport.run(fingerprint, &json)
      try json.member("outcome", result.outcome.rawValue)
      try json.member("by", result.yardstick.rawValue)
      try json.key("targets")
      try json.array { json in for aim in result.aims { try write(aim, &json) } }
      try json.key("levers")
      try json.array { json in
        for setting in result.settings {
          try json.object { json in
            try LeverJSON.write(setting.lever, &json)
            try json.member("needed", setting.value)
            try json.member("share_of_range", setting.effort)
            try json.member("cost_billion_vnd_per_year", setting.cost)
            try json.member("is_at_limit", setting.isAtLimit)
            try json.member("gain_of_wider_range", setting.gainOfWiderRange)
          }
        }
      }
      try json.key("unused")
      try json.array { json in for lever in result.unused { try json.value(lever.id) } }
      try json.key("alone")
      try json.array { json in
        for row in result.alone {
          try json.object { json in
            try LeverJSON.write(row.lever, &json)
            try json.member("needed", row.position.map { row.lever.value($0) })
            try json.member("value", row.value)
          }
        }
      }
      try LeverJSON.write(result.leftOut, &json)
      try json.member("cost_billion_vnd_per_year", result.cost)
      try json.member("effort", result.effort)
      try json.member("budget_billion_vnd_per_year", result.budget)
      try json.member("is_budget_binding", result.isBudgetBinding)
      try json.member("gain_per_billion_vnd", result.gainPerBillion)
      try json.member("lower_scale", result.lowerScale)
      try json.member("upper_scale", result.upperScale)
      try json.member("weakest_grade", result.weakestGrade?.rawValue)
      try json.member("is_complete", result.isComplete)
      try json.member("search_draws", result.searchDraws)
      try writeParagraph(&json)
    }
    try json.finish()
  }

  private func write(_ aim: GoalResult.Aim, _ json: inout JSONWriter) throws {
    let isAssumed = aim.aim.isAssumed
    try json.object { json in
      try json.member("indicator", aim.aim.measure.indicator)
      try json.member("period", aim.aim.measure.code)
      try json.member("comparison", aim.aim.target.direction == .atLeast ? ">=" : "<=")
      try json.member("wanted", aim.aim.target.value)
      try json.member("wanted_probability", isAssumed ? nil : aim.aim.target.probability)
      try json.member("rests_on_planners_path", isAssumed)
      try json.member("baseline_probability", isAssumed ? nil : aim.baselineProbability)
      try json.member("baseline_value", aim.baselineValue)
      try json.member("probability", isAssumed ? nil : aim.probability)
      try json.member("probability_error", isAssumed ? nil : aim.probabilityError)
      try json.member("value", aim.value)
      try json.member("is_binding", aim.isBinding)
    }
  }
}
