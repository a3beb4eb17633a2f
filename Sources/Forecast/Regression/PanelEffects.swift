import NumericKernels

/// Which sets of fixed effects a panel regression holds.
public struct PanelEffects: OptionSet, Sendable, Hashable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// One intercept per unit.
  public static let unit = PanelEffects(rawValue: 1)
  /// One intercept per period.
  public static let period = PanelEffects(rawValue: 2)
  public static let twoWay: PanelEffects = [.unit, .period]
}

/// Projects columns off fixed effects under given weights: the Frisch-Waugh-Lovell step.
///
/// Weighted least squares of a column v on one or two sets of dummies. With two sets, the larger one (sizes U >= T) is
/// eliminated exactly, which leaves T - (number of connected components) normal equations, solved by Cholesky; one step
/// of iterative refinement brings the projection to rounding error. Cost: O(rows + U T²) once per weights, O(rows + T²)
/// per column. When both sets are large (T above 256) the reduced equations are not formed but solved by conjugate
/// gradients (``SparseEffects``).
///
/// Without any effect the intercept is projected off, so every regression of this folder has one.
struct EffectsProjection {
  /// Independent dummies, the intercept counted once: the rank of the dummy matrix.
  let parameters: Int

  private let major: Factor
  private let minor: Factor?
  private let weights: [Double]
  private let majorWeights: [Double]
  /// major levels x minor levels, row by row: sums of weights.
  private let crossWeights: [Double]
  /// Minor levels that stay in the reduced system: all but the first of each connected component.
  private let free: [Int]
  private let factor: CholeskyFactor?
  private let sparse: SparseEffects?
  /// For each minor level, the first minor level of its connected component.
  private let components: [Int]

  /// The largest smaller set whose equations are formed.
  static let largestDenseSet = 256

  /// - Parameter sets: none, one or two factors over the same rows; `weights` must be positive.
  init(
    sets: [Factor], weights: [Double], model: String, largestDenseSet: Int = EffectsProjection.largestDenseSet
  ) throws(ForecastError) {
    // With equal sizes the first set stays the major one.
    let ordered = sets.count == 2 && sets[1].levels.count > sets[0].levels.count ? [sets[1], sets[0]] : sets
    let major = ordered.first ?? Factor([Int](repeating: 0, count: weights.count))
    self.major = major
    self.weights = weights
    majorWeights = major.sums(of: weights)
    guard ordered.count > 1 else {
      minor = nil
      crossWeights = []
      free = []
      factor = nil
      sparse = nil
      components = []
      parameters = major.levels.count
      return
    }
    let minor = ordered[1]
    self.minor = minor
    let size = minor.levels.count
    let components = EffectsProjection.components(major: major, minor: minor)
    var seen: Set<Int> = []
    free = (0..<size).filter { !seen.insert(components[$0]).inserted }
    parameters = major.levels.count + free.count
    self.components = components
    guard size <= largestDenseSet else {
      crossWeights = []
      factor = nil
      sparse = SparseEffects(
        major: major, minor: minor, weights: weights, majorWeights: majorWeights,
        minorWeights: minor.sums(of: weights))
      return
    }
    sparse = nil
    var cross = [Double](repeating: 0, count: major.levels.count * size)
    for (row, weight) in weights.enumerated() { cross[major.codes[row] * size + minor.codes[row]] += weight }
    crossWeights = cross

    // Reduced normal matrix of the minor effects: D - C' M^-1 C. Only free levels are needed.
    let minorWeights = minor.sums(of: weights)
    var reduced = Matrix(rowCount: free.count, columnCount: free.count)
    for (a, j) in free.enumerated() { reduced[a, a] = minorWeights[j] }
    for level in 0..<major.levels.count {
      let start = level * size
      for (a, j) in free.enumerated() where cross[start + j] != 0 {
        let share = cross[start + j] / majorWeights[level]
        for (b, k) in free.enumerated() where b <= a { reduced[a, b] -= share * cross[start + k] }
      }
    }
    do {
      factor = free.isEmpty ? nil : try reduced.cholesky()
    } catch {
      throw .badDesign(
        model: model, reason: "the fixed effects cannot be told apart numerically: some weights are nearly zero")
    }
  }

  /// What is left of `values` after the effects, and the effects themselves (minor effects relative to the first minor
  /// level of their connected component).
  func project(
    _ values: [Double]
  ) throws(ForecastError) -> (residuals: [Double], major: [Double], minor: [Double]) {
    if let sparse, let minor { return try project(values, minor: minor, sparse: sparse) }
    var residuals = values
    var majorEffects = [Double](repeating: 0, count: major.levels.count)
    var minorEffects = [Double](repeating: 0, count: minor?.levels.count ?? 0)
    for _ in 0..<2 {
      let weighted = zip(residuals, weights).map { $0 * $1 }
      let majorSums = major.sums(of: weighted)
      var minorStep = [Double](repeating: 0, count: minorEffects.count)
      if let minor, let factor {
        let size = minor.levels.count
        var right = minor.sums(of: weighted)
        for level in 0..<majorSums.count {
          let mean = majorSums[level] / majorWeights[level]
          for j in 0..<size { right[j] -= crossWeights[level * size + j] * mean }
        }
        do {
          let solution = try factor.solve(free.map { right[$0] })
          for (a, j) in free.enumerated() { minorStep[j] = solution[a] }
        } catch {
          throw .badDesign(model: "fixed effects", reason: "\(error)")
        }
      }
      var majorStep = majorSums
      for level in 0..<majorStep.count {
        for j in 0..<minorStep.count { majorStep[level] -= crossWeights[level * minorStep.count + j] * minorStep[j] }
        majorStep[level] /= majorWeights[level]
      }
      for row in residuals.indices {
        residuals[row] -= majorStep[major.codes[row]]
        if let minor { residuals[row] -= minorStep[minor.codes[row]] }
      }
      for level in majorStep.indices { majorEffects[level] += majorStep[level] }
      for level in minorStep.indices { minorEffects[level] += minorStep[level] }
    }
    return (residuals, majorEffects, minorEffects)
  }

  private func project(
    _ values: [Double], minor: Factor, sparse: SparseEffects
  ) throws(ForecastError) -> (residuals: [Double], major: [Double], minor: [Double]) {
    var residuals = values
    var majorEffects = [Double](repeating: 0, count: major.levels.count)
    var minorEffects = [Double](repeating: 0, count: minor.levels.count)
    var floor: Double?
    for _ in 0..<2 {
      var majorStep = [Double](repeating: 0, count: majorEffects.count)
      var right = [Double](repeating: 0, count: minorEffects.count)
      for row in residuals.indices {
        let value = residuals[row] * weights[row]
        majorStep[major.codes[row]] += value
        right[minor.codes[row]] += value
      }
      let carried = sparse.carried(majorStep)
      for j in right.indices { right[j] -= carried[j] }
      let minorStep = try sparse.solve(right, components: components, floor: &floor, model: "least squares")
      let explained = sparse.majorSums(minorStep)
      for level in majorStep.indices { majorStep[level] = (majorStep[level] - explained[level]) / majorWeights[level] }
      for row in residuals.indices { residuals[row] -= majorStep[major.codes[row]] + minorStep[minor.codes[row]] }
      for level in majorStep.indices { majorEffects[level] += majorStep[level] }
      for level in minorStep.indices { minorEffects[level] += minorStep[level] }
    }
    // The base of each component is its first minor level.
    var shifts = [Double](repeating: 0, count: majorEffects.count)
    for (row, level) in major.codes.enumerated() { shifts[level] = minorEffects[components[minor.codes[row]]] }
    for level in majorEffects.indices { majorEffects[level] += shifts[level] }
    let bases = components.map { minorEffects[$0] }
    for level in minorEffects.indices { minorEffects[level] -= bases[level] }
    return (residuals, majorEffects, minorEffects)
  }

  /// The effects' part of each row's leverage.
  ///
  /// One set: w / (sum of w in the level). Two sets: plus w v'S⁻¹v, with S the reduced normal matrix and v the row's
  /// minor dummy less the shares of its major level. Cost: O(T²) per distinct cell.
  ///
  /// - Throws: `badDesign` when both sets are large.
  func leverages() throws(ForecastError) -> [Double] {
    guard sparse == nil else {
      throw .badDesign(
        model: "least squares",
        reason: "leverages (HC2, HC3) are not computed with two sets of more than "
          + "\(EffectsProjection.largestDenseSet) effects; use hc1 or clustered errors")
    }
    var inverse: Matrix?
    do { inverse = try factor?.inverse() } catch { throw .badDesign(model: "least squares", reason: "\(error)") }
    guard let minor, let inverse else {
      return weights.indices.map { weights[$0] / majorWeights[major.codes[$0]] }
    }
    let size = minor.levels.count
    var cells: [Int: Double] = [:]
    var result = weights
    for row in weights.indices {
      let (level, j) = (major.codes[row], minor.codes[row])
      let key = level * size + j
      if cells[key] == nil {
        let v = free.map { ($0 == j ? 1 : 0) - crossWeights[level * size + $0] / majorWeights[level] }
        var sum = 1 / majorWeights[level]
        for a in v.indices where v[a] != 0 { for b in v.indices { sum += v[a] * inverse[a, b] * v[b] } }
        cells[key] = sum
      }
      result[row] *= cells[key, default: 0]
    }
    return result
  }

  /// For each minor level, the smallest minor level that it is connected with through rows: union-find over both sets.
  private static func components(major: Factor, minor: Factor) -> [Int] {
    var parent = Array(0..<minor.levels.count)
    func root(_ node: Int) -> Int {
      var node = node
      while parent[node] != node { node = parent[node] }
      return node
    }
    var firstMinor = [Int](repeating: -1, count: major.levels.count)
    for (row, level) in major.codes.enumerated() {
      let j = minor.codes[row]
      if firstMinor[level] < 0 {
        firstMinor[level] = j
      } else {
        let a = root(firstMinor[level])
        let b = root(j)
        if a != b { parent[max(a, b)] = min(a, b) }
      }
    }
    return (0..<minor.levels.count).map(root)
  }
}

extension PanelSample {
  /// The factors whose effects are projected off.
  func effectSets(_ effects: PanelEffects) -> [Factor] {
    var sets: [Factor] = []
    if effects.contains(.unit) { sets.append(units) }
    if effects.contains(.period) { sets.append(periods) }
    return sets
  }
}
