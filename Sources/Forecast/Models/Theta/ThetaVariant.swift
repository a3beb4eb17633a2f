/// The members of the theta family by Fiorucci and others (2016).
public enum ThetaVariant: String, CaseIterable, Equatable, Sendable {
  /// STM: theta = 2, the line fitted to the whole series.
  case standard
  /// OTM: theta estimated, the line fitted to the whole series.
  case optimized
  /// DSTM: theta = 2, the line fitted anew at each step to the observations so far.
  case dynamicStandard
  /// DOTM: theta estimated, the line fitted anew at each step.
  case dynamicOptimized

  /// Whether theta is estimated.
  public var estimatesTheta: Bool { self == .optimized || self == .dynamicOptimized }

  /// Whether the line is fitted anew at each step.
  public var isDynamic: Bool { self == .dynamicStandard || self == .dynamicOptimized }

  /// The literature's abbreviation.
  public var abbreviation: String {
    switch self {
    case .standard: return "STM"
    case .optimized: return "OTM"
    case .dynamicStandard: return "DSTM"
    case .dynamicOptimized: return "DOTM"
    }
  }
}
