import Scenarios
import TextFiles

/// The official targets of a model with what can be said of each.
public enum TargetsReport {
  /// - Parameter format: table, md, csv or json (docs/schema/targets.json).
  public static func write(
    _ overview: TargetOverview, _ model: CompiledModel, _ fingerprint: Fingerprint, language: Language, format: String,
    width: Int, to sink: any TextSink
  ) throws {
    switch format {
    case "csv": try writeCSV(overview, to: sink)
    case "json": try writeJSON(overview, fingerprint, to: sink)
    default:
      let text = TargetsText(overview: overview, model: model, fingerprint: fingerprint, say: Phrases(language))
      try sink.write(text.text(markdown: format == "md", width: width))
    }
  }

  private static let columns = [
    "indicator", "area", "period", "aggregate", "comparison", "value", "upper", "document", "note", "state",
    "scenario_only", "ranked_among", "outturn", "projected", "projected_p10", "projected_p90", "probability",
    "shortfall", "shortfall_median", "first_met", "share_not_met", "per_year_unit", "base_year", "base", "base_vintage",
    "needed_per_year", "projected_per_year", "replaced_base", "replaced_base_vintage",
    "needed_per_year_from_replaced_base", "needed_rest",
  ]

  /// One row per target; then rows of the file that no indicator matches, and what has no official target.
  private static func writeCSV(_ overview: TargetOverview, to sink: any TextSink) throws {
    var writer = CSVWriter(to: sink)
    try writer.record(columns)
    for outlook in overview.outlooks { try writer.record(outlook) }
    for row in overview.unmatched {
      for text in [row.indicator, row.area, row.period, "", row.comparison] { writer.field(text) }
      writer.field(row.value)
      for text in ["", row.document, row.note, row.reason.rawValue] { writer.field(text) }
      for _ in 0..<(columns.count - 10) { writer.emptyField() }
      try writer.endRecord()
    }
    for id in overview.indicatorsWithout {
      writer.field(id)
      for _ in 0..<8 { writer.emptyField() }
      writer.field("no_official_target")
      for _ in 0..<(columns.count - 10) { writer.emptyField() }
      try writer.endRecord()
    }
    try writer.finish()
  }

  private static func writeJSON(_ overview: TargetOverview, _ fingerprint: Fingerprint, to sink: any TextSink) throws {
    var json = JSONWriter(to: sink)
    try json.object { json in
      try JSONReport.run(fingerprint, &json)
      try json.key("targets")
      try json.array { json in for outlook in overview.outlooks { try member(outlook, &json) } }
      try json.key("not_in_model")
      try json.array { json in
        for row in overview.unmatched {
          try json.object { json in
            try json.member("indicator", row.indicator)
            try json.member("area", row.area)
            try json.member("period", row.period)
            try json.member("comparison", row.comparison)
            try json.member("value", row.value)
            try json.member("unit", row.unit)
            try json.member("document", row.document)
            try json.member("note", row.note)
            try json.member("reason", row.reason.rawValue)
          }
        }
      }
      try json.key("no_official_target")
      try json.object { json in
        try json.key("indicators")
        try json.array { json in for id in overview.indicatorsWithout { try json.value(id) } }
        try json.key("systems")
        try json.array { json in for id in overview.systemsWithout { try json.value(id) } }
      }
    }
    try json.finish()
  }

  private static func member(_ outlook: TargetOutlook, _ json: inout JSONWriter) throws {
    let target = outlook.target
    try json.object { json in
      try json.member("indicator", target.indicator)
      try json.member(
        "period", target.period.lastYear >= 2100 ? "\(target.period.firstYear)/" : target.period.description)
      try json.member("aggregate", target.aggregate.rawValue)
      try json.member("comparison", target.comparison.rawValue)
      try json.member("value", target.value)
      try json.member("upper", target.upper)
      try json.member("document", target.document)
      try json.member("note", target.note)
      try json.member("state", outlook.state.rawValue)
      try json.member("scenario_only", outlook.isScenarioOnly)
      try json.member("ranked_among", outlook.rankedAmong)
      try json.member("outturn", outlook.outturn)
      try json.member("projected", outlook.projected?.central)
      try json.member("projected_p10", outlook.projected?.low)
      try json.member("projected_p90", outlook.projected?.high)
      try json.member("probability", outlook.probability)
      try json.member("shortfall", outlook.shortfall)
      try json.member("shortfall_median", outlook.medianShortfall)
      try json.member("first_met", outlook.firstMet)
      try json.member("share_not_met", outlook.shareNotMet)
      try json.member("per_year_unit", outlook.isGrowth ? "percent" : "units")
      try json.key("bases")
      try json.array { json in
        for base in outlook.bases {
          try json.object { json in
            try json.member("year", base.year)
            try json.member("value", base.value)
            try json.member("vintage", base.vintage.isEmpty ? nil : base.vintage)
            try json.member("replaced", base.isReplaced)
            try json.member("needed_per_year", base.neededPerYear)
          }
        }
      }
      try json.member("projected_per_year", outlook.projectedPerYear?.central)
      try json.member("needed_rest", outlook.neededRest)
    }
  }
}

extension CSVWriter {
  fileprivate mutating func record(_ outlook: TargetOutlook) throws {
    let target = outlook.target
    field(target.indicator)
    emptyField()
    field(target.period.lastYear >= 2100 ? "\(target.period.firstYear)/" : target.period.description)
    field(target.aggregate.rawValue)
    field(target.comparison.rawValue)
    field(target.value)
    field(target.upper)
    field(target.document)
    field(target.note)
    field(outlook.state.rawValue)
    field(outlook.isScenarioOnly ? "yes" : "no")
    for value in [
      outlook.rankedAmong, outlook.outturn, outlook.projected?.central, outlook.projected?.low, outlook.projected?.high,
      outlook.probability, outlook.shortfall, outlook.medianShortfall,
    ] {
      field(value)
    }
    field(outlook.firstMet)
    field(outlook.shareNotMet)
    field(outlook.isGrowth ? "percent" : "units")
    let current = outlook.bases.first { !$0.isReplaced }
    field(current?.year)
    field(current?.value)
    field(current?.vintage ?? "")
    field(current?.neededPerYear)
    field(outlook.projectedPerYear?.central)
    let replaced = outlook.bases.first { $0.isReplaced }
    field(replaced?.value)
    field(replaced?.vintage ?? "")
    field(replaced?.neededPerYear)
    field(outlook.neededRest)
    try endRecord()
  }
}
