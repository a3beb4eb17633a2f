import TextFiles
import Yams

/// Levers of a system file.
extension CatalogReader {
  func lever(
    _ source: YAMLSource, _ id: String, _ keyNode: Node, _ node: Node, _ system: String
  ) -> LeverDefinition? {
    let what = "lever '\(id)'"
    let allowed = [
      "name", "owner", "kind", "unit", "baseline_path", "baseline", "range", "cost", "size", "delivery", "grade",
      "evidence", "note",
    ]
    guard let fields = source.fields(node, what, allowed: allowed) else { return nil }
    for key in ["name", "owner", "kind", "unit", "range", "grade", "evidence"] where fields[key] == nil {
      source.report(keyNode, "missing_key", "\(what) needs '\(key)'")
    }
    let kind = fields["kind"].flatMap { source.choice($0, "kind of \(what)", LeverDefinition.Kind.self) }
    let range = fields["range"].flatMap { source.amountRange($0, "range of \(what)") }
    let path = baselinePath(source, keyNode, fields, kind, what)
    guard let name = fields["name"].flatMap({ source.localized($0, "name") }),
      let owner = fields["owner"].flatMap({ source.localized($0, "owner") }), let kind, let range, let path,
      let unit = fields["unit"].flatMap({ source.text($0, "unit") }),
      let grade = fields["grade"].flatMap({ source.choice($0, "grade of \(what)", Grade.self) })
    else { return nil }
    if kind == .quantity, let node = fields["delivery"] {
      source.report(node, "wrong_key", "only an ambition or a project has 'delivery'; \(what) is a quantity")
    }
    if range.isMultiple, kind != .quantity {
      source.report(fields["range"], "wrong_type", "only a quantity has a range in multiples; \(what) is none")
    } else if range.isMultiple, path == .hold(0) {
      source.report(
        fields["range"], "out_of_range", "multiples of 0, the baseline of \(what), are all the same",
        hint: "give the range in the lever's unit")
    }
    return LeverDefinition(
      id: id, name: name, system: system, owner: owner, kind: kind, unit: unit,
      baselinePath: path, range: range,
      cost: cost(source, fields["cost"], what), size: fields["size"].flatMap { prior(source, $0, "size of \(what)") },
      delivery: fields["delivery"].flatMap { delivery(source, $0, what) }, grade: grade,
      evidence: fields["evidence"].flatMap { source.text($0, "evidence") } ?? "",
      note: fields["note"].flatMap { source.localized($0, "note") }, location: source.location(keyNode),
      capitalPerUnit: capital(source, fields["cost"]))
  }

  func cost(_ source: YAMLSource, _ node: Node?, _ what: String) -> LeverDefinition.Cost {
    guard let node else { return .unknown }
    if case .scalar(let scalar) = node {
      if scalar.string == "unknown" { return .unknown }
      if scalar.string == "own" { return .own }
    }
    if let fields = source.fields(node, "cost of \(what)", allowed: ["per_unit", "capital"]) {
      if let value = fields["per_unit"].flatMap({ source.number($0, "per_unit") }) { return .perUnit(value) }
      // A cost that is stated to come once only has no yearly part.
      if fields["per_unit"] == nil && fields["capital"] != nil { return .perUnit(0) }
    }
    source.report(
      node, "unknown_value",
      "cost of \(what) must be unknown, own or { per_unit: billion VND a year, capital: billion VND once }")
    return .unknown
  }

  /// What each unit costs once.
  private func capital(_ source: YAMLSource, _ node: Node?) -> Double? {
    guard case .mapping(let mapping)? = node, let value = mapping["capital"] else { return nil }
    guard let capital = source.number(value, "capital") else { return nil }
    if capital < 0 { source.report(value, "out_of_range", "capital must be 0 or more") }
    return capital
  }

  func delivery(_ source: YAMLSource, _ node: Node, _ what: String) -> LeverDefinition.Delivery? {
    source.delivery(node, what)
  }
}
