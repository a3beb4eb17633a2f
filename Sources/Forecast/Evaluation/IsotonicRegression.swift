/// The non-decreasing sequence nearest to given values in weighted least squares, by pooling adjacent violators in
/// linear time.
///
/// Source: Barlow, Bartholomew, Bremner and Brunk, "Statistical Inference under Order Restrictions" (1972).
public enum IsotonicRegression {
  /// - Parameter weights: positive, one per value; nil for equal ones.
  public static func fit(_ values: [Double], weights: [Double]? = nil) -> [Double] {
    precondition(weights == nil || weights?.count == values.count, "a weight is needed for every value")
    var blocks: [(mean: Double, weight: Double, count: Int)] = []
    for (i, value) in values.enumerated() {
      var block = (mean: value, weight: weights?[i] ?? 1, count: 1)
      while let last = blocks.last, last.mean > block.mean {
        let total = last.weight + block.weight
        block = (
          last.mean + (block.mean - last.mean) * (block.weight / total), total, last.count + block.count
        )
        blocks.removeLast()
      }
      blocks.append(block)
    }
    return blocks.flatMap { Array(repeating: $0.mean, count: $0.count) }
  }
}
