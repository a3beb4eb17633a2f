/// One pass of given parameters and initial states through the normalised series.
struct ETSPass {
  var errors: [Double]
  /// The sum of squared errors, relative ones for multiplicative errors.
  var sumOfSquares: Double
  var objective: Double
  var last: ETSStates
  /// After each observation.
  var levels: [Double]
  var trends: [Double]
  var seasons: [Double]

  init(_ solution: ETSSolution, view: ETSSeries.View, period: Int) {
    let form = solution.form
    let count = view.normalized.count
    let step = form.isSeasonal ? period : 1
    errors = []
    sumOfSquares = 0
    objective = .infinity
    last = solution.states
    levels = []
    trends = []
    seasons = []
    let capacity = ETSFilter.capacity(count: count, period: step)
    view.normalized.withUnsafeBufferPointer { series in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: capacity) { block in
        guard let base = series.baseAddress, let memory = block.baseAddress else { return }
        let filter = ETSFilter(series, base: base, form: form, period: period, floor: view.floor, block: memory)
        if form.isSeasonal { for j in 0..<step { filter.seasons[j] = solution.states.season[j] } }
        filter.run(solution.parameters, level: solution.states.level, trend: solution.states.trend)
        objective = filter.objective()
        errors = Array(UnsafeBufferPointer(start: filter.errors, count: count))
        for t in 0..<count {
          let e = form.isAdditive ? errors[t] : errors[t] / filter.fitted[t]
          sumOfSquares += e * e
        }
        levels = Array(UnsafeBufferPointer(start: filter.levels + 1, count: count))
        trends = Array(UnsafeBufferPointer(start: filter.trends + 1, count: count))
        last.level = filter.levels[count]
        last.trend = filter.trends[count]
        if form.isSeasonal {
          seasons = Array(UnsafeBufferPointer(start: filter.seasons + step, count: count))
          last.season = Array(UnsafeBufferPointer(start: filter.seasons + count, count: step))
        }
      }
    }
  }
}
