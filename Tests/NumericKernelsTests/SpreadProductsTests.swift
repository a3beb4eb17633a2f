import NumericKernels
import Testing

@Suite struct SpreadProductsTests {
  /// Every length about some vector widths, against the definition; products beyond the arrays count as zero.
  @Test func everyProductReachesSixNeighbours() {
    let weights = SIMD8<Double>(0.5, -1, 2, 3, -0.25, 0.125, 9, 9)
    for count in Array(1...20) + [67] {
      let a = (0..<count).map { Double($0 % 7) + 0.5 }
      let b = (0..<count).map { Double($0 % 5) - 1.5 }
      var expected = [Double](repeating: 1, count: count + 5)
      for i in 0..<count { for k in 0..<6 { expected[i + k] += a[i] * b[i] * weights[k] } }
      var found = [Double](repeating: 1, count: count + 5)
      var scratch = [Double](repeating: .nan, count: count + 10)
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          scratch.withUnsafeMutableBufferPointer { scratch in
            found.withUnsafeMutableBufferPointer {
              SpreadProducts.add(a, b, weights: weights, scratch: scratch, into: $0)
            }
          }
        }
      }
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "\(count)")
    }
  }
}
