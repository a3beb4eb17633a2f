/// Sums in a fixed order: the same bits for any number of threads.
///
/// Values are added in blocks of 64 (eight lanes each) and the block sums in a binary tree, so the error grows with log n,
/// not with n, and the order depends only on the count.
public enum Reductions {
  /// The sum; 0 for no values.
  public static func sum(_ values: UnsafeBufferPointer<Double>) -> Double {
    if values.count <= 64 { return blockSum(values) }
    // The left part is the largest power-of-two multiple of a block below the count: the tree depends on the count alone.
    var half = 64
    while half * 2 < values.count { half *= 2 }
    return sum(UnsafeBufferPointer(rebasing: values[..<half])) + sum(UnsafeBufferPointer(rebasing: values[half...]))
  }

  public static func sum(_ values: [Double]) -> Double { values.withUnsafeBufferPointer { sum($0) } }

  /// The arithmetic mean; NaN for no values.
  public static func mean(_ values: UnsafeBufferPointer<Double>) -> Double { sum(values) / Double(values.count) }

  public static func mean(_ values: [Double]) -> Double { values.withUnsafeBufferPointer { mean($0) } }

  /// The sample variance with n - 1; NaN for fewer than two values. Two passes, the second about the mean.
  public static func variance(_ values: [Double]) -> Double {
    guard values.count > 1 else { return .nan }
    let center = mean(values)
    return sum(values.map { ($0 - center) * ($0 - center) }) / Double(values.count - 1)
  }

  /// The sample standard deviation; NaN for fewer than two values.
  public static func standardDeviation(_ values: [Double]) -> Double { variance(values).squareRoot() }

  private static func blockSum(_ values: UnsafeBufferPointer<Double>) -> Double {
    var lanes = SIMD8<Double>(repeating: 0)
    var index = 0
    while index + 8 <= values.count {
      lanes += SIMD8(values[index..<index + 8])
      index += 8
    }
    var tail = 0.0
    while index < values.count {
      tail += values[index]
      index += 1
    }
    let quarter = lanes.lowHalf + lanes.highHalf
    let pair = quarter.lowHalf + quarter.highHalf
    return (pair[0] + pair[1]) + tail
  }
}
