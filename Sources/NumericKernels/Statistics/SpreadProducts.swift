import CVectorMath

/// A convolution on a grid whose points lie between those of the result.
package enum SpreadProducts {
  /// Adds every product a[i] b[i], spread over six neighbours: `output[i + k] += a[i] b[i] weights[k]` for k in 0 ... 5.
  ///
  /// Six multiplications and additions per pair, gathered by output point and added as
  /// (w0 + w1) + (w2 + w3) + (w4 + w5): the same bits on every CPU.
  ///
  /// - Parameters:
  ///   - weights: the first six count.
  ///   - scratch: at least ten more elements than `a`.
  ///   - output: five more elements than `a`.
  package static func add(
    _ a: UnsafeBufferPointer<Double>, _ b: UnsafeBufferPointer<Double>, weights: SIMD8<Double>,
    scratch: UnsafeMutableBufferPointer<Double>, into output: UnsafeMutableBufferPointer<Double>
  ) {
    precondition(a.count == b.count && output.count == a.count + 5 && scratch.count >= a.count + 10)
    guard let from = a.baseAddress, let other = b.baseAddress, let products = scratch.baseAddress,
      let to = output.baseAddress
    else { return }
    withUnsafeBytes(of: weights) {
      guard let first = $0.assumingMemoryBound(to: Double.self).baseAddress else { return }
      cvm_spread_products(from, other, a.count, first, products, to)
    }
  }
}
