/// The seasonal forms of complex exponential smoothing.
public enum CESForm: String, CaseIterable, Equatable, Sendable {
  /// No season: one complex level.
  case nonseasonal = "N"
  /// The complex level of the same phase one season ago, in place of the last one.
  case simple = "S"
  /// A complex level and real seasonal states.
  case partial = "P"
  /// A complex level and complex seasonal states.
  case full = "F"

  /// Real smoothing parameters: two of the level, one more of real and two more of complex seasonal states.
  public var parameterCount: Int {
    switch self {
    case .nonseasonal, .simple: return 2
    case .partial: return 3
    case .full: return 4
    }
  }

  /// Degrees of freedom counted by the information criterion and the variance: parameters and scale.
  ///
  /// Backcast states are not counted.
  var degreesOfFreedom: Int { parameterCount + 1 }
}
