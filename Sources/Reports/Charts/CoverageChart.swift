import TextFiles

/// What share of past outcomes the bands held, beside what they promise.
package struct CoverageChart {
  struct Item {
    var name: String
    /// The level of the band, and the share of outcomes it held.
    var level: Double
    var held: Double
    var count: Int
  }

  var id: String
  var title: String
  var items: [Item]
  var notes: [String]

  /// The 95% interval of a share of `count` by Wilson (1927): what chance alone may do to it.
  package static func wilson(_ share: Double, _ count: Int) -> ClosedRange<Double> {
    let (n, z) = (Double(max(count, 1)), 1.959963984540054)
    let middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    return max(middle - half, 0)...min(middle + half, 1)
  }

  func chart(_ style: ChartStyle) -> Chart {
    let say = style.say
    let rows = items.map { item -> ChartNode in
      let interval = Self.wilson(item.held, item.count)
      return [
        "name": .text(item.name), "held": .number(100 * item.held), "low": .number(100 * interval.lowerBound),
        "high": .number(100 * interval.upperBound), "level": .number(100 * item.level),
        "text": .text(say.share(item.held) + " (n = \(say.numbers.integer(item.count)))"),
      ]
    }
    let x = { (field: String) -> ChartNode in
      [
        "field": .text(field), "type": "quantitative",
        "title": .text(say("% kết quả thật nằm trong dải", "% of outcomes inside the band")),
        "scale": ["domain": [0, 100], "nice": false],
      ]
    }
    let y: ChartNode = [
      "field": "name", "type": "nominal", "title": nil, "sort": nil,
      "axis": ["labelLimit": 330, "domain": false, "ticks": false, "offset": 10],
    ]
    let layers: [ChartNode] = [
      [
        "data": ChartStyle.data(rows),
        "mark": ["type": "tick", "color": .text(ChartStyle.vermillion), "thickness": 2.5, "size": 24],
        "encoding": ["x": x("level"), "y": y],
      ],
      [
        "data": ChartStyle.data(rows), "mark": ["type": "rule", "color": .text(ChartStyle.blue), "strokeWidth": 2],
        "encoding": ["x": x("low"), "x2": ["field": "high"], "y": y],
      ],
      [
        "data": ChartStyle.data(rows),
        "mark": ["type": "point", "filled": true, "size": 90, "color": .text(ChartStyle.blue), "opacity": 1],
        "encoding": ["x": x("held"), "y": y],
      ],
      [
        "data": ChartStyle.data(rows), "mark": ["type": "text", "align": "right", "dx": -8, "dy": -12],
        "encoding": ["x": x("held"), "y": y, "text": ["field": "text", "type": "nominal"]],
      ],
    ]
    let reading = say(
      "Điểm: tỷ lệ đo được; đường ngang: khoảng mà ngẫu nhiên cho phép (95%); vạch cam: mức dải hứa.",
      "Point: measured share; line: what chance allows (95%); orange mark: what the band promises.")
    return Chart(
      id: id, title: title,
      style.frame(
        title: title, subtitle: [reading] + notes, width: 380, height: 46 * Double(max(items.count, 1)), axisRoom: 46,
        layers: layers))
  }
}
