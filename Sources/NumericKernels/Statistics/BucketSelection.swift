/// Order statistics by one pass into buckets of equal width: only the buckets that hold a wanted rank are sorted out further.
///
/// Two passes over the values and little else, several times faster than repeated partitioning when many ranks are wanted. A bucket
/// that holds much of the data (heavy tails, ties) is searched by partitioning.
struct BucketSelection {
  private(set) var statistics: [Double] = []

  private static let bucketCount = 1024

  /// Nil when the range of the values is not finite; the values keep their order.
  ///
  /// - Parameter ranks: ascending, counted from 0.
  init?(_ values: UnsafeMutableBufferPointer<Double>, _ ranks: [Int]) {
    let (lowest, highest) = BucketSelection.range(values)
    let width = highest - lowest
    guard width.isFinite else { return nil }
    guard width > 0 else {
      statistics = ranks.map { _ in lowest }
      return
    }
    let scale = Double(BucketSelection.bucketCount - 1) / width
    guard scale.isFinite else { return nil }
    let bucketCount = BucketSelection.bucketCount
    statistics = withUnsafeTemporaryAllocation(of: UInt16.self, capacity: values.count) { bucket in
      var counts = [Int](repeating: 0, count: bucketCount)
      counts.withUnsafeMutableBufferPointer { counts in
        for i in values.indices {
          let index = Int(truncatingIfNeeded: Int32((values[i] - lowest) * scale))
          bucket[i] = UInt16(truncatingIfNeeded: index)
          counts[index] += 1
        }
      }
      return BucketSelection.pick(values, bucket, counts, ranks)
    }
  }

  private static func range(_ values: UnsafeMutableBufferPointer<Double>) -> (lowest: Double, highest: Double) {
    var low = SIMD8<Double>(repeating: values[0])
    var high = low
    var i = 0
    while i + 8 <= values.count {
      let next = SIMD8(values[i..<i + 8])
      low = pointwiseMin(low, next)
      high = pointwiseMax(high, next)
      i += 8
    }
    var (lowest, highest) = (low.min(), high.max())
    while i < values.count {
      lowest = min(lowest, values[i])
      highest = max(highest, values[i])
      i += 1
    }
    return (lowest, highest)
  }

  private static func pick(
    _ values: UnsafeMutableBufferPointer<Double>, _ bucket: UnsafeMutableBufferPointer<UInt16>, _ counts: [Int],
    _ ranks: [Int]
  ) -> [Double] {
    // Where each wanted bucket starts in `gathered` (-1: not wanted), and how many values lie below it.
    var place = [Int](repeating: -1, count: bucketCount)
    var below = place
    var (seen, gatheredCount, next) = (0, 0, 0)
    for index in 0..<bucketCount {
      let end = seen + counts[index]
      if next < ranks.count, ranks[next] < end {
        place[index] = gatheredCount
        below[index] = seen
        gatheredCount += counts[index]
        while next < ranks.count, ranks[next] < end { next += 1 }
      }
      seen = end
    }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: max(gatheredCount, 1)) { gathered in
      var cursor = place
      cursor.withUnsafeMutableBufferPointer { cursor in
        for i in values.indices {
          let at = cursor[Int(bucket[i])]
          guard at >= 0 else { continue }
          gathered[at] = values[i]
          cursor[Int(bucket[i])] = at + 1
        }
      }
      var result: [Double] = []
      var index = 0
      var done = 0
      while done < ranks.count {
        while place[index] < 0 || ranks[done] >= below[index] + counts[index] { index += 1 }
        let own = UnsafeMutableBufferPointer(rebasing: gathered[place[index]..<place[index] + counts[index]])
        var local: [Int] = []
        while done < ranks.count, ranks[done] < below[index] + counts[index] {
          local.append(ranks[done] - below[index])
          done += 1
        }
        Quantiles.placeOrderStatistics(own, from: 0, to: own.count - 1, local[...])
        for rank in local { result.append(own[rank]) }
      }
      return result
    }
  }
}
