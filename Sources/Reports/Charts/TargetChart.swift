import TextFiles

/// The probability of each official target with no policy and under one option.
struct TargetChart {
  struct Item {
    var name: String
    var baseline: Double
    /// Nil where only the baseline is shown.
    var option: Double?
  }

  var id: String
  var title: String
  var optionName: String?
  var items: [Item]

  func chart(_ style: ChartStyle) -> Chart {
    let say = style.say
    let rows = items.map { item -> ChartNode in
      let end = item.option ?? item.baseline
      let text =
        item.option == nil || say.probability(end) == say.probability(item.baseline)
        ? say.probability(item.baseline) : say.probability(item.baseline) + " → " + say.probability(end)
      return [
        "name": .text(DisplayWidth.truncated(item.name, to: 62)), "base": .number(100 * item.baseline),
        "option": .number(100 * end), "right": .number(100 * max(item.baseline, end)), "text": .text(text),
      ]
    }
    let x = { (field: String) -> ChartNode in
      [
        "field": .text(field), "type": "quantitative",
        "title": .text(say("xác suất đạt, %", "probability of meeting it, %")),
        "scale": ["domain": [0, 100], "nice": false],
      ]
    }
    let y: ChartNode = [
      "field": "name", "type": "nominal", "title": nil, "sort": nil,
      "axis": ["labelLimit": 400, "domain": false, "ticks": false, "offset": 10, "grid": true],
    ]
    var layers: [ChartNode] = [
      [
        "data": ChartStyle.data(rows),
        "mark": [
          "type": "point", "size": 80, "filled": true, "fill": "white", "stroke": .text(ChartStyle.black), "opacity": 1,
        ],
        "encoding": ["x": x("base"), "y": y],
      ],
      [
        "data": ChartStyle.data(rows), "mark": ["type": "text", "align": "left", "dx": 9, "baseline": "middle"],
        "encoding": ["x": x("right"), "y": y, "text": ["field": "text", "type": "nominal"]],
      ],
    ]
    if optionName != nil {
      layers.insert(
        [
          "data": ChartStyle.data(rows), "mark": ["type": "rule", "strokeWidth": 2.5, "color": .text(ChartStyle.blue)],
          "encoding": ["x": x("base"), "x2": ["field": "option"], "y": y],
        ], at: 0)
      layers.insert(
        [
          "data": ChartStyle.data(rows),
          "transform": [["filter": "datum.base !== datum.option"]],
          "mark": ["type": "point", "size": 90, "filled": true, "color": .text(ChartStyle.blue), "opacity": 1],
          "encoding": ["x": x("option"), "y": y],
        ], at: 2)
    }
    let reading =
      optionName.map {
        say("Vòng rỗng: không có chính sách mới; điểm đậm: \($0).", "Hollow: no new policy; filled: \($0).")
      } ?? say("Không có chính sách mới.", "No new policy.")
    return Chart(
      id: id, title: title,
      style.frame(
        title: title, subtitle: [reading], width: 330, height: 24 * Double(max(items.count, 1)), axisRoom: 46,
        layers: layers))
  }
}
