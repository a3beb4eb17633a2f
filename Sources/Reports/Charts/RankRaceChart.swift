import TextFiles

/// The race of provinces for a rank: the others in grey, the own one in front, then its fan.
struct RankRaceChart {
  struct Runner {
    var name: String
    var ranks: [(year: Int, rank: Double)]
  }

  var id: String
  var title: String
  var own: Runner
  var others: [Runner]
  var grid: [Int]
  /// Median, 10% and 90% by grid year; only years after the own last rank are drawn.
  var fan: [(low: Double, median: Double, high: Double)]
  /// The number of places.
  var places: Int
  var notes: [String] = []

  func chart(_ style: ChartStyle) -> Chart {
    let say = style.say
    let lastOwn = own.ranks.map(\.year).max() ?? 0
    let first = max((others + [own]).flatMap { $0.ranks.map(\.year) }.min() ?? 0, lastOwn - 14)
    let last = grid.last ?? lastOwn
    let height = 380.0
    let domain = 0.5...(Double(places) + 0.5)
    let x = ChartStyle.years(first, last)
    let y = { (field: String) in
      ChartStyle.values(field, domain, title: say("hạng", "rank"), decimals: 0, reversed: true)
    }
    func rows(_ runner: Runner) -> [ChartNode] {
      runner.ranks.filter { $0.year >= first }.sorted { $0.year < $1.year }.map {
        ["runner": .text(runner.name), "year": .number(Double($0.year)), "rank": .number($0.rank)]
      }
    }
    var ahead: [ChartNode] = []
    if let end = own.ranks.max(by: { $0.year < $1.year }), grid.contains(end.year + 1) {
      let rank = ChartNode.number(end.rank)
      ahead.append(["year": .number(Double(end.year)), "low": rank, "median": rank, "high": rank])
    }
    for (year, values) in zip(grid, fan) where year > lastOwn {
      ahead.append([
        "year": .number(Double(year)), "low": .number(values.low), "median": .number(values.median),
        "high": .number(values.high),
      ])
    }
    var layers: [ChartNode] = [
      [
        "data": ChartStyle.data(others.flatMap(rows)),
        "mark": ["type": "line", "color": "#cfcfcf", "strokeWidth": 1, "clip": true],
        "encoding": ["x": x, "y": y("rank"), "detail": ["field": "runner", "type": "nominal"]],
      ],
      [
        "data": ChartStyle.data(ahead),
        "mark": ["type": "area", "color": .text(ChartStyle.narrowBand), "clip": true],
        "encoding": ["x": x, "y": y("low"), "y2": ["field": "high"]],
      ],
      [
        "data": ChartStyle.data(ahead),
        "mark": ["type": "line", "color": .text(ChartStyle.blue), "strokeWidth": 2.5, "strokeDash": [6, 3]],
        "encoding": ["x": x, "y": y("median")],
      ],
      [
        "data": ChartStyle.data(rows(own)),
        "mark": [
          "type": "line", "color": .text(ChartStyle.vermillion), "strokeWidth": 3,
          "point": ["size": 46, "color": .text(ChartStyle.vermillion)],
        ],
        "encoding": ["x": x, "y": y("rank")],
      ],
      [
        "data": ChartStyle.data(rows(own)),
        "mark": ["type": "text", "dy": -11, "fontWeight": "bold", "color": .text(ChartStyle.vermillion)],
        "encoding": ["x": x, "y": y("rank"), "text": ["field": "rank", "type": "quantitative", "format": "d"]],
      ],
    ]
    guard let end = fan.last else {
      return Chart(
        id: id, title: title, style.frame(title: title, subtitle: notes, width: 560, height: height, layers: layers))
    }
    let numbers = say.numbers
    let entries = [
      (own.name + ": " + numbers.fixed(end.median, decimals: 0), end.median, ChartStyle.blue),
      ("80%: " + numbers.fixed(end.low, decimals: 0), end.low, "#44708f"),
      ("80%: " + numbers.fixed(end.high, decimals: 0), end.high, "#44708f"),
    ]
    let spread = LabelPlacement.spread(entries.map(\.1), gap: Double(places) * 14 / height, in: domain)
    for (entry, place) in zip(entries, spread) {
      layers.append([
        "data": ChartStyle.data([["year": .number(Double(last)), "place": .number(place)]]),
        "mark": ChartStyle.label(color: entry.2, bold: true).with("text", .text(entry.0)),
        "encoding": ["x": x, "y": y("place")],
      ])
    }
    let reading = say(
      "Xám: các tỉnh khác; cam: \(own.name), đã công bố; xanh: dự báo không có chính sách mới, dải 80%. 1 = dẫn đầu.",
      "Grey: the other provinces; orange: \(own.name), published; blue: projection with no new policy, 80% band. 1 leads."
    )
    return Chart(
      id: id, title: title,
      style.frame(
        title: title, subtitle: [reading] + notes, width: 560, height: height, axisRoom: 30, layers: layers))
  }
}
