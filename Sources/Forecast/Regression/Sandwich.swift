import NumericKernels

/// The sandwich covariances, shared by the estimators.
struct Sandwich {
  /// rows in use x columns, each row's contribution to the estimating equations.
  let scores: Matrix
  /// columns x columns, the inverse of their derivative.
  let bread: Matrix
  let usedRows: [Int]
  let inputCount: Int
  /// K, all fixed effects counted.
  let parameters: Int
  let model: String
  /// Rows in use in the order of time, one list per independent series.
  var series: [[Int]]?
  /// Positions of the rows' periods, so that a missing period counts as one.
  var times: [Int]?
  /// The column whose scores do not count for the automatic bandwidth.
  var interceptColumn: Int?

  struct Result {
    var covariance: Matrix
    var isRepaired = false
    /// G - 1 of the (smaller) grouping; `nil` without clusters.
    var clusterDegrees: Int?
  }

  /// Leverages of the rows: from the effects alone and in total.
  struct Leverages {
    var effects: [Double]
    var total: [Double]
  }

  /// - Parameter effectLeverages: needed for HC2 and HC3.
  func covariance(
    _ estimator: CovarianceEstimator, effectLeverages: Leverages?
  ) throws(ForecastError) -> Result {
    switch estimator {
    case .classical:
      throw .badDesign(model: model, reason: "the classical covariance is not a sandwich")
    case .heteroskedastic(let correction):
      return Result(covariance: try heteroskedastic(correction, leverages: effectLeverages))
    case .neweyWest(let options):
      return Result(covariance: try neweyWest(options))
    case .clustered(let clusters, let correction):
      let chosen = try selected(clusters)
      let scale = try scale(groups: chosen.levels.count, correction: correction)
      return Result(
        covariance: try filled(clusterMeat(chosen), scale: scale), clusterDegrees: chosen.levels.count - 1)
    case .twoWayClustered(let first, let second, let correction, let groupFactor):
      return try twoWay(try selected(first), try selected(second), correction, groupFactor)
    }
  }

  private func selected(_ clusters: Factor) throws(ForecastError) -> Factor {
    guard clusters.count == inputCount else {
      throw .badDesign(model: model, reason: "the clusters have \(clusters.count) rows, the sample \(inputCount)")
    }
    let chosen = clusters.selecting(rows: usedRows)
    guard chosen.levels.count > 1 else {
      throw .badDesign(
        model: model,
        reason: "a cluster-robust covariance needs at least two clusters, found \(chosen.levels.count)")
    }
    return chosen
  }

  private func scale(groups: Int, correction: ClusterCorrection) throws(ForecastError) -> Double {
    var scale = 1.0
    if correction != .none { scale *= Double(groups) / Double(groups - 1) }
    if correction == .groupsAndParameters {
      let n = scores.rowCount
      guard n > parameters else { throw .tooFewObservations(model: model, needed: parameters + 1, found: n) }
      scale *= Double(n - 1) / Double(n - parameters)
    }
    return scale
  }

  private func clusterMeat(_ clusters: Factor) -> Matrix {
    var sums = Matrix(rowCount: clusters.levels.count, columnCount: scores.columnCount)
    for j in 0..<scores.columnCount {
      for (row, code) in clusters.codes.enumerated() { sums[code, j] += scores[row, j] }
    }
    return sums.gram
  }

  /// bread * meat * bread * scale
  private func filled(_ meat: Matrix, scale: Double) throws(ForecastError) -> Matrix {
    do {
      var result = try bread.multiplied(by: meat).multiplied(by: bread)
      for index in result.storage.indices { result.storage[index] *= scale }
      return result
    } catch {
      throw .badDesign(model: model, reason: "\(error)")
    }
  }

  private func twoWay(
    _ first: Factor, _ second: Factor, _ correction: ClusterCorrection, _ groupFactor: TwoWayGroupFactor
  ) throws(ForecastError) -> Result {
    let cells = Factor(zip(first.codes, second.codes).map { $0 * second.levels.count + $1 })
    let smallest = min(first.levels.count, second.levels.count)
    var meat = Matrix(rowCount: scores.columnCount, columnCount: scores.columnCount)
    for (clusters, sign) in [(first, 1.0), (second, 1.0), (cells, -1.0)] {
      let groups = groupFactor == .ownGroups ? clusters.levels.count : smallest
      let factor = sign * (try scale(groups: groups, correction: correction))
      let part = clusterMeat(clusters)
      for index in meat.storage.indices { meat.storage[index] += factor * part.storage[index] }
    }
    var result = Result(covariance: try filled(meat, scale: 1), clusterDegrees: smallest - 1)
    guard scores.columnCount > 0 else { return result }
    do {
      let eigen = try result.covariance.symmetricEigen()
      let largest = eigen.values.last ?? 0
      // Rounding alone can make a zero eigenvalue slightly negative.
      guard let lowest = eigen.values.first, lowest < -1e-12 * abs(largest) else { return result }
      var scaled = eigen.vectors
      for (k, value) in eigen.values.enumerated() {
        let root = max(value, 0).squareRoot()
        for row in 0..<scaled.rowCount { scaled[row, k] *= root }
      }
      result.covariance = try scaled.multiplied(by: scaled.transposed)
      result.isRepaired = true
      return result
    } catch {
      throw .badDesign(model: model, reason: "\(error)")
    }
  }

  private func heteroskedastic(
    _ correction: HeteroskedasticityCorrection, leverages: Leverages?
  ) throws(ForecastError) -> Matrix {
    let n = scores.rowCount
    guard n > parameters else { throw .tooFewObservations(model: model, needed: parameters + 1, found: n) }
    switch correction {
    case .hc0: return try filled(scores.gram, scale: 1)
    case .hc1: return try filled(scores.gram, scale: Double(n) / Double(n - parameters))
    case .hc2, .hc3:
      guard let leverages else {
        throw .badDesign(
          model: model, reason: "\(correction.rawValue.uppercased()) needs the leverages of least squares; use hc1")
      }
      var scaled = scores
      for row in 0..<n {
        let room = 1 - leverages.total[row]
        let factor: Double
        if room > 1e-10 {
          factor = correction == .hc2 ? 1 / room.squareRoot() : 1 / room
        } else if leverages.effects[row] > 1 - 1e-10 {
          factor = 0
        } else {
          throw .badDesign(
            model: model,
            reason: "row \(usedRows[row]) is fitted exactly whatever its outcome (leverage 1), so "
              + "\(correction.rawValue.uppercased()) is not defined; drop the row with the column that it alone decides"
          )
        }
        for j in 0..<scores.columnCount { scaled[row, j] *= factor }
      }
      return try filled(scaled.gram, scale: 1)
    }
  }

  private func neweyWest(_ options: NeweyWestOptions) throws(ForecastError) -> Matrix {
    let n = scores.rowCount
    guard n > parameters else { throw .tooFewObservations(model: model, needed: parameters + 1, found: n) }
    guard let series else {
      throw .badDesign(model: model, reason: "Newey-West errors need least squares; use clustered errors")
    }
    let scale = options.adjusted ? Double(n) / Double(n - parameters) : 1
    if series.count > 1, options.prewhitened || options.bandwidth == .automatic {
      throw .badDesign(
        model: model, reason: "a panel of several units needs a given number of Newey-West lags, without prewhitening")
    }
    guard scores.columnCount > 0 else { return Matrix(rowCount: 0, columnCount: 0) }
    do {
      if series.count > 1 {
        guard case .lags(let lags) = options.bandwidth else { return bread }
        return try filled(
          try BartlettSum(scores: scores, series: series, times: times, lags: lags, model: model).value, scale: scale)
      }
      let order = series.first ?? []
      var ordered = Matrix(rowCount: n, columnCount: scores.columnCount)
      for j in 0..<scores.columnCount { for (place, row) in order.enumerated() { ordered[place, j] = scores[row, j] } }
      var recolouring: Matrix?
      if options.prewhitened {
        guard n > scores.columnCount + 1 else {
          throw ForecastError.tooFewObservations(model: model, needed: scores.columnCount + 2, found: n)
        }
        let whitened = try Prewhitening(ordered)
        ordered = whitened.residuals
        recolouring = whitened.recolouring
      }
      let lags: Int
      switch options.bandwidth {
      case .lags(let given): lags = given
      case .automatic:
        lags = Int(
          NeweyWestBandwidth.plugIn(
            ordered, excluding: interceptColumn, prewhitened: options.prewhitened))
      }
      var meat = try BartlettSum(
        scores: ordered, series: [Array(0..<ordered.rowCount)], lags: lags, model: model
      ).value
      if let recolouring { meat = try recolouring.multiplied(by: meat).multiplied(by: recolouring.transposed) }
      return try filled(meat, scale: scale)
    } catch let error as ForecastError {
      throw error
    } catch {
      throw .badDesign(model: model, reason: "\(error)")
    }
  }
}
