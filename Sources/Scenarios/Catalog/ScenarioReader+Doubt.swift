import TextFiles
import Yams

/// What a scenario says about a measure beside its path: ranges, delivery, cost.
extension ScenarioReader {
  /// An amount, or the central one of `{ low: 20, central: 30, high: 40 }` or `{ low: 1.1x, central: 1.2x, high: 1.3x }`.
  func central(_ source: YAMLSource, _ node: Node, _ what: String) -> Amount? {
    guard case .mapping = node else { return source.amount(node, what) }
    guard let fields = source.fields(node, "the range of \(what)", allowed: ["low", "central", "high"]) else {
      return nil
    }
    for key in ["low", "central", "high"] where fields[key] == nil {
      source.report(node, "missing_key", "the range of \(what) needs '\(key)'")
    }
    let values = ["low", "central", "high"].compactMap { key in fields[key].flatMap { source.amount($0, key) } }
    guard values.count == 3 else { return nil }
    guard values.allSatisfy({ $0.isMultiple == values[0].isMultiple }) else {
      source.report(node, "wrong_type", "the range of \(what) must be three numbers, or three multiples such as 1.2x")
      return nil
    }
    guard values[0].number <= values[1].number, values[1].number <= values[2].number else {
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
        let low = amount(range["low"]), let central = amount(range["central"]), let high = amount(range["high"]),
        low.isMultiple == central.isMultiple, central.isMultiple == high.isMultiple, low.number <= central.number,
        central.number <= high.number
      else { continue }
      doubt.spread = .init(
        low: low.number, central: central.number, high: high.number, isMultiple: central.isMultiple)
    }
    if let node = mapping["delivery"] { doubt.delivery = source.delivery(node, "lever '\(lever.id)'") }
    return doubt == LeverDoubt() ? nil : doubt
  }

  private func amount(_ node: Node?) -> Amount? {
    guard let node else { return nil }
    // What is wrong with it was reported with the path.
    return YAMLSource(file: "").amount(node, "")
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
