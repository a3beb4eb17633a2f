import Scenarios
import Store
import TextFiles

/// One run of the ledger: settings, inputs, results.
public enum RunShowReport {
  /// - Parameters:
  ///   - format: `table` or `md` for people, `csv` for the table `table` byte for byte as it was recorded, `json` for everything.
  ///   - table: the table of the ledger that csv shows.
  public static func write(
    _ run: RunEntry, in ledger: Ledger, table: String, language: Language, format: String, width: Int,
    to sink: any TextSink
  ) throws {
    switch format {
    case "csv": try sink.write(ledger.table(table, of: run))
    case "json": try writeJSON(run, ledger, to: sink)
    default: try sink.write(text(run, ledger, language: language, markdown: format == "md", width: width))
    }
  }

  static func writeEntry(
    _ run: RunEntry, _ json: inout JSONWriter, and more: (inout JSONWriter) throws -> Void = { _ in }
  ) throws {
    try json.object { json in
      try json.member("id", run.id)
      try json.member("recorded_at", run.recordedAt)
      try json.member("command", run.command)
      try json.member("fingerprint", run.fingerprint)
      try json.member("version", run.version)
      try json.member("model", run.modelHash)
      try json.member("data", run.dataHash)
      try json.member("scenarios", run.scenariosHash)
      try json.member("seed", String(run.seed))
      try json.member("draws", run.draws)
      try json.member("until", run.until)
      try json.member("as_of", run.asOf)
      try json.member("blas_kernel", run.blasKernel)
      try json.member("by_lever", run.byLever)
      try json.key("indicators")
      try json.array { json in for id in run.indicators { try json.value(id) } }
      try json.member("model_folder", run.modelFolder)
      try json.key("options")
      try json.array { json in for id in run.scenarios { try json.value(id) } }
      try more(&json)
    }
  }

  private static func writeJSON(_ run: RunEntry, _ ledger: Ledger, to sink: any TextSink) throws {
    let inputs = try ledger.inputs(of: run)
    let numbers = try ResultNumbers(csv: ledger.table(RunRecord.resultTable, of: run), name: "run \(run.id)")
    var json = JSONWriter(to: sink)
    try writeEntry(run, &json) { json in
      try json.key("inputs")
      try json.array { json in
        for file in inputs {
          try json.object { json in
            try json.member("kind", file.kind.rawValue)
            try json.member("path", file.path)
            try json.member("hash", file.hash)
            try json.member("text", file.content.map { String(decoding: $0, as: UTF8.self) })
          }
        }
      }
      try json.key("rows")
      try json.array { json in
        for key in numbers.keys {
          try json.object { json in
            try json.member("scenario", key.scenario)
            try json.member("indicator", key.indicator)
            try json.member("period", key.period)
            try json.member("lever", key.lever.isEmpty ? nil : key.lever)
            try json.member("statistic", key.statistic)
            try json.member("value", numbers.value(key))
          }
        }
      }
    }
    try json.finish()
  }

  private static func text(
    _ run: RunEntry, _ ledger: Ledger, language: Language, markdown: Bool, width: Int
  ) throws -> String {
    let say = Phrases(language)
    var layout = ReportLayout(markdown: markdown, width: width)
    layout.title(say("Lần chạy", "Run") + " " + run.id)
    let settings: [(String, String)] = [
      (say("Thời gian", "Time"), RunListReport.localTime(run.recordedAt)), (say("Lệnh", "Command"), run.command),
      (say("Dấu vân tay", "Fingerprint"), run.fingerprint), (say("Phiên bản", "Version"), run.version),
      (say("Số lượt mô phỏng", "Draws"), say.numbers.integer(run.draws)), (say("Hạt giống", "Seed"), String(run.seed)),
      (say("Đến năm", "Until"), String(run.until)),
      (say("Số liệu biết đến ngày", "Known by"), run.asOf ?? say("tất cả", "everything")),
      (say("Thư mục mô hình", "Model folder"), run.modelFolder),
      (say("Nhân đại số tuyến tính", "Linear algebra kernel"), run.blasKernel),
    ]
    for (name, value) in settings { layout.bullet(name + ": " + value) }
    layout.gap()
    layout.heading(say("Đầu vào", "Inputs"))
    var files = TextTable([
      .text(say("Loại", "Kind")), .text(say("Tệp", "File")), .text(say("Mã băm", "Hash"), isOptional: true),
    ])
    for file in try ledger.inputs(of: run) { files.addRow([kind(file.kind, say), file.path, file.hash]) }
    layout.table(files)
    let numbers = try ResultNumbers(csv: ledger.table(RunRecord.resultTable, of: run), name: "run \(run.id)")
    let stored = try StoredIndicators(csv: ledger.table("indicators", of: run))
    layout.heading(
      say("Kết quả năm \(run.until): trung vị, dải 80%", "Results for \(run.until): median, 80% band"))
    layout.table(results(run, numbers, stored, say))
    layout.bullet(
      say(
        "Toàn bộ bảng: simulate runs show \(run.id) --format csv",
        "The whole table: simulate runs show \(run.id) --format csv"))
    layout.gap()
    return layout.text
  }

  private static func results(
    _ run: RunEntry, _ numbers: ResultNumbers, _ stored: StoredIndicators, _ say: Phrases
  ) -> TextTable {
    var scenarios: [String] = []
    var indicators: [String] = []
    var seen: (Set<String>, Set<String>) = ([], [])
    for key in numbers.keys {
      if seen.0.insert(key.scenario).inserted { scenarios.append(key.scenario) }
      if seen.1.insert(key.indicator).inserted { indicators.append(key.indicator) }
    }
    if !run.indicators.isEmpty { indicators = indicators.filter(run.indicators.contains) }
    var table = TextTable(
      [.text(say("Chỉ tiêu", "Indicator"))]
        + scenarios.map { .number($0 == "baseline" ? say("Không có chính sách", "No policy") : $0) }
        + [.number(say("80% không chính sách", "80%, no policy"), isOptional: true)])
    for indicator in indicators {
      let display = stored.display(indicator)
      func value(_ scenario: String, _ statistic: String) -> Double {
        numbers.value(
          ResultKey(
            scenario: scenario, indicator: indicator, period: String(run.until), lever: "", statistic: statistic))
          ?? .nan
      }
      table.addRow(
        [stored.label(indicator, say)] + scenarios.map { say.value(value($0, "median"), display) }
          + [say.interval(value("baseline", "p10"), value("baseline", "p90"), display)])
    }
    return table
  }

  static func kind(_ kind: InputFile.Kind, _ say: Phrases) -> String {
    switch kind {
    case .model: say("mô hình", "model")
    case .data: say("số liệu", "data")
    case .scenario: say("phương án", "scenario")
    }
  }
}
