import Foundation
import Scenarios
import TextFiles

/// A result of a decision method in every form it can be asked for.
public protocol DecisionView {
  /// What can be read out in a meeting.
  func paragraph(_ language: Language) -> String
  func text(language: Language, markdown: Bool, width: Int) -> String
  func writeCSV(to sink: any TextSink) throws
  func writeJSON(to sink: any TextSink) throws
}

extension DecisionView {
  /// The paragraph in both languages, as a member of the JSON object.
  func writeParagraph(_ json: inout JSONWriter) throws {
    try json.key("paragraph")
    try JSONReport.names(LocalizedText(vi: paragraph(.vietnamese), en: paragraph(.english)), &json)
  }
}

extension Phrases {
  /// "at least 1,300" of an aim, in the unit that people see.
  func aim(_ aim: GoalAim, _ definition: IndicatorDefinition) -> String {
    (aim.target.direction == .atLeast ? "≥ " : "≤ ") + value(aim.target.value, definition.display)
  }

  func name(_ measure: OutcomeMeasure, _ model: CompiledModel) -> String {
    (model.catalog.indicator(measure.indicator)?.name[language] ?? measure.indicator) + " " + measure.period
  }

  /// A unit of a lever as text.
  func unit(_ lever: PlannedLever) -> String {
    var parts = lever.definition.unit.components(separatedBy: "_per_")
    let measure = parts.removeFirst()
    let known = [
      "billion_vnd": ("tỷ đồng", "billion VND"), "million_usd": ("triệu USD", "million USD"),
      "percentile": ("phân vị", "percentile"), "event_days": ("ngày sự kiện", "event days"),
      "title_years": ("năm danh hiệu", "title years"), "share_of_visits": ("tỷ lệ lượt khách", "share of visits"),
      "persons": ("người", "persons"), "percent": ("%", "%"),
      "days": ("ngày", "days"), "models": ("mô hình", "models"), "communes": ("xã", "communes"),
      "thousand_members": ("nghìn thành viên", "thousand members"), "ha": ("ha", "ha"),
      "thousand_ha": ("nghìn ha", "thousand ha"), "ratio": ("tỷ lệ", "ratio"), "year": ("năm", "year"),
    ]
    let unit = ([measure] + parts).map { part in
      known[part].map { self($0.0, $0.1) } ?? part.split(separator: "_").joined(separator: " ")
    }.joined(separator: self("/", " per "))
    guard let mean = lever.meanBaseline else { return unit }
    let amount = numbers.automatic(mean, significantDigits: 3)
    return self(
      "lần đường cơ sở, bình quân \(amount) \(unit)", "times its baseline path, on average \(amount) \(unit)")
  }

  func leverValue(_ lever: PlannedLever, _ value: Double) -> String {
    if lever.isWhole { return value == 0 ? self("không", "no") : self("từ \(lever.from)", "from \(lever.from)") }
    return numbers.automatic(value, significantDigits: 3) + (lever.isMultiple ? "x" : "")
  }

  /// What a lever's values are multiples of, after a value; nothing where they are values of the lever.
  func ofBaseline(_ lever: PlannedLever) -> String {
    lever.isMultiple ? self(" đường cơ sở", " of its baseline path") : ""
  }

  /// Extra cost, billion VND a year.
  func money(_ value: Double?) -> String {
    guard let value else { return self("chưa rõ", "unknown") }
    return numbers.automatic(value, significantDigits: 3, signed: true)
  }

  /// A list in words: "a, b and c".
  func list(_ items: [String]) -> String {
    guard let last = items.last, items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + self(" và ", " and ") + last
  }

  /// Why levers were not searched whose baseline path touches zero.
  func pathTouchesZero(_ names: [String]) -> String {
    self(
      "Không tìm cho: \(list(names)): đường cơ sở có năm bằng 0 nên không tính được số lần của nó.",
      "Not searched: \(list(names)): the baseline path is 0 in some year, of which no multiple can be taken.")
  }

  func limit(_ lever: PlannedLever) -> String {
    switch lever.limit {
    case .range: return self("hết khoảng khả thi", "end of its feasible range")
    case .evidence: return self("hết phạm vi bằng chứng", "end of what its evidence covers")
    case .whole: return self("làm hay không", "done or not")
    }
  }
}
