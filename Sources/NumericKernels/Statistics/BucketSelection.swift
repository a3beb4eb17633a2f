import CVectorMath

/// Order statistics by one pass into buckets of equal width: only the buckets that hold a wanted rank are sorted out further.
///
/// Three passes over the values and little else, several times faster than repeated partitioning when many ranks are wanted. A
/// bucket that holds much of the data (heavy tails, ties) is searched by partitioning.
struct BucketSelection {
  private(set) var statistics: [Double] = []

  private static let bucketCount = 1024

  /// Nil when the range of the values is not finite.
  ///
  /// - Parameters:
  ///   - values: at least one, none NaN.
  ///   - ranks: ascending, counted from 0.
  init?(_ values: UnsafeBufferPointer<Double>, _ ranks: [Int]) {
    guard let base = values.baseAddress else { return nil }
    var (lowest, highest) = (0.0, 0.0)
    cvm_range(base, values.count, &lowest, &highest)
    let width = highest - lowest
    guard width.isFinite else { return nil }
    guard width > 0 else {
      statistics = ranks.map { _ in lowest }
      return
    }
    let scale = Double(BucketSelection.bucketCount - 1) / width
    guard scale.isFinite else { return nil }
    statistics = withUnsafeTemporaryAllocation(of: UInt16.self, capacity: values.count) { bucket in
      guard let buckets = bucket.baseAddress else { return [] }
      cvm_buckets(base, values.count, lowest, scale, buckets)
      return withUnsafeTemporaryAllocation(of: Int32.self, capacity: BucketSelection.bucketCount) { counts in
        counts.initialize(repeating: 0)
        for index in bucket { counts[Int(index)] &+= 1 }
        return BucketSelection.pick(values, UnsafeBufferPointer(bucket), counts, ranks)
      }
    }
  }

  /// A bucket that holds wanted ranks.
  private struct Wanted {
    /// Where its values start in `gathered`, and how many values lie in the buckets below.
    var start: Int
    var below: Int
    var count: Int
  }

  /// - Parameter counts: values per bucket; used up.
  private static func pick(
    _ values: UnsafeBufferPointer<Double>, _ bucket: UnsafeBufferPointer<UInt16>,
    _ counts: UnsafeMutableBufferPointer<Int32>, _ ranks: [Int]
  ) -> [Double] {
    var wanted: [Wanted] = []
    var (seen, gatheredCount, next) = (0, 0, 0)
    // From here on `counts` says where the next value of a bucket goes; -1: nowhere, the bucket is not wanted.
    for index in counts.indices {
      let count = Int(counts[index])
      counts[index] = -1
      if next < ranks.count, ranks[next] < seen + count {
        wanted.append(Wanted(start: gatheredCount, below: seen, count: count))
        counts[index] = Int32(truncatingIfNeeded: gatheredCount)
        gatheredCount += count
        while next < ranks.count, ranks[next] < seen + count { next += 1 }
      }
      seen += count
    }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: max(gatheredCount, 1)) { gathered in
      for i in values.indices {
        let place = Int(bucket[i])
        let at = counts[place]
        guard at >= 0 else { continue }
        gathered[Int(at)] = values[i]
        counts[place] = at &+ 1
      }
      var result: [Double] = []
      result.reserveCapacity(ranks.count)
      for part in wanted {
        let own = UnsafeMutableBufferPointer(rebasing: gathered[part.start..<part.start + part.count])
        let local = ranks[result.count...].prefix { $0 < part.below + part.count }.map { $0 - part.below }
        Quantiles.placeOrderStatistics(own, from: 0, to: own.count - 1, local[...])
        for rank in local { result.append(own[rank]) }
      }
      return result
    }
  }
}
