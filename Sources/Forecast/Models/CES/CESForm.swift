/// The seasonal forms of complex exponential smoothing.
public enum CESForm: String, CaseIterable, Equatable, Sendable {
  /// No season: one complex level.
  case none = "N"
  /// The complex level of the same phase one season ago, in place of the last one.
  case simple = "S"
  /// A complex level and real seasonal states.
  case partial = "P"
  /// A complex level and complex seasonal states.
  case full = "F"

  /// Real smoothing parameters: two of the level, one more of real and two more of complex seasonal states.
  public var parameterCount: Int {
    switch self {
    case .none, .simple: return 2
    case .partial: return 3
    case .full: return 4
    }
  }

  /// Degrees of freedom counted by the information criterion and the variance: parameters and scale.
  ///
  /// Backcast states are not counted.
  var degreesOfFreedom: Int { parameterCount + 1 }

  /// Where a search may go.
  static let lower = [0.01, 0.01, 0.01, 0.01]
  static let upper = [1.8, 1.9, 1.5, 1.5]

  /// Where searches start. Below a real part of 1 the filter forgets the past slowly or not at all, and minima are narrow.
  var starts: [[Double]] {
    switch self {
    case .none, .simple: return [[1.3, 1], [0.85, 1], [1.75, 1.02]]
    case .partial: return [[1.3, 1, 0.1], [0.92, 1, 0.04], [1.75, 1, 0.02]]
    case .full: return [[1.3, 1, 1.3, 1], [0.95, 1, 1.02, 1], [1.75, 1, 1, 1]]
    }
  }
}
