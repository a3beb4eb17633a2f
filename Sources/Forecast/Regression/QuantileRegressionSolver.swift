import NumericKernels

/// The linear programme of quantile regression on orthonormal columns U:
///
///     minimise over g the sum of check(y[i] - u[i]'g),  check(r) = r (probability - [r < 0])
///
/// First a primal-dual interior-point method on its bounded dual with Mehrotra's predictor and corrector (Portnoy and
/// Koenker, Statistical Science 12, 1997): each step one weighted Gram matrix, O(n p²). Then the p independent rows
/// with the smallest errors are solved exactly, and edges that still descend are followed with an exact line search
/// (Barrodale and Roberts, SIAM J. Numer. Anal. 10, 1973), so the answer is a vertex with p errors of zero.
struct QuantileRegressionSolver {
  let basis: Matrix
  let outcome: [Double]
  let probability: Double
  private let rows: Int
  private let columns: Int
  /// The rows of U, one after the other.
  private let rowMajor: [Double]

  struct Solution {
    var coordinates: [Double]
    /// Rows with error zero that determine the coordinates.
    var interpolated: [Int]
    var iterations: Int
  }

  init(basis: Matrix, outcome: [Double], probability: Double) {
    self.basis = basis
    self.outcome = outcome
    self.probability = probability
    rows = basis.rowCount
    columns = basis.columnCount
    rowMajor = basis.transposed.storage
  }

  func solve() throws(LinearAlgebraError) -> Solution {
    let start = try basis.multiplied(by: outcome, transposed: true)
    let size = Reductions.mean(errors(start).map { abs($0) })
    let largest = outcome.reduce(0) { max($0, abs($1)) }
    var coordinates = start
    var iterations = 0
    if size > 1e-14 * largest { (coordinates, iterations) = try interiorPoint(start: start, size: size) }
    return try vertex(near: coordinates, size: max(size, 1e-300), iterations: iterations)
  }

  private func product(_ row: Int, _ vector: [Double]) -> Double {
    var sum = 0.0
    for j in 0..<columns { sum += rowMajor[row * columns + j] * vector[j] }
    return sum
  }

  private func errors(_ coordinates: [Double]) -> [Double] {
    (0..<rows).map { outcome[$0] - product($0, coordinates) }
  }

  func loss(_ errors: [Double]) -> Double {
    Reductions.sum(errors.map { $0 * ($0 < 0 ? probability - 1 : probability) })
  }

  // The dual in a: maximise y'a subject to U'a = (1 - probability) U'1, 0 <= a <= 1. With s = 1 - a and the multipliers
  // z of a >= 0 and w of s >= 0, the errors are w - z, their positive and negative parts.
  private func interiorPoint(start: [Double], size: Double) throws(LinearAlgebraError) -> ([Double], Int) {
    let scaledOutcome = outcome.map { $0 / size }
    var a = [Double](repeating: 1 - probability, count: rows)
    var s = [Double](repeating: probability, count: rows)
    var g = start.map { $0 / size }
    let target = try basis.multiplied(by: a, transposed: true)
    let initial = (0..<rows).map { scaledOutcome[$0] - product($0, g) }
    var z = initial.map { max(-$0, 0) + 0.1 }
    var w = initial.map { max($0, 0) + 0.1 }
    let n = Double(rows)
    var iterations = 0
    var weighted = basis
    while iterations < 100 {
      var gap = 0.0
      for i in 0..<rows { gap += a[i] * z[i] + s[i] * w[i] }
      let dualError = (0..<rows).map { w[$0] - z[$0] - scaledOutcome[$0] + product($0, g) }
      let worst = dualError.reduce(0) { max($0, abs($1)) }
      if gap < 1e-11 * n && worst < 1e-9 { break }
      iterations += 1
      let q = (0..<rows).map { 1 / (z[$0] / a[$0] + w[$0] / s[$0]) }
      let roots = q.map { $0.squareRoot() }
      for j in 0..<columns { for i in 0..<rows { weighted[i, j] = basis[i, j] * roots[i] } }
      guard let factor = try? weighted.gram.cholesky() else { break }
      let primal = try basis.multiplied(by: a, transposed: true)

      // Solves for one set of complementarity right-hand sides; the coordinates move by -dy.
      func step(
        _ rz: [Double], _ rw: [Double]
      ) throws(LinearAlgebraError) -> (
        da: [Double], dy: [Double], dz: [Double], dw: [Double]
      ) {
        let h = (0..<rows).map { rz[$0] / a[$0] - rw[$0] / s[$0] - dualError[$0] }
        let hq = try basis.multiplied(by: zip(h, q).map { $0 * $1 }, transposed: true)
        let right = (0..<columns).map { target[$0] - primal[$0] - hq[$0] }
        let dy = try factor.solve(right)
        let da = (0..<rows).map { q[$0] * (product($0, dy) + h[$0]) }
        let dz = (0..<rows).map { (rz[$0] - z[$0] * da[$0]) / a[$0] }
        let dw = (0..<rows).map { (rw[$0] + w[$0] * da[$0]) / s[$0] }
        return (da, dy, dz, dw)
      }
      func lengths(_ d: (da: [Double], dy: [Double], dz: [Double], dw: [Double])) -> (Double, Double) {
        var primalStep = Double.infinity
        var dualStep = Double.infinity
        for i in 0..<rows {
          if d.da[i] < 0 { primalStep = min(primalStep, -a[i] / d.da[i]) }
          if d.da[i] > 0 { primalStep = min(primalStep, s[i] / d.da[i]) }
          if d.dz[i] < 0 { dualStep = min(dualStep, -z[i] / d.dz[i]) }
          if d.dw[i] < 0 { dualStep = min(dualStep, -w[i] / d.dw[i]) }
        }
        return (min(1, 0.99995 * primalStep), min(1, 0.99995 * dualStep))
      }

      var direction = try step((0..<rows).map { -a[$0] * z[$0] }, (0..<rows).map { -s[$0] * w[$0] })
      var (primalStep, dualStep) = lengths(direction)
      if min(primalStep, dualStep) < 1 {
        var predicted = 0.0
        for i in 0..<rows {
          predicted += (a[i] + primalStep * direction.da[i]) * (z[i] + dualStep * direction.dz[i])
          predicted += (s[i] - primalStep * direction.da[i]) * (w[i] + dualStep * direction.dw[i])
        }
        let ratio = predicted / gap
        let centring = gap * ratio * ratio * ratio / (2 * n)
        let affine = direction
        direction = try step(
          (0..<rows).map { centring - a[$0] * z[$0] - affine.da[$0] * affine.dz[$0] },
          (0..<rows).map { centring - s[$0] * w[$0] + affine.da[$0] * affine.dw[$0] })
        (primalStep, dualStep) = lengths(direction)
      }
      guard direction.dy.allSatisfy(\.isFinite) else { break }
      for i in 0..<rows {
        a[i] += primalStep * direction.da[i]
        s[i] -= primalStep * direction.da[i]
        z[i] += dualStep * direction.dz[i]
        w[i] += dualStep * direction.dw[i]
      }
      for j in 0..<columns { g[j] -= dualStep * direction.dy[j] }
    }
    return (g.map { $0 * size }, iterations)
  }

  /// Independent rows in the order given, by Gram-Schmidt.
  private func independentRows(_ order: [Int]) -> [Int] {
    var chosen: [Int] = []
    var directions: [[Double]] = []
    for row in order where chosen.count < columns {
      var rest = (0..<columns).map { rowMajor[row * columns + $0] }
      let before = LinearDesign.length(rest)
      for _ in 0..<2 {
        for direction in directions {
          let share = zip(direction, rest).reduce(0) { $0 + $1.0 * $1.1 }
          for j in rest.indices { rest[j] -= share * direction[j] }
        }
      }
      let after = LinearDesign.length(rest)
      if after > 1e-8 * before, after > 0 {
        chosen.append(row)
        directions.append(rest.map { $0 / after })
      }
    }
    return chosen
  }

  private func rowsMatrix(_ chosen: [Int]) -> Matrix {
    Matrix(rows: chosen.map { row in (0..<columns).map { rowMajor[row * columns + $0] } })
  }

  private func vertex(near start: [Double], size: Double, iterations: Int) throws(LinearAlgebraError) -> Solution {
    let startErrors = errors(start)
    let order = startErrors.indices.sorted { (abs(startErrors[$0]), $0) < (abs(startErrors[$1]), $1) }
    var chosen = independentRows(order)
    var best = Solution(coordinates: start, interpolated: [], iterations: iterations)
    guard chosen.count == columns else { return best }
    var bestLoss = loss(startErrors)
    let zero = 1e-12 * size
    var pivots = 0
    while pivots <= 10 * columns + 100 {
      let factor = try rowsMatrix(chosen).qr(tolerance: 1e-14)
      guard factor.rank == columns else { break }
      var point = try factor.solve(chosen.map { outcome[$0] })
      let correction = try factor.solve(chosen.map { outcome[$0] - product($0, point) })
      for j in point.indices { point[j] += correction[j] }
      var current = errors(point)
      for row in chosen { current[row] = 0 }
      let value = loss(current)
      if value <= bestLoss + 1e-9 * size {
        best = Solution(coordinates: point, interpolated: chosen.sorted(), iterations: iterations + pivots)
        bestLoss = min(value, bestLoss)
      }
      guard let next = try descent(factor, chosen: chosen, errors: current, zero: zero) else { break }
      chosen = next
      pivots += 1
    }
    return best
  }

  /// The rows of the next vertex along the steepest descending edge; `nil` when no edge descends.
  private func descent(
    _ factor: QRFactor, chosen: [Int], errors: [Double], zero: Double
  ) throws(LinearAlgebraError) -> [Int]? {
    var isChosen = [Bool](repeating: false, count: rows)
    for row in chosen { isChosen[row] = true }
    var steepest = -1e-9
    var leaving = -1
    var slopesOfBest: [Double] = []
    for position in 0..<columns {
      var unit = [Double](repeating: 0, count: columns)
      unit[position] = 1
      let edge = try factor.solve(unit)
      let changes = (0..<rows).map { product($0, edge) }
      for sign in [1.0, -1.0] {
        // Moving along the edge lowers the error of the leaving row by sign per unit.
        var slope = sign > 0 ? 1 - probability : probability
        for i in 0..<rows where !isChosen[i] {
          let change = sign * changes[i]
          let negative = errors[i] < -zero || (abs(errors[i]) <= zero && change > 0)
          slope += change * (negative ? 1 - probability : -probability)
        }
        if slope < steepest {
          steepest = slope
          leaving = position
          slopesOfBest = changes.map { sign * $0 }
        }
      }
    }
    guard leaving >= 0 else { return nil }
    var breaks: [(at: Double, row: Int)] = []
    for i in 0..<rows where !isChosen[i] && abs(errors[i]) > zero && slopesOfBest[i] != 0 {
      let at = errors[i] / slopesOfBest[i]
      if at > 0 { breaks.append((at, i)) }
    }
    breaks.sort { ($0.at, $0.row) < ($1.at, $1.row) }
    var slope = steepest
    for (_, row) in breaks {
      slope += abs(slopesOfBest[row])
      if slope >= 0 {
        var next = chosen
        next[leaving] = row
        return next
      }
    }
    return nil
  }
}
