import NumericKernels

extension CommonVolatility {
  /// Futures over which the mixture is averaged, in pairs of opposite signs.
  private static let futures = 1024

  /// Quantiles of an observation's distance from its forecast mean, 1 ... `steps` periods after the fit.
  ///
  /// The law is a mixture of normal laws with mean 0 over futures of the common factor: the same futures at every call,
  /// so equal input gives equal quantiles. It is symmetric; the median is 0.
  ///
  /// - Parameters:
  ///   - probabilities: inside (0, 1).
  ///   - state: at the end of the fit, of the series that is forecast. The law depends on its variances only.
  /// - Returns: for each step one quantile per probability.
  /// - Complexity: some five evaluations of the normal law per future, step and distance of a probability from 1/2.
  public func forecastQuantiles(
    _ probabilities: [Double], of state: AR1PlusNoise.State, steps: Int
  ) -> [[Double]] {
    let variances = forecastVariances(of: state, steps: steps)
    return variances.map { variance in
      let deviations = variance.map { max($0, 0).squareRoot() }
      let inverses = deviations.map { $0 > 0 ? 1 / $0 : .infinity }
      var known: [Double: Double] = [:]
      return probabilities.map { p in
        let upper = max(p, 1 - p)
        let quantile = known[upper] ?? Self.upperQuantile(upper, deviations, inverses)
        known[upper] = quantile
        return p < 0.5 ? -quantile : quantile
      }
    }
  }

  /// The variance of an observation at each step, in each of the futures.
  private func forecastVariances(of state: AR1PlusNoise.State, steps: Int) -> [[Double]] {
    let half = Self.futures / 2
    let stream = RandomStream(seed: 0, id: "common_volatility", purpose: .innovation)
    func normals(_ item: Int) -> [Double] {
      let one = (0..<half).map { stream.normal(item: item, draw: $0) }
      return one + one.map { -$0 }
    }
    let model = state.model
    let phi = model.persistence
    var values = start(normals(0))
    var shocks = [Double](repeating: 0, count: Self.futures)
    var (covariance, start) = (state.covariance, state.shockVariance)
    return (0..<max(0, steps)).map { step in
      advance(&values, normals(step + 1))
      covariance *= phi
      start *= phi * phi
      let scales = VectorMath.exp(values.map { 2 * $0 })
      let known = state.levelVariance + 2 * covariance + start
      return scales.indices.map { d in
        shocks[d] = phi * phi * shocks[d] + model.innovationVariance * scales[d]
        return known + shocks[d] + model.noiseVariance * scales[d]
      }
    }
  }

  /// The quantile of a mixture of centred normal laws, at a probability of one half or more.
  ///
  /// Newton's method from the quantile of the normal law with the same variance. The distribution function is concave
  /// above 0, so that the first step leads to the quantile or below it, and later ones rise to it.
  private static func upperQuantile(_ p: Double, _ deviations: [Double], _ inverses: [Double]) -> Double {
    guard p > 0.5, let largest = deviations.max(), largest > 0 else { return 0 }
    let count = Double(deviations.count)
    var x = VectorMath.normalQuantile(p) * (deviations.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
    for _ in 0..<100 {
      var (cumulated, density) = (0.0, 0.0)
      for inverse in inverses {
        let z = x * inverse
        guard z.isFinite else {
          cumulated += x > 0 ? 1 : 0.5
          continue
        }
        cumulated += StandardNormal.cumulative(z)
        density += inverse * 0.3989422804014327 * VectorMath.exp(-0.5 * z * z)
      }
      let step = (p * count - cumulated) / density
      guard step.isFinite else { return x }
      x = max(x + step, 0)
      if abs(step) < 1e-10 * largest { break }
    }
    return x
  }
}
