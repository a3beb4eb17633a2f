import NumericKernels
import TextFiles

/// The year before a target's year by item and quarter, and the growth of the year without new policy: draws and middle values.
struct GrowthBase {
  struct Item {
    let id: String
    /// Level of the year before.
    let level: Double
    let levelDraws: [Double]
    /// Growth of the year without new policy (or published), in percent.
    let growth: Double
    let growthDraws: [Double]
    let growthBefore: Double?
    /// Shares of the quarters, middle values and by quarter and draw.
    let shares: [Double]
    let shareDraws: [[Double]]
    /// Share of the whole in percent, by the middle values.
    let weight: Double
  }

  let year: Int
  let items: [Item]
  let draws: Int
  /// Growth of the whole in the year before; nil if none is published.
  let totalBefore: Double?
  /// Growth of the whole in every draw, in percent.
  let totalDraws: [Double]

  /// - Throws: ``DiagnosticList`` when the levels of the year before or the growth of the year are not in the model.
  init(_ arithmetic: GrowthArithmetic, year: Int) throws {
    let (accounts, model) = (arithmetic.accounts, arithmetic.model)
    draws = arithmetic.engine.draws
    self.year = year
    var found: [(level: [Double], growth: [Double])] = []
    for item in accounts.items {
      guard let level = GrowthBase.levels(arithmetic, item, year: year - 1),
        let growth = arithmetic.draws(item.growth, year: year)
          ?? arithmetic.facts(item.growth)[year].map({ [Double](repeating: $0, count: arithmetic.engine.draws) })
      else {
        let years = GrowthBase.years(arithmetic)
        throw DiagnosticList([
          Diagnostic(
            .wrongUse, code: "outside_range", "the accounts of \(year) and of the year before are not in the model",
            hint: "give a year from \(years.lowerBound) to \(years.upperBound)")
        ])
      }
      found.append((level, growth))
    }
    let middles = found.map { (level: Quantiles.median($0.level), growth: Quantiles.median($0.growth)) }
    let total = middles.reduce(0) { $0 + $1.level }
    var items: [Item] = []
    for (position, item) in accounts.items.enumerated() {
      items.append(
        Item(
          id: item.level, level: middles[position].level, levelDraws: found[position].level,
          growth: middles[position].growth, growthDraws: found[position].growth,
          growthBefore: arithmetic.facts(item.growth)[year - 1]
            ?? arithmetic.draws(item.growth, year: year - 1).map(Quantiles.median),
          shares: arithmetic.shares.central[item.level] ?? [],
          shareDraws: arithmetic.shares.draws(
            item.level, count: arithmetic.engine.draws, seed: arithmetic.engine.seed, rules: model.catalog.grades)
            ?? [],
          weight: 100 * middles[position].level / total))
    }
    self.items = items
    totalBefore =
      arithmetic.facts(accounts.growth)[year - 1]
      ?? arithmetic.draws(accounts.growth, year: year - 1).map(Quantiles.median)
    totalDraws = (0..<arithmetic.engine.draws).map { d in
      var (now, before) = (0.0, 0.0)
      for item in items {
        before += item.levelDraws[d]
        now += item.levelDraws[d] * (1 + item.growthDraws[d] / 100)
      }
      return 100 * (now / before - 1)
    }
  }

  /// Levels of the whole in the year before, by quarter, from the middle values.
  var quarterWeights: [Double] {
    (0..<4).map { q in items.reduce(0) { $0 + $1.level * $1.shares[q] } }
  }

  var level: Double { items.reduce(0) { $0 + $1.level } }

  /// Growth of the whole from the items' middle values, in percent.
  var growth: Double { items.reduce(0) { $0 + $1.level * $1.growth } / level }

  /// The level of an item in a year: from the projection, or backwards from its first year over published growth.
  private static func levels(_ arithmetic: GrowthArithmetic, _ item: GrowthAccounts.Item, year: Int) -> [Double]? {
    let first = arithmetic.model.grid[0]
    guard year < first else { return arithmetic.draws(item.level, year: year) }
    guard var level = arithmetic.draws(item.level, year: first) else { return nil }
    let facts = arithmetic.facts(item.growth)
    for later in (year + 1...first).reversed() {
      guard let growth = facts[later] else { return nil }
      for d in level.indices { level[d] /= 1 + growth / 100 }
    }
    return level
  }

  /// The years that can be answered.
  private static func years(_ arithmetic: GrowthArithmetic) -> ClosedRange<Int> {
    let grid = arithmetic.model.grid
    var first = grid[0]
    while arithmetic.accounts.items.allSatisfy({ arithmetic.facts($0.growth)[first] != nil }) { first -= 1 }
    return min(first + 1, grid[grid.count - 1])...grid[grid.count - 1]
  }
}
