import NumericKernels
import ReferenceValues
import Testing

@Suite struct QuantilesTests {
  /// Against numpy and exact rational arithmetic: `Tests/Fixtures/quantiles.json`, with ties and mixed magnitudes.
  @Test func agreeWithNumpy() throws {
    let fixture = try ReferenceTree("quantiles").root
    let probabilities = fixture["probabilities"].numbers
    #expect(probabilities.count == 9)
    for vector in fixture["vectors"].list {
      let values = vector["values"].numbers
      let found = Quantiles.of(values, probabilities)
      let size = values.map(abs).max() ?? 0
      for (k, exact) in vector["exact"].numbers.enumerated() {
        // The position (n - 1) p is rounded before its fraction is taken.
        let slack = 4e-16 * Double(values.count) * size
        #expect(abs(found[k] - exact) <= slack, "\(vector["name"].text) \(probabilities[k]): \(found[k]), not \(exact)")
        #expect(abs(found[k] - vector["numpy"].numbers[k]) <= slack, "\(vector["name"].text) numpy")
      }
    }
    #expect(fixture["vectors"].list.count == 10)
  }

  /// Against sorting, on orders that are hard for quickselect.
  @Test func agreeWithSorting() {
    let stream = RandomStream(seed: 3, id: "quantiles", purpose: .model)
    for count in [1, 2, 3, 23, 24, 25, 26, 100, 1000, 4097] {
      let random = (0..<count).map { stream.uniform(item: count, draw: $0) }
      let shapes: [[Double]] = [
        random, random.sorted(), random.sorted(by: >), random.map { ($0 * 4).rounded() },
        (0..<count).map { Double(min($0, count - $0)) }, Array(repeating: 1.5, count: count),
      ]
      let probabilities = [1, 0.975, 0.5, 0.5, 0, 0.025, 0.1, 0.9, 1 / 3.0]
      for shape in shapes {
        let sorted = shape.sorted()
        let expected = probabilities.map { p -> Double in
          let position = Double(count - 1) * p
          let lower = Int(position)
          guard lower + 1 < count else { return sorted[count - 1] }
          return sorted[lower] + (sorted[lower + 1] - sorted[lower]) * (position - Double(lower))
        }
        let found = Quantiles.of(shape, probabilities)
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-15 * Double(max(count, 8)) }, "\(count)")
        let copy = shape
        let selected = copy.withUnsafeBufferPointer { Quantiles.select($0, probabilities) }
        #expect(selected == found)
        #expect(copy == shape, "selection keeps the values in their order")
      }
    }
  }

  @Test func edges() {
    #expect(Quantiles.of([], [0.5, 0.9]).allSatisfy { $0.isNaN } && Quantiles.median([]).isNaN)
    #expect(Quantiles.of([3, 1], []).isEmpty)
    #expect(Quantiles.median([4, 1, 3, 2]) == 2.5)
    #expect(Quantiles.of([.infinity, -.infinity, 0], [0, 0.5, 1]) == [-.infinity, 0, .infinity])
    #expect(Quantiles.of([.infinity, .infinity], [0.5]) == [.infinity])
  }
}
