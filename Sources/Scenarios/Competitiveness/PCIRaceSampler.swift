import Forecast
import NumericKernels

/// Draws the race for a block of draws. All numbers are keyed by province, year and draw.
package struct PCIRaceSampler {
  let fit: PCIRaceFit
  let seed: Dice
  let grid: [Int]
  let range: Range<Int>
  /// What correlation with other indicators adds to the shock of the province's score in a year.
  private let ownShift: (_ year: Int) -> [Double]?

  package init(
    fit: PCIRaceFit, seed: Dice, grid: [Int], range: Range<Int>,
    ownShift: @escaping (_ year: Int) -> [Double]? = { _ in nil }
  ) {
    self.fit = fit
    self.seed = seed
    self.grid = grid
    self.range = range
    self.ownShift = ownShift
  }

  /// The parts of the yearly shock of the province's own score: what lasts, and the survey's noise.
  static func shockParts(_ model: AR1PlusNoise) -> [CorrelatedShocks.Part] {
    let (q, r) = (model.innovationVariance.squareRoot(), model.noiseVariance.squareRoot())
    let length = max((q * q + r * r).squareRoot(), .leastNormalMagnitude)
    return [
      .init(stream: "pci_score", substream: 0, weight: q / length),
      .init(stream: "pci_score", substream: 1, weight: r / length),
    ]
  }

  private var count: Int { range.count }

  private func normals(_ stream: RandomStream, item: Int, substream: Int = 0) -> [Double] {
    [Double](unsafeUninitializedCapacity: count) { buffer, filled in
      stream.normals(
        item: item, substream: substream, firstDraw: range.lowerBound,
        into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      filled = count
    }
  }

  /// The logit of the national median: facts to the last edition, then paths.
  func median(into table: DrawTable) {
    let forecast = fit.medianForecast
    let stream = RandomStream(seed: seed, id: "pci_median", purpose: .innovation)
    let parameter = normals(RandomStream(seed: seed, id: "pci_median", purpose: .model), item: 0)
    let shocks = forecast.mean.indices.map { normals(stream, item: fit.lastYear + 1 + $0) }
    let deviations = forecast.standardDeviations
    let calibration = YearlyCalibration(observations: fit.medians.count, scale: .plain)
    for (index, year) in grid.enumerated() {
      let output = table.draws(0, index, range)
      let h = year - fit.lastYear - 1
      guard h >= 0 else {
        output.update(repeating: fit.medians[year] ?? 0)
        continue
      }
      for d in 0..<count {
        var deviation = forecast.parameterDeviations[h] * parameter[d]
        for j in 0...h { deviation += forecast.shockResponses[h - j] * shocks[j][d] }
        let scale = deviations[h]
        if scale > 0 { deviation = scale * calibration.stretched(deviation / scale, step: h + 1) }
        output[d] = forecast.mean[h] + deviation
      }
    }
  }

  /// The province's own deviation with survey noise, and its persistent shock since the last edition.
  package func own(deviation: DrawTable, shock: DrawTable) {
    let model = fit.scoreModel
    let stream = RandomStream(seed: seed, id: "pci_score", purpose: .innovation)
    let (level, start) = startStates(fit.own, stream)
    var state = start
    var persistent = [Double](repeating: 0, count: count)
    let (q, r) = (model.innovationVariance.squareRoot(), model.noiseVariance.squareRoot())
    for year in (fit.lastYear + 1)...max(grid.last ?? fit.lastYear, fit.lastYear + 1) {
      var eta = normals(stream, item: year)
      var noise = normals(stream, item: year, substream: 1)
      if let shift = ownShift(year) {
        let parts = PCIRaceSampler.shockParts(model)
        for d in 0..<count {
          eta[d] += parts[0].weight * shift[d]
          noise[d] += parts[1].weight * shift[d]
        }
      }
      for d in 0..<count {
        state[d] = model.persistence * state[d] + q * eta[d]
        persistent[d] = model.persistence * persistent[d] + q * eta[d]
      }
      guard let index = grid.firstIndex(of: year) else { continue }
      let (output, shocks) = (deviation.draws(0, index, range), shock.draws(0, index, range))
      for d in 0..<count {
        output[d] = level[d] + state[d] + r * noise[d]
        shocks[d] = persistent[d]
      }
    }
    for (index, year) in grid.enumerated() where year <= fit.lastYear {
      let score = fit.panel.score(fit.province, year)
      let value = RangeTransform(.score100).forward(score) - (fit.medians[year] ?? 0)
      deviation.draws(0, index, range).update(repeating: value.isNaN ? fit.own.signalMean : value)
    }
  }

  /// The sub-indices on the logit scale, shifted together to the drawn score.
  func subIndices(own: DrawTable, median: DrawTable, into table: DrawTable) {
    let size = fit.subIndices.count
    var (levels, states) = ([[Double]](), [[Double]]())
    for sub in fit.subIndices {
      let (level, state) = startStates(sub.state, RandomStream(seed: seed, id: sub.id, purpose: .innovation))
      levels.append(level)
      states.append(state)
    }
    let solver = SubIndexShift(weights: fit.edition.values, loading: fit.loading)
    let lastMedian = fit.medians[fit.lastYear] ?? 0
    for year in (fit.lastYear + 1)...max(grid.last ?? fit.lastYear, fit.lastYear + 1) {
      let eta = correlated(year: year, substream: 0)
      let noise = correlated(year: year, substream: 1)
      for (k, sub) in fit.subIndices.enumerated() {
        let q = sub.model.innovationVariance.squareRoot()
        for d in 0..<count { states[k][d] = sub.model.persistence * states[k][d] + q * eta[k][d] }
      }
      guard let index = grid.firstIndex(of: year) else { continue }
      let (score, middle) = (own.draws(0, index, range), median.draws(0, index, range))
      var z = [[Double]](repeating: [Double](repeating: 0, count: count), count: size)
      for (k, sub) in fit.subIndices.enumerated() {
        let r = sub.model.noiseVariance.squareRoot()
        for d in 0..<count {
          z[k][d] = sub.median + (middle[d] - lastMedian) + levels[k][d] + states[k][d] + r * noise[k][d]
        }
      }
      solver.move(&z, toScores: (0..<count).map { middle[$0] + score[$0] })
      for k in 0..<size { _ = table.draws(k, index, range).update(fromContentsOf: z[k]) }
    }
    let transform = RangeTransform(.score10)
    for (index, year) in grid.enumerated() where year <= fit.lastYear {
      let values = fit.subIndices.indices.map { fit.panel.sub(fit.province, year, $0) }
      var z = zip(values, fit.subIndices).map { [transform.forward($0.isNaN ? $1.lastValue : $0)] }
      // Unpublished sub-indices: the last known ones, moved together to the published score.
      let score = fit.panel.score(fit.province, year)
      if values.contains(where: \.isNaN), !score.isNaN {
        solver.move(&z, toScores: [RangeTransform(.score100).forward(score)])
      }
      for k in 0..<size { table.draws(k, index, range).update(repeating: z[k][0]) }
    }
  }

  /// Standard normals of all sub-indices of one year with their correlation.
  private func correlated(year: Int, substream: Int) -> [[Double]] {
    let independent = fit.subIndices.map {
      normals(RandomStream(seed: seed, id: $0.id, purpose: .innovation), item: year, substream: substream)
    }
    return fit.subIndices.indices.map { k in
      var result = [Double](repeating: 0, count: count)
      for j in 0...k {
        let weight = fit.correlation[k, j]
        for d in 0..<count { result[d] += weight * independent[j][d] }
      }
      return result
    }
  }

  /// Level and persistent shock at the end of the observations, drawn from their joint posterior.
  private func startStates(_ state: AR1PlusNoise.State, _ stream: RandomStream) -> (level: [Double], shock: [Double]) {
    let (first, second) = (normals(stream, item: 0), normals(stream, item: 0, substream: 1))
    let scale = max(state.levelVariance, 0).squareRoot()
    let slope = scale > 0 ? state.covariance / scale : 0
    let rest = max(state.shockVariance - slope * slope, 0).squareRoot()
    return (
      first.map { state.levelMean + scale * $0 },
      zip(first, second).map { state.shockMean + slope * $0 + rest * $1 }
    )
  }

  /// A rival's deviations. Paths through editions that published only the top are drawn again, with numbers of their own, until
  /// they stay below the bounds; after 32 attempts the last one is kept, clipped to the bound.
  package func rival(_ index: Int, into table: RivalTable) {
    let rival = fit.rivals[index]
    let model = rival.state.model
    let stream = RandomStream(seed: seed, id: "pci_score/" + rival.province, purpose: .innovation)
    var (level, state) = startStates(rival.state, stream)
    let (q, r) = (model.innovationVariance.squareRoot(), model.noiseVariance.squareRoot())
    let start = fit.lastYear - rival.bounds.count
    let censored = rival.bounds.contains { $0.isFinite }
    if rival.bounds.count > 0 {
      var path = [[Double]](repeating: [], count: rival.bounds.count)
      let (firstLevel, firstState) = (level, state)
      for (t, _) in rival.bounds.enumerated() {
        let (eta, noise) = (normals(stream, item: start + 1 + t), normals(stream, item: start + 1 + t, substream: 1))
        for d in 0..<count { state[d] = model.persistence * state[d] + q * eta[d] }
        path[t] = (0..<count).map { level[$0] + state[$0] + r * noise[$0] }
      }
      if censored {
        for d in 0..<count where !within(rival.bounds, path.map { $0[d] }) {
          (level[d], state[d]) = redraw(
            rival, model, stream, draw: range.lowerBound + d, start: start, fallback: (firstLevel[d], firstState[d]))
        }
      }
    }
    for year in (fit.lastYear + 1)...max(grid.last ?? fit.lastYear, fit.lastYear + 1) {
      let (eta, noise) = (normals(stream, item: year), normals(stream, item: year, substream: 1))
      for d in 0..<count { state[d] = model.persistence * state[d] + q * eta[d] }
      guard let row = grid.firstIndex(of: year) else { continue }
      for d in 0..<count {
        table.values(year: row, draw: range.lowerBound + d)[index] = Float(level[d] + state[d] + r * noise[d])
      }
    }
  }

  private func within(_ bounds: [Double], _ path: [Double]) -> Bool { zip(bounds, path).allSatisfy { $1 <= $0 } }

  private func redraw(
    _ rival: PCIRaceFit.Rival, _ model: AR1PlusNoise, _ stream: RandomStream, draw: Int, start: Int,
    fallback: (level: Double, state: Double)
  ) -> (Double, Double) {
    let scale = max(rival.state.levelVariance, 0).squareRoot()
    let slope = scale > 0 ? rival.state.covariance / scale : 0
    let rest = max(rival.state.shockVariance - slope * slope, 0).squareRoot()
    let (q, r) = (model.innovationVariance.squareRoot(), model.noiseVariance.squareRoot())
    var best = fallback
    for attempt in 1...32 {
      let first = stream.normal(item: 0, substream: 2 * attempt, draw: draw)
      let second = stream.normal(item: 0, substream: 2 * attempt + 1, draw: draw)
      let level = rival.state.levelMean + scale * first
      var state = rival.state.shockMean + slope * first + rest * second
      var path: [Double] = []
      for t in rival.bounds.indices {
        state =
          model.persistence * state + q * stream.normal(item: start + 1 + t, substream: 2 * attempt, draw: draw)
        path.append(level + state + r * stream.normal(item: start + 1 + t, substream: 2 * attempt + 1, draw: draw))
      }
      best = (level, state)
      if within(rival.bounds, path) { return best }
    }
    let bound = rival.bounds.last { $0.isFinite } ?? .infinity
    return (best.level, min(best.state, bound - best.level))
  }

  /// A merged province: the weighted mean of its parts' deviations plus noise.
  func merged(_ parts: [(rival: Int, weight: Double)], row: Int, noise: Double, table: RivalTable) {
    let stream = RandomStream(seed: seed, id: "pci_merged/" + fit.rivals[parts[0].rival].province, purpose: .innovation)
    for (index, year) in grid.enumerated() {
      let z = normals(stream, item: year)
      for d in 0..<count {
        let values = table.values(year: index, draw: range.lowerBound + d)
        var total = noise * z[d]
        for part in parts { total += part.weight * Double(values[part.rival]) }
        values[row] = Float(total)
      }
    }
  }
}
