import Scenarios
import TextFiles

/// The toolkit's own words for people, in both languages.
struct Phrases {
  let language: Language
  let numbers: NumberFormat

  init(_ language: Language) {
    self.language = language
    numbers = NumberFormat(language)
  }

  func callAsFunction(_ vi: String, _ en: String) -> String { language == .vietnamese ? vi : en }

  /// A value of an indicator in the unit that people see.
  func value(_ value: Double, _ display: IndicatorDefinition.Display) -> String {
    value.isFinite ? numbers.fixed(value * display.scale, decimals: display.decimals) : NumberFormat.undefined
  }

  /// A change of an indicator; whole-number indicators get one decimal, so that a small change shows.
  func change(_ value: Double, _ display: IndicatorDefinition.Display) -> String {
    let scaled = value * display.scale
    let decimals = display.decimals == 0 && abs(scaled) < 10 ? 1 : display.decimals
    return numbers.fixed(scaled, decimals: decimals, signed: true)
  }

  func interval(_ low: Double, _ high: Double, _ display: IndicatorDefinition.Display) -> String {
    value(low, display) + " – " + value(high, display)
  }

  /// The name with its unit, once: a name may end with the unit that tells it from another.
  func label(_ definition: IndicatorDefinition) -> String {
    let (name, unit) = (definition.name[language], " (" + definition.display.unit[language] + ")")
    return name.hasSuffix(unit) ? name : name + unit
  }

  /// Probabilities in whole percent; never a bare 0 or 100 for something that may happen.
  func probability(_ share: Double) -> String {
    if share > 0 && share < 0.005 { return "<1%" }
    if share < 1 && share > 0.995 { return ">99%" }
    return numbers.percent(100 * share, decimals: 0)
  }

  /// A probability with its Monte Carlo error in percentage points; an error too small to show is left out.
  func probability(_ share: Double, error: Double) -> String {
    guard 100 * error >= 0.05 else { return probability(share) }
    return probability(share) + " ± " + numbers.fixed(100 * error, decimals: 1)
  }

  func share(_ value: Double) -> String {
    value.isFinite ? numbers.percent(100 * value, decimals: 0) : NumberFormat.undefined
  }

  func comparison(_ target: TargetDefinition, _ display: IndicatorDefinition.Display) -> String {
    switch target.comparison {
    case .atLeast: return "≥ " + value(target.value, display)
    case .atMost: return "≤ " + value(target.value, display)
    case .within: return interval(target.value, target.upper ?? .nan, display)
    }
  }
}
