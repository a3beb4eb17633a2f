import Scenarios
import TextFiles

/// The result of a run for people: tables on a terminal or in Markdown, with what is needed to read them right.
public struct RunReport {
  let result: RunResult
  let indicators: Set<String>?
  let say: Phrases

  /// - Parameter indicators: when given, tables show these (also ones that the model leaves out of its tables).
  public init(_ result: RunResult, indicators: Set<String>?, language: Language) {
    self.result = result
    self.indicators = indicators
    say = Phrases(language)
  }

  /// The report as Markdown, or as plain text for a terminal of `width` columns.
  public func text(markdown: Bool, width: Int) -> String {
    var layout = ReportLayout(markdown: markdown, width: width)
    layout.title(say("Dự báo đến năm \(result.settings.until)", "Projection to \(result.settings.until)"))
    layout.paragraph(introduction)
    layout.heading(say("Nếu không có chính sách mới", "With no new policy"))
    layout.table(projection)
    layout.paragraph(projectionNote)
    if !result.scenarios.isEmpty {
      layout.heading(say("Các phương án, năm \(result.settings.until)", "Options, \(result.settings.until)"))
      for (number, scenario) in result.scenarios.enumerated() {
        layout.item(
          "(\(number + 1)) " + scenario.name[say.language] + " [\(scenario.id)]", scenario.description?[say.language])
      }
      let changes = scenarioTable
      if changes.isEmpty {
        layout.paragraph(
          say(
            "Không chỉ tiêu nào trong bảng này thay đổi so với khi không có chính sách.",
            "No indicator of this table changes against no policy."))
      } else {
        layout.table(changes)
      }
      layout.paragraph(
        say(
          "Không có chính sách: trung vị. Phương án: thay đổi so với đó, trung vị của chênh lệch trong từng lượt mô phỏng; chữ cái là mức bằng chứng yếu nhất mà kết quả dựa vào.",
          "No policy: median. Options: the change against it, median of the difference future by future; the letter is the weakest grade that the result rests on."
        ))
      layout.heading(say("Dựa trên bằng chứng nào", "What the options rest on"))
      layout.table(supportTable)
      for line in supportNotes { layout.bullet(line) }
    }
    layout.heading(say("Chỉ tiêu chính thức: xác suất đạt", "Official targets: probability of meeting them"))
    let targets = targetTable
    if !targets.isEmpty { layout.table(targets) }
    if let scenarioOnlyTargets { layout.paragraph(scenarioOnlyTargets) }
    layout.paragraph(targetNote)
    for scenario in result.scenarios where scenario.attribution != nil { leverSection(scenario, &layout) }
    layout.heading(say("Cần biết khi đọc", "To know when reading"))
    for line in notes { layout.bullet(line) }
    layout.paragraph(
      say("Dấu vân tay", "Fingerprint")
        + ": \(result.fingerprint.combined) · \(say.numbers.integer(result.settings.draws)) "
        + say("lượt mô phỏng, hạt giống", "draws, seed") + " \(result.settings.seed) · "
        + say("phiên bản", "version") + " \(result.fingerprint.version)")
    return layout.text
  }

  private var introduction: String {
    let asOf =
      result.settings.asOf.map {
        say("Chỉ dùng số liệu đã công bố đến ngày ", "Only figures published by ") + "\($0). "
      } ?? ""
    return asOf
      + say(
        "Mỗi con số là trung vị: một nửa số lượt mô phỏng cao hơn, một nửa thấp hơn. Khoảng 80%: 8 trong 10 lượt nằm trong đó.",
        "Every figure is a median: half of the simulated futures lie above, half below. 80% range: 8 in 10 futures lie inside."
      )
  }

  private func shown(_ node: CompiledModel.Node) -> Bool {
    indicators?.contains(node.id) ?? node.definition.display.inTable
  }

  /// The name with its unit; a baseline that rests on a planner's own path or on few observations is marked.
  private func label(_ node: CompiledModel.Node) -> String {
    say.label(node.definition) + say.marks(node.id, result.model)
  }

  // MARK: baseline

  private var projection: TextTable {
    let grid = result.model.grid
    let lastYear = result.settings.until
    let observed = [grid[0] - 1, grid[0]].filter { year in result.model.nodes.contains { $0.observations[year] != nil }
    }
    let future = grid.filter { $0 > (observed.last ?? grid[0] - 1) && $0 <= lastYear }
    var columns: [TextTableColumn] = [.text(say("Chỉ tiêu", "Indicator"))]
    columns += observed.map { .number("\($0)") }
    // In a narrow terminal the years in between go first.
    columns += future.map { .number("\($0)", isOptional: $0 != future.first && $0 != future.last) }
    columns += [
      .number(say("80% năm \(lastYear)", "80% in \(lastYear)"))
    ]
    var table = TextTable(columns)
    for (system, nodes) in bySystem {
      table.addGroup(system)
      for (index, node) in nodes {
        let display = node.definition.display
        var cells = [label(node)]
        for year in observed { cells.append(observedCell(node, index, year)) }
        for year in future { cells.append(medianCell(node, index, year)) }
        if let last = grid.firstIndex(of: lastYear) {
          let interval = result.baseline.statistics[index][last].interval80
          cells.append(say.interval(interval.low, interval.high, display))
        }
        table.addRow(cells)
      }
    }
    return table
  }

  private var bySystem: [(String, [(Int, CompiledModel.Node)])] {
    result.model.catalog.systems.compactMap { system in
      let nodes = result.model.nodes.enumerated().filter {
        $0.element.definition.system == system.id && shown($0.element)
      }
      return nodes.isEmpty ? nil : (system.name[say.language], nodes.map { ($0.offset, $0.element) })
    }
  }

  private func observedCell(_ node: CompiledModel.Node, _ index: Int, _ year: Int) -> String {
    if let observation = node.observations[year] {
      return say.value(observation.value, node.definition.display) + (observation.status == .estimate ? "*" : "")
    }
    if let fact = node.derivedHistory[year] { return say.value(fact, node.definition.display) }
    // What is computed from others has no observation of its own; a projected year is set apart.
    return result.model.grid.contains(year) ? "~" + medianCell(node, index, year) : NumberFormat.undefined
  }

  private func medianCell(_ node: CompiledModel.Node, _ index: Int, _ year: Int) -> String {
    guard let position = result.model.grid.firstIndex(of: year) else { return NumberFormat.undefined }
    return say.value(result.baseline.statistics[index][position].median, node.definition.display)
  }

  private var projectionNote: String {
    let tested = result.model.nodes.compactMap { node -> String? in
      guard shown(node), case .tested(_, let held, let count)? = result.coverage[node.id] else { return nil }
      return node.definition.name[say.language] + " " + say.share(held) + " (n = \(say.numbers.integer(count)))"
    }
    let marks = say(
      "* ước tính, còn có thể điều chỉnh; ~ chưa công bố, dự báo. ",
      "* an estimate that may still be revised; ~ not published, projected. ")
    let planned = result.model.nodes.contains { shown($0) && result.model.restsOnPlannersPath($0.id) }
    let paths =
      planned
      ? say(
        "[D] đường cơ sở do người lập kế hoạch ước tính (mức D) hoặc tính từ đó, không phải dự báo từ số liệu. ",
        "[D] the path with no policy is a planner's own estimate (grade D) or computed from one, not a forecast from data. "
      )
      : ""
    let isFew = result.model.nodes.contains { shown($0) && result.model.restsOnFewObservations($0.id) }
    let explained = marks + paths + (isFew ? say.fewMarkExplained + " " : "")
    guard !tested.isEmpty else {
      return explained
        + say(
          "Độ đúng của dải 80%: chuỗi quá ngắn để nói riêng; `simulate backtest` thử lại từng chỉ tiêu.",
          "Coverage of the 80% bands: series too short for a figure of their own; `simulate backtest` replays each.")
    }
    return explained
      + say(
        "Trong kiểm định quá khứ, dải 80% chứa được kết quả thật ở: \(tested.joined(separator: "; ")). Các chỉ tiêu khác: chuỗi quá ngắn để nói riêng; `simulate backtest` thử lại từng chỉ tiêu.",
        "In back-tests 80% bands held: \(tested.joined(separator: "; ")). Other indicators: series too short for a figure of their own; `simulate backtest` replays each."
      )
  }

  // MARK: scenarios

  private var scenarioTable: TextTable {
    var columns: [TextTableColumn] = [
      .text(say("Chỉ tiêu", "Indicator")), .number(say("Không có chính sách", "No policy")),
    ]
    columns += result.scenarios.indices.map { .number("(\($0 + 1))") }
    var table = TextTable(columns)
    guard let last = result.model.grid.firstIndex(of: result.settings.until) else { return table }
    for (system, nodes) in bySystem {
      let changing = nodes.filter { index, _ in
        result.scenarios.contains { ($0.statistics[index][last].changeMean ?? 0) != 0 }
      }
      guard !changing.isEmpty else { continue }
      table.addGroup(system)
      for (index, node) in changing {
        let display = node.definition.display
        let base = result.baseline.statistics[index][last].median
        var cells = [label(node), say.value(base, display)]
        for scenario in result.scenarios {
          let statistics = scenario.statistics[index][last]
          let change = statistics.changeMean == 0 ? "=" : say.change(statistics.change ?? 0, display)
          cells.append(change + (scenario.support.byIndicator[node.id].map { " " + $0.rawValue } ?? ""))
        }
        table.addRow(cells)
      }
    }
    return table
  }

  // MARK: levers

  private func leverSection(_ scenario: ScenarioOutcome, _ layout: inout ReportLayout) {
    guard let attribution = scenario.attribution, let last = result.model.grid.firstIndex(of: result.settings.until)
    else { return }
    layout.heading(
      say(
        "Đóng góp của từng giải pháp, năm \(result.settings.until): ",
        "What each lever brings, \(result.settings.until): ")
        + scenario.name[say.language])
    let nodes = result.model.nodes.enumerated().filter {
      shown($0.element) && (scenario.statistics[$0.offset][last].changeMean ?? 0) != 0
    }
    var columns: [TextTableColumn] = [.text(say("Giải pháp", "Lever"))]
    columns += nodes.map {
      .number($0.element.definition.name[say.language], isOptional: !$0.element.definition.headline)
    }
    var table = TextTable(columns)
    for (position, id) in attribution.levers.enumerated() {
      let name =
        result.model.catalog.lever(id)?.name[say.language]
        ?? (id == "world"
          ? say("Bên ngoài tỉnh", "The outside world") : say("Quyết định sau", "Decided later") + " [\(id)]")
      table.addRow(
        [name] + nodes.map { say.change(attribution.effects[position][$0.offset][last], $0.element.definition.display) }
      )
    }
    if let largest = attribution.interaction.indices.lazy.map({ abs(attribution.interaction[$0][last]) }).max(),
      largest > 0
    {
      table.addRow(
        [say("Riêng: cả gói so với từng phần cộng lại", "Apart: the package beyond its parts, one by one")]
          + nodes.map { say.change(attribution.interaction[$0.offset][last], $0.element.definition.display) })
    }
    table.addRow(
      [say("Cộng = thay đổi trung bình", "Sum = mean change")]
        + nodes.map { say.change(scenario.statistics[$0.offset][last].changeMean ?? 0, $0.element.definition.display) })
    layout.table(table)
    layout.paragraph(
      attribution.isExact
        ? say("Giá trị Shapley qua mọi tổ hợp giải pháp.", "Shapley values over all combinations of levers.")
        : say(
          "Giá trị Shapley qua \(attribution.orders) thứ tự lấy mẫu.",
          "Shapley values over \(attribution.orders) sampled orders."))
  }

  // MARK: notes

  /// What was not known on the day that was asked for: in two sentences, however many indicators it holds.
  private var notProjected: [String] {
    let excluded = result.model.excluded
    func names(_ cause: CompiledModel.Excluded.Cause) -> String {
      excluded.filter { $0.cause == cause }.map { $0.name[say.language] }.joined(separator: ", ")
    }
    var lines = excluded.filter { $0.cause == .observations }.map {
      say("Không dự báo: ", "Not projected: ") + $0.name[say.language] + ": " + $0.reason
    }
    let (later, following) = (names(.pathNotStated), names(.input))
    if !later.isEmpty {
      lines.append(
        say(
          "Không dự báo, vì đường đi của người lập kế hoạch được ghi sau ngày đó: ",
          "Not projected, since the planner wrote the path down after that day: ") + later + ".")
    }
    if !following.isEmpty {
      lines.append(
        say("Cũng không, vì tính từ đó: ", "Nor what follows from what is not projected: ") + following + ".")
    }
    return lines
  }

  var notes: [String] {
    var lines = notProjected
    for node in result.model.nodes where shown(node) {
      if let note = node.definition.note {
        lines.append("\(node.definition.name[say.language]): \(note[say.language])")
      }
    }
    for node in result.model.nodes where shown(node) {
      if let few = say.fewObservations(node, result.model) {
        lines.append("\(node.definition.name[say.language]): \(few)")
      }
    }
    for event in result.baseline.events {
      guard let definition = result.model.catalog.indicator(event.indicator), let last = event.probabilityByYear.last
      else { continue }
      lines.append(
        "\(definition.name[say.language]): "
          + say(
            "xác suất có ít nhất một dự án đến \(result.settings.until) là \(say.probability(last)); không tính vào chỉ tiêu và so sánh.",
            "probability of at least one by \(result.settings.until): \(say.probability(last)); left out of targets and comparisons."
          ))
    }
    for node in result.model.nodes where shown(node) {
      guard let baseline = result.model.seriesBaseline(node.id) else { continue }
      if let plan = baseline.plan {
        lines.append(
          "\(node.definition.name[say.language]): "
            + say(
              "kế hoạch \(plan.year) (\(say.value(plan.planned, node.definition.display))) được dùng như một dự báo chuyên gia; \(plan.recordYears.count) năm qua kết quả cao hơn kế hoạch bình quân \(say.numbers.percent(100 * plan.bias, decimals: 1)).",
              "the plan for \(plan.year) (\(say.value(plan.planned, node.definition.display))) counts as an expert's forecast; over \(plan.recordYears.count) years results ended \(say.numbers.percent(100 * plan.bias, decimals: 1)) above plan on average."
            ))
      }
      if let mixture = baseline.mixture, mixture.year <= baseline.lastYear {
        lines.append(
          "\(node.definition.name[say.language]): "
            + say(
              "bước nhảy \(mixture.year) chưa rõ nguyên nhân; với xác suất \(say.probability(1 - mixture.permanentProbability)) một phần sẽ mất dần trong \(mixture.fadeYears) năm (mức D).",
              "the jump of \(mixture.year) is unexplained; with probability \(say.probability(1 - mixture.permanentProbability)) part of it fades over \(mixture.fadeYears) years (grade D)."
            ))
      }
    }
    return lines
  }
}
