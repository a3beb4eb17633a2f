import NumericKernels

extension ARIMA {
  /// The model with the best information criterion.
  ///
  /// Differences are chosen by tests (``Differencing``), then the orders by the stepwise search of Hyndman and Khandakar: from four
  /// models ((2,d,2)(1,D,1), (0,d,0)(0,D,0), (1,d,0)(1,D,0), (0,d,1)(0,D,1); with a constant, and the second without one too), by
  /// single and paired changes of P and Q, p and q and the constant, taken as soon as they improve the criterion. The sequence
  /// and the limits are those of R's `auto.arima` (see ``ARIMASelectionSettings`` for what differs); models with roots near the
  /// unit circle are refused; a tie keeps the earlier model.
  /// Candidates are fitted exactly, or by conditional sums of squares in long series.
  ///
  /// Edge cases: one observation or a constant series gives ARIMA(0,0,0) with a mean and variance 0; a series whose differences are
  /// constant is taken as exactly that. With regressors the tests see the series less its regression on them.
  ///
  /// Source: Hyndman and Khandakar, Journal of Statistical Software 27(3) (2008).
  ///
  /// - Parameters:
  ///   - series: NaN where missing.
  ///   - seasonalPeriod: 1 for no season.
  /// - Throws: ``ForecastError`` for an empty or infinite series or a bad design.
  public static func selected(
    fitting series: [Double], seasonalPeriod: Int = 1, regressors: Matrix? = nil,
    settings: ARIMASelectionSettings = ARIMASelectionSettings()
  ) throws(ForecastError) -> ARIMA {
    var selection = try ARIMASelection(
      series, period: seasonalPeriod, regressors: regressors, settings: settings)
    return try selection.run()
  }
}

/// One run of the order selection: the candidates seen and what they scored.
struct ARIMASelection {
  /// The orders of a candidate; differences are common to all.
  struct Candidate: Hashable {
    var p: Int
    var q: Int
    var seasonalP: Int
    var seasonalQ: Int
    var constant: Bool
  }

  struct Score {
    var criterion: Double
    var coefficients: [Double]
  }

  private let series: [Double]
  private let period: Int
  private let regressors: Matrix?
  private let settings: ARIMASelectionSettings
  private let d: Int
  private let seasonalD: Int
  private let limits: Candidate
  private let isApproximate: Bool
  private let isShort: Bool
  /// Whether nothing is left to model after differencing.
  private let isTrivial: Bool
  private var criterion: ARIMASelectionSettings.Criterion
  private var withConstant: ARIMASample?
  private var withoutConstant: ARIMASample?
  private var scores: [Candidate: Score] = [:]
  private var sequence: [Candidate] = []

  init(
    _ series: [Double], period: Int, regressors: Matrix?, settings: ARIMASelectionSettings
  ) throws(ForecastError) {
    let data = try Observations(series, model: "ARIMA", needed: 1)
    self.series = series
    self.settings = settings
    self.regressors = regressors
    let m = max(period, 1)
    self.period = m
    let n = data.positions.count
    let length = data.span + 1
    let third = n / 3
    var values = ARIMASelection.filled(data)
    if let regressors { values = try Self.without(regressors, values, data) }
    if let given = settings.seasonalDifferences {
      seasonalD = m > 1 ? given : 0
    } else {
      seasonalD = m > 1 && length > 2 * m && !data.isConstant ? Differencing.seasonalCount(values, period: m) : 0
    }
    // Interpolated values are no evidence where they can be left out.
    let seasonal =
      seasonalD == 0 && regressors == nil
      ? data.values : ARIMASample.differenced(values, d: 0, seasonalD: seasonalD, period: m)
    d = settings.differences ?? (data.isConstant ? 0 : Differencing.count(seasonal))
    let rest = ARIMASample.differenced(seasonal, d: d, seasonalD: 0, period: 1)
    guard !rest.isEmpty else {
      throw .tooFewObservations(model: "ARIMA", needed: d + m * seasonalD + 1, found: n)
    }
    isTrivial = data.isConstant || Differencing.isConstant(rest)
    let lags = min(third, ARMAStructure.largestState - max(settings.maximumAR, settings.maximumMA)) / m
    let seasonalP = m > 1 ? min(settings.maximumSeasonalAR, lags) : 0
    let seasonalQ = m > 1 ? min(settings.maximumSeasonalMA, lags) : 0
    limits = Candidate(
      p: min(settings.maximumAR, third, seasonalP > 0 ? m - 1 : third),
      q: min(settings.maximumMA, third, seasonalQ > 0 ? m - 1 : third),
      seasonalP: seasonalP, seasonalQ: seasonalQ, constant: settings.allowsConstant && d + seasonalD <= 1)
    criterion = n <= 3 ? .aic : settings.criterion
    isApproximate = settings.isApproximate ?? (length > 150 || m > 12)
    isShort = length < 10
  }

  /// The series between its first and last usable observations, gaps interpolated.
  private static func filled(_ data: Observations) -> [Double] {
    let start = data.positions[0]
    var values = [Double](repeating: 0, count: data.span + 1)
    for (position, value) in zip(data.positions, data.values) { values[position - start] = value }
    for (left, right) in zip(data.positions, data.positions.dropFirst()) where right - left > 1 {
      for t in left + 1..<right {
        let share = Double(t - left) / Double(right - left)
        values[t - start] = values[left - start] * (1 - share) + values[right - start] * share
      }
    }
    return values
  }

  /// The residuals of the regression on a constant and the regressors.
  private static func without(
    _ regressors: Matrix, _ values: [Double], _ data: Observations
  ) throws(ForecastError) -> [Double] {
    guard regressors.rowCount == data.count else {
      throw .badDesign(
        model: "ARIMA", reason: "regressors have \(regressors.rowCount) rows, the series \(data.count) observations")
    }
    let start = data.positions[0]
    var design = Matrix(rowCount: values.count, columnCount: regressors.columnCount + 1, repeating: 1)
    for j in 0..<regressors.columnCount {
      for i in values.indices { design[i, j + 1] = regressors[start + i, j] }
    }
    do {
      return try design.leastSquares(values).residuals
    } catch {
      throw .badDesign(model: "ARIMA", reason: "regressors must be finite numbers")
    }
  }

  mutating func run() throws(ForecastError) -> ARIMA {
    let none = Candidate(p: 0, q: 0, seasonalP: 0, seasonalQ: 0, constant: limits.constant)
    if isTrivial { return try model(none, coefficients: []) }
    let approximate = isApproximate
    var best = search(approximate: approximate)
    if approximate, let first = best {
      // The best by approximation whose exact fit stands.
      best = nil
      let ranked = sequence.enumerated().sorted {
        let (a, b) = (scores[$0.element]?.criterion ?? .infinity, scores[$1.element]?.criterion ?? .infinity)
        return a < b || (a == b && $0.offset < $1.offset)
      }
      scores = [:]
      for (_, candidate) in ranked {
        if score(candidate, approximate: false).criterion < .infinity {
          best = candidate
          break
        }
      }
      if best == nil { best = first }
    }
    guard let best, let score = scores[best], score.criterion < .infinity || approximate else {
      return try model(none, coefficients: [])
    }
    return try model(best, coefficients: score.coefficients)
  }

  private mutating func sample(constant: Bool) throws(ForecastError) -> ARIMASample {
    if let known = constant ? withConstant : withoutConstant { return known }
    let made = try ARIMASample(
      series, d: d, seasonalD: seasonalD, period: period, includesConstant: constant, regressors: regressors,
      model: "ARIMA")
    if constant { withConstant = made } else { withoutConstant = made }
    return made
  }

  private func structure(_ candidate: Candidate) -> ARMAStructure {
    ARMAStructure(
      p: candidate.p, q: candidate.q, seasonalP: candidate.seasonalP, seasonalQ: candidate.seasonalQ, period: period)
  }

  private mutating func model(_ candidate: Candidate, coefficients: [Double]) throws(ForecastError) -> ARIMA {
    var found: ARIMASample
    do {
      found = try sample(constant: candidate.constant)
    } catch {
      guard candidate.constant else { throw error }
      found = try sample(constant: false)
    }
    // More regressors than observations leave nothing to estimate the variance from.
    if found.count - found.missingCount <= found.levels.count {
      guard candidate.constant, found.levels.count == 1 || found.count > found.missingCount + found.levels.count - 1
      else {
        throw .tooFewObservations(
          model: "ARIMA", needed: found.levels.count + 1 + found.lostCount,
          found: found.values.count - found.missingCount)
      }
      if !(found.isExact && found.levels.count == 1) { found = try sample(constant: false) }
    }
    let structure = structure(candidate)
    let refined =
      structure.parameterCount > 0
      ? ARMAFit(found, structure, from: coefficients).coefficients : []
    return ARIMA(found, structure, coefficients: refined, seasonal: ARIMAOrder(0, seasonalD, 0))
  }

  /// The criterion of a candidate; infinite if it cannot be fitted or is refused.
  private mutating func score(_ candidate: Candidate, approximate: Bool) -> Score {
    if let known = scores[candidate] { return known }
    var result = Score(criterion: .infinity, coefficients: [])
    if let sample = try? sample(constant: candidate.constant) {
      let structure = structure(candidate)
      let used = sample.count - sample.missingCount
      let parameters = Double(structure.parameterCount + sample.levels.count + 1)
      let n = Double(used)
      let hasRoom = n - parameters - 1 > 0 || (criterion != .aicc && n > parameters - 1)
      if hasRoom && structure.stateCount <= sample.count {
        let fit = ARMAFit(sample, structure, effort: approximate ? .conditional : .search)
        let coefficients = structure.invertible(fit.coefficients)
        var value =
          fit.meanSquare > 0
          ? n * VectorMath.log(fit.meanSquare) - 2 * sample.logScale(usedCount: used) : -.infinity
        switch criterion {
        case .aicc: value += 2 * parameters + 2 * parameters * (parameters + 1) / (n - parameters - 1)
        case .aic: value += 2 * parameters
        case .bic: value += parameters * VectorMath.log(n)
        }
        result.coefficients = coefficients
        if !value.isNaN
          && structure.hasRootsOutside(
            settings.smallestRoot, seasonal: settings.smallestSeasonalRoot, coefficients)
        {
          result.criterion = value
        }
      }
    }
    scores[candidate] = result
    sequence.append(candidate)
    return result
  }

  private mutating func search(approximate: Bool) -> Candidate? {
    settings.isStepwise ? stepwise(approximate: approximate) : full(approximate: approximate)
  }

  private mutating func full(approximate: Bool) -> Candidate? {
    var best: (candidate: Candidate, value: Double)?
    for p in 0...limits.p {
      for q in 0...limits.q {
        for seasonalP in 0...limits.seasonalP {
          for seasonalQ in 0...limits.seasonalQ where p + q + seasonalP + seasonalQ <= settings.maximumOrder {
            for constant in limits.constant ? [false, true] : [false] {
              let candidate = Candidate(p: p, q: q, seasonalP: seasonalP, seasonalQ: seasonalQ, constant: constant)
              let value = score(candidate, approximate: approximate).criterion
              if value < best?.value ?? .infinity { best = (candidate, value) }
            }
          }
        }
      }
    }
    return best?.candidate
  }

  private mutating func stepwise(approximate: Bool) -> Candidate? {
    let constant = limits.constant
    let season = period > 1 ? 1 : 0
    func bounded(_ p: Int, _ q: Int, _ seasonalP: Int, _ seasonalQ: Int, _ constant: Bool) -> Candidate {
      Candidate(
        p: min(p, limits.p), q: min(q, limits.q), seasonalP: min(seasonalP, limits.seasonalP),
        seasonalQ: min(seasonalQ, limits.seasonalQ), constant: constant)
    }
    let start = isShort ? (1, 0) : (2, season)
    var best = bounded(start.0, start.0, start.1, start.1, constant)
    var lowest = score(best, approximate: approximate).criterion
    var starts = [
      bounded(0, 0, 0, 0, constant), bounded(1, 0, season, 0, constant), bounded(0, 1, 0, season, constant),
    ]
    if constant { starts.append(bounded(0, 0, 0, 0, false)) }
    for candidate in starts {
      let value = score(candidate, approximate: approximate).criterion
      if value < lowest { (best, lowest) = (candidate, value) }
    }
    var chosen = best
    if constant && settings.stepsFromConstant ?? (period == 1) { best.constant = true }
    // Changes of (P, Q), then of (p, q), then the constant.
    let changes = [(-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)]
    var isImproved = true
    search: while isImproved && sequence.count < settings.maximumModels {
      isImproved = false
      for step in 0..<17 {
        var next = best
        if step < 8 {
          next.seasonalP += changes[step].0
          next.seasonalQ += changes[step].1
        } else if step < 16 {
          next.p += changes[step - 8].0
          next.q += changes[step - 8].1
        } else {
          guard constant else { continue }
          next.constant.toggle()
        }
        guard next.p >= 0, next.q >= 0, next.seasonalP >= 0, next.seasonalQ >= 0, next.p <= limits.p,
          next.q <= limits.q, next.seasonalP <= limits.seasonalP, next.seasonalQ <= limits.seasonalQ,
          scores[next] == nil
        else { continue }
        let value = score(next, approximate: approximate).criterion
        if value < lowest {
          (best, lowest) = (next, value)
          chosen = next
          isImproved = true
          continue search
        }
        if sequence.count >= settings.maximumModels { break search }
      }
    }
    return lowest < .infinity ? chosen : nil
  }
}

extension ARMAStructure {
  /// Whether both polynomials have all their roots outside of a circle.
  func hasRootsOutside(_ radius: Double, seasonal: Double, _ c: [Double]) -> Bool {
    var seasonalRadius = 1.0
    for _ in 0..<(seasonalP + seasonalQ > 0 ? period : 0) { seasonalRadius *= seasonal }
    let (first, second) = (p + q, p + q + seasonalP)
    return ARMAPolynomial.hasRootsOutside(radius, ar: Array(c[..<p]))
      && ARMAPolynomial.hasRootsOutside(radius, ar: c[p..<first].map { -$0 })
      && ARMAPolynomial.hasRootsOutside(seasonalRadius, ar: Array(c[first..<second]))
      && ARMAPolynomial.hasRootsOutside(seasonalRadius, ar: c[second...].map { -$0 })
  }
}
