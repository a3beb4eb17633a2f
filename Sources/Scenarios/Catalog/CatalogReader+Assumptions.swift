import TextFiles
import Yams

/// Paths that a planner enters where too few figures are published for a model.
extension CatalogReader {
  /// The keys that belong to a planner's path only; a fitted model has none of them.
  private static let own = ["path", "yearly", "doubt", "carry", "stated", "evidence", "restart"]

  /// Reads `path`, `yearly`, `doubt`, `carry`, `stated`, `evidence` and `restart` of a baseline; nil, with what is wrong reported, unless it is one.
  func assumption(
    _ source: YAMLSource, _ node: Node, _ fields: [String: Node], _ what: String, isAssumed: Bool
  ) -> AssumptionSpecification? {
    guard isAssumed else {
      for key in CatalogReader.own where fields[key] != nil {
        source.report(fields[key], "wrong_key", "only the model 'assumption' has '\(key)'; \(what) is fitted")
      }
      return nil
    }
    for key in ["from", "interventions", "plan", "few"] where fields[key] != nil {
      source.report(fields[key], "wrong_key", "the model 'assumption' fits nothing, so \(what) cannot have '\(key)'")
    }
    for key in ["path", "yearly", "stated", "evidence"] where fields[key] == nil {
      source.report(node, "missing_key", "the assumption of \(what) needs '\(key)'")
    }
    var path: [Int: Double] = [:]
    if let list = fields["path"].flatMap({ source.mapping($0, "path of \(what)") }) {
      if list.isEmpty { source.report(fields["path"], "empty_list", "the path of \(what) needs at least one year") }
      for item in list {
        guard let year = Int(item.key), (1900...2200).contains(year) else {
          source.report(item.keyNode, "bad_period", "'\(item.key)' is no year")
          continue
        }
        path[year] = source.number(item.value, "the value of \(year)")
      }
    }
    let numbers = ["yearly", "doubt", "carry"].map { key in
      fields[key].flatMap { source.number($0, "\(key) of \(what)") } ?? 0
    }
    for (key, value) in zip(["yearly", "doubt", "carry"], numbers) where value < 0 || key == "carry" && value > 1 {
      let allowed = key == "carry" ? "between 0 and 1" : "0 or more"
      source.report(fields[key], "out_of_range", "\(key) of \(what) must be \(allowed)")
    }
    guard let text = fields["stated"].flatMap({ source.text($0, "stated") }) else { return nil }
    guard let stated = CalendarDate(text) else {
      source.report(fields["stated"], "bad_period", "'\(text)' is no day", hint: "write it as 2026-11-25")
      return nil
    }
    guard !path.isEmpty else { return nil }
    return AssumptionSpecification(
      path: path, yearlyDeviation: numbers[0], pathDeviation: numbers[1], carry: numbers[2], stated: stated,
      evidence: fields["evidence"].flatMap { source.text($0, "evidence") } ?? "",
      restart: fields["restart"].flatMap { restart(source, $0, path, what) })
  }

  /// Reads `restart: { year, doubt }`. A straight line across a change of the measure would mean nothing, so the path must name both
  /// its years.
  private func restart(
    _ source: YAMLSource, _ node: Node, _ path: [Int: Double], _ what: String
  ) -> AssumptionSpecification.Restart? {
    guard let parts = source.fields(node, "restart of \(what)", allowed: ["year", "doubt"]) else { return nil }
    for key in ["year", "doubt"] where parts[key] == nil {
      source.report(node, "missing_key", "the restart of \(what) needs '\(key)'")
    }
    guard let year = parts["year"].flatMap({ source.integer($0, "year") }),
      let doubt = parts["doubt"].flatMap({ source.number($0, "doubt") })
    else { return nil }
    if doubt < 0 { source.report(parts["doubt"], "out_of_range", "doubt of \(what) must be 0 or more") }
    for named in [year - 1, year] where path[named] == nil {
      source.report(
        parts["year"], "missing_key", "\(what) restarts in \(year), so its path must name \(named)",
        hint: "give the last value of the old measure and the first of the new one")
    }
    return .init(year: year, deviation: doubt)
  }

  /// Reads `few`: why an indicator is fitted although the rule of eight would leave it without a model; both languages are needed.
  func few(_ source: YAMLSource, _ node: Node, _ what: String) -> LocalizedText? {
    guard let fields = source.fields(node, "few of \(what)", allowed: ["vi", "en"]) else { return nil }
    let texts = ["vi", "en"].map { key in fields[key].flatMap { source.text($0, "few of \(what), \(key)") } ?? "" }
    guard texts.allSatisfy({ !$0.isEmpty }) else {
      source.report(
        node, "missing_key", "few of \(what) needs the reason in both languages: { vi: ..., en: ... }")
      return nil
    }
    return LocalizedText(vi: texts[0], en: texts[1])
  }
}
