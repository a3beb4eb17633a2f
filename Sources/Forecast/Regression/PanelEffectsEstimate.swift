/// The estimated fixed effects by unit and by period, from what the regressors leave of the outcome.
struct PanelEffectsEstimate {
  let unit: [Double]
  let period: [Double]

  init(
    _ remainder: [Double], factors: [Factor], effects: PanelEffects, weights: [Double], model: String
  ) throws(ForecastError) {
    let projection = try EffectsProjection(sets: factors, weights: weights, model: model)
    let solved = try projection.project(remainder)
    guard effects == .twoWay else {
      unit = effects.contains(.unit) ? solved.major : []
      period = effects.contains(.period) ? solved.major : []
      return
    }
    let unitsAreMajor = factors[0].levels.count >= factors[1].levels.count
    if unitsAreMajor {
      unit = solved.major
      period = solved.minor
    } else {
      // The base was a unit: move it to the first period.
      let shift = solved.major.first ?? 0
      unit = solved.minor.map { $0 + shift }
      period = solved.major.map { $0 - shift }
    }
  }
}
