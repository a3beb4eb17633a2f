import TextFiles

/// Bars about a middle line: what each assumption or lever does to one figure, the largest first.
public struct TornadoChart: Sendable {
  public struct Bar: Sendable {
    public var name: String
    /// The figure at the low and at the high end of the assumption, in display units.
    public var low: Double
    public var high: Double

    public init(name: String, low: Double, high: Double) {
      self.name = name
      self.low = low
      self.high = high
    }
  }

  public var id: String
  public var title: String
  public var subtitle: [String]
  public var unit: String
  /// The figure when nothing is moved.
  public var middle: Double
  public var decimals: Int
  public var bars: [Bar]
  /// Whether values are changes, written with a sign.
  public var isChange: Bool

  public init(
    id: String, title: String, subtitle: [String], unit: String, middle: Double, decimals: Int, bars: [Bar],
    isChange: Bool = false
  ) {
    self.id = id
    self.title = title
    self.subtitle = subtitle
    self.unit = unit
    self.middle = middle
    self.decimals = decimals
    self.bars = bars
    self.isChange = isChange
  }

  /// The chart, drawn for a reader of `language`, with the line that says where the figures come from.
  public func chart(language: Language, source: String) -> Chart {
    let style = ChartStyle(language: language, source: source)
    let sorted = bars.sorted { abs($0.high - $0.low) > abs($1.high - $1.low) }
    let numbers = NumberFormat(language)
    func text(_ value: Double) -> String { numbers.fixed(value, decimals: decimals, signed: isChange) }
    var rows: [ChartNode] = []
    for bar in sorted {
      for (end, side) in [(bar.low, "low"), (bar.high, "high")] where end != middle {
        rows.append([
          "name": .text(bar.name), "from": .number(middle), "to": .number(end), "side": .text(side),
          "text": .text(text(end)), "isLeft": .truth(end < middle),
        ])
      }
      if bar.low == middle, bar.high == middle {
        rows.append([
          "name": .text(bar.name), "from": .number(middle), "to": .number(middle), "side": "high",
          "text": .text(text(middle)), "isLeft": false,
        ])
      }
    }
    let ends = sorted.flatMap { [$0.low, $0.high] } + [middle]
    let (low, high) = (ends.min() ?? 0, ends.max() ?? 1)
    let size = max(high - low, abs(high) * 1e-6, 1e-12)
    let domain: ChartNode = [
      .number(low < middle ? low - 0.14 * size : low), .number(high > middle ? high + 0.14 * size : high),
    ]
    let height = 26.0 * Double(max(sorted.count, 1))
    let x: ChartNode = [
      "field": "to", "type": "quantitative", "title": .text(unit),
      "scale": ["zero": false, "nice": false, "domain": domain],
      "axis": ["tickCount": 5, "format": .text(",.\(decimals)~f")],
    ]
    let y: ChartNode = [
      "field": "name", "type": "nominal", "title": nil, "sort": .list(sorted.map { .text($0.name) }),
      "axis": ["labelLimit": 300, "domain": false, "ticks": false],
    ]
    var layers: [ChartNode] = [
      [
        "data": ChartStyle.data(rows), "mark": ["type": "bar", "height": 16],
        "encoding": [
          "x": x, "x2": ["field": "from"], "y": y,
          "color": [
            "field": "side", "type": "nominal", "legend": nil,
            "scale": ["domain": ["low", "high"], "range": [.text("#E69F00"), .text(ChartStyle.blue)]],
          ],
        ],
      ]
    ]
    for (isLeft, align, dx) in [(true, "right", -4.0), (false, "left", 4.0)] {
      layers.append([
        "data": ChartStyle.data(rows), "transform": [["filter": .text("datum.isLeft === \(isLeft)")]],
        "mark": ["type": "text", "align": .text(align), "baseline": "middle", "dx": .number(dx)],
        "encoding": ["x": x, "y": y, "text": ["field": "text", "type": "nominal"]],
      ])
    }
    layers.append([
      "data": ChartStyle.data([["to": .number(middle)]]),
      "mark": ["type": "rule", "color": .text(ChartStyle.black), "strokeWidth": 1.2],
      "encoding": ["x": x],
    ])
    return Chart(
      id: id, title: title,
      style.frame(title: title, subtitle: subtitle, width: 420, height: height, axisRoom: 46, layers: layers))
  }
}
