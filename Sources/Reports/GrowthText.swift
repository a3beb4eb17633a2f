import Scenarios
import TextFiles

/// The page of a ``GrowthAnswer`` for people.
struct GrowthText {
  let answer: GrowthAnswer
  let context: GrowthContext
  let say: Phrases

  /// Questions that the published figures do not answer.
  static let absent: [(code: String, text: LocalizedText)] = [
    (
      "refinery_value_added",
      LocalizedText(
        vi:
          "sản lượng và giá trị tăng thêm của nhà máy lọc dầu: không công bố; phần có và không có nhà máy dựa vào ước tính (mức D)",
        en:
          "throughput and value added of the refinery: not published; what is said with and without it rests on an estimate (grade D)"
      )
    ),
    (
      "levels_by_quarter",
      LocalizedText(
        vi: "quy mô GRDP theo quý, giá so sánh: không công bố; tỷ trọng các quý là ước tính (mức D)",
        en: "GRDP by quarter at constant prices: not published; the shares of the quarters are estimates (grade D)")
    ),
  ]

  func text(markdown: Bool, width: Int) -> String {
    var layout = ReportLayout(markdown: markdown, width: width)
    let (year, reach) = (answer.year, percent(answer.reach))
    let whole = context.whole(answer, say.language)
    layout.title(
      say("\(whole) \(year): cần gì để đạt \(reach)?", "\(whole) \(year): what does it take to reach \(reach)?"))
    layout.paragraph(introduction)
    layout.heading(say("Các quý còn lại", "The remaining quarters"))
    layout.table(remaining)
    layout.paragraph(remainingNote)
    layout.heading(say("Từng khu vực", "Item by item"))
    layout.table(items)
    layout.paragraph(itemsNote)
    if let implied = answer.implied {
      layout.heading(say("Vốn đầu tư, ICOR, năng suất lao động", "Investment, ICOR and labour productivity"))
      layout.table(impliedTable(implied))
    }
    for apart in answer.apart { section(apart, &layout) }
    layout.heading(
      say(
        "Theo quý, nếu không có chính sách mới (giá so sánh, mức D)",
        "By quarter with no new policy (constant prices, grade D)"))
    layout.table(quarters)
    if !answer.record.isEmpty {
      layout.heading(say("Những năm trước đã đi tiếp thế nào", "How earlier years went on"))
      layout.table(record)
    }
    layout.heading(say("Cần biết khi đọc", "To know when reading"))
    for line in notes { layout.bullet(line) }
    layout.gap()
    layout.paragraph(say("Dấu vân tay", "Fingerprint") + ": \(context.fingerprint.combined)")
    return layout.text
  }

  // MARK: numbers

  func percent(_ value: Double) -> String { say.numbers.automatic(value) + "%" }

  private func rate(_ value: Double?) -> String { value.map { say.numbers.fixed($0, decimals: 1) } ?? "–" }

  /// `12.3 (11.0 – 13.5)`
  func band(_ band: Band80?, decimals: Int = 1) -> String {
    guard let band else { return "–" }
    let middle = say.numbers.fixed(band.central, decimals: decimals)
    let ends = [band.low, band.high].compactMap { $0.map { say.numbers.fixed($0, decimals: decimals) } }
    // A range too narrow to show is none.
    guard ends.count == 2, ends[0] != ends[1] else { return middle }
    return middle + " (\(ends[0]) – \(ends[1]))"
  }

  private func quarter(_ number: Int, _ year: Int) -> String {
    say("Quý \(["I", "II", "III", "IV"][number - 1])/\(year)", "\(year)-Q\(number)")
  }

  // MARK: parts

  private var introduction: String {
    var text = ""
    if let document = answer.document { text += say("Chỉ tiêu theo ", "Target set by ") + document + ". " }
    if answer.knownQuarters > 0 {
      let first = PartYearGrowth(
        indicator: answer.accounts.growth, year: answer.year, quarters: 1...answer.knownQuarters, value: 0)
      text += say(
        "Đã biết: \(first.period) tăng \(percent(rounded(answer.growthSoFar))). ",
        "Known so far: \(first.period) grew by \(percent(rounded(answer.growthSoFar))). ")
      text += say(
        "Các quý còn lại phải cùng tăng \(band(answer.need))%. ",
        "The remaining quarters together must grow by \(band(answer.need))%. ")
    } else {
      text += say(
        "Năm \(answer.year) chưa có số liệu quý nào: cả bốn quý phải cùng tăng \(percent(answer.reach)). ",
        "No quarter of \(answer.year) is published yet: all four must grow by \(percent(answer.reach)). ")
    }
    let mark = context.pathGrade == nil ? "" : " [D]"
    text +=
      answer.isClosed
      ? outturn
      : say(
        "Nếu không có chính sách mới: \(band(answer.total.baseline))%\(mark).",
        "With no new policy: \(band(answer.total.baseline))%\(mark).")
    return text
      + say(
        " Trong ngoặc: khoảng 80%, 8 trong 10 lượt mô phỏng nằm trong đó.",
        " In brackets the 80% range: 8 in 10 draws lie inside.")
  }

  /// Of a year that is over: its published growth, and what the items add up to where that is another figure.
  private var outturn: String {
    let items = band(answer.total.baseline)
    guard let published = answer.outturn, abs(published - answer.total.baseline.central) >= 0.05 else {
      return say("Thực hiện: \(items)%.", "Outturn: \(items)%.")
    }
    return say(
      "Thực hiện: \(rate(published))%; số liệu từng khu vực thuộc lần công bố khác, cộng lại được \(items)%.",
      "Outturn: \(rate(published))%; the items are of another vintage and add up to \(items)%.")
  }

  /// Of a year that is over: what happened.
  private var baselineTitle: String {
    answer.isClosed
      ? say("Thực hiện, %", "Outturn, %")
      : say("Không có chính sách, %", "No new policy, %") + (context.pathGrade == nil ? "" : " [D]")
  }

  private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

  private var remaining: TextTable {
    var table = TextTable([
      .text(say("Quý", "Quarter")), .number(say("Năm trước, %", "Year before, %")),
      .number(say("Tăng đều, %", "Equal growth, %")),
      .number(say("Theo nhịp năm trước, %", "In last year's pattern, %")),
      .number(baselineTitle),
    ])
    for need in answer.needs {
      let baseline = answer.quarters.first {
        $0.item == nil && $0.year == answer.year && $0.quarter == need.quarter
      }?.growth
      table.addRow([
        quarter(need.quarter, answer.year), rate(need.before), band(need.equal), band(need.pattern), rate(baseline),
      ])
    }
    return table
  }

  private var remainingNote: String {
    guard answer.needs.contains(where: { $0.pattern != nil }) else {
      return say(
        "Nhịp năm trước: chưa công bố theo quý cho các quý còn lại, nên chỉ tính được mức tăng đều.",
        "Last year's pattern: not published by quarter for the remaining quarters, so only equal growth can be given.")
    }
    let pieces = answer.figuresBefore.map { "\($0.period) \(percent($0.value))" }
    return say("Nhịp năm trước suy từ: ", "Last year's pattern follows from: ") + pieces.joined(separator: ", ") + "."
  }

  private var items: TextTable {
    let hasRest = answer.items.contains { $0.aloneRemaining != nil }
    var columns: [TextTableColumn] = [
      .text(say("Khu vực", "Item")), .number(say("Tỷ trọng, %", "Share, %")),
      .number(say("Năm \(answer.year - 1), %", "\(answer.year - 1), %"), isOptional: true),
      .number(baselineTitle),
      .number(say("Đóng góp, điểm %", "Adds, points"), isOptional: true),
      .number(say("Một mình bù, %", "Needed alone, %")),
    ]
    if hasRest { columns.append(.number(say("… các quý còn lại, %", "… rest of year, %"))) }
    columns += [
      .number(say("Cùng tỷ lệ, %", "All in proportion, %"), isOptional: hasRest),
      .number(say("khi đó đóng góp, điểm %", "then adds, points"), isOptional: true),
    ]
    var table = TextTable(columns)
    for need in answer.items + [answer.total] {
      var cells = [
        need.item.isEmpty ? say("Cả tỉnh", "The province") : itemName(need.item),
        rate(need.weight), rate(need.growthBefore), band(need.baseline), rate(need.contribution.central),
        band(need.alone),
      ]
      if hasRest { cells.append(band(need.aloneRemaining)) }
      cells += [band(need.together), rate(need.contributionTogether?.central)]
      table.addRow(cells)
    }
    return table
  }

  private func itemName(_ level: String) -> String { context.items(answer, say.language)[level] ?? level }

  private var itemsNote: String {
    // The sentence for the largest item is enough on paper; the table has them all.
    let lines = answer.items.max { $0.weight < $1.weight }.map { need -> String in
      let others = answer.items.filter { $0.item != need.item }.map {
        "\(itemName($0.item)) \(rate($0.baseline.central))%"
      }
      let (name, list) = (itemName(need.item), others.joined(separator: "; "))
      return say(
        "\(name) phải tăng \(rate(need.alone.central))% nếu các khu vực khác tăng: \(list).",
        "\(name) must grow by \(rate(need.alone.central))% if the others grow by: \(list).")
    }
    return
      ([
        lines ?? "",
        say(
          "«Một mình bù»: các khu vực khác tăng như khi không có chính sách mới; «cùng tỷ lệ»: mọi khu vực tăng nhanh hơn theo cùng một hệ số. Tỷ trọng: giá so sánh, năm \(answer.year - 1).",
          "\"Needed alone\": the other items grow as with no new policy; \"all in proportion\": every item grows faster by the same factor. Shares: constant prices, \(answer.year - 1)."
        ),
      ]).joined(separator: " ")
  }

  private func impliedTable(_ implied: GrowthAnswer.Implied) -> TextTable {
    var table = TextTable([
      .text(say("Nếu đạt \(percent(answer.reach))", "If \(percent(answer.reach)) is reached")),
      .number(say("Mức (khoảng 80%)", "Value (80% range)")),
    ])
    let billion = say("tỷ đồng", "billion VND")
    table.addRow([
      say("GRDP giá hiện hành \(answer.year), \(billion) [D]", "GRDP at current prices \(answer.year), \(billion) [D]"),
      band(implied.nominal, decimals: 0),
    ])
    for past in implied.past {
      let icor = say.numbers.fixed(past.icor, decimals: 1)
      table.addRow([
        say(
          "Vốn đầu tư cần với ICOR năm \(past.year) (\(icor)), \(billion) [D]",
          "Investment needed with the ICOR of \(past.year) (\(icor)), \(billion) [D]"),
        band(past.investmentNeeded, decimals: 0),
      ])
    }
    if let baseline = implied.investmentBaseline {
      table.addRow([
        say(
          "Vốn đầu tư không có chính sách mới, \(billion) [D]", "Investment with no new policy, \(billion) [D]"),
        band(baseline, decimals: 0),
      ])
      table.addRow([
        say("ICOR khi đó phải là [D]", "its ICOR would have to be [D]"), band(implied.icorBaseline),
      ])
    }
    if let plan = implied.investmentPlan {
      table.addRow([
        say(
          "Vốn đầu tư theo kế hoạch \(answer.year), \(billion)", "Investment by the plan of \(answer.year), \(billion)"),
        say.numbers.fixed(plan, decimals: 0),
      ])
      table.addRow([
        say("ICOR khi đó phải là [D]", "its ICOR would have to be [D]"), band(implied.icorPlan),
      ])
      if let growth = implied.growthOfPlan, let year = implied.past.last?.year {
        table.addRow([
          say(
            "Vốn kế hoạch với ICOR năm \(year) cho mức tăng, % [D]",
            "Growth that the plan gives with the ICOR of \(year), % [D]"), band(growth),
        ])
      }
    }
    if let productivity = implied.productivityGrowth {
      table.addRow([
        say(
          "Năng suất lao động phải tăng, giá so sánh, % [D]", "Labour productivity must grow, constant prices, % [D]"),
        band(productivity),
      ])
      table.addRow([
        say("… không có chính sách mới, % [D]", "… with no new policy, % [D]"),
        band(implied.productivityGrowthBaseline),
      ])
    }
    if let level = implied.productivity {
      table.addRow([
        say("Năng suất lao động, triệu đồng/người [D]", "Labour productivity, million VND a worker [D]"), band(level),
      ])
    }
    return table
  }

  private var quarters: TextTable {
    var table = TextTable(
      [
        .text(say("Quý", "Quarter")), .number(say("GRDP, tỷ đồng [D]", "GRDP, billion VND [D]")),
        .number(say("tăng, %", "growth, %")), .number(say("lũy kế, %", "so far, %")),
      ]
        + answer.accounts.items.map {
          .number(itemName($0.level) + ", %", isOptional: true)
        } + [.text(say("Từ", "From"))])
    for whole in answer.quarters where whole.item == nil {
      let parts = answer.accounts.items.map { item in
        answer.quarters.first { $0.item == item.level && $0.year == whole.year && $0.quarter == whole.quarter }
      }
      table.addRow(
        [
          quarter(whole.quarter, whole.year), say.numbers.fixed(whole.level, decimals: 0), rate(whole.growth),
          rate(whole.cumulated),
        ] + parts.map { rate($0?.growth) } + [origin(whole.origin)])
    }
    return table
  }

  private func origin(_ origin: GrowthAnswer.Quarter.Origin) -> String {
    switch origin {
    case .published: return say("số liệu", "figures")
    case .spread: return say("số liệu lũy kế, chia đều", "a running total, spread evenly")
    case .baseline: return say("đường cơ sở [D]", "baseline [D]")
    case .needed: return say("cần đạt", "needed")
    }
  }

  private var record: TextTable {
    var table = TextTable([
      .text(say("Năm", "Year")), .text(say("Đã biết", "Known")), .number(say("Tăng, %", "Growth, %")),
      .number(say("Kế hoạch năm, %", "Plan of the year, %")),
      .number(say("Phần còn lại cần, % [D]", "Rest needed, % [D]")),
      .number(say("Phần còn lại đạt, % [D]", "Rest did, % [D]")), .number(say("Cả năm, %", "Year, %")),
    ])
    for past in answer.record {
      let first = PartYearGrowth(
        indicator: answer.accounts.growth, year: past.year, quarters: 1...past.knownQuarters, value: 0)
      table.addRow([
        "\(past.year)", first.period, say.numbers.fixed(past.growthSoFar, decimals: 2),
        past.target.map { say.numbers.automatic($0) } ?? "–", rate(past.needed), rate(past.done),
        say.numbers.fixed(past.growth, decimals: 2),
      ])
    }
    return table
  }

  // MARK: notes

  private var notes: [String] {
    var lines: [String] = []
    if context.pathGrade != nil {
      lines.append(
        say(
          "[D]: đường đi khi không có chính sách mới là ước tính của người lập kế hoạch (mức D), vì số liệu quá ngắn; không có xác suất đạt chỉ tiêu. Tỷ trọng của các quý cũng là ước tính (mức D), xem evidence/quarter_shares.csv.",
          "[D]: the path with no new policy is a planner's own estimate (grade D), because the series are too short; there is no probability of reaching the target. The shares of the quarters are estimates too (grade D), see evidence/quarter_shares.csv."
        ))
    }
    if answer.baselineIgnoresFigures {
      lines.append(
        say(
          "Đường cơ sở của các khu vực chưa biết số liệu quý của năm \(answer.year).",
          "The items' baseline does not know the quarterly figures of \(answer.year)."))
    }
    for absent in Self.absent {
      lines.append(say("Không có số liệu: ", "Absent: ") + absent.text[say.language] + ".")
    }
    for shock in answer.shocks {
      guard let driver = context.model.catalog.indicator(shock.driver) else { continue }
      lines.append(
        "\(driver.name[say.language]): "
          + say(
            "một đơn vị làm tốc độ tăng của tỉnh thay đổi \(signed(shock.points)) điểm (mức \(shock.grade.rawValue)).",
            "one unit moves the province's growth by \(signed(shock.points)) points (grade \(shock.grade.rawValue))."))
    }
    for figure in answer.figures {
      lines.append(
        "\(context.model.catalog.indicator(figure.indicator)?.name[say.language] ?? figure.indicator) \(figure.period): \(percent(figure.value)), "
          + (figure.source.map { say("nguồn ", "source ") + $0 }
            ?? say("người dùng nhập (mức D)", "entered by the user (grade D)"))
          + ".")
    }
    return lines
  }

  private func signed(_ band: Band80) -> String {
    func number(_ value: Double) -> String { say.numbers.fixed(value, decimals: 2, signed: true) }
    guard let low = band.low, let high = band.high else { return number(band.central) }
    return "\(number(band.central)) (\(number(low)) – \(number(high)))"
  }
}
