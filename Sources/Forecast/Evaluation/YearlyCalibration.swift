import NumericKernels

/// How much wider, or narrower, than Gaussian the bands of a yearly ``Combination`` must be.
///
/// A model fitted to a handful of yearly values does not know what it does not know: its choice of form, its parameters, breaks
/// to come. Its standard normal z at step h is therefore stretched by a measured factor:
///
///     stretched(z, h) = z f(|z|, h)
///
/// with f the 80% factor up to |z| = 1.2816, from there straight to the 95% factor at |z| = 1.9600, and constant beyond. Factors
/// are given for steps 1, 2, ... and stay as they are after the last. The map is increasing, so quantiles
/// keep their order and the median stays; before the tail is tempered it is odd.
///
/// ```swift
/// let calibration = YearlyCalibration(observations: series.count, scale: .logarithm)
/// let upper95 = forecast.mean[3] + calibration.deviation(1.96, standardDeviation: forecast.standardDeviations[3], step: 4)
/// ```
///
/// On logarithms a band that is right below the median explodes above it. There a deviation d above the median is therefore read as
/// one of a square root, 2 log(1 + d / 2) (``tempered(_:)``), with factors measured together with that rule.
///
/// ## Evidence
/// The combination was fitted to the logarithms of the last n training values of every series of M1, M3 and a sample of M4
/// (yearly; 2,826 series where n is 6 and 8), and its errors at steps 1 ... 6 divided by its deviations. With factors learned on
/// the other two sets, the 80% band held 76-82% and the 95% band 91-96% of the outcomes for n of 6 ... 12; without factors 73-82%
/// and 87-93%. The tempered upper tail holds as many as the plain one with interval scores 3% (80%) and 12% (95%) lower.
/// Long series need narrower bands at 80%, because the combination adds the disagreement of its members and counts a steady drift as
/// noise in one of them. Figures: `Benchmarks/results/yearly-calibration.md`.
///
/// It is not known to hold for other models, for quarters or months, or beyond six steps.
public struct YearlyCalibration: Equatable, Sendable {
  /// What the model was fitted to.
  public enum Scale: Sendable {
    /// Logarithms of positive values.
    case logarithm
    /// Anything else: the values themselves, or the logits of shares and scores.
    case plain
  }

  public let scale: Scale
  /// Factors of the 80% band at steps 1, 2, ...
  public let factors80: [Double]
  /// Factors of the 95% band at steps 1, 2, ...
  public let factors95: [Double]

  /// Factors of one's own measurement.
  ///
  /// - Returns: nil unless there is a factor for at least one step and 0 < 80% factor <= 95% factor, finite, at every step.
  public init?(factors80: [Double], factors95: [Double], scale: Scale = .plain) {
    guard !factors80.isEmpty, factors80.count == factors95.count,
      zip(factors80, factors95).allSatisfy({ $0 > 0 && $0 <= $1 && $1.isFinite })
    else { return nil }
    self.factors80 = factors80
    self.factors95 = factors95
    self.scale = scale
  }

  /// The measured factors for a series of this many usable yearly observations.
  ///
  /// Lengths between the measured ones are interpolated; shorter ones count as 6, longer ones as 20.
  public init(observations: Int, scale: Scale) {
    let table = scale == .logarithm ? Self.measuredTempered : Self.measured
    self.scale = scale
    let upper = table.firstIndex { $0.observations >= observations } ?? table.count - 1
    let lower = observations < table[upper].observations ? max(upper - 1, 0) : upper
    let (short, long) = (table[lower], table[upper])
    let distance = Double(max(long.observations - short.observations, 1))
    let share = min(max(Double(observations - short.observations) / distance, 0), 1)
    func mixed(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 + share * ($1 - $0) } }
    factors80 = mixed(short.factors80, long.factors80)
    factors95 = mixed(short.factors95, long.factors95)
  }

  /// No stretching.
  public static let none = YearlyCalibration(checked80: [1], checked95: [1])

  private init(checked80: [Double], checked95: [Double]) {
    factors80 = checked80
    factors95 = checked95
    scale = .plain
  }

  private struct Row: Sendable {
    let observations: Int
    let factors80: [Double]
    let factors95: [Double]
  }

  /// Factors by length at steps 1, 2, 3 and 4 to 6, over all three sets, with the tempered upper tail.
  private static let measuredTempered = [
    Row(observations: 6, factors80: [0.92, 1.05, 1.19, 1.31], factors95: [1.07, 1.28, 1.54, 1.71]),
    Row(observations: 8, factors80: [0.90, 1.07, 1.20, 1.29], factors95: [1.07, 1.28, 1.45, 1.67]),
    Row(observations: 10, factors80: [0.89, 1.00, 1.12, 1.17], factors95: [1.04, 1.14, 1.33, 1.48]),
    Row(observations: 12, factors80: [0.87, 0.95, 1.06, 1.10], factors95: [1.02, 1.16, 1.31, 1.42]),
    Row(observations: 15, factors80: [0.86, 0.90, 0.97, 1.01], factors95: [1.03, 1.15, 1.21, 1.28]),
    Row(observations: 20, factors80: [0.83, 0.84, 0.87, 0.87], factors95: [1.03, 1.03, 1.06, 1.08]),
  ]

  /// The same without tempering.
  private static let measured = [
    Row(observations: 6, factors80: [0.90, 1.02, 1.16, 1.24], factors95: [1.06, 1.23, 1.47, 1.61]),
    Row(observations: 8, factors80: [0.90, 1.04, 1.16, 1.24], factors95: [1.04, 1.24, 1.41, 1.53]),
    Row(observations: 10, factors80: [0.88, 0.98, 1.08, 1.11], factors95: [1.02, 1.11, 1.27, 1.37]),
    Row(observations: 12, factors80: [0.86, 0.93, 1.02, 1.06], factors95: [0.98, 1.11, 1.21, 1.29]),
    Row(observations: 15, factors80: [0.85, 0.88, 0.95, 0.97], factors95: [0.97, 1.07, 1.11, 1.18]),
    Row(observations: 20, factors80: [0.84, 0.84, 0.85, 0.85], factors95: [1.00, 1.01, 1.01, 1.01]),
  ]

  /// The standard normal quantiles of 0.9 and 0.975.
  private static let inner = 1.2815515655446004
  private static let outer = 1.959963984540054

  /// The deviation from the median, on the scale of the fit, that belongs to a standard normal `z` at step `step`.
  public func deviation(_ z: Double, standardDeviation: Double, step: Int) -> Double {
    let deviation = standardDeviation * stretched(z, step: step)
    return scale == .logarithm ? Self.tempered(deviation) : deviation
  }

  /// The deviation of a logarithm whose part above the median is that of a square root: 2 log(1 + d / 2) for d > 0, else d.
  ///
  /// Increasing, with slope 1 at 0; the inverse of ``untempered(_:)``.
  public static func tempered(_ deviation: Double) -> Double {
    deviation > 0 ? 2 * VectorMath.log(1 + 0.5 * deviation) : deviation
  }

  /// The deviation that ``tempered(_:)`` turns into `deviation`: 2 (exp(d / 2) - 1) for d > 0, else d.
  public static func untempered(_ deviation: Double) -> Double {
    deviation > 0 ? 2 * (VectorMath.exp(0.5 * deviation) - 1) : deviation
  }

  /// The stretched value of a standard normal `z` at step `step` (1, 2, ...; smaller ones count as 1).
  ///
  /// NaN stays NaN, infinities stay infinite.
  public func stretched(_ z: Double, step: Int) -> Double {
    let (low, high) = factors(step)
    return Self.stretched(z, low, high)
  }

  /// Stretches deviations whose standard deviation is `scale`: scale · stretched(deviation / scale).
  package func stretch(_ deviations: inout [Double], scale: Double, step: Int) {
    let (low, high) = factors(step)
    deviations.withUnsafeMutableBufferPointer {
      for d in $0.indices { $0[d] = scale * Self.stretched($0[d] / scale, low, high) }
    }
  }

  /// The tempered upper tail of deviations of logarithms; on another scale nothing changes.
  package func temper(_ deviations: inout [Double]) {
    guard scale == .logarithm else { return }
    let logs = VectorMath.log(deviations.map { 1 + 0.5 * max($0, 0) })
    for d in deviations.indices where deviations[d] > 0 { deviations[d] = 2 * logs[d] }
  }

  private func factors(_ step: Int) -> (low: Double, high: Double) {
    let index = min(max(step, 1), factors80.count) - 1
    return (factors80[index], factors95[index])
  }

  @inline(__always)
  private static func stretched(_ z: Double, _ low: Double, _ high: Double) -> Double {
    let position = min(max((abs(z) - inner) / (outer - inner), 0), 1)
    return z * (low + (high - low) * position)
  }
}
