import Scenarios
import Testing

@Suite struct RangeTransformTests {
  @Test(arguments: ValueRange.allCases)
  func roundTrips(range: ValueRange) {
    let transform = RangeTransform(range)
    let upper = range.upperBound ?? 1e6
    for share in [1e-6, 0.01, 0.3, 0.5, 0.77, 0.999] {
      let value = share * upper
      #expect(transform.contains(value))
      #expect(abs(transform.inverse(transform.forward(value)) - value) <= 1e-12 * upper)
    }
  }

  @Test(arguments: ValueRange.allCases)
  func rangesAreNeverLeft(range: ValueRange) {
    let transform = RangeTransform(range)
    for z in [-700.0, -40, -3, 0, 5, 30, 36] {
      let value = transform.inverse(z)
      #expect(value.isFinite)
      if range != .real { #expect(value >= 0) }
      if let upper = range.upperBound { #expect(value <= upper) }
    }
    #expect(!transform.contains(.nan))
    #expect(!transform.contains(.infinity))
    #expect(transform.contains(-1) == (range == .real))
    #expect(transform.contains(0) == (range == .real))
    if let upper = range.upperBound { #expect(!transform.contains(upper)) }
  }

  @Test func shiftIsExactForGainsAndMirroredForLosses() {
    let positive = RangeTransform(.positive)
    for (value, delta) in [(10.0, 5.0), (0.001, 3), (1e9, 1)] {
      let moved = positive.inverse(positive.forward(value) + positive.shift(at: value, by: delta))
      #expect(abs(moved - value - delta) < 1e-12 * (value + delta))
      #expect(positive.shift(at: value, by: -delta) == -positive.shift(at: value, by: delta))
    }
    #expect(positive.shift(at: 0, by: 3) == 0)
    #expect(RangeTransform(.real).shift(at: -4, by: 2.5) == 2.5)
  }

  @Test(arguments: [ValueRange.share, .percent, .score10, .score100])
  func shiftOfABoundedScaleIsItsDerivative(range: ValueRange) {
    let transform = RangeTransform(range)
    let upper = range.upperBound ?? 1
    for share in [0.1, 0.5, 0.9] {
      let value = share * upper
      let delta = 1e-6 * upper
      let moved = transform.inverse(transform.forward(value) + transform.shift(at: value, by: delta))
      #expect(abs(moved - value - delta) < 1e-5 * delta)
      let far = transform.inverse(transform.forward(value) + transform.shift(at: value, by: 10 * upper))
      #expect(far <= upper)
    }
  }
}
