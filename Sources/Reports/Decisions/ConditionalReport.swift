import Scenarios
import TextFiles

/// What a value of an indicator implies for the others.
public struct ConditionalReport: DecisionView {
  private let path: ConditionalPath
  private let model: CompiledModel
  private let fingerprint: Fingerprint

  public init(_ path: ConditionalPath, model: CompiledModel, fingerprint: Fingerprint) {
    self.path = path
    self.model = model
    self.fingerprint = fingerprint
  }

  /// Shifts within this many standard errors of zero are chance: with a hundred indicators, one in twenty runs shows
  /// one beyond.
  private static let clear = 3.5

  public func text(language: Language, markdown: Bool, width: Int) -> String {
    let say = Phrases(language)
    var layout = ReportLayout(markdown: markdown, width: width)
    layout.title(say("Điều đó hàm ý gì", "What that implies"))
    layout.paragraph(paragraph(language))
    if path.isReachable { rows(say, &layout) }
    layout.bullet(
      say(
        "Điều kiện không phải là chính sách: đây là những tương lai của dự báo trong đó giá trị ấy xảy ra. Các chỉ tiêu đi cùng nhau chỉ qua các đồng nhất thức và các yếu tố bên ngoài chung.",
        "A condition is not a policy: these are futures of the projection in which the value comes about. Indicators move together only through identities and shared drivers of the outside world."
      ))
    if path.isReachable {
      layout.bullet(
        say(
          "Số tương lai có hiệu lực: \(say.numbers.fixed(path.effectiveSampleSize, decimals: 0)) trong \(say.numbers.integer(path.draws)); độ rộng của vùng lân cận: \(say.numbers.fixed(path.bandwidth, decimals: 2)) độ lệch chuẩn.",
          "Effective number of futures: \(say.numbers.fixed(path.effectiveSampleSize, decimals: 0)) of \(say.numbers.integer(path.draws)); width of the neighbourhood: \(say.numbers.fixed(path.bandwidth, decimals: 2)) standard deviations."
        ))
    }
    layout.gap()
    layout.paragraph(say("Dấu vân tay", "Fingerprint") + ": \(fingerprint.combined)")
    return layout.text
  }

  public func paragraph(_ language: Language) -> String {
    let say = Phrases(language)
    var text = ""
    for condition in path.conditions {
      guard let definition = model.catalog.indicator(condition.measure.indicator) else { continue }
      let unit = definition.display.unit[language]
      let (value, median) = (
        say.value(condition.value, definition.display), say.value(condition.median, definition.display)
      )
      let name = say.name(condition.measure, model)
      text += say(
        "Nếu \(name) là \(value) \(unit) (mức giữa của dự báo: \(median))",
        "If \(name) is \(value) \(unit) (the middle of the projection: \(median))")
      if let share = condition.probabilityAtLeast {
        text += say(
          ": \(say.probability(share)) số tương lai đạt mức đó trở lên.",
          ": \(say.probability(share)) of futures come to that much or more.")
      } else {
        text += say(
          ": dựa trên đường đi do người lập kế hoạch nhập (mức D), nên không có xác suất.",
          ": it rests on a planner's own path (grade D), so no probability is given.")
      }
      if let growth = condition.growth {
        let percent = { (value: Double) in say.numbers.percent(value, decimals: 1, signed: true) }
        text += say(
          " Từ \(say.value(growth.fact, definition.display)) năm \(growth.from), điều đó cần \(percent(growth.required)) mỗi năm; mức giữa của dự báo là \(percent(growth.baseline))",
          " From \(say.value(growth.fact, definition.display)) in \(growth.from) that takes \(percent(growth.required)) a year; the middle of the projection is \(percent(growth.baseline))"
        )
        if let past = growth.past {
          text += say(
            ", \(growth.years) năm qua là \(percent(past)).",
            ", the last \(growth.years) years brought \(percent(past)).")
        } else {
          text += "."
        }
      }
      text += " "
    }
    guard path.isReachable else {
      return text
        + say(
          "Gần như không có tương lai nào của dự báo tới gần mức đó: không thể nói các chỉ tiêu khác sẽ ra sao.",
          "Hardly any future of the projection comes near: nothing can be said about the other indicators.")
    }
    let given = Set(path.conditions.map(\.measure.indicator))
    let moved = path.rows.filter {
      !given.contains($0.indicator) && abs($0.shift) > max(0.25, Self.clear * $0.shiftError)
    }.filter { row in
      // What looks the same in print is no news.
      guard let display = model.catalog.indicator(row.indicator)?.display else { return false }
      return say.value(row.conditional[1], display) != say.value(row.baseline[1], display)
    }
    if moved.isEmpty {
      text += say(
        "Không chỉ tiêu nào khác dịch chuyển rõ rệt cùng với nó.", "No other indicator clearly moves with it.")
    } else {
      text +=
        say("Khi đó ", "In those futures ")
        + say.list(
          moved.prefix(3).compactMap { row in
            guard let definition = model.catalog.indicator(row.indicator) else { return nil }
            return say(
              "\(definition.name.vi) \(row.year) là \(say.value(row.conditional[1], definition.display)) thay vì \(say.value(row.baseline[1], definition.display)) \(definition.display.unit.vi)",
              "\(definition.name.en) \(row.year) is \(say.value(row.conditional[1], definition.display)) instead of \(say.value(row.baseline[1], definition.display)) \(definition.display.unit.en)"
            )
          }) + "."
    }
    return text
  }

  private func rows(_ say: Phrases, _ layout: inout ReportLayout) {
    layout.heading(say("Các chỉ tiêu khác trong những tương lai đó", "Other indicators in those futures"))
    var table = TextTable([
      .text(say("Chỉ tiêu", "Indicator")), .number(say("Dự báo", "Projection")),
      .number(say("Khi đó", "In those futures")),
      .number(say("80%", "80%"), isOptional: true), .number(say("Dịch chuyển", "Shift")),
    ])
    let clear = path.rows.filter { abs($0.shift) > Self.clear * $0.shiftError }
    for row in clear.prefix(20) {
      guard let definition = model.catalog.indicator(row.indicator) else { continue }
      table.addRow([
        say.label(definition) + say.marks(row.indicator, model),
        say.value(row.baseline[1], definition.display), say.value(row.conditional[1], definition.display),
        say.interval(row.conditional[0], row.conditional[2], definition.display),
        say.numbers.fixed(row.shift, decimals: 2, signed: true) + " ± "
          + say.numbers.fixed(row.shiftError, decimals: 2),
      ])
    }
    layout.table(table)
    layout.bullet(
      say(
        "Dịch chuyển của trung bình, tính bằng độ lệch chuẩn của dự báo, ± sai số mô phỏng. Có \(clear.count) chỉ tiêu dịch chuyển rõ hơn sai số (\(path.rows.count) chỉ tiêu được xét).",
        "Shift of the mean in standard deviations of the projection, ± error of the draws. \(clear.count) of \(path.rows.count) indicators move by more than that error."
      ))
  }

  public func writeCSV(to sink: any TextSink) throws {
    var writer = CSVWriter(to: sink)
    try writer.record([
      "indicator", "period", "baseline_p10", "baseline_median", "baseline_p90", "conditional_p10", "conditional_median",
      "conditional_p90", "shift", "shift_error",
    ])
    for row in path.rows {
      writer.field(row.indicator)
      writer.field(row.year)
      for value in row.baseline + row.conditional + [row.shift, row.shiftError] { writer.field(value) }
      try writer.endRecord()
    }
    try writer.finish()
  }

  public func writeJSON(to sink: any TextSink) throws {
    var json = JSONWriter(to: sink)
    try json.object { json in
      try JSONReport.run(fingerprint, &json)
      try json.key("given")
      try json.array { json in
        for condition in path.conditions {
          try json.object { json in
            try json.member("indicator", condition.measure.indicator)
            try json.member("period", condition.measure.code)
            try json.member("value", condition.value)
            try json.member("value_met", condition.met)
            try json.member("probability_at_least", condition.probabilityAtLeast)
            try json.member("baseline_median", condition.median)
            try json.member("growth_from", condition.growth?.from)
            try json.member("growth_required", condition.growth?.required)
            try json.member("growth_baseline", condition.growth?.baseline)
            try json.member("growth_past", condition.growth?.past)
          }
        }
      }
      try json.member("is_reachable", path.isReachable)
      try json.member("effective_sample_size", path.effectiveSampleSize)
      try json.member("bandwidth", path.bandwidth)
      try json.key("rows")
      try json.array { json in
        for row in path.rows {
          try json.object { json in
            try json.member("indicator", row.indicator)
            try json.member("period", String(row.year))
            for (name, value) in zip(["baseline_p10", "baseline_median", "baseline_p90"], row.baseline) {
              try json.member(name, value)
            }
            for (name, value) in zip(["conditional_p10", "conditional_median", "conditional_p90"], row.conditional) {
              try json.member(name, value)
            }
            try json.member("shift", row.shift)
            try json.member("shift_error", row.shiftError)
          }
        }
      }
      try writeParagraph(&json)
    }
    try json.finish()
  }
}
