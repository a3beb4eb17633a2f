import NumericKernels

/// The normal equations of the smaller of two large sets of effects, solved without forming them.
///
/// With M and D the weights by major and minor level and C the weights of the cells, the minor effects solve
/// (D - C'M⁻¹C) x = b. One product with that matrix is one round of alternating projections; conjugate gradients scaled
/// by D accelerate them (the matrix is singular, one dimension per connected component, and the equations consistent, so
/// the iteration converges all the same). Cost: O(cells) per iteration.
struct SparseEffects {
  /// Cells of one major level lie at `starts[level]..<starts[level + 1]`.
  private let starts: [Int]
  private let minors: [Int32]
  private let weights: [Double]
  private let majorWeights: [Double]
  private let minorWeights: [Double]

  init(major: Factor, minor: Factor, weights rowWeights: [Double], majorWeights: [Double], minorWeights: [Double]) {
    self.majorWeights = majorWeights
    self.minorWeights = minorWeights
    let levels = majorWeights.count
    var begin = [Int](repeating: 0, count: levels + 1)
    for code in major.codes { begin[code + 1] += 1 }
    for level in 0..<levels { begin[level + 1] += begin[level] }
    var next = begin
    var order = [Int32](repeating: 0, count: rowWeights.count)
    for (row, code) in major.codes.enumerated() {
      order[next[code]] = Int32(truncatingIfNeeded: row)
      next[code] += 1
    }
    var starts = [0]
    var minors: [Int32] = []
    var weights: [Double] = []
    starts.reserveCapacity(levels + 1)
    minors.reserveCapacity(rowWeights.count)
    weights.reserveCapacity(rowWeights.count)
    var place = [Int](repeating: -1, count: minorWeights.count)
    for level in 0..<levels {
      let first = minors.count
      for row in order[begin[level]..<begin[level + 1]] {
        let j = minor.codes[Int(row)]
        if place[j] >= first {
          weights[place[j]] += rowWeights[Int(row)]
        } else {
          place[j] = minors.count
          minors.append(Int32(truncatingIfNeeded: j))
          weights.append(rowWeights[Int(row)])
        }
      }
      starts.append(minors.count)
    }
    self.starts = starts
    self.minors = minors
    self.weights = weights
  }

  /// C'M⁻¹ v
  func carried(_ majorSums: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: minorWeights.count)
    for level in majorSums.indices {
      let mean = majorSums[level] / majorWeights[level]
      for cell in starts[level]..<starts[level + 1] { result[Int(minors[cell])] += weights[cell] * mean }
    }
    return result
  }

  /// C x
  func majorSums(_ x: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: majorWeights.count)
    for level in result.indices {
      var sum = 0.0
      for cell in starts[level]..<starts[level + 1] { sum += weights[cell] * x[Int(minors[cell])] }
      result[level] = sum
    }
    return result
  }

  /// (D - C'M⁻¹C) x
  private func product(_ x: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: x.count)
    for level in majorWeights.indices {
      let cells = starts[level]..<starts[level + 1]
      var sum = 0.0
      for cell in cells { sum += weights[cell] * x[Int(minors[cell])] }
      let mean = sum / majorWeights[level]
      // Differences, not D x less the mean: nothing cancels where x hardly varies.
      for cell in cells {
        let j = Int(minors[cell])
        result[j] += weights[cell] * (x[j] - mean)
      }
    }
    return result
  }

  /// Minor effects, up to a constant per connected component.
  ///
  /// - Parameters:
  ///   - components: for each minor level, one level that stands for its connected component.
  ///   - floor: the energy (squared length of the residual, scaled by D) below which only rounding is left; set by the
  ///     first of several calls.
  func solve(
    _ right: [Double], components: [Int], floor: inout Double?, model: String
  ) throws(ForecastError) -> [Double] {
    let count = right.count
    var x = [Double](repeating: 0, count: count)
    // Rounding leaves a part outside the range of the matrix, which would keep the iteration from converging.
    var excess = [Double](repeating: 0, count: count)
    var mass = [Double](repeating: 0, count: count)
    for j in 0..<count {
      excess[components[j]] += right[j]
      mass[components[j]] += minorWeights[j]
    }
    var residual = (0..<count).map { right[$0] - minorWeights[$0] * excess[components[$0]] / mass[components[$0]] }
    var scaled = (0..<count).map { residual[$0] / minorWeights[$0] }
    var direction = scaled
    var energy = Reductions.sum((0..<count).map { residual[$0] * scaled[$0] })
    let target = max(energy * 1e-26, floor ?? 0)
    if floor == nil { floor = energy * 1e-31 }
    let limit = 20_000
    var iteration = 0
    while energy > target, energy > 0 {
      guard iteration < limit else { throw .noConvergence(model: "\(model), fixed effects", iterations: limit) }
      iteration += 1
      let image = product(direction)
      let curvature = Reductions.sum((0..<count).map { direction[$0] * image[$0] })
      guard curvature > 0 else { break }
      let step = energy / curvature
      for j in 0..<count {
        x[j] += step * direction[j]
        residual[j] -= step * image[j]
        scaled[j] = residual[j] / minorWeights[j]
      }
      let next = Reductions.sum((0..<count).map { residual[$0] * scaled[$0] })
      let ratio = next / energy
      energy = next
      for j in 0..<count { direction[j] = scaled[j] + ratio * direction[j] }
    }
    return x
  }
}
