import Scenarios
import TextFiles

/// The page of the official targets for people.
struct TargetsText {
  let overview: TargetOverview
  let model: CompiledModel
  let fingerprint: Fingerprint
  let say: Phrases

  func text(markdown: Bool, width: Int) -> String {
    var layout = ReportLayout(markdown: markdown, width: width)
    layout.title(say("Chỉ tiêu và kế hoạch chính thức", "Official targets and plans"))
    let open = overview.outlooks.filter { $0.state == .open || $0.state == .beyondHorizon }
    layout.heading(say("Đang thực hiện", "Still open"))
    layout.table(openTable(open))
    for line in openNotes(open) { layout.bullet(line) }
    layout.gap()
    let needs = open.filter { !$0.bases.isEmpty || $0.neededRest != nil }
    if !needs.isEmpty {
      layout.heading(say("Cần thay đổi bao nhiêu mỗi năm", "What is needed per year"))
      layout.table(needsTable(needs))
      layout.paragraph(
        say(
          "Mức: phần trăm mỗi năm; tỷ lệ, điểm, hạng: đơn vị mỗi năm.",
          "Levels: percent a year; rates, scores and ranks: units a year."))
      for line in revisions(needs) { layout.bullet(line) }
      layout.gap()
    }
    let closed = overview.outlooks.filter { $0.state == .met || $0.state == .missed || $0.state == .noFigure }
    if !closed.isEmpty {
      layout.heading(say("Đã qua", "Over"))
      layout.table(closedTable(closed))
    }
    layout.heading(say("Không có chỉ tiêu chính thức", "No official target"))
    layout.paragraph(without)
    if !overview.unmatched.isEmpty {
      layout.heading(
        say("Chỉ tiêu chính thức mà mô hình không dự báo", "Official targets that the model does not project"))
      layout.table(unmatchedTable)
    }
    layout.paragraph(say("Dấu vân tay", "Fingerprint") + ": \(fingerprint.combined)")
    return layout.text
  }

  private func definition(_ outlook: TargetOutlook) -> IndicatorDefinition? {
    model.catalog.indicator(outlook.target.indicator)
  }

  // MARK: open targets

  private func openTable(_ outlooks: [TargetOutlook]) -> TextTable {
    let horizon = overview.horizon
    var table = TextTable([
      .text(say("Chỉ tiêu", "Indicator")), .text(say("Mục tiêu", "Target")),
      .number(say("Dự báo (80%)", "Projected (80%)")), .number(say("Xác suất", "Probability")),
      .number(say("Lần đầu", "First met")), .number(say("Không đến \(horizon)", "Not by \(horizon)"), isOptional: true),
      .number(say("Thiếu (trung vị)", "Shortfall (median)")), .text(say("Văn bản", "Document"), isOptional: true),
    ])
    for outlook in outlooks {
      guard let definition = definition(outlook) else { continue }
      table.addRow([
        definition.name[say.language] + say.marks(definition.id, model),
        say.period(outlook.target) + " " + say.goal(outlook, definition), projected(outlook, definition),
        probability(outlook), firstMet(outlook),
        outlook.shareNotMet.map { say.probability($0) } ?? NumberFormat.undefined,
        outlook.medianShortfall.map { $0 == 0 ? "0" : say.value($0, definition.display) } ?? NumberFormat.undefined,
        outlook.target.document,
      ])
    }
    return table
  }

  private func projected(_ outlook: TargetOutlook, _ definition: IndicatorDefinition) -> String {
    guard let band = outlook.projected else { return NumberFormat.undefined }
    let middle = say.value(band.central, definition.display)
    guard let low = band.low, let high = band.high else { return middle }
    return middle + " (" + say.interval(low, high, definition.display) + ")"
  }

  private func probability(_ outlook: TargetOutlook) -> String {
    if outlook.isScenarioOnly { return say.scenarioOnly }
    return outlook.probability.map { say.probability($0) } ?? NumberFormat.undefined
  }

  private func firstMet(_ outlook: TargetOutlook) -> String {
    guard outlook.state == .open, outlook.target.aggregate != .average else { return NumberFormat.undefined }
    return outlook.firstMet.map { "\($0)" } ?? say("sau \(overview.horizon)", "after \(overview.horizon)")
  }

  private func openNotes(_ outlooks: [TargetOutlook]) -> [String] {
    var lines = [
      say(
        "Chỉ tiêu kế hoạch được hiểu là «ít nhất». Dự báo: khi không có chính sách mới, trung vị và khoảng 80%.",
        "Plan values are read as \"at least\". Projected: with no new policy, the median and the 80% range."),
      say(
        "Lần đầu: năm mà một nửa số lượt mô phỏng đã đạt; «không đến \(overview.horizon)»: tỷ lệ lượt không đạt năm nào.",
        "First met: the year by which half of the draws have met it; \"not by \(overview.horizon)\": the share that never does."
      ),
    ]
    if outlooks.contains(where: \.isScenarioOnly) {
      lines.append(
        say(
          "«Chỉ kịch bản» [D]: dự báo dựa trên đường đi do người lập kế hoạch nhập (mức D), nên không có xác suất.",
          "\"Scenario-only\" [D]: the projection rests on a planner's own path (grade D), so there is no probability."))
    }
    if outlooks.contains(where: { model.restsOnFewObservations($0.target.indicator) }) {
      lines.append(say.fewMarkExplained)
    }
    for outlook in outlooks where outlook.state == .beyondHorizon {
      let name = definition(outlook)?.name[say.language] ?? outlook.target.indicator
      lines.append(
        say(
          "\(name) \(say.period(outlook.target)): ngoài thời gian dự báo, đặt --until.",
          "\(name) \(say.period(outlook.target)): beyond the projection, set --until."))
    }
    return lines
  }

  // MARK: what is needed

  private func needsTable(_ outlooks: [TargetOutlook]) -> TextTable {
    var table = TextTable([
      .text(say("Chỉ tiêu", "Indicator")), .text(say("Mục tiêu", "Target")),
      .number(say("Số gần nhất", "Latest figure")), .number(say("Cần mỗi năm", "Needed a year")),
      .number(say("Dự báo mỗi năm", "Projected a year")),
    ])
    for outlook in outlooks {
      guard let definition = definition(outlook) else { continue }
      let display = definition.display
      let current = outlook.bases.first { !$0.isReplaced }
      let needed =
        outlook.neededRest.map { say("các năm còn lại: ", "each remaining year: ") + say.value($0, display) }
        ?? current.map { say.perYear($0.neededPerYear, outlook, display) } ?? NumberFormat.undefined
      table.addRow([
        definition.name[say.language] + say.marks(definition.id, model),
        say.period(outlook.target) + " " + say.goal(outlook, definition),
        current.map { "\(say.value($0.value, display)) (\($0.year))" } ?? NumberFormat.undefined, needed,
        outlook.projectedPerYear.map { say.perYear($0.central, outlook, display) } ?? NumberFormat.undefined,
      ])
    }
    return table
  }

  /// Targets whose base has been revised since: what they need from both figures.
  private func revisions(_ outlooks: [TargetOutlook]) -> [String] {
    outlooks.flatMap { outlook -> [String] in
      guard let definition = definition(outlook), let current = outlook.bases.first(where: { !$0.isReplaced }) else {
        return []
      }
      let display = definition.display
      let goal = say.period(outlook.target) + " " + say.goal(outlook, definition)
      return outlook.bases.filter(\.isReplaced).map { old in
        let (before, now) = (say.value(old.value, display), say.value(current.value, display))
        let (from, to) = (
          say.perYear(old.neededPerYear, outlook, display), say.perYear(current.neededPerYear, outlook, display)
        )
        return definition.name[say.language] + ", " + goal + ": "
          + say(
            "số \(old.year) từng là \(before), sau sửa thành \(now); cần \(from) mỗi năm từ số cũ, \(to) mỗi năm từ số mới.",
            "the figure of \(old.year) was \(before), since revised to \(now); it needs \(from) a year from the first, \(to) a year from the revised one."
          )
      }
    }
  }

  // MARK: the rest

  private func closedTable(_ outlooks: [TargetOutlook]) -> TextTable {
    var table = TextTable([
      .text(say("Chỉ tiêu", "Indicator")), .text(say("Mục tiêu", "Target")),
      .number(say("Kết quả", "Result")), .text(say("Đạt", "Met")), .text(say("Văn bản", "Document"), isOptional: true),
    ])
    for outlook in outlooks {
      guard let definition = definition(outlook) else { continue }
      let verdict: String
      switch outlook.state {
      case .met: verdict = say("đạt", "met")
      case .missed: verdict = say("không đạt", "missed")
      default: verdict = say("không có số liệu", "no figure")
      }
      table.addRow([
        definition.name[say.language], say.period(outlook.target) + " " + say.goal(outlook, definition),
        outlook.outturn.map { say.value($0, definition.display) } ?? NumberFormat.undefined, verdict,
        outlook.target.document,
      ])
    }
    return table
  }

  private var without: String {
    let indicators = overview.indicatorsWithout.compactMap { model.catalog.indicator($0)?.name[say.language] }
    let systems = model.catalog.systems.filter { overview.systemsWithout.contains($0.id) }.map {
      $0.name[say.language]
    }
    var text =
      say("Không có chỉ tiêu chính thức cho: ", "No official target for: ") + indicators.joined(separator: ", ")
    text += "."
    if !systems.isEmpty {
      text += say(" Lĩnh vực không có chỉ tiêu nào: ", " Systems without any target: ")
      text += systems.joined(separator: ", ") + "."
    }
    return text
  }

  private var unmatchedTable: TextTable {
    var table = TextTable([
      .text("ID"), .text(say("Nơi", "Area")), .text(say("Kỳ", "Period")), .text(say("Mức", "Value")),
      .text(say("Vì sao", "Why")), .text(say("Văn bản", "Document"), isOptional: true),
    ])
    for row in overview.unmatched {
      let reason =
        row.reason == .otherArea
        ? say("nơi khác với mô hình", "another area than the model")
        : say("mô hình không có chỉ tiêu này", "the model has no such indicator")
      table.addRow([
        row.indicator, row.area, row.period, "\(row.comparison) \(say.numbers.automatic(row.value)) \(row.unit)",
        reason,
        row.document,
      ])
    }
    return table
  }
}
