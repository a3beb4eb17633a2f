import NumericKernels

/// Tornado and spider: one input moved at a time, the others at their medians.
///
/// Each input is moved through quantiles of its own draws, so that the swings compare what is plausible, not what is
/// possible. Effects that inputs have only together do not show; for those see ``SobolIndices``.
public struct OneAtATime: Sendable {
  /// One input's curve.
  public struct Arm: Equatable, Sendable {
    /// Position of the input.
    public let input: Int
    /// Input values at the probabilities.
    public let values: [Double]
    /// Outputs at those values.
    public let outputs: [Double]
    /// The output at the highest probability less that at the lowest; its sign says which way the input works.
    public var swing: Double { (outputs.last ?? 0) - (outputs.first ?? 0) }
    /// The largest output on the arm less the smallest; more than |swing| for an input that does not work in one
    /// direction.
    public var range: Double { (outputs.max() ?? 0) - (outputs.min() ?? 0) }
  }

  /// The output with every input at its median.
  public let centre: Double
  public let probabilities: [Double]
  /// Largest range first, then by position of the input.
  public let arms: [Arm]

  /// The 10th and the 90th percentile.
  public static let tornado = [0.1, 0.9]
  public static let spider = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]

  /// - Parameters:
  ///   - draws: draws by input.
  ///   - probabilities: ascending, in [0, 1], at least two.
  ///   - evaluate: outputs for points given by input; called once, with inputs * probabilities + 1 points.
  /// - Throws: `tooFew`, `lengths`, `nonFinite`, `outside`, and what `evaluate` throws.
  public init(
    draws: [[Double]], probabilities: [Double] = OneAtATime.tornado, evaluate: ([[Double]]) throws -> [Double]
  ) throws {
    let name = "one-at-a-time sensitivity"
    _ = try DecisionError.requireColumns(draws, "input", rows: 1, method: name)
    let levels = probabilities
    guard levels.count >= 2, zip(levels, levels.dropFirst()).allSatisfy({ $0 < $1 }),
      levels.allSatisfy({ $0 >= 0 && $0 <= 1 })
    else {
      throw DecisionError.outside(
        method: name, what: "the probabilities", expected: "at least two ascending numbers from 0 to 1")
    }
    let quantiles = draws.map { Quantiles.of($0, levels + [0.5]) }
    let size = levels.count
    let points = draws.count * size + 1
    // The last point is the centre.
    var columns = quantiles.map { [Double](repeating: $0[size], count: points) }
    for input in draws.indices {
      for k in 0..<size { columns[input][input * size + k] = quantiles[input][k] }
    }
    let outputs = try evaluate(columns)
    guard outputs.count == points else {
      throw DecisionError.lengths(method: name, what: "the output", expected: points, found: outputs.count)
    }
    try DecisionError.requireFinite(outputs, "the output", method: name)
    self.probabilities = levels
    centre = outputs[points - 1]
    arms = draws.indices
      .map { input in
        Arm(
          input: input, values: Array(quantiles[input][..<size]),
          outputs: Array(outputs[input * size..<(input + 1) * size]))
      }
      .sorted { ($0.range, $1.input) > ($1.range, $0.input) }
  }
}
