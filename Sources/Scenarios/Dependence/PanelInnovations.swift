import NumericKernels

/// The yearly news of one series in every province, without what all provinces share in a year.
///
/// On the transformed scale of the indicator
///
///     y[i, t] = a[i] + d[t] + phi y[i, t - 1] + u[i, t]
///
/// with province and year effects; phi is pooled over the provinces (least squares after both means are taken out). Within a year the
/// residuals u become normal scores (the normal quantiles of their ranks among the provinces): a year that scatters more than others,
/// and single provinces thrown far off by a printing error or one big project, then weigh no more than the rest, and what is
/// correlated later are normal numbers, as in the draws. The year effects are kept apart in `yearEffects`.
///
/// Edge cases: a year with fewer than ``fewestProvinces`` provinces is left out, a province with fewer than three usable years too.
/// With short panels phi is estimated too low (Nickell 1981, about (1 + phi) / years); the correlation of innovations hardly depends
/// on it.
struct PanelInnovations: Sendable {
  /// By province and year, NaN where there is none; rows as in ``PanelLayout``.
  let scores: [Double]
  let persistence: Double
  /// The mean over the provinces of y[t] - phi y[t - 1], by calendar year.
  let yearEffects: [Int: Double]
  /// Years that carry innovations, and how many there are over all provinces.
  let years: [Int]
  let count: Int

  static let fewestProvinces = 15
  private static let fewestYearsOfProvince = 3

  /// Nil if too little is left.
  init?(_ values: [Double], layout: PanelLayout) {
    let (provinces, length) = (layout.provinces.count, layout.years.count)
    var (now, before) = (values, [Double](repeating: .nan, count: values.count))
    for i in 0..<provinces {
      for t in 0..<length {
        let row = i * length + t
        before[row] = t > 0 ? values[row - 1] : .nan
        if before[row].isNaN { now[row] = .nan }
        if now[row].isNaN { before[row] = .nan }
      }
    }
    func drop(_ rows: [Int], fewest: Int) {
      guard rows.count(where: { !now[$0].isNaN }) < fewest else { return }
      for row in rows { (now[row], before[row]) = (.nan, .nan) }
    }
    for t in 0..<length {
      drop((0..<provinces).map { $0 * length + t }, fewest: PanelInnovations.fewestProvinces)
    }
    for i in 0..<provinces {
      drop((0..<length).map { i * length + $0 }, fewest: PanelInnovations.fewestYearsOfProvince)
    }
    let (outcome, lag) = (layout.withoutMeans(now), layout.withoutMeans(before))
    var (cross, square) = (0.0, 0.0)
    for row in outcome.indices where !outcome[row].isNaN {
      cross += outcome[row] * lag[row]
      square += lag[row] * lag[row]
    }
    guard square > 0 else { return nil }
    let phi = cross / square
    var scores = [Double](repeating: .nan, count: values.count)
    var (effects, years, count) = ([Int: Double](), [Int](), 0)
    for t in 0..<length {
      let rows = (0..<provinces).map { $0 * length + t }.filter { !outcome[$0].isNaN }
      guard rows.count >= PanelInnovations.fewestProvinces else { continue }
      let residuals = rows.map { outcome[$0] - phi * lag[$0] }
      for (row, score) in zip(rows, PanelInnovations.normalScores(residuals)) { scores[row] = score }
      effects[layout.years.lowerBound + t] = Reductions.mean(rows.map { now[$0] - phi * before[$0] })
      years.append(layout.years.lowerBound + t)
      count += rows.count
    }
    guard !years.isEmpty else { return nil }
    self.scores = scores
    persistence = phi
    yearEffects = effects
    self.years = years
    self.count = count
  }

  /// Normal quantiles of (rank - 1/2) / n; ties share the mean of their ranks.
  static func normalScores(_ values: [Double]) -> [Double] {
    Ranks.midranks(values).map { VectorMath.normalQuantile(($0 - 0.5) / Double(values.count)) }
  }
}
