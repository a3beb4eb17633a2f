import NumericKernels
import Testing

@Suite struct RanksTests {
  @Test func equalValuesShareTheMeanOfTheirRanks() {
    #expect(Ranks.midranks([3, 1, 2]) == [3, 1, 2])
    // R: rank(c(2, 1, 2, 5, 1, 2)) = 4, 1.5, 4, 6, 1.5, 4.
    #expect(Ranks.midranks([2, 1, 2, 5, 1, 2]) == [4, 1.5, 4, 6, 1.5, 4])
    #expect(Ranks.midranks([7, 7]) == [1.5, 1.5] && Ranks.midranks([]) == [])
    #expect(Ranks.midranks([-.infinity, 0, .infinity, -0.0]) == [1, 2.5, 4, 2.5])
  }
}
