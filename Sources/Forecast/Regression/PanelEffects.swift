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
/// per column.
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

  /// - Parameter sets: none, one or two factors over the same rows; `weights` must be positive.
  init(sets: [Factor], weights: [Double], model: String) throws(ForecastError) {
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
      parameters = major.levels.count
      return
    }
    let minor = ordered[1]
    self.minor = minor
    let size = minor.levels.count
    var cross = [Double](repeating: 0, count: major.levels.count * size)
    for (row, weight) in weights.enumerated() { cross[major.codes[row] * size + minor.codes[row]] += weight }
    crossWeights = cross
    let components = EffectsProjection.components(major: major, minor: minor)
    var seen: Set<Int> = []
    free = (0..<size).filter { !seen.insert(components[$0]).inserted }
    parameters = major.levels.count + free.count

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
