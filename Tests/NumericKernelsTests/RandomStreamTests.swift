import NumericKernels
import Testing

@Suite struct RandomStreamTests {
  let stream = RandomStream(seed: 1, id: "tourism_arrivals", purpose: .innovation)

  private func uniforms(_ stream: RandomStream, item: Int, first: Int, count: Int, substream: Int = 0) -> [Double] {
    var output = [Double](repeating: .nan, count: count)
    output.withUnsafeMutableBufferPointer {
      stream.uniforms(item: item, substream: substream, firstDraw: first, into: $0)
    }
    return output
  }

  private func normals(_ stream: RandomStream, item: Int, first: Int, count: Int) -> [Double] {
    var output = [Double](repeating: .nan, count: count)
    output.withUnsafeMutableBufferPointer { stream.normals(item: item, firstDraw: first, into: $0) }
    return output
  }

  /// Any block, however it starts and ends, holds the same numbers as single draws.
  @Test(arguments: [0, 1, 2, 7, 4096, (1 << 32) - 3, (1 << 33) - 5, 1 << 40])
  func blocksDoNotMatter(first: Int) {
    let whole = (0..<40).map { stream.uniform(item: 2027, draw: first + $0) }
    let wholeNormals = (0..<40).map { stream.normal(item: 2027, draw: first + $0) }
    for offset in 0..<8 {
      for count in 0...32 {
        let block = uniforms(stream, item: 2027, first: first + offset, count: count)
        #expect(block == Array(whole[offset..<offset + count]), "\(offset) \(count)")
        #expect(
          normals(stream, item: 2027, first: first + offset, count: count)
            == Array(wholeNormals[offset..<offset + count]))
      }
    }
    #expect(Set(whole).count == 40)
  }

  @Test func everyAddressHasItsOwnNumbers() {
    var seen = Set<Double>()
    var drawn = 0
    for seed in [1, 2] as [UInt64] {
      for id in ["a", "b", "ab"] {
        for purpose in RandomStream.Purpose.allCases {
          let stream = RandomStream(seed: seed, id: id, purpose: purpose)
          for item in [-1, 0, 1, 2027] {
            for substream in [0, 1] {
              seen.formUnion(uniforms(stream, item: item, first: 0, count: 3, substream: substream))
              drawn += 3
            }
          }
        }
      }
    }
    #expect(seen.count == drawn)
  }

  @Test func uniformsAreOpenAndEven() {
    let count = 100_000
    let values = uniforms(stream, item: 0, first: 0, count: count)
    #expect(values.allSatisfy { $0 > 0 && $0 < 1 })
    // Five standard errors.
    #expect(abs(Reductions.mean(values) - 0.5) < 5 * (1 / 12.0).squareRoot() / Double(count).squareRoot())
    var cells = [Int](repeating: 0, count: 20)
    for value in values { cells[min(Int(value * 20), 19)] += 1 }
    let expected = Double(count) / 20
    let chiSquare = cells.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    #expect(chiSquare < 60)
  }

  @Test func normalsHaveTheirMoments() {
    let count = 100_000
    let values = normals(stream, item: 0, first: 0, count: count)
    #expect(values.allSatisfy { $0.isFinite })
    #expect(abs(Reductions.mean(values)) < 5 / Double(count).squareRoot())
    #expect(abs(Reductions.variance(values) - 1) < 5 * (2 / Double(count)).squareRoot())
    let fourth = Reductions.mean(values.map { $0 * $0 * $0 * $0 })
    #expect(abs(fourth - 3) < 5 * (96 / Double(count)).squareRoot())
    let neighbours = Reductions.mean(zip(values, values.dropFirst()).map { $0 * $1 })
    #expect(abs(neighbours) < 5 / Double(count).squareRoot())
    let other = normals(stream, item: 1, first: 0, count: count)
    #expect(abs(Reductions.mean(zip(values, other).map { $0 * $1 })) < 5 / Double(count).squareRoot())
  }

  /// The same numbers in every version: changing them would change every published run.
  @Test func hashOfAnIdIsFixed() {
    var empty = StableHash()
    let start = empty.value
    empty.combine("")
    #expect(empty.value != start)
    var (a, b) = (StableHash(), StableHash())
    for part in ["ab", "c"] { a.combine(part) }
    for part in ["a", "bc"] { b.combine(part) }
    #expect(a.value != b.value)
    #expect(RandomStream(seed: 1, id: "x", purpose: .size).key == RandomStream(seed: 1, id: "x", purpose: .size).key)
  }
}
