import NumericKernels

/// Sample paths of a forecast, stored step after step.
public struct SimulatedPaths: Equatable, Sendable {
  public let horizon: Int
  public let count: Int
  /// `values[step * count + path]`, steps and paths from 0.
  public var values: [Double]

  /// Paths of zeros.
  public init(horizon: Int, count: Int) {
    precondition(horizon >= 1 && count >= 1, "paths need a horizon and a number of at least 1")
    self.horizon = horizon
    self.count = count
    values = [Double](repeating: 0, count: horizon * count)
  }

  public subscript(step: Int, path: Int) -> Double {
    get { values[step * count + path] }
    set { values[step * count + path] = newValue }
  }

  /// All paths at one step (from 0).
  public func step(_ step: Int) -> ArraySlice<Double> { values[step * count..<(step + 1) * count] }

  /// One path.
  public func path(_ path: Int) -> [Double] { (0..<horizon).map { values[$0 * count + path] } }

  /// The quantile of a step (from 0), interpolated between order statistics as R's type 7.
  public func quantile(_ probability: Double, step: Int) -> Double {
    Quantiles.of(Array(self.step(step)), [probability])[0]
  }
}

extension LinearForecast {
  /// Sample paths: step h takes the normals of item h, the error of the parameters those of item 0.
  public func simulated(paths: Int, stream: RandomStream) -> SimulatedPaths {
    var result = SimulatedPaths(horizon: horizon, count: paths)
    var parameterShock = [Double](repeating: 0, count: paths)
    parameterShock.withUnsafeMutableBufferPointer { stream.normals(item: 0, firstDraw: 0, into: $0) }
    var shocks = [[Double]]()
    for h in 0..<horizon {
      var normals = [Double](repeating: 0, count: paths)
      normals.withUnsafeMutableBufferPointer { stream.normals(item: h + 1, firstDraw: 0, into: $0) }
      shocks.append(normals)
      for path in 0..<paths {
        var value = mean[h] + parameterDeviations[h] * parameterShock[path]
        for j in 0...h { value += shockResponses[h - j] * shocks[j][path] }
        result[h, path] = value
      }
    }
    return result
  }
}
