/// Some of the yes/no projects, with what they cost and bring together.
public struct ProjectPackage: Equatable, Sendable {
  /// Positions of the chosen projects, ascending.
  public let projects: [Int]
  public let cost: Double
  public let gain: Double
}
