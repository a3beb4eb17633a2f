import Forecast
import NumericKernels
import Testing

@Suite struct QuasiNewtonTests {
  static func rosenbrock(_ x: UnsafePointer<Double>, _ g: UnsafeMutablePointer<Double>) -> Double {
    let (a, b) = (x[0], x[1])
    g[0] = -400 * a * (b - a * a) - 2 * (1 - a)
    g[1] = 200 * (b - a * a)
    return 100 * (b - a * a) * (b - a * a) + (1 - a) * (1 - a)
  }

  @Test func findsTheMinimumOfRosenbrocksValley() {
    let result = QuasiNewton.minimize(from: [-1.2, 1], Self.rosenbrock)
    #expect(result.hasConverged)
    #expect(abs(result.point[0] - 1) < 1e-5 && abs(result.point[1] - 1) < 1e-5)
    #expect(result.evaluations < 80)
  }

  @Test func stopsAtABoundThatHoldsIt() {
    // With a <= 0.5 the minimum lies at a = 0.5, b = 0.25.
    let result = QuasiNewton.minimize(
      from: [-1.2, 1], lower: [-2, -2], upper: [0.5, 2], Self.rosenbrock)
    #expect(result.hasConverged)
    #expect(result.point[0] == 0.5)
    #expect(abs(result.point[1] - 0.25) < 1e-6)
  }

  @Test func turnsBackWhereTheFunctionIsNotDefined() {
    // -log(x) + x, undefined for x <= 0, has its minimum at 1.
    let result = QuasiNewton.minimize(from: [20]) { x, g in
      guard x[0] > 0 else { return .nan }
      g[0] = 1 - 1 / x[0]
      return x[0] - VectorMath.log(x[0])
    }
    #expect(abs(result.point[0] - 1) < 1e-5)
  }

  @Test func returnsAnUnusableStart() {
    let result = QuasiNewton.minimize(from: [3]) { _, _ in .infinity }
    #expect(result.point == [3] && !result.hasConverged)
  }
}
