import Forecast
import NumericKernels

/// The ten sub-indices of the province: where each stands, how it moves, and how they move together.
///
/// Each follows the same kind of state-space model as the score, with parameters from the panel. After the last complete edition the
/// national medians of sub-indices are unknown: they are taken to move together, by the shift on the logit scale that reproduces
/// the published median score.
struct SubIndexFit {
  let subIndices: [PCIRaceFit.SubIndex]
  let correlation: Matrix
  let loading: [Double]
  /// The last year with the sub-indices of all provinces: the fits end there.
  let lastYear: Int

  private static let logit = RangeTransform(.score10)

  init(
    panel: PCIPanel, edition: PCIWeights, province: Int, firstYear: Int, lastComplete: Int, lastYear: Int,
    medians: [Int: Double],
    shrinkage: Double
  ) throws {
    let count = panel.subIndices.count
    // The last year with the sub-indices of all provinces (in 2022 only ten were published).
    var lastSub = lastComplete
    while lastSub > firstYear && panel.provinces.indices.count(where: { !panel.sub($0, lastSub, 0).isNaN }) < 60 {
      lastSub -= 1
    }
    self.lastYear = lastSub
    let years = Array(firstYear...lastSub)
    var subMedians: [[Double]] = []
    var deviations: [[[Double]]] = []
    for k in 0..<count {
      let series = panel.provinces.indices.map { i in
        years.map { panel.sub(i, $0, k) }.map { $0.isNaN ? .nan : SubIndexFit.logit.forward($0) }
      }
      let middle = years.indices.map { t in Quantiles.median(series.map { $0[t] }.filter { !$0.isNaN }) }
      subMedians.append(middle)
      deviations.append(series.map { values in zip(values, middle).map { $0 - $1 } })
    }
    let shifts = SubIndexFit.medianShifts(
      base: subMedians.map { $0[years.count - 1] }, edition: edition, from: lastSub, through: lastYear, medians: medians
    )
    var result: [PCIRaceFit.SubIndex] = []
    for k in 0..<count {
      let fit: AR1PlusNoise.PanelFit
      do { fit = try AR1PlusNoise.fitPanel(series: deviations[k]) } catch {
        throw ScenarioError.fit(indicator: panel.subIndices[k], reason: "\(error)")
      }
      let base = subMedians[k][years.count - 1]
      let later = (lastSub + 1)..<max(lastYear + 1, lastSub + 1)
      let state = try fit.states[province].continued(
        with: later.map { year in
          let value = panel.sub(province, year, k)
          return value.isNaN ? .nan : SubIndexFit.logit.forward(value) - base - (shifts[year] ?? 0)
        })
      let last = panel.years.reversed().map { panel.sub(province, $0, k) }.first { !$0.isNaN } ?? .nan
      result.append(
        PCIRaceFit.SubIndex(
          id: panel.subIndices[k], model: fit.model, state: state, median: base + (shifts[lastYear] ?? 0),
          lastValue: last))
    }
    subIndices = result
    let correlations = SubIndexFit.changeCorrelations(deviations, shrinkage: shrinkage)
    correlation = try correlations.cholesky().lower
    loading = SubIndexFit.loadings(result, edition: edition, correlations: correlations)
  }

  /// The common shift of the sub-indices' medians since the last year in which they are known.
  private static func medianShifts(
    base: [Double], edition: PCIWeights, from: Int, through: Int, medians: [Int: Double]
  ) -> [Int: Double] {
    func score(_ shift: Double) -> Double {
      zip(edition.values, base).reduce(0) { $0 + 10 * $1.0 * logit.inverse($1.1 + shift) }
    }
    let transform = RangeTransform(.score100)
    guard let start = medians[from] else { return [:] }
    var result: [Int: Double] = [:]
    for year in (from + 1)..<max(through + 1, from + 1) {
      guard let median = medians[year] else { continue }
      let target = score(0) + transform.inverse(median) - transform.inverse(start)
      var (low, high) = (-3.0, 3.0)
      for _ in 0..<80 {
        let middle = 0.5 * (low + high)
        if score(middle) < target { low = middle } else { high = middle }
      }
      result[year] = 0.5 * (low + high)
    }
    return result
  }

  /// Correlations of the yearly changes over all provinces and years, shrunk towards independence.
  private static func changeCorrelations(_ deviations: [[[Double]]], shrinkage: Double) -> Matrix {
    let count = deviations.count
    var changes = [[Double]](repeating: [], count: count)
    for i in deviations[0].indices {
      for t in 1..<deviations[0][i].count {
        let row = (0..<count).map { deviations[$0][i][t] - deviations[$0][i][t - 1] }
        guard !row.contains(where: \.isNaN) else { continue }
        for k in 0..<count { changes[k].append(row[k]) }
      }
    }
    let centered = changes.map { column in
      let mean = Reductions.mean(column)
      return column.map { $0 - mean }
    }
    var result = Matrix.identity(count)
    for a in 0..<count {
      for b in 0..<a {
        let cross = Reductions.sum(zip(centered[a], centered[b]).map { $0 * $1 })
        let scale = (Reductions.sum(centered[a].map { $0 * $0 }) * Reductions.sum(centered[b].map { $0 * $0 }))
          .squareRoot()
        let value = scale > 0 ? (1 - shrinkage) * cross / scale : 0
        result[a, b] = value
        result[b, a] = value
      }
    }
    return result
  }

  /// Covariance of each sub-index with the score, per unit variance of the score: the direction in which the sub-indices give way
  /// when their weighted sum has to equal the score. Never below a twentieth of the largest, so that every one can move.
  private static func loadings(_ subs: [PCIRaceFit.SubIndex], edition: PCIWeights, correlations: Matrix) -> [Double] {
    let deviations = subs.map { ($0.model.innovationVariance + $0.model.noiseVariance).squareRoot() }
    let slopes = subs.enumerated().map { k, sub -> Double in
      let p = logit.inverse(sub.median) / 10
      return 100 * edition.values[k] * p * (1 - p)
    }
    let covariances = subs.indices.map { a in
      subs.indices.reduce(0) { $0 + correlations[a, $1] * deviations[a] * deviations[$1] * slopes[$1] }
    }
    let largest = covariances.max() ?? 1
    return covariances.map { max($0, 0.05 * largest) / largest }
  }
}
