import NumericKernels

/// The summed log-likelihood of many series under one ``AR1PlusNoise``, fast enough to be evaluated a thousand times.
///
/// Variances and gains of the filter depend on which periods were observed, not on the values: series with the same gaps share
/// them. Only the means are filtered per series.
struct PanelLikelihood {
  private struct Group {
    var isObserved: [Bool]
    /// The series of the group, one behind the other; missing values are 0 and not used.
    var values: [Double]
    var count: Int
  }

  private let groups: [Group]

  init(_ series: [[Double]]) {
    var index: [[Bool]: Int] = [:]
    var groups: [Group] = []
    for values in series {
      let pattern = values.map { !$0.isNaN }
      let group: Int
      if let known = index[pattern] {
        group = known
      } else {
        group = groups.count
        index[pattern] = group
        groups.append(Group(isObserved: pattern, values: [], count: 0))
      }
      groups[group].values += values.map { $0.isNaN ? 0 : $0 }
      groups[group].count += 1
    }
    self.groups = groups
  }

  /// - Parameter scales: by what both variances are multiplied in each period, counted from the start of every series;
  ///   1 beyond the end of the list.
  func logLikelihood(_ model: AR1PlusNoise, scales: [Double] = []) -> Double {
    groups.reduce(0) { $0 + logLikelihood(model, $1, scales) }
  }

  private struct Step {
    var levelGain: Double
    var shockGain: Double
    var inverseVariance: Double
  }

  private func logLikelihood(_ model: AR1PlusNoise, _ group: Group, _ scales: [Double]) -> Double {
    let (steps, logVariances) = gains(model, group.isObserved, scales)
    let phi = model.persistence
    let length = group.isObserved.count
    var squares = 0.0
    group.values.withUnsafeBufferPointer { values in
      for position in 0..<group.count {
        var (level, shock) = (model.mean, 0.0)
        for t in 0..<length {
          if t > 0 { shock *= phi }
          guard group.isObserved[t] else { continue }
          let error = values[position * length + t] - level - shock
          level += steps[t].levelGain * error
          shock += steps[t].shockGain * error
          squares += error * error * steps[t].inverseVariance
        }
      }
    }
    let logTwoPi = 1.837877066409345484
    let observed = Double(group.isObserved.count { $0 })
    return -0.5 * (Double(group.count) * (observed * logTwoPi + logVariances) + squares)
  }

  /// The recursion of ``AR1PlusNoise/State``, variances only.
  private func gains(
    _ model: AR1PlusNoise, _ isObserved: [Bool], _ scales: [Double]
  ) -> (steps: [Step], logVariances: Double) {
    let phi = model.persistence
    var level = model.levelVariance
    var shock = model.innovationVariance / (1 - phi * phi)
    var covariance = 0.0
    var steps = [Step](repeating: Step(levelGain: 0, shockGain: 0, inverseVariance: 0), count: isObserved.count)
    var logVariances = 0.0
    for t in isObserved.indices {
      let scale = t < scales.count ? scales[t] : 1
      if t > 0 {
        covariance *= phi
        shock = phi * phi * shock + model.innovationVariance * scale
      } else {
        shock *= scale
      }
      guard isObserved[t] else { continue }
      let (levelSignal, shockSignal) = (level + covariance, shock + covariance)
      let noise = model.noiseVariance * scale
      let variance = levelSignal + shockSignal + noise
      steps[t] = Step(
        levelGain: levelSignal / variance, shockGain: shockSignal / variance, inverseVariance: 1 / variance)
      logVariances += VectorMath.log(variance)
      if level == 0 {
        shock = shock * noise / variance
      } else {
        level = max(0, level - levelSignal * levelSignal / variance)
        shock = max(0, shock - shockSignal * shockSignal / variance)
        covariance -= levelSignal * shockSignal / variance
      }
    }
    return (steps, logVariances)
  }
}
