import NumericKernels

/// The cheapest setting of several levers at which every target is reached with its probability.
///
/// On draws that are held fixed the condition "k of n draws reach the value" is a smooth function of the levers (see
/// ``GoalSearch``), so that this is a ``LeverProblem``: least cost under one condition per target.
public enum CheapestMix {
  public struct Result: Equatable, Sendable {
    /// With `isFeasible` false: the setting that comes nearest to the targets.
    public let optimum: LeverOptimum
    /// By target, at that setting: share of draws that reach it, and value reached with the wanted probability.
    public let probabilities: [Double]
    public let valuesReached: [Double]
    /// The target that misses by most, or is met most narrowly, as a share of its value's range over the levers.
    public let bindingTarget: Int
  }

  /// - Parameters:
  ///   - lower, upper: ranges by lever.
  ///   - known: settings to start from as well.
  ///   - cost: of a setting.
  ///   - further: further conditions on a setting, met where not negative, such as the room in a budget.
  ///   - draws: by target, the outcome's draws at a setting; always the same number, and the same underlying draws.
  ///     Values that are not finite count as not reached.
  /// - Throws: `tooFew`, `lengths`, `nonFinite`, `outside`.
  public static func find(
    targets: [GoalTarget], lower: [Double], upper: [Double], settings: LeverSearch.Settings = LeverSearch.Settings(),
    known: [[Double]] = [], seed: UInt64 = 0, id: String = "", cost: @escaping ([Double]) -> Double,
    further: [([Double]) -> Double] = [], draws: @escaping ([Double]) -> [[Double]]
  ) throws(DecisionError) -> Result {
    let name = "the cheapest mix"
    guard !targets.isEmpty else { throw .tooFew(method: name, what: "targets", needed: 1, found: 0) }
    guard targets.allSatisfy({ $0.probability > 0 && $0.probability <= 1 && $0.value.isFinite }) else {
      throw .outside(method: name, what: "the targets", expected: "finite values, probabilities above 0 and at most 1")
    }
    let memory = Memory(draws: draws)
    let conditions = targets.indices.map { k in { (levers: [Double]) in targets[k].margin(memory.draws(levers), k) } }
    let problem = try LeverProblem(
      lower: lower, upper: upper, cost: cost, conditions: conditions + further, objective: { -cost($0) })
    let optimum = try LeverSearch.maximize(problem, settings: settings, known: known, seed: seed, id: id)
    let outcomes = draws(optimum.levers)
    guard outcomes.count == targets.count else {
      throw .lengths(method: name, what: "the outcomes", expected: targets.count, found: outcomes.count)
    }
    let margins = targets.indices.map { targets[$0].margin(outcomes, $0) }
    return Result(
      optimum: optimum, probabilities: targets.indices.map { targets[$0].share(outcomes[$0]) },
      valuesReached: targets.indices.map { k in
        targets[k].direction == .atLeast ? targets[k].value + margins[k] : targets[k].value - margins[k]
      },
      bindingTarget: margins.indices.reduce(0) {
        margins[$1] / max(abs(targets[$1].value), 1e-300) < margins[$0] / max(abs(targets[$0].value), 1e-300) ? $1 : $0
      })
  }

  /// The last setting's draws, which every target asks for in turn.
  private final class Memory {
    private let function: ([Double]) -> [[Double]]
    private var last: (levers: [Double], draws: [[Double]])?

    init(draws: @escaping ([Double]) -> [[Double]]) { function = draws }

    func draws(_ levers: [Double]) -> [[Double]] {
      if let last, last.levers == levers { return last.draws }
      let result = function(levers)
      last = (levers, result)
      return result
    }
  }
}
