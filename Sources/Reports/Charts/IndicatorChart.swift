import Scenarios
import TextFiles

/// One indicator: its history, the fan with no new policy, and the medians of options over it.
struct IndicatorChart {
  struct Option {
    /// The number that tables use.
    var number: Int
    var name: String
    /// Medians by year of the grid.
    var medians: [Double]
  }

  var id: String
  var title: String
  var display: IndicatorDefinition.Display
  var isRank = false
  /// Published yearly figures; estimates are drawn hollow.
  var observed: [(year: Int, value: Double, isEstimate: Bool)]
  var grid: [Int]
  /// By grid year, in the order of ``NodeStatistics/probabilities``.
  var quantiles: [[Double]]
  var options: [Option] = []
  var notes: [String] = []
  /// Official targets: year, value.
  var targets: [(year: Int, value: Double)] = []

  /// More observed years than this make the projection too small.
  static let history = 16

  func chart(_ style: ChartStyle) -> Chart {
    let say = style.say
    let last = grid.last ?? 0
    let shown = observed.filter { $0.year > (grid.first ?? 0) - Self.history }.sorted { $0.year < $1.year }
    let lastObserved = shown.last
    let fanYears = grid.indices.filter { grid[$0] > lastObserved?.year ?? 0 }
    let first = min(shown.first?.year ?? last, fanYears.first.map { grid[$0] } ?? last)
    var fan: [ChartNode] = []
    func point(_ year: Int, _ q: [Double]) -> ChartNode {
      [
        "year": .number(Double(year)), "lo95": scaled(q[0]), "lo80": scaled(q[2]), "median": scaled(q[4]),
        "hi80": scaled(q[6]), "hi95": scaled(q[8]),
      ]
    }
    // The fan opens at the last published figure, if it is the year before.
    if let start = lastObserved, let next = fanYears.first, grid[next] == start.year + 1 {
      fan.append(point(start.year, [Double](repeating: start.value, count: 9)))
    }
    for index in fanYears { fan.append(point(grid[index], quantiles[index])) }
    let domain = span(shown.map(\.value), fanYears)
    let (width, height) = (560.0, 320.0)
    let y = { (field: String) in
      ChartStyle.values(
        field, domain, title: display.unit[style.language], decimals: display.decimals + 1, reversed: isRank)
    }
    let x = ChartStyle.years(first, last)
    var layers: [ChartNode] = [
      [
        "data": ChartStyle.data(fan), "mark": ["type": "area", "color": .text(ChartStyle.wideBand), "clip": true],
        "encoding": ["x": x, "y": y("lo95"), "y2": ["field": "hi95"]],
      ],
      [
        "data": ChartStyle.data(fan), "mark": ["type": "area", "color": .text(ChartStyle.narrowBand), "clip": true],
        "encoding": ["x": x, "y": y("lo80"), "y2": ["field": "hi80"]],
      ],
      [
        "data": ChartStyle.data(fan),
        "mark": [
          "type": "line", "color": .text(ChartStyle.black), "strokeWidth": 2, "strokeDash": [6, 3], "clip": true,
        ],
        "encoding": ["x": x, "y": y("median")],
      ],
    ]
    let facts = shown.map { row -> ChartNode in
      ["year": .number(Double(row.year)), "value": scaled(row.value), "estimate": .truth(row.isEstimate)]
    }
    if !facts.isEmpty {
      layers.append([
        "data": ChartStyle.data(facts),
        "mark": ["type": "line", "color": .text(ChartStyle.black), "strokeWidth": 2],
        "encoding": ["x": x, "y": y("value")],
      ])
      layers.append([
        "data": ChartStyle.data(facts),
        "mark": ["type": "point", "filled": true, "size": 34, "stroke": .text(ChartStyle.black), "opacity": 1],
        "encoding": [
          "x": x, "y": y("value"),
          "fill": ["condition": ["test": "datum.estimate", "value": "white"], "value": .text(ChartStyle.black)],
        ],
      ])
    }
    for (index, option) in options.enumerated() {
      layers.append(line(option, index, fanYears, shown.last, x, y("value")))
    }
    let marked = targets.filter { $0.year >= first && $0.year <= last }
    if !marked.isEmpty {
      layers.append([
        "data": ChartStyle.data(
          marked.map { ["year": .number(Double($0.year)), "value": scaled($0.value)] }),
        "mark": [
          "type": "point", "shape": "diamond", "size": 80, "filled": false, "stroke": .text(ChartStyle.vermillion),
          "strokeWidth": 2,
        ],
        "encoding": ["x": x, "y": y("value")],
      ])
    }
    layers += labels(style, domain, height, x, y("place"))
    var subtitle = [
      say(
        "\(display.unit.vi). Đường liền: đã công bố (điểm rỗng: ước tính); đường đứt: trung vị; dải: 80% và 95%.",
        "\(display.unit.en). Solid: published (hollow: estimate); dashed: median; bands: 80% and 95%.")
    ]
    if !marked.isEmpty { subtitle.append(say("Hình thoi: chỉ tiêu chính thức.", "Diamond: official target.")) }
    // Options that end at the same place share a label of numbers: their names stand here.
    let shared = grouped(options, grid.count - 1, tolerance: (domain.upperBound - domain.lowerBound) * 0.004)
      .filter { $0.members.count > 1 }.flatMap(\.members).sorted()
    if !shared.isEmpty {
      subtitle.append(shared.map { "(\(options[$0].number)) \(options[$0].name)" }.joined(separator: "; ") + ".")
    }
    return Chart(
      id: id, title: title,
      style.frame(
        title: title, subtitle: subtitle + notes, width: width, height: height, axisRoom: 30, layers: layers))
  }

  private func scaled(_ value: Double) -> ChartNode { .number(value * display.scale) }

  /// The 95% band may be so wide that nothing else can be read: it is then cut.
  private func span(_ observed: [Double], _ years: [Int]) -> ClosedRange<Double> {
    var inner = observed + targets.map(\.value)
    for year in years { inner += [quantiles[year][2], quantiles[year][6]] }
    for option in options { inner += years.map { option.medians[$0] } }
    let outer = years.flatMap { [quantiles[$0][0], quantiles[$0][8]] }
    inner = inner.filter(\.isFinite).map { $0 * display.scale }
    let (low, high) = (inner.min() ?? 0, inner.max() ?? 1)
    let size = max(high - low, abs(high) * 0.02, 1e-9)
    let bottom = max((outer.min() ?? low) * display.scale, low - 0.35 * size)
    let top = min((outer.max() ?? high) * display.scale, high + 0.35 * size)
    let (a, b) = (min(low, bottom), max(high, top))
    if isRank { return min(a, 1)...max(b + 1, 5) }
    // Amounts and shares do not go below zero.
    return (a >= 0 ? max(a - 0.05 * size, 0) : a - 0.05 * size)...(b + 0.05 * size)
  }

  private func line(
    _ option: Option, _ index: Int, _ years: [Int], _ start: (year: Int, value: Double, isEstimate: Bool)?,
    _ x: ChartNode, _ y: ChartNode
  ) -> ChartNode {
    var rows = years.map { year -> ChartNode in
      ["year": .number(Double(grid[year])), "value": scaled(option.medians[year])]
    }
    if let start, let next = years.first, grid[next] == start.year + 1 {
      rows.insert(["year": .number(Double(start.year)), "value": scaled(start.value)], at: 0)
    }
    return [
      "data": ChartStyle.data(rows),
      "mark": [
        "type": "line", "color": ChartStyle.color(index), "strokeWidth": 2.2, "strokeDash": ChartStyle.dash(index),
      ],
      "encoding": ["x": x, "y": y],
    ]
  }

  /// Names at the right of what they name, kept apart; options that end at the same place share a line.
  private func labels(
    _ style: ChartStyle, _ domain: ClosedRange<Double>, _ height: Double, _ x: ChartNode, _ y: ChartNode
  ) -> [ChartNode] {
    guard let last = grid.indices.last, let end = quantiles.last else { return [] }
    let say = style.say
    let size = domain.upperBound - domain.lowerBound
    var entries: [(text: String, value: Double, color: String)] = []
    func inside(_ value: Double) -> Double { min(max(value, domain.lowerBound), domain.upperBound) }
    let median = end[4] * display.scale
    let groups = grouped(options, last, tolerance: size * 0.004)
    let same = groups.first { abs($0.value - median) <= size * 0.004 }
    let nothing = say("không có chính sách mới", "no new policy") + ": " + say.value(end[4], display)
    if let same, !options.isEmpty {
      let numbers = same.members.map { "(\(options[$0].number))" }.joined(separator: " ")
      entries.append((nothing + " = " + numbers, median, ChartStyle.black))
    } else {
      entries.append((nothing, median, ChartStyle.black))
    }
    for group in groups where group.value != same?.value {
      let value = say.value(options[group.members[0]].medians[last], display)
      let name =
        group.members.count == 1
        ? "(\(options[group.members[0]].number)) " + DisplayWidth.truncated(options[group.members[0]].name, to: 36)
        : group.members.map { "(\(options[$0].number))" }.joined(separator: " ")
      let color = ChartStyle.palette[group.members[0] % ChartStyle.palette.count]
      entries.append((name + ": " + value, group.value, color))
    }
    entries.append(("80%: " + say.value(end[6], display), inside(end[6] * display.scale), "#44708f"))
    entries.append(("80%: " + say.value(end[2], display), inside(end[2] * display.scale), "#44708f"))
    let places = LabelPlacement.spread(entries.map(\.value), gap: size * 14 / height, in: domain)
    return zip(entries, places).map { entry, place in
      [
        "data": ChartStyle.data([["year": .number(Double(grid[last])), "place": .number(place)]]),
        "mark": ChartStyle.label(color: entry.color, bold: entry.color != "#44708f").with("text", .text(entry.text)),
        "encoding": ["x": x, "y": y],
      ]
    }
  }

  private func grouped(
    _ options: [Option], _ last: Int, tolerance: Double
  ) -> [(members: [Int], value: Double)] {
    var groups: [(members: [Int], value: Double)] = []
    for (index, option) in options.enumerated() {
      let value = option.medians[last] * display.scale
      if let position = groups.firstIndex(where: { abs($0.value - value) <= tolerance }) {
        groups[position].members.append(index)
      } else {
        groups.append(([index], value))
      }
    }
    return groups
  }
}
