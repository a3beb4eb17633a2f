import TextFiles

/// An amount of a lever as a file states it: in the lever's own unit (`30`), or as a multiple of what the baseline implies in the
/// same year (`1.2x`).
public enum Amount: Equatable, Sendable {
  /// In the unit of the lever.
  case value(Double)
  /// Times the value of the lever's baseline path in that year.
  case multiple(Double)

  /// The amount in the lever's unit, given the baseline's value of the year. `1x` is that value, bit for bit.
  public func value(base: Double) -> Double {
    switch self {
    case .value(let value): return value
    case .multiple(let multiple): return multiple * base
    }
  }

  /// The number that stands in the file, without its `x`.
  public var number: Double {
    switch self {
    case .value(let number), .multiple(let number): return number
    }
  }

  public var isMultiple: Bool {
    if case .multiple = self { return true }
    return false
  }

  /// As files write it: `30` or `1.2x`.
  public var text: String { NumberText.shortest(number) + (isMultiple ? "x" : "") }
}

extension Amount: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// An amount in the lever's unit.
  public init(floatLiteral value: Double) { self = .value(value) }
  /// An amount in the lever's unit.
  public init(integerLiteral value: Int) { self = .value(Double(value)) }
}
