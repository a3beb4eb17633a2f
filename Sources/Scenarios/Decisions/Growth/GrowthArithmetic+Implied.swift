import NumericKernels

extension GrowthArithmetic {
  /// Investment, ICOR and labour productivity that a growth target implies; nil without a projection of product at current prices.
  ///
  /// ICOR = investment / product / growth, all of one year (as in the model). Product at the target is that of the draw, times
  /// (1 + target) / (1 + growth of the draw): the deflator of the draw stays.
  func implied(year: Int, reach: Double) throws -> GrowthAnswer.Implied? {
    guard let id = accounts.nominal, let product = draws(id, year: year),
      let growth = draws(accounts.growth, year: year),
      reach > 0
    else { return nil }
    let atTarget = product.indices.map { product[$0] * (100 + reach) / (100 + growth[$0]) }
    // Product of the year before at the prices of the year.
    let before = atTarget.map { $0 * 100 / (100 + reach) }
    var implied = GrowthAnswer.Implied(nominal: Band80(atTarget), past: pastICOR(until: year, reach, atTarget))
    if let investmentId = accounts.investment, let investment = draws(investmentId, year: year) {
      implied.investmentBaseline = Band80(investment)
      implied.icorBaseline = Band80(investment.indices.map { 100 * investment[$0] / atTarget[$0] / reach })
      let plan = model.catalog.targets.first {
        $0.indicator == investmentId && $0.aggregate == .year && $0.period.calendarYear == year
      }?.value
      implied.investmentPlan = plan
      implied.icorPlan = plan.map { plan in Band80(atTarget.map { 100 * plan / $0 / reach }) }
      if let plan, let icor = implied.past.last?.icor, icor > 0 {
        // plan = icor * t * before * (1 + t), solved for the growth t.
        implied.growthOfPlan = Band80(before.map { 50 * ((1 + 4 * plan / (icor * $0)).squareRoot() - 1) })
      }
    }
    if let id = accounts.employment, let now = draws(id, year: year) {
      implied.productivity = Band80(now.indices.map { atTarget[$0] / now[$0] })
      if let then = draws(id, year: year - 1) {
        implied.productivityGrowth = Band80(
          now.indices.map { 100 * ((1 + reach / 100) * then[$0] / now[$0] - 1) })
        implied.productivityGrowthBaseline = Band80(
          now.indices.map { 100 * ((1 + growth[$0] / 100) * then[$0] / now[$0] - 1) })
      }
    }
    return implied
  }

  private func pastICOR(until year: Int, _ reach: Double, _ atTarget: [Double]) -> [GrowthAnswer.Implied.PastICOR] {
    guard let investmentId = accounts.investment, let productId = accounts.nominal else { return [] }
    let (investment, product, growth) = (facts(investmentId), facts(productId), facts(accounts.growth))
    return investment.keys.sorted().compactMap { past in
      guard past < year, let amount = investment[past], let whole = product[past], let rate = growth[past], rate > 0
      else { return nil }
      let icor = 100 * amount / whole / rate
      return GrowthAnswer.Implied.PastICOR(
        year: past, icor: icor, investmentNeeded: Band80(atTarget.map { icor * reach / 100 * $0 }))
    }
  }
}
