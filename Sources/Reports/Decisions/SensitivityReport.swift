import Foundation
import Scenarios
import TextFiles

/// What an outcome depends on, and which unknown would change a decision.
public struct SensitivityReport: DecisionView {
  let result: SensitivityResult
  let model: CompiledModel
  let fingerprint: Fingerprint

  public init(_ result: SensitivityResult, model: CompiledModel, fingerprint: Fingerprint) {
    self.result = result
    self.model = model
    self.fingerprint = fingerprint
  }

  // MARK: words

  /// What an input is, in words.
  private func name(_ input: SensitivityInput, _ say: Phrases) -> String {
    func title(_ id: String) -> String {
      model.catalog.indicator(id)?.name[say.language] ?? model.catalog.lever(id)?.name[say.language] ?? id
    }
    switch input.kind {
    case .effect:
      let ends = input.subject.components(separatedBy: " -> ")
      guard ends.count == 2 else { return input.subject }
      return say("tác động ", "effect ") + title(ends[0]) + " → " + title(ends[1])
    case .size: return say("quy mô: ", "size: ") + title(input.subject)
    case .delivery: return say("thực hiện, chậm trễ: ", "delivery and delay: ") + title(input.subject)
    case .value: return say("mức của biện pháp: ", "value of the measure: ") + title(input.subject)
    case .world: return say("bên ngoài: ", "outside world: ") + title(input.subject)
    case .multiplier: return say("hệ số: ", "factor: ") + title(input.subject)
    case .restart: return say("mức khởi động lại: ", "level at the restart: ") + title(input.subject)
    case .chance: return say("ngẫu nhiên (mọi thứ khác trong dự báo)", "chance (everything else in the projection)")
    }
  }

  private func graded(_ input: SensitivityInput, _ say: Phrases) -> String {
    name(input, say) + (input.grade.map { " [\($0.rawValue)]" } ?? "")
  }

  private var display: IndicatorDefinition.Display? { model.catalog.indicator(result.measure.indicator)?.display }

  private func value(_ value: Double, _ say: Phrases) -> String {
    guard let display else { return "" }
    return result.isChange ? say.change(value, display) : precise(value, display, say)
  }

  /// One more decimal for small whole numbers, whose means differ by parts of a unit.
  private func precise(_ value: Double, _ display: IndicatorDefinition.Display, _ say: Phrases) -> String {
    let scaled = value * display.scale
    return say.numbers.fixed(
      scaled, decimals: display.decimals == 0 && abs(scaled) < 100 ? 1 : display.decimals)
  }

  private func change(_ value: Double, _ say: Phrases) -> String {
    guard let display else { return "" }
    return say.numbers.automatic(value * display.scale, significantDigits: 3, signed: true)
  }

  private func size(_ value: Double, _ say: Phrases) -> String {
    guard let display else { return "" }
    return say.numbers.automatic(value * display.scale, significantDigits: 2)
  }

  private func outcome(_ say: Phrases) -> String {
    let unit = display?.unit[say.language] ?? ""
    let measured = say.name(result.measure, model)
    return result.isChange
      ? say("thay đổi của \(measured) (\(unit))", "the change of \(measured) (\(unit))") : "\(measured) (\(unit))"
  }

  private func scenarioName(_ say: Phrases) -> String {
    result.scenario.map { say(" dưới kịch bản \($0)", " under \($0)") }
      ?? say(" khi không có chính sách mới", " with no new policy")
  }

  // MARK: text

  public func text(language: Language, markdown: Bool, width: Int) -> String {
    let say = Phrases(language)
    var layout = ReportLayout(markdown: markdown, width: width)
    layout.title(say("Kết quả phụ thuộc vào đâu", "What the result depends on"))
    layout.paragraph(paragraph(language))
    if !result.tornado.isEmpty { tornado(say, &layout) }
    shares(say, &layout)
    if let information = result.information { worths(information, say, &layout) }
    notes(say, &layout)
    layout.paragraph(say("Dấu vân tay", "Fingerprint") + ": \(fingerprint.combined)")
    return layout.text
  }

  public func paragraph(_ language: Language) -> String {
    let say = Phrases(language)
    let quantiles = result.quantiles
    var text = say(
      "\(outcome(say))\(scenarioName(say)) là \(value(quantiles[1], say)) ở mức giữa, trong 80% số tương lai từ \(value(quantiles[0], say)) đến \(value(quantiles[2], say)).",
      "\(outcome(say))\(scenarioName(say)) is \(value(quantiles[1], say)) in the middle, and in 80% of futures between \(value(quantiles[0], say)) and \(value(quantiles[2], say))."
    )
    text = text.prefix(1).uppercased() + text.dropFirst()
    guard result.deviation > 0 else {
      return text + say(" Không có gì làm nó thay đổi.", " Nothing moves it.")
    }
    if let chance = result.shares.first(where: { $0.input.kind == .chance }) {
      text += say(
        " Riêng ngẫu nhiên trong dự báo chiếm \(say.share(max(chance.first.value, 0))) độ biến động.",
        " Chance in the projection alone makes \(say.share(max(chance.first.value, 0))) of the variation.")
    }
    let known = result.shares.filter { $0.input.kind != .chance && ($0.total ?? $0.first).lower > 0.005 }
    if let first = known.first {
      let tied = known.filter { $0.places.contains(1) }.prefix(3)
      let estimate = first.total ?? first.first
      if tied.count > 1 {
        text += say(
          " Trong những điều chưa biết, lớn nhất là \(say.list(tied.map { name($0.input, say) })); số lượt mô phỏng không phân định được thứ tự.",
          " Of the unknowns the largest are \(say.list(tied.map { name($0.input, say) })); the draws cannot tell their order."
        )
      } else {
        text += say(
          " Trong những điều chưa biết, lớn nhất là \(name(first.input, say)) (\(say.share(estimate.value))).",
          " Of the unknowns the largest is \(name(first.input, say)) (\(say.share(estimate.value))).")
      }
    } else if !result.inputs.isEmpty {
      text += say(
        " Không điều chưa biết nào tự nó chiếm phần rõ rệt.",
        " No single unknown has a share that can be told from nothing.")
    }
    if let information = result.information { text += " " + decision(information, say) }
    return text
  }

  private func decision(_ information: SensitivityResult.Information, _ say: Phrases) -> String {
    let choice = information.scenarios[information.choice]
    let unit = display?.unit[say.language] ?? ""
    let clear = information.worths.filter(\.isClear)
    var text = say(
      "Theo trung bình, \(choice) tốt nhất.", "On average \(choice) is best.")
    guard let first = clear.first else {
      return text
        + say(
          " Biết thêm từng điều một không làm thay đổi lựa chọn đó một cách rõ rệt.",
          " Learning any one unknown would not clearly change that choice.")
    }
    text += say(
      " Biết trước \(name(first.input, say)) đáng giá \(size(first.value, say)) \(unit): ở \(say.probability(first.worth.changeProbability)) số tương lai, lựa chọn sẽ khác.",
      " Learning \(name(first.input, say)) is worth \(size(first.value, say)) \(unit): in \(say.probability(first.worth.changeProbability)) of futures the choice would be another."
    )
    return text
  }

  private func tornado(_ say: Phrases, _ layout: inout ReportLayout) {
    let isSpider = (result.tornado.first?.probabilities.count ?? 0) > 2
    layout.heading(
      say(
        "Từng điều chưa biết từ phân vị 10% đến 90% (trung bình trên mọi thứ khác)",
        "Each unknown from its 10th to its 90th percentile (mean over everything else)"))
    var columns: [TextTableColumn] = [.text(say("Điều chưa biết", "Unknown"))]
    let probabilities = result.tornado.first?.probabilities ?? []
    for (place, probability) in probabilities.enumerated() {
      let isInner = place > 0 && place < probabilities.count - 1 && isSpider
      columns.append(.number(say.numbers.percent(100 * probability, decimals: 0), isOptional: isInner))
    }
    columns.append(.number(say("Khoảng", "Swing")))
    columns.append(.text("", isOptional: true))
    var table = TextTable(columns)
    let widest = result.tornado.first?.range ?? 0
    let arms = result.tornado.filter { !$0.isNothing }
    for arm in arms.prefix(15) {
      let bar = widest > 0 ? String(repeating: "█", count: Int((16 * arm.range / widest).rounded())) : ""
      table.addRow(
        [graded(arm.input, say)] + arm.means.map { value($0, say) } + [
          change(arm.swing, say) + " ± " + size(arm.swingError, say) + (arm.isClear ? "" : " ≈ 0"), bar,
        ])
    }
    layout.table(table)
    if arms.count > 15 {
      layout.bullet(
        say(
          "Còn \(arms.count - 15) điều chưa biết nhỏ hơn; tất cả có trong csv và json.",
          "\(arms.count - 15) smaller unknowns are left out; csv and json have them all."))
    }
    let idle = result.tornado.filter(\.isNothing).map { name($0.input, say) }
    if !idle.isEmpty {
      layout.bullet(say("Không có tác động: \(say.list(idle)).", "Without any effect: \(say.list(idle))."))
    }
    layout.gap()
  }

  private func shares(_ say: Phrases, _ layout: inout ReportLayout) {
    layout.heading(
      result.isQuick
        ? say("Phần của độ biến động (ước lượng nhanh)", "Shares of the variation (quick estimate)")
        : say("Phần của độ biến động (chỉ số Sobol)", "Shares of the variation (Sobol indices)"))
    var columns: [TextTableColumn] = [
      .number("#"), .text(say("Điều chưa biết", "Unknown")), .number(say("Riêng nó", "By itself")),
      .number("95%", isOptional: true),
    ]
    if !result.isQuick {
      columns += [.number(say("Kể cả tương tác", "With interactions")), .number("95% ", isOptional: true)]
    }
    var table = TextTable(columns)
    func percent(_ estimate: IndexEstimate) -> String { say.numbers.percent(100 * estimate.value, decimals: 1) }
    func interval(_ estimate: IndexEstimate) -> String {
      estimate.lower.isFinite
        ? say.numbers.fixed(100 * estimate.lower, decimals: 1) + " – "
          + say.numbers.fixed(100 * estimate.upper, decimals: 1) : "–"
    }
    for share in result.shares.filter({ $0.first.value != 0 || ($0.total?.value ?? 1) > 1e-9 }).prefix(16) {
      var cells = [
        share.input.kind == .chance
          ? ""
          : share.places.lowerBound == share.places.upperBound
            ? "\(share.places.lowerBound)" : "\(share.places.lowerBound)–\(share.places.upperBound)",
        graded(share.input, say), percent(share.first), interval(share.first),
      ]
      if let total = share.total { cells += [percent(total), interval(total)] }
      table.addRow(cells)
    }
    layout.table(table)
    layout.bullet(
      result.isQuick
        ? say(
          "Phần còn lại (ngẫu nhiên và tương tác): \(say.numbers.percent(100 * result.interaction, decimals: 1)).",
          "The rest (chance and interactions): \(say.numbers.percent(100 * result.interaction, decimals: 1)).")
        : say(
          "Chỉ tác động khi đi cùng nhau (tương tác): \(say.numbers.percent(100 * result.interaction, decimals: 1)).",
          "What they do only together (interactions): \(say.numbers.percent(100 * result.interaction, decimals: 1))."))
    if !result.isQuick, let chance = result.shares.first(where: { $0.input.kind == .chance })?.total {
      let rest = say.share(max(1 - chance.value, 0))
      layout.bullet(
        say(
          "Nếu biết trước mọi điều trên trừ ngẫu nhiên, độ biến động giảm \(rest).",
          "If all of these but chance were known, the variation would fall by \(rest)."))
    }
    layout.bullet(
      say(
        "#: các vị trí có thể, theo khoảng tin cậy; vị trí chồng nhau là ngang nhau.",
        "#: possible places, as far as the intervals tell; overlapping places are ties."))
    layout.gap()
  }

  private func worths(
    _ information: SensitivityResult.Information, _ say: Phrases, _ layout: inout ReportLayout
  ) {
    let unit = display?.unit[say.language] ?? ""
    layout.heading(
      say("Biết thêm điều gì sẽ thay đổi lựa chọn", "Which knowledge would change the choice"))
    var options = TextTable([
      .text(say("Phương án", "Option")), .number(say("Trung bình", "Mean") + " (\(unit))"), .text(""),
    ])
    for (place, scenario) in information.scenarios.enumerated() {
      options.addRow([
        scenario, display.map { precise(information.means[place], $0, say) } ?? "",
        place == information.choice ? say("tốt nhất theo trung bình", "best on average") : "",
      ])
    }
    layout.table(options)
    var table = TextTable([
      .text(say("Biết trước", "Learning")), .number(say("Đáng giá", "Is worth") + " (\(unit))"),
      .number(say("Lựa chọn đổi ở", "Changes the choice in")),
    ])
    table.addRow([
      say("mọi điều", "everything"),
      size(information.perfect.value, say) + " ± " + size(information.perfect.standardError, say),
      say.probability(information.perfect.changeProbability),
    ])
    for worth in information.worths.prefix(12) {
      table.addRow([
        graded(worth.input, say),
        worth.isClear ? size(worth.value, say) + " ± " + size(worth.worth.standardError, say) : "≈ 0",
        worth.isClear ? say.probability(worth.worth.changeProbability) : "–",
      ])
    }
    layout.table(table)
    layout.bullet(
      say(
        "Tính theo đơn vị của chỉ tiêu; chi phí của các phương án không được tính vào.",
        "In the unit of the indicator; what the options cost is not part of it."))
  }

  private func notes(_ say: Phrases, _ layout: inout ReportLayout) {
    if model.restsOnPlannersPath(result.measure.indicator) {
      layout.bullet(
        say(
          "Chỉ tiêu dựa trên đường đi do người lập kế hoạch nhập (mức D): biến động của nó cũng do người đó nhập.",
          "The indicator rests on a planner's own path (grade D): its variation is the planner's, too."))
    }
    if !result.merged.isEmpty {
      layout.bullet(
        say(
          "Gộp vào ngẫu nhiên vì có quá nhiều: \(say.list(result.merged.map { name($0, say) })).",
          "Counted as chance, because there are too many: \(say.list(result.merged.map { name($0, say) }))."))
    }
    layout.bullet(
      result.isQuick
        ? say(
          "Ước lượng từ \(say.numbers.integer(result.draws)) tương lai của một lần chạy thường.",
          "Estimated from \(say.numbers.integer(result.draws)) futures of an ordinary run.")
        : say(
          "Chỉ số: \(say.numbers.integer(result.points)) điểm, \(say.numbers.integer(result.runs)) lần tính mô hình.",
          "Indices: \(say.numbers.integer(result.points)) points, \(say.numbers.integer(result.runs)) runs of the model."
        ))
    layout.gap()
  }
}
