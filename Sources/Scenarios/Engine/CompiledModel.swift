import NumericKernels
import TextFiles

/// A model folder compiled into arrays: nodes in an order of evaluation, links by index, baselines fitted.
///
/// It knows no indicator by name. What a node is, `NodeKind` says; special processes are kinds with a file each.
public struct CompiledModel: Sendable {
  public let catalog: ModelCatalog
  /// The years of the projection.
  public let grid: [Int]
  public let nodes: [Node]
  /// The order in which units (single nodes, or all outputs of a process together) are evaluated within a year.
  let units: [Unit]
  let processes: [any EngineProcess]
  let links: [CompiledLink]
  /// Per node, the links that end in it.
  let linksInto: [[Int]]
  public let store: ObservationStore
  /// Indicators that are not projected because too few observations are known, with the reason, and what depends on them.
  public let excluded: [Excluded]
  /// What the baseline implies for the levers, in the order of the catalog.
  package let leverBaselines: [LeverBaseline]
  let index: [String: Int]
  /// What the panel says about own shocks of a year; nil if the model asks for nothing.
  public let dependence: DependenceEstimate?
  /// Draws them together.
  let correlations: CorrelatedShocks

  public struct Node: Sendable {
    public let definition: IndicatorDefinition
    let transform: RangeTransform
    let kind: NodeKind
    /// Preferred yearly figures, by year.
    public let observations: [Int: Observation]
    /// Facts that follow from other figures; empty where there are observations.
    public let derivedHistory: [Int: Double]

    /// Published or derived yearly facts.
    public var facts: [Int: Double] {
      observations.filter { $0.value.status != .plan }.mapValues(\.value).merging(derivedHistory) { published, _ in
        published
      }
    }
    /// The last year with a published figure (a plan is none); nil where there is no figure.
    package var lastObservedYear: Int? { observations.filter { $0.value.status != .plan }.keys.max() }
    public var id: String { definition.id }
  }

  enum NodeKind: Sendable {
    case series(SeriesBaseline)
    case identity(CompiledIdentity)
    case process(Int)
  }

  enum Unit: Sendable {
    case node(Int)
    case process(Int)
  }

  /// An indicator (or a lever that follows one) that is not projected.
  public struct Excluded: Sendable, Equatable {
    public enum Cause: Sendable, Equatable {
      /// Too few figures were published by the day that is asked for.
      case observations
      /// The planner wrote its path down later.
      case pathNotStated
      /// It follows from something that is not projected.
      case input
    }

    public var id: String
    public var name: LocalizedText
    public var cause: Cause
    public var reason: String
  }

  public func nodeIndex(_ id: String) -> Int? { index[id] }

  /// See ``EngineProcess/level(of:)``.
  func level(of node: Int) -> Double? {
    guard case .process(let process) = nodes[node].kind else { return nil }
    return processes[process].level(of: nodes[node].id)
  }

  /// By node: its number among those with a series of their own; 0 for others.
  var seriesRows: [Int] {
    var next = 0
    return nodes.map { node in
      guard case .series = node.kind else { return 0 }
      next += 1
      return next - 1
    }
  }

  /// What the baseline implies for a lever; nil for an unknown one.
  public func leverBaseline(_ id: String) -> LeverBaseline? {
    catalog.levers.firstIndex { $0.id == id }.map { leverBaselines[$0] }
  }

  /// The fitted baseline of an indicator with observations of its own.
  public func seriesBaseline(_ id: String) -> SeriesBaseline? {
    guard let node = index[id], case .series(let baseline) = nodes[node].kind else { return nil }
    return baseline
  }

  /// Whether the baseline of an indicator is a planner's own path (grade D), or is computed from one.
  public func restsOnPlannersPath(_ id: String) -> Bool {
    ownAndInputs(id).contains { node in
      switch nodes[node].kind {
      case .series(let baseline): return baseline.isAssumed
      case .identity(let identity): return identity.startsAtStatedLevel
      case .process: return false
      }
    }
  }

  /// Whether the baseline of an indicator is fitted to fewer observations than the rule of eight asks for
  /// (``SeriesBaseline/isFew``), or is computed from one that is: its band is not testable.
  public func restsOnFewObservations(_ id: String) -> Bool {
    ownAndInputs(id).contains { node in
      if case .series(let baseline) = nodes[node].kind { return baseline.isFew }
      return false
    }
  }

  /// An indicator and what it is computed from.
  private func ownAndInputs(_ id: String) -> Set<Int> {
    guard let node = index[id] else { return [] }
    var open = [node]
    var seen = Set(open)
    while let next = open.popLast() {
      guard case .identity(let identity) = nodes[next].kind else { continue }
      for input in identity.inputs where seen.insert(input).inserted { open.append(input) }
    }
    return seen
  }

  /// What an indicator's values come from, for people and machines: members of a combination, an identity, or a process.
  public func modelName(of node: Node) -> String {
    switch node.definition.source {
    case .identity: return "identity"
    case .process(let id): return "process \(id)"
    case .series:
      if seriesBaseline(node.id)?.isAssumed == true { return "planner's path (grade D, scenario-only)" }
      return "combination of " + (seriesBaseline(node.id)?.memberNames.joined(separator: ", ") ?? "")
        + (seriesBaseline(node.id)?.isFew == true ? " (few observations: not testable)" : "")
    }
  }

  /// What a special process found, for explanations.
  public func process<Process: EngineProcess>(_ type: Process.Type) -> Process? {
    processes.lazy.compactMap { $0 as? Process }.first
  }
}

/// An identity with its inputs by index. A class, so that the hot loops of an evaluation pass on one reference.
final class CompiledIdentity: Sendable {
  let specification: IdentitySpecification
  let inputs: [Int]
  /// Yearly observed values of each input, for lags that reach before the projection.
  let history: [[Int: Double]]
  /// Yearly observed values of the indicator itself.
  let observed: [Int: Double]
  /// The first input in the year before the projection: published, between published figures, or the middle of its baseline.
  let before: Double?

  /// Whether it is a stock that starts from a level which a planner stated, after its last published figure.
  var startsAtStatedLevel: Bool {
    guard case .stock(let stock) = specification else { return false }
    let known = observed.keys.max() ?? .min
    return stock.restarts.keys.contains { $0 > known }
  }

  init(
    specification: IdentitySpecification, inputs: [Int], history: [[Int: Double]], observed: [Int: Double],
    before: Double?
  ) {
    self.specification = specification
    self.inputs = inputs
    self.history = history
    self.observed = observed
    self.before = before
  }
}

/// A link with its ends by index and its numbers ready. A class for the reason of ``CompiledIdentity``.
final class CompiledLink: Sendable {
  enum Cause: Sendable {
    case lever(Int)
    case node(Int)
  }

  /// The size of the effect in one draw.
  enum Size: Sendable {
    case prior(Prior, widening: Double)
    /// A normal law, for effects estimated from the panel.
    case normal(mean: Double, deviation: Double)
  }

  let definition: LinkDefinition
  let cause: Cause
  let effect: Int
  let size: Size
  let conversionWidening: Double

  init(definition: LinkDefinition, cause: Cause, effect: Int, size: Size, conversionWidening: Double) {
    self.definition = definition
    self.cause = cause
    self.effect = effect
    self.size = size
    self.conversionWidening = conversionWidening
  }

  var id: String { definition.cause + " -> " + definition.effect }
}

/// A special process: nodes that are simulated together.
///
/// The baseline of a block of draws is prepared first (and may be kept); then each scenario is evaluated year by year.
public protocol EngineProcess: AnyObject, Sendable {
  /// The ids of its nodes.
  var outputIds: [String] { get }
  /// Outputs whose being above zero is an event worth a probability of its own, such as a mega-project.
  var eventIds: [String] { get }
  /// The value to which an effect in units is added, where the drawn values scatter about a level of their own (counts about
  /// their mean); nil where it is added to the drawn value.
  func level(of id: String) -> Double?
  /// Yearly facts that follow from published figures although they are not published themselves, such as the gap to the median.
  func derivedHistory(of id: String) -> [Int: Double]
  /// Memory for what the process keeps of a run's draws. It belongs to the run: a process itself holds no draws, so that one model
  /// can serve several runs at once.
  func makeState(draws: Int, model: CompiledModel) -> any ProcessState
  /// The numbers that make the yearly shock of an output, with their shares; nil where it has none of its own.
  func shockParts(of id: String) -> [CorrelatedShocks.Part]?
  /// Draws the baseline of a block and writes every output's values of every year.
  func drawBaseline(_ block: BlockRun, _ state: any ProcessState)
  /// Writes the outputs of one grid year under a scenario. Called only when something that concerns the process differs.
  func evaluate(_ block: BlockRun, year: Int, _ state: any ProcessState)
}

/// What a process keeps of a run's draws; blocks write to disjoint parts.
public protocol ProcessState: AnyObject, Sendable {}

/// The state of a process that keeps nothing.
final class NoState: ProcessState {}

extension EngineProcess {
  public var eventIds: [String] { [] }
  public func makeState(draws: Int, model: CompiledModel) -> any ProcessState { NoState() }
  public func level(of id: String) -> Double? { nil }
  public func shockParts(of id: String) -> [CorrelatedShocks.Part]? { nil }
  public func derivedHistory(of id: String) -> [Int: Double] { [:] }
}
