import TextFiles
import Yams

/// What the baseline implies for a lever.
extension CatalogReader {
  /// Reads `baseline_path`; nil after a problem, which is reported. A project has none: without a decision it does not come.
  func baselinePath(
    _ source: YAMLSource, _ keyNode: Node, _ fields: [String: Node], _ kind: LeverDefinition.Kind?, _ what: String
  ) -> BaselinePath? {
    if let old = fields["baseline"] {
      var text = "20"
      if case .scalar(let scalar) = old { text = scalar.string }
      source.report(
        old, "wrong_key", "'baseline' of \(what) is one number for all years; a lever states a path",
        hint: "write baseline_path: { hold: \(text) }")
      return nil
    }
    guard let node = fields["baseline_path"] else {
      if kind == .project { return .hold(0) }
      source.report(
        keyNode, "missing_key", "\(what) needs 'baseline_path': what it does with no new policy",
        hint: "for example baseline_path: { hold: 0 }, or { follow: INDICATOR } for a budget that grows by itself")
      return nil
    }
    if kind == .project {
      source.report(
        node, "wrong_key", "a project does not come without a decision, so \(what) cannot have 'baseline_path'")
      return nil
    }
    let kinds = ["hold", "follow", "plan"]
    guard let parts = source.fields(node, "baseline_path of \(what)", allowed: kinds + ["of"]) else { return nil }
    let present = kinds.filter { parts[$0] != nil }
    guard present.count == 1, let key = present.first, let content = parts[key] else {
      let problem =
        present.isEmpty
        ? "needs one of \(kinds.joined(separator: ", "))"
        : "can have only one of \(kinds.joined(separator: ", ")), not \(present.joined(separator: " and "))"
      source.report(node, "ambiguous_path", "baseline_path of \(what) \(problem)")
      return nil
    }
    var isLast = false
    if key == "hold", case .scalar(let scalar) = content, scalar.string == "last" { isLast = true }
    if let of = parts["of"], !isLast {
      source.report(of, "wrong_key", "only { hold: last, of: INDICATOR } has 'of'")
      return nil
    }
    let path: BaselinePath?
    switch key {
    case "follow": path = source.text(content, "follow").map { .follow($0) }
    case "plan": path = plan(source, content, what).map { .plan($0) }
    default:
      if isLast, parts["of"] == nil {
        source.report(content, "missing_key", "{ hold: last } of \(what) needs 'of': the indicator that it is read off")
      }
      path =
        isLast
        ? parts["of"].flatMap { source.text($0, "of") }.map { .holdLast(of: $0) }
        : source.number(content, "hold").map { .hold($0) }
    }
    if kind == .ambition, let path, path.stated(in: 0) == nil || key == "plan" {
      source.report(
        node, "wrong_key", "\(what) is an ambition: its baseline is one percentile, not '\(path.text)'",
        hint: "write baseline_path: { hold: 0.5 }")
      return nil
    }
    return path
  }

  private func plan(_ source: YAMLSource, _ node: Node, _ what: String) -> [Int: Double]? {
    guard let list = source.mapping(node, "plan of \(what)") else { return nil }
    if list.isEmpty { source.report(node, "empty_list", "the plan of \(what) needs at least one year") }
    var values: [Int: Double] = [:]
    for item in list {
      guard let year = Int(item.key), (1900...2200).contains(year) else {
        source.report(item.keyNode, "bad_period", "'\(item.key)' is no year")
        continue
      }
      if let startYear, year < startYear {
        source.report(
          item.keyNode, "outside_horizon", "the projection starts in \(startYear), so \(what) cannot plan \(year)",
          hint: "state what it is in \(startYear)")
      }
      values[year] = source.number(item.value, "the value of \(year)")
    }
    return values.isEmpty ? nil : values
  }
}
