import NumericKernels

/// Options in named futures: scenario files that hold only assumptions about the world.
public struct FutureTable: Sendable {
  public struct Future: Sendable {
    public let id: String
    public let name: LocalizedText
  }

  public let futures: [Future]
  /// In the order of the columns of the tables.
  public let options: [String]
  /// By option and future: the mean of what options are ranked by.
  public let objectives: [[Double]]
  /// By option, future and item: the probability of meeting the target; nil where there is none.
  public let probabilities: [[[Double?]]]
  /// By option and future, in the objective's unit.
  public let regrets: [[Double]]
  /// The option whose largest regret is smallest.
  public let minimaxRegret: String
}
