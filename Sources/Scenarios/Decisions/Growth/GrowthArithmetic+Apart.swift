import NumericKernels

extension GrowthArithmetic {
  /// The whole without each producer whose output a driver with 100 = normal stands for.
  ///
  /// With s the producer's share of the whole in the year before, r the growth of its output and G that of the whole, the rest grows by
  ///
  ///     (G - s r) / (1 - s).
  ///
  /// The link from the driver to a factor of the item gives s: its size in percent of the item for one point of the driver, times the
  /// driver's level, times the item's share.
  func apart(_ base: GrowthBase, reach: Double) -> [GrowthAnswer.Apart] {
    worldEffects.filter { catalog.indicator($0.link.definition.cause)?.unit == "index_100" }.compactMap {
      apart(base, $0.position, $0.link, reach: reach)
    }
  }

  /// A rate over growth in the draws that grow; nil where fewer than nine in ten do (near zero growth the ratio means nothing).
  private func ratio(_ growth: [Double], _ rate: (Int) -> Double) -> Band80? {
    let growing = growth.indices.filter { growth[$0] > 0.5 }
    guard 10 * growing.count > 9 * growth.count else { return nil }
    return Band80(growing.map { rate($0) / growth[$0] })
  }

  /// nil where the driver's level of the year before is not in the model.
  private func apart(
    _ base: GrowthBase, _ position: Int, _ link: CompiledLink, reach: Double
  ) -> GrowthAnswer.Apart? {
    let driver = link.definition.cause
    guard let before = draws(driver, year: base.year - 1), let now = draws(driver, year: base.year) else { return nil }
    let item = base.items[position]
    let sizes = link.sizes(seed: Dice(seed: engine.seed), range: 0..<base.draws)
    // Of the whole, as a fraction; a producer larger than that is no part of anything.
    let shares = (0..<base.draws).map { d in
      let whole = base.items.reduce(0) { $0 + $1.levelDraws[d] }
      return min(max(sizes[d] * before[d] / 100 * item.levelDraws[d] / whole, 0), 0.95)
    }
    let output = before.indices.map { 100 * (now[$0] / before[$0] - 1) }
    func rest(_ whole: Double, _ d: Int) -> Double { (whole - shares[d] * output[d]) / (1 - shares[d]) }
    let all = 0..<base.draws
    let growth = all.map { rest(base.totalDraws[$0], $0) }
    var answer = GrowthAnswer.Apart(
      driver: driver, item: item.id, grade: link.definition.grade, share: Band80(shares.map { 100 * $0 }),
      driverGrowth: Band80(output), growth: Band80(growth), needed: Band80(all.map { rest(reach, $0) }))
    guard let product = accounts.nominal.flatMap({ draws($0, year: base.year) }) else { return answer }
    if let investment = accounts.investment.flatMap({ draws($0, year: base.year) }) {
      let rates = all.map { 100 * investment[$0] / product[$0] }
      answer.icor = ratio(base.totalDraws) { rates[$0] }
      answer.icorWithout = ratio(growth) { rates[$0] / (1 - shares[$0]) }
    }
    if let employment = accounts.employment.flatMap({ draws($0, year: base.year) }) {
      answer.productivity = Band80(all.map { product[$0] / employment[$0] })
      answer.productivityWithout = Band80(all.map { product[$0] * (1 - shares[$0]) / employment[$0] })
    }
    return answer
  }
}
