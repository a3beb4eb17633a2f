import NumericKernels

/// A suggested intervention, with its estimated effect.
public struct OutlierSuggestion: Equatable, Sendable {
  public var intervention: SeriesIntervention
  public var effect: Double
  public var standardError: Double

  public init(intervention: SeriesIntervention, effect: Double, standardError: Double) {
    self.intervention = intervention
    self.effect = effect
    self.standardError = standardError
  }

  public var tValue: Double { effect / standardError }
}

/// Looks for observations that an ARIMA model does not explain: additive outliers, level shifts, temporary changes.
///
/// A suggestion, nothing is applied: pass what you believe to ``RegressionWithARIMAErrors``. Each round filters the candidate's
/// column as the series was filtered (so its effect and t-value are a regression of the one-step errors on it, with the errors'
/// scale by 1.4826 times their median size), takes the largest |t| above the critical value, removes its effect and looks again.
/// Then all found are fitted jointly with the model's coefficients, the insignificant dropped, and the search repeated on the
/// new errors, until nothing changes or four times.
///
/// The critical value is 3 up to 50 observations, 4 from 450 on, and linear between.
///
/// Edge cases: a model with variance 0 or fewer than ten errors gives no suggestion. A pulse and a level shift at the last
/// observation are the same; the pulse is named. The first d + mD observations have no errors: what happened there is hardly seen.
///
/// Source: Chen and Liu, Journal of the American Statistical Association 88 (1993).
public struct OutlierSearch: Sendable {
  public var criticalValue: Double?
  public var decay = 0.7
  public var kinds: [SeriesIntervention.Kind]
  /// At most so many suggestions; nil for a tenth of the observations.
  public var maximumCount: Int?

  /// - Parameter criticalValue: nil for the rule by the length of the series.
  public init(criticalValue: Double? = nil, decay: Double = 0.7, maximumCount: Int? = nil) {
    self.criticalValue = criticalValue
    self.decay = decay
    self.maximumCount = maximumCount
    kinds = [.pulse, .levelShift, .temporaryChange(decay: decay)]
  }

  /// The default critical value for so many observations.
  public static func criticalValue(count: Int) -> Double { min(max(3 + 0.0025 * Double(count - 50), 3), 4) }

  /// Suggestions for a series, in order of time.
  ///
  /// - Parameters:
  ///   - model: gives the orders and whether there is a constant; its coefficients are estimated again on this series.
  ///   - regressors: those of the model.
  public func suggestions(
    for series: [Double], model: ARIMA, regressors: Matrix? = nil
  ) throws(ForecastError) -> [OutlierSuggestion] {
    let critical = criticalValue ?? Self.criticalValue(count: series.count)
    let limit = maximumCount ?? max(series.count / 10, 1)
    var (found, current) = try joint(series, [], model, regressors, critical)
    for _ in 0..<4 {
      let fresh = scan(current, critical: critical, limit: limit - found.count, known: found)
      if fresh.isEmpty { break }
      (found, current) = try joint(series, found + fresh, model, regressors, critical)
    }
    let table = current.coefficientTable().suffix(found.count)
    return zip(found, table).map {
      OutlierSuggestion(intervention: $0, effect: $1.estimate, standardError: $1.standardError)
    }.sorted { $0.intervention.position < $1.intervention.position }
  }

  /// Fits all interventions with the model, dropping the least significant one until all pass.
  private func joint(
    _ series: [Double], _ interventions: [SeriesIntervention], _ model: ARIMA, _ regressors: Matrix?, _ critical: Double
  ) throws(ForecastError) -> ([SeriesIntervention], ARIMA) {
    var kept = interventions
    while true {
      var columns = (0..<(regressors?.columnCount ?? 0)).compactMap { regressors?.column($0) }
      columns += kept.map { $0.values(0..<series.count) }
      let fit: ARIMA
      do {
        fit = try ARIMA(
          fitting: series, order: model.order, seasonal: model.seasonal, seasonalPeriod: model.seasonalPeriod,
          includesConstant: model.includesConstant, regressors: columns.isEmpty ? nil : Matrix(columns: columns))
      } catch {
        // The last one found is a combination of the others or there are too many.
        guard !kept.isEmpty else { throw error }
        kept.removeLast()
        continue
      }
      let table = Array(fit.coefficientTable().suffix(kept.count))
      var weakest: (index: Int, t: Double)?
      for (i, one) in table.enumerated() {
        let t = one.tValue.isNaN ? 0 : abs(one.tValue)
        if t < weakest?.t ?? critical { weakest = (i, t) }
      }
      guard let weakest else { return (kept, fit) }
      kept.remove(at: weakest.index)
    }
  }

  /// One pass over the errors: the largest effect, again and again.
  private func scan(
    _ model: ARIMA, critical: Double, limit: Int, known: [SeriesIntervention]
  ) -> [SeriesIntervention] {
    var errors = model.residuals
    let usable = errors.indices.filter { !errors[$0].isNaN }
    guard usable.count >= 10, model.innovationVariance > 0 else { return [] }
    for i in errors.indices where errors[i].isNaN { errors[i] = 0 }
    let n = errors.count
    let lost = usable[0]
    let filter = ErrorFilter(model, lost: lost)
    let responses = kinds.map { kind in filter.filtered(SeriesIntervention(kind, at: lost).values(0..<n)) }
    var squares = responses
    for k in kinds.indices {
      var sum = 0.0
      for (i, value) in responses[k].dropFirst(lost).enumerated() {
        sum += value * value
        squares[k][i] = sum
      }
    }
    var result: [SeriesIntervention] = []
    while result.count < limit {
      let sizes = usable.map { abs(errors[$0]) }.sorted()
      let middle = sizes.count / 2
      let deviation = 1.4826 * (sizes.count % 2 == 1 ? sizes[middle] : 0.5 * (sizes[middle - 1] + sizes[middle]))
      guard deviation > 0 else { break }
      var best: (one: SeriesIntervention, t: Double, effect: Double)?
      for (k, kind) in kinds.enumerated() {
        for start in lost..<n {
          if start == n - 1 && k > 0 { continue }
          if start == lost && kind == .levelShift && model.includesConstant && lost == 0 { continue }
          var product = 0.0
          for t in start..<n { product += errors[t] * responses[k][lost + t - start] }
          let square = squares[k][n - 1 - start]
          guard square > 1e-12 else { continue }
          let t = product / (deviation * square.squareRoot())
          let one = SeriesIntervention(kind, at: start)
          if abs(t) > abs(best?.t ?? critical), !result.contains(one), !known.contains(one) {
            best = (one, t, product / square)
          }
        }
      }
      guard let best, let k = kinds.firstIndex(of: best.one.kind) else { break }
      for t in best.one.position..<n {
        errors[t] -= best.effect * responses[k][lost + t - best.one.position]
      }
      result.append(best.one)
    }
    return result
  }
}

/// The conditional one-step errors of a column: what a model makes of an intervention.
private struct ErrorFilter {
  let phi: [Double]
  let theta: [Double]
  let delta: [Double]
  let lost: Int

  init(_ model: ARIMA, lost: Int) {
    (phi, theta) = model.structure.expand(model.coefficients)
    delta = model.sample.delta
    self.lost = lost
  }

  func filtered(_ x: [Double]) -> [Double] {
    var w = x
    var errors = [Double](repeating: 0, count: x.count)
    for t in x.indices {
      for (i, weight) in delta.enumerated() where weight != 0 && t - 1 - i >= 0 { w[t] -= weight * x[t - 1 - i] }
      var error = w[t]
      for (i, weight) in phi.enumerated() where weight != 0 && t - 1 - i >= 0 { error -= weight * w[t - 1 - i] }
      for (i, weight) in theta.enumerated() where weight != 0 && t - 1 - i >= 0 {
        error -= weight * errors[t - 1 - i]
      }
      errors[t] = error
    }
    return errors
  }
}
