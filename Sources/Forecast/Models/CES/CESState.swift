/// The states of complex exponential smoothing after some step.
struct CESState: Equatable, Sendable {
  let form: CESForm
  /// The complex level, for all forms but the simple one.
  var level: (real: Double, imaginary: Double) = (0, 0)
  /// For each phase, from that of the next step on: the complex level (simple form), the season (partial, full).
  var real: [Double]
  var imaginary: [Double]
  /// The index of the next step's phase.
  var phase = 0

  init(form: CESForm, seasonalPeriod: Int) {
    self.form = form
    real = [Double](repeating: 0, count: form == .nonseasonal ? 1 : seasonalPeriod)
    imaginary = real
  }

  static func == (a: CESState, b: CESState) -> Bool {
    a.form == b.form && a.level == b.level && a.real == b.real && a.imaginary == b.imaginary && a.phase == b.phase
  }

  /// The one-step forecast.
  var expected: Double {
    switch form {
    case .nonseasonal: return level.real
    case .simple: return real[phase]
    case .partial, .full: return level.real + real[phase]
    }
  }

  /// Moves on by a step with a one-step error.
  mutating func advance(_ error: Double, _ p: CESParameters) {
    let (a0, a1) = (p.levelReal, p.levelImaginary)
    if form == .simple {
      let (l, c) = (real[phase], imaginary[phase])
      real[phase] = l - (1 - a1) * c + (a0 - a1) * error
      imaginary[phase] = l + (1 - a0) * c + (a0 + a1) * error
    } else {
      let (l, c) = level
      level.real = l - (1 - a1) * c + (a0 - a1) * error
      level.imaginary = l + (1 - a0) * c + (a0 + a1) * error
    }
    if form == .partial {
      real[phase] += p.seasonReal * error
    } else if form == .full {
      let (b0, b1) = (p.seasonReal, p.seasonImaginary)
      let (s, d) = (real[phase], imaginary[phase])
      real[phase] = s - (1 - b1) * d + (b0 - b1) * error
      imaginary[phase] = s + (1 - b0) * d + (b0 + b1) * error
    }
    phase = phase + 1 == real.count ? 0 : phase + 1
  }

  /// The states from which the series runs backwards: the next season's, in reverse order.
  mutating func reverse(_ p: CESParameters) {
    let m = real.count
    var next = self
    for k in 0..<m {
      next.advance(0, p)
      // A complex level of lag 1 moves on by one step alone.
      if k == 0 { level = next.level }
    }
    for k in 0..<m {
      let source = (next.phase + m - 1 - k) % m
      real[k] = next.real[source]
      imaginary[k] = next.imaginary[source]
    }
    phase = 0
  }

  /// One-step errors of a series (missing observations have none, and carry the states) by way of backcast states:
  /// forwards, backwards from what follows the end, and forwards again.
  mutating func filter(_ series: [Double], _ p: CESParameters) -> [Double] {
    _ = pass(series, p)
    reverse(p)
    _ = pass(series.reversed(), p)
    reverse(p)
    return pass(series, p)
  }

  private mutating func pass(_ series: [Double], _ p: CESParameters) -> [Double] {
    series.map { y in
      let error = y.isNaN ? 0 : y - expected
      advance(error, p)
      return y.isNaN ? .nan : error
    }
  }
}
