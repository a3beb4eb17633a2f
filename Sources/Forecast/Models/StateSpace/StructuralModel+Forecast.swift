import NumericKernels

extension StructuralModel {
  /// The predictive distribution of the next `horizon` steps: Gaussian, the states' uncertainty included, the parameters' not.
  ///
  /// - Throws: `badHorizon`; `badDesign` if the regressors have no rows for these steps.
  public func forecast(horizon: Int) throws(ForecastError) -> Prediction {
    let pass = try continuation(horizon)
    var mean = [Double](repeating: 0, count: horizon)
    var deviations = mean
    for h in 0..<horizon {
      let row = layout.signal(periodCount + h)
      mean[h] = data.origin + data.rescaled(read(row, pass.states, h))
      deviations[h] = data.rescaled(
        (scale * (rootLength(row, pass.roots, h) + layout.system.noiseVariance)).squareRoot())
    }
    return Prediction(mean: mean, deviations: deviations)
  }

  /// Sample paths: the states after the last observation are drawn from their distribution (item 0), then the disturbances of
  /// each step (item h; the irregular is substream 0, disturbance j of the state substream j + 1).
  ///
  /// - Throws: as ``forecast(horizon:)``.
  public func simulate(horizon: Int, paths: Int, stream: RandomStream) throws(ForecastError) -> SimulatedPaths {
    let start = try continuation(horizon)
    guard paths >= 1 else {
      throw .badDesign(model: name, reason: "a simulation needs at least one path, not \(paths)")
    }
    let system = layout.system
    let m = system.stateCount
    let deviation = scale.squareRoot()
    var result = SimulatedPaths(horizon: horizon, count: paths)
    var states = [[Double]](repeating: Array(repeating: 0, count: paths), count: m)
    var normals = [Double](repeating: 0, count: paths)
    func draw(_ item: Int, _ substream: Int) {
      normals.withUnsafeMutableBufferPointer {
        stream.normals(item: item, substream: substream, firstDraw: 0, into: $0)
      }
    }
    func add(_ factor: Double, _ source: [Double], to target: inout [Double]) {
      for path in 0..<paths { target[path] += factor * source[path] }
    }
    for i in 0..<m { for path in 0..<paths { states[i][path] = start.states[i] } }
    for j in 0..<m {
      draw(0, j)
      for i in 0...j where start.roots[j * m + i] != 0 {
        add(deviation * start.roots[j * m + i], normals, to: &states[i])
      }
    }
    for h in 0..<horizon {
      if h > 0 {
        var moved = [[Double]](repeating: Array(repeating: 0, count: paths), count: m)
        for i in 0..<m {
          let vector = system.transitionRows[i]
          for k in system.vectorStart[vector]..<system.vectorStart[vector + 1] {
            add(system.vectorValue[k], states[system.vectorIndex[k]], to: &moved[i])
          }
        }
        for (j, vector) in system.shockVectors.enumerated() where system.shockVariances[j] > 0 {
          draw(h + 1, j + 1)
          let size = deviation * system.shockVariances[j].squareRoot()
          for k in system.vectorStart[vector]..<system.vectorStart[vector + 1] {
            add(size * system.vectorValue[k], normals, to: &moved[system.vectorIndex[k]])
          }
        }
        states = moved
      }
      var values = [Double](repeating: 0, count: paths)
      for (i, weight) in layout.signal(periodCount + h) { add(weight, states[i], to: &values) }
      if system.noiseVariance > 0 {
        draw(h + 1, 0)
        add(deviation * system.noiseVariance.squareRoot(), normals, to: &values)
      }
      for path in 0..<paths { result[h, path] = data.origin + data.rescaled(values[path]) }
    }
    return result
  }

  /// States predicted for the next steps, with the roots of their covariances.
  private func continuation(_ horizon: Int) throws(ForecastError) -> KalmanPass {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    try checkRegressors(periodCount + horizon)
    let system = layout.system.continued(from: pass.endState, root: pass.endRoot, periods: horizon)
    return KalmanPass(system, detail: .states)
  }

  func checkRegressors(_ periods: Int) throws(ForecastError) {
    guard periods <= data.regressorRows else {
      throw .badDesign(
        model: name, reason: "the regressors have \(data.regressorRows) rows; \(periods) periods need as many")
    }
  }

  private func read(_ row: [(index: Int, value: Double)], _ states: [Double], _ t: Int) -> Double {
    let m = layout.system.stateCount
    return row.reduce(0) { $0 + $1.value * states[t * m + $1.index] }
  }

  /// |U' row|²
  private func rootLength(_ row: [(index: Int, value: Double)], _ roots: [Double], _ t: Int) -> Double {
    let m = layout.system.stateCount
    var total = 0.0
    for j in 0..<m {
      var sum = 0.0
      for (i, value) in row { sum += value * roots[(t * m + j) * m + i] }
      total += sum * sum
    }
    return total
  }
}
