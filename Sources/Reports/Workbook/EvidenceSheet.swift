import Scenarios
import TextFiles

/// What options assume: the path of every lever, and the evidence of every effect that they set in motion, with grades.
struct EvidenceSheet {
  let content: PackContent
  let sheet: Sheet

  init(_ content: PackContent, _ sheet: Sheet) {
    self.content = content
    self.sheet = sheet
  }

  private var say: Phrases { content.say }

  func write() {
    sheet.text(0, 0, say("Giả định và bằng chứng", "Assumptions and evidence"), .title)
    sheet.text(
      1, 0,
      say(
        "A, B, C: bằng chứng đã công bố; P: ước lượng từ các tỉnh; D: ước tính của người lập kế hoạch.",
        "A, B, C: published evidence; P: estimated from the provinces; D: a planner's own estimate."), .note)
    var row = levers(from: 3)
    row = links(from: row + 1)
    _ = assumedPaths(from: row + 1)
    sheet.widths([34, 32, 16, 24, 14] + [Double](repeating: 10, count: content.model.grid.count) + [10, 14, 12])
    sheet.setPrintArea()
  }

  private func header(_ row: Int, _ titles: [String]) {
    for (column, title) in titles.enumerated() { sheet.text(row, column, title, .header) }
  }

  private func levers(from first: Int) -> Int {
    guard !content.input.scenarios.isEmpty else { return first }
    let grid = content.model.grid
    sheet.text(first, 0, say("Giải pháp theo phương án", "Levers by option"), .heading)
    header(
      first + 1,
      [
        say("Phương án", "Option"), say("Giải pháp", "Lever"), say("Đơn vị", "Unit"), say("Chủ trì", "Owner"),
        say("Khi không có chính sách", "No policy"),
      ] + grid.map(String.init) + [say("Mức", "Grade"), say("Bằng chứng", "Evidence"), say("Chi phí", "Cost")])
    var row = first + 1
    for (number, scenario) in content.input.scenarios.enumerated() {
      for choice in scenario.levers {
        guard let lever = content.model.catalog.lever(choice.lever) else { continue }
        row += 1
        sheet.text(row, 0, "(\(number + 1)) " + scenario.name[say.language], .wrapped)
        sheet.text(row, 1, lever.name[say.language] + package(choice), .wrapped)
        sheet.text(row, 2, lever.unit)
        sheet.text(row, 3, lever.owner[say.language], .wrapped)
        guard let baseline = content.model.leverBaseline(lever.id) else { continue }
        let isPath =
          lever.baselinePath.indicator != nil || grid.contains { baseline.value(in: $0) != baseline.value(in: grid[0]) }
        if isPath {
          sheet.text(row, 4, say("xem dòng dưới", "see the row below"), .wrapped)
        } else {
          sheet.number(row, 4, baseline.value(in: grid[0]), CellStyle(numberFormat: "#,##0.###"))
        }
        for (index, year) in grid.enumerated() {
          let value = choice.path.value(in: year, baseline: baseline.value)
          sheet.number(row, 5 + index, value, CellStyle(numberFormat: "#,##0.###"))
        }
        sheet.text(row, 5 + grid.count, lever.grade.rawValue, CellStyle(alignment: .centre))
        sheet.text(row, 6 + grid.count, lever.evidence)
        sheet.text(row, 7 + grid.count, lever.cost == .unknown ? say("chưa rõ", "unknown") : say("có", "known"))
        guard isPath else { continue }
        row += 1
        sheet.text(row, 1, lever.name[say.language] + ": " + say("đường cơ sở", "the baseline path"), .wrapped)
        sheet.text(row, 2, lever.unit)
        sheet.text(row, 4, lever.baselinePath.text, .wrapped)
        for (index, year) in grid.enumerated() {
          sheet.number(row, 5 + index, baseline.value(in: year), CellStyle(numberFormat: "#,##0.###"))
        }
      }
      for (driver, path) in scenario.world.sorted(by: { $0.key < $1.key }) {
        row += 1
        sheet.text(row, 0, "(\(number + 1)) " + scenario.name[say.language], .wrapped)
        sheet.text(
          row, 1,
          say("Bên ngoài tỉnh: ", "The outside world: ")
            + (content.model.catalog.indicator(driver)?.name[say.language] ?? driver), .wrapped)
        for (index, year) in grid.enumerated() {
          let value = path.value(in: year) { _ in .nan }
          sheet.number(row, 5 + index, value, CellStyle(numberFormat: "#,##0.###"))
        }
        sheet.text(row, 5 + grid.count, Grade.d.rawValue, CellStyle(alignment: .centre))
      }
    }
    return row + 1
  }

  private func package(_ choice: ScenarioDefinition.LeverChoice) -> String {
    guard !choice.on.isEmpty else { return "" }
    let names = choice.on.map { content.model.catalog.indicator($0)?.name[say.language] ?? $0 }
    return ": " + names.joined(separator: ", ")
  }

  private func links(from first: Int) -> Int {
    let moved = Set(content.input.scenarios.flatMap { $0.levers.map(\.lever) })
    // Effects of the levers, and of what they move in turn.
    var reached = moved
    var links: [LinkDefinition] = []
    var grows = true
    while grows {
      grows = false
      for link in content.model.catalog.links
      where reached.contains(link.cause)
        && !links.contains(where: { $0.cause == link.cause && $0.effect == link.effect })
      {
        links.append(link)
        grows = reached.insert(link.effect).inserted || grows
      }
    }
    guard !links.isEmpty else { return first }
    sheet.text(first, 0, say("Tác động", "Effects"), .heading)
    header(
      first + 1,
      [
        say("Nguyên nhân", "Cause"), say("Kết quả", "Effect"), say("Dạng", "Form"), say("Bằng chứng", "Evidence"),
        say("Mức", "Grade"), say("Thấp", "Low"), say("Giữa", "Central"), say("Cao", "High"), say("Nguồn", "Source"),
      ])
    var row = first + 1
    for link in links {
      row += 1
      sheet.text(row, 0, name(link.cause), .wrapped)
      sheet.text(row, 1, name(link.effect), .wrapped)
      sheet.text(row, 2, link.form.rawValue)
      sheet.text(row, 3, link.estimate ?? link.evidence)
      sheet.text(row, 4, link.grade.rawValue, CellStyle(alignment: .centre))
      if link.estimate == nil {
        let style = CellStyle(numberFormat: "0.0###")
        sheet.number(row, 5, link.prior.low, style)
        sheet.number(row, 6, link.prior.central, style)
        sheet.number(row, 7, link.prior.high, style)
      }
      if let evidence = content.input.evidence.rows[link.evidence] {
        sheet.text(row, 8, evidence.title + (evidence.url.isEmpty ? "" : " — " + evidence.url))
      }
    }
    return row + 1
  }

  /// Paths and levels of the baseline that a planner entered.
  private func assumedPaths(from first: Int) -> Int {
    let stated = content.model.nodes.indices.compactMap { index in self.stated(index).map { (index, $0) } }
    guard !stated.isEmpty else { return first + 1 }
    sheet.text(
      first, 0,
      say(
        "Đường cơ sở do người lập kế hoạch nhập (mức D)",
        "Paths and levels with no policy that a planner entered (grade D)"),
      .heading)
    header(
      first + 1, [say("Chỉ tiêu", "Indicator"), say("Đường đi", "Path"), say("Đơn vị", "Unit"), say("Căn cứ", "Basis")])
    var row = first + 1
    for (index, entry) in stated {
      row += 1
      sheet.text(row, 0, content.name(index), .wrapped)
      sheet.text(row, 1, entry.points.joined(separator: "; "), .wrapped)
      sheet.text(row, 2, content.unit(index))
      sheet.text(row, 3, entry.evidence)
    }
    return row
  }

  /// The path of an indicator, or the levels at which a stock starts anew; nil where nothing was entered.
  private func stated(_ index: Int) -> (points: [String], evidence: String)? {
    let display = content.display(index)
    switch content.model.nodes[index].definition.source {
    case .series(let specification):
      guard let assumption = specification.assumption else { return nil }
      var points = assumption.path.sorted { $0.key < $1.key }.map { "\($0.key): " + say.value($0.value, display) }
      if let restart = assumption.restart {
        points.append(say("\(restart.year): đổi cách đo", "\(restart.year): measured anew"))
      }
      return (points, assumption.evidence)
    case .identity(.stock(let stock)):
      guard !stock.restarts.isEmpty else { return nil }
      let points = stock.restarts.sorted { $0.key < $1.key }.map { year, level -> String in
        let middle = "\(year): " + say.value(level.central, display)
        return level.low < level.high ? middle + " (\(say.interval(level.low, level.high, display)))" : middle
      }
      return (points, stock.evidence)
    default: return nil
    }
  }

  private func name(_ id: String) -> String {
    content.model.catalog.lever(id)?.name[say.language] ?? content.model.catalog.indicator(id)?.name[say.language] ?? id
  }
}
