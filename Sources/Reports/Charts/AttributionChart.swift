import TextFiles

/// What each lever adds to an indicator over the years, as wedges that add up to the mean change.
struct AttributionChart {
  struct Wedge {
    var name: String
    /// By year, in display units.
    var effects: [Double]
  }

  var id: String
  var title: String
  var unit: String
  var decimals: Int
  var years: [Int]
  var wedges: [Wedge]
  var notes: [String] = []

  /// More wedges than this cannot be told apart; the small ones become one.
  static let mostWedges = 7

  func chart(_ style: ChartStyle) -> Chart {
    let say = style.say
    let wedges = shown(say("các giải pháp khác", "other levers"))
    var rows: [ChartNode] = []
    var middles = [Double](repeating: 0, count: wedges.count)
    var (lowest, highest) = (0.0, 0.0)
    for (position, year) in years.enumerated() {
      // Gains pile up above zero, losses below.
      var (above, below) = (0.0, 0.0)
      for (index, wedge) in wedges.enumerated() {
        let effect = wedge.effects[position]
        let from = effect >= 0 ? above : below
        if effect >= 0 { above += effect } else { below += effect }
        rows.append([
          "wedge": .number(Double(index)), "year": .number(Double(year)), "from": .number(from),
          "to": .number(from + effect),
        ])
        if position == years.count - 1 { middles[index] = from + effect / 2 }
      }
      (lowest, highest) = (min(lowest, below), max(highest, above))
    }
    let total = years.indices.map { position in wedges.reduce(0) { $0 + $1.effects[position] } }
    let size = max(highest - lowest, 1e-9)
    let domain = (lowest < 0 ? lowest - 0.05 * size : lowest)...(highest > 0 ? highest + 0.05 * size : highest + 1e-9)
    let height = 300.0
    let x = ChartStyle.years(years.first ?? 0, years.last ?? 1)
    let y = { (field: String) in ChartStyle.values(field, domain, title: unit, decimals: decimals + 1) }
    var layers = wedges.indices.map { index -> ChartNode in
      [
        "data": ChartStyle.data(rows), "transform": [["filter": .text("datum.wedge === \(index)")]],
        "mark": [
          "type": "area", "color": ChartStyle.color(index), "opacity": 0.85, "stroke": "white", "strokeWidth": 1.5,
        ],
        "encoding": ["x": x, "y": y("from"), "y2": ["field": "to"]],
      ]
    }
    layers.append([
      "data": ChartStyle.data(
        zip(years, total).map { ["year": .number(Double($0)), "total": .number($1)] }),
      "mark": [
        "type": "line", "color": .text(ChartStyle.black), "strokeWidth": 2,
        "point": ["size": 26, "color": .text(ChartStyle.black)],
      ],
      "encoding": ["x": x, "y": y("total")],
    ])
    var entries = wedges.enumerated().map { index, wedge -> (text: String, value: Double, color: String) in
      (
        DisplayWidth.truncated(wedge.name, to: 38) + ": "
          + say.numbers.fixed(wedge.effects.last ?? 0, decimals: decimals, signed: true), middles[index],
        ChartStyle.palette[index % ChartStyle.palette.count]
      )
    }
    entries.append(
      (
        say("Cộng", "Sum") + ": " + say.numbers.fixed(total.last ?? 0, decimals: decimals, signed: true),
        total.last ?? 0, ChartStyle.black
      ))
    let places = LabelPlacement.spread(entries.map(\.value), gap: size * 1.05 * 14 / height, in: domain)
    for (entry, place) in zip(entries, places) {
      layers.append([
        "data": ChartStyle.data([["year": .number(Double(years.last ?? 0)), "place": .number(place)]]),
        "mark": ChartStyle.label(color: entry.color, bold: true).with("text", .text(entry.text)),
        "encoding": ["x": x, "y": y("place")],
      ])
    }
    let reading = say(
      "\(unit); thay đổi trung bình so với không có chính sách, chia theo giải pháp (giá trị Shapley).",
      "\(unit); mean change against no policy, by lever (Shapley values).")
    return Chart(
      id: id, title: title,
      style.frame(
        title: title, subtitle: [reading] + notes, width: 460, height: height, axisRoom: 30, layers: layers))
  }

  /// The largest wedges first, the rest added up.
  private func shown(_ others: String) -> [Wedge] {
    let sorted = wedges.filter { $0.effects.contains { $0 != 0 } }
      .sorted { abs($0.effects.last ?? 0) > abs($1.effects.last ?? 0) }
    guard sorted.count > Self.mostWedges else { return sorted }
    let rest = sorted[(Self.mostWedges - 1)...]
    let sum = years.indices.map { year in rest.reduce(0) { $0 + $1.effects[year] } }
    return Array(sorted[..<(Self.mostWedges - 1)]) + [Wedge(name: others, effects: sum)]
  }
}
