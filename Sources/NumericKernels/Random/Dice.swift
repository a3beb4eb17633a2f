/// The dice of a run: a seed, and for designed experiments a plan that replaces some of its numbers.
public struct Dice: Sendable {
  public let seed: UInt64
  private let box: Box?

  /// The plan is shared by many streams: a reference, so that making a stream stays cheap.
  final class Box: Sendable {
    let plan: DrawPlan
    init(_ plan: DrawPlan) { self.plan = plan }
  }

  public init(seed: UInt64, plan: DrawPlan? = nil) {
    self.seed = seed
    box = plan.map(Box.init)
  }

  /// The stream of an id and purpose; the same numbers as `RandomStream(seed:id:purpose:)` where no plan replaces them.
  func stream(_ id: String, _ purpose: RandomStream.Purpose) -> RandomStream {
    RandomStream(key: RandomStream(seed: seed, id: id, purpose: purpose).key, plan: box)
  }
}

extension RandomStream {
  /// The stream of an id under the dice of a run.
  public init(seed dice: Dice, id: String, purpose: Purpose) { self = dice.stream(id, purpose) }
}
