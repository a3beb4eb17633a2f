import Scenarios
import TextFiles

/// A comparison's numbers in words, shared by its tables and its paragraph.
struct CompareWords {
  let comparison: Comparison
  let say: Phrases

  init(_ comparison: Comparison, _ language: Language) {
    self.comparison = comparison
    say = Phrases(language)
  }

  var until: Int { comparison.settings.until }

  func name(_ id: String) -> String {
    comparison.options.first { $0.id == id }?.name[say.language] ?? id
  }

  func quoted(_ id: String) -> String { say("«\(name(id))»", "\"\(name(id))\"") }

  func number(_ id: String) -> String {
    "(\((comparison.options.firstIndex { $0.id == id } ?? 0) + 1))"
  }

  /// The rank, with a sign where the draws do not separate it from another of the same rank.
  func rank(_ option: Comparison.Option) -> String {
    mark(option.rank, isTied: comparison.options.contains { option.tiedWith.contains($0.id) && $0.rank == option.rank })
  }

  func rankWithoutD(_ option: Comparison.Option) -> String {
    mark(
      option.rankWithoutD,
      isTied: comparison.options.contains {
        option.tiedWithoutD.contains($0.id) && $0.rankWithoutD == option.rankWithoutD
      })
  }

  private func mark(_ rank: Int, isTied: Bool) -> String { say.numbers.integer(rank) + (isTied ? "=" : "") }

  // MARK: what options are ranked by

  /// What options are ranked by, as the title of a column.
  var objectiveTitle: String {
    switch comparison.request.objective {
    case .improvement: return say("Cải thiện", "Improvement")
    case .targets: return say("Chỉ tiêu đạt", "Targets met")
    case .indicator(let id): return comparison.model.catalog.indicator(id).map { say.label($0) } ?? id
    }
  }

  var objectiveMeaning: String {
    switch comparison.request.objective {
    case .improvement:
      return say(
        "thay đổi trung bình của các chỉ tiêu chính năm \(until) theo hướng tốt, tính bằng độ lệch chuẩn của dự báo không có chính sách",
        "the mean change of the headline indicators in \(until) in their good direction, in standard deviations of the projection without policy"
      )
    case .targets:
      return say("số chỉ tiêu chính thức đạt được", "the number of official targets met")
    case .indicator(let id):
      let name = comparison.model.catalog.indicator(id)?.name[say.language] ?? id
      return say("\(name) năm \(until)", "\(name) in \(until)")
    }
  }

  private var objectiveIndicator: IndicatorDefinition? {
    guard case .indicator(let id) = comparison.request.objective else { return nil }
    return comparison.model.catalog.indicator(id)
  }

  /// The mean of what options are ranked by; an indicator that is better when lower is shown as it is measured.
  func objective(_ value: Double) -> String {
    guard let indicator = objectiveIndicator else { return say.numbers.fixed(value, decimals: 3) }
    return say.value(indicator.good.sign * value, indicator.display)
  }

  /// An amount of what options are ranked by that is given up.
  func regret(_ value: Double) -> String {
    guard let indicator = objectiveIndicator else { return say.numbers.fixed(value, decimals: 3) }
    let scaled = value * indicator.display.scale
    return say.numbers.fixed(
      scaled, decimals: abs(scaled) < 10 ? max(indicator.display.decimals, 1) : indicator.display.decimals)
  }

  // MARK: items

  func label(_ item: OutcomeItem) -> String {
    let unit = item.definition.display.unit[say.language]
    let mark = say.marks(item)
    guard let target = item.target else {
      return "\(item.definition.name[say.language]) \(item.period) (\(unit))" + mark
    }
    return
      "\(item.definition.name[say.language]) \(item.period) \(say.comparison(target, item.definition.display)) \(unit)"
      + mark
  }

  func change(_ change: OutcomeResult.Change?, _ item: OutcomeItem) -> String {
    change.map { amount($0.median, item) } ?? NumberFormat.undefined
  }

  /// A change in the unit that people see; one that would round to nothing keeps its first digit.
  private func amount(_ value: Double, _ item: OutcomeItem) -> String {
    let display = item.definition.display
    let scaled = value * display.scale
    let smallest = display.decimals == 0 ? 0.05 : 0.5 * [1, 0.1, 0.01, 0.001, 0.0001][min(display.decimals, 4)]
    guard scaled != 0, abs(scaled) < smallest, abs(scaled) >= 1e-6 else { return say.change(value, display) }
    return say.numbers.automatic(scaled, significantDigits: 1, signed: true)
  }

  func band(_ change: OutcomeResult.Change?, _ item: OutcomeItem) -> String {
    guard let change else { return NumberFormat.undefined }
    return amount(change.low, item) + say(" đến ", " to ") + amount(change.high, item)
  }

  func probability(_ value: Estimate?) -> String { value.map { say.probability($0.value) } ?? NumberFormat.undefined }

  /// A probability with its Monte Carlo error in percentage points.
  func withError(_ value: Estimate?) -> String {
    value.map { say.probability($0.value, error: $0.error) } ?? NumberFormat.undefined
  }

  func firstMet(_ first: FirstMet?) -> String {
    switch first?.year {
    case .already(let year): return say("đã đạt (\(year))", "met (\(year))")
    case .projected(let year): return say.numbers.year(year)
    case .notBy(let year): return say("chưa đến \(year)", "not by \(year)")
    case nil: return NumberFormat.undefined
    }
  }

  func years(_ years: Double?) -> String {
    guard let years, !years.isNaN else { return NumberFormat.undefined }
    return years > 200 ? say("hơn 200", "over 200") : say.numbers.fixed(years, decimals: 0)
  }

  /// Billion VND.
  func money(_ value: Double) -> String {
    say.numbers.fixed(value, decimals: value != 0 && abs(value) < 10 ? 1 : 0)
  }

  /// Billion VND for one unit that people see.
  func unitCost(_ cost: Double?, _ item: OutcomeItem) -> String {
    guard let cost else { return NumberFormat.undefined }
    return say.numbers.automatic(cost / item.definition.display.scale, significantDigits: 3)
  }

  func list(_ parts: [String]) -> String {
    guard parts.count > 1, let last = parts.last else { return parts.first ?? "" }
    return parts.dropLast().joined(separator: ", ") + say(" và ", " and ") + last
  }

  /// The first few of many names, and how many more there are.
  func shortList(_ parts: [String], most: Int = 3) -> String {
    guard parts.count > most + 1 else { return list(parts) }
    let rest = parts.count - most
    return parts.prefix(most).joined(separator: ", ") + say(" và \(rest) giải pháp khác", " and \(rest) more")
  }

  func leverName(_ id: String) -> String {
    if id == "world" { return say("Bên ngoài tỉnh", "The outside world") }
    if id.hasPrefix("when-") { return say("Quyết định sau", "Decided later") + " [\(id)]" }
    return comparison.model.catalog.lever(id)?.name[say.language] ?? id
  }
}
