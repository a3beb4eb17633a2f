import Scenarios
import TextFiles

/// The pictures of a pack.
struct PackCharts {
  private let content: PackContent

  init(_ content: PackContent) { self.content = content }

  private var say: Phrases { content.say }
  private var model: CompiledModel { content.model }

  /// All pictures: one per leading indicator, then what options bring and how good the bands are.
  func all() -> [Chart] {
    var charts = content.leading.prefix(Self.mostIndicators).map(indicator)
    if let chart = targets() { charts.append(chart) }
    charts += attribution()
    if let chart = pareto() { charts.append(chart) }
    if let chart = rankRace() { charts.append(chart) }
    if let chart = coverage() { charts.append(chart) }
    return charts
  }

  /// The two pictures of the brief: the leading indicator, and what the best option's levers bring or how far targets are.
  static func briefCharts(_ charts: [Chart]) -> [Chart] {
    let second = charts.first { $0.id.hasPrefix("levers-over-time") } ?? charts.first { $0.id == "targets" }
    return [charts.first, second].compactMap { $0 }
  }

  /// Each picture costs a tenth of a second.
  static let mostIndicators = 8

  private func style(_ node: Int?) -> ChartStyle {
    ChartStyle(language: say.language, source: content.sourceLine(node))
  }

  // MARK: indicators

  private func indicator(_ node: Int) -> Chart {
    let definition = model.nodes[node].definition
    let result = content.result
    var chart = IndicatorChart(
      id: "indicator-" + FileName.word(definition.id),
      title: content.name(node) + say(" đến năm \(content.until)", " to \(content.until)"),
      display: definition.display,
      observed: model.nodes[node].facts.map { year, value in
        (year, value, model.nodes[node].observations[year]?.status == .estimate)
      }, grid: model.grid, quantiles: result.baseline.statistics[node].map(\.quantiles))
    chart.isRank = definition.unit == "rank"
    chart.options = content.scenarios.filter { option in
      (option.outcome.statistics[node][content.last].changeMean ?? 0) != 0
    }.map {
      .init(
        number: $0.number, name: content.optionName($0), medians: $0.outcome.statistics[node].map(\.median))
    }
    chart.targets = model.catalog.targets.filter {
      $0.indicator == definition.id && $0.aggregate == .year && $0.comparison != .within
    }.compactMap { target in target.period.calendarYear.map { ($0, target.value) } }
    chart.notes = [content.coverage(node)]
    if model.restsOnPlannersPath(definition.id) {
      chart.notes.append(
        say(
          "[D] Đường cơ sở do người lập kế hoạch ước tính, không phải dự báo từ số liệu.",
          "[D] The path with no policy is a planner's own estimate, not a forecast from data."))
    }
    if let note = definition.note { chart.notes.append(note[say.language]) }
    return chart.chart(style(node))
  }

  // MARK: options

  private func targets() -> Chart? {
    let results = content.result.baseline.targets
    guard !results.isEmpty else { return nil }
    let items = results.enumerated().compactMap { position, target -> TargetChart.Item? in
      // What rests on a planner's path has no probability.
      guard !target.isScenarioOnly, let name = content.targetName(target) else { return nil }
      return .init(
        name: name, baseline: target.probability,
        option: content.best?.outcome.targets[position].probability)
    }
    return TargetChart(
      id: "targets", title: say("Chỉ tiêu chính thức: xác suất đạt", "Official targets: probability of meeting them"),
      optionName: content.best.map(content.optionName), items: items
    ).chart(style(nil))
  }

  private func attribution() -> [Chart] {
    var charts: [Chart] = []
    for option in content.scenarios {
      guard let attribution = content.attribution(option.outcome.id),
        let node = content.leading.first(where: {
          (option.outcome.statistics[$0][content.last].changeMean ?? 0) != 0
        })
      else { continue }
      let display = content.display(node)
      let decimals = display.decimals == 0 ? 1 : display.decimals
      let title = content.numbered(option) + ": " + content.name(node)
      let suffix = FileName.word(option.outcome.id)
      let wedges = attribution.levers.enumerated().map { position, id in
        AttributionChart.Wedge(
          name: content.leverName(id), effects: attribution.effects[position][node].map { $0 * display.scale })
      }
      let notes = attribution.isExact ? [] : [sampled(attribution)]
      charts.append(
        AttributionChart(
          id: "levers-over-time-" + suffix, title: title, unit: content.unit(node), decimals: decimals,
          years: model.grid, wedges: wedges, notes: notes
        ).chart(style(node)))
      let bars = wedges.filter { ($0.effects.last ?? 0) != 0 }.map { wedge -> TornadoChart.Bar in
        let effect = wedge.effects.last ?? 0
        return .init(name: wedge.name, low: min(effect, 0), high: max(effect, 0))
      }
      guard bars.count > 1 else { continue }
      charts.append(
        TornadoChart(
          id: "levers-" + suffix, title: title,
          subtitle: [
            say(
              "Đóng góp trung bình của từng giải pháp năm \(content.until), \(display.unit.vi).",
              "What each lever brings on average in \(content.until), \(display.unit.en).")
          ] + notes, unit: content.unit(node), middle: 0, decimals: decimals, bars: bars, isChange: true
        ).chart(language: say.language, source: content.sourceLine(node)))
    }
    return charts
  }

  private func sampled(_ attribution: Attribution) -> String {
    say(
      "Tính trên \(attribution.orders) thứ tự lấy mẫu.", "Computed over \(attribution.orders) sampled orders.")
  }

  private func pareto() -> Chart? {
    let priced = content.scenarios.filter { !$0.outcome.hasUnknownCost }
    guard content.scenarios.count > 1, !priced.isEmpty else { return nil }
    var points = priced.map {
      ParetoChart.Point(
        name: content.numbered($0), cost: $0.outcome.cost, gain: $0.expectedTargetsMet)
    }
    if let baseline = content.options.first {
      points.append(.init(name: content.optionName(baseline), cost: 0, gain: baseline.expectedTargetsMet))
    }
    let unpriced = content.scenarios.filter(\.outcome.hasUnknownCost).map { option in
      "(\(option.number)) " + say.numbers.fixed(option.expectedTargetsMet, decimals: 2)
    }
    let notes =
      unpriced.isEmpty
      ? []
      : [
        say("Chi phí chưa rõ, không vẽ được (chỉ tiêu đạt): ", "Cost not known, not drawn (targets met): ")
          + unpriced.joined(separator: ", ") + "."
      ]
    return ParetoChart(
      id: "cost-and-targets", title: say("Chi phí và số chỉ tiêu đạt", "Cost and targets met"),
      costTitle: say(
        "chi phí thêm năm \(content.until), tỷ đồng/năm", "extra cost in \(content.until), billion VND a year"),
      gainTitle: say(
        "số chỉ tiêu đạt kỳ vọng (trong \(content.input.comparison.targetCount))",
        "expected targets met (of \(content.input.comparison.targetCount))"),
      points: points, notes: notes
    ).chart(language: say.language, source: content.sourceLine(nil))
  }

  // MARK: ranks and coverage

  private func rankRace() -> Chart? {
    guard let process = model.catalog.processes.first(where: { $0.kind == "pci_race" }),
      let rankId = process.texts["rank"], let fanId = process.texts["rank_before_merger"],
      let node = model.nodeIndex(fanId)
    else { return nil }
    var ranks: [String: [(year: Int, rank: Double)]] = [:]
    for observation in model.store.observations
    where observation.indicator == rankId && observation.isPreferred && observation.status != .plan {
      guard let year = observation.period.calendarYear else { continue }
      ranks[observation.area, default: []].append((year, observation.value))
    }
    guard let own = ranks[model.catalog.area] else { return nil }
    func name(_ area: String) -> String { content.input.areas[area]?[say.language] ?? area }
    let statistics = content.result.baseline.statistics[node]
    // The field of the last year in which everybody was published.
    let complete = process.numbers["last_complete_year"].map { Int($0) } ?? 0
    let places = ranks.values.count { $0.contains { $0.year == complete } }
    let others = ranks.filter { $0.key != model.catalog.area }.sorted { $0.key < $1.key }
    return RankRaceChart(
      id: "rank-race", title: say("Cuộc đua hạng PCI", "The race for the PCI rank"),
      own: .init(name: name(model.catalog.area), ranks: own),
      others: others.map { .init(name: name($0.key), ranks: $0.value) }, grid: model.grid,
      fan: statistics.map { ($0.interval80.low, $0.median, $0.interval80.high) },
      places: places,
      notes: [
        say(
          "Dự báo: hạng nếu vẫn còn \(places) tỉnh như trước khi hợp nhất (giả định, phương pháp 2022). Sau 2022 chỉ một phần các tỉnh được công bố.",
          "Projection: the rank if there were still \(places) provinces as before the mergers (hypothetical, 2022 method). After 2022 only some provinces were published."
        )
      ]
    ).chart(style(model.nodeIndex(rankId)))
  }

  private func coverage() -> Chart? {
    var items: [CoverageChart.Item] = []
    var untested = 0
    for (index, node) in model.nodes.enumerated() {
      switch content.result.coverage[node.id] {
      case .tested(let level, let held, let count):
        items.append(.init(name: content.name(index), level: level, held: held, count: count))
      default: untested += node.definition.display.inTable ? 1 : 0
      }
    }
    guard !items.isEmpty else { return nil }
    return CoverageChart(
      id: "coverage", title: say("Dải 80% có giữ lời không?", "Do the 80% bands keep their word?"), items: items,
      notes: [
        say(
          "\(untested) chỉ tiêu khác trong bảng: chuỗi quá ngắn, không kiểm được ở mỗi lần chạy; xem simulate backtest.",
          "\(untested) other indicators of the tables: series too short, not testable in every run; see simulate backtest."
        )
      ]
    ).chart(style(nil))
  }
}
