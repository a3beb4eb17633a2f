import Scenarios
import TextFiles

/// What a growth target asks of the remaining quarters and of each item: a page for people, or a tidy table for programs.
public enum GrowthReport {
  /// - Parameter format: table, md, csv (section,item,period,measure,statistic,value,unit,grade,source) or json (docs/schema/growth.json).
  public static func write(
    _ answer: GrowthAnswer, _ context: GrowthContext, language: Language, format: String, width: Int,
    to sink: any TextSink
  ) throws {
    switch format {
    case "csv": try writeCSV(answer, context, to: sink)
    case "json": try writeJSON(answer, context, to: sink)
    default:
      let text = GrowthText(answer: answer, context: context, say: Phrases(language))
      try sink.write(text.text(markdown: format == "md", width: width))
    }
  }

  private static func writeCSV(_ answer: GrowthAnswer, _ context: GrowthContext, to sink: any TextSink) throws {
    var writer = CSVWriter(to: sink)
    try writer.record(["section", "item", "period", "measure", "statistic", "value", "unit", "grade", "source"])
    for row in GrowthRow.all(answer, context) {
      for text in [row.section.rawValue, row.item, row.period, row.measure, row.statistic] { writer.field(text) }
      writer.field(row.value)
      for text in [row.unit, row.grade?.rawValue, row.source] { writer.field(text) }
      try writer.endRecord()
    }
    try writer.finish()
  }

  private static func writeJSON(_ answer: GrowthAnswer, _ context: GrowthContext, to sink: any TextSink) throws {
    var json = JSONWriter(to: sink)
    try json.object { json in
      try JSONReport.run(context.fingerprint, &json)
      try json.member("indicator", answer.accounts.growth)
      try json.member("year", answer.year)
      try json.member("reach", answer.reach)
      try json.member("document", answer.document)
      try json.member("quarters_known", answer.knownQuarters)
      try json.key("items")
      try json.object { json in
        for item in answer.accounts.items {
          try json.key(item.level)
          try json.object { json in
            try json.key("names")
            try JSONReport.names(
              context.model.catalog.indicator(item.growth)?.name ?? LocalizedText(vi: item.growth, en: item.growth),
              &json)
            try json.member("growth", item.growth)
          }
        }
      }
      // What planners ask for and no published figure allows.
      try json.key("absent")
      try json.array { json in for text in GrowthText.absent { try json.value(text.code) } }
      try json.key("rows")
      try json.array { json in
        for row in GrowthRow.all(answer, context) {
          try json.object { json in
            try json.member("section", row.section.rawValue)
            try json.member("item", row.item)
            try json.member("period", row.period)
            try json.member("measure", row.measure)
            try json.member("statistic", row.statistic)
            try json.member("value", row.value)
            try json.member("unit", row.unit)
            try json.member("grade", row.grade?.rawValue)
            try json.member("source", row.source)
          }
        }
      }
    }
    try json.finish()
  }
}
