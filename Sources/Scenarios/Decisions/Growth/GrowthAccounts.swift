import TextFiles

/// Which indicators of a model make up its growth account: read from the model's own identities, not from names.
///
/// `growth` is the growth of a level; the level is the sum of items; each item has a growth of its own.
public struct GrowthAccounts: Sendable, Equatable {
  public struct Item: Sendable, Equatable {
    public var level: String
    public var growth: String
  }

  /// The growth indicator that a target is set on, such as `grdp_growth`.
  public var growth: String
  /// The level that it is the growth of, at constant prices.
  public var level: String
  public var items: [Item]
  /// The same product at current prices, all investment, and employed persons; nil where the model has none.
  public var nominal: String?
  public var investment: String?
  public var employment: String?

  /// Finds the account of a growth indicator.
  ///
  /// - Parameters:
  ///   - growth: the growth indicator.
  ///   - nominal: product at current prices, for investment, ICOR and productivity.
  /// - Throws: ``DiagnosticList`` when `growth` is no growth of a sum of items that have growth indicators.
  public init(
    _ catalog: ModelCatalog, growth: String = "grdp_growth", nominal: String = "grdp",
    investment: String = "total_social_investment", employment: String = "employment"
  ) throws {
    func problem(_ message: String, _ hint: String) -> DiagnosticList {
      DiagnosticList([
        Diagnostic(.badData, code: "no_growth_account", at: catalog.indicator(growth)?.location, message, hint: hint)
      ])
    }
    guard let definition = catalog.indicator(growth) else {
      throw problem(
        "the model has no indicator '\(growth)' on that day, so there is no growth account",
        "its paths were written down later: leave --as-of out, or name another with --indicator")
    }
    guard case .identity(.growth(let level)) = definition.source,
      case .identity(.sum(let parts))? =
        catalog.indicator(level)?.source
    else {
      throw problem(
        "'\(growth)' is not the growth of a sum of items", "give an indicator whose identity is the growth of a sum")
    }
    var growthOf: [String: String] = [:]
    for indicator in catalog.indicators {
      if case .identity(.growth(let of)) = indicator.source { growthOf[of] = indicator.id }
    }
    let items = parts.compactMap { part in growthOf[part].map { Item(level: part, growth: $0) } }
    guard items.count == parts.count else {
      let without = parts.filter { growthOf[$0] == nil }
      throw problem(
        "no indicator is the growth of \(without.joined(separator: ", "))", "add one with the identity 'growth'")
    }
    self.growth = growth
    self.level = level
    self.items = items
    self.nominal = catalog.indicator(nominal)?.id
    self.investment = catalog.indicator(investment)?.id
    self.employment = catalog.indicator(employment)?.id
  }
}
