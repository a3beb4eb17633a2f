import NumericKernels

/// The summed log-likelihood of many series under one ``AR1PlusNoise``, fast enough to be evaluated a thousand times.
///
/// Variances and gains of the filter depend on which periods were observed, not on the values: series with the same gaps share
/// them. Only the means are filtered per series.
struct PanelLikelihood {
  private struct Group {
    var isObserved: [Bool]
    /// Eight series side by side and all their periods one behind the other, then the next eight; missing values are 0 and not
    /// used.
    var values: [SIMD8<Double>] = []
    var count = 0

    mutating func append(_ series: [Double]) {
      let (eight, lane) = (count / 8, count % 8)
      if lane == 0 { values += [SIMD8<Double>](repeating: .zero, count: series.count) }
      for (t, value) in series.enumerated() where !value.isNaN { values[eight * series.count + t][lane] = value }
      count += 1
    }
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
        groups.append(Group(isObserved: pattern))
      }
      groups[group].append(values)
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
    var squares = 0.0
    withUnsafeTemporaryAllocation(of: SIMD8<Double>.self, capacity: max(steps.count, 1)) { terms in
      for start in stride(from: 0, to: group.count, by: 8) {
        let observed = PanelLikelihood.squares(model, group, start / 8, steps, into: terms)
        // Series by series, period by period: the order decides the last bits of the sum.
        terms.withMemoryRebound(to: Double.self) { terms in
          for lane in 0..<min(8, group.count - start) {
            for t in 0..<observed { squares += terms[8 * t + lane] }
          }
        }
      }
    }
    let logTwoPi = 1.837877066409345484
    let observed = Double(group.isObserved.count { $0 })
    return -0.5 * (Double(group.count) * (observed * logTwoPi + logVariances) + squares)
  }

  /// The squared errors of eight series, each divided by its variance.
  ///
  /// - Returns: the number of observed periods.
  private static func squares(
    _ model: AR1PlusNoise, _ group: Group, _ eight: Int, _ steps: [Step],
    into terms: UnsafeMutableBufferPointer<SIMD8<Double>>
  ) -> Int {
    var level = SIMD8<Double>(repeating: model.mean)
    var shock = SIMD8<Double>.zero
    var observed = 0
    for t in steps.indices {
      if t > 0 { shock *= model.persistence }
      guard group.isObserved[t] else { continue }
      let error = group.values[eight * steps.count + t] - level - shock
      level += steps[t].levelGain * error
      shock += steps[t].shockGain * error
      terms.initializeElement(at: observed, to: error * error * steps[t].inverseVariance)
      observed += 1
    }
    return observed
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
    var variances: [Double] = []
    variances.reserveCapacity(isObserved.count)
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
      variances.append(variance)
      if level == 0 {
        shock = shock * noise / variance
      } else {
        level = max(0, level - levelSignal * levelSignal / variance)
        shock = max(0, shock - shockSignal * shockSignal / variance)
        covariance -= levelSignal * shockSignal / variance
      }
    }
    variances.withUnsafeMutableBufferPointer { VectorMath.log(UnsafeBufferPointer($0), into: $0) }
    return (steps, variances.reduce(0, +))
  }
}
