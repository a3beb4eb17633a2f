import NumericKernels
import Testing

@Suite struct DrawPlanTests {
  private func numbers(_ stream: RandomStream, item: Int, substream: Int = 0, first: Int, count: Int) -> [Double] {
    var values = [Double](repeating: 0, count: count)
    values.withUnsafeMutableBufferPointer {
      stream.uniforms(item: item, substream: substream, firstDraw: first, into: $0)
    }
    return values
  }

  @Test func withoutAPlanTheNumbersAreThoseOfTheSeed() {
    let plain = RandomStream(seed: 7, id: "a", purpose: .effect)
    let dice = RandomStream(seed: Dice(seed: 7), id: "a", purpose: .effect)
    #expect(numbers(plain, item: 3, first: 5, count: 40) == numbers(dice, item: 3, first: 5, count: 40))
  }

  @Test func columnsReplaceOneStreamAndItem() {
    var plan = DrawPlan(draws: 8)
    plan.replace(RandomStream(seed: 1, id: "a", purpose: .effect), item: 0, with: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1])
    let dice = Dice(seed: 1, plan: plan)
    let replaced = RandomStream(seed: dice, id: "a", purpose: .effect)
    let values = numbers(replaced, item: 0, first: 0, count: 8)
    #expect(values[1..<7] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    // The ends stay inside (0, 1).
    #expect(values[0] > 0 && values[7] < 1)
    #expect(numbers(replaced, item: 0, first: 2, count: 3) == [0.2, 0.3, 0.4])
    #expect(replaced.uniform(item: 0, draw: 4) == 0.4)
    let own = RandomStream(seed: 1, id: "a", purpose: .effect)
    #expect(numbers(replaced, item: 1, first: 0, count: 8) == numbers(own, item: 1, first: 0, count: 8))
    #expect(
      numbers(replaced, item: 0, substream: 1, first: 0, count: 8)
        == numbers(own, item: 0, substream: 1, first: 0, count: 8))
  }

  @Test func sourcesShareAllOtherNumbers() {
    var plan = DrawPlan(draws: 12)
    // Two blocks of four with the same numbers, then one that starts elsewhere.
    plan.share((0..<12).map { $0 < 8 ? $0 % 4 : $0 + 100 })
    let stream = RandomStream(seed: Dice(seed: 3, plan: plan), id: "b", purpose: .innovation)
    let own = RandomStream(seed: 3, id: "b", purpose: .innovation)
    let values = numbers(stream, item: 2030, first: 0, count: 12)
    let base = numbers(own, item: 2030, first: 0, count: 4)
    #expect(Array(values[..<8]) == base + base)
    #expect(Array(values[8...]) == numbers(own, item: 2030, first: 108, count: 4))
    // Numbers of one draw, such as the sizes of its projects.
    var sizes = [Double](repeating: 0, count: 3)
    var expected = sizes
    sizes.withUnsafeMutableBufferPointer { stream.uniforms(item: 1, numbersOf: 6, into: $0) }
    expected.withUnsafeMutableBufferPointer { own.uniforms(item: 1, numbersOf: 2, into: $0) }
    #expect(sizes == expected)
    #expect(expected == numbers(own, item: 1, substream: 2, first: 0, count: 3))
  }
}
