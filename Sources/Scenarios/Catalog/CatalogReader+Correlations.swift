import TextFiles
import Yams

/// The block `correlations` of model.yaml.
extension CatalogReader {
  func correlations(_ source: YAMLSource, _ node: Node) -> DependenceDefinition? {
    let what = "correlations"
    let allowed = ["driver", "fewest", "false_discovery", "series"]
    guard let fields = source.fields(node, what, allowed: allowed) else { return nil }
    for key in allowed where fields[key] == nil {
      source.report(node, "missing_key", "\(what) needs '\(key)'")
    }
    guard let driver = fields["driver"].flatMap({ source.text($0, "driver") }),
      let rate = fields["false_discovery"].flatMap({ source.number($0, "false_discovery") }),
      let fewestNode = fields["fewest"],
      let fewest = source.fields(fewestNode, "fewest", allowed: ["rows", "years", "driver_years"]),
      let entries = fields["series"].flatMap({ source.mapping($0, "series of \(what)") })
    else { return nil }
    if !(rate > 0 && rate < 1) {
      source.report(
        fields["false_discovery"], "out_of_range", "false_discovery must lie between 0 and 1, not \(rate)",
        hint: "0.05 accepts one false correlation among twenty kept ones")
    }
    // What a number of rows or years can tell: below these the errors themselves mean nothing.
    let limits = ["rows": 30, "years": 3, "driver_years": 4]
    var counts: [String: Int] = [:]
    for (key, least) in limits.sorted(by: { $0.key < $1.key }) {
      guard let value = fewest[key] else {
        source.report(fewestNode, "missing_key", "fewest needs '\(key)'")
        continue
      }
      guard let number = source.integer(value, key) else { continue }
      if number < least { source.report(value, "out_of_range", "\(key) must be \(least) or more, not \(number)") }
      counts[key] = number
    }
    return DependenceDefinition(
      series: entries.compactMap { correlated(source, $0.key, $0.keyNode, $0.value) },
      fewestRows: counts["rows"] ?? 0, fewestYears: counts["years"] ?? 0, falseDiscoveryRate: rate, driver: driver,
      fewestDriverYears: counts["driver_years"] ?? 0)
  }

  private func correlated(
    _ source: YAMLSource, _ id: String, _ keyNode: Node, _ node: Node
  ) -> DependenceDefinition.Series? {
    let what = "the panel series of '\(id)'"
    guard let fields = source.fields(node, what, allowed: ["of", "from", "to", "plus"]) else { return nil }
    for key in ["from", "to"] where fields[key] == nil {
      source.report(keyNode, "missing_key", "\(what) needs '\(key)', a year")
    }
    guard let from = fields["from"].flatMap({ source.integer($0, "from") }),
      let to = fields["to"].flatMap({ source.integer($0, "to") })
    else { return nil }
    for (key, year) in [("from", from), ("to", to)] where !(1900...2200).contains(year) {
      source.report(fields[key], "bad_period", "\(key) of \(what) is no year: \(year)")
    }
    guard from < to else {
      source.report(fields["to"], "out_of_range", "\(what) must end after it starts, not in \(to) after \(from)")
      return nil
    }
    let plus = fields["plus"].flatMap { source.number($0, "plus") } ?? 0
    if plus < 0 { source.report(fields["plus"], "out_of_range", "plus of \(what) must be 0 or more, not \(plus)") }
    return DependenceDefinition.Series(
      indicator: id, observed: fields["of"].flatMap { source.text($0, "of") } ?? id, offset: plus, from: from, to: to,
      location: source.location(keyNode))
  }
}
