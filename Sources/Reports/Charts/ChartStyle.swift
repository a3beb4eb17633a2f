import TextFiles

/// What all charts of a pack share: colours, the frame with title, source and note, axes and number format.
///
/// Colours are those of Okabe and Ito (2008), which colour-blind readers can tell apart; lines differ by dashes too and carry their
/// names, so that a grey print can be read.
struct ChartStyle: Sendable {
  let language: Language
  /// The line below the picture: where the figures come from.
  let source: String

  var say: Phrases { Phrases(language) }

  static let black = "#222222"
  static let blue = "#0072B2"
  static let grey = "#8a8a8a"
  static let vermillion = "#D55E00"
  static let wideBand = "#dde9f2"
  static let narrowBand = "#b3d0e5"
  /// Without yellow, which is no colour for a line on white.
  static let palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#6b4c9a", "#555555"]
  static let dashes: [[Double]] = [
    [1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 2], [12, 4], [3, 3, 1, 3], [6, 2, 2, 2],
  ]

  static func color(_ index: Int) -> ChartNode { .text(palette[index % palette.count]) }
  static func dash(_ index: Int) -> ChartNode { .list(dashes[index % dashes.count].map { .number($0) }) }

  /// A chart of one panel.
  ///
  /// - Parameters:
  ///   - subtitle: unit and reading help; lines.
  ///   - axisRoom: pixels between the plot and the source line.
  func frame(
    title: String, subtitle: [String], width: Double, height: Double, axisRoom: Double = 42, layers: [ChartNode]
  ) -> ChartNode {
    let wrapped = DisplayWidth.wrapped(source, to: max(Int(width / 5.2), 40))
    let foot = wrapped.enumerated().map { line, text -> ChartNode in
      [
        "data": ["values": [[:]]],
        "mark": [
          "type": "text", "align": "left", "baseline": "top", "fontSize": 10, "color": "#555555", "text": .text(text),
        ],
        "encoding": ["x": ["value": 0], "y": ["value": .number(height + axisRoom + 13 * Double(line))]],
      ]
    }
    return [
      "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
      "description": .text(title),
      "title": [
        "text": .list(DisplayWidth.wrapped(title, to: max(Int(width / 6.4), 40)).map { .text($0) }),
        "subtitle": .list(
          subtitle.filter { !$0.isEmpty }.flatMap { DisplayWidth.wrapped($0, to: max(Int(width / 5.2), 40)) }
            .map { .text($0) }),
        "anchor": "start", "frame": "bounds", "fontSize": 15, "subtitleFontSize": 11.5, "subtitleColor": "#444444",
        "offset": 12,
      ],
      "width": .number(width), "height": .number(height), "layer": .list(layers + foot), "config": config,
    ]
  }

  private var config: ChartNode {
    let font: ChartNode = "Arial, Liberation Sans, DejaVu Sans, sans-serif"
    let node: ChartNode = [
      "font": font, "background": "white", "padding": 10, "view": ["stroke": nil],
      "axis": [
        "gridColor": "#e8e8e8", "domainColor": "#777777", "tickColor": "#777777", "labelFontSize": 11,
        "titleFontSize": 11, "titleFontWeight": "normal", "labelLimit": 260,
      ],
      "text": ["fontSize": 11],
    ]
    guard language == .vietnamese else { return node }
    return node.with(
      "locale", ["number": ["decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]]])
  }

  /// A horizontal axis of years.
  static func years(_ first: Int, _ last: Int, field: String = "year") -> ChartNode {
    let span = last - first
    let step = span <= 12 ? 1 : span <= 24 ? 2 : 5
    let ticks = stride(from: last - (span / step) * step, through: last, by: step).map { ChartNode.number(Double($0)) }
    return [
      "field": .text(field), "type": "quantitative", "title": nil,
      "scale": ["zero": false, "nice": false, "domain": [.number(Double(first)), .number(Double(last))]],
      "axis": ["format": "d", "values": .list(ticks), "grid": false],
    ]
  }

  /// A vertical axis over a given span; ranks count downwards.
  static func values(
    _ field: String, _ domain: ClosedRange<Double>, title: String, decimals: Int, reversed: Bool = false
  ) -> ChartNode {
    [
      "field": .text(field), "type": "quantitative", "title": .text(title),
      "scale": [
        "zero": false, "nice": false, "reverse": .truth(reversed),
        "domain": [.number(domain.lowerBound), .number(domain.upperBound)],
      ],
      "axis": ["tickCount": 6, "format": .text(",.\(max(decimals, 0))~f")],
    ]
  }

  /// A text mark at the right of a point.
  static func label(color: String = black, bold: Bool = false, dx: Double = 6) -> ChartNode {
    let mark: ChartNode = [
      "type": "text", "align": "left", "baseline": "middle", "dx": .number(dx), "limit": 330, "color": .text(color),
    ]
    return bold ? mark.with("fontWeight", "bold") : mark
  }

  static func data(_ rows: [ChartNode]) -> ChartNode { ["values": .list(rows)] }
}
