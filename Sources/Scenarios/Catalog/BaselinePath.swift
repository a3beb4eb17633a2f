import TextFiles

/// The values that the baseline already implies for a lever: what an effect is measured from.
///
/// "Hold at today" is no policy for a budget that has grown for years: it is a cut. So each lever says what it does by itself.
///
/// ```yaml
/// baseline_path: { hold: 20 }                                      # the same in every year
/// baseline_path: { hold: last, of: state_budget_investment }       # the last published figure of an indicator, in every year
/// baseline_path: { follow: state_budget_investment }               # the middle of the baseline of an indicator, year by year
/// baseline_path: { plan: { 2026: 12000, 2030: 15000 } }            # stated, in straight line between the years, then constant
/// ```
public enum BaselinePath: Equatable, Sendable {
  case hold(Double)
  /// The last published figure of an indicator; a lever that is itself observed.
  case holdLast(of: String)
  /// The middle of the fitted (or assumed) baseline of an indicator, published figures where there are any.
  case follow(String)
  /// Values by year; before the first year the first value, after the last the last.
  case plan([Int: Double])

  /// The indicator that it is read off; nil where the file states numbers.
  public var indicator: String? {
    switch self {
    case .holdLast(let id), .follow(let id): return id
    case .hold, .plan: return nil
    }
  }

  /// The value in a year as far as the file alone says it; nil where it is read off an indicator.
  public func stated(in year: Int) -> Double? {
    switch self {
    case .hold(let value): return value
    case .plan(let values): return LeverPath.interpolated(values, in: year)
    case .holdLast, .follow: return nil
    }
  }

  /// The lowest value as far as the file alone says it; nil where it is read off an indicator.
  var lowestStated: Double? {
    switch self {
    case .hold(let value): return value
    case .plan(let values): return values.values.min()
    case .holdLast, .follow: return nil
    }
  }

  /// As files write it, without braces: `hold 20`, `follow state_budget_investment`.
  public var text: String {
    switch self {
    case .hold(let value): return "hold " + NumberText.shortest(value)
    case .holdLast(let id): return "hold last of " + id
    case .follow(let id): return "follow " + id
    case .plan(let values):
      return "plan "
        + values.sorted { $0.key < $1.key }.map { "\($0.key): \(NumberText.shortest($0.value))" }
        .joined(separator: ", ")
    }
  }
}
