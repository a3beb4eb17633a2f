import Scenarios
import TextFiles

/// What the options of a run rest on.
extension RunReport {
  var supportTable: TextTable {
    var table = TextTable([
      .text(say("Phương án", "Option")), .text(say("Mức yếu nhất", "Weakest grade")),
      .number(say("Phần dựa trên P", "Share resting on P")), .number(say("Phần dựa trên D", "Share resting on D")),
      .number(say("Chi phí thêm, tỷ đồng/năm", "Extra cost, billion VND a year")),
    ])
    for (number, scenario) in result.scenarios.enumerated() {
      let cost =
        say.numbers.fixed(scenario.cost, decimals: 0) + (scenario.hasUnknownCost ? say(" + chưa rõ", " + unknown") : "")
      table.addRow([
        "(\(number + 1))", scenario.support.weakest?.rawValue ?? "–",
        say.share(scenario.support.shareP),
        say.share(scenario.support.shareD), cost,
      ])
    }
    return table
  }

  var supportNotes: [String] {
    var lines = [
      say(
        "A, B, C: bằng chứng đã công bố; P: ước lượng từ 63 tỉnh; D: ước tính của người lập kế hoạch. Phần dựa trên P, D: bao nhiêu của thay đổi (các chỉ tiêu chính) mất đi nếu bỏ tác động có mức đó.",
        "A, B, C: published evidence; P: estimated from the 63 provinces; D: a planner's own estimate. Share resting on P, D: how much of the change (headline indicators) goes when effects of that grade are left out."
      )
    ]
    for (number, scenario) in result.scenarios.enumerated() {
      for ambition in scenario.ambitions {
        let lever = result.model.catalog.lever(ambition.lever)
        let delivery = lever?.delivery.map { say.probability($0.probability) } ?? "100%"
        lines.append(
          "(\(number + 1)) "
            + say(
              "tham vọng \(say.numbers.fixed(ambition.percentile, decimals: 2)) = \(say.numbers.fixed(ambition.points, decimals: 2, signed: true)) điểm PCI; \(ambition.achieved) trong \(ambition.windows) giai đoạn ba năm của các tỉnh có xuất phát điểm tương tự đã đạt mức này. Xác suất thực hiện được: \(delivery) (mức D).",
              "ambition \(say.numbers.fixed(ambition.percentile, decimals: 2)) = \(say.numbers.fixed(ambition.points, decimals: 2, signed: true)) PCI points; \(ambition.achieved) of \(ambition.windows) three-year windows of provinces with a similar start achieved this. Probability of delivery: \(delivery) (grade D)."
            ))
      }
      for lever in scenario.earlyStarts {
        let name = result.model.catalog.lever(lever)?.name[say.language] ?? lever
        lines.append(
          "(\(number + 1)) "
            + say(
              "«\(name)» bắt đầu trước khi số liệu kết thúc: một phần tác động có thể đã nằm trong dự báo cơ sở.",
              "\"\(name)\" starts before the data end: part of its effect may be in the baseline already."))
      }
      for lever in scenario.beyondValidity {
        let name = result.model.catalog.lever(lever)?.name[say.language] ?? lever
        lines.append(
          "(\(number + 1)) "
            + say(
              "«\(name)» vượt phạm vi của bằng chứng; phần vượt không được tính.",
              "\"\(name)\" goes beyond what its evidence covers; the excess does not count."))
      }
      if let detectability = detectability(scenario) { lines.append("(\(number + 1)) " + detectability) }
    }
    return lines
  }

  /// How long it takes to see the effects that take more than ten years to see; nil when there is none.
  private func detectability(_ scenario: ScenarioOutcome) -> String? {
    let slow = result.model.catalog.indicators.compactMap { definition -> (name: String, years: Double)? in
      guard let years = scenario.detectability[definition.id], years > 10 else { return nil }
      return (definition.name[say.language], years)
    }
    guard !slow.isEmpty else { return nil }
    var parts = slow.filter { $0.years <= 200 }.sorted { $0.years < $1.years }.map {
      "\($0.name) \(say.numbers.fixed($0.years, decimals: 0))"
    }
    let longest = slow.filter { $0.years > 200 }.map(\.name)
    if !longest.isEmpty { parts.append(say("hơn 200: ", "more than 200: ") + longest.joined(separator: ", ")) }
    return say(
      "số năm số liệu trước và sau cần có để phân biệt tác động cỡ này với ngẫu nhiên: ",
      "years of data before and after that it takes to tell an effect of this size from chance: ")
      + parts.joined(separator: "; ") + "."
  }
}
