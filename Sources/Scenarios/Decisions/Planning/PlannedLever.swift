/// A lever in a search: from what the baseline implies (position 0) to the best end it may be moved to (position 1).
///
/// The searched number is a value of the lever; or, where the baseline is a path that changes from year to year, a multiple of that path
/// (see ``meanBaseline``).
public struct PlannedLever: Sendable {
  /// What ends the lever's way.
  public enum Limit: Sendable, Equatable {
    /// The feasible range of the model.
    case range
    /// The evidence covers no more: beyond, the effects stay as they are. The link by its ends.
    case evidence(link: String)
    /// A project is done or not.
    case whole
  }

  public let definition: LeverDefinition
  /// What the baseline implies: a value of the lever, or 1 as a multiple of the path.
  public let base: Double
  /// The value at position 1.
  public let end: Double
  /// The end of the feasible range in this direction.
  let rangeEnd: Double
  /// Where values are multiples of the baseline path: its mean over the years in which the lever may be moved, up to the last that the
  /// question looks at, in the lever's unit. Costs of a year are means over these years. Nil where values are those of the lever.
  public let meanBaseline: Double?
  public let limit: Limit
  /// Billion VND a year per unit; nil if unknown.
  public let price: Double?
  /// Whether the planner entered the price with the command (grade D).
  public let isPriceEntered: Bool
  /// The first year in which it may be moved.
  public let from: Int
  /// The year in which an ambition is complete.
  public let complete: Int
  /// For an ambition: the sub-indices.
  public let package: [String]

  public var id: String { definition.id }
  public var isWhole: Bool { definition.kind == .project }

  /// Whether values are multiples of the lever's baseline path.
  public var isMultiple: Bool { meanBaseline != nil }

  public func value(_ position: Double) -> Double { base + position * (end - base) }

  /// Extra cost at a position, billion VND a year (the mean over the years in question where the baseline is a path); nil if unknown.
  public func cost(_ position: Double) -> Double? { price.map { $0 * (value(position) - base) * (meanBaseline ?? 1) } }

  /// The part of the way from the baseline to the end of the feasible range.
  public func effort(_ position: Double) -> Double {
    rangeEnd == base ? 0 : (value(position) - base) / (rangeEnd - base)
  }

  /// What a scenario file would say.
  func choice(_ position: Double) -> ScenarioDefinition.LeverChoice? {
    guard position != 0 else { return nil }
    let value = isMultiple ? Amount.multiple(value(position)) : .value(value(position))
    let path: LeverPath
    switch definition.kind {
    case .quantity: path = .step(from: from, value: value)
    case .ambition: path = .ramp(from: from, to: complete, value: value)
    case .project: path = position == 1 ? .start(from) : .step(from: from, value: value)
    }
    return ScenarioDefinition.LeverChoice(
      lever: id, path: path, on: definition.kind == .ambition ? package : [], location: definition.location)
  }
}

extension LeverDefinition {
  /// Billion VND a year per unit, where the model knows it.
  var knownPrice: Double? {
    switch cost {
    case .unknown: return nil
    case .own: return 1
    case .perUnit(let price): return price
    }
  }
}
