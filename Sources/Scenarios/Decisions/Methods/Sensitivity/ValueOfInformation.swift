import NumericKernels

/// What knowing the future, or one part of it, would be worth to a choice among options.
///
/// With U_d the value of option d in a draw (larger is better, in the unit in which the answer is wanted):
///
///     perfect information      EVPI     = E[max_d U_d] - max_d E[U_d]
///     knowing inputs X only    EVPPI(X) = E[max_d E[U_d | X]] - max_d E[U_d]
///
/// An unknown that could not change the choice is worth nothing to it, however much it moves the outcome. E[U_d | X]
/// is estimated by regression over the draws, on cubic splines of each input and products of their straight parts, so
/// no further model runs are needed.
///
/// Source: Strong, Oakley and Brennan, Medical Decision Making 34 (2014), with splines in place of their smoothers.
public struct ValueOfInformation: Sendable {
  /// The value of learning something.
  public struct Worth: Equatable, Sendable {
    public let value: Double
    /// Monte Carlo error: of the mean for perfect information, of the regression's coefficients for partial
    /// information.
    public let standardError: Double
    /// By how much `value` is too high on average because the largest of noisy means is taken; not subtracted.
    public let upwardBias: Double
    /// The share of draws in which the choice would differ from today's.
    public let changeProbability: Double
  }

  /// The option that is best on average; the first of several.
  public let choice: Int
  public let means: [Double]
  /// EVPI.
  public let perfect: Worth
  /// U_d - U_choice by option.
  private let gains: [[Double]]
  private static let name = "value of information"

  /// - Parameter values: by option and draw.
  /// - Throws: `tooFew` (2 options, 100 draws), `lengths`, `nonFinite`.
  public init(_ values: [[Double]]) throws(DecisionError) {
    let name = ValueOfInformation.name
    guard values.count >= 2 else { throw .tooFew(method: name, what: "options", needed: 2, found: values.count) }
    let draws = try DecisionError.requireColumns(values, "option", rows: 100, method: name)
    let means = values.map { Reductions.mean($0) }
    var best = 0
    for option in means.indices where means[option] > means[best] { best = option }
    self.means = means
    choice = best
    let gains = values.map { option in zip(option, values[best]).map { $0 - $1 } }
    self.gains = gains
    let largest = (0..<draws).map { draw in gains.reduce(0) { max($0, $1[draw]) } }
    perfect = Worth(
      value: Reductions.mean(largest),
      standardError: (Reductions.variance(largest) / Double(draws)).squareRoot(), upwardBias: 0,
      changeProbability: Double(largest.count { $0 > 0 }) / Double(draws))
  }

  /// EVPPI: what learning these inputs together would be worth.
  ///
  /// - Parameters:
  ///   - inputs: draws by input, in the order of the options' draws; few, since every input takes five coefficients.
  ///   - simulations: of the coefficients, for the error and the bias.
  /// - Throws: `tooFew`, `tooMany` (10 inputs), `lengths`, `nonFinite`.
  public func partial(
    _ inputs: [[Double]], simulations: Int = 200, seed: UInt64 = 0, id: String = ""
  ) throws -> Worth {
    let name = ValueOfInformation.name
    let draws = gains[0].count
    let rows = try DecisionError.requireColumns(inputs, "input", rows: 1, method: name)
    guard rows == draws else {
      throw DecisionError.lengths(method: name, what: "an input", expected: draws, found: rows)
    }
    guard inputs.count <= 10 else {
      throw DecisionError.tooMany(method: name, what: "inputs at once", allowed: 10, found: inputs.count)
    }
    let basis = SplineBasis(inputs)
    let others = gains.indices.filter { $0 != choice }
    // Orthonormal columns: the coefficients are plain products and their errors independent.
    let columns = basis.orthonormal
    let coefficients = others.map { option in columns.map { Bootstrap.dot($0, gains[option]) } }
    let fitted = coefficients.map { ValueOfInformation.combination(columns, $0) }
    let value = ValueOfInformation.meanLargest(fitted)
    let changed = (0..<draws).count { draw in fitted.contains { $0[draw] > 0 } }
    let residuals = others.indices.map { k in zip(gains[others[k]], fitted[k]).map { $0 - $1 } }
    let freedom = Double(max(draws - columns.count, 1))
    let root = ValueOfInformation.covarianceRoot(residuals, freedom)
    let stream = RandomStream(seed: seed, id: "information/" + id, purpose: .model)
    let simulated = (0..<max(simulations, 0)).map { simulation -> Double in
      var moved = coefficients
      for q in columns.indices {
        let shocks = others.indices.map { stream.normal(item: simulation, substream: q, draw: $0) }
        for k in others.indices { for j in 0...k { moved[k][q] += root[k][j] * shocks[j] } }
      }
      return ValueOfInformation.meanLargest(moved.map { ValueOfInformation.combination(columns, $0) })
    }
    return Worth(
      value: value, standardError: simulated.count > 1 ? Reductions.standardDeviation(simulated) : .nan,
      upwardBias: simulated.isEmpty ? .nan : Reductions.mean(simulated) - value,
      changeProbability: Double(changed) / Double(draws))
  }

  private static func combination(_ columns: [[Double]], _ coefficients: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: columns[0].count)
    for (column, coefficient) in zip(columns, coefficients) {
      for row in result.indices { result[row] += coefficient * column[row] }
    }
    return result
  }

  /// mean(max(0, f_1, f_2, ...)) less the largest mean, the choice itself being worth 0.
  private static func meanLargest(_ fitted: [[Double]]) -> Double {
    let draws = fitted[0].count
    let largest = (0..<draws).map { draw in fitted.reduce(0) { max($0, $1[draw]) } }
    return max(Reductions.mean(largest) - fitted.reduce(0) { max($0, Reductions.mean($1)) }, 0)
  }

  /// A lower triangular root of the residuals' covariance; a row of zeros where an option depends on those before.
  private static func covarianceRoot(_ residuals: [[Double]], _ freedom: Double) -> [[Double]] {
    let size = residuals.count
    var root = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
    for i in 0..<size {
      for j in 0...i {
        let covariance = Bootstrap.dot(residuals[i], residuals[j]) / freedom
        var sum = covariance
        for k in 0..<j { sum -= root[i][k] * root[j][k] }
        if i == j {
          root[i][i] = sum > 1e-12 * covariance ? sum.squareRoot() : 0
        } else {
          root[i][j] = root[j][j] > 0 ? sum / root[j][j] : 0
        }
      }
    }
    return root
  }
}
