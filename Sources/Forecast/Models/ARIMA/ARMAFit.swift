import NumericKernels

/// The coefficients that maximise the likelihood of a prepared sample.
struct ARMAFit: Sendable {
  /// In R's order; autoregressive blocks stationary, moving averages as they were found.
  let coefficients: [Double]
  let logLikelihood: Double
  let sumOfSquares: Double
  let evaluations: Int

  /// - Parameters:
  ///   - isApproximate: by conditional sums of squares only; `logLikelihood` is then that of the conditional errors.
  ///   - tolerance: relative, of the sum of squares.
  init(
    _ sample: ARIMASample, _ structure: ARMAStructure, isApproximate: Bool, tolerance: Double = 1e-11
  ) {
    var free = [Double](repeating: 0, count: structure.parameterCount)
    var value = 0.0
    var evaluations = 0
    let needed = structure.parameterCount + sample.regressorCount + 1
    var used = sample.count - sample.missingCount
    if !sample.isExact {
      sample.columns.withUnsafeBufferPointer { data in
        guard let base = data.baseAddress else { return }
        let search = ARMASearch(
          structure, data: base, count: sample.count, regressorCount: sample.regressorCount,
          missingCount: sample.missingCount)
        let hasRoom = sample.count - structure.arOrder > needed
        if !free.isEmpty && hasRoom && (isApproximate || sample.missingCount == 0) {
          let start = search.minimize(from: free, isExact: false, tolerance: isApproximate ? 1e-8 : 1e-4)
          evaluations += start.evaluations
          if start.value.isFinite {
            value = start.value
            free = structure.moderate(start.free)
          }
        }
        if isApproximate && hasRoom {
          used = search.usedCount(isExact: false)
        } else {
          let fit = search.minimize(from: free, isExact: true, tolerance: tolerance)
          evaluations += fit.evaluations
          free = fit.free
          value = fit.value
        }
      }
    }
    coefficients = structure.coefficients(ofFree: free)
    sumOfSquares = value
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
}
