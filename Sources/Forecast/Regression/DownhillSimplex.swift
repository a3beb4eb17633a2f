/// The simplex method of Nelder and Mead (1965), without randomness: same start, same path.
///
/// Minimises a function of a few parameters without derivatives. Values that are NaN count as infinite, so the function
/// may refuse a region. The search restarts from its best point with a fresh simplex until a restart gains less than
/// the tolerance.
struct DownhillSimplex {
  var tolerance = 1e-9
  var maximumEvaluations = 4000
  var maximumRestarts = 5

  struct Result {
    var point: [Double]
    var value: Double
    var evaluations: Int
    var converged: Bool
  }

  func minimize(from start: [Double], steps: [Double], _ function: ([Double]) -> Double) -> Result {
    var best = Result(point: start, value: .infinity, evaluations: 0, converged: false)
    var scale = 1.0
    for restart in 0...maximumRestarts {
      let run = descend(from: best.point, steps: steps.map { $0 * scale }, used: best.evaluations, function)
      let gain = best.value - run.value
      best = run
      if !run.converged { break }
      if restart > 0, gain <= tolerance * max(1, abs(run.value)) { break }
      scale = 0.3
    }
    return best
  }

  private func descend(
    from start: [Double], steps: [Double], used: Int, _ function: ([Double]) -> Double
  ) -> Result {
    let size = start.count
    var evaluations = used
    func value(_ point: [Double]) -> Double {
      evaluations += 1
      let result = function(point)
      return result.isNaN ? .infinity : result
    }
    var points = [start]
    for k in 0..<size {
      var point = start
      point[k] += steps[k]
      points.append(point)
    }
    var values = points.map(value)
    func order() {
      let sorted = points.indices.sorted { (values[$0], $0) < (values[$1], $1) }
      points = sorted.map { points[$0] }
      values = sorted.map { values[$0] }
    }
    func blend(_ a: [Double], _ b: [Double], _ t: Double) -> [Double] { zip(a, b).map { $0 + t * ($1 - $0) } }
    order()
    while evaluations < maximumEvaluations {
      var width = 0.0
      for k in 0..<size {
        for point in points { width = max(width, abs(point[k] - points[0][k]) / steps[k].magnitude) }
      }
      if values[size] - values[0] <= tolerance * max(1, abs(values[0])) * 0.01, width < 1e-3 {
        return Result(point: points[0], value: values[0], evaluations: evaluations, converged: true)
      }
      var centre = [Double](repeating: 0, count: size)
      for point in points.dropLast() { for k in 0..<size { centre[k] += point[k] / Double(size) } }
      let worst = points[size]
      let reflected = blend(centre, worst, -1)
      let reflectedValue = value(reflected)
      if reflectedValue < values[0] {
        let expanded = blend(centre, worst, -2)
        let expandedValue = value(expanded)
        (points[size], values[size]) =
          expandedValue < reflectedValue ? (expanded, expandedValue) : (reflected, reflectedValue)
      } else if reflectedValue < values[size - 1] {
        (points[size], values[size]) = (reflected, reflectedValue)
      } else {
        let outside = reflectedValue < values[size]
        let contracted = blend(centre, outside ? reflected : worst, 0.5)
        let contractedValue = value(contracted)
        if contractedValue < min(reflectedValue, values[size]) {
          (points[size], values[size]) = (contracted, contractedValue)
        } else {
          for index in 1...size {
            points[index] = blend(points[0], points[index], 0.5)
            values[index] = value(points[index])
          }
        }
      }
      order()
    }
    return Result(point: points[0], value: values[0], evaluations: evaluations, converged: false)
  }
}
