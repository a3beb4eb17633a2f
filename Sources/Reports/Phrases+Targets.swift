import Scenarios
import TextFiles

extension Phrases {
  /// A target's probability in words; a planner's own path has none (MODEL 8).
  func probability(of target: TargetResult) -> String {
    target.isScenarioOnly ? scenarioOnly : probability(target.probability)
  }

  var scenarioOnly: String { self("chỉ kịch bản", "scenario-only") }

  /// `2030`, `2026–2030, bình quân`, `2021–2025, cộng dồn`, `từ 2015`.
  func period(_ target: TargetDefinition) -> String {
    if target.period.lastYear >= 2100 {
      return self("từ \(target.period.firstYear)", "from \(target.period.firstYear)")
    }
    guard target.aggregate != .year else { return target.period.description }
    let years = "\(target.period.firstYear)–\(target.period.lastYear)"
    return target.aggregate == .average
      ? self("\(years), bình quân", "\(years), average") : self("\(years), cộng dồn", "\(years), sum")
  }

  /// `≥ 7.900 USD`; a rank names its field.
  func goal(_ outlook: TargetOutlook, _ definition: IndicatorDefinition) -> String {
    let text = comparison(outlook.target, definition.display) + " " + definition.display.unit[language]
    guard let field = outlook.rankedAmong else { return text }
    return text
      + self(
        " (trong \(numbers.fixed(field, decimals: 0)) tỉnh)", " (of \(numbers.fixed(field, decimals: 0)) provinces)")
  }

  /// Needed or projected change a year: in percent, or in the indicator's unit.
  func perYear(_ value: Double, _ outlook: TargetOutlook, _ display: IndicatorDefinition.Display) -> String {
    outlook.isGrowth ? numbers.percent(value, decimals: 1, signed: true) : change(value, display)
  }
}
