import TextFiles
import Yams

extension YAMLSource {
  /// `{ probability: 0.8, delay: [0.6, 0.3, 0.1], partial: { probability: 0.3, share: 0.5 } }`.
  func delivery(_ node: Node, _ what: String) -> LeverDefinition.Delivery? {
    guard let fields = fields(node, "delivery of \(what)", allowed: ["probability", "delay", "partial"]) else {
      return nil
    }
    guard let node = fields["probability"] else {
      report(node, "missing_key", "delivery of \(what) needs 'probability'")
      return nil
    }
    guard let probability = share(node, "a probability") else { return nil }
    let delay = fields["delay"].flatMap { numbers($0, "delay") } ?? [1]
    if delay.isEmpty || abs(delay.reduce(0, +) - 1) > 1e-9 || delay.contains(where: { $0 < 0 }) {
      report(fields["delay"], "out_of_range", "the probabilities of delay must be non-negative and add up to 1")
    }
    return .init(
      probability: probability, delay: delay, partial: fields["partial"].flatMap { partial($0, what) })
  }

  private func partial(_ node: Node, _ what: String) -> LeverDefinition.Delivery.Partial? {
    guard let parts = fields(node, "partial delivery of \(what)", allowed: ["probability", "share"]) else { return nil }
    for key in ["probability", "share"] where parts[key] == nil {
      report(node, "missing_key", "partial delivery of \(what) needs '\(key)'")
    }
    guard let probability = parts["probability"].flatMap({ share($0, "a probability") }),
      let share = parts["share"].flatMap({ share($0, "a share") })
    else { return nil }
    return .init(probability: probability, share: share)
  }

  /// A number from 0 to 1.
  func share(_ node: Node, _ what: String) -> Double? {
    guard let value = number(node, what) else { return nil }
    if !(0...1).contains(value) {
      report(node, "out_of_range", "\(what) lies between 0 and 1, not \(NumberText.shortest(value))")
    }
    return value
  }
}
