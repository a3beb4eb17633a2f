import NumericKernels
import ReferenceValues
import Testing

/// Against answers of mpmath, rounded once: `Tests/Fixtures/vector_math.json`.
@Suite struct VectorMathTests {
  private func points(_ name: String) throws -> (x: [Double], y: [Double]) {
    let fixture = try ReferenceTree("vector_math").root[name]
    let (x, y) = (fixture["x_hex"].hexadecimals, fixture["y_hex"].hexadecimals)
    #expect(x.count > 200 && x.count == y.count && !x.contains { $0.isNaN } && !y.contains { $0.isNaN })
    return (x, y)
  }

  @Test func exponentialWithinOneUlp() throws {
    let (x, y) = try points("exp")
    for (input, expected) in zip(x, y) {
      #expect(ulpDistance(VectorMath.exp(input), expected) <= 1, "exp(\(input))")
    }
  }

  @Test func logarithmWithinOneUlp() throws {
    let (x, y) = try points("log")
    for (input, expected) in zip(x, y) {
      #expect(ulpDistance(VectorMath.log(input), expected) <= 1, "log(\(input))")
    }
  }

  @Test func normalQuantileWithinFourUlps() throws {
    let (x, y) = try points("inverse_normal_cdf")
    for (input, expected) in zip(x, y) {
      let found = VectorMath.normalQuantile(input)
      #expect(
        ulpDistance(found, expected) <= 4 || abs(found - expected) <= 1e-15 * abs(expected),
        "quantile(\(input)): \(found), not \(expected)")
    }
  }

  @Test func edges() {
    #expect(VectorMath.exp(0) == 1 && VectorMath.exp(-.infinity) == 0 && VectorMath.exp(.infinity) == .infinity)
    #expect(VectorMath.exp(710) == .infinity && VectorMath.exp(-746) == 0 && VectorMath.exp(.nan).isNaN)
    #expect(VectorMath.exp(709.782712893384).isFinite && VectorMath.exp(-745.1332191019411) > 0)
    #expect(VectorMath.log(1) == 0 && VectorMath.log(0) == -.infinity && VectorMath.log(-0.0) == -.infinity)
    #expect(VectorMath.log(-1).isNaN && VectorMath.log(.nan).isNaN && VectorMath.log(.infinity) == .infinity)
    #expect(VectorMath.normalQuantile(0.5) == 0)
    #expect(VectorMath.normalQuantile(0) == -.infinity && VectorMath.normalQuantile(1) == .infinity)
    #expect(VectorMath.normalQuantile(-0.1).isNaN && VectorMath.normalQuantile(1.1).isNaN)
    #expect(VectorMath.normalQuantile(.nan).isNaN)
  }

  /// Every length up to some vector widths, so that whole vectors and tails are both met, and special values in every lane.
  @Test func arraysEqualScalarsBitForBit() throws {
    let special: [Double] = [
      .nan, .infinity, -.infinity, 0, -0.0, 1, 0.5, -1, 800, -800, .leastNonzeroMagnitude, .leastNormalMagnitude / 4,
    ]
    for (name, array, scalar) in [
      ("exp", { VectorMath.exp($0, into: $1) }, { VectorMath.exp($0) }),
      ("log", { VectorMath.log($0, into: $1) }, { VectorMath.log($0) }),
      ("inverse_normal_cdf", { VectorMath.normalQuantile($0, into: $1) }, { VectorMath.normalQuantile($0) }),
      ("exp", { VectorMath.normalCumulative($0, into: $1) }, { VectorMath.normalCumulative($0) }),
    ] as [(String, (UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) -> Void, (Double) -> Double)] {
      let inputs = try points(name).x + special
      for count in Array(0...19) + [inputs.count] {
        for start in 0..<(count < 20 ? 12 : 1) {
          let part = Array((inputs.reversed() + inputs)[start..<start + count])
          var output = [Double](repeating: 7, count: count)
          part.withUnsafeBufferPointer { from in output.withUnsafeMutableBufferPointer { array(from, $0) } }
          #expect(output.map(\.bitPattern) == part.map { scalar($0).bitPattern }, "\(name) \(count) from \(start)")
          var inPlace = part
          inPlace.withUnsafeMutableBufferPointer { array(UnsafeBufferPointer($0), $0) }
          #expect(inPlace.map(\.bitPattern) == output.map(\.bitPattern), "\(name) in place")
        }
      }
    }
    #expect(VectorMath.exp([0, 1]) == [1, VectorMath.exp(1)] && VectorMath.log([]).isEmpty)
  }
}
