/// Quantiles by selection: expected time linear in the count, against n log n for a sort.
///
/// The definition is the usual one of R (type 7) and NumPy: with h = (n - 1) p, the value between the order statistics
/// floor(h) and floor(h) + 1, linearly interpolated (Hyndman and Fan, The American Statistician 50, 1996).
public enum Quantiles {
  /// The quantiles of `values` at each of `probabilities`.
  ///
  /// - Parameters:
  ///   - values: none NaN.
  ///   - probabilities: in [0, 1], in any order.
  /// - Returns: one quantile per probability, NaN for no values.
  public static func select(_ values: UnsafeBufferPointer<Double>, _ probabilities: [Double]) -> [Double] {
    guard !values.isEmpty else { return probabilities.map { _ in .nan } }
    var ranks: [Int] = []
    ranks.reserveCapacity(2 * probabilities.count)
    for p in probabilities {
      let position = Double(values.count - 1) * p
      let lower = min(max(Int(position), 0), values.count - 1)
      ranks.append(lower)
      if lower + 1 < values.count && position > Double(lower) { ranks.append(lower + 1) }
    }
    ranks = ascending(ranks)
    let statistics = orderStatistics(values, ranks)
    func statistic(_ rank: Int) -> Double { statistics[ranks.firstIndex(of: rank) ?? 0] }
    return probabilities.map { p in
      let position = Double(values.count - 1) * p
      let lower = min(max(Int(position), 0), values.count - 1)
      let fraction = position - Double(lower)
      guard fraction > 0, lower + 1 < values.count else { return statistic(lower) }
      let (a, b) = (statistic(lower), statistic(lower + 1))
      return a == b ? a : a + (b - a) * fraction
    }
  }

  /// The values of the given ranks, counted from 0 for the smallest; a rank outside counts as the nearest inside.
  ///
  /// - Parameter values: at least one value, none NaN.
  /// - Returns: one value per rank, in their order; NaN for no values.
  public static func orderStatistics(of values: [Double], ranks: [Int]) -> [Double] {
    guard !values.isEmpty else { return ranks.map { _ in .nan } }
    let inside = ranks.map { min(max($0, 0), values.count - 1) }
    let sorted = ascending(inside)
    let found = values.withUnsafeBufferPointer { orderStatistics($0, sorted) }
    return inside.map { found[sorted.firstIndex(of: $0) ?? 0] }
  }

  /// The order statistics of the given ranks (ascending, counted from 0).
  private static func orderStatistics(_ values: UnsafeBufferPointer<Double>, _ ranks: [Int]) -> [Double] {
    if values.count >= 512, let found = BucketSelection(values, ranks)?.statistics { return found }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: values.count) { copy in
      _ = copy.initialize(fromContentsOf: values)
      placeOrderStatistics(copy, from: 0, to: copy.count - 1, ranks[...])
      return ranks.map { copy[$0] }
    }
  }

  /// Each number once, ascending.
  private static func ascending(_ ranks: [Int]) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(ranks.count)
    for rank in ranks.sorted() where rank != result.last { result.append(rank) }
    return result
  }

  /// Like ``select(_:_:)``, of an array.
  public static func of(_ values: [Double], _ probabilities: [Double]) -> [Double] {
    values.withUnsafeBufferPointer { select($0, probabilities) }
  }

  /// The median; NaN for no values.
  public static func median(_ values: [Double]) -> Double { of(values, [0.5])[0] }

  /// Rearranges `values[from...to]` so that every rank of `ranks` holds its order statistic (multiple quickselect).
  static func placeOrderStatistics(
    _ values: UnsafeMutableBufferPointer<Double>, from: Int, to: Int, _ ranks: ArraySlice<Int>
  ) {
    var (low, high) = (from, to)
    var wanted = ranks
    while !wanted.isEmpty && low < high {
      if high - low < 24 {
        insertionSort(values, low, high)
        return
      }
      let pivot = pivotValue(values, low, high)
      let (left, right) = partition(values, low, high, pivot)
      // Now values[low...left] <= pivot, values[right...high] >= pivot, and everything between equals it.
      let split = wanted.firstIndex { $0 > left } ?? wanted.endIndex
      let upper = wanted[split...].firstIndex { $0 >= right } ?? wanted.endIndex
      let (leftRanks, rightRanks) = (wanted[..<split], wanted[upper...])
      // Recurse into the smaller side; loop on the other, so that the depth stays logarithmic.
      if left - low < high - right {
        placeOrderStatistics(values, from: low, to: left, leftRanks)
        (low, wanted) = (right, rightRanks)
      } else {
        placeOrderStatistics(values, from: right, to: high, rightRanks)
        (high, wanted) = (left, leftRanks)
      }
    }
  }

  /// Hoare's partition: returns the end of the lower part and the start of the upper part.
  private static func partition(
    _ values: UnsafeMutableBufferPointer<Double>, _ low: Int, _ high: Int, _ pivot: Double
  ) -> (Int, Int) {
    var (i, j) = (low, high)
    while i <= j {
      while values[i] < pivot { i += 1 }
      while values[j] > pivot { j -= 1 }
      if i <= j {
        values.swapAt(i, j)
        i += 1
        j -= 1
      }
    }
    return (j, i)
  }

  /// The median of nine evenly spaced values (of three for short ranges).
  private static func pivotValue(_ values: UnsafeMutableBufferPointer<Double>, _ low: Int, _ high: Int) -> Double {
    let step = (high - low) / 8
    func median3(_ a: Double, _ b: Double, _ c: Double) -> Double { max(min(a, b), min(max(a, b), c)) }
    func at(_ k: Int) -> Double { values[low + k * step] }
    return median3(
      median3(at(0), at(1), at(2)), median3(at(3), at(4), at(5)), median3(at(6), at(7), values[high]))
  }

  private static func insertionSort(_ values: UnsafeMutableBufferPointer<Double>, _ low: Int, _ high: Int) {
    guard low < high else { return }
    for i in (low + 1)...high {
      let value = values[i]
      var j = i - 1
      while j >= low && values[j] > value {
        values[j + 1] = values[j]
        j -= 1
      }
      values[j + 1] = value
    }
  }
}
