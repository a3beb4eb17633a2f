import NumericKernels

/// The coefficients that maximise the likelihood of a prepared sample.
struct ARMAFit: Sendable {
  /// In R's order; autoregressive blocks stationary, moving averages as they were found.
  let coefficients: [Double]
  let logLikelihood: Double
  let sumOfSquares: Double
  /// `sumOfSquares` per observation that counts.
  let meanSquare: Double
  let evaluations: Int

  /// How hard to look.
  enum Effort {
    /// Conditional sums of squares only; `logLikelihood` is then that of the conditional errors.
    case conditional
    /// The exact likelihood from the conditional optimum, to five digits of the sum of squares more than a choice needs.
    case search
    /// The best of several starts, to rounding.
    case full
  }

  init(_ sample: ARIMASample, _ structure: ARMAStructure, effort: Effort) {
    let zero = [Double](repeating: 0, count: structure.parameterCount)
    var best = ARMASearch.Outcome(free: zero, value: 0, evaluations: 0, hasConverged: true)
    var used = sample.count - sample.missingCount
    if !sample.isExact {
      sample.columns.withUnsafeBufferPointer { data in
        guard let base = data.baseAddress else { return }
        let search = ARMASearch(
          structure, data: base, count: sample.count, regressorCount: sample.regressorCount,
          missingCount: sample.missingCount)
        let needed = structure.parameterCount + sample.regressorCount + 1
        let hasRoom = sample.count - structure.arOrder > needed
        if effort == .conditional && hasRoom {
          best = search.minimize(from: zero, isExact: false, tolerance: 1e-8)
          used = search.usedCount(isExact: false)
          return
        }
        var starts: [[Double]] = []
        if !zero.isEmpty && hasRoom && sample.missingCount == 0 {
          let start = search.minimize(from: zero, isExact: false, tolerance: 1e-4)
          best.evaluations += start.evaluations
          if start.value.isFinite { starts.append(structure.moderate(start.free)) }
        }
        if starts.isEmpty { starts.append(zero) }
        if effort == .full && structure.parameterCount > 1 { starts += structure.starts }
        var value = Double.infinity
        for start in starts {
          let fit = search.minimize(from: start, isExact: true, tolerance: effort == .full ? 1e-6 : 1e-8)
          best.evaluations += fit.evaluations
          if fit.value < value {
            value = fit.value
            best.free = fit.free
            best.value = fit.value
          }
        }
        if effort == .full {
          let fit = search.minimize(from: best.free, isExact: true, tolerance: 1e-13)
          best.evaluations += fit.evaluations
          best.free = fit.free
          best.value = fit.value
        }
      }
    }
    coefficients = structure.coefficients(ofFree: best.free)
    sumOfSquares = best.value
    meanSquare = best.value / Double(max(used, 1))
    logLikelihood = best.value > 0 ? Self.logLikelihood(value: best.value, used: used) : .infinity
    evaluations = best.evaluations
  }

  /// From coefficients near the optimum, to rounding.
  init(_ sample: ARIMASample, _ structure: ARMAStructure, from coefficients: [Double]) {
    var found = coefficients
    var value = 0.0
    var evaluations = 0
    if !sample.isExact, let free = structure.free(ofCoefficients: coefficients) {
      sample.columns.withUnsafeBufferPointer { data in
        guard let base = data.baseAddress else { return }
        let search = ARMASearch(
          structure, data: base, count: sample.count, regressorCount: sample.regressorCount,
          missingCount: sample.missingCount)
        let fit = search.minimize(from: free, isExact: true, tolerance: 1e-13)
        evaluations = fit.evaluations
        value = fit.value
        if value.isFinite { found = structure.coefficients(ofFree: fit.free) }
      }
    }
    let used = sample.count - sample.missingCount
    self.coefficients = found
    sumOfSquares = value
    meanSquare = value / Double(max(used, 1))
    logLikelihood = value > 0 ? Self.logLikelihood(value: value, used: used) : .infinity
    self.evaluations = evaluations
  }

  /// -n/2 (log 2 pi + 1 + log(value / n))
  static func logLikelihood(value: Double, used: Int) -> Double {
    let n = Double(used)
    return -0.5 * n * (VectorMath.log(2 * .pi) + 1 + VectorMath.log(value / n))
  }

  /// The likelihood's sum of squares at given coefficients, the generalised sum of squares, and the regressors' coefficients.
  static func evaluate(
    _ sample: ARIMASample, _ structure: ARMAStructure, _ coefficients: [Double]
  ) -> (value: Double, sumOfSquares: Double, regressors: [Double]) {
    sample.exactColumns.withUnsafeBufferPointer { data in
      guard let base = data.baseAddress else { return (0, 0, []) }
      let search = ARMASearch(
        structure, data: base, count: sample.count, regressorCount: sample.regressorCount,
        missingCount: sample.missingCount)
      let value = search.value(atCoefficients: coefficients, isExact: true)
      let used = Double(max(search.usedCount(isExact: true), 1))
      return (value, value * VectorMath.exp(-search.logDeterminant / used), search.regressorCoefficients)
    }
  }
}

extension ARMAStructure {
  /// A start for the exact likelihood: invertible, and not so near to a unit root that the search would stick there.
  func moderate(_ free: [Double]) -> [Double] {
    var result = invertible(free)
    for i in result.indices where isAutoregressive(i) { result[i] = min(max(result[i], -20), 20) }
    return result
  }

  /// Starts other than the conditional optimum: white noise, and slow and fast autoregressions with moving averages against them.
  var starts: [[Double]] {
    var result = [[Double](repeating: 0, count: parameterCount)]
    for (ar, ma) in [(1.0, -0.4), (-0.6, 0.5), (2.0, 0.3)] {
      var one = result[0]
      if p > 0 { one[0] = ar }
      if q > 0 { one[p] = ma }
      if seasonalP > 0 { one[p + q] = 0.5 * ar }
      if seasonalQ > 0 { one[p + q + seasonalP] = ma }
      result.append(one)
    }
    return result
  }
}
