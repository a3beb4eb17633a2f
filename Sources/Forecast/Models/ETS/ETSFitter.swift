import NumericKernels

/// Fits forms to one series, one after the other.
struct ETSFitter {
  let data: ETSSeries
  let bounds: ETSBounds
  private var settings = QuasiNewton.Settings()

  init(_ data: ETSSeries, bounds: ETSBounds) {
    self.data = data
    self.bounds = bounds
    settings.gradientTolerance = 1e-4
    settings.valueTolerance = 1e-8
    settings.evaluations = 300
  }

  mutating func solution(_ form: ETSForm) -> ETSSolution {
    let view = data.view(of: form) ?? data.additive
    let search = ETSSearch(form: form, period: data.seasonalPeriod, bounds: bounds, view: view)
    var start = search.defaultStart()
    guard view.change > 0 else {
      start.states.level = view.filled[0]
      start.states.trend = 0
      let neutral = form.season == .multiplicative ? 1.0 : 0
      start.states.season = start.states.season.map { _ in neutral }
      return start
    }
    return search.best(from: start, settings: settings)
  }
}
