import Foundation
import Store
import TextFiles

/// The runs of the ledger, the newest first.
public enum RunListReport {
  /// - Parameter format: `table`, `md`, `csv` or `json`.
  public static func write(
    _ runs: [RunEntry], language: Language, format: String, width: Int, to sink: any TextSink
  ) throws {
    switch format {
    case "csv":
      var writer = CSVWriter(to: sink)
      try writer.record([
        "id", "recorded_at", "command", "scenarios", "draws", "seed", "until", "as_of", "fingerprint", "version",
        "model_folder",
      ])
      for run in runs {
        for text in [run.id, run.recordedAt, run.command, run.scenarios.joined(separator: " ")] {
          writer.field(SpreadsheetText.guarded(text))
        }
        writer.field(run.draws)
        writer.field(String(run.seed))
        writer.field(run.until)
        for text in [run.asOf ?? "", run.fingerprint, run.version, run.modelFolder] {
          writer.field(SpreadsheetText.guarded(text))
        }
        try writer.endRecord()
      }
      try writer.finish()
    case "json":
      var json = JSONWriter(to: sink)
      try json.array { json in
        for run in runs { try RunShowReport.writeEntry(run, &json) }
      }
      try json.finish()
    default: try sink.write(text(runs, language: language, markdown: format == "md", width: width))
    }
  }

  private static func text(_ runs: [RunEntry], language: Language, markdown: Bool, width: Int) -> String {
    let say = Phrases(language)
    guard !runs.isEmpty else {
      return say(
        "Sổ ghi chưa có lần chạy nào: lệnh simulate run ghi vào đây.\n",
        "The ledger has no runs yet: simulate run writes to it.\n")
    }
    var table = TextTable([
      .text("ID"), .text(say("Thời gian", "Time")), .text(say("Lệnh", "Command"), isOptional: true),
      .text(say("Phương án", "Options")), .number(say("Lượt", "Draws")),
      .number(say("Hạt giống", "Seed"), isOptional: true),
      .text(say("Dấu vân tay", "Fingerprint"), isOptional: true),
    ])
    for run in runs {
      table.addRow([
        run.id, localTime(run.recordedAt), run.command,
        run.scenarios.isEmpty ? say("(không có)", "(none)") : run.scenarios.joined(separator: ", "),
        say.numbers.integer(run.draws), String(run.seed), String(run.fingerprint.prefix(8)),
      ])
    }
    var layout = ReportLayout(markdown: markdown, width: width)
    layout.table(table)
    return layout.text
  }

  /// What a prune did.
  public static func pruned(_ count: Int, of all: Int, _ isDry: Bool, _ language: Language) -> String {
    let say = Phrases(language)
    let (gone, left) = (say.numbers.integer(count), say.numbers.integer(all - count))
    return isDry
      ? say("Sẽ xóa \(gone) lần chạy, giữ lại \(left).\n", "\(gone) runs would be removed, \(left) stay.\n")
      : say("Đã xóa \(gone) lần chạy, giữ lại \(left).\n", "\(gone) runs removed, \(left) stay.\n")
  }

  /// A recorded time on this machine's clock, as in `2026-11-25 12:10`; the recorded text where it is no time.
  static func localTime(_ recorded: String) -> String {
    guard let time = try? Date(recorded, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) else {
      return recorded
    }
    var style = Date.ISO8601FormatStyle(timeZone: .current).year().month().day()
    style = style.dateTimeSeparator(.space).time(includingFractionalSeconds: false)
    return String(time.formatted(style).prefix(16))
  }
}
