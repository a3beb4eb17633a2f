import Scenarios
import TextFiles

/// The comparison of options for people.
public enum CompareReport {
  public static func text(
    _ comparison: Comparison, _ result: RunResult, language: Language, markdown: Bool, width: Int
  ) -> String {
    let say = Phrases(language)
    var layout = ReportLayout(markdown: markdown, width: width)
    layout.title(
      say("So sánh các phương án đến năm \(result.settings.until)", "Options compared, to \(result.settings.until)"))
    var table = TextTable([
      .number(say("Hạng", "Rank")), .text(say("Phương án", "Option")),
      .number(say("Chỉ tiêu đạt (trong \(comparison.targetCount))", "Targets met (of \(comparison.targetCount))")),
      .number(say("Cải thiện", "Improvement")), .number(say("P(tốt nhất)", "P(best)")),
      .number(say("Hạng khi bỏ D", "Rank without D")),
      .number(say("Cải thiện khi bỏ D", "Improvement without D"), isOptional: true),
      .text(say("Mức yếu nhất", "Weakest grade"), isOptional: true),
      .number(say("Phần dựa trên P", "Resting on P"), isOptional: true),
      .number(say("Phần dựa trên D", "Resting on D"), isOptional: true),
      .number(say("Chi phí thêm, tỷ đồng/năm", "Extra cost, billion VND a year"), isOptional: true),
    ])
    for option in comparison.options {
      table.addRow([
        say.numbers.integer(option.rank), option.name[language],
        say.numbers.fixed(option.expectedTargetsMet, decimals: 2),
        say.numbers.fixed(option.improvement, decimals: 2, signed: true), say.probability(option.probabilityBest),
        say.numbers.integer(option.rankWithoutD),
        say.numbers.fixed(option.improvementWithoutD, decimals: 2, signed: true),
        option.support.weakest?.rawValue ?? "–", say.share(option.support.shareP), say.share(option.support.shareD),
        say.numbers.fixed(option.cost, decimals: 0) + (option.hasUnknownCost ? say(" + chưa rõ", " + unknown") : ""),
      ])
    }
    layout.table(table)
    layout.bullet(
      say(
        "Hạng: theo số chỉ tiêu chính thức đạt được kỳ vọng, rồi theo mức cải thiện. Cải thiện: thay đổi trung bình của các chỉ tiêu chính năm \(result.settings.until), tính bằng độ lệch chuẩn của dự báo không có chính sách.",
        "Rank: by the expected number of official targets met, then by improvement. Improvement: mean change of the headline indicators in \(result.settings.until), in standard deviations of the projection without policy."
      ))
    layout.bullet(
      say(
        "P(tốt nhất): tỷ lệ lượt mô phỏng trong đó phương án cải thiện nhiều nhất. Khi dựa vào mức D, đây là một ý kiến, không phải số đo.",
        "P(best): share of simulated futures in which the option improves most. Where it rests on grade D it is an opinion, not a measurement."
      ))
    layout.bullet(
      say(
        "Giải pháp chưa rõ chi phí không phải là miễn phí: phương án có «chưa rõ» không được xếp hạng theo tiền.",
        "A lever without a known cost is not free: options marked \"unknown\" are left out of any ranking for the money."
      ))
    layout.heading(say("Chỉ tiêu chính thức: xác suất đạt", "Official targets: probability of meeting them"))
    var targets = TextTable(
      [.text(say("Chỉ tiêu", "Target"))] + comparison.options.map { .number(say("Hạng \($0.rank)", "Rank \($0.rank)")) }
    )
    for (position, target) in result.baseline.targets.enumerated() {
      guard let definition = result.model.catalog.indicator(target.target.indicator) else { continue }
      let outcomes = [result.baseline] + result.scenarios
      targets.addRow(
        [
          "\(definition.name[language]) \(target.period) \(say.comparison(target.target, definition.display)) \(definition.display.unit[language])"
        ]
          + comparison.options.map { option in
            say.probability(outcomes.first { $0.id == option.id }?.targets[position].probability ?? .nan)
          })
    }
    layout.table(targets)
    layout.paragraph(say("Dấu vân tay", "Fingerprint") + ": \(result.fingerprint.combined)")
    return layout.text
  }
}

extension CompareReport {
  /// One row per option, best first.
  public static func writeCSV(_ comparison: Comparison, to sink: any TextSink) throws {
    var writer = CSVWriter(to: sink)
    try writer.record([
      "rank", "scenario", "expected_targets_met", "improvement", "probability_best", "rank_without_d",
      "improvement_without_d",
      "weakest_grade", "share_p", "share_d", "cost_billion_vnd_per_year", "has_unknown_cost",
    ])
    for option in comparison.options {
      writer.field(option.rank)
      writer.field(SpreadsheetText.guarded(option.id))
      for value in [option.expectedTargetsMet, option.improvement, option.probabilityBest] { writer.field(value) }
      writer.field(option.rankWithoutD)
      writer.field(option.improvementWithoutD)
      writer.field(option.support.weakest?.rawValue ?? "")
      for value in [option.support.shareP, option.support.shareD] {
        if value.isFinite { writer.field(value) } else { writer.emptyField() }
      }
      writer.field(option.cost)
      writer.field(option.hasUnknownCost ? "yes" : "no")
      try writer.endRecord()
    }
    try writer.finish()
  }

  /// The rows in memory.
  static func csv(_ comparison: Comparison) throws -> [UInt8] {
    let buffer = TextBuffer()
    try writeCSV(comparison, to: buffer)
    return buffer.bytes
  }
}
