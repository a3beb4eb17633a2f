import TextFiles
import Yams

/// What a scenario says about a measure beside its path: ranges, delivery, cost.
extension ScenarioReader {
  /// A number, or the central one of `{ low: 20, central: 30, high: 40 }`.
  func central(_ source: YAMLSource, _ node: Node, _ what: String) -> Double? {
    guard case .mapping = node else { return source.number(node, what) }
    guard let fields = source.fields(node, "the range of \(what)", allowed: ["low", "central", "high"]) else {
      return nil
    }
    for key in ["low", "central", "high"] where fields[key] == nil {
      source.report(node, "missing_key", "the range of \(what) needs '\(key)'")
    }
    let values = ["low", "central", "high"].compactMap { key in fields[key].flatMap { source.number($0, key) } }
    guard values.count == 3 else { return nil }
    guard values[0] <= values[1], values[1] <= values[2] else {
      source.report(node, "out_of_range", "the range of \(what) must rise: low, central, high")
      return nil
    }
    return values[1]
  }

  /// Ranges and delivery of a lever; problems of ranges were reported with the path.
  func doubt(_ source: YAMLSource, _ node: Node, _ lever: LeverDefinition) -> LeverDoubt? {
    guard case .mapping(let mapping) = node else { return nil }
    var doubt = LeverDoubt()
    for (key, content) in mapping where lever.kind == .quantity {
      var value = content
      if case .mapping(let path) = content, key.string != "hold", let inner = path["value"] { value = inner }
      guard ["hold", "step", "ramp", "pulse"].contains(key.string ?? ""), case .mapping(let range) = value,
        let low = number(range["low"]), let central = number(range["central"]), let high = number(range["high"]),
        low <= central, central <= high
      else { continue }
      doubt.spread = .init(low: low, central: central, high: high)
    }
    if let node = mapping["delivery"] { doubt.delivery = source.delivery(node, "lever '\(lever.id)'") }
    return doubt == LeverDoubt() ? nil : doubt
  }

  private func number(_ node: Node?) -> Double? {
    guard case .scalar(let scalar)? = node else { return nil }
    return Double(scalar.string)
  }

  /// `cost: { capital: 800, yearly: 40 }`, of which one may be left out.
  func plannedCost(_ source: YAMLSource, _ node: Node, _ lever: LeverDefinition) -> PlannedCost? {
    guard case .mapping(let mapping) = node, let node = mapping["cost"] else { return nil }
    guard let fields = source.fields(node, "cost of '\(lever.id)'", allowed: ["capital", "yearly"]) else { return nil }
    if fields.isEmpty {
      source.report(node, "missing_key", "cost of '\(lever.id)' needs capital, yearly or both, in billion VND")
    }
    var parts: [String: Double] = [:]
    for (key, content) in fields {
      guard let value = source.number(content, key) else { continue }
      if value < 0 { source.report(content, "out_of_range", "\(key) must be 0 or more") }
      parts[key] = value
    }
    return PlannedCost(capital: parts["capital"] ?? 0, yearly: parts["yearly"] ?? 0)
  }
}
