import Scenarios

/// The tables of an export, made from a result.
public enum ExportTables {}

extension ExportTables {
  private static let keys: [ExportTable.Column] = [
    .init(
      "scenario", vi: "phương án; baseline là không có chính sách mới", en: "the option; baseline is no new policy"),
    .init("indicator", vi: "mã chỉ tiêu, xem bảng indicators", en: "id of the indicator, see the table indicators"),
  ]

  /// One row for each number: the columns of `run --format csv`.
  public static func long(_ result: RunResult, indicators: Set<String>? = nil) -> ExportTable {
    let columns =
      keys + [
        .init("period", vi: "năm", en: "the year"),
        .init(
          "lever", vi: "giải pháp, chỉ với thống kê effect", en: "the lever, only for the statistic effect"),
        .init("statistic", vi: "thống kê, xem bảng statistics", en: "the statistic, see the table statistics"),
        .init(
          "value", .number,
          vi: "giá trị theo đơn vị của chỉ tiêu (cột unit của bảng indicators); tỷ lệ tính bằng phần trăm",
          en: "the value in the indicator's unit (column unit of the table indicators); percentages are in percent"),
      ]
    return ExportTable("projections", vi: "Kết quả dạng dài", en: "Results, one row for each number", columns) { body in
      try result.forEachRow(indicators: indicators) { row in
        try body([
          .text(row.scenario), .text(row.indicator), .text(row.period), .text(row.lever), .text(row.statistic),
          .number(row.value),
        ])
      }
    }
  }

  /// One row for each scenario, indicator, statistic and lever, with the years across.
  public static func wide(_ result: RunResult, indicators: Set<String>? = nil) -> ExportTable {
    struct Series {
      var scenario: String
      var indicator: String
      var lever: String?
      var statistic: String
      var values: [String: Double?] = [:]
    }
    struct Key: Hashable {
      var scenario: String
      var indicator: String
      var lever: String?
      var statistic: String
    }
    var series: [Series] = []
    var places: [Key: Int] = [:]
    var periods: Set<String> = []
    result.forEachRow(indicators: indicators) { row in
      let key = Key(scenario: row.scenario, indicator: row.indicator, lever: row.lever, statistic: row.statistic)
      let place = places[key] ?? series.count
      if place == series.count {
        places[key] = place
        series.append(
          Series(scenario: row.scenario, indicator: row.indicator, lever: row.lever, statistic: row.statistic))
      }
      series[place].values[row.period] = row.value
      periods.insert(row.period)
    }
    let years = periods.sorted()
    let columns =
      keys + [
        .init("indicator_vi", vi: "tên chỉ tiêu", en: "Vietnamese name of the indicator"),
        .init("indicator_en", vi: "tên tiếng Anh của chỉ tiêu", en: "English name of the indicator"),
        .init("unit", vi: "đơn vị của các giá trị", en: "the unit of the values"),
        .init("lever", vi: "giải pháp, chỉ với thống kê effect", en: "the lever, only for the statistic effect"),
        .init("statistic", vi: "thống kê, xem bảng statistics", en: "the statistic, see the table statistics"),
      ] + years.map { .init($0, .number, vi: "giá trị năm \($0)", en: "the value of \($0)") }
    let definitions = Dictionary(result.model.nodes.map { ($0.id, $0.definition) }) { first, _ in first }
    let rows = series.map { one -> [ExportTable.Cell] in
      let definition = definitions[one.indicator]
      return [
        .text(one.scenario), .text(one.indicator), .text(definition?.name.vi), .text(definition?.name.en),
        .text(definition?.unit), .text(one.lever), .text(one.statistic),
      ] + years.map { .number(one.values[$0] ?? nil) }
    }
    return ExportTable(
      "projections", vi: "Kết quả dạng rộng, các năm theo cột", en: "Results, the years across", columns, rows: rows)
  }

  /// What each statistic is.
  public static let statistics: ExportTable = {
    let quantiles = [
      ("p025", "2,5", "2.5"), ("p05", "5", "5"), ("p10", "10", "10"), ("p25", "25", "25"), ("p75", "75", "75"),
      ("p90", "90", "90"), ("p95", "95", "95"), ("p975", "97,5", "97.5"),
    ].map { name, vi, en in
      (
        name, "phân vị \(vi)%: \(vi)% lượt mô phỏng thấp hơn",
        "\(en)% quantile: \(en)% of the simulated futures lie below"
      )
    }
    let all: [(String, String, String)] =
      [
        (
          "observed", "số liệu đã công bố (chỉ ở baseline; kể cả ước tính, không kể kế hoạch)",
          "a published figure (baseline only; estimates included, plans not)"
        ),
        ("mean", "trung bình các lượt mô phỏng", "mean of the simulated futures"),
        ("median", "trung vị", "median"),
      ] + quantiles + [
        (
          "change", "trung vị của chênh lệch so với baseline trong từng lượt mô phỏng",
          "median of the draw-by-draw difference to the baseline"
        ),
        ("change_mean", "trung bình của chênh lệch đó", "mean of that difference"),
        (
          "effect", "đóng góp của một giải pháp vào change_mean (giá trị Shapley); cộng lại bằng change_mean",
          "contribution of one lever to change_mean (Shapley value); they add up to change_mean"
        ),
      ]
    return ExportTable(
      "statistics", vi: "Các thống kê", en: "The statistics",
      [
        .init("statistic", vi: "mã", en: "the id"), .init("meaning_vi", vi: "ý nghĩa", en: "the meaning in Vietnamese"),
        .init("meaning_en", vi: "ý nghĩa bằng tiếng Anh", en: "the meaning in English"),
      ], rows: all.map { [.text($0.0), .text($0.1), .text($0.2)] })
  }()
}
