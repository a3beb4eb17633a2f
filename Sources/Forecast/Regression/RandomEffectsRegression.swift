import NumericKernels

/// Random effects of units: y = x'b + a[unit] + e, with variances of a and e after Swamy and Arora (1972), for unbalanced
/// panels after Baltagi and Chang (1994).
///
///     σ²e = RSS(within) / (N - n - K_within)
///     σ²a = (q - (n - K) σ²e) / (N - tr[(sum T x̄x̄')⁻¹ sum T² x̄x̄']),  not below zero
///     θ[i] = 1 - sqrt(σ²e / (σ²e + T[i] σ²a))
///
/// with q the residual sum of squares of the unit means, weighted by T[i], n units, K columns. Least squares of
/// y - θ ȳ on x - θ x̄ is then efficient, if the effects are not correlated with x (see ``HausmanTest``).
///
/// Edge cases: σ²a = 0 gives pooled least squares; columns constant within units are estimated (unlike within).
public struct RandomEffectsRegression: Sendable {
  /// σ²e.
  public let errorVariance: Double
  /// σ²a.
  public let unitVariance: Double
  /// Whether the estimate of σ²a was negative and set to zero.
  public let isUnitVarianceTruncated: Bool
  /// θ by unit, in the order of the sample's levels.
  public let shrinkage: [Double]
  /// Least squares of the transformed rows: coefficients, covariances and tests. Its R² is about zero.
  public let regression: LinearRegression

  /// - Throws: `tooFewObservations` if there are not more units than columns, or no degree of freedom within units; what
  ///   ``LinearRegression`` throws.
  public init(_ sample: PanelSample) throws(ForecastError) {
    let model = "random effects"
    let within = try LinearRegression(sample, effects: .unit)
    guard within.degreesOfFreedom > 0 else {
      throw .tooFewObservations(model: model, needed: within.rank + 1, found: sample.count)
    }
    let error = within.residualSumOfSquares / Double(within.degreesOfFreedom)

    let sizes = sample.units.sums(of: sample.outcome.map { _ in 1 })
    func means(_ values: [Double]) -> [Double] { zip(sample.units.sums(of: values), sizes).map { $0 / $1 } }
    var columns = sample.regressors
    columns.insert(
      RegressionColumn(name: LinearRegression.interceptName, values: sample.outcome.map { _ in 1 }), at: 0)
    let between = try LinearRegression(
      outcome: means(sample.outcome),
      regressors: columns.map { RegressionColumn(name: $0.name, values: means($0.values)) }, weights: sizes,
      intercept: false)
    let units = sizes.count
    guard units > between.rank else {
      throw .tooFewObservations(model: "\(model), units", needed: between.rank + 1, found: units)
    }
    // The design of `between` carries roots of T; times another root it gives sum T² x̄x̄'.
    var doubled = between.weightedDesign
    for j in 0..<doubled.columnCount { for unit in 0..<units { doubled[unit, j] *= sizes[unit].squareRoot() } }
    let squares = doubled.gram
    var trace = 0.0
    for a in 0..<squares.rowCount {
      for b in 0..<squares.rowCount { trace += between.inverseGram[a, b] * squares[b, a] }
    }
    let surplus = between.residualSumOfSquares - Double(units - between.rank) * error
    let unit = surplus / (Double(sample.count) - trace)
    isUnitVarianceTruncated = unit < 0
    unitVariance = max(unit, 0)
    errorVariance = error
    let variance = max(unit, 0)
    let theta = sizes.map { error > 0 ? 1 - (error / (error + $0 * variance)).squareRoot() : 1 }
    shrinkage = theta
    func transformed(_ values: [Double]) -> [Double] {
      let average = means(values)
      return values.indices.map { row in
        let code = sample.units.codes[row]
        return values[row] - theta[code] * average[code]
      }
    }
    regression = try LinearRegression(
      outcome: transformed(sample.outcome),
      regressors: columns.map { RegressionColumn(name: $0.name, values: transformed($0.values)) }, intercept: false)
  }
}

/// First differences within units: y[t] - y[t-1] on x[t] - x[t-1].
///
/// Removes the unit effects as the within estimator does, and is the better of the two when errors are close to a random
/// walk. The differences of neighbouring periods are correlated: use errors clustered by ``units``.
public struct FirstDifferenceRegression: Sendable {
  /// Least squares of the differences.
  public let regression: LinearRegression
  /// Rows of the sample whose difference to the row before is used, and their units (for clustering).
  public let rows: [Int]
  public let units: Factor

  /// - Parameters:
  ///   - intercept: a common drift per period.
  ///   - bridgesGaps: whether the difference over a missing period is used, as R's plm does; else only neighbouring
  ///     periods are compared.
  /// - Throws: `tooFewObservations` if no unit has two rows to compare, `badDesign` for two rows of one unit and period.
  public init(_ sample: PanelSample, intercept: Bool = true, bridgesGaps: Bool = false) throws(ForecastError) {
    var chosen: [Int] = []
    var before: [Int] = []
    var last: (row: Int, unit: Int)?
    for run in try sample.runs(model: "first differences") {
      for (place, row) in run.enumerated() {
        let unit = sample.units.codes[row]
        if let last, last.unit == unit, place > 0 || bridgesGaps {
          chosen.append(row)
          before.append(last.row)
        }
        last = (row, unit)
      }
    }
    guard !chosen.isEmpty else { throw .tooFewObservations(model: "first differences", needed: 2, found: 1) }
    func difference(_ values: [Double]) -> [Double] { zip(chosen, before).map { values[$0] - values[$1] } }
    rows = chosen
    units = sample.units.selecting(rows: chosen)
    regression = try LinearRegression(
      outcome: difference(sample.outcome),
      regressors: sample.regressors.map { RegressionColumn(name: $0.name, values: difference($0.values)) },
      intercept: intercept)
  }
}

/// Whether two estimates of the same coefficients differ by more than chance (Hausman, 1978): usually fixed effects,
/// consistent in any case, against random effects, efficient if the effects are not correlated with the regressors.
///
///     H = d' (V(consistent) - V(efficient))⁻¹ d,  χ² with one degree of freedom per common coefficient
public struct HausmanTest: Equatable, Sendable {
  public let statistic: Double
  public let degreesOfFreedom: Int
  public var pValue: Double {
    Distributions.chiSquaredUpperTail(statistic, degreesOfFreedom: Double(degreesOfFreedom))
  }

  /// - Parameters: tables with classical covariances.
  /// - Throws: `badDesign` without a common coefficient (the intercept does not count), or if the difference of the
  ///   covariances is not positive definite, when the test has no meaning.
  public init(consistent: CoefficientTable, efficient: CoefficientTable) throws(ForecastError) {
    let model = "Hausman test"
    let names = consistent.names.filter { $0 != LinearRegression.interceptName && efficient.names.contains($0) }
    guard !names.isEmpty else { throw .badDesign(model: model, reason: "the two tables share no coefficient") }
    let first = names.compactMap { consistent.names.firstIndex(of: $0) }
    let second = names.compactMap { efficient.names.firstIndex(of: $0) }
    var variance = Matrix(rowCount: names.count, columnCount: names.count)
    let scales = first.map { consistent.covariance[$0, $0].squareRoot() }
    var gap: [Double] = []
    for a in names.indices {
      gap.append((consistent.estimates[first[a]] - efficient.estimates[second[a]]) / scales[a])
      for b in names.indices {
        let difference = consistent.covariance[first[a], first[b]] - efficient.covariance[second[a], second[b]]
        variance[a, b] = difference / (scales[a] * scales[b])
      }
    }
    do {
      let solved = try variance.cholesky().solve(gap)
      statistic = Reductions.sum(zip(gap, solved).map { $0 * $1 })
      degreesOfFreedom = names.count
    } catch {
      throw .badDesign(
        model: model,
        reason: "the covariances do not differ by a positive definite matrix; compare with clustered errors instead")
    }
  }
}
