import Scenarios
import TextFiles

/// What `simulate data` prints: the indicators of a data folder, the rows of one, the outcome of the check.
public enum DataReport {
  // MARK: list

  /// - Parameter format: table, md, csv or json.
  public static func write(
    _ entries: [IndicatorSummary], language: Language, format: String, width: Int, to sink: any TextSink
  ) throws {
    switch format {
    case "csv":
      var writer = CSVWriter(to: sink)
      try writer.record([
        "indicator", "name_vi", "name_en", "unit", "areas", "first_year", "last_year", "observations", "preferred",
        "sources",
        "last_known_from",
      ])
      for entry in entries {
        for text in [entry.id, entry.nameVietnamese, entry.nameEnglish, entry.unit] { writer.field(text) }
        writer.field(entry.areaCount)
        for year in [entry.firstYear, entry.lastYear] {
          writer.field(year)
        }
        for count in [entry.observationCount, entry.preferredCount, entry.sourceCount] { writer.field(count) }
        writer.field(entry.lastKnownFrom?.description ?? "")
        try writer.endRecord()
      }
      try writer.finish()
    case "json":
      var json = JSONWriter(to: sink)
      try json.array { json in
        for entry in entries {
          try json.object { json in
            try json.member("indicator", entry.id)
            try json.member("name_vi", entry.nameVietnamese)
            try json.member("name_en", entry.nameEnglish)
            try json.member("unit", entry.unit)
            try json.member("areas", entry.areaCount)
            try json.member("first_year", entry.firstYear)
            try json.member("last_year", entry.lastYear)
            try json.member("observations", entry.observationCount)
            try json.member("preferred", entry.preferredCount)
            try json.member("sources", entry.sourceCount)
            try json.member("last_known_from", entry.lastKnownFrom?.description)
          }
        }
      }
      try json.finish()
    default:
      let say = Phrases(language)
      var layout = ReportLayout(markdown: format == "md", width: width)
      var table = TextTable([
        .text("id"), .text(say("Tên", "Name"), isOptional: true), .text(say("Đơn vị", "Unit"), isOptional: true),
        .number(say("Nơi", "Areas")), .number(say("Từ", "From")), .number(say("Đến", "To")),
        .number(say("Dòng", "Rows")),
        .number(say("Nguồn", "Sources"), isOptional: true),
      ])
      for entry in entries where entry.observationCount > 0 {
        table.addRow([
          entry.id, language == .vietnamese ? entry.nameVietnamese : entry.nameEnglish, entry.unit,
          say.numbers.integer(entry.areaCount), entry.firstYear.map(String.init) ?? "–",
          entry.lastYear.map(String.init) ?? "–", say.numbers.integer(entry.observationCount),
          say.numbers.integer(entry.sourceCount),
        ])
      }
      layout.table(table)
      try sink.write(layout.text)
    }
  }

  // MARK: show

  public static func write(
    _ detail: IndicatorDetail, language: Language, format: String, width: Int, to sink: any TextSink
  ) throws {
    switch format {
    case "csv":
      var writer = CSVWriter(to: sink)
      try writer.record([
        "indicator", "area", "period", "value", "unit", "basis", "status", "price_basis", "preferred", "vintage",
        "known_from",
        "source", "source_title", "source_url", "note",
      ])
      for row in detail.rows {
        for text in [detail.id, row.area, row.period.description] { writer.field(text) }
        writer.field(row.value)
        for text in [
          row.unit, row.basis, row.status.rawValue, row.priceBasis, row.isPreferred ? "yes" : "no", row.vintage,
          row.knownFrom.description, row.source, row.sourceTitle, row.sourceURL, row.note,
        ] {
          writer.field(text)
        }
        try writer.endRecord()
      }
      try writer.finish()
    case "json":
      var json = JSONWriter(to: sink)
      try json.array { json in
        for row in detail.rows {
          try json.object { json in
            try json.member("indicator", detail.id)
            try json.member("area", row.area)
            try json.member("period", row.period.description)
            try json.member("value", row.value)
            try json.member("unit", row.unit)
            try json.member("basis", row.basis)
            try json.member("status", row.status.rawValue)
            try json.member("price_basis", row.priceBasis)
            try json.member("preferred", row.isPreferred)
            try json.member("vintage", row.vintage)
            try json.member("known_from", row.knownFrom.description)
            try json.member("source", row.source)
            try json.member("source_title", row.sourceTitle)
            try json.member("source_url", row.sourceURL)
            try json.member("note", row.note)
          }
        }
      }
      try json.finish()
    default: try sink.write(text(detail, Phrases(language), markdown: format == "md", width: width))
    }
  }

  private static func text(_ detail: IndicatorDetail, _ say: Phrases, markdown: Bool, width: Int) -> String {
    var layout = ReportLayout(markdown: markdown, width: width)
    let name = say.language == .vietnamese ? detail.nameVietnamese : detail.nameEnglish
    layout.title("\(name) [\(detail.id)], \(detail.unit)")
    layout.paragraph(detail.definition)
    var table = TextTable([
      .text(say("Nơi", "Area"), isOptional: true), .text(say("Kỳ", "Period")), .number(say("Giá trị", "Value")),
      .text(say("Loại", "Status")), .text(say("Dùng", "Used")), .text(say("Biết từ", "Known from"), isOptional: true),
      .text(say("Nguồn", "Source"), isOptional: true),
    ])
    for row in detail.rows {
      let vintage = row.vintage.isEmpty ? "" : " [\(row.vintage)]"
      let title = row.sourceTitle.isEmpty ? row.sourceURL : row.sourceTitle
      table.addRow([
        row.area, row.period.description, NumberText.shortest(row.value),
        "\(row.status.rawValue), \(row.basis)\(vintage)",
        row.isPreferred ? say("có", "yes") : say("không", "no"), row.knownFrom.description,
        DisplayWidth.truncated(title, to: 60),
      ])
    }
    layout.table(table)
    return layout.text
  }

  // MARK: check

  /// What was checked, and the exceptions that were known; findings are for standard error.
  public static func text(_ report: DataCheckReport, language: Language, width: Int) -> String {
    let say = Phrases(language)
    var layout = ReportLayout(markdown: false, width: width)
    layout.paragraph(
      say(
        "Đã kiểm tra \(say.numbers.integer(report.rowCount)) dòng trong \(report.fileCount) tệp.",
        "Checked \(say.numbers.integer(report.rowCount)) rows in \(report.fileCount) files."))
    var table = TextTable([
      .text(say("Phép kiểm", "Check")), .number(say("Đã xem", "Examined")), .number(say("Lỗi", "Findings")),
      .number(say("Ngoại lệ đã biết", "Known exceptions")),
    ])
    for count in report.counts where count.examined > 0 {
      table.addRow([
        count.check.rawValue, say.numbers.integer(count.examined), say.numbers.integer(count.findings),
        say.numbers.integer(count.excused),
      ])
    }
    layout.table(table)
    layout.paragraph(
      report.passes
        ? say("Đạt: không có lỗi.", "Passed: nothing is wrong.")
        : say("Không đạt: \(report.errors.count) lỗi.", "Failed: \(report.errors.count) findings."))
    return layout.text
  }
}
