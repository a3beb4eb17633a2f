import Forecast
import NumericKernels

/// What back-tests say about a fan: "in back-tests this 80% band held 76% (n = 212)", or that it cannot be tested.
public enum Coverage: Sendable, Equatable {
  case tested(level: Double, held: Double, count: Int)
  /// Too few observations, or breaks that were declared with hindsight.
  case notTestable

  /// The coverage of every indicator of a model.
  ///
  /// The gap to the median PCI is tested over all provinces: from each edition with at least five before it, one to three editions
  /// ahead, with the parameters of the whole sample (pseudo-real-time). New foreign capital is tested in the same way, one year
  /// ahead. Everything else rests on series too short to test.
  static func all(_ model: CompiledModel) throws -> [String: Coverage] {
    var result = Dictionary(uniqueKeysWithValues: model.nodes.map { ($0.id, Coverage.notTestable) })
    if let race = model.process(PCIRace.self) {
      let coverage = try competitiveness(race.fit)
      result[race.gapId] = coverage
    }
    if let projects = model.process(FDIProjects.self) {
      result[projects.outputIds[0]] = counts(projects, store: model.store)
    }
    return result
  }

  private static let quantile90 = 1.2815515655446004

  private static func competitiveness(_ fit: PCIRaceFit) throws -> Coverage {
    let transform = RangeTransform(.score100)
    let years = Array(fit.firstYear...fit.lastCompleteYear)
    var (hits, total) = (0, 0)
    for province in fit.panel.provinces.indices {
      let series = years.map { year -> Double in
        let score = fit.panel.fixedWeightScore(province, year, edition: fit.edition)
        return score.isNaN ? .nan : transform.forward(score) - (fit.medians[year] ?? 0)
      }
      for origin in 4..<(years.count - 1) {
        let state = try fit.scoreModel.filtered(Array(series[...origin]))
        for (step, prediction) in state.predictions(steps: 3).enumerated() {
          let target = origin + 1 + step
          guard target < years.count, !series[target].isNaN else { continue }
          total += 1
          let error = abs(series[target] - prediction.mean)
          if error <= quantile90 * prediction.observationVariance.squareRoot() { hits += 1 }
        }
      }
    }
    guard total > 0 else { return .notTestable }
    return .tested(level: 0.8, held: Double(hits) / Double(total), count: total)
  }

  /// One year ahead, over provinces and years: the count against the 10% and 90% quantiles of its predictive law.
  private static func counts(_ projects: FDIProjects, store: ObservationStore) -> Coverage {
    var counts: [String: [Int: Double]] = [:]
    for row in store.observations where row.isPreferred && row.indicator == projects.outputIds[0] {
      if let year = row.period.calendarYear { counts[row.area, default: [:]][year] = row.value }
    }
    var (hits, total) = (0, 0)
    let s = projects.fit.yearDeviation
    for area in counts.keys.sorted() {
      let series = counts[area] ?? [:]
      guard let last = series.keys.max() else { continue }
      let from = projects.parameters.countFrom
      guard last >= from + 4, var level = try? GammaPoisson(discount: projects.parameters.countDiscount) else {
        continue
      }
      for year in from...last {
        if year >= from + 4, let actual = series[year] {
          let (shape, rate) = level.level(steps: 1)
          // Level and year effect together as one gamma law with the same mean and variance.
          let relative = 1 / shape + VectorMath.exp(s * s) - 1
          let combined = 1 / relative
          let uniforms = [0.1, 0.9].map { bound in
            negativeBinomialQuantile(shape: combined, mean: shape / rate, probability: bound)
          }
          total += 1
          if actual >= uniforms[0] && actual <= uniforms[1] { hits += 1 }
        }
        guard (try? level.observe(series[year].map { Int($0) })) != nil else { break }
      }
    }
    guard total > 0 else { return .notTestable }
    return .tested(level: 0.8, held: Double(hits) / Double(total), count: total)
  }

  private static func negativeBinomialQuantile(shape: Double, mean: Double, probability: Double) -> Double {
    let p = shape / (shape + mean)
    var (k, mass) = (0.0, VectorMath.exp(shape * VectorMath.log(p)))
    var cumulated = mass
    while cumulated < probability && k < 100_000 {
      mass *= (shape + k) / (k + 1) * (1 - p)
      k += 1
      cumulated += mass
    }
    return k
  }
}
