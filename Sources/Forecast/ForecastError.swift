/// What can go wrong when a model is fitted.
public enum ForecastError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Fewer usable observations than the model needs.
  case tooFewObservations(model: String, needed: Int, found: Int)
  /// An observation is infinite (missing ones are NaN).
  case nonFinite(model: String, position: Int)
  /// The horizon is not positive.
  case badHorizon(Int)
  /// The design of a regression does not fit its data.
  case badDesign(model: String, reason: String)
  /// An iteration did not converge.
  case noConvergence(model: String, iterations: Int)
  /// A coefficient cannot be told from the others.
  case notIdentified(model: String, term: String)

  public var description: String {
    switch self {
    case .tooFewObservations(let model, let needed, let found):
      return "\(model) needs at least \(needed) observations, found \(found)"
    case .nonFinite(let model, let position):
      return "\(model): observation \(position) is not a finite number"
    case .badHorizon(let horizon): return "the horizon must be at least 1, not \(horizon)"
    case .badDesign(let model, let reason): return "\(model): \(reason)"
    case .noConvergence(let model, let iterations):
      return "\(model) did not converge in \(iterations) iterations; rescale the data or drop separated observations"
    case .notIdentified(let model, let term):
      return "\(model): \(term) is a combination of the other terms and cannot be estimated"
    }
  }
}
