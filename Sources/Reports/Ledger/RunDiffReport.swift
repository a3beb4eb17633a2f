import Scenarios
import Store
import TextFiles

/// How two runs differ.
public enum RunDiffReport {
  /// - Parameter limit: how many moves and revisions the text shows; csv and json show all.
  public static func write(
    _ difference: RunDifference, in ledger: Ledger, limit: Int, language: Language, format: String, width: Int,
    to sink: any TextSink
  ) throws {
    switch format {
    case "csv": try writeCSV(difference, to: sink)
    case "json": try writeJSON(difference, to: sink)
    default:
      let stored = try StoredIndicators(csv: ledger.table("indicators", of: difference.after))
      var layout = ReportLayout(markdown: format == "md", width: width)
      text(difference, stored, limit: limit, Phrases(language), &layout)
      try sink.write(layout.text)
    }
  }

  private static func text(
    _ difference: RunDifference, _ stored: StoredIndicators, limit: Int, _ say: Phrases, _ layout: inout ReportLayout
  ) {
    layout.title(say("Khác biệt giữa", "Differences of") + " \(difference.before.id) → \(difference.after.id)")
    if difference.isSame {
      layout.paragraph(
        say(
          "Hai lần chạy giống nhau: \(say.numbers.integer(difference.compared)) con số, không số nào thay đổi.",
          "The two runs are the same: \(say.numbers.integer(difference.compared)) numbers, none moved."))
      return
    }
    if !difference.settings.isEmpty {
      layout.heading(say("Thiết lập", "Settings"))
      for setting in difference.settings {
        layout.bullet("\(setting.name): \(dash(setting.before)) → \(dash(setting.after))")
      }
      layout.gap()
    }
    if !difference.files.isEmpty {
      layout.heading(say("Đầu vào khác nhau", "Inputs that differ"))
      for file in difference.files { change(file, say, &layout) }
      layout.gap()
    }
    for (ids, run) in [(difference.onlyBefore, difference.before.id), (difference.onlyAfter, difference.after.id)]
    where !ids.isEmpty {
      layout.bullet(say("Chỉ có trong", "Only in") + " \(run): " + ids.joined(separator: ", "))
      layout.gap()
    }
    if !difference.revisions.isEmpty {
      layout.heading(say("Số liệu đã công bố được sửa đổi", "Published figures that were revised"))
      layout.table(table(difference.revisions, stored, limit: limit, say, withSize: false))
      more(difference.revisions.count, limit, say, &layout)
    }
    layout.heading(say("Con số thay đổi", "Numbers that moved"))
    let medians = largestMedians(difference.moves)
    layout.paragraph(
      say(
        "\(say.numbers.integer(difference.moves.count)) trong \(say.numbers.integer(difference.compared)) con số thay đổi.",
        "\(say.numbers.integer(difference.moves.count)) of \(say.numbers.integer(difference.compared)) numbers moved.")
        + (medians.isEmpty
          ? ""
          : " "
            + say(
              "Trung vị của mỗi chỉ tiêu, năm thay đổi nhiều nhất; cỡ: phần của bề rộng dải 80%.",
              "The median of each indicator in the year of its largest move; size: share of the width of the 80% band."))
    )
    if !medians.isEmpty {
      layout.table(table(medians, stored, limit: limit, say, withSize: true))
      more(medians.count, limit, say, &layout)
    }
  }

  /// Of each scenario and indicator the year in which the median moved most; the largest first.
  private static func largestMedians(_ moves: [RunDifference.Move]) -> [RunDifference.Move] {
    var seen: Set<[String]> = []
    return moves.filter {
      $0.key.statistic == "median" && seen.insert([$0.key.scenario, $0.key.indicator]).inserted
    }
  }

  private static func table(
    _ moves: [RunDifference.Move], _ stored: StoredIndicators, limit: Int, _ say: Phrases, withSize: Bool
  ) -> TextTable {
    var columns: [TextTableColumn] = withSize ? [.text(say("Phương án", "Option"))] : []
    columns += [
      .text(say("Chỉ tiêu", "Indicator")), .text(say("Năm", "Year")), .number(say("Trước", "Before")),
      .number(say("Sau", "After")), .number(say("Thay đổi", "Change")),
    ]
    if withSize { columns.append(.number(say("Cỡ", "Size"), isOptional: true)) }
    var table = TextTable(columns)
    for move in moves.prefix(limit) {
      let display = stored.display(move.key.indicator)
      var cells =
        withSize ? [move.key.scenario == "baseline" ? say("không có chính sách", "no policy") : move.key.scenario] : []
      cells += [
        stored.label(move.key.indicator, say), move.key.period, say.value(move.before ?? .nan, display),
        say.value(move.after ?? .nan, display),
        move.before.flatMap { before in move.after.map { change($0 - before, display, say) } } ?? "–",
      ]
      if withSize { cells.append(move.size.isFinite ? say.numbers.percent(100 * move.size, decimals: 1) : "–") }
      table.addRow(cells)
    }
    return table
  }

  /// With as many more decimals as a small change needs to show.
  private static func change(_ value: Double, _ display: IndicatorDefinition.Display, _ say: Phrases) -> String {
    let scaled = value * display.scale
    var decimals = display.decimals
    var unit = 1.0
    for _ in 0..<decimals { unit /= 10 }
    while decimals < 6, abs(scaled) < 10 * unit, scaled != 0 {
      decimals += 1
      unit /= 10
    }
    return say.numbers.fixed(scaled, decimals: decimals, signed: true)
  }

  private static func more(_ count: Int, _ limit: Int, _ say: Phrases, _ layout: inout ReportLayout) {
    guard count > limit else { return }
    layout.paragraph(
      say(
        "… và \(say.numbers.integer(count - limit)) dòng nữa (--limit, hoặc --format csv).",
        "… and \(say.numbers.integer(count - limit)) more (--limit, or --format csv)."))
  }

  static func change(_ file: InputChange, _ say: Phrases, _ layout: inout ReportLayout) {
    let state: String
    switch (file.before, file.after) {
    case (let old?, let new?): state = "\(old) → \(new)"
    case (let old?, nil): state = say("không còn", "gone") + " (\(old))"
    case (nil, let new?): state = say("mới", "new") + " (\(new))"
    case (nil, nil): state = "–"
    }
    layout.bullet("\(RunShowReport.kind(file.kind, say)) \(file.path): \(state)")
    for line in file.lines.prefix(40) {
      layout.paragraph("    \(line.isNew ? "+" : "−") \(say("dòng", "line")) \(line.number): \(line.text)")
    }
  }

  private static func dash(_ text: String) -> String { text.isEmpty ? "–" : text }

  private static func writeCSV(_ difference: RunDifference, to sink: any TextSink) throws {
    var writer = CSVWriter(to: sink)
    try writer.record([
      "scenario", "indicator", "period", "lever", "statistic", "before", "after", "change", "size",
    ])
    for move in difference.revisions + difference.moves {
      for text in [move.key.scenario, move.key.indicator, move.key.period, move.key.lever, move.key.statistic] {
        writer.field(SpreadsheetText.guarded(text))
      }
      for value in [move.before, move.after, move.change, move.size] { writer.field(value ?? .nan) }
      try writer.endRecord()
    }
    try writer.finish()
  }

  private static func writeJSON(_ difference: RunDifference, to sink: any TextSink) throws {
    var json = JSONWriter(to: sink)
    try json.object { json in
      try json.key("before")
      try RunShowReport.writeEntry(difference.before, &json)
      try json.key("after")
      try RunShowReport.writeEntry(difference.after, &json)
      try json.member("same", difference.isSame)
      try json.member("compared", difference.compared)
      try json.key("settings")
      try json.array { json in
        for setting in difference.settings {
          try json.object { json in
            try json.member("name", setting.name)
            try json.member("before", setting.before)
            try json.member("after", setting.after)
          }
        }
      }
      try json.key("inputs")
      try json.array { json in for file in difference.files { try writeChange(file, &json) } }
      for (name, ids) in [("only_before", difference.onlyBefore), ("only_after", difference.onlyAfter)] {
        try json.key(name)
        try json.array { json in for id in ids { try json.value(id) } }
      }
      for (name, moves) in [("revisions", difference.revisions), ("moves", difference.moves)] {
        try json.key(name)
        try json.array { json in for move in moves { try writeMove(move, &json) } }
      }
    }
    try json.finish()
  }

  static func writeChange(_ file: InputChange, _ json: inout JSONWriter) throws {
    try json.object { json in
      try json.member("kind", file.kind.rawValue)
      try json.member("path", file.path)
      try json.member("before", file.before)
      try json.member("after", file.after)
    }
  }

  static func writeMove(_ move: RunDifference.Move, _ json: inout JSONWriter) throws {
    try json.object { json in
      try json.member("scenario", move.key.scenario)
      try json.member("indicator", move.key.indicator)
      try json.member("period", move.key.period)
      try json.member("lever", move.key.lever.isEmpty ? nil : move.key.lever)
      try json.member("statistic", move.key.statistic)
      try json.member("before", move.before)
      try json.member("after", move.after)
      try json.member("change", move.change)
      try json.member("size", move.size)
    }
  }
}
