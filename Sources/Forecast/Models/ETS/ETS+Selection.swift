import NumericKernels

extension ETS {
  /// The form with the lowest AICc among `forms`, fitted.
  ///
  /// Forms that the data rule out (period, sign, number of observations) are passed over. Where no allowed form has a finite AICc,
  /// the simplest one that can be fitted is taken, at worst ETS(A,N,N); so three observations always give a model. A constant
  /// series is ETS(A,N,N). Of forms whose AICc agrees to 1e-6 the first of ``ETSForm/all`` is taken.
  ///
  /// - Parameters:
  ///   - series: in time order, NaN where missing; at least three usable values.
  ///   - seasonalPeriod: observations per period; 1 for no season. Periods above 24 are fitted without a season.
  ///   - forms: ``ETSForm/nonSeasonal`` for a seasonally adjusted series.
  ///   - estimation: nil for ``ETSEstimation/steady(seasonalPeriod:)``. ``ETSEstimation/maximumLikelihood`` gives R's likelihoods,
  ///     and worse forecasts.
  public static func selected(
    fitting series: [Double], seasonalPeriod: Int = 1, allowing forms: [ETSForm] = ETSForm.all,
    estimation: ETSEstimation? = nil
  ) throws(ForecastError) -> ETS {
    let data = try ETSSeries(series, seasonalPeriod: seasonalPeriod, name: "ETS", needed: 3)
    var fitter = ETSFitter(data, estimation: estimation ?? .steady(seasonalPeriod: seasonalPeriod))
    guard !data.observations.isConstant else { return ETS(data, fitter.solution(.simple)) }
    var best: (solution: ETSSolution, criterion: Double)?
    for form in ETSForm.all where forms.contains(form) {
      guard data.allows(form) else { continue }
      let k = Double(form.parameterCount(seasonalPeriod: data.seasonalPeriod) + 1)
      let room = Double(data.count) - k - 1
      guard room > 0 else { continue }
      let solution = fitter.solution(form)
      let likelihoodPart = 2 * (solution.objective + Double(data.count) * data.logUnit(of: form))
      let criterion = likelihoodPart + 2 * k + 2 * k * (k + 1) / room
      guard criterion.isFinite else { continue }
      if criterion < (best?.criterion ?? .infinity) - 1e-6 { best = (solution, criterion) }
    }
    if let best { return ETS(data, best.solution) }
    let form = ETSForm.all.first { forms.contains($0) && data.allows($0) } ?? .simple
    return ETS(data, fitter.solution(form))
  }
}

extension ETSSeries {
  /// Whether period, sign and number of observations admit a form.
  func allows(_ form: ETSForm) -> Bool {
    count >= ETS.needed(form, seasonalPeriod) && view(of: form) != nil
      && (!form.isSeasonal || (2...24).contains(seasonalPeriod))
  }
}
