/// What can go wrong when a model is compiled or run (problems of files are ``DiagnosticList``s).
public enum ScenarioError: Error, Equatable, Sendable, CustomStringConvertible {
  /// An indicator has too few observations for a baseline.
  case tooFewObservations(indicator: String, needed: Int, found: Int)
  /// An indicator has fewer than eight usable observations better than press, and no exception is declared (MODEL 8).
  case belowRuleOfEight(indicator: String, usable: Int, supported: Int)
  /// On the day that is asked for, the planner had not yet written the indicator's path down.
  case pathNotStated(indicator: String, stated: CalendarDate)
  /// An observation lies outside the indicator's range.
  case outsideRange(indicator: String, year: Int, value: Double)
  /// Indicators depend on each other within a year.
  case cycle([String])
  /// A process lacks a parameter, or its parameter does not fit.
  case badProcess(process: String, reason: String)
  /// A flow into or out of a stock is not known in a year between its last published figure and the projection.
  case missingFlow(stock: String, flow: String, year: Int)
  /// A value is not finite.
  case nonFinite(node: String, year: Int, draw: Int)
  /// A model could not be fitted.
  case fit(indicator: String, reason: String)
  case cancelled

  public var description: String {
    switch self {
    case .tooFewObservations(let indicator, let needed, let found):
      return
        "'\(indicator)' has \(found) usable yearly observations, a baseline needs \(needed); add observations, or start later"
    case .belowRuleOfEight(let indicator, let usable, let supported):
      return
        "'\(indicator)' has \(supported) usable yearly observations of status official or estimate (\(usable) of any status), a model needs \(SeriesBaseline.fewestSupported); add observations, give it a planner's path (model: assumption), or declare the exception with its reason (few)"
    case .pathNotStated(let indicator, let stated):
      return "the planner's path of '\(indicator)' was written down on \(stated); choose that day or a later one"
    case .outsideRange(let indicator, let year, let value):
      return "'\(indicator)' in \(year) is \(value), outside its range; check the observation or the range"
    case .cycle(let ids):
      return "these depend on each other within one year: \(ids.joined(separator: ", ")); give one of the links a lag"
    case .badProcess(let process, let reason): return "process '\(process)': \(reason)"
    case .missingFlow(let stock, let flow, let year):
      return "the stock '\(stock)' needs '\(flow)' of \(year); add the observation"
    case .nonFinite(let node, let year, let draw):
      return "'\(node)' is not a finite number in \(year), draw \(draw); check the sizes of levers and effects"
    case .fit(let indicator, let reason): return "the baseline of '\(indicator)' could not be fitted: \(reason)"
    case .cancelled: return "cancelled"
    }
  }
}
