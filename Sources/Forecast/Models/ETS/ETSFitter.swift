import NumericKernels

/// Fits forms to one series, one after the other; what one form has found is a start for the next.
struct ETSFitter {
  let data: ETSSeries
  let estimation: ETSEstimation
  private var settings = QuasiNewton.Settings()
  private var found: [ETSForm: ETSSolution] = [:]

  init(_ data: ETSSeries, estimation: ETSEstimation) {
    self.data = data
    self.estimation = estimation
    settings.gradientTolerance = 1e-4
    settings.valueTolerance = 1e-8
    settings.evaluations = 300
  }

  mutating func solution(_ form: ETSForm) -> ETSSolution {
    if let known = found[form] { return known }
    let view = data.view(of: form) ?? data.additive
    let search = ETSSearch(form, period: data.seasonalPeriod, estimation: estimation, view: view)
    let starts = search.defaultStarts()
    guard view.change > 0 else {
      var constant = starts[0]
      constant.states.level = view.filled[0]
      constant.states.trend = 0
      let neutral = form.season == .multiplicative ? 1.0 : 0
      constant.states.season = constant.states.season.map { _ in neutral }
      return constant
    }
    let related = form.isSeasonal && estimation.startsAtDecomposition ? [] : relatives(of: form)
    var result = search.best(from: related + starts, settings: settings)
    if form.isSeasonal && estimation.seasonStiffness > 0 {
      result.objective = ETSPass(result, view: view, period: data.seasonalPeriod).objective
    }
    found[form] = result
    return result
  }

  /// Solutions of forms with other errors, season or a simpler trend, as starts for `form`.
  private func relatives(of form: ETSForm) -> [ETSSolution] {
    var candidates: [ETSForm] = []
    for error in ETSForm.Error.allCases where error != form.error {
      if let other = ETSForm(error, form.trend, form.season) { candidates.append(other) }
    }
    if form.trend == .damped, let other = ETSForm(form.error, .additive, form.season) { candidates.append(other) }
    if form.season == .multiplicative, let other = ETSForm(form.error, form.trend, .additive) {
      candidates.append(other)
    }
    return candidates.compactMap { candidate in found[candidate].map { converted($0, to: form) } }
  }

  private func converted(_ solution: ETSSolution, to form: ETSForm) -> ETSSolution {
    let from = solution.form
    func moved(_ difference: Double) -> Double {
      from.isAdditive == form.isAdditive
        ? difference : data.normalized(data.rescaled(difference, form: from), form: form)
    }
    var result = solution
    result.form = form
    result.states.level =
      moved(solution.states.level)
      + data.normalized(data.origin(of: from) - data.origin(of: form), form: form)
    result.states.trend = moved(solution.states.trend)
    result.states.season = solution.states.season.map { s in
      if from.season == form.season { return form.season == .multiplicative ? s : moved(s) }
      return max(1 + moved(s) / max(abs(result.states.level), 1e-6), 0.05)
    }
    if form.trend == .damped && from.trend != .damped { result.parameters.damping = 0.97 }
    return result
  }
}
