import NumericKernels

/// A quantity whose size or delivery differs from draw to draw.
///
/// A path is a straight line in the value it names, so that the lever in year t of a draw is
///
///     base(t) + share · (path(t - delay) + slope(t - delay) · (value - central) - base(t - delay))
///
/// where the slope of a range in multiples of the baseline holds base(t - delay), with value, share and delay drawn once per future; 0 deviation where the measure does not come at all.
struct UncertainLever: Sendable {
  private let lever: LeverDefinition
  private let spread: LeverDoubt.Spread?
  private let values: [Double]
  private let baselines: [Double]
  private let slopes: [Double]

  /// The lever as the scenario states it.
  static func stated(_ lever: LeverDefinition, _ doubt: LeverDoubt) -> LeverDefinition {
    var lever = lever
    if let delivery = doubt.delivery { lever.delivery = delivery }
    return lever
  }

  init(
    _ lever: LeverDefinition, _ doubt: LeverDoubt, _ path: LeverPath, grid: [Int], values: [Double], baselines: [Double]
  ) {
    self.lever = lever
    self.values = values
    self.baselines = baselines
    spread = doubt.spread
    guard let spread = doubt.spread else {
      slopes = values.map { _ in 0 }
      return
    }
    // How the path follows the value it names: 1 where it has arrived, a part on the way there.
    let ones = path.naming(1)
    slopes = zip(grid, baselines).map { ones.value(in: $0, baseline: { _ in 0 }) * spread.scale(base: $1) }
  }

  /// The years in which the lever can deviate from its baseline, whatever its delay.
  var years: YearSet {
    YearSet(values.indices.map { values[$0] != baselines[$0] || spread != nil && slopes[$0] != 0 }).onwards
  }

  /// The deviation of the lever in the unit that the link's form needs, by draw.
  func driver(_ link: LinkDefinition, year: Int, seed: Dice, range: Range<Int>) -> [Double] {
    let delivery = DeliveryDraws(lever: lever, seed: seed, range: range)
    let shifts = UncertainLever.shifts(spread, lever: lever.id, seed: seed, range: range)
    return range.indices.map { position in
      let d = position - range.lowerBound
      guard let delay = delivery.delay(d), year - delay >= 0 else { return 0 }
      let past = year - delay
      let shift = shifts.map { slopes[past] * $0[d] } ?? 0
      let deviation = delivery.share(d) * (values[past] + shift - baselines[past])
      return deviation == 0
        ? 0 : CauseScale.deviation(link, value: baselines[year] + deviation, base: baselines[year])
    }
  }

  /// The value less the central one, by draw; nil without a range.
  static func shifts(_ spread: LeverDoubt.Spread?, lever: String, seed: Dice, range: Range<Int>) -> [Double]? {
    guard let spread else { return nil }
    var uniforms = [Double](repeating: 0, count: range.count)
    uniforms.withUnsafeMutableBufferPointer {
      RandomStream(seed: seed, id: lever, purpose: .delivery).uniforms(item: 2, firstDraw: range.lowerBound, into: $0)
    }
    return uniforms.map { spread.value(atUniform: $0) - spread.central }
  }
}

extension LeverPath {
  /// The same path towards another value; a list of values and a start name none and stay.
  func naming(_ value: Amount) -> LeverPath {
    switch self {
    case .hold: return .hold(value)
    case .step(let from, _): return .step(from: from, value: value)
    case .ramp(let from, let to, _): return .ramp(from: from, to: to, value: value)
    case .pulse(let years, _): return .pulse(years: years, value: value)
    case .values, .start: return self
    }
  }
}
