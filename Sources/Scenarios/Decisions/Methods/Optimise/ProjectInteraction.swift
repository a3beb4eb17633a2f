/// What two projects bring together beyond the sum of both; negative if they do the same job.
public struct ProjectInteraction: Equatable, Sendable {
  public let first: Int
  public let second: Int
  public let gain: Double

  public init(_ first: Int, _ second: Int, gain: Double) {
    self.first = first
    self.second = second
    self.gain = gain
  }
}
