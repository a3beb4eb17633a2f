import TextFiles

extension CatalogCheck {
  /// Correlated indicators exist, have a yearly shock of their own, and each stands for a panel series of its own.
  mutating func checkDependence(_ catalog: ModelCatalog) {
    let dependence = catalog.dependence
    guard let first = dependence.series.first else { return }
    let worlds = catalog.indicators.filter(\.isWorld).map(\.id)
    if !worlds.contains(dependence.driver) {
      report(
        SourceLocation(file: first.location.file), "unknown_id",
        "the driver '\(dependence.driver)' of the correlations is no world driver",
        hint: Suggestion.hint(for: dependence.driver, among: worlds))
    }
    let allowed = catalog.indicators.filter { ownsShock($0, catalog) }.map(\.id)
    var users: [String: String] = [:]
    for series in dependence.series {
      if let other = users.updateValue(series.indicator, forKey: series.observed) {
        report(
          series.location, "duplicate_id",
          "'\(series.indicator)' and '\(other)' both take their correlation from the panel series '\(series.observed)'",
          hint: "a series is correlated with itself: keep one of them")
      }
      guard !allowed.contains(series.indicator) else { continue }
      guard let indicator = catalog.indicator(series.indicator) else {
        report(
          series.location, "unknown_id", "'\(series.indicator)' cannot be correlated: there is no such indicator",
          hint: Suggestion.hint(for: series.indicator, among: allowed))
        continue
      }
      let reason: String
      switch indicator.source {
      case .identity: reason = "it is computed; name an indicator that it follows from"
      case .series: reason = "a world driver acts through loadings"
      case .process: reason = "its process draws no yearly shock for it"
      }
      report(series.location, "wrong_kind", "'\(series.indicator)' cannot be correlated: \(reason)")
    }
  }

  private func ownsShock(_ indicator: IndicatorDefinition, _ catalog: ModelCatalog) -> Bool {
    switch indicator.source {
    case .series(let series): return !series.isWorld
    case .identity: return false
    case .process(let id):
      return catalog.processes.first { $0.id == id }?.shockOutputs.contains(indicator.id) ?? false
    }
  }
}
