import Scenarios
import TextFiles

/// What a lever is: what it does by itself, what is feasible, how it is delivered, what it rests on.
extension ExplainReport {
  func lever(_ lever: LeverDefinition, _ layout: inout ReportLayout) throws {
    layout.title("\(lever.name[say.language]) [\(lever.id)]")
    layout.bullet(say("Chủ trì", "Owner") + ": \(lever.owner[say.language])")
    baseline(lever, &layout)
    if let size = lever.size {
      layout.bullet(
        say("Quy mô", "Size")
          + ": \(NumberText.shortest(size.central)) (\(NumberText.shortest(size.low)) – \(NumberText.shortest(size.high))) \(lever.unit)"
      )
    }
    if let delivery = lever.delivery {
      let delays = delivery.delay.enumerated().map { "\($0.offset): \(say.probability($0.element))" }.joined(
        separator: ", ")
      layout.bullet(
        say("Xác suất thực hiện", "Probability of delivery") + ": \(say.probability(delivery.probability)); "
          + say("chậm (năm)", "delay (years)") + ": \(delays) " + say("(mức D)", "(grade D)"))
    }
    layout.bullet(say("Mức bằng chứng", "Grade") + ": \(lever.grade.rawValue); \(lever.evidence)")
    if let note = lever.note { layout.bullet(note[say.language]) }
    baselineTable(lever, &layout)
    if let row = evidence.rows[lever.evidence] {
      layout.heading(say("Bằng chứng", "Evidence"))
      layout.bullet("\(row.id) (\(row.quality)): \(row.cause) → \(row.effect)")
      layout.bullet(
        row.central.isEmpty
          ? say("không có con số dùng được", "no usable number")
          : "\(row.central) [\(row.low) – \(row.high)] \(row.unit)")
      layout.bullet("\(row.title) — \(row.url)")
      if !row.note.isEmpty { layout.bullet(row.note) }
    }
    if lever.evidence.hasPrefix("project:"), let project = evidence.projects[String(lever.evidence.dropFirst(8))] {
      layout.heading(say("Dự án đã công bố", "The published project"))
      layout.bullet(project.name[say.language])
      if !project.stage.isEmpty { layout.bullet(say("Tình trạng", "Stage") + ": \(project.stage)") }
      if !project.size.isEmpty { layout.bullet(say("Vốn", "Investment") + ": \(project.size) \(project.unit)") }
      if !project.expectedStart.isEmpty {
        layout.bullet(say("Dự kiến", "Expected") + ": \(project.expectedStart)")
      }
      if !project.note.isEmpty { layout.bullet(project.note) }
      if let source = evidence.sources[project.source] { layout.bullet("\(source.title) — \(source.url)") }
    }
    let links = model.catalog.links.filter { $0.cause == lever.id }
    if !links.isEmpty {
      layout.heading(say("Tác động đến", "What it moves"))
      for link in links { layout.bullet(describe(link)) }
    }
    if lever.kind == .ambition { try ambitionTable(&layout) }
  }

  /// What the lever does by itself, and what is feasible; year by year where that changes.
  private func baseline(_ lever: LeverDefinition, _ layout: inout ReportLayout) {
    guard let baseline = model.leverBaseline(lever.id) else { return }
    let range = "\(lever.range.lowest.text) – \(lever.range.highest.text)"
    if case .hold(let value) = lever.baselinePath {
      var text = say("Mức hiện nay và khi không có chính sách", "Today and with no policy")
      text += ": \(NumberText.shortest(value)) \(lever.unit); " + say("khoảng khả thi", "feasible") + ": \(range)"
      if lever.range.isMultiple { text += say(" (lần mức đó)", " (multiples of that)") }
      layout.bullet(text)
      return
    }
    layout.bullet(say("Khi không có chính sách", "With no policy") + ": " + describe(lever.baselinePath))
    layout.bullet(
      say("Khoảng khả thi", "Feasible") + ": \(range)"
        + (lever.range.isMultiple ? say(" đường cơ sở", " of the baseline path") : " \(lever.unit)"))
  }

  /// The path by year with what is feasible; nothing for one number for all years.
  private func baselineTable(_ lever: LeverDefinition, _ layout: inout ReportLayout) {
    if case .hold = lever.baselinePath { return }
    guard let baseline = model.leverBaseline(lever.id) else { return }
    layout.heading(say("Đường cơ sở theo năm", "The baseline path by year") + " (\(lever.unit))")
    var table = TextTable([
      .number(say("Năm", "Year")), .number(say("Đường cơ sở", "Baseline")), .number(say("Thấp nhất", "Lowest")),
      .number(say("Cao nhất", "Highest")), .text(say("Lấy từ", "From")),
    ])
    for (year, value) in zip(model.grid, model.grid.map(baseline.value)) {
      let feasible = lever.range.values(base: value)
      table.addRow(
        ["\(year)"]
          + [value, feasible.lowerBound, feasible.upperBound].map {
            say.numbers.automatic($0, significantDigits: 4)
          } + [origin(lever.baselinePath, year)])
    }
    layout.table(table)
  }

  private func describe(_ path: BaselinePath) -> String {
    func name(_ id: String) -> String { (model.catalog.indicator(id)?.name[say.language] ?? id) + " [\(id)]" }
    switch path {
    case .hold(let value): return NumberText.shortest(value)
    case .holdLast(let id):
      return say("giữ số liệu công bố gần nhất của ", "holds the last published figure of ") + name(id)
    case .follow(let id):
      return say("đi theo mức giữa của dự báo nền của ", "follows the middle of the baseline of ") + name(id)
    case .plan: return say("theo kế hoạch nêu trong mô hình", "a plan stated in the model") + " (\(path.text))"
    }
  }

  /// Where the value of a year comes from.
  private func origin(_ path: BaselinePath, _ year: Int) -> String {
    switch path {
    case .hold: return ""
    case .plan(let values):
      return values[year] != nil ? say("kế hoạch", "plan") : say("giữa các năm kế hoạch", "between planned years")
    case .holdLast(let id):
      return say("số công bố", "published") + (model.seriesBaseline(id).map { " \($0.lastYear)" } ?? "")
    case .follow(let id):
      guard let baseline = model.seriesBaseline(id) else { return "" }
      if baseline.history[year] != nil { return say("số công bố", "published") }
      if baseline.isAssumed { return say("đường đi của người lập kế hoạch (mức D)", "planner's path (grade D)") }
      if baseline.plan?.year == year {
        return say("mô hình và kế hoạch năm \(year)", "models and the plan for \(year)")
      }
      return say("mô hình", "models")
    }
  }

  private func ambitionTable(_ layout: inout ReportLayout) throws {
    guard let race = model.process(PCIRace.self) else { return }
    let all = race.fit.subIndices.map(\.id)
    let package = [
      "pci_time_costs", "pci_informal_charges", "pci_land_access", "pci_transparency", "pci_proactivity",
      "pci_business_support",
    ].filter { all.contains($0) }
    layout.heading(
      say("Tham vọng: các tỉnh đã đạt được gì trong ba năm", "Ambition: what provinces achieved in three years"))
    for (name, ids) in [
      (say("cả mười chỉ số thành phần", "all ten sub-indices"), all),
      (
        say(
          "thời gian, không chính thức, đất đai, minh bạch, năng động, hỗ trợ",
          "time, informal charges, land, transparency, proactivity, support"), package
      ),
    ] {
      let windows = try race.windows(package: ids)
      var table = TextTable([
        .number(say("Phân vị", "Percentile")), .number(say("Điểm PCI", "PCI points")),
        .number(say("Đã đạt", "Achieved")), .number(say("trong", "of")),
      ])
      for percentile in [0.25, 0.5, 0.6, 0.75, 0.9, 0.95] {
        let gain = windows.gain(percentile: percentile)
        table.addRow([
          say.numbers.fixed(percentile, decimals: 2), say.numbers.fixed(gain, decimals: 2, signed: true),
          say.numbers.integer(windows.count(atLeast: gain)), say.numbers.integer(windows.gains.count),
        ])
      }
      layout.paragraph(
        name + ": "
          + say(
            "phần không phải nhiễu khảo sát \(say.share(windows.signalShare)); hồi quy về trung bình \(say.numbers.fixed(windows.startSlope, decimals: 2))",
            "share that is not survey noise \(say.share(windows.signalShare)); regression to the mean \(say.numbers.fixed(windows.startSlope, decimals: 2))"
          ))
      layout.table(table)
    }
  }
}
