import NumericKernels

extension BayesianRegression {
  /// What a prior and the data give.
  struct Posterior {
    var names: [String]
    var mean: [Double]
    var covariance: Matrix
    var root: Matrix
    var shape: Double
    var rate: Double
    var logMarginalLikelihood: Double
    var shrinkage: Double

    private static let logTwoPi = 1.837877066409345484

    static func conjugate(
      outcome: [Double], regressors: [RegressionColumn], intercept: Bool, mean: [Double], precision: Matrix,
      shape: Double, rate: Double, model: String
    ) throws(ForecastError) -> Posterior {
      var columns = regressors.map(\.values)
      var names = regressors.map(\.name)
      if intercept {
        columns.insert([Double](repeating: 1, count: outcome.count), at: 0)
        names.insert(LinearRegression.interceptName, at: 0)
      }
      let p = columns.count
      guard p > 0 else { throw .badDesign(model: model, reason: "there is no column; give at least one") }
      guard mean.count == p, precision.rowCount == p, precision.columnCount == p else {
        throw .badDesign(
          model: model,
          reason: "the prior has \(mean.count) means and a \(precision.rowCount) x \(precision.columnCount) precision "
            + "for \(p) columns: \(names.joined(separator: ", "))")
      }
      guard mean.allSatisfy(\.isFinite), precision.storage.allSatisfy(\.isFinite) else {
        throw .badDesign(model: model, reason: "the prior has a value that is not a finite number")
      }
      guard shape >= 0, rate >= 0, shape.isFinite, rate.isFinite else {
        throw .badDesign(model: model, reason: "shape \(shape) and rate \(rate) of the prior must be finite and >= 0")
      }
      let largest = precision.storage.reduce(0) { max($0, abs($1)) }
      for a in 0..<p {
        for b in 0..<a where abs(precision[a, b] - precision[b, a]) > 1e-12 * largest {
          throw .badDesign(model: model, reason: "the prior precision is not symmetric")
        }
      }
      let n = Double(outcome.count)
      let posteriorShape = shape + n / 2
      guard n > 0 else { throw .tooFewObservations(model: model, needed: 1, found: 0) }
      do {
        let x = Matrix(columns: columns)
        let eigen = try precision.symmetricEigen()
        guard eigen.values.allSatisfy({ $0 >= -1e-12 * largest }) else {
          throw ForecastError.badDesign(model: model, reason: "the prior precision has a negative direction")
        }
        // The prior as extra rows: half' half = precision. A QR of the stack never squares its condition.
        let p = names.count
        let rows = outcome.count + p
        var stack = Matrix(rowCount: rows, columnCount: p)
        var lengths: [Double] = []
        for j in 0..<p {
          for i in 0..<outcome.count { stack[i, j] = x[i, j] }
          for k in 0..<p { stack[outcome.count + k, j] = max(0, eigen.values[k]).squareRoot() * eigen.vectors[j, k] }
          let length = LinearDesign.length(stack.column(j))
          guard length > 0 else { throw ForecastError.notIdentified(model: model, term: names[j]) }
          lengths.append(length)
          for i in 0..<rows { stack[i, j] /= length }
        }
        let factor = try stack.qr(tolerance: 1e-13)
        guard factor.rank == p else {
          throw ForecastError.notIdentified(model: model, term: names[factor.pivots[factor.rank]])
        }
        // Solved for the departure from the prior mean, where the prior rows have outcome 0; refined once.
        let fittedPrior = try x.multiplied(by: mean)
        let target = zip(outcome, fittedPrior).map { $0 - $1 } + [Double](repeating: 0, count: p)
        var step = try factor.solve(target)
        var left = zip(target, try stack.multiplied(by: step)).map { $0 - $1 }
        let correction = try factor.solve(left)
        for j in step.indices { step[j] += correction[j] }
        left = zip(target, try stack.multiplied(by: step)).map { $0 - $1 }
        // |y - X m|² + (m - m0)' precision (m - m0)
        let posteriorRate = rate + 0.5 * Reductions.sum(left.map { $0 * $0 })
        var covariance = try factor.inverseGram()
        for a in 0..<p { for b in 0..<p { covariance[a, b] /= lengths[a] * lengths[b] } }
        var logDeterminant = 0.0
        let upper = factor.upper
        for j in 0..<p {
          logDeterminant += 2 * (VectorMath.log(abs(upper[j, j])) + VectorMath.log(lengths[j]))
        }
        var evidence = Double.nan
        if shape > 0, rate > 0, (eigen.values.first ?? 0) > 1e-14 * largest {
          let priorDeterminant = eigen.values.reduce(0) { $0 + VectorMath.log($1) }
          evidence =
            -0.5 * n * logTwoPi + 0.5 * (priorDeterminant - logDeterminant) + shape * VectorMath.log(rate)
            - posteriorShape * VectorMath.log(posteriorRate) + Distributions.logGamma(posteriorShape)
            - Distributions.logGamma(shape)
        }
        return Posterior(
          names: names, mean: zip(mean, step.indices.map { step[$0] / lengths[$0] }).map { $0 + $1 },
          covariance: covariance, root: try covariance.cholesky().lower, shape: posteriorShape, rate: posteriorRate,
          logMarginalLikelihood: evidence, shrinkage: .nan)
      } catch let error as ForecastError {
        throw error
      } catch { throw .badDesign(model: model, reason: "\(error)") }
    }

    static func zellner(
      outcome: [Double], regressors: [RegressionColumn], g: Double?, model: String
    ) throws(ForecastError) -> Posterior {
      let n = outcome.count
      let p = regressors.count
      let design = try LinearDesign(outcome: outcome, regressors: regressors, intercept: true, model: model)
      if let first = design.aliased.first { throw .notIdentified(model: model, term: first) }
      guard n > p + 1 else { throw .tooFewObservations(model: model, needed: p + 2, found: n) }
      if let g, !(g >= 0 && g.isFinite) {
        throw .badDesign(model: model, reason: "g is \(g), not a finite number >= 0")
      }
      let fit = design.leastSquares
      let rSquared = fit.rSquared.isNaN ? 0 : fit.rSquared
      let degrees = Double(n - 1 - p)
      var chosen = g ?? 0
      if g == nil, p > 0 {
        let f = rSquared / Double(p) / ((1 - rSquared) / degrees)
        guard f.isFinite else {
          throw .badDesign(model: model, reason: "the columns explain the outcome exactly; state g")
        }
        chosen = max(0, f - 1)
      }
      let center = Reductions.mean(outcome)
      let total = Reductions.sum(outcome.map { ($0 - center) * ($0 - center) })
      let shape = 0.5 * Double(n - 1)
      let share = chosen / (1 + chosen)
      let rate = 0.5 * (fit.residualSumOfSquares + (total - fit.residualSumOfSquares) / (1 + chosen))
      let means = regressors.map { Reductions.mean($0.values) }
      var slopes = [Double](repeating: 0, count: p)
      var gram = Matrix(rowCount: p, columnCount: p)
      let inverse = try design.inverseGram()
      for j in 0..<p {
        slopes[j] = share * fit.coefficients[j + 1]
        for k in 0..<p { gram[j, k] = share * inverse[j + 1, k + 1] }
      }
      let evidence =
        nullEvidence(count: n, total: total) + 0.5 * degrees * VectorMath.log(1 + chosen)
        - shape * VectorMath.log(1 + chosen * (1 - rSquared))
      return try withIntercept(
        names: regressors.map(\.name), slopes: slopes, covariance: gram, means: means, outcomeMean: center, count: n,
        shape: shape, rate: rate, evidence: evidence, shrinkage: chosen, model: model)
    }

    static func ridge(
      outcome: [Double], regressors: [RegressionColumn], penalty: Double?, model: String
    ) throws(ForecastError) -> Posterior {
      let n = outcome.count
      guard n >= 2 else { throw .tooFewObservations(model: model, needed: 2, found: n) }
      guard !regressors.isEmpty else { throw .badDesign(model: model, reason: "there is no column; give at least one") }
      if let penalty, !(penalty > 0 && penalty.isFinite) {
        throw .badDesign(model: model, reason: "the penalty is \(penalty), not a finite number > 0")
      }
      let p = regressors.count
      let center = Reductions.mean(outcome)
      let y = outcome.map { $0 - center }
      let total = Reductions.sum(y.map { $0 * $0 })
      var matrix = Matrix(rowCount: n, columnCount: p)
      var means: [Double] = []
      var scales: [Double] = []
      for (j, column) in regressors.enumerated() {
        let mean = Reductions.mean(column.values)
        let centered = column.values.map { $0 - mean }
        let scale = LinearDesign.length(centered) / Double(n).squareRoot()
        guard scale > 1e-13 * column.values.reduce(0, { max($0, abs($1)) }) else {
          throw .notIdentified(model: model, term: column.name)
        }
        means.append(mean)
        scales.append(scale)
        for i in 0..<n { matrix[i, j] = centered[i] / scale }
      }
      do {
        let svd = try matrix.singularValueDecomposition()
        let projections = try svd.left.multiplied(by: y, transposed: true)
        var outside = y
        for k in projections.indices { for i in 0..<n { outside[i] -= svd.left[i, k] * projections[k] } }
        let outsideSum = Reductions.sum(outside.map { $0 * $0 })
        func rate(_ penalty: Double) -> Double {
          var sum = outsideSum
          for k in projections.indices {
            let d = svd.values[k]
            sum += projections[k] * projections[k] * penalty / (d * d + penalty)
          }
          return 0.5 * sum
        }
        // Relative to the model without columns.
        func gain(_ penalty: Double) -> Double {
          let determinant = svd.values.reduce(0) { $0 - 0.5 * VectorMath.log(1 + $1 * $1 / penalty) }
          return determinant - 0.5 * Double(n - 1) * VectorMath.log(2 * rate(penalty) / total)
        }
        let chosen = penalty ?? (total > 0 ? maximize(gain, count: n) : Double(n))
        var slopes = [Double](repeating: 0, count: p)
        var covariance = Matrix(rowCount: p, columnCount: p)
        for j in 0..<p { covariance[j, j] = 1 / chosen }
        for k in projections.indices {
          let d = svd.values[k]
          let shrink = d / (d * d + chosen)
          // 1 / (d² + penalty) - 1 / penalty, added to the prior covariance direction by direction.
          let fall = -d * d / ((d * d + chosen) * chosen)
          for j in 0..<p {
            let v = svd.rightTransposed[k, j]
            slopes[j] += v * shrink * projections[k]
            for m in 0..<p { covariance[j, m] += fall * v * svd.rightTransposed[k, m] }
          }
        }
        for j in 0..<p {
          slopes[j] /= scales[j]
          for m in 0..<p { covariance[j, m] /= scales[j] * scales[m] }
        }
        let evidence = total > 0 ? nullEvidence(count: n, total: total) + gain(chosen) : .nan
        return try withIntercept(
          names: regressors.map(\.name), slopes: slopes, covariance: covariance, means: means, outcomeMean: center,
          count: n, shape: 0.5 * Double(n - 1), rate: rate(chosen), evidence: evidence, shrinkage: chosen, model: model)
      } catch let error as ForecastError {
        throw error
      } catch { throw .badDesign(model: model, reason: "\(error)") }
    }

    /// The evidence of an intercept alone under p(intercept, v) = 1/v.
    private static func nullEvidence(count: Int, total: Double) -> Double {
      guard total > 0 else { return .nan }
      let n = Double(count)
      let half = 0.5 * (n - 1)
      let constant = -half * logTwoPi - 0.5 * VectorMath.log(n) + Distributions.logGamma(half)
      return constant - half * VectorMath.log(total / 2)
    }

    /// The best penalty on a grid of logarithms, sharpened by golden section.
    private static func maximize(_ gain: (Double) -> Double, count: Int) -> Double {
      let start = VectorMath.log(1e-8 * Double(count))
      let step = VectorMath.log(1e16) / 200
      var best = 0
      var bestValue = -Double.infinity
      for k in 0...200 {
        let value = gain(VectorMath.exp(start + step * Double(k)))
        if value > bestValue { (best, bestValue) = (k, value) }
      }
      var low = start + step * Double(max(0, best - 1))
      var high = start + step * Double(min(200, best + 1))
      let ratio = 0.618033988749894848
      for _ in 0..<80 {
        let a = high - ratio * (high - low)
        let b = low + ratio * (high - low)
        if gain(VectorMath.exp(a)) >= gain(VectorMath.exp(b)) { high = b } else { low = a }
      }
      return VectorMath.exp(0.5 * (low + high))
    }

    /// Adds the flat intercept: its mean passes through the centre and its variance is v / n about the slopes' part.
    private static func withIntercept(
      names: [String], slopes: [Double], covariance: Matrix, means: [Double], outcomeMean: Double, count: Int,
      shape: Double, rate: Double, evidence: Double, shrinkage: Double, model: String
    ) throws(ForecastError) -> Posterior {
      let p = slopes.count
      var full = Matrix(rowCount: p + 1, columnCount: p + 1)
      var intercept = outcomeMean
      full[0, 0] = 1 / Double(count)
      for j in 0..<p {
        intercept -= slopes[j] * means[j]
        var cross = 0.0
        for k in 0..<p {
          full[j + 1, k + 1] = covariance[j, k]
          cross += covariance[j, k] * means[k]
        }
        full[0, j + 1] = -cross
        full[j + 1, 0] = -cross
        full[0, 0] += cross * means[j]
      }
      // The root in blocks, as the slopes' covariance may be zero (g = 0): the slopes, and the intercept from them.
      var root = Matrix(rowCount: p + 1, columnCount: p + 1)
      root[0, 0] = (1 / Double(count)).squareRoot()
      if p > 0, covariance.storage.contains(where: { $0 != 0 }) {
        do {
          let lower = try covariance.cholesky().lower
          for j in 0..<p {
            for k in 0...j {
              root[j + 1, k + 1] = lower[j, k]
              root[0, k + 1] -= means[j] * lower[j, k]
            }
          }
        } catch { throw .badDesign(model: model, reason: error.description) }
      }
      return Posterior(
        names: [LinearRegression.interceptName] + names, mean: [intercept] + slopes, covariance: full, root: root,
        shape: shape, rate: rate, logMarginalLikelihood: evidence, shrinkage: shrinkage)
    }
  }
}
