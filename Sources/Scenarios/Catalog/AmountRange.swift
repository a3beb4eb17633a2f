import TextFiles

/// From a lowest to a highest amount, both in the unit of a quantity or both as multiples of its baseline (`[0.7x, 1.5x]`): what is
/// feasible for a lever, or what the evidence of a link covers.
public enum AmountRange: Equatable, Sendable {
  case multiples(ClosedRange<Double>)
  case values(ClosedRange<Double>)

  /// The lowest and highest value in a year, given the baseline's value.
  ///
  /// Multiples of a negative baseline swap ends, so that the result is a range in any case.
  public func values(base: Double) -> ClosedRange<Double> {
    switch self {
    case .values(let range): return range
    case .multiples(let range):
      let (low, high) = (range.lowerBound * base, range.upperBound * base)
      return min(low, high)...max(low, high)
    }
  }

  /// Whether an amount lies inside; of an amount that is stated in the other way, given the baseline's value of the year.
  public func contains(_ amount: Amount, base: Double) -> Bool {
    switch (self, amount) {
    case (.multiples(let range), .multiple(let number)), (.values(let range), .value(let number)):
      return range.contains(number)
    default: return values(base: base).contains(amount.value(base: base))
    }
  }

  /// The numbers that stand in the file.
  public var numbers: ClosedRange<Double> {
    switch self {
    case .multiples(let range), .values(let range): return range
    }
  }

  public var isMultiple: Bool {
    if case .multiples = self { return true }
    return false
  }

  /// An end as files write it.
  func amount(_ number: Double) -> Amount { isMultiple ? .multiple(number) : .value(number) }
  /// The lowest amount.
  public var lowest: Amount { amount(numbers.lowerBound) }
  /// The highest amount.
  public var highest: Amount { amount(numbers.upperBound) }
}
