import NumericKernels

/// First-order sensitivity indices from draws that exist already, whatever design they came from.
///
/// The draws are cut into M classes of equal size along one input; the variance of the class means over the variance
/// of the output is Pearson's correlation ratio, which overstates the index because class means are noisy. It is
/// corrected for that (Kelley's epsilon squared): with SSB, SSW and SST the sums of squares between classes, within
/// and in total,
///
///     S = (SSB - (M - 1) SSW / (n - M)) / SST
///
/// A null input then has index 0 on average, so small negative values are noise. Draws of equal input stay in one
/// class (yes/no inputs, ranks). Costs a sort per input. Inputs that depend on each other share their explained part:
/// the indices may add up to more than 1.
///
/// Sources: Kelley, PNAS 21 (1935); Plischke, Borgonovo and Smith, European Journal of Operational Research 226 (2013).
public enum GivenDataIndices {
  /// - Parameters:
  ///   - inputs: draws by input.
  ///   - output: one value per draw.
  ///   - classes: nil for 2 n^(1/3), at most 64.
  ///   - resamples: bootstrap resamples for the error; 0 leaves errors and limits NaN.
  /// - Returns: one index per input; 0 for a constant input or output.
  /// - Throws: `tooFew` (30 draws, 1 input), `lengths`, `nonFinite`, `outside`.
  public static func estimate(
    inputs: [[Double]], output: [Double], classes: Int? = nil, resamples: Int = 200, level: Double = 0.95,
    seed: UInt64 = 0, id: String = ""
  ) throws(DecisionError) -> [IndexEstimate] {
    let name = "given-data indices"
    let rows = try DecisionError.requireColumns(inputs, "input", rows: 30, method: name)
    guard output.count == rows else {
      throw .lengths(method: name, what: "the output", expected: rows, found: output.count)
    }
    try DecisionError.requireFinite(output, "the output", method: name)
    guard level > 0, level < 1 else { throw .outside(method: name, what: "the level", expected: "between 0 and 1") }
    let wanted = classes ?? min(64, Int((2 * cubeRoot(Double(rows))).rounded()))
    guard wanted >= 2, wanted <= rows / 2 else {
      throw .outside(method: name, what: "the number of classes", expected: "from 2 to half the number of draws")
    }
    let mean = Reductions.mean(output)
    let centred = output.map { $0 - mean }
    let stream = Bootstrap.stream(seed: seed, id: "given/" + id)
    let weights = (0..<max(resamples, 0)).map { Bootstrap.counts(rows: rows, resample: $0, stream: stream) }
    let ones = [Double](repeating: 1, count: rows)
    return inputs.map { input in
      let member = classMembership(input, wanted)
      let samples = weights.map { index(centred, member, wanted, weights: $0) }
      return IndexEstimate(
        index(centred, member, wanted, weights: ones), samples: samples, level: level, isExact: false)
    }
  }

  /// The class of every draw: by the rank of the first draw of equal value.
  static func classMembership(_ input: [Double], _ classes: Int) -> [Int] {
    let order = input.indices.sorted { (input[$0], $0) < (input[$1], $1) }
    var member = [Int](repeating: 0, count: input.count)
    var first = 0
    for (rank, row) in order.enumerated() {
      if input[row] != input[order[first]] { first = rank }
      member[row] = first * classes / input.count
    }
    return member
  }

  private static func index(_ output: [Double], _ member: [Int], _ classes: Int, weights: [Double]) -> Double {
    var count = [Double](repeating: 0, count: classes)
    var sum = count
    var (all, square, total) = (0.0, 0.0, 0.0)
    for row in output.indices where weights[row] > 0 {
      let weighted = weights[row] * output[row]
      count[member[row]] += weights[row]
      sum[member[row]] += weighted
      all += weights[row]
      total += weighted
      square += weighted * output[row]
    }
    let spread = square - total * total / all
    var (between, used) = (-total * total / all, 0.0)
    for k in 0..<classes where count[k] > 0 {
      between += sum[k] * sum[k] / count[k]
      used += 1
    }
    guard spread > 1e-28 * square, used > 1, all > used else { return 0 }
    let within = max(spread - between, 0)
    return (between - (used - 1) * within / (all - used)) / spread
  }

  /// Newton's method, so that the result does not depend on a C library.
  private static func cubeRoot(_ x: Double) -> Double {
    var root = max(x, 1)
    for _ in 0..<200 {
      let next = (2 * root + x / (root * root)) / 3
      if next >= root { break }
      root = next
    }
    return root
  }
}
