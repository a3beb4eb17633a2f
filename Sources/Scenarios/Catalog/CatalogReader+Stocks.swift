import TextFiles
import Yams

/// Stocks with their flows, ceilings and restarts.
extension CatalogReader {
  /// Reads `stock: { inflows, outflows, ceiling, pace, restart, stated, evidence }`; nil, with what is wrong reported, unless something
  /// comes in.
  ///
  /// ```yaml
  /// identity: { stock: { ceiling: communes, pace: recognition_pace, stated: 2026-01-31, evidence: "...",
  ///                      restart: { 2025: 374, 2026: { low: 14, central: 22, high: 32 } } } }
  /// ```
  func stock(_ source: YAMLSource, _ node: Node, _ what: String) -> StockSpecification? {
    let allowed = ["inflows", "outflows", "ceiling", "pace", "restart", "stated", "evidence"]
    guard let parts = source.fields(node, "the stock of \(what)", allowed: allowed) else { return nil }
    var stock = StockSpecification()
    stock.inflows = parts["inflows"].flatMap { source.texts($0, "inflows") } ?? []
    stock.outflows = parts["outflows"].flatMap { source.texts($0, "outflows") } ?? []
    stock.ceiling = parts["ceiling"].flatMap { source.text($0, "ceiling of \(what)") }
    stock.pace = parts["pace"].flatMap { source.text($0, "pace of \(what)") }
    guard !stock.inflows.isEmpty || stock.pace != nil else {
      source.report(
        node, "missing_key", "the stock of \(what) needs inflows, a list of indicators, or a pace towards a ceiling")
      return nil
    }
    if stock.pace != nil, stock.ceiling == nil {
      source.report(
        parts["pace"], "missing_key", "the pace of \(what) is a share of what is left: it needs 'ceiling', an indicator"
      )
      return nil
    }
    restarts(source, node, parts, what, into: &stock)
    return stock
  }

  /// Reads `restart`, `stated` and `evidence`: planner's levels need a day and what they rest on.
  private func restarts(
    _ source: YAMLSource, _ node: Node, _ parts: [String: Node], _ what: String, into stock: inout StockSpecification
  ) {
    guard let restart = parts["restart"] else {
      for key in ["stated", "evidence"] where parts[key] != nil {
        source.report(parts[key], "wrong_key", "the stock of \(what) has no 'restart', so it cannot have '\(key)'")
      }
      return
    }
    for key in ["stated", "evidence"] where parts[key] == nil {
      source.report(node, "missing_key", "the restart of \(what) needs '\(key)'")
    }
    let list = source.mapping(restart, "restart of \(what)") ?? []
    if list.isEmpty {
      source.report(restart, "empty_list", "the restart of \(what) needs a year with its level, such as { 2026: 20 }")
    }
    for item in list {
      guard let year = Int(item.key), (1900...2200).contains(year) else {
        source.report(item.keyNode, "bad_period", "'\(item.key)' is no year")
        continue
      }
      let level: Prior?
      if case .scalar = item.value {
        level = source.number(item.value, "the level of \(year)").map { Prior(low: $0, central: $0, high: $0) }
      } else {
        level = prior(source, item.value, "the level of \(year)")
      }
      guard let level else { continue }
      // An uncertain level is drawn on a scale on which 0 is infinitely far away.
      if level.low < 0 || level.low == 0 && level.high > 0 {
        source.report(item.value, "out_of_range", "the level of \(year) of \(what) must be above 0 throughout")
        continue
      }
      stock.restarts[year] = level
    }
    if let text = parts["stated"].flatMap({ source.text($0, "stated") }) {
      stock.stated = CalendarDate(text)
      if stock.stated == nil {
        source.report(parts["stated"], "bad_period", "'\(text)' is no day", hint: "write it as 2026-11-25")
      }
    }
    stock.evidence = parts["evidence"].flatMap { source.text($0, "evidence") } ?? ""
  }
}
