import TextFiles

/// A text in Vietnamese and English.
public struct LocalizedText: Equatable, Sendable {
  public var vi: String
  public var en: String

  public init(vi: String, en: String) {
    self.vi = vi
    self.en = en
  }

  public subscript(language: Language) -> String { language == .vietnamese ? vi : en }
}

/// How well a number is supported, from the strongest to the weakest.
public enum Grade: String, Sendable, CaseIterable, Comparable {
  /// Peer-reviewed panel or causal study on Vietnam.
  case a = "A"
  /// Peer-reviewed elsewhere, or an official report.
  case b = "B"
  /// Thesis, working paper, news.
  case c = "C"
  /// Estimated here from the panel of provinces.
  case p = "P"
  /// A planner's own estimate.
  case d = "D"

  public static func < (a: Grade, b: Grade) -> Bool { a.rank < b.rank }

  /// 0 for A up to 4 for D.
  public var rank: Int {
    switch self {
    case .a: return 0
    case .b: return 1
    case .c: return 2
    case .p: return 3
    case .d: return 4
    }
  }
}

/// The values an indicator can take; each has a transform to the whole real line on which models and effects work.
public enum ValueRange: String, Sendable, CaseIterable {
  case positive
  case share
  case percent
  case score10 = "score 0-10"
  case score100 = "score 0-100"
  case real

  /// The upper end of a bounded range.
  public var upperBound: Double? {
    switch self {
    case .share: return 1
    case .percent, .score100: return 100
    case .score10: return 10
    case .positive, .real: return nil
    }
  }
}

public enum Direction: String, Sendable, CaseIterable {
  case up, down, none

  public var sign: Double { self == .up ? 1 : self == .down ? -1 : 0 }
}

public enum PriceBasis: String, Sendable, CaseIterable {
  case current, constant, none
}
