import TextFiles

/// Checks what levers and links say about time.
extension CatalogCheck {
  /// A baseline path is read off an indicator that exists and has a baseline of its own.
  mutating func checkBaselinePaths(_ catalog: ModelCatalog) {
    for lever in catalog.levers {
      guard let id = lever.baselinePath.indicator else { continue }
      guard let indicator = catalog.indicator(id) else {
        report(
          lever.location, "unknown_id", "the baseline of '\(lever.id)' is read off '\(id)', which is no indicator",
          hint: Suggestion.hint(for: id, among: catalog.indicators.map(\.id)))
        continue
      }
      guard case .series = indicator.source else {
        report(
          lever.location, "wrong_source",
          "the baseline of '\(lever.id)' is read off '\(id)', which is computed and has no fitted or assumed path",
          hint: "follow an indicator with a 'baseline', or state a plan")
        continue
      }
    }
  }

  /// What a link says about level, growth and change must have one meaning.
  mutating func checkTime(_ catalog: ModelCatalog) {
    let rates = growthRates(catalog)
    for link in catalog.links {
      let pair = "\(link.cause) -> \(link.effect)"
      if link.on == .growth, link.causeAs == .change {
        report(
          link.location, "wrong_time",
          "\(pair): yearly changes of the cause, added up over the years, are its deviation again",
          hint: "leave out both 'on: growth' and 'cause_as: change'")
      }
      if link.causeAs == .change, link.carryOver == .stays {
        report(
          link.location, "wrong_time", "\(pair): an effect of changes that stays is an effect of the level",
          hint: "leave out 'cause_as: change', or write carry_over: none")
      }
      guard link.on == .growth, let effect = catalog.indicator(link.effect) else { continue }
      guard case .series = effect.source else {
        report(
          link.location, "wrong_time",
          "\(pair) is on growth, but '\(effect.id)' is drawn by a process that has no growth from year to year",
          hint: "use on: level")
        continue
      }
      if let chained = rates[effect.id] {
        report(
          link.location, "wrong_time",
          "\(pair) is on growth, but '\(effect.id)' is a growth rate itself ('\(chained)' is chained from it): each year would add to the rate for good",
          hint: "on: level already moves the growth of '\(chained)'")
      }
    }
  }

  /// Indicators that others are chained from, with one of those.
  private func growthRates(_ catalog: ModelCatalog) -> [String: String] {
    var rates: [String: String] = [:]
    for indicator in catalog.indicators {
      if case .identity(.chain(let growth, _, _)) = indicator.source { rates[growth] = indicator.id }
    }
    return rates
  }
}
