import NumericKernels

/// A fit of one form of complex exponential smoothing to a series of mean magnitude 1.
struct CESFit {
  var form: CESForm
  var parameters: CESParameters
  /// States after the last step.
  var state: CESState
  /// One-step errors, NaN where missing.
  var errors: [Double]
  var squares: Double
  var used: Int

  /// - Parameters:
  ///   - series: for states and errors.
  ///   - rounded: the same with few digits, for the search.
  init?(
    form: CESForm, series: [Double], rounded: [Double], seasonalPeriod: Int, estimation: CESEstimation
  ) {
    guard let start = Self.start(form, rounded, seasonalPeriod) else { return nil }
    let objective = CESObjective(form: form, series: rounded, start: start)
    let count = form.parameterCount
    let used = Double(rounded.reduce(0) { $1.isNaN ? $0 : $0 + 1 })
    let pull = estimation.pull(seasonalPeriod: seasonalPeriod) / used
    let (lower, upper) = (Array(estimation.lower.prefix(count)), Array(estimation.upper.prefix(count)))
    func search(from point: [Double], _ settings: QuasiNewton.Settings) -> QuasiNewton.Result {
      QuasiNewton.minimize(from: point, lower: lower, upper: upper, settings: settings) { point, gradient in
        // The floor, far below any rounding, keeps an exact fit finite.
        let squares = objective.squares(point, gradient) + 1e-24 * used
        for k in 0..<count { gradient[k] /= squares }
        let excess = point[1] - 1
        gradient[1] += 2 * pull * excess
        return VectorMath.log(squares) + pull * excess * excess
      }
    }
    // A coarse search from each start, then the best one to the end.
    var coarse = QuasiNewton.Settings()
    coarse.gradientTolerance = 1e-3
    coarse.valueTolerance = 1e-4
    coarse.evaluations = 40
    var best: QuasiNewton.Result?
    for point in estimation.starts(form) {
      let result = search(from: point, coarse)
      if result.value.isFinite, result.value < (best?.value ?? .infinity) - 1e-9 { best = result }
    }
    var fine = QuasiNewton.Settings()
    fine.gradientTolerance = 1e-7
    fine.valueTolerance = 1e-11
    fine.firstStep = 0.01
    // A search that ran out of evaluations in a narrow valley starts anew, with a new idea of the curvature.
    for _ in 0..<4 {
      guard let point = best?.point else { break }
      best = search(from: point, fine)
      if best?.hasConverged ?? true { break }
    }
    guard let point = best?.point else { return nil }
    let parameters = CESParameters(
      levelReal: point[0], levelImaginary: point[1], seasonReal: count > 2 ? point[2] : 0,
      seasonImaginary: count > 3 ? point[3] : 0)
    self.init(form: form, series: series, seasonalPeriod: seasonalPeriod, parameters: parameters)
  }

  /// With given parameters.
  init?(form: CESForm, series: [Double], seasonalPeriod: Int, parameters: CESParameters) {
    guard var state = Self.start(form, series, seasonalPeriod) else { return nil }
    errors = state.filter(series, parameters)
    var (squares, used) = (0.0, 0)
    for error in errors where !error.isNaN {
      squares += error * error
      used += 1
    }
    guard squares.isFinite else { return nil }
    self.form = form
    self.parameters = parameters
    self.state = state
    self.squares = squares
    self.used = used
  }

  /// Twice the negative log likelihood up to a constant, in the units of the normalised series.
  var criterion: Double { Double(used) * VectorMath.log(squares + 1e-24 * Double(used)) }

  /// What the corrected information criterion of Akaike adds; infinite without degrees of freedom left.
  var penalty: Double {
    let k = Double(form.degreesOfFreedom)
    let left = Double(used) - k - 1
    return left > 0 ? 2 * k + 2 * k * (k + 1) / left : .infinity
  }

  /// The states before backcasting; nil where the series is too short for the form.
  private static func start(_ form: CESForm, _ y: [Double], _ m: Int) -> CESState? {
    var state = CESState(form: form, seasonalPeriod: m)
    func mean(_ count: Int) -> Double {
      let head = y.prefix(count).filter { !$0.isNaN }
      return head.isEmpty ? 0 : head.reduce(0, +) / Double(head.count)
    }
    let ratio = 1 / 1.1
    switch form {
    case .nonseasonal: state.level = (mean(10), ratio * mean(10))
    case .simple:
      guard y.count >= 2 * m else { return nil }
      for j in 0..<m {
        state.real[j] = y[j].isNaN ? mean(m) : y[j]
        state.imaginary[j] = ratio * state.real[j]
      }
    case .partial, .full:
      guard let season = try? ClassicalDecomposition(y, seasonalPeriod: m, kind: .additive) else { return nil }
      state.level = (mean(m), ratio * mean(m))
      state.real = season.figures
      if form == .full { state.imaginary = season.figures.map { ratio * $0 } }
    }
    return state
  }
}
