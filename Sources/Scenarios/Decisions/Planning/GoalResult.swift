/// What it takes to reach values, or how far one gets.
public struct GoalResult: Sendable {
  public enum Outcome: String, Sendable {
    case alreadyMet = "already_met"
    case reached
    case cannotBeReached = "cannot_be_reached"
  }

  /// One of the values that are to be reached.
  public struct Aim: Sendable {
    public let aim: GoalAim
    /// Without new measures: share of futures that reach the value, and the value reached with the wanted probability.
    public let baselineProbability: Double
    public let baselineValue: Double
    /// The same with the measures found.
    public let probability: Double
    public let value: Double
    /// Monte Carlo standard error of `probability`.
    public let probabilityError: Double
    /// Whether it is the value that decides: the last to be met, or the one most missed.
    public let isBinding: Bool
  }

  /// A lever as it is to be set.
  public struct Setting: Sendable {
    public let lever: PlannedLever
    public let position: Double
    /// At the end of its way.
    public var isAtLimit: Bool { position >= 1 - 1e-6 }
    public var value: Double { lever.value(position) }
    public var cost: Double? { lever.cost(position) }
    public var effort: Double { lever.effort(position) }
    /// How much further the deciding value would get if the range were a tenth longer, in its unit; nil where the
    /// evidence or the kind of the lever has no such step.
    public let gainOfWiderRange: Double?
  }

  /// What one lever can do by itself.
  public struct Alone: Sendable {
    public let lever: PlannedLever
    /// Nil where it cannot reach all values.
    public let position: Double?
    /// The value of the deciding aim at that position, or at the end of the lever's way.
    public let value: Double
    public let probability: Double
  }

  public struct LeftOut: Sendable, Equatable {
    public enum Reason: String, Sendable {
      /// Its cost is not known: not free.
      case noCost = "no_known_cost"
      /// No link leads from it to what is to be reached, or it works in neither direction.
      case cannotMove = "cannot_move_it"
      /// Its baseline is a path that touches zero, of which multiples say nothing.
      case pathTouchesZero = "path_touches_zero"
    }

    public let lever: String
    public let reason: Reason

    public init(lever: String, reason: Reason) {
      self.lever = lever
      self.reason = reason
    }
  }

  public let outcome: Outcome
  public let yardstick: GoalRequest.Yardstick
  public let aims: [Aim]
  /// Levers that are moved, in the order of the model.
  public let settings: [Setting]
  /// Levers that could be moved and are not.
  public let unused: [PlannedLever]
  public let alone: [Alone]
  public let leftOut: [LeftOut]
  /// Billion VND a year; nil where a lever's cost is not known.
  public let cost: Double?
  public let effort: Double
  public let budget: Double?
  public let isBudgetBinding: Bool
  /// How much further the deciding value would get with a billion VND a year more; nil unless the budget binds.
  public let gainPerBillion: Double?
  /// What one standard error of the draws does to the measures, as factors of the moves found; infinite where it is
  /// out of reach then.
  public let lowerScale: Double
  public let upperScale: Double
  /// What the values reached rest on, what is decided already included; nil where nothing moves them.
  public let weakestGrade: Grade?
  /// False where the search over yes/no projects was cut short.
  public let isComplete: Bool
  /// How many settings were looked at, on how many draws.
  public let evaluations: Int
  public let searchDraws: Int
  public let draws: Int

  public var bindingAim: Aim? { aims.first(where: \.isBinding) }
}
