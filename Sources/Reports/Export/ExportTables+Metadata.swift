import Scenarios

extension ExportTables {
  /// One row for each indicator of a result: names, unit, how people see it, and what its projection rests on.
  public static func indicators(_ result: RunResult, only wanted: Set<String>? = nil) -> ExportTable {
    let model = result.model
    let systems = Dictionary(model.catalog.systems.map { ($0.id, $0.name) }) { first, _ in first }
    let rows = model.nodes.filter { wanted?.contains($0.id) ?? true }.map { node -> [ExportTable.Cell] in
      let definition = node.definition
      var coverage: (level: Double?, held: Double?, count: Int?) = (nil, nil, nil)
      if case .tested(let level, let held, let count)? = result.coverage[node.id] { coverage = (level, held, count) }
      let figures = node.observations.filter { $0.value.status != .plan }
      let sources = Set(figures.values.map(\.source)).subtracting([""]).sorted()
      return [
        .text(node.id), .text(definition.system), .text(systems[definition.system]?.vi),
        .text(systems[definition.system]?.en), .text(definition.name.vi), .text(definition.name.en),
        .text(definition.unit), .text(definition.display.unit.vi), .text(definition.display.unit.en),
        .number(definition.display.scale), .integer(definition.display.decimals),
        .text(definition.priceBasis.rawValue), .text(definition.good.rawValue), .text(definition.range.rawValue),
        .flag(definition.headline), .text(model.modelName(of: node)), .flag(model.restsOnPlannersPath(node.id)),
        .integer(figures.keys.max()), .number(coverage.level), .number(coverage.held), .integer(coverage.count),
        .text(definition.note?.vi), .text(definition.note?.en), .text(sources.joined(separator: " ")),
      ]
    }
    return ExportTable("indicators", vi: "Các chỉ tiêu", en: "The indicators", indicatorColumns, rows: rows)
  }

  private static let indicatorColumns: [ExportTable.Column] = [
    .init("indicator", vi: "mã chỉ tiêu", en: "id of the indicator"),
    .init("system", vi: "mã lĩnh vực", en: "id of the system it belongs to"),
    .init("system_vi", vi: "tên lĩnh vực", en: "Vietnamese name of the system"),
    .init("system_en", vi: "tên lĩnh vực bằng tiếng Anh", en: "English name of the system"),
    .init("name_vi", vi: "tên chỉ tiêu", en: "Vietnamese name"),
    .init("name_en", vi: "tên tiếng Anh", en: "English name"),
    .init("unit", vi: "đơn vị của các giá trị", en: "the unit of the values"),
    .init(
      "display_unit_vi", vi: "đơn vị khi trình bày: giá trị nhân display_scale",
      en: "the unit in which people see it, in Vietnamese: value times display_scale"),
    .init("display_unit_en", vi: "đơn vị khi trình bày, tiếng Anh", en: "the same in English"),
    .init("display_scale", .number, vi: "hệ số nhân khi trình bày", en: "the factor from unit to the displayed unit"),
    .init("display_decimals", .integer, vi: "số chữ số thập phân khi trình bày", en: "decimals shown"),
    .init(
      "price_basis", vi: "giá hiện hành (current), giá so sánh (constant) hoặc none", en: "current, constant or none"),
    .init("direction", vi: "chiều tốt: up, down hoặc none", en: "which direction is good: up, down or none"),
    .init("range", vi: "miền giá trị", en: "the values it can take"),
    .init(
      "headline", .boolean, vi: "chỉ tiêu chính, dùng khi so sánh phương án", en: "whether options are compared on it"),
    .init("baseline_model", vi: "mô hình của đường cơ sở", en: "the model of the baseline"),
    .init(
      "planners_path", .boolean, vi: "đường cơ sở dựa trên ước tính của người lập kế hoạch (mức D)",
      en: "whether the baseline rests on a planner's own path (grade D)"),
    .init("last_observed", .integer, vi: "năm cuối đã công bố", en: "the last published year"),
    .init("coverage_level", .number, vi: "mức của dải được kiểm định", en: "level of the band that was back-tested"),
    .init(
      "coverage_held", .number, vi: "tỷ lệ kết quả thật nằm trong dải; trống là không kiểm được",
      en: "share of the outcomes inside it; missing where it is not testable"),
    .init("coverage_count", .integer, vi: "số lần kiểm định", en: "number of outcomes"),
    .init("note_vi", vi: "ghi chú", en: "remark in Vietnamese"),
    .init("note_en", vi: "ghi chú bằng tiếng Anh", en: "remark in English"),
    .init(
      "sources", vi: "mã nguồn số liệu, cách nhau bằng dấu cách; xem bảng sources",
      en: "ids of the sources, separated by spaces; see the table sources"),
  ]

  /// One row for the baseline and each scenario.
  public static func scenarios(_ result: RunResult) -> ExportTable {
    let rows = ([result.baseline] + result.scenarios).map { one -> [ExportTable.Cell] in
      [
        .text(one.id), .text(one.name.vi), .text(one.name.en), .text(one.description?.vi), .text(one.description?.en),
        .text(one.support.weakest?.rawValue), .number(one.support.shareP), .number(one.support.shareD),
        .number(one.cost), .flag(one.hasUnknownCost),
      ]
    }
    return ExportTable(
      "scenarios", vi: "Các phương án", en: "The options",
      [
        .init("scenario", vi: "mã phương án", en: "id of the option"),
        .init("name_vi", vi: "tên", en: "Vietnamese name"), .init("name_en", vi: "tên tiếng Anh", en: "English name"),
        .init("description_vi", vi: "giả định", en: "what it assumes, in Vietnamese"),
        .init("description_en", vi: "giả định, tiếng Anh", en: "what it assumes, in English"),
        .init(
          "weakest_grade", vi: "mức bằng chứng yếu nhất: A, B, C, P, D",
          en: "the weakest grade of evidence it rests on: A, B, C, P, D"),
        .init(
          "share_p", .number, vi: "phần thay đổi dựa trên mức P (0–1)",
          en: "share of the change that rests on grade P (0-1)"),
        .init(
          "share_d", .number, vi: "phần thay đổi dựa trên mức D (0–1)",
          en: "share of the change that rests on grade D (0-1)"),
        .init(
          "cost_billion_vnd_per_year", .number, vi: "chi phí thêm, tỷ đồng mỗi năm (phần đã biết)",
          en: "known extra cost, billion VND a year"),
        .init(
          "has_unknown_cost", .boolean, vi: "có giải pháp chưa rõ chi phí", en: "whether a lever has no known cost"),
      ], rows: rows)
  }

  /// One row for each official target and scenario.
  public static func targets(_ result: RunResult, only wanted: Set<String>? = nil) -> ExportTable {
    let outcomes = [result.baseline] + result.scenarios
    let rows = outcomes.flatMap(\.targets).filter { wanted?.contains($0.target.indicator) ?? true }.map {
      target -> [ExportTable.Cell] in
      [
        .text(target.target.indicator), .text(target.period.description), .text(target.target.aggregate.rawValue),
        .text(target.target.comparison.rawValue), .number(target.target.value), .number(target.target.upper),
        .text(target.target.document), .text(target.target.note), .text(target.scenario), .number(target.probability),
        .number(target.shortfall),
      ]
    }
    return ExportTable(
      "targets", vi: "Chỉ tiêu kế hoạch và xác suất đạt", en: "Official targets and the probability of meeting them",
      [
        .init("indicator", vi: "mã chỉ tiêu", en: "id of the indicator"),
        .init("period", vi: "năm hoặc giai đoạn", en: "the year or the period"),
        .init("aggregate", vi: "một năm, tổng hoặc bình quân", en: "year, sum or average over the period"),
        .init("comparison", vi: ">=, <= hoặc range", en: ">=, <= or range"),
        .init(
          "value", .number, vi: "mức phải đạt, theo đơn vị của chỉ tiêu",
          en: "the value to reach, in the indicator's unit"),
        .init("upper", .number, vi: "đầu trên của khoảng", en: "the upper end of a range"),
        .init("document", vi: "văn bản", en: "the document that sets it"),
        .init("note", vi: "ghi chú", en: "remark"),
        .init("scenario", vi: "phương án", en: "the option"),
        .init("probability", .number, vi: "xác suất đạt (0–1)", en: "probability of meeting it (0-1)"),
        .init("shortfall", .number, vi: "mức thiếu hụt kỳ vọng", en: "expected shortfall"),
      ], rows: rows)
  }

  /// One row for each lever of the model; baselines are those of the first and the last year of the projection.
  public static func levers(_ model: CompiledModel) -> ExportTable {
    let (first, last) = (model.grid.first ?? 0, model.grid.last ?? 0)
    let rows = model.catalog.levers.map { lever -> [ExportTable.Cell] in
      let baseline = model.leverBaseline(lever.id)
      return [
        .text(lever.id), .text(lever.name.vi), .text(lever.name.en), .text(lever.system), .text(lever.owner.vi),
        .text(lever.owner.en), .text(lever.kind.rawValue), .text(lever.unit), .number(baseline?.value(in: first)),
        .number(baseline?.value(in: last)), .text(lever.baselinePath.text), .number(lever.range.numbers.lowerBound),
        .number(lever.range.numbers.upperBound), .text(lever.range.isMultiple ? "multiples" : "values"),
        .text(lever.grade.rawValue), .text(lever.evidence),
      ]
    }
    return ExportTable(
      "levers", vi: "Các giải pháp", en: "The levers",
      [
        .init("lever", vi: "mã giải pháp", en: "id of the lever"), .init("name_vi", vi: "tên", en: "Vietnamese name"),
        .init("name_en", vi: "tên tiếng Anh", en: "English name"),
        .init("system", vi: "mã lĩnh vực", en: "id of the system"),
        .init("owner_vi", vi: "cơ quan chủ trì", en: "the owner, in Vietnamese"),
        .init("owner_en", vi: "cơ quan chủ trì, tiếng Anh", en: "the owner, in English"),
        .init("kind", vi: "loại", en: "quantity, ambition or project"), .init("unit", vi: "đơn vị", en: "the unit"),
        .init(
          "baseline", .number, vi: "mức của đường cơ sở năm đầu dự báo",
          en: "the value that the baseline implies in the first projected year"),
        .init(
          "baseline_last", .number, vi: "mức của đường cơ sở năm cuối dự báo",
          en: "the value that the baseline implies in the last projected year"),
        .init("baseline_path", vi: "đường cơ sở lấy từ đâu", en: "where the baseline path comes from"),
        .init("low", .number, vi: "mức thấp nhất", en: "the least that is feasible"),
        .init("high", .number, vi: "mức cao nhất", en: "the most that is feasible"),
        .init(
          "range_in", vi: "low và high: values là theo đơn vị, multiples là số lần đường cơ sở",
          en: "low and high as values in the unit, or as multiples of the baseline path"),
        .init("grade", vi: "mức bằng chứng", en: "the grade"),
        .init("evidence", vi: "mã bằng chứng", en: "id of the evidence"),
      ], rows: rows)
  }

  /// The sources of the published figures that the model's indicators use.
  public static func sources(
    _ result: RunResult, _ evidence: EvidenceTable, only wanted: Set<String>? = nil
  ) -> ExportTable {
    var used: Set<String> = []
    for node in result.model.nodes where wanted?.contains(node.id) ?? true {
      for figure in node.observations.values where !figure.source.isEmpty { used.insert(figure.source) }
    }
    let rows = used.sorted().map { id -> [ExportTable.Cell] in
      let source = evidence.sources[id]
      return [
        .text(id), .text(source?.title), .text(source?.publisher), .text(source?.url), .text(source?.licence),
      ]
    }
    return ExportTable(
      "sources", vi: "Nguồn số liệu", en: "Sources of the figures",
      [
        .init("source", vi: "mã nguồn", en: "id of the source"), .init("title", vi: "tên tài liệu", en: "the title"),
        .init("publisher", vi: "nơi công bố", en: "the publisher"), .init("url", vi: "địa chỉ", en: "the address"),
        .init("licence", vi: "ghi chú về quyền sử dụng", en: "remark on the licence"),
      ], rows: rows)
  }

  /// The data dictionary: every column of every table.
  public static func dictionary(_ tables: [ExportTable]) -> ExportTable {
    ExportTable(
      "dictionary", vi: "Từ điển dữ liệu", en: "Data dictionary",
      [
        .init("table", vi: "bảng", en: "the table"), .init("column", vi: "cột", en: "the column"),
        .init("type", vi: "kiểu", en: "string, integer, number or boolean"),
        .init("meaning_vi", vi: "ý nghĩa", en: "the meaning in Vietnamese"),
        .init("meaning_en", vi: "ý nghĩa, tiếng Anh", en: "the meaning in English"),
      ],
      rows: tables.flatMap { table in
        table.columns.map {
          [.text(table.name), .text($0.name), .text($0.type.rawValue), .text($0.meaning.vi), .text($0.meaning.en)]
        }
      })
  }
}
