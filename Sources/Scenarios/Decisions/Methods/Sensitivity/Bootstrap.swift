import NumericKernels

/// Resampling of rows, addressed by (seed, id, resample).
enum Bootstrap {
  /// How often each row occurs in a resample of as many rows, drawn with replacement.
  static func counts(rows: Int, resample: Int, stream: RandomStream) -> [Double] {
    var counts = [Double](repeating: 0, count: rows)
    guard rows > 0 else { return counts }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: rows) { uniforms in
      stream.uniforms(item: resample, firstDraw: 0, into: uniforms)
      let size = Double(rows)
      for uniform in uniforms { counts[min(Int(uniform * size), rows - 1)] += 1 }
    }
    return counts
  }

  static func stream(seed: UInt64, id: String) -> RandomStream {
    RandomStream(seed: seed, id: "bootstrap/" + id, purpose: .model)
  }

  /// By resample: the sum of each column over the resampled rows.
  static func sums(_ columns: [[Double]], resamples: Int, seed: UInt64, id: String) -> [[Double]] {
    let rows = columns.first?.count ?? 0
    let stream = stream(seed: seed, id: id)
    return (0..<max(resamples, 0)).map { resample in
      let counts = counts(rows: rows, resample: resample, stream: stream)
      return columns.map { dot($0, counts) }
    }
  }

  /// The scalar product, in eight lanes whose order depends on the length alone.
  static func dot(_ a: [Double], _ b: [Double]) -> Double {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        var lanes = SIMD8<Double>(repeating: 0)
        let count = min(a.count, b.count)
        var i = 0
        while i + 8 <= count {
          lanes += SIMD8(a[i..<i + 8]) * SIMD8(b[i..<i + 8])
          i += 8
        }
        var rest = lanes.sum()
        while i < count {
          rest += a[i] * b[i]
          i += 1
        }
        return rest
      }
    }
  }
}
