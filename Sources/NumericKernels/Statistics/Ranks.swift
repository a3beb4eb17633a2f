/// Ranks of values.
public enum Ranks {
  /// Ranks from 1 on, smallest first; equal values share the mean of their ranks.
  ///
  /// Edge cases: no values give no ranks; NaN must not be among them.
  public static func midranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var result = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { result[order[place]] = 0.5 * Double(start + end + 1) }
      start = end
    }
    return result
  }
}
