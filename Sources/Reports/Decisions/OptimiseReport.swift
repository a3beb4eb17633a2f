import Scenarios
import TextFiles

/// The best packages for all budgets, and for one.
public struct OptimiseReport: DecisionView {
  private let result: OptimiseResult
  private let model: CompiledModel
  private let fingerprint: Fingerprint

  public init(_ result: OptimiseResult, model: CompiledModel, fingerprint: Fingerprint) {
    self.result = result
    self.model = model
    self.fingerprint = fingerprint
  }

  // MARK: text

  public func text(language: Language, markdown: Bool, width: Int) -> String {
    let say = Phrases(language)
    var layout = ReportLayout(markdown: markdown, width: width)
    layout.title(say("Gói giải pháp tốt nhất", "The best package"))
    layout.paragraph(paragraph(language))
    if !result.parts.isEmpty { parts(say, &layout) }
    if result.front.count > 1 { front(say, &layout) }
    notes(say, &layout)
    layout.paragraph(say("Dấu vân tay", "Fingerprint") + ": \(fingerprint.combined)")
    return layout.text
  }

  /// The name of the objective.
  private func objective(_ say: Phrases) -> String {
    switch result.objective {
    case .probability(let aim):
      guard let definition = model.catalog.indicator(aim.measure.indicator) else { return "" }
      return say("xác suất ", "the probability of ")
        + "\(say.name(aim.measure, model)) \(say.aim(aim, definition)) \(definition.display.unit[say.language])"
    case .mean(let measure, _):
      guard let definition = model.catalog.indicator(measure.indicator) else { return "" }
      return say("trung bình của ", "the mean of ")
        + "\(say.name(measure, model)) (\(definition.display.unit[say.language]))"
    case .weighted(let parts):
      return say("tổng có trọng số của ", "the weighted sum of ")
        + say.list(parts.map { "\(say.name($0.measure, model)) × \(say.numbers.automatic($0.weight))" })
        + say(" (độ lệch chuẩn của dự báo)", " (standard deviations of the projection)")
    }
  }

  /// A value of the objective, and a change of it.
  private func value(_ value: Double, _ say: Phrases, signed: Bool = false) -> String {
    switch result.objective {
    case .probability:
      return signed
        ? say.numbers.fixed(100 * value, decimals: 1, signed: true) + say(" điểm %", " points") : say.probability(value)
    case .mean(let measure, let direction):
      guard let display = model.catalog.indicator(measure.indicator)?.display else { return "" }
      let own = direction == .atLeast ? value : -value
      let scaled = own * display.scale
      if signed { return say.numbers.automatic(scaled, significantDigits: 2, signed: true) }
      // Means of small whole numbers differ by parts of a unit.
      return say.numbers.fixed(
        scaled, decimals: display.decimals == 0 && abs(scaled) < 100 ? 1 : display.decimals)
    case .weighted: return say.numbers.fixed(value, decimals: 3, signed: signed)
    }
  }

  private func error(_ value: Double, _ say: Phrases) -> String {
    switch result.objective {
    case .probability: return say.numbers.fixed(100 * value, decimals: 1)
    case .mean(let measure, _):
      let scale = model.catalog.indicator(measure.indicator)?.display.scale ?? 1
      return say.numbers.automatic(value * scale, significantDigits: 2)
    case .weighted: return say.numbers.fixed(value, decimals: 3)
    }
  }

  public func paragraph(_ language: Language) -> String {
    let say = Phrases(language)
    let name = objective(say)
    guard !result.levers.isEmpty else {
      return say(
        "Không có giải pháp nào đã biết chi phí làm thay đổi \(name).", "No lever with a known cost moves \(name).")
    }
    guard let best = result.best, let budget = result.budget else {
      let most = result.front.last
      return say(
        "Không thêm gì, \(name) là \(value(result.baseline, say)); với mọi giải pháp đã biết chi phí (\(say.money(most?.cost ?? 0)) tỷ đồng một năm): \(value(most?.value ?? .nan, say)).",
        "With nothing new \(name) is \(value(result.baseline, say)); with all levers whose cost is known (\(say.money(most?.cost ?? 0)) billion VND a year) it is \(value(most?.value ?? .nan, say))."
      )
    }
    let money = say.numbers.automatic(budget, significantDigits: 3)
    guard !result.parts.isEmpty else {
      return say(
        "Với \(money) tỷ đồng một năm, không gói nào tốt hơn là không thêm gì: \(name) là \(value(result.baseline, say)).",
        "With \(money) billion VND a year no package is better than nothing new: \(name) is \(value(result.baseline, say))."
      )
    }
    var text = say(
      "Với \(money) tỷ đồng một năm, \(name) lớn nhất khi: \(moves(say)). Khi đó là \(value(best.value, say)) thay vì \(value(result.baseline, say)); chi phí thêm \(say.money(best.cost)) tỷ đồng một năm.",
      "With \(money) billion VND a year \(name) is best with: \(moves(say)). It is then \(value(best.value, say)) instead of \(value(result.baseline, say)), for \(say.money(best.cost)) billion VND a year."
    )
    if abs(best.gain) < 2 * best.gainError {
      text += say(
        " Số lượt mô phỏng không phân biệt được gói này với không thêm gì.",
        " The draws cannot tell this package from nothing new.")
    } else {
      let tied = result.parts.filter(\.isTied).map { $0.lever.definition.name[language] }
      if !tied.isEmpty {
        text += say(
          " Không phân biệt được đóng góp của \(say.list(tied)) với không có gì.",
          " What \(say.list(tied)) adds cannot be told from nothing.")
      }
    }
    if let price = result.shadowPrice {
      text += say(
        " Thêm một tỷ đồng một năm mang lại \(self.value(price, say, signed: true)).",
        " One billion VND a year more would bring \(self.value(price, say, signed: true)).")
    }
    return text
  }

  private func moves(_ say: Phrases) -> String {
    say.list(
      result.parts.map { part in
        let name = part.lever.definition.name[say.language]
        if part.lever.isWhole { return "\(name) (\(say.leverValue(part.lever, 1)))" }
        return say(
          "\(name) \(say.leverValue(part.lever, part.lever.base)) → \(say.leverValue(part.lever, part.value))\(say.ofBaseline(part.lever))",
          "\(name) from \(say.leverValue(part.lever, part.lever.base)) to \(say.leverValue(part.lever, part.value))\(say.ofBaseline(part.lever))"
        )
      })
  }

  private func parts(_ say: Phrases, _ layout: inout ReportLayout) {
    layout.heading(say("Trong gói", "In the package"))
    var table = TextTable([
      .text(say("Giải pháp", "Lever")), .number(say("Nay", "Today")), .number(say("Mức", "Setting")),
      .number(say("Chi phí thêm, tỷ đồng/năm", "Extra cost, billion VND a year")),
      .number(say("Mất đi nếu bỏ", "Lost without it")), .text(say("Giới hạn", "Limit"), isOptional: true),
    ])
    for part in result.parts {
      table.addRow([
        part.lever.definition.name[say.language] + (part.lever.isWhole ? "" : " (\(say.unit(part.lever)))"),
        say.leverValue(part.lever, part.lever.base), say.leverValue(part.lever, part.value),
        say.money(part.cost) + (part.lever.isPriceEntered ? " [D]" : ""),
        value(part.loss, say, signed: true) + " ± " + error(part.lossError, say) + (part.isTied ? " ≈ 0" : ""),
        part.position >= 1 - 1e-6 ? say.limit(part.lever) : "",
      ])
    }
    layout.table(table)
  }

  private func front(_ say: Phrases, _ layout: inout ReportLayout) {
    layout.heading(say("Gói tốt nhất cho từng ngân sách", "The best package for every budget"))
    var table = TextTable([
      .number(say("Chi phí thêm, tỷ đồng/năm", "Extra cost, billion VND a year")),
      .number(say("Đạt", "Value")), .number(say("Thêm so với không làm gì", "Gain over nothing new")),
      .text(say("Gói", "Package")),
    ])
    for package in shown {
      let names = zip(result.levers, package.positions).filter { $1 > 1e-6 }.map { lever, position in
        lever.isWhole ? lever.id : "\(lever.id) \(say.leverValue(lever, lever.value(position)))"
      }
      table.addRow([
        package.cost == 0 ? "0" : say.money(package.cost), value(package.value, say),
        package.gain == 0
          ? "0"
          : value(package.gain, say, signed: true) + " ± " + error(package.gainError, say)
            + (package.isTiedWithCheaper ? " ≈" : ""),
        names.isEmpty ? say("không thêm gì", "nothing new") : names.joined(separator: ", "),
      ])
    }
    layout.table(table)
    if shown.count < result.front.count {
      layout.bullet(
        say(
          "\(shown.count) trong \(result.front.count) gói; tất cả có trong csv và json.",
          "\(shown.count) of \(result.front.count) packages; csv and json have them all."))
    }
    if shown.contains(where: \.isTiedWithCheaper) {
      layout.bullet(
        say(
          "≈: số lượt mô phỏng không phân biệt được gói này với gói rẻ hơn ngay trên.",
          "≈: the draws cannot tell this package from the next cheaper one."))
    }
  }

  /// At most fifteen packages, evenly picked, with the best among them.
  private var shown: [OptimiseResult.Package] {
    let front = result.front
    guard front.count > 15 else { return front }
    var places = Set((0..<15).map { $0 * (front.count - 1) / 14 })
    if let best = front.firstIndex(where: { $0.positions == result.best?.positions }) { places.insert(best) }
    return places.sorted().map { front[$0] }
  }

  private func notes(_ say: Phrases, _ layout: inout ReportLayout) {
    layout.bullet(
      say(
        "±: sai số chuẩn do số lượt mô phỏng, trên cùng các tương lai.",
        "±: standard error of the draws, on the same futures."))
    let uncosted = result.leftOut.filter { $0.reason == .noCost }.compactMap {
      model.catalog.lever($0.lever)?.name[say.language]
    }
    if !uncosted.isEmpty {
      layout.bullet(
        say(
          "Không xét vì chưa rõ chi phí (không phải miễn phí): \(say.list(uncosted)). Nhập ước tính của bạn bằng --cost.",
          "Left out, because their cost is not known (they are not free): \(say.list(uncosted)). Enter your own estimate with --cost."
        ))
    }
    let unscaled = result.leftOut.filter { $0.reason == .pathTouchesZero }.compactMap {
      model.catalog.lever($0.lever)?.name[say.language]
    }
    if !unscaled.isEmpty { layout.bullet(say.pathTouchesZero(unscaled)) }
    let idle = result.leftOut.filter { $0.reason == .cannotMove }.compactMap {
      model.catalog.lever($0.lever)?.name[say.language]
    }
    if !idle.isEmpty {
      layout.bullet(say("Không làm thay đổi: \(say.list(idle)).", "Do not move it: \(say.list(idle))."))
    }
    let method: String
    switch result.method {
    case .everyCombination:
      method = say("mọi tổ hợp dự án được chạy qua mô hình", "every combination of projects was run through the model")
    case .pairs:
      method = say(
        "mọi tổ hợp dự án, với tác động của từng dự án và từng cặp",
        "every combination, with the gains of single projects and pairs")
    case .branchAndBound:
      method = say("nhánh và cận, với tác động của từng dự án", "branch and bound, with the gains of single projects")
    case .continuous:
      method = say(
        "tìm kiếm cục bộ từ nhiều điểm xuất phát: không chắc là tốt nhất toàn cục",
        "local search from several starts: not certain to be the best of all")
    case .mixed:
      method = say(
        "nhánh và cận trên dự án, tìm kiếm cục bộ trên các mức: không chắc là tốt nhất toàn cục",
        "branch and bound over projects, local search over levels: not certain to be the best of all")
    }
    layout.bullet(
      say(
        "Cách tìm: \(method); \(say.numbers.integer(result.evaluations)) lần tính trên \(say.numbers.integer(result.searchDraws)) tương lai, định giá trên \(say.numbers.integer(result.draws)). Mức bằng chứng yếu nhất: \(result.weakestGrade?.rawValue ?? "–").",
        "Method: \(method); \(say.numbers.integer(result.evaluations)) settings on \(say.numbers.integer(result.searchDraws)) futures, valued on \(say.numbers.integer(result.draws)). Weakest grade: \(result.weakestGrade?.rawValue ?? "–")."
      ))
    layout.gap()
  }

  // MARK: machines

  public func writeCSV(to sink: any TextSink) throws {
    var writer = CSVWriter(to: sink)
    try writer.record(
      ["cost_billion_vnd_per_year", "value", "gain", "gain_error", "tied_with_cheaper", "is_best"]
        + result.levers.map(\.id))
    for package in result.front {
      for value in [package.cost, package.value, package.gain, package.gainError] { writer.field(value) }
      writer.field(package.isTiedWithCheaper ? "yes" : "no")
      writer.field(package.positions == result.best?.positions ? "yes" : "no")
      for (lever, position) in zip(result.levers, package.positions) { writer.field(lever.value(position)) }
      try writer.endRecord()
    }
    try writer.finish()
  }

  public func writeJSON(to sink: any TextSink) throws {
    var json = JSONWriter(to: sink)
    try json.object { json in
      try JSONReport.run(fingerprint, &json)
      try json.key("objective")
      try json.object { json in try write(result.objective, &json) }
      try json.member("budget_billion_vnd_per_year", result.budget)
      try json.member("baseline", result.baseline)
      try json.member("baseline_error", result.baselineError)
      try json.key("levers")
      try json.array { json in
        for lever in result.levers { try json.object { json in try LeverJSON.write(lever, &json) } }
      }
      try json.key("best")
      if let best = result.best { try write(best, &json) } else { try json.null() }
      try json.key("parts")
      try json.array { json in
        for part in result.parts {
          try json.object { json in
            try json.member("lever", part.lever.id)
            try json.member("value", part.value)
            try json.member("cost_billion_vnd_per_year", part.cost)
            try json.member("loss", part.loss)
            try json.member("loss_error", part.lossError)
            try json.member("is_tied", part.isTied)
          }
        }
      }
      try json.member("shadow_price_per_billion_vnd", result.shadowPrice)
      try json.key("front")
      try json.array { json in for package in result.front { try write(package, &json) } }
      try LeverJSON.write(result.leftOut, &json)
      try json.member("method", result.method.rawValue)
      try json.member("weakest_grade", result.weakestGrade?.rawValue)
      try json.member("search_draws", result.searchDraws)
      try writeParagraph(&json)
    }
    try json.finish()
  }

  private func write(_ objective: OptimiseRequest.Objective, _ json: inout JSONWriter) throws {
    switch objective {
    case .probability(let aim):
      try json.member("kind", "probability")
      try json.key("parts")
      try json.array { json in try part(aim.measure, aim.target.value, nil, aim.target.direction, &json) }
    case .mean(let measure, let direction):
      try json.member("kind", "mean")
      try json.key("parts")
      try json.array { json in try part(measure, nil, nil, direction, &json) }
    case .weighted(let parts):
      try json.member("kind", "weighted")
      try json.key("parts")
      try json.array { json in
        for entry in parts { try part(entry.measure, nil, entry.weight, entry.direction, &json) }
      }
    }
  }

  private func part(
    _ measure: OutcomeMeasure, _ value: Double?, _ weight: Double?, _ direction: GoalTarget.Direction,
    _ json: inout JSONWriter
  ) throws {
    try json.object { json in
      try json.member("indicator", measure.indicator)
      try json.member("period", measure.code)
      try json.member("direction", direction == .atLeast ? "up" : "down")
      try json.member("value", value)
      try json.member("weight", weight)
    }
  }

  private func write(_ package: OptimiseResult.Package, _ json: inout JSONWriter) throws {
    try json.object { json in
      try json.member("cost_billion_vnd_per_year", package.cost)
      try json.member("value", package.value)
      try json.member("gain", package.gain)
      try json.member("gain_error", package.gainError)
      try json.member("is_tied_with_cheaper", package.isTiedWithCheaper)
      try json.key("levers")
      try json.object { json in
        for (lever, position) in zip(result.levers, package.positions) where position > 1e-6 {
          try json.member(lever.id, lever.value(position))
        }
      }
    }
  }
}
