import TextFiles

/// Checks what only shows when all files of a model are read: ids that exist, one source per pair, no effect counted twice.
struct CatalogCheck {
  private(set) var diagnostics: [Diagnostic] = []

  init(_ catalog: ModelCatalog) {
    checkDoubles(catalog)
    checkReferences(catalog)
    checkBaselinePaths(catalog)
    checkLinks(catalog)
    checkTime(catalog)
    checkDependence(catalog)
  }

  mutating func report(_ location: SourceLocation, _ code: String, _ message: String, hint: String? = nil) {
    diagnostics.append(Diagnostic(.badData, code: code, at: location, message, hint: hint))
  }

  private mutating func checkDoubles(_ catalog: ModelCatalog) {
    var seen: [String: SourceLocation] = [:]
    let all =
      catalog.indicators.map { ($0.id, $0.location) } + catalog.levers.map { ($0.id, $0.location) }
      + catalog.processes.map { ($0.id, $0.location) }
    for (id, location) in all {
      if let first = seen[id] {
        report(location, "duplicate_id", "'\(id)' is defined already in \(first.file):\(first.line ?? 0)")
      } else {
        seen[id] = location
      }
    }
  }

  private mutating func checkReferences(_ catalog: ModelCatalog) {
    let indicatorIds = catalog.indicators.map(\.id)
    let systems = catalog.systems.map(\.id)
    for indicator in catalog.indicators {
      if !systems.contains(indicator.system) {
        report(
          indicator.location, "unknown_id", "the system '\(indicator.system)' is not listed in model.yaml",
          hint: Suggestion.hint(for: indicator.system, among: systems))
      }
      switch indicator.source {
      case .identity(let identity):
        for input in identity.inputs where !indicatorIds.contains(input) {
          report(
            indicator.location, "unknown_id", "'\(indicator.id)' is computed from '\(input)', which is no indicator",
            hint: Suggestion.hint(for: input, among: indicatorIds))
        }
        checkStock(indicator, identity, catalog)
      case .process(let process):
        let processes = catalog.processes.map(\.id)
        if !processes.contains(process) {
          report(
            indicator.location, "unknown_id", "'\(indicator.id)' names the process '\(process)', which does not exist",
            hint: Suggestion.hint(for: process, among: processes))
        }
      case .series(let series):
        let worlds = catalog.indicators.filter(\.isWorld).map(\.id)
        for driver in series.loadings.keys.sorted() where !worlds.contains(driver) {
          report(
            indicator.location, "unknown_id", "'\(indicator.id)' loads on '\(driver)', which is no world driver",
            hint: Suggestion.hint(for: driver, among: worlds))
        }
      }
    }
  }

  /// A pace is a share of what is left, and both a stock and its ceiling are amounts.
  private mutating func checkStock(
    _ indicator: IndicatorDefinition, _ identity: IdentitySpecification, _ catalog: ModelCatalog
  ) {
    guard case .stock(let stock) = identity else { return }
    if let pace = stock.pace.flatMap(catalog.indicator), pace.range != .percent, pace.range != .share {
      report(
        indicator.location, "wrong_form",
        "'\(pace.id)', the pace of '\(indicator.id)', has the range '\(pace.range.rawValue)'; a pace is a share of what is left",
        hint: "give it the range percent or share")
    }
    if let ceiling = stock.ceiling.flatMap(catalog.indicator), ceiling.range != .positive {
      report(
        indicator.location, "wrong_form",
        "'\(ceiling.id)', the ceiling of '\(indicator.id)', has the range '\(ceiling.range.rawValue)'; a ceiling is an amount",
        hint: "give it the range positive")
    }
  }

  private mutating func checkLinks(_ catalog: ModelCatalog) {
    let causes = catalog.levers.map(\.id) + catalog.indicators.map(\.id)
    let effects = linkTargets(catalog)
    let estimates = catalog.processes.map(\.id)
    var pairs: [String: LinkDefinition.Scope] = [:]
    for link in catalog.links {
      if !causes.contains(link.cause) {
        report(
          link.location, "unknown_id", "the cause '\(link.cause)' is neither a lever nor an indicator",
          hint: Suggestion.hint(for: link.cause, among: causes))
      }
      if !effects.contains(link.effect) {
        let computed = catalog.indicator(link.effect) != nil
        report(
          link.location, "unknown_id",
          computed
            ? "the effect '\(link.effect)' is computed; link to an indicator that it follows from"
            : "the effect '\(link.effect)' is no indicator",
          hint: computed ? nil : Suggestion.hint(for: link.effect, among: effects))
      }
      if let estimate = link.estimate, !estimates.contains(estimate) {
        report(
          link.location, "unknown_id", "the estimate '\(estimate)' does not exist",
          hint: Suggestion.hint(for: estimate, among: estimates))
      }
      checkForm(link, catalog)
      let pair = link.cause + " -> " + link.effect
      if pairs.updateValue(link.scope, forKey: pair) != nil {
        report(link.location, "double_effect", "\(pair) is linked twice; choose total or structural, not both")
      }
    }
    checkTotals(catalog)
  }

  /// Indicators that a link can move: series, and those outputs of processes that take effects.
  private func linkTargets(_ catalog: ModelCatalog) -> [String] {
    catalog.indicators.filter { indicator in
      switch indicator.source {
      case .identity: return false
      case .series: return true
      case .process(let id):
        return catalog.processes.first { $0.id == id }.map { $0.linkTargets.contains(indicator.id) } ?? false
      }
    }.map(\.id)
  }

  /// Percent effects need an effect on a logarithmic scale, and an elasticity a cause that stays above zero.
  private mutating func checkForm(_ link: LinkDefinition, _ catalog: ModelCatalog) {
    guard link.form != .level else { return }
    if let effect = catalog.indicator(link.effect), effect.range != .positive {
      report(
        link.location, "wrong_form",
        "an effect in percent needs an indicator with the range 'positive'; '\(effect.id)' has '\(effect.range.rawValue)'",
        hint: "use the form level")
    }
    guard link.form == .elasticity, let lever = catalog.lever(link.cause) else { return }
    // What an indicator above zero implies is above zero, whatever it is.
    let isAboveZero = lever.baselinePath.indicator.flatMap { catalog.indicator($0)?.range != .real } ?? false
    let base = lever.baselinePath.lowestStated ?? (isAboveZero ? 1 : 0)
    guard lever.range.values(base: base).lowerBound <= 0 else { return }
    let lowest = link.validity?.values(base: base).lowerBound ?? 0
    if lowest <= 0 {
      report(
        link.location, "wrong_form", "an elasticity says nothing at 0, which the range of '\(lever.id)' allows",
        hint: "give the link a valid range that starts above 0, such as [0.5x, 2x]")
    }
  }

  /// A `total` effect already holds what runs through other indicators: a second way from cause to effect counts it twice.
  private mutating func checkTotals(_ catalog: ModelCatalog) {
    var next: [String: Set<String>] = [:]
    for link in catalog.links { next[link.cause, default: []].insert(link.effect) }
    for indicator in catalog.indicators {
      if case .identity(let identity) = indicator.source {
        for input in identity.inputs { next[input, default: []].insert(indicator.id) }
      }
    }
    for process in catalog.processes {
      for (from, to) in process.edges { next[from, default: []].insert(to) }
    }
    for link in catalog.links where link.scope == .total {
      for first in next[link.cause, default: []] where first != link.effect {
        if reaches(from: first, to: link.effect, next) {
          report(
            link.location, "double_effect",
            "\(link.cause) -> \(link.effect) is a total effect, but \(link.cause) also reaches it through \(first)",
            hint: "mark it structural, or remove one of the two ways")
        }
      }
    }
  }

  private func reaches(from start: String, to end: String, _ next: [String: Set<String>]) -> Bool {
    var (stack, seen) = ([start], Set<String>())
    while let node = stack.popLast() {
      if node == end { return true }
      if seen.insert(node).inserted { stack += next[node, default: []] }
    }
    return false
  }
}

extension IndicatorDefinition {
  /// Whether it is a driver of the outside world that a scenario may assume.
  public var isWorld: Bool {
    if case .series(let series) = source { return series.isWorld }
    return false
  }
}
