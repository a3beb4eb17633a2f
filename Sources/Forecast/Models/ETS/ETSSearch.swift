import NumericKernels

/// Parameters and initial states of one form, in the normalised unit of its view, and their objective.
struct ETSSolution: Equatable, Sendable {
  var form: ETSForm
  var parameters: ETSParameters
  var states: ETSStates
  /// Minus the log likelihood of the rounded, normalised data.
  var objective: Double
  /// Passes spent.
  var evaluations = 0
}

/// The search for the most likely parameters and initial states of one form.
///
/// Variables, each in a box: beta; alpha as its place between beta and its bound; gamma as its place below 1 - alpha; phi; the
/// states in units of the series' mean absolute change. A season's states are searched for in full and normalised inside
/// (differences from their mean), which leaves one flat direction and treats all seasons alike.
struct ETSSearch {
  let form: ETSForm
  let period: Int
  let estimation: ETSEstimation
  let view: ETSSeries.View
  /// The season of the decomposition as variables, if the states are held near it; else empty.
  private let heldSeason: [Double]

  init(_ form: ETSForm, period: Int, estimation: ETSEstimation, view: ETSSeries.View) {
    self.form = form
    self.period = period
    self.estimation = estimation
    self.view = view
    guard form.isSeasonal, estimation.seasonStiffness > 0 else {
      heldSeason = []
      return
    }
    let neutral = form.season == .multiplicative ? 1.0 : 0
    let season = ETSStart.states(view.filled, form: form, period: period).season
    heldSeason = season.map { ($0 - neutral) / view.change }
  }

  private var hasTrend: Bool { form.hasTrend }
  private var isDamped: Bool { form.trend == .damped }
  private var isSeasonal: Bool { form.isSeasonal }
  /// Position of the level in the list of variables; the trend and the season follow.
  private var stateOffset: Int { 1 + (hasTrend ? 1 : 0) + (isSeasonal ? 1 : 0) + (isDamped ? 1 : 0) }
  private var variableCount: Int { stateOffset + 1 + (hasTrend ? 1 : 0) + (isSeasonal ? period : 0) }
  private var neutralSeason: Double { form.season == .multiplicative ? 1 : 0 }

  /// Where to start without knowing anything: R's starting values, and a level that follows the data closely.
  ///
  /// Many likelihoods have one hill at each end of alpha.
  func defaultStarts() -> [ETSSolution] {
    let m = Double(isSeasonal ? period : 1)
    let low = ETSEstimation.smallest
    let states = ETSStart.states(view.filled, form: form, period: period)
    func start(_ alpha: Double, _ beta: Double, _ states: ETSStates) -> ETSSolution {
      let parameters = ETSParameters(
        smoothingLevel: alpha, smoothingTrend: hasTrend ? beta : 0,
        smoothingSeason: isSeasonal ? low + 0.05 * (1 - alpha - low) : 0, damping: isDamped ? 0.978 : 1)
      return ETSSolution(form: form, parameters: parameters, states: states, objective: .infinity)
    }
    var near = states
    let first = view.filled[0]
    switch form.season {
    case .none: near.level = first
    case .additive: near.level = first - states.season[0]
    case .multiplicative: near.level = first / states.season[0]
    }
    near.level -= near.trend
    let alpha = low + 0.2 * (ETSEstimation.largest - low) / m
    let far = start(alpha, low + 0.1 * (alpha - low), states)
    return isSeasonal && estimation.startsAtDecomposition ? [far] : [far, start(0.9, 0.05, near)]
  }

  /// A start from which every one-step forecast is positive, for multiplicative forms whose trend leads below zero.
  func flatStart() -> ETSSolution {
    var start = defaultStarts()[0]
    start.states.trend = 0
    start.states.level = view.filled.reduce(0, +) / Double(view.filled.count)
    start.states.season = start.states.season.map { _ in neutralSeason }
    start.parameters.smoothingLevel = 0.3
    if hasTrend { start.parameters.smoothingTrend = ETSEstimation.smallest }
    if isSeasonal { start.parameters.smoothingSeason = ETSEstimation.smallest }
    return start
  }

  private func variables(_ start: ETSSolution) -> [Double] {
    let (low, high) = (ETSEstimation.smallest, ETSEstimation.largest)
    let p = start.parameters
    var result: [Double] = []
    result.reserveCapacity(variableCount)
    let beta = hasTrend ? min(max(p.smoothingTrend, low), min(estimation.largestSmoothingTrend, p.smoothingLevel)) : low
    result.append((p.smoothingLevel - beta) / max(high - beta, 1e-12))
    if hasTrend { result.append(beta) }
    if isSeasonal { result.append((p.smoothingSeason - low) / max(1 - p.smoothingLevel - low, 1e-12)) }
    if isDamped { result.append(p.damping) }
    result.append(start.states.level / view.change)
    if hasTrend { result.append(start.states.trend / view.change) }
    if isSeasonal { for s in start.states.season { result.append((s - neutralSeason) / view.change) } }
    return result
  }

  private func parameters(_ x: UnsafePointer<Double>) -> ETSParameters {
    let (low, high) = (ETSEstimation.smallest, ETSEstimation.largest)
    var i = 1
    var beta = low
    if hasTrend {
      beta = x[i]
      i += 1
    }
    let alpha = min(beta + x[0] * (high - beta), high)
    var gamma = 0.0
    if isSeasonal {
      gamma = low + x[i] * max(1 - alpha - low, 0)
      i += 1
    }
    return ETSParameters(
      smoothingLevel: alpha, smoothingTrend: hasTrend ? beta : 0, smoothingSeason: gamma, damping: isDamped ? x[i] : 1)
  }

  /// The best point the search finds from one of `starts`; of equally good ones the first.
  func best(from starts: [ETSSolution], settings: QuasiNewton.Settings) -> ETSSolution {
    var evaluations = 0
    var best: ETSSolution?
    func consider(_ start: ETSSolution) {
      var found = descend(from: start, settings: settings, insideOnly: false)
      evaluations += found.evaluations
      if isSeasonal, !ETSAdmissibility.isAdmissible(found.parameters, form: form, period: period) {
        found = descend(from: start, settings: settings, insideOnly: true)
        evaluations += found.evaluations
      }
      if found.objective < (best?.objective ?? .infinity) - 1e-7 { best = found }
    }
    for start in starts { consider(start) }
    if best == nil { consider(flatStart()) }
    var result = best ?? flatStart()
    result.evaluations = evaluations
    return result
  }

  private func descend(
    from start: ETSSolution, settings: QuasiNewton.Settings, insideOnly: Bool
  ) -> ETSSolution {
    let first = variables(start)
    let (lower, upper) = box
    let capacity = ETSFilter.capacity(count: view.rounded.count, period: isSeasonal ? period : 1)
    let result = view.rounded.withUnsafeBufferPointer { series in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: capacity) { block in
        guard let base = series.baseAddress, let memory = block.baseAddress else {
          return QuasiNewton.Result(point: first, value: .infinity, evaluations: 0, hasConverged: false)
        }
        let filter = ETSFilter(
          series, base: base, form: form, period: period, floor: view.floor, block: memory)
        return QuasiNewton.minimize(from: first, lower: lower, upper: upper, settings: settings) { x, gradient in
          evaluate(filter, x, gradient, insideOnly: insideOnly)
        }
      }
    }
    return result.point.withUnsafeBufferPointer { point in
      guard let x = point.baseAddress else { return start }
      let count = variableCount
      var states = ETSStates(level: x[stateOffset] * view.change, trend: 0, season: [])
      if hasTrend { states.trend = x[stateOffset + 1] * view.change }
      if isSeasonal {
        let raw = (count - period..<count).map { x[$0] }
        let mean = raw.reduce(0, +) / Double(period)
        states.season = raw.map { neutralSeason + ($0 - mean) * view.change }
      }
      return ETSSolution(
        form: form, parameters: parameters(x), states: states, objective: result.value,
        evaluations: result.evaluations)
    }
  }

  private var box: (lower: [Double], upper: [Double]) {
    var lower = [0.0]
    var upper = [1.0]
    if hasTrend {
      lower.append(ETSEstimation.smallest)
      upper.append(estimation.largestSmoothingTrend)
    }
    if isSeasonal {
      lower.append(0)
      upper.append(1)
    }
    if isDamped {
      lower.append(ETSEstimation.dampingRange.lowerBound)
      upper.append(ETSEstimation.dampingRange.upperBound)
    }
    let free = variableCount - stateOffset
    lower += Array(repeating: -Double.infinity, count: free)
    upper += Array(repeating: Double.infinity, count: free)
    return (lower, upper)
  }

  private func evaluate(
    _ filter: ETSFilter, _ x: UnsafePointer<Double>, _ gradient: UnsafeMutablePointer<Double>, insideOnly: Bool
  ) -> Double {
    let (low, high) = (ETSEstimation.smallest, ETSEstimation.largest)
    let p = parameters(x)
    if insideOnly, !ETSAdmissibility.isAdmissible(p, form: form, period: period) { return .infinity }
    let unit = view.change
    let firstSeason = variableCount - period
    if isSeasonal {
      var mean = 0.0
      for j in 0..<period { mean += x[firstSeason + j] }
      mean /= Double(period)
      for j in 0..<period { filter.seasons[j] = neutralSeason + (x[firstSeason + j] - mean) * unit }
    }
    filter.run(p, level: x[stateOffset] * unit, trend: hasTrend ? x[stateOffset + 1] * unit : 0)
    let value = filter.objective()
    guard value.isFinite else { return .infinity }
    var penalty = 0.0
    let g = filter.gradient(p)
    var byAlpha = g.smoothingLevel
    var i = 1
    if isSeasonal {
      let place = x[hasTrend ? 2 : 1]
      let room = max(1 - p.smoothingLevel - low, 0)
      gradient[hasTrend ? 2 : 1] = g.smoothingSeason * room
      byAlpha -= g.smoothingSeason * place
    }
    let beta = hasTrend ? p.smoothingTrend : low
    gradient[0] = byAlpha * (high - beta)
    if hasTrend {
      gradient[1] = g.smoothingTrend + byAlpha * (1 - x[0])
      i += 1
    }
    if isSeasonal { i += 1 }
    if isDamped { gradient[i] = g.damping }
    gradient[stateOffset] = g.level * unit
    if hasTrend { gradient[stateOffset + 1] = g.trend * unit }
    if isSeasonal {
      var mean = 0.0
      for j in 0..<period { mean += filter.seasonGradient[j] }
      mean /= Double(period)
      for j in 0..<period { gradient[firstSeason + j] = (filter.seasonGradient[j] - mean) * unit }
      for j in 0..<heldSeason.count {
        let distance = x[firstSeason + j] - heldSeason[j]
        penalty += 0.5 * estimation.seasonStiffness * distance * distance
        gradient[firstSeason + j] += estimation.seasonStiffness * distance
      }
    }
    return value + penalty
  }
}
