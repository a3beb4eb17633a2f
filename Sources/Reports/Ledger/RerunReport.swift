import Store
import TextFiles

/// Whether a recorded run could be made again, in words.
public enum RerunReport {
  public static func text(_ outcome: Rerun.Outcome, language: Language, width: Int) -> String {
    let say = Phrases(language)
    var layout = ReportLayout(markdown: false, width: width)
    let id = outcome.run.id
    for file in outcome.scenarioChanges {
      RunDiffReport.change(file, say, &layout)
      layout.paragraph(
        say(
          "  Tệp phương án đã đổi hoặc không còn; dùng nội dung lưu trong sổ ghi.",
          "  The scenario file has changed or is gone; the ledger's text was used."))
    }
    for setting in outcome.settings { layout.bullet("\(setting.name): \(setting.before) → \(setting.after)") }
    if !outcome.changes.isEmpty {
      layout.paragraph(
        outcome.folder == nil
          ? say(
            "Thư mục mô hình không còn: \(outcome.run.modelFolder).",
            "The model folder is gone: \(outcome.run.modelFolder).")
          : say("Những tệp này không còn như khi chạy:", "These files are not what they were:"))
      if outcome.folder != nil { for file in outcome.changes { RunDiffReport.change(file, say, &layout) } }
    }
    guard let comparison = outcome.comparison else {
      layout.paragraph(
        say(
          "Không thể chạy lại \(id) như cũ. --anyway chạy với tệp hiện có và cho biết số nào thay đổi.",
          "Run \(id) cannot be made again as it was. --anyway runs with the files as they are and tells what moved."))
      return layout.text
    }
    if comparison.isSame {
      layout.paragraph(
        say(
          "Giống từng byte: \(say.numbers.integer(comparison.numberCount)) con số của lần chạy \(id) (\(say.numbers.integer(comparison.byteCount)) byte).",
          "The same, byte for byte: \(say.numbers.integer(comparison.numberCount)) numbers of run \(id) (\(say.numbers.integer(comparison.byteCount)) bytes)."
        ))
    } else {
      layout.paragraph(
        say(
          "KHÁC: \(say.numbers.integer(comparison.moves.count)) trong \(say.numbers.integer(comparison.numberCount)) con số của lần chạy \(id) thay đổi. Thay đổi lớn nhất:",
          "NOT THE SAME: \(say.numbers.integer(comparison.moves.count)) of \(say.numbers.integer(comparison.numberCount)) numbers of run \(id) moved. The largest moves:"
        ))
      for move in comparison.moves.prefix(10) {
        let key = move.key
        let change = [move.before, move.after].map { $0.map(NumberText.shortest) ?? "–" }.joined(separator: " → ")
        layout.bullet("\(key.scenario) \(key.indicator) \(key.period) \(key.statistic): \(change)")
      }
    }
    return layout.text
  }
}
