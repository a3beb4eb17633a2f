import Scenarios
import TextFiles

/// The official targets of a model.
public enum TargetsReport {
  /// - Parameter format: table, md, csv or json.
  public static func write(
    _ catalog: ModelCatalog, language: Language, format: String, width: Int, to sink: any TextSink
  ) throws {
    let targets = catalog.targets.sorted { ($0.indicator, $0.period) < ($1.indicator, $1.period) }
    switch format {
    case "csv":
      var writer = CSVWriter(to: sink)
      try writer.record(["indicator", "period", "aggregate", "comparison", "value", "upper", "document", "note"])
      for target in targets {
        for text in [
          target.indicator, target.period.description, target.aggregate.rawValue, target.comparison.rawValue,
        ] {
          writer.field(text)
        }
        writer.field(target.value)
        if let upper = target.upper { writer.field(upper) } else { writer.emptyField() }
        writer.field(target.document)
        writer.field(target.note)
        try writer.endRecord()
      }
      try writer.finish()
    case "json":
      var json = JSONWriter(to: sink)
      try json.array { json in
        for target in targets {
          try json.object { json in
            try json.member("indicator", target.indicator)
            try json.member("period", target.period.description)
            try json.member("aggregate", target.aggregate.rawValue)
            try json.member("comparison", target.comparison.rawValue)
            try json.member("value", target.value)
            try json.member("upper", target.upper)
            try json.member("document", target.document)
            try json.member("note", target.note)
          }
        }
      }
      try json.finish()
    default: try sink.write(text(catalog, targets, Phrases(language), markdown: format == "md", width: width))
    }
  }

  private static func text(
    _ catalog: ModelCatalog, _ targets: [TargetDefinition], _ say: Phrases, markdown: Bool, width: Int
  )
    -> String
  {
    var layout = ReportLayout(markdown: markdown, width: width)
    layout.title(say("Chỉ tiêu và kế hoạch chính thức", "Official targets and plans"))
    var table = TextTable([
      .text(say("Chỉ tiêu", "Indicator")), .text(say("Kỳ", "Period")), .text(say("Mức", "Value")),
      .text(say("Văn bản", "Document"), isOptional: true),
      .text(say("Ghi chú", "Note"), isOptional: true),
    ])
    for target in targets {
      guard let definition = catalog.indicator(target.indicator) else { continue }
      let period =
        target.period.lastYear >= 2100 ? say("từ ", "from ") + "\(target.period.firstYear)" : target.period.description
      table.addRow([
        definition.name[say.language], period,
        say.comparison(target, definition.display) + " " + definition.display.unit[say.language], target.document,
        target.note,
      ])
    }
    layout.table(table)
    let with = Set(targets.map(\.indicator))
    let without = catalog.indicators.filter { $0.headline && !with.contains($0.id) }.map { $0.name[say.language] }
    if !without.isEmpty {
      layout.paragraph(
        say("Không có chỉ tiêu chính thức cho: ", "No official target for: ") + without.joined(separator: ", ") + ".")
    }
    return layout.text
  }
}
