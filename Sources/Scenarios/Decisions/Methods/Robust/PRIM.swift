import Forecast
import NumericKernels

/// Scenario discovery by the patient rule induction method: in which futures does a plan fail?
///
/// Starting from all futures, a thin slice is peeled off one side of the box again and again, whichever leaves the
/// box purest, until it is small. Each step is kept, so that the planner chooses between covering most failures (high
/// coverage) and hardly anything else (high density). A box that was peeled too far can be pasted wider again.
///
/// ```swift
/// let prim = try PRIM(inputs: inputs, isCase: fails)
/// let trajectory = prim.peel()
/// let step = prim.recommended(trajectory)
/// let limits = prim.significance(trajectory[step].box)
/// ```
///
/// Departs from the textbook: a limit lies half way between two observed values, and a slice never parts equal
/// values, so yes/no inputs are handled. Costs about n d / alpha comparisons after one sort of every input.
///
/// Sources: Friedman and Fisher, Statistics and Computing 9 (1999); Bryant and Lempert, Technological Forecasting and
/// Social Change 77 (2010), for coverage, density and quasi-p-values; Kwakkel and Cunningham, ibid. 111 (2016), for
/// the lenient objective.
public struct PRIM: Sendable {
  /// What a slice is judged by.
  public enum Objective: Sendable {
    /// The gain in density per future lost; stops when no slice raises the density.
    case gainPerLoss
    /// The density of what remains; goes on to the smallest mass.
    case density
  }

  public struct Settings: Sendable {
    /// The share of the box's futures that a slice takes, in (0, 0.5).
    public var peelShare = 0.05
    /// The share of the box's futures that pasting adds at a time.
    public var pasteShare = 0.05
    /// The box keeps at least this share of all futures.
    public var minimumMass = 0.05
    public var objective = Objective.gainPerLoss

    public init() {}
  }

  public struct Step: Equatable, Sendable {
    public let box: ScenarioBox
    public let quality: BoxQuality
  }

  public let settings: Settings
  public let inputCount: Int
  public let count: Int
  public let caseCount: Int
  let inputs: [[Double]]
  let isCase: [Bool]
  /// Rows in ascending order of each input.
  let orders: [[Int32]]

  /// - Parameters:
  ///   - inputs: futures by input; yes/no as 1 and 0.
  ///   - isCase: which futures are of interest (failures, say).
  /// - Throws: `tooFew` (20 futures, 1 case), `lengths`, `nonFinite`, `outside`.
  public init(inputs: [[Double]], isCase: [Bool], settings: Settings = Settings()) throws(DecisionError) {
    let name = "scenario discovery"
    let rows = try DecisionError.requireColumns(inputs, "input", rows: 20, method: name)
    guard isCase.count == rows else {
      throw .lengths(method: name, what: "the cases", expected: rows, found: isCase.count)
    }
    caseCount = isCase.count { $0 }
    guard caseCount > 0 else { throw .tooFew(method: name, what: "cases of interest", needed: 1, found: 0) }
    guard rows <= 1 << 30 else { throw .tooMany(method: name, what: "futures", allowed: 1 << 30, found: rows) }
    guard settings.peelShare > 0, settings.peelShare < 0.5, settings.pasteShare > 0, settings.pasteShare < 1,
      settings.minimumMass > 0, settings.minimumMass <= 1
    else { throw .outside(method: name, what: "shares", expected: "above 0, a slice below 0.5, a mass at most 1") }
    self.settings = settings
    self.inputs = inputs
    self.isCase = isCase
    inputCount = inputs.count
    count = rows
    orders = inputs.map { PRIM.order($0) }
  }

  private static func order(_ values: [Double]) -> [Int32] {
    var pairs = values.enumerated().map { (value: $1, row: Int32(truncatingIfNeeded: $0)) }
    pairs.sort { $0.value < $1.value || ($0.value == $1.value && $0.row < $1.row) }
    return pairs.map(\.row)
  }

  /// Counts what lies in a box.
  public func quality(_ box: ScenarioBox) -> BoxQuality {
    let inside = membership(box)
    var (found, cases) = (0, 0)
    for row in 0..<count where inside[row] {
      found += 1
      if isCase[row] { cases += 1 }
    }
    return BoxQuality(count: found, cases: cases, of: count, cases: caseCount)
  }

  func membership(_ box: ScenarioBox) -> [Bool] {
    var inside = [Bool](repeating: true, count: count)
    for limit in box.limits where inputs.indices.contains(limit.input) {
      let values = inputs[limit.input]
      for row in 0..<count where inside[row] { inside[row] = limit.holds(values[row]) }
    }
    return inside
  }

  /// The step with the largest harmonic mean of coverage and density; the earlier of equals, 0 for no steps.
  public func recommended(_ steps: [Step]) -> Int {
    var best = 0
    for (position, step) in steps.enumerated()
    where step.quality.harmonicMean > steps[best].quality.harmonicMean { best = position }
    return best
  }

  /// One limit of a box, and what it does.
  public struct LimitSignificance: Equatable, Sendable {
    public let input: Int
    public let isUpper: Bool
    public let limit: Double
    /// P(at least as many cases among the box's futures by chance) if the limit had no effect: small means that it
    /// matters. "Quasi", because the box was chosen to make it small.
    public let quasiP: Double
    /// Quality of the box without this limit.
    public let without: BoxQuality
  }

  /// Each limit of a box, tested by leaving it out: one-sided binomial test of the box's cases against the density
  /// without it.
  public func significance(_ box: ScenarioBox) -> [LimitSignificance] {
    let own = quality(box)
    return box.limits.flatMap { limits -> [LimitSignificance] in
      [(false, limits.lower), (true, limits.upper)].compactMap { isUpper, limit in
        guard let limit else { return nil }
        let wider = box.setting(
          lower: isUpper ? limits.lower : nil, upper: isUpper ? nil : limits.upper, of: limits.input)
        let without = quality(wider)
        return LimitSignificance(
          input: limits.input, isUpper: isUpper, limit: limit,
          quasiP: PRIM.binomialTail(own.cases, of: own.count, probability: without.density), without: without)
      }
    }
  }

  /// P(X >= k) for X binomial; summed from the term nearest k outwards, relative error about 1e-11.
  static func binomialTail(_ k: Int, of n: Int, probability p: Double) -> Double {
    if k <= 0 { return 1 }
    if k > n || p <= 0 { return 0 }
    if p >= 1 { return 1 }
    let isUpper = Double(k) > Double(n) * p
    var j = isUpper ? k : k - 1
    let logTerm =
      Distributions.logGamma(Double(n + 1)) - Distributions.logGamma(Double(j + 1))
      - Distributions.logGamma(Double(n - j + 1)) + Double(j) * VectorMath.log(p)
      + Double(n - j) * VectorMath.log(1 - p)
    var term = VectorMath.exp(logTerm)
    var sum = term
    while isUpper ? j < n : j > 0 {
      if isUpper {
        term *= Double(n - j) / Double(j + 1) * p / (1 - p)
        j += 1
      } else {
        term *= Double(j) / Double(n - j + 1) * (1 - p) / p
        j -= 1
      }
      sum += term
      if term < 1e-18 * sum { break }
    }
    return isUpper ? min(sum, 1) : max(1 - sum, 0)
  }
}
