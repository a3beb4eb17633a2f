import NumericKernels

/// The objective of a search for packages, by draw and smoothed.
struct PackageScore {
  private let objective: OptimiseRequest.Objective
  /// By measure, of the draws without new measures.
  private let means: [Double]
  private let spreads: [Double]

  init(_ objective: OptimiseRequest.Objective, baseline: [[Double]]) {
    self.objective = objective
    means = baseline.map { Reductions.mean($0) }
    spreads = baseline.map { max(Reductions.standardDeviation($0), 1e-300) }
  }

  /// By draw; the mean of these is the objective.
  func byDraw(_ draws: [[Double]]) -> [Double] {
    switch objective {
    case .probability(let aim):
      return (draws.first ?? []).map { aim.target.share([$0]) }
    case .mean(_, let direction):
      let sign = direction == .atLeast ? 1.0 : -1.0
      return (draws.first ?? []).map { sign * $0 }
    case .weighted(let parts):
      var result = [Double](repeating: 0, count: draws.first?.count ?? 0)
      for (k, part) in parts.enumerated() {
        let weight = part.weight * (part.direction == .atLeast ? 1 : -1) / spreads[k]
        for d in result.indices { result[d] += weight * (draws[k][d] - means[k]) }
      }
      return result
    }
  }

  /// What a lever's help is judged by: as above, but for a probability the indicator itself.
  func direction(_ draws: [[Double]]) -> [Double] {
    guard case .probability(let aim) = objective else { return byDraw(draws) }
    let sign = aim.target.direction == .atLeast ? 1.0 : -1.0
    return (draws.first ?? []).map { sign * $0 }
  }

  /// The objective for the search: of a probability, each draw counts by how surely it lies on the right side, on a
  /// tenth of the spread, so that small moves show.
  func smooth(_ draws: [[Double]]) -> Double {
    guard let first = draws.first, !first.isEmpty else { return .nan }
    guard case .probability(let aim) = objective else { return Reductions.mean(byDraw(draws)) }
    let width = 0.1 * spreads[0]
    let sign = aim.target.direction == .atLeast ? 1.0 : -1.0
    return Reductions.mean(
      first.map { 1 / (1 + VectorMath.exp(min(max(-1.7 * sign * ($0 - aim.target.value) / width, -700), 700))) })
  }
}
