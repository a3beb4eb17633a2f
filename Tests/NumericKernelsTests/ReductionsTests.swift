import NumericKernels
import Testing

@Suite struct ReductionsTests {
  let stream = RandomStream(seed: 5, id: "reductions", purpose: .model)

  /// Against compensated summation; the bound of a tree over blocks of eight lanes.
  @Test func sumsAreAccurate() {
    for count in [0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 129, 1000, 4096, 100_003] {
      let values = (0..<count).map { stream.normal(item: 0, draw: $0) * ($0 % 3 == 0 ? 1e6 : 1) }
      var (exact, carry) = (0.0, 0.0)
      for value in values {
        let next = exact + value
        carry += abs(exact) >= abs(value) ? (exact - next) + value : (value - next) + exact
        exact = next
      }
      exact += carry
      let size = values.reduce(0) { $0 + abs($1) }
      #expect(abs(Reductions.sum(values) - exact) <= 30 * 0.5 * Double.ulpOfOne * size, "\(count)")
    }
  }

  /// Sums of integers are exact in any order, so every element must be counted once.
  @Test func everyElementCountsOnce() {
    for count in 0...400 {
      #expect(Reductions.sum((0..<count).map { Double($0) }) == Double(count * (count - 1) / 2), "\(count)")
    }
  }

  @Test func momentsFarFromZero() {
    let values = (0..<1000).map { 1e9 + Double($0 % 2) }
    #expect(Reductions.mean(values) == 1e9 + 0.5)
    #expect(abs(Reductions.variance(values) - 250.0 / 999) < 1e-12)
    #expect(abs(Reductions.standardDeviation([1, 3]) - 2.0.squareRoot()) < 1e-15)
  }

  @Test func edges() {
    #expect(Reductions.sum([]) == 0 && Reductions.mean([]).isNaN)
    #expect(Reductions.variance([1]).isNaN && Reductions.standardDeviation([]).isNaN)
    #expect(Reductions.sum([1, .nan]).isNaN && Reductions.sum([.infinity, 1]) == .infinity)
  }
}
