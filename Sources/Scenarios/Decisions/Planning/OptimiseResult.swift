/// The best packages for all budgets, and for one.
public struct OptimiseResult: Sendable {
  /// One package of measures.
  public struct Package: Sendable {
    /// By lever of the search.
    public let positions: [Double]
    /// Billion VND a year.
    public let cost: Double
    /// Of the objective: a probability, a mean in the indicator's unit, or standard deviations.
    public let value: Double
    /// More than with nothing new, with its Monte Carlo error on the same draws.
    public let gain: Double
    public let gainError: Double
    /// The draws cannot tell it from the next cheaper package of the front.
    public let isTiedWithCheaper: Bool
  }

  /// What the best package would lose without one of its levers.
  public struct Part: Sendable {
    public let lever: PlannedLever
    public let position: Double
    public let loss: Double
    public let lossError: Double
    /// The draws cannot tell the loss from none.
    public var isTied: Bool { abs(loss) < 2 * lossError || loss == 0 }
    public var value: Double { lever.value(position) }
    public var cost: Double { lever.cost(position) ?? .nan }
  }

  public enum Method: String, Sendable {
    /// Every combination of projects was run through the model.
    case everyCombination = "every_combination"
    /// Every combination, with gains of single projects and pairs from the model.
    case pairs
    /// Branch and bound with gains of single projects.
    case branchAndBound = "branch_and_bound"
    /// Continuous levers by local search from several starts.
    case continuous
    /// Continuous levers in every branch of the projects.
    case mixed
  }

  public let objective: OptimiseRequest.Objective
  public let levers: [PlannedLever]
  /// The efficient packages by rising cost and gain, from nothing new: no other costs as little and brings as much.
  public let front: [Package]
  /// The best within the budget; nil without a budget.
  public let best: Package?
  public let parts: [Part]
  public let budget: Double?
  /// What a billion VND a year more would add to the objective at the budget; nil without a budget.
  public let shadowPrice: Double?
  /// The objective with nothing new, and its Monte Carlo error.
  public let baseline: Double
  public let baselineError: Double
  public let leftOut: [GoalResult.LeftOut]
  /// What the objective rests on with the best package, or with every lever without a budget; what is decided already included.
  public let weakestGrade: Grade?
  public let method: Method
  public let evaluations: Int
  public let searchDraws: Int
  public let draws: Int
}
