import CXLSXWriter

/// A native chart over cells.
struct SheetChart {
  enum Kind { case line, bar, column }

  struct Series {
    var name: String
    /// Ranges such as `='Dự báo'!$D$4:$I$4`.
    var categories: String
    var values: String
    var color: UInt32
    var width: Float = 2.25
    var isDashed = false
    var hasMarkers = false
    var hasLabels = false
    var labelFormat: String?
  }

  var kind: Kind
  var title: String
  var yTitle = ""
  var series: [Series]
  /// Whether the axis of values counts downwards, for ranks.
  var isReversed = false
  /// Whether bars of several series lie on one line, for a tornado.
  var isOverlaid = false
  var hasLegend = true
  var axisFormat = "#,##0"

  func make(_ book: WorkbookFile) -> UnsafeMutablePointer<lxw_chart>? {
    let type: lxw_chart_type
    switch kind {
    case .line: type = LXW_CHART_LINE
    case .bar: type = LXW_CHART_BAR
    case .column: type = LXW_CHART_COLUMN
    }
    guard let chart = book.makeChart(type) else { return nil }
    chart_title_set_name(chart, title.composed)
    var titleFont = lxw_chart_font()
    titleFont.size = 12
    titleFont.bold = UInt8(LXW_TRUE.rawValue)
    WorkbookFile.font.withCString { name in
      titleFont.name = UnsafeMutablePointer(mutating: name)
      chart_title_set_name_font(chart, &titleFont)
    }
    // The library turns the axes of a bar chart round: its x axis is then the one of values.
    let values = kind == .bar ? chart.pointee.x_axis : chart.pointee.y_axis
    let categories = kind == .bar ? chart.pointee.y_axis : chart.pointee.x_axis
    if !yTitle.isEmpty { chart_axis_set_name(values, yTitle.composed) }
    chart_axis_set_num_format(values, axisFormat)
    if isReversed { chart_axis_set_reverse(values) }
    if kind == .bar { chart_axis_set_reverse(categories) }
    // Names of bars stand at the edge, not at zero.
    if kind != .line { chart_axis_set_label_position(categories, UInt8(LXW_CHART_AXIS_LABEL_POSITION_LOW.rawValue)) }
    for series in series { add(series, chart) }
    if isOverlaid { chart_set_series_overlap(chart, 100) }
    if !hasLegend || series.count < 2 {
      chart_legend_set_position(chart, UInt8(LXW_CHART_LEGEND_NONE.rawValue))
    } else {
      chart_legend_set_position(chart, UInt8(LXW_CHART_LEGEND_BOTTOM.rawValue))
    }
    return chart
  }

  private func add(_ series: Series, _ chart: UnsafeMutablePointer<lxw_chart>) {
    guard let pointer = chart_add_series(chart, series.categories, series.values) else { return }
    chart_series_set_name(pointer, series.name.composed)
    if kind == .line {
      var line = lxw_chart_line()
      line.color = lxw_color_t(series.color)
      line.width = series.width
      line.dash_type = UInt8((series.isDashed ? LXW_CHART_LINE_DASH_DASH : LXW_CHART_LINE_DASH_SOLID).rawValue)
      chart_series_set_line(pointer, &line)
      chart_series_set_marker_type(
        pointer, UInt8((series.hasMarkers ? LXW_CHART_MARKER_CIRCLE : LXW_CHART_MARKER_NONE).rawValue))
    } else {
      var fill = lxw_chart_fill()
      fill.color = lxw_color_t(series.color)
      chart_series_set_fill(pointer, &fill)
    }
    if series.hasLabels {
      chart_series_set_labels(pointer)
      if let format = series.labelFormat { chart_series_set_labels_num_format(pointer, format) }
    }
  }
}
