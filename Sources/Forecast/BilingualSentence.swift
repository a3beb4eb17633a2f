/// One sentence in Vietnamese and in English, for the planner who reads a result.
public struct BilingualSentence: Equatable, Sendable {
  public let vi: String
  public let en: String

  public init(vi: String, en: String) {
    self.vi = vi
    self.en = en
  }
}
