import Forecast
import TextFiles

/// A fan chart of forecasts as a Vega-Lite (version 5) specification with its data inside.
///
/// The past is a dark line, the forecast a dashed one in its bands, of one hue from dark to light: they can be told apart
/// without colours and by colour-blind readers. Lines and bands carry their names; several series get a panel each.
public struct FanChart: Sendable {
  /// More panels cannot be read.
  public static let seriesLimit = 12

  /// The name of the vertical axis.
  public var valueName: String
  public var language: Language

  public init(valueName: String, language: Language) {
    self.valueName = valueName
    self.language = language
  }

  public func write(_ entries: [ForecastReport.Entry], to sink: any TextSink) throws {
    var json = JSONWriter(to: sink, indentation: 1)
    try specification(entries).write(&json)
    try json.finish()
  }

  private var say: Phrases { Phrases(language) }

  private func specification(_ entries: [ForecastReport.Entry]) -> ChartNode {
    let levels = entries.first?.forecast.bands.map(\.level) ?? []
    let layers: ChartNode = .list(bands(levels, entries) + lines(entries) + labels(levels, entries))
    let isSingle = entries.count == 1
    var node: ChartNode = [
      "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
      "title": [
        "text": .text(title(entries)), "subtitle": .text(subtitle(levels)), "anchor": "start", "fontSize": 15,
        "subtitleColor": "#555555",
      ],
      "data": ["values": .list(entries.flatMap(rows))],
    ]
    if isSingle {
      node = node.with("width", 640).with("height", 340).with("layer", layers)
    } else {
      node =
        node
        .with(
          "facet", ["field": "series", "type": "nominal", "title": nil, "sort": nil, "header": ["labelFontSize": 12]]
        )
        .with("columns", entries.count < 5 ? 2 : 3)
        .with("spacing", ["row": 30, "column": 75])
        .with("spec", ["width": 280, "height": 180, "layer": layers])
        .with("resolve", ["scale": ["x": "independent", "y": "independent"]])
    }
    var config: ChartNode = [
      "view": ["stroke": nil], "axis": ["gridColor": "#e5e5e5", "titleFontWeight": "normal"],
    ]
    if language == .vietnamese {
      config = config.with(
        "locale", ["number": ["decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]]])
    }
    return node.with("config", config)
  }

  // MARK: Words

  private func title(_ entries: [ForecastReport.Entry]) -> String {
    let steps = entries.first?.forecast.mean.count ?? 0
    if entries.count == 1, let id = entries.first?.forecast.id {
      return id + say(": dự báo \(steps) kỳ", ": forecast of \(ForecastReport.steps(steps))")
    }
    return say("Dự báo \(steps) kỳ", "Forecast of \(ForecastReport.steps(steps))")
  }

  private func subtitle(_ levels: [Double]) -> String {
    guard let widest = levels.last else { return "" }
    guard levels.count > 1 else {
      return say("Dải: khoảng \(percent(widest))", "Band: \(percent(widest)) interval")
    }
    let list = levels.map(percent).joined(separator: ", ")
    return say("Các dải từ đậm đến nhạt: khoảng \(list)", "Bands from dark to light: \(list) intervals")
  }

  private func percent(_ level: Double) -> String {
    let text = ForecastReport.name(level)
    return (language == .vietnamese ? String(text.map { $0 == "." ? "," : $0 }) : text) + "%"
  }

  // MARK: Data

  /// The last part of the past that keeps the forecast readable, then the steps; the fan opens at the last value.
  private func rows(_ entry: ForecastReport.Entry) -> [ChartNode] {
    let forecast = entry.forecast
    let first = firstShown(entry)
    let highest = (first..<entry.history.count).filter { entry.history[$0].isFinite }
      .max { entry.history[$0] < entry.history[$1] }
    var rows: [ChartNode] = []
    for index in first..<entry.history.count {
      var row = start(entry, index).with("observed", .number(entry.history[index]))
      if index == highest {
        // The line stays below its highest point, so that a name above it crosses nothing.
        let place = Double(index - first) / Double(max(entry.history.count - first, 1))
        row = row.with("name", place < 0.15 ? "left" : place > 0.85 ? "right" : "center")
      }
      if index == entry.history.count - 1, entry.history[index].isFinite {
        row = row.with("mean", .number(entry.history[index]))
        for rank in forecast.bands.indices {
          row = row.with("lower\(rank + 1)", .number(entry.history[index]))
            .with("upper\(rank + 1)", .number(entry.history[index]))
        }
      }
      rows.append(row)
    }
    for step in forecast.mean.indices {
      var row = start(entry, entry.history.count + step).with("mean", .number(forecast.mean[step]))
      for (rank, band) in forecast.bands.enumerated() {
        row = row.with("lower\(rank + 1)", .number(band.lower[step])).with(
          "upper\(rank + 1)", .number(band.upper[step]))
      }
      rows.append(row)
    }
    if let last = rows.popLast() { rows.append(last.with("name", "forecast")) }
    return rows
  }

  private func firstShown(_ entry: ForecastReport.Entry) -> Int {
    max(entry.history.count - max(6 * entry.forecast.mean.count, 40), 0)
  }

  private func start(_ entry: ForecastReport.Entry, _ index: Int) -> ChartNode {
    let time = entry.axis.text(at: index)
    let x: ChartNode = entry.axis.day(at: index).map { .text($0) } ?? .number(Double(time) ?? Double(index))
    return ["series": .text(entry.forecast.id), "x": x, "time": .text(time)]
  }

  // MARK: Marks

  /// From dark and narrow to light and wide.
  private static let shades = ["#6baed6", "#9ecae1", "#c6dbef", "#deebf7"]

  private func shade(_ rank: Int, of count: Int) -> String {
    let shades = Self.shades
    let offset = count <= 2 ? 1 : 0
    return shades[min(rank * max(shades.count - offset, count) / max(count, 1) + offset, shades.count - 1)]
  }

  private func bands(_ levels: [Double], _ entries: [ForecastReport.Entry]) -> [ChartNode] {
    levels.indices.reversed().map { rank in
      [
        "transform": [["filter": .text("isValid(datum.lower\(rank + 1))")]],
        "mark": ["type": "area", "color": .text(shade(rank, of: levels.count)), "line": false],
        "encoding": [
          "x": x(entries), "y": y("lower\(rank + 1)"), "y2": ["field": .text("upper\(rank + 1)")],
        ],
      ]
    }
  }

  private func lines(_ entries: [ForecastReport.Entry]) -> [ChartNode] {
    let tooltip: ChartNode = ["field": "time", "type": "nominal", "title": .text(say("Kỳ", "Time"))]
    func number(_ field: String, _ title: String) -> ChartNode {
      ["field": .text(field), "type": "quantitative", "title": .text(title)]
    }
    return [
      [
        "transform": [["filter": "isValid(datum.observed) || !isValid(datum.mean)"]],
        "mark": ["type": "line", "color": "#222222", "strokeWidth": 1.8, "point": ["size": 14, "color": "#222222"]],
        "encoding": [
          "x": x(entries), "y": y("observed"),
          "tooltip": [tooltip, number("observed", say("Thực tế", "Observed"))],
        ],
      ],
      [
        "transform": [["filter": "isValid(datum.mean)"]],
        "mark": ["type": "line", "color": "#08306b", "strokeWidth": 2.2, "strokeDash": [6, 3]],
        "encoding": [
          "x": x(entries), "y": y("mean"),
          "tooltip": [tooltip, number("mean", say("Dự báo", "Forecast"))],
        ],
      ],
    ]
  }

  /// Names beside what they name: bands above and below in turn, so that the names keep apart.
  private func labels(_ levels: [Double], _ entries: [ForecastReport.Entry]) -> [ChartNode] {
    func label(_ text: String, at name: String, field: String, color: String, mark: ChartNode) -> ChartNode {
      [
        "transform": [["filter": .text("datum.name === '\(name)'")]],
        "mark": mark.with("text", .text(text)).with("color", .text(color)).with("fontSize", 11),
        "encoding": ["x": x(entries), "y": y(field)],
      ]
    }
    var nodes: [ChartNode] = ["left", "center", "right"].map { place in
      let mark: ChartNode = ["type": "text", "align": .text(place), "baseline": "bottom", "dy": -6]
      return label(say("Thực tế", "Observed"), at: place, field: "observed", color: "#222222", mark: mark)
    }
    func beside(_ baseline: String) -> ChartNode {
      ["type": "text", "align": "left", "baseline": .text(baseline), "dx": 6]
    }
    nodes.append(
      label(say("Dự báo", "Forecast"), at: "forecast", field: "mean", color: "#08306b", mark: beside("middle")))
    for rank in levels.indices {
      let isUpper = (levels.count - 1 - rank).isMultiple(of: 2)
      nodes.append(
        label(
          percent(levels[rank]), at: "forecast", field: (isUpper ? "upper" : "lower") + "\(rank + 1)", color: "#2a5b8c",
          mark: beside(isUpper ? "bottom" : "top")))
    }
    return nodes
  }

  // MARK: Axes

  private func x(_ entries: [ForecastReport.Entry]) -> ChartNode {
    let title = ChartNode.text(say("Thời gian", "Time"))
    guard let axis = entries.first?.axis, axis.day(at: 0) != nil else {
      return [
        "field": "x", "type": "quantitative", "title": title, "scale": ["zero": false, "nice": false],
        "axis": ["format": "d", "tickMinStep": 1, "grid": false],
      ]
    }
    return [
      "field": "x", "type": "temporal", "title": title, "scale": ["type": "utc"], "axis": timeTicks(axis, entries),
    ]
  }

  /// Ticks on whole months, quarters or years, few enough to be read.
  private func timeTicks(_ axis: TimeAxis, _ entries: [ForecastReport.Entry]) -> ChartNode {
    let common: ChartNode = ["grid": false, "labelOverlap": true]
    guard let monthsApart = axis.monthsApart else { return common.with("format", "%Y-%m-%d").with("tickCount", 6) }
    let times = entries.map { $0.history.count - firstShown($0) + $0.forecast.mean.count }.max() ?? 1
    let room = entries.count == 1 ? 10 : 6
    let step = [1, 3, 6, 12, 24, 60, 120, 240].first { $0 >= monthsApart && times * monthsApart <= room * $0 } ?? 600
    if step >= 12 {
      return common.with("format", "%Y").with("tickCount", ["interval": "year", "step": .number(Double(step / 12))])
    }
    let ticks = common.with("tickCount", ["interval": "month", "step": .number(Double(step))])
    guard axis.isQuarters else { return ticks.with("format", "%Y-%m") }
    return ticks.with("labelExpr", "utcFormat(datum.value, '%Y') + '-Q' + utcquarter(datum.value)")
  }

  private func y(_ field: String) -> ChartNode {
    [
      "field": .text(field), "type": "quantitative", "title": .text(valueName), "scale": ["zero": false],
      "axis": ["tickCount": 6],
    ]
  }
}
