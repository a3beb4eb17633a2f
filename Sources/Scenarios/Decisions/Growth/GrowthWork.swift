import NumericKernels

/// The sums behind a ``GrowthAnswer``: all growth in percent.
struct GrowthWork {
  let base: GrowthBase
  let reach: Double
  /// How many first quarters of the year are known, 0 to 3, and their joint growth.
  let known: Int
  let soFar: Double

  // MARK: quarters

  /// What the remaining quarters must do together.
  var need: Band80 {
    guard known > 0 else { return Band80(central: reach) }
    return band(base.quarterWeights) { rest(reach, soFar, $0) }
  }

  func needs(_ before: QuarterlyProfile) -> [GrowthAnswer.QuarterNeed] {
    let remaining = Array(known + 1...4)
    // Only where the remaining quarters of the year before grew differently does their pattern say more than an equal rate.
    let rates = remaining.compactMap { before.growth[$0 - 1] }
    let hasPattern = rates.count == remaining.count && Set(rates).count > 1
    return remaining.map { quarter in
      var pattern: Band80?
      let scale = { (weights: [Double]) -> Double in
        var (needed, available) = (0.0, 0.0)
        for q in 1...4 {
          if q <= known {
            needed -= weights[q - 1] * soFar
          } else {
            available += weights[q - 1] * (before.growth[q - 1] ?? 0)
          }
          needed += weights[q - 1] * reach
        }
        return needed / available * (before.growth[quarter - 1] ?? 0)
      }
      if hasPattern, rates.allSatisfy({ $0 > 0 }) { pattern = band(base.quarterWeights, scale) }
      return GrowthAnswer.QuarterNeed(
        quarter: quarter, equal: need, pattern: pattern, before: before.growth[quarter - 1])
    }
  }

  /// Growth of the quarters after `known` that makes the year grow by `yearly`.
  private func rest(_ yearly: Double, _ first: Double, _ weights: [Double]) -> Double {
    let (a, b) = (weights[..<known].reduce(0, +), weights[known...].reduce(0, +))
    return (yearly * (a + b) - first * a) / b
  }

  /// A function of the quarter weights of the whole, at their middle and over the draws.
  private func band(_ middle: [Double], _ value: ([Double]) -> Double) -> Band80 {
    let draws = (0..<base.draws).map { d in
      value((0..<4).map { q in base.items.reduce(0) { $0 + $1.levelDraws[d] * $1.shareDraws[q][d] } })
    }
    return Band80(draws, central: value(middle))
  }

  // MARK: items

  func item(_ position: Int, known profile: QuarterlyProfile) -> GrowthAnswer.ItemNeed {
    let item = base.items[position]
    let alone = aloneBand(position)
    return GrowthAnswer.ItemNeed(
      item: item.id, weight: item.weight, growthBefore: item.growthBefore,
      baseline: Band80(item.growthDraws, central: item.growth),
      contribution: itemBand { $0 == nil ? item.weight / 100 * item.growth : contribution(position, $0 ?? 0) },
      alone: alone, aloneRemaining: remaining(position, profile),
      together: togetherBand { factor, d in factor * (d.map { item.growthDraws[$0] } ?? item.growth) },
      contributionTogether: togetherBand { factor, d in
        factor * (d.map { contribution(position, $0) } ?? item.weight / 100 * item.growth)
      })
  }

  var total: GrowthAnswer.ItemNeed {
    let growth = Band80(base.totalDraws, central: base.growth)
    let target = Band80(central: reach)
    return GrowthAnswer.ItemNeed(
      item: "", weight: 100, growthBefore: base.totalBefore, baseline: growth, contribution: growth, alone: target,
      aloneRemaining: known > 0 ? need : nil, together: target, contributionTogether: target)
  }

  /// Points that an item adds in a draw.
  private func contribution(_ position: Int, _ d: Int) -> Double {
    let item = base.items[position]
    return item.levelDraws[d] * item.growthDraws[d] / base.items.reduce(0) { $0 + $1.levelDraws[d] }
  }

  /// A value at the middle (nil) and in every draw.
  private func itemBand(_ value: (Int?) -> Double) -> Band80 {
    Band80((0..<base.draws).map { value($0) }, central: value(nil))
  }

  /// What an item must grow when all others grow as without new policy.
  private func alone(_ position: Int, _ d: Int?) -> Double {
    let item = base.items[position]
    let level = d.map { item.levelDraws[$0] } ?? item.level
    var needed = 0.0
    for (other, part) in base.items.enumerated() {
      let (amount, growth) = d.map { (part.levelDraws[$0], part.growthDraws[$0]) } ?? (part.level, part.growth)
      needed += amount * (reach - (other == position ? 0 : growth))
    }
    return needed / level
  }

  private func aloneBand(_ position: Int) -> Band80 { itemBand { alone(position, $0) } }

  /// The same for its remaining quarters, after its own growth so far; nil where none is known.
  private func remaining(_ position: Int, _ profile: QuarterlyProfile) -> Band80? {
    guard (1...3).contains(profile.known) else { return nil }
    let item = base.items[position]
    return itemBand { d in
      let shares = d.map { d in (0..<4).map { item.shareDraws[$0][d] } } ?? item.shares
      let (a, b) = (shares[..<profile.known].reduce(0, +), shares[profile.known...].reduce(0, +))
      return (alone(position, d) * (a + b) - profile.cumulated * a) / b
    }
  }

  /// With `factor` = target / growth without new policy; nil where the whole does not grow in every tenth draw or at the middle.
  private func togetherBand(_ value: (_ factor: Double, _ d: Int?) -> Double) -> Band80? {
    let growing = (0..<base.draws).filter { base.totalDraws[$0] > 0.5 }
    guard base.growth > 0.5, 10 * growing.count > 9 * base.draws else { return nil }
    return Band80(
      growing.map { value(reach / base.totalDraws[$0], $0) }, central: value(reach / base.growth, nil))
  }

  // MARK: accounts by quarter

  /// The whole and its items by quarter, from figures where they reach, else as without new policy.
  func quarters(_ profile: QuarterlyProfile, _ itemProfiles: [QuarterlyProfile]) -> [GrowthAnswer.Quarter] {
    var result: [GrowthAnswer.Quarter] = []
    var sums = [(level: Double, before: Double)](repeating: (0, 0), count: 4)
    for (position, item) in base.items.enumerated() {
      let own = itemProfiles[position]
      // What is left of the year's growth for the quarters without a figure.
      let (a, b) = (item.shares[..<own.known].reduce(0, +), item.shares[own.known...].reduce(0, +))
      let left = own.known == 4 ? 0 : (item.growth * (a + b) - own.cumulated * a) / b
      let rows = (1...4).map { quarter -> (growth: Double, origin: GrowthAnswer.Quarter.Origin) in
        guard quarter <= own.known, let growth = own.growth[quarter - 1] else { return (left, .baseline) }
        return (growth, own.isExact[quarter - 1] ? .published : .spread)
      }
      result += series(item.id, item.shares.map { $0 * item.level }, rows)
      for q in 0..<4 {
        let before = item.level * item.shares[q]
        sums[q].before += before
        sums[q].level += before * (1 + rows[q].growth / 100)
      }
    }
    let rows = (1...4).map { quarter -> (growth: Double, origin: GrowthAnswer.Quarter.Origin) in
      if quarter <= profile.known, let growth = profile.growth[quarter - 1] {
        return (growth, profile.isExact[quarter - 1] ? .published : .spread)
      }
      return (100 * (sums[quarter - 1].level / sums[quarter - 1].before - 1), .baseline)
    }
    return result + series(nil, sums.map(\.before), rows)
  }

  private func series(
    _ item: String?, _ before: [Double], _ rows: [(growth: Double, origin: GrowthAnswer.Quarter.Origin)]
  ) -> [GrowthAnswer.Quarter] {
    var (now, then) = (0.0, 0.0)
    return rows.enumerated().map { q, row in
      let level = before[q] * (1 + row.growth / 100)
      now += level
      then += before[q]
      return GrowthAnswer.Quarter(
        item: item, year: base.year, quarter: q + 1, level: level, growth: row.growth,
        cumulated: 100 * (now / then - 1), origin: row.origin)
    }
  }
}
