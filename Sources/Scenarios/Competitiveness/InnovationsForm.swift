import Forecast
import NumericKernels

/// The future of ``AR1PlusNoise`` drawn with one normal per period, exactly.
///
/// Of a rival only the sum of level, shock and noise matters. Given what was drawn of it before, an observation is normal
/// with the mean and variance that the Kalman filter says of it; a draw from there,
///
///     y[t] = μ[t-1] + φ s[t-1] + f[t] z[t],   μ[t] = μ[t-1] + k[t] z[t],   s[t] = φ s[t-1] + l[t] z[t],
///
/// with f the standard deviation of the one-step error and k, l the gains times f, has the joint law of the model, with
/// the uncertainty of level and shock at the start, which needs no numbers of its own: the recursion is the Cholesky
/// factor of the covariance of the path, worked out by the filter. Source: the innovations form, Anderson and Moore
/// (1979), "Optimal Filtering", chapter 9.
///
/// f, k and l do not depend on the values: all series whose filters stand at the same variances share them. They depend
/// on the draw, through the common volatility.
package struct InnovationsForm: Sendable {
  /// f by step and draw.
  package let deviation: [[Double]]
  /// k by step and draw.
  package let levelGain: [[Double]]
  /// l by step and draw.
  package let shockGain: [[Double]]

  /// - Parameters:
  ///   - state: the filter at the start.
  ///   - scales: by step and draw, by what the variances of innovation and noise are multiplied.
  package init(_ state: AR1PlusNoise.State, scales: [[Double]]) {
    let model = state.model
    let phi = model.persistence
    let count = scales.first?.count ?? 0
    var level = [Double](repeating: state.levelVariance, count: count)
    var shock = [Double](repeating: state.shockVariance, count: count)
    var covariance = [Double](repeating: state.covariance, count: count)
    var (deviations, levels, shocks) = ([[Double]](), [[Double]](), [[Double]]())
    for scale in scales {
      var deviation = [Double](repeating: 0, count: count)
      var (levelGain, shockGain) = (deviation, deviation)
      for d in 0..<count {
        let cross = phi * covariance[d]
        let moved = phi * phi * shock[d] + model.innovationVariance * scale[d]
        let (levelSignal, shockSignal) = (level[d] + cross, moved + cross)
        let variance = levelSignal + shockSignal + model.noiseVariance * scale[d]
        let root = max(variance, 0).squareRoot()
        let inverse = root > 0 ? 1 / root : 0
        let (k, l) = (levelSignal * inverse, shockSignal * inverse)
        deviation[d] = root
        levelGain[d] = k
        shockGain[d] = l
        level[d] = max(0, level[d] - k * k)
        shock[d] = max(0, moved - l * l)
        covariance[d] = cross - k * l
      }
      deviations.append(deviation)
      levels.append(levelGain)
      shocks.append(shockGain)
    }
    (deviation, levelGain, shockGain) = (deviations, levels, shocks)
  }

  /// Whether two filters stand at the same variances, so that their series share one form.
  static func isShared(_ a: AR1PlusNoise.State, _ b: AR1PlusNoise.State) -> Bool {
    a.levelVariance == b.levelVariance && a.shockVariance == b.shockVariance && a.covariance == b.covariance
  }
}
