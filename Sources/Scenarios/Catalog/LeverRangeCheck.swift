import Foundation
import TextFiles

/// Compares the amounts that a scenario names with the feasible range of a lever, in each year in which they stand.
struct LeverRangeCheck {
  /// One sentence for each amount that is outside, about the first year in which it is.
  private(set) var problems: [String] = []
  /// Whether some amount cannot be compared before the baseline that the lever follows is fitted.
  private(set) var isOpen = false

  /// - Parameters:
  ///   - ends: the ends of a range of amounts, in place of which `path` names the central one.
  ///   - horizon: the years of the projection.
  ///   - baseline: what the baseline implies in a year; nil where it is not known yet.
  init(
    _ lever: LeverDefinition, _ path: LeverPath, ends: [Amount] = [], horizon: ClosedRange<Int>,
    baseline: (Int) -> Double?
  ) {
    let named = path.namedAmounts(horizon)
    for (amount, years) in named + ends.map({ ($0, named.first?.years ?? []) }) {
      if amount.isMultiple == lever.range.isMultiple {
        if !lever.range.contains(amount, base: 1) { problems.append(LeverRangeCheck.message(lever, amount)) }
        continue
      }
      for year in years {
        guard let base = baseline(year) else {
          isOpen = true
          break
        }
        guard !lever.range.contains(amount, base: base) else { continue }
        problems.append(LeverRangeCheck.message(lever, amount, in: year, base: base))
        break
      }
    }
  }

  private static func message(_ lever: LeverDefinition, _ amount: Amount) -> String {
    "\(amount.text) is outside the feasible range of '\(lever.id)': \(range(lever))"
  }

  private static func message(_ lever: LeverDefinition, _ amount: Amount, in year: Int, base: Double) -> String {
    let allowed = lever.range.values(base: base)
    let values = "\(rounded(allowed.lowerBound)) to \(rounded(allowed.upperBound)) \(lever.unit) in \(year)"
    return amount.isMultiple
      ? "\(amount.text), which is \(rounded(amount.value(base: base))) in \(year), is outside the feasible range of '\(lever.id)': \(range(lever))"
      : "\(amount.text) is outside the feasible range of '\(lever.id)': \(range(lever)), \(values)"
  }

  private static func range(_ lever: LeverDefinition) -> String {
    "\(lever.range.lowest.text) to \(lever.range.highest.text) "
      + (lever.range.isMultiple ? "of its baseline path" : lever.unit)
  }

  /// Four significant digits: these numbers are read off a fitted path.
  private static func rounded(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return NumberText.shortest(value) }
    let unit = pow(10, (log10(abs(value)).rounded(.down) - 3))
    return NumberText.shortest(unit >= 1 ? (value / unit).rounded() * unit : (value / unit).rounded() / (1 / unit))
  }
}
