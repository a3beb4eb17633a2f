import TextFiles

/// Options by cost and gain, with the front of those that no other beats in both.
public struct ParetoChart: Sendable {
  public struct Point: Sendable {
    public var name: String
    public var cost: Double
    public var gain: Double

    public init(name: String, cost: Double, gain: Double) {
      self.name = name
      self.cost = cost
      self.gain = gain
    }
  }

  public var id: String
  public var title: String
  public var costTitle: String
  public var gainTitle: String
  public var points: [Point]
  public var notes: [String]

  public init(
    id: String, title: String, costTitle: String, gainTitle: String, points: [Point], notes: [String] = []
  ) {
    self.id = id
    self.title = title
    self.costTitle = costTitle
    self.gainTitle = gainTitle
    self.points = points
    self.notes = notes
  }

  /// The points that no other is at least as good as in both and better in one, by cost.
  package static func front(_ points: [Point]) -> [Point] {
    points.filter { point in
      !points.contains {
        $0.cost <= point.cost && $0.gain >= point.gain && ($0.cost < point.cost || $0.gain > point.gain)
      }
    }.sorted { ($0.cost, $0.gain) < ($1.cost, $1.gain) }
  }

  public func chart(language: Language, source: String) -> Chart {
    let style = ChartStyle(language: language, source: source)
    let front = Self.front(points)
    let say = style.say
    func span(_ values: [Double], _ margin: Double) -> ClosedRange<Double> {
      let (low, high) = (values.min() ?? 0, values.max() ?? 1)
      let size = max(high - low, abs(high) * 0.05, 1e-6)
      return (low - margin * size)...(high + margin * size)
    }
    let (xDomain, yDomain) = (span(points.map(\.cost), 0.06), span(points.map(\.gain), 0.12))
    let (width, height) = (520.0, 320.0)
    let x: ChartNode = [
      "field": "cost", "type": "quantitative", "title": .text(costTitle),
      "scale": ["nice": false, "zero": false, "domain": [.number(xDomain.lowerBound), .number(xDomain.upperBound)]],
      "axis": ["tickCount": 6, "format": ",.0~f"],
    ]
    let y = { (field: String) in ChartStyle.values(field, yDomain, title: gainTitle, decimals: 2) }
    let rows = points.map { point -> ChartNode in
      let onFront = front.contains { $0.cost == point.cost && $0.gain == point.gain }
      return [
        "name": .text(point.name), "cost": .number(point.cost), "gain": .number(point.gain), "front": .truth(onFront),
      ]
    }
    let places = LabelPlacement.spread(
      points.map(\.gain), gap: (yDomain.upperBound - yDomain.lowerBound) * 14 / height, in: yDomain)
    let labels = zip(points, places).map { point, place -> ChartNode in
      // Names of the right half stand at the left, so that they stay on the page.
      let isRight = point.cost > (xDomain.lowerBound + xDomain.upperBound) / 2
      return [
        "cost": .number(point.cost), "place": .number(place), "isRight": .truth(isRight),
        "name": .text(DisplayWidth.truncated(point.name, to: 40)),
      ]
    }
    var layers: [ChartNode] = [
      [
        "data": ChartStyle.data(front.map { ["cost": .number($0.cost), "gain": .number($0.gain)] }),
        "mark": [
          "type": "line", "interpolate": "step-after", "color": .text(ChartStyle.blue), "strokeWidth": 2,
          "strokeDash": [6, 3],
        ],
        "encoding": ["x": x, "y": y("gain")],
      ],
      [
        "data": ChartStyle.data(rows),
        "mark": ["type": "point", "size": 90, "filled": true, "stroke": .text(ChartStyle.blue), "opacity": 1],
        "encoding": [
          "x": x, "y": y("gain"),
          "fill": ["condition": ["test": "datum.front", "value": .text(ChartStyle.blue)], "value": "white"],
        ],
      ],
    ]
    for (isRight, align, dx) in [(true, "right", -9.0), (false, "left", 9.0)] {
      layers.append([
        "data": ChartStyle.data(labels), "transform": [["filter": .text("datum.isRight === \(isRight)")]],
        "mark": ["type": "text", "align": .text(align), "baseline": "middle", "dx": .number(dx), "limit": 320],
        "encoding": ["x": x, "y": y("place"), "text": ["field": "name", "type": "nominal"]],
      ])
    }
    let reading = say(
      "Điểm đậm nằm trên đường biên: không phương án nào rẻ hơn mà được nhiều hơn.",
      "Filled points lie on the front: no option costs less and brings more.")
    return Chart(
      id: id, title: title,
      style.frame(title: title, subtitle: [reading] + notes, width: width, height: height, layers: layers))
  }
}
