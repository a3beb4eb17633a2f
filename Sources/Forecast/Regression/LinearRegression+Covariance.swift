import NumericKernels

extension LinearRegression {
  /// The coefficients with a covariance.
  ///
  /// p values are read from Student's t with N - K degrees of freedom (classical, HC0 to HC3, Newey-West) or G - 1
  /// (clustered; the smaller G of two groupings).
  ///
  /// ```swift
  /// let robust = try fit.table(.heteroskedastic(.hc3))
  /// let serial = try fit.table(.neweyWest(NeweyWestOptions(bandwidth: .lags(3))))
  /// ```
  ///
  /// - Throws: `tooFewObservations` when no degree of freedom is left, `badDesign` for clusters of another length or
  ///   fewer than two, for a row of leverage 1 with HC2 or HC3, and for a negative number of lags.
  public func table(_ estimator: CovarianceEstimator = .classical) throws(ForecastError) -> CoefficientTable {
    let model = "least squares"
    guard estimator != .classical else {
      guard degreesOfFreedom > 0 else {
        throw .tooFewObservations(model: model, needed: rank + 1, found: observationCount)
      }
      var scaled = inverseGram
      let variance = residualSumOfSquares / Double(degreesOfFreedom)
      for index in scaled.storage.indices { scaled.storage[index] *= variance }
      return CoefficientTable(
        names: names, estimates: coefficients, covariance: scaled, aliased: aliased,
        reference: .studentT(degreesOfFreedom: Double(degreesOfFreedom)))
    }
    var sandwich = Sandwich(
      scores: scores, bread: inverseGram, usedRows: usedRows, inputCount: inputCount, parameters: rank, model: model)
    sandwich.interceptColumn = names.firstIndex(of: LinearRegression.interceptName)
    sandwich.series = timeOrder
    sandwich.times = panel?.periods.codes
    var leverages: Sandwich.Leverages?
    if estimator == .heteroskedastic(.hc2) || estimator == .heteroskedastic(.hc3) { leverages = try usedLeverages() }
    let robust = try sandwich.covariance(estimator, effectLeverages: leverages)
    return CoefficientTable(
      names: names, estimates: coefficients, covariance: robust.covariance, aliased: aliased,
      reference: .studentT(degreesOfFreedom: Double(robust.clusterDegrees ?? degreesOfFreedom)),
      isRepaired: robust.isRepaired)
  }

  /// The diagonal of the hat matrix, fixed effects included: how strongly each outcome pulls its own fitted value.
  ///
  /// Between 0 and 1, with sum K; 0 for rows of weight zero. The columns' part comes from an orthonormal basis (QR), not
  /// from the inverse of X'X.
  ///
  /// - Throws: `badDesign` for two sets of effects that are both large, where the effects' part is not computed.
  public func leverages() throws(ForecastError) -> [Double] {
    var all = [Double](repeating: 0, count: inputCount)
    for (row, value) in zip(usedRows, try usedLeverages().total) { all[row] = value }
    return all
  }

  /// w x e, by row in use.
  var scores: Matrix {
    var result = weightedDesign
    for j in 0..<result.columnCount {
      for (place, row) in usedRows.enumerated() { result[place, j] *= rootWeights[place] * residuals[row] }
    }
    return result
  }

  /// Rows in use in the order of time: one list per unit of a panel, else all in the order given.
  var timeOrder: [[Int]] {
    guard let panel else { return [Array(usedRows.indices)] }
    var lists = [[Int]](repeating: [], count: panel.units.levels.count)
    for (row, unit) in panel.units.codes.enumerated() { lists[unit].append(row) }
    return lists.map { rows in rows.sorted { (panel.periods.codes[$0], $0) < (panel.periods.codes[$1], $1) } }
  }

  private func usedLeverages() throws(ForecastError) -> Sandwich.Leverages {
    let model = "least squares"
    var effects = [Double](repeating: 0, count: usedRows.count)
    if let effectFactors {
      let weights = rootWeights.map { $0 * $0 }
      effects = try EffectsProjection(sets: effectFactors, weights: weights, model: model).leverages()
    }
    var total = effects
    do {
      // Twice: the first pass loses digits in nearly dependent columns, the second is then well conditioned.
      var basis = weightedDesign
      for _ in 0..<2 where basis.columnCount > 0 {
        basis = try basis.divided(byUpper: basis.qr(pivoting: false).upper)
      }
      for j in 0..<basis.columnCount { for row in total.indices { total[row] += basis[row, j] * basis[row, j] } }
    } catch {
      throw .badDesign(model: model, reason: "\(error)")
    }
    return Sandwich.Leverages(effects: effects, total: total)
  }
}

extension Matrix {
  /// self * R⁻¹ for an upper triangular R with non-zero diagonal.
  func divided(byUpper upper: Matrix) -> Matrix {
    var result = self
    for j in 0..<columnCount {
      for k in 0..<j {
        let factor = upper[k, j]
        for row in 0..<rowCount { result[row, j] -= factor * result[row, k] }
      }
      let diagonal = upper[j, j]
      for row in 0..<rowCount { result[row, j] /= diagonal }
    }
    return result
  }
}
